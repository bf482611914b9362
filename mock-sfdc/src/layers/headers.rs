//! The headers that every answer carries (`contract/rest.md` section 1, response headers). Not here: the cookies of
//! `.salesforce.com`, which no client on localhost would keep.

use http::{HeaderName, HeaderValue, header};
use mock_sfdc_org::value::DateTime;

use crate::{call::Call, operation::Face, reply::Reply};

const FIXED: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("cache-control", "no-cache,must-revalidate,max-age=0,no-store,private"),
    ("x-robots-tag", "none"),
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ("server", "sfdcedge"),
];

pub fn complete(call: &Call, reply: &mut Reply) {
    if call.operation.face == Face::Control {
        return;
    }
    for (name, value) in FIXED {
        reply.headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    // The org's time, not the machine's: clients measure their own clock against it.
    set(reply, header::DATE, &http_date(call.org().clock().now()));
    let id = format!("{:032x}", spread(call.entry));
    if let Ok(id) = HeaderValue::from_str(&id) {
        reply.headers.insert(HeaderName::from_static("x-sfdc-request-id"), id.clone());
        reply.headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    // Only successes with a body vary: errors, 204, files and upserts that updated do not.
    let file = reply.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/octetstream");
    let updated = call.operation.name == "rest.sobject.upsert" && reply.status == http::StatusCode::OK;
    if reply.status.is_success() && !reply.body.is_empty() && !updated && !file {
        reply.headers.entry(header::VARY).or_insert(HeaderValue::from_static("Accept-Encoding"));
    }
}

fn set(reply: &mut Reply, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers.insert(name, value);
    }
}

/// `Sun, 22 Nov 2026 03:29:01 GMT`
fn http_date(at: DateTime) -> String {
    at.timestamp().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Request ids look random in Salesforce; here they follow the journal, so that two runs are the same.
fn spread(number: u64) -> u128 {
    u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_http_dates() {
        assert_eq!(http_date(DateTime::from_millis(1_795_318_141_000)), "Sun, 22 Nov 2026 03:29:01 GMT");
    }
}
