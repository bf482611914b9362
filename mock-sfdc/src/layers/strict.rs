//! A query parameter that an operation does not know is refused by name: Salesforce would drop it silently, and a test that
//! relies on it would be green for nothing. `--lenient` switches this off.

use mock_sfdc_org::error::{Error, ErrorCode, Result};

use crate::call::Call;

pub fn check(call: &Call) -> Result<()> {
    let known = call.operation.params;
    if call.server.lenient || known.contains(&"*") {
        return Ok(());
    }
    let Some((name, _)) = call.query.iter().find(|(name, _)| !known.contains(&name.as_str())) else {
        return Ok(());
    };
    let list = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    let message = format!("mock-sfdc: {} has no parameter {name:?}; known: {list}", call.operation.name);
    Err(Error::plain(ErrorCode::InvalidInput, message))
}
