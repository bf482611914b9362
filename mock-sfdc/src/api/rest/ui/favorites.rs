//! `/ui-api/favorites`: what a person has marked on a page. Nobody has, since here are no pages; making one is refused by name.

use serde_json::json;

use super::{UI_API, ok, since};
use crate::call::{Answer, Call};

/// `GET /ui-api/favorites`
pub fn list(call: &Call) -> Answer {
    since(call, UI_API)?;
    Ok(ok(&json!({"favorites": []})))
}
