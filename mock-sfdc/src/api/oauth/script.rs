//! Answers for a script on somebody's page (JSONP): a call of the function that it names.

use http::StatusCode;
use serde_json::Value;

use super::{
    error::{Refusal, private},
    form::Fields,
};
use crate::reply::Reply;

/// The function that the request names. Anything but a name would be a script of somebody else's.
pub fn callback(fields: &Fields) -> Result<Option<&str>, Refusal> {
    let Some(name) = fields.filled("callback") else { return Ok(None) };
    let is_word = |word: &str| {
        !word.starts_with(|c: char| c.is_ascii_digit())
            && !word.is_empty()
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
    };
    if name.split('.').all(is_word) {
        return Ok(Some(name));
    }
    Err(Refusal::wrong_parameter(&format!("callback is the name of a function, not {name:?}")))
}

#[must_use]
pub fn reply(callback: &str, told: &Value) -> Reply {
    let script = format!("{callback}({told});");
    private(Reply::typed(StatusCode::OK, "application/javascript;charset=UTF-8", script))
}
