//! Errors as SOAP faults: always HTTP 500, code and message twice (`contract/soap.md` sections 2 and 5).

use http::StatusCode;
use mock_sfdc_org::error::{Error, Soap};

use super::Api;
use crate::{call::Call, reply::Reply, xml_text::escape};

/// simple-salesforce looks for the prefix `sf` by its letters, jsforce for any prefix before the code.
#[must_use]
pub fn render(error: &Error, call: &Call) -> Reply {
    let code = error.code.as_str();
    let message = escape(error.message.as_str());
    let namespace = Api::of(call).fault_namespace();
    let detail = match error.code.soap() {
        Soap::Fault(detail) => detail,
        Soap::Status => "ApiFault",
        Soap::Client => return client(&message),
    };
    let place = place(error, detail);
    let text = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:sf="{namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><soapenv:Fault><faultcode>sf:{code}</faultcode><faultstring>{code}: {message}</faultstring><detail><sf:{detail} xsi:type="sf:{detail}"><sf:exceptionCode>{code}</sf:exceptionCode><sf:exceptionMessage>{message}</sf:exceptionMessage>{place}</sf:{detail}></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>"#
    );
    Reply::typed(StatusCode::INTERNAL_SERVER_ERROR, "text/xml;charset=UTF-8", text)
}

/// What is wrong with the request itself, before any operation.
fn client(message: &str) -> Reply {
    let text = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><soapenv:Fault><faultcode>soapenv:Client</faultcode><faultstring>{message}</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>"#
    );
    Reply::typed(StatusCode::INTERNAL_SERVER_ERROR, "text/xml;charset=UTF-8", text)
}

/// Where in a query the mistake is; faults of queries always say it, if only that it is nowhere.
fn place(error: &Error, detail: &str) -> String {
    const OF_QUERIES: [&str; 4] =
        ["InvalidFieldFault", "InvalidSObjectFault", "MalformedQueryFault", "MalformedSearchFault"];
    if !OF_QUERIES.contains(&detail) {
        return String::new();
    }
    let (row, column) = match error.place {
        Some(place) => (place.row.to_string(), place.column.to_string()),
        None => ("-1".to_owned(), "-1".to_owned()),
    };
    format!("<sf:row>{row}</sf:row><sf:column>{column}</sf:column>")
}
