//! Reading columns: times from milliseconds, words and JSON from text.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use sqlx::{Row, sqlite::SqliteRow};

use super::{Result, StoreError};

pub(super) fn millis(time: Timestamp) -> i64 {
    time.as_millisecond()
}

fn corrupt(what: &'static str, why: &dyn std::fmt::Display) -> StoreError {
    StoreError::Corrupt { what, why: why.to_string() }
}

pub(super) trait Columns {
    fn time(&self, column: &'static str) -> Result<Timestamp>;
    fn time_or_null(&self, column: &'static str) -> Result<Option<Timestamp>>;
    fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T>;
    fn word<T>(&self, column: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<T>;
    fn text(&self, column: &'static str) -> Result<String>;
    fn text_or_null(&self, column: &'static str) -> Result<Option<String>>;
    fn flag(&self, column: &'static str) -> Result<bool>;
    fn number(&self, column: &'static str) -> Result<i64>;
}

impl Columns for SqliteRow {
    fn time(&self, column: &'static str) -> Result<Timestamp> {
        Timestamp::from_millisecond(self.try_get(column)?).map_err(|error| corrupt(column, &error))
    }

    fn time_or_null(&self, column: &'static str) -> Result<Option<Timestamp>> {
        let millis: Option<i64> = self.try_get(column)?;
        millis.map(|ms| Timestamp::from_millisecond(ms).map_err(|error| corrupt(column, &error))).transpose()
    }

    fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T> {
        serde_json::from_str(self.try_get(column)?).map_err(|error| corrupt(column, &error))
    }

    fn word<T>(&self, column: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
        let text: String = self.try_get(column)?;
        parse(&text).ok_or_else(|| corrupt(column, &format_args!("unknown word `{text}`")))
    }

    fn text(&self, column: &'static str) -> Result<String> {
        Ok(self.try_get(column)?)
    }

    fn text_or_null(&self, column: &'static str) -> Result<Option<String>> {
        Ok(self.try_get(column)?)
    }

    fn flag(&self, column: &'static str) -> Result<bool> {
        let number: i64 = self.try_get(column)?;
        Ok(number != 0)
    }

    fn number(&self, column: &'static str) -> Result<i64> {
        Ok(self.try_get(column)?)
    }
}

/// JSON text of a value that cannot fail to be written: our own structs with string keys.
pub(super) fn json_text<T: serde::Serialize>(what: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| corrupt(what, &error))
}
