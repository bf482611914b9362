//! `/_mock/orgs/{org}/transactions`: transactions that are held open. They hold `latestDateCovered` of `/updated` and `/deleted`
//! back, as slow ones of a real org do.

use serde_json::json;

use super::{created, missing, nothing_more, org, wrong};
use crate::call::{Answer, Call};

/// Begins one, by the org's clock.
pub fn hold(call: &Call) -> Answer {
    let (number, began) = org(call)?.org.hold();
    created(&json!({ "transaction": number, "began": began.to_zulu() }))
}

/// Ends it, with nothing done.
pub fn release(call: &Call) -> Answer {
    let text = call.param("transaction");
    let number = text.parse().map_err(|_| wrong(format!("a transaction is a number, not {text:?}")))?;
    if org(call)?.org.release(number) {
        nothing_more()
    } else {
        Err(missing(format!("no transaction {number} is held open")))
    }
}
