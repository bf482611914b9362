//! Limits of a request as such: what the front of Salesforce refuses before anybody reads it (`contract/rest.md` section 5).

use http::StatusCode;
use mock_sfdc_org::error::Error;

use crate::{
    api::bulk::one::batches::MOST_CHARACTERS, call::Call, multipart::is_form, operation::Face, reply::Reply,
};

const MOST_URI: usize = 16_384;
const MOST_HEAD: usize = 16_384;

pub fn check(call: &Call) -> Option<Reply> {
    let uri = call.uri.path_and_query().map_or(0, |text| text.as_str().len());
    let headers: usize = call.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if uri > MOST_URI {
        Some(refusal(StatusCode::URI_TOO_LONG, "URI Too Long"))
    } else if uri + headers > MOST_HEAD {
        Some(refusal(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "Request Header Fields Too Large"))
    } else if call.overflow {
        Some(overflow(call))
    } else {
        None
    }
}

/// REST, SOAP and whoever reads batches say it themselves; elsewhere it is the front that does.
fn overflow(call: &Call) -> Reply {
    let most = call.operation.most_body(is_form(&call.headers));
    match call.operation.face {
        Face::Rest => Face::Rest.render(&Error::request_too_large(most), call),
        Face::Soap => Face::Soap.render(&Error::soap_request_too_large(most), call),
        // The limit that a client can know of, not the one up to which bytes are read.
        Face::Bulk if call.operation.takes_uploads() => {
            Face::Bulk.render(&Error::batch_too_large(MOST_CHARACTERS), call)
        }
        _ => refusal(StatusCode::PAYLOAD_TOO_LARGE, "Payload Too Large"),
    }
}

fn refusal(status: StatusCode, reason: &str) -> Reply {
    let text = format!("<h1>Bad Message {}</h1><pre>reason: {reason}</pre>", status.as_u16());
    Reply::html(status, text)
}
