//! API requests: each counted one is one, and the answer says how many there were (`contract/rest.md` section 1).

use std::sync::atomic::Ordering;

use http::HeaderName;
use mock_sfdc_org::error::{Error, Result};

use crate::{call::Call, operation::Face, reply::Reply};

pub fn count(call: &Call) -> Result<()> {
    if !call.operation.is_counted() {
        return Ok(());
    }
    let limit = call.org().snapshot().settings().daily_api_requests;
    let used = call.tenant.requests.fetch_add(1, Ordering::Relaxed) + 1;
    if used > limit { Err(Error::request_limit_exceeded()) } else { Ok(()) }
}

/// `Sforce-Limit-Info`: only where the request got past version and session. SOAP says it in its envelope.
pub fn report(call: &Call, reply: &mut Reply) {
    if !call.operation.is_counted() || call.session.is_none() || call.operation.face == Face::Soap {
        return;
    }
    let limit = call.org().snapshot().settings().daily_api_requests;
    let used = call.tenant.requests.load(Ordering::Relaxed).min(limit);
    if let Ok(value) = format!("api-usage={used}/{limit}").parse() {
        reply.headers.insert(HeaderName::from_static("sforce-limit-info"), value);
    }
}
