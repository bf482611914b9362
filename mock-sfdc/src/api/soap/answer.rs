//! Writing a SOAP answer: elements in the order of the WSDL, results of the default namespace (`contract/soap.md` sections
//! 2 to 4).

use std::sync::atomic::Ordering;

use http::StatusCode;
use mock_sfdc_org::{error::Error, id::Id};
use quick_xml::escape::escape;

use super::caller::Caller;
use crate::reply::Reply;

/// XML in the making.
#[derive(Debug, Default)]
pub struct Elements(pub String);

impl Elements {
    pub fn text(&mut self, name: &str, text: &str) {
        for part in ["<", name, ">", &escape(text), "</", name, ">"] {
            self.0.push_str(part);
        }
    }

    pub fn flag(&mut self, name: &str, flag: bool) {
        self.text(name, if flag { "true" } else { "false" });
    }

    /// An id, or the nil that stands for none.
    pub fn id(&mut self, name: &str, id: Option<Id>) {
        match id {
            Some(id) => self.text(name, &id.to_string()),
            None => self.0.extend(["<", name, r#" xsi:nil="true"/>"#]),
        }
    }

    /// What is wrong with one record.
    pub fn errors(&mut self, errors: &[Error]) {
        for error in errors {
            self.0.push_str("<errors>");
            for field in error.fields.iter().flatten() {
                self.text("fields", field);
            }
            self.text("message", &error.message);
            self.text("statusCode", error.code.as_str());
            self.0.push_str("</errors>");
        }
    }
}

/// The answer of an operation with a result for each of what it was asked.
pub fn results(caller: &Caller<'_>, operation: &str, results: &[Elements]) -> Reply {
    let mut inner = String::new();
    for result in results {
        inner.extend(["<result>", &result.0, "</result>"]);
    }
    let limit = caller.tenant.org.snapshot().settings().daily_api_requests;
    let used = caller.tenant.requests.load(Ordering::Relaxed).min(limit);
    let text = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="{}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Header><LimitInfoHeader><limitInfo><current>{used}</current><limit>{limit}</limit><type>API REQUESTS</type></limitInfo></LimitInfoHeader></soapenv:Header><soapenv:Body><{operation}Response>{inner}</{operation}Response></soapenv:Body></soapenv:Envelope>"#,
        caller.api.namespace(),
    );
    xml(text)
}

pub fn xml(text: String) -> Reply {
    Reply::typed(StatusCode::OK, "text/xml;charset=UTF-8", text)
}
