//! The headers that every answer carries (`contract/rest.md` section 1, response headers).

use http::{HeaderName, HeaderValue, header};

use crate::{call::Call, operation::Face, reply::Reply};

const FIXED: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("cache-control", "no-cache,must-revalidate,max-age=0,no-store,private"),
    ("x-robots-tag", "none"),
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
];

pub fn complete(call: &Call, reply: &mut Reply) {
    if call.operation.face == Face::Control {
        return;
    }
    for (name, value) in FIXED {
        reply.headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    // Only successes with a body vary: errors, 204 and upserts that updated do not.
    if reply.status.is_success() && !reply.body.is_empty() {
        reply.headers.entry(header::VARY).or_insert(HeaderValue::from_static("Accept-Encoding"));
    }
}
