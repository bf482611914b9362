//! Errors as SOAP faults: always HTTP 500, code and message twice (`contract/soap.md` sections 2 and 5).

use http::StatusCode;
use mock_sfdc_org::error::{Error, Soap};
use quick_xml::escape::escape;

use super::api_of;
use crate::{call::Call, reply::Reply};

/// simple-salesforce looks for the prefix `sf` by its letters, jsforce for any prefix before the code.
#[must_use]
pub fn render(error: &Error, call: &Call) -> Reply {
    let code = error.code.as_str();
    let message = escape(error.message.as_str());
    let namespace = api_of(call).fault_namespace();
    let detail = match error.code.soap() {
        Soap::Fault(detail) => detail,
        Soap::Status => "ApiFault",
    };
    let text = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:sf="{namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><soapenv:Fault><faultcode>sf:{code}</faultcode><faultstring>{code}: {message}</faultstring><detail><sf:{detail} xsi:type="sf:{detail}"><sf:exceptionCode>{code}</sf:exceptionCode><sf:exceptionMessage>{message}</sf:exceptionMessage></sf:{detail}></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>"#
    );
    Reply::typed(StatusCode::INTERNAL_SERVER_ERROR, "text/xml;charset=UTF-8", text)
}
