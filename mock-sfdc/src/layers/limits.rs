//! API requests: each counted one is one, and the answer says how many there were (`contract/rest.md` section 1). And requests
//! that run for long: only so many do at a time.

use http::HeaderName;
use mock_sfdc_org::{
    error::{Error, Result},
    limits::UnderWay,
};

use crate::{call::Call, operation::Face, reply::Reply};

/// Lets a request in; it is under way for as long as the answer lives.
pub fn count(call: &Call) -> Result<Option<UnderWay>> {
    if !call.operation.is_counted() {
        return Ok(None);
    }
    let org = call.org();
    let (state, now, usage) = (org.snapshot(), call.at, org.usage());
    let settings = state.settings();
    if !usage.api_requests.admit(now, settings.daily_api_requests) {
        return Err(Error::request_limit_exceeded());
    }
    let under_way = usage.long_requests.begin(now, settings.concurrent_long_requests());
    under_way.map(Some).ok_or_else(Error::long_request_limit_exceeded)
}

/// `Sforce-Limit-Info`: only where the request got past version and session. SOAP says it in its envelope.
pub fn report(call: &Call, reply: &mut Reply) {
    let says_elsewhere = matches!(call.operation.face, Face::Soap | Face::Bulk);
    if !call.operation.is_counted() || call.session.is_none() || says_elsewhere {
        return;
    }
    let limit = call.org().snapshot().settings().daily_api_requests;
    let used = call.org().usage().api_requests.counted();
    if let Ok(value) = format!("api-usage={used}/{limit}").parse() {
        reply.headers.insert(HeaderName::from_static("sforce-limit-info"), value);
    }
}
