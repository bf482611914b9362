//! Errors of Bulk API 1.0: a code in its own spelling and a message, as XML or JSON (`contract/errors.md` section 1). Those of 2.0
//! are REST's.

use http::StatusCode;
use mock_sfdc_org::error::Error;
use serde_json::json;

use super::one;
use crate::{call::Call, reply::Reply, xml_text::escape};

/// Always 400, an invalid session too: jsforce asks for a new one only when it is so.
#[must_use]
pub fn render(error: &Error, call: &Call) -> Reply {
    let (code, message) = (error.code.in_bulk_1(), error.message.as_str());
    if one::speaks_json(call) {
        let body = json!({"exceptionCode": code, "exceptionMessage": message});
        return Reply::typed(StatusCode::BAD_REQUEST, "application/json", body.to_string());
    }
    let message = escape(message);
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><error\n   xmlns=\"http://www.force.com/2009/06/asyncapi/dataload\">\n \
         <exceptionCode>{code}</exceptionCode>\n <exceptionMessage>{message}</exceptionMessage>\n</error>"
    );
    Reply::typed(StatusCode::BAD_REQUEST, "application/xml", body)
}

/// Whether a request says that its body is JSON.
#[must_use]
pub fn says_json(call: &Call) -> bool {
    let kind = call.header("content-type").unwrap_or("");
    kind.trim().to_ascii_lowercase().starts_with("application/json")
}
