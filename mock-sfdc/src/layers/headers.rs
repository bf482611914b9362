//! The headers that every answer carries (`contract/rest.md` section 1, response headers). Not here: the cookies of
//! `.salesforce.com`, which no client on localhost would keep.

use http::{HeaderName, HeaderValue, header};

use crate::{call::Call, http_date::http_date_value, operation::Face, reply::Reply};

static FIXED: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CACHE_CONTROL, "no-cache,must-revalidate,max-age=0,no-store,private"),
    (HeaderName::from_static("x-robots-tag"), "none"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
    (header::SERVER, "sfdcedge"),
];

/// Two names of one number.
static REQUEST_ID: [HeaderName; 2] =
    [HeaderName::from_static("x-sfdc-request-id"), HeaderName::from_static("x-request-id")];

pub fn complete(call: &Call, reply: &mut Reply) {
    // The org's time, not the machine's: clients measure their own clock against it.
    if let Some(date) = http_date_value(call.org().clock().now()) {
        reply.headers.insert(header::DATE, date);
    }
    if call.operation.face == Face::Control {
        return;
    }
    for (name, value) in &FIXED {
        reply.headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let Ok(id) = HeaderValue::from_bytes(&hex(spread(call.entry))) {
        for name in &REQUEST_ID {
            reply.headers.insert(name, id.clone());
        }
    }
    // Only successes with a body vary: errors, 204, files and upserts that updated do not.
    let file = reply.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/octetstream");
    let updated = call.operation.name == "rest.sobject.upsert" && reply.status == http::StatusCode::OK;
    if reply.status.is_success() && !reply.body.is_empty() && !updated && !file {
        reply.headers.entry(header::VARY).or_insert(HeaderValue::from_static("Accept-Encoding"));
    }
}

/// Request ids look random in Salesforce; here they follow the journal, so that two runs are the same.
fn spread(number: u64) -> u128 {
    u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
}

fn hex(number: u128) -> [u8; 32] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = [0; 32];
    for (byte, pair) in number.to_be_bytes().iter().zip(text.chunks_exact_mut(2)) {
        pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_ids_are_hexadecimal() {
        let number = 0x0123_4567_89ab_cdef_u128 << 64 | 0xf0;
        assert_eq!(hex(number).as_slice(), format!("{number:032x}").as_bytes());
    }
}
