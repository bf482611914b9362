//! Limits of a request as such: what the front of Salesforce refuses before anybody reads it (`contract/rest.md` section 5).

use http::StatusCode;

use crate::{call::Call, reply::Reply};

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
        Some(refusal(StatusCode::PAYLOAD_TOO_LARGE, "Payload Too Large"))
    } else {
        None
    }
}

fn refusal(status: StatusCode, reason: &str) -> Reply {
    let text = format!("<h1>Bad Message {}</h1><pre>reason: {reason}</pre>", status.as_u16());
    Reply::html(status, text)
}
