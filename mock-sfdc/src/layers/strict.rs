//! A query parameter that an operation does not know is refused by name: Salesforce would drop it silently, and a test that
//! relies on it would be green for nothing. `--lenient` switches this off.

use http::Method;
use mock_sfdc_org::error::{Error, ErrorCode, Result};

use crate::{call::Call, operation::Face};

/// The version of a package that a client was made for: each package has the one that is installed.
const PACKAGE_VERSION: &str = "x-sfdc-packageversion-";

pub fn check(call: &Call) -> Result<()> {
    let asked = call.headers.keys().find(|name| name.as_str().starts_with(PACKAGE_VERSION));
    if let Some(name) = asked.filter(|_| call.operation.face != Face::Control) {
        return Err(Error::not_emulated(format_args!("the header {name}")));
    }
    // Polling by GET, whose messages are a parameter, hears that only POST goes.
    if call.operation.face == Face::Streaming && call.method != Method::POST {
        return Ok(());
    }
    let known = call.operation.params;
    if known.contains(&"*") {
        return Ok(());
    }
    let unknown: Vec<&str> =
        call.query.iter().map(|(name, _)| name.as_str()).filter(|name| !known.contains(name)).collect();
    let Some(name) = unknown.first() else { return Ok(()) };
    if call.server.lenient {
        call.tenant.journal.ignored(call.entry, &unknown);
        return Ok(());
    }
    let list = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    let message = format!("mock-sfdc: {} has no parameter {name:?}; known: {list}", call.operation.name);
    Err(Error::plain(ErrorCode::InvalidInput, message))
}
