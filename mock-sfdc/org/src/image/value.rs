//! A value in JSON: texts and checkboxes as they are, everything else under a letter that says its kind.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

use crate::{
    id::Id,
    value::{DateTime, Value, parse_date, parse_time, time_text},
};

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Written {
    Flag(bool),
    Text(String),
    Other(Tagged),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Tagged {
    Number(String),
    Id(Id),
    Date(String),
    /// Milliseconds of UTC.
    At(i64),
    Time(String),
    Bytes(String),
}

/// `None` for null, which is not written.
pub(super) fn write(value: &Value) -> Option<Written> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(flag) => Written::Flag(*flag),
        Value::Text(text) => Written::Text(text.to_string()),
        Value::Number(number) => Written::Other(Tagged::Number(number.to_string())),
        Value::Id(id) => Written::Other(Tagged::Id(*id)),
        Value::Date(date) => Written::Other(Tagged::Date(date.to_string())),
        Value::DateTime(at) => Written::Other(Tagged::At(at.millis())),
        Value::Time(time) => Written::Other(Tagged::Time(time_text(*time))),
        Value::Blob(bytes) => Written::Other(Tagged::Bytes(BASE64_STANDARD.encode(bytes))),
    })
}

pub(super) fn read(written: Written) -> Result<Value, String> {
    let broken = |text: String| format!("{text:?} is no such value");
    Ok(match written {
        Written::Flag(flag) => Value::Bool(flag),
        Written::Text(text) => Value::text(text),
        Written::Other(Tagged::Number(text)) => Value::Number(text.parse().map_err(|_| broken(text))?),
        Written::Other(Tagged::Id(id)) => Value::Id(id),
        Written::Other(Tagged::Date(text)) => Value::Date(parse_date(&text).ok_or_else(|| broken(text))?),
        Written::Other(Tagged::At(millis)) => Value::DateTime(DateTime::from_millis(millis)),
        Written::Other(Tagged::Time(text)) => Value::Time(parse_time(&text).ok_or_else(|| broken(text))?),
        Written::Other(Tagged::Bytes(text)) => {
            Value::Blob(BASE64_STANDARD.decode(&text).map_err(|_| broken(text))?.into())
        }
    })
}
