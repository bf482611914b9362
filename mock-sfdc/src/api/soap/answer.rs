//! Writing a SOAP answer: elements in the order of the WSDL, results of the default namespace (`contract/soap.md` sections
//! 2 to 4).

use http::StatusCode;
use mock_sfdc_org::{error::Error, id::Id};

use super::{caller::Caller, duplicates};
use crate::{reply::Reply, xml_text::escape};

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
            None => self.nil(name),
        }
    }

    pub fn nil(&mut self, name: &str) {
        self.0.extend(["<", name, r#" xsi:nil="true"/>"#]);
    }

    /// `<name xsi:type="kind">`
    pub fn open(&mut self, name: &str, kind: &str) {
        self.0.extend(["<", name, r#" xsi:type=""#, kind, r#"">"#]);
    }

    pub fn close(&mut self, name: &str) {
        self.0.extend(["</", name, ">"]);
    }

    /// An element around what is written already.
    pub fn around(&mut self, name: &str, inner: &Self) {
        self.0.extend(["<", name, ">", &inner.0, "</", name, ">"]);
    }

    /// What is wrong with one record.
    pub fn errors(&mut self, caller: &Caller<'_>, errors: &[Error]) {
        for error in errors {
            match &error.duplicates {
                Some(_) => self.open("errors", "DuplicateError"),
                None => self.0.push_str("<errors>"),
            }
            for field in error.fields.iter().flatten() {
                self.text("fields", field);
            }
            self.text("message", &error.message);
            self.text("statusCode", error.code.as_str());
            if let Some(found) = &error.duplicates {
                duplicates::write(self, caller, found);
            }
            self.0.push_str("</errors>");
        }
    }
}

/// The answer of an operation with a result for each of what it was asked.
#[must_use]
pub fn results(caller: &Caller<'_>, results: &[Elements]) -> Reply {
    let mut inner = Elements::default();
    for result in results {
        inner.around("result", result);
    }
    body(caller, &inner)
}

/// The answer of an operation with one result.
#[must_use]
pub fn result(caller: &Caller<'_>, result: &Elements) -> Reply {
    let mut inner = Elements::default();
    inner.around("result", result);
    body(caller, &inner)
}

/// The answer of an operation whose results say of themselves what they are.
#[must_use]
pub fn body(caller: &Caller<'_>, inner: &Elements) -> Reply {
    let limit = caller.state().settings().daily_api_requests;
    let org = caller.call.org();
    let used = org.usage().api_requests.used(org.clock().now());
    let operation = &caller.request.call.name;
    let (namespace, sobject) = (caller.api.namespace(), caller.api.sobject_namespace());
    // Declared where they are used, as Salesforce does.
    let records = if inner.0.contains("<sf:") { format!(r#" xmlns:sf="{sobject}""#) } else { String::new() };
    let types =
        if inner.0.contains("\"xsd:") { r#" xmlns:xsd="http://www.w3.org/2001/XMLSchema""# } else { "" };
    xml(format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="{namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"{records}{types}><soapenv:Header><LimitInfoHeader><limitInfo><current>{used}</current><limit>{limit}</limit><type>API REQUESTS</type></limitInfo></LimitInfoHeader></soapenv:Header><soapenv:Body><{operation}Response>{inner}</{operation}Response></soapenv:Body></soapenv:Envelope>"#,
        inner = inner.0,
    ))
}

#[must_use]
pub fn xml(text: String) -> Reply {
    Reply::typed(StatusCode::OK, "text/xml;charset=UTF-8", text)
}
