//! From an answer's bytes to what it means: Salesforce's error envelopes (contract/errors.md section 1).

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::salesforce::error::{ApiError, Effect, Error, ErrorKind, Sent};
use crate::salesforce::http::Answer;

/// How much of a foreign body an error message quotes.
const EXCERPT_CHARACTERS: usize = 200;

/// Reads a successful body.
pub(crate) fn parse<T: DeserializeOwned>(
    operation: &'static str,
    effect: Effect,
    answer: &Answer,
) -> Result<T, Error> {
    serde_json::from_slice(&answer.body).map_err(|error| {
        if error.is_eof() {
            let message = "the answer ends in the middle".to_owned();
            Error::new(operation, effect, ErrorKind::Transport { sent: Sent::Maybe, message })
        } else {
            Error::malformed(operation, effect, error)
        }
    })
}

/// What an answer with a status of 300 or more means.
pub(crate) fn failure(operation: &'static str, effect: Effect, answer: &Answer) -> Error {
    let body = serde_json::from_slice::<Value>(&answer.body).ok();
    let kind = match body.as_ref().and_then(Value::as_array) {
        Some(paths) if answer.status == 300 => {
            let records = paths.iter().filter_map(|path| path.as_str().map(ToOwned::to_owned)).collect();
            ErrorKind::SeveralMatches { records }
        }
        Some(items) if items.iter().any(|item| api_error(item).is_some()) => {
            ErrorKind::Api { status: answer.status, errors: items.iter().filter_map(api_error).collect() }
        }
        _ => foreign(answer),
    };
    Error::new(operation, effect, kind)
}

fn foreign(answer: &Answer) -> ErrorKind {
    let excerpt = match answer.headers.get("location").and_then(|location| location.to_str().ok()) {
        // A redirect is never followed with a token in hand; an org that moved says so here.
        Some(location) if answer.status < 400 => format!("redirected to {location}"),
        _ => excerpt(&answer.body),
    };
    // The identity service refuses a token in plain text with a 403 (contract/oauth.md section 6).
    if answer.status == 403 && excerpt.contains("Bad_OAuth_Token") {
        let errors =
            vec![ApiError { code: "INVALID_SESSION_ID".to_owned(), message: excerpt, fields: Vec::new() }];
        return ErrorKind::Api { status: answer.status, errors };
    }
    ErrorKind::Http { status: answer.status, excerpt }
}

fn api_error(item: &Value) -> Option<ApiError> {
    // Collections and trees write `statusCode` where single rows write `errorCode`.
    let code = item.get("errorCode").or_else(|| item.get("statusCode"))?.as_str()?;
    let message = item.get("message").and_then(Value::as_str).unwrap_or_default();
    let fields = item.get("fields").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Some(ApiError {
        code: code.to_owned(),
        message: message.to_owned(),
        fields: fields.iter().filter_map(|field| field.as_str().map(ToOwned::to_owned)).collect(),
    })
}

/// The beginning of a body that was not expected, on one line.
pub(crate) fn excerpt(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(4 * EXCERPT_CHARACTERS)]);
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(EXCERPT_CHARACTERS).collect()
}
