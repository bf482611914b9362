//! From what a wire can carry to what a field can hold. Faces say how they write a mismatch; which texts fit is decided here.

use rust_decimal::Decimal;

use crate::{
    error::Error,
    id::Id,
    schema::{Field, FieldType},
    value::{DateTime, Value, java_double, parse_date, parse_time},
};

/// A scalar as JSON, XML and CSV know it. Numbers keep their text, so that no digit is lost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Raw<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(&'a str),
}

/// Why a scalar does not fit a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// It is of another kind: REST says so while parsing, SOAP and Bulk for the record.
    Kind {
        /// Salesforce's word for what the field wants: `datetime`, `double`, …
        wanted: &'static str,
        value: String,
    },
    /// The face has no say: the record is refused.
    Refused(Error),
}

/// The value that `raw` gives `field`.
pub fn coerce(field: &Field, raw: Raw<'_>) -> Result<Value, Unfit> {
    if raw == Raw::Null {
        return Ok(Value::Null);
    }
    match field.kind {
        FieldType::Boolean => boolean(raw),
        FieldType::Int | FieldType::Long => number(field, raw, "int", true),
        FieldType::Double | FieldType::Currency | FieldType::Percent => number(field, raw, "double", false),
        FieldType::Date => parsed(raw, "date", |text| parse_date(text).map(Value::Date)),
        FieldType::Datetime => parsed(raw, "datetime", |text| DateTime::parse(text).map(Value::DateTime)),
        FieldType::Time => parsed(raw, "time", |text| parse_time(text).map(Value::Time)),
        FieldType::Id | FieldType::Reference => reference(field, raw),
        // A file may be empty, and is there all the same.
        FieldType::Base64 if raw == Raw::Text("") => Ok(Value::Blob(Vec::new().into())),
        FieldType::Base64 => {
            parsed(raw, "base64Binary", |text| decode_base64(text).map(|bytes| Value::Blob(bytes.into())))
        }
        // Mail addresses are kept in lower case: recorded from a real org.
        FieldType::Email => Ok(Value::text(text_of(raw).trim().to_lowercase())),
        _ => Ok(Value::text(text_of(raw).trim())),
    }
}

fn text_of(raw: Raw<'_>) -> String {
    match raw {
        Raw::Null => String::new(),
        Raw::Bool(value) => value.to_string(),
        Raw::Number(text) | Raw::Text(text) => text.to_owned(),
    }
}

fn unfit(wanted: &'static str, raw: Raw<'_>) -> Unfit {
    Unfit::Kind { wanted, value: text_of(raw) }
}

fn boolean(raw: Raw<'_>) -> Result<Value, Unfit> {
    match raw {
        Raw::Bool(value) => Ok(Value::Bool(value)),
        Raw::Text(text) if text.eq_ignore_ascii_case("true") || text == "1" => Ok(Value::Bool(true)),
        Raw::Text(text) if text.eq_ignore_ascii_case("false") || text == "0" => Ok(Value::Bool(false)),
        _ => Err(unfit("boolean", raw)),
    }
}

fn number(field: &Field, raw: Raw<'_>, wanted: &'static str, whole: bool) -> Result<Value, Unfit> {
    let (Raw::Number(text) | Raw::Text(text)) = raw else { return Err(unfit(wanted, raw)) };
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    let parsed = text.trim().parse::<Decimal>().or_else(|_| Decimal::from_scientific(text.trim()));
    match parsed {
        Ok(number) if !whole || number.fract().is_zero() => Ok(Value::Number(number)),
        Ok(_) => Err(unfit(wanted, raw)),
        Err(_) => beyond(field, text.trim()).unwrap_or_else(|| Err(unfit(wanted, raw))),
    }
}

/// A number that a double holds and a field cannot: too large for any, or too small to differ from nought.
fn beyond(field: &Field, text: &str) -> Option<Result<Value, Unfit>> {
    let numeral = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let number = text.parse::<f64>().ok().filter(|number| numeral && number.is_finite())?;
    Some(if number.abs() < 1.0 {
        Ok(Value::Number(Decimal::ZERO))
    } else {
        let shown = java_double(number);
        Err(Unfit::Refused(Error::number_outside_range(&field.label, field.name.as_str(), &shown)))
    })
}

fn parsed(raw: Raw<'_>, wanted: &'static str, parse: impl Fn(&str) -> Option<Value>) -> Result<Value, Unfit> {
    match raw {
        Raw::Text("") => Ok(Value::Null),
        Raw::Text(text) => parse(text).ok_or_else(|| unfit(wanted, raw)),
        _ => Err(unfit(wanted, raw)),
    }
}

fn reference(field: &Field, raw: Raw<'_>) -> Result<Value, Unfit> {
    let text = text_of(raw);
    if text.is_empty() {
        return Ok(Value::Null);
    }
    Id::parse(&text)
        .map(Value::Id)
        .ok_or_else(|| Unfit::Refused(Error::malformed_reference(&field.label, field.name.as_str(), &text)))
}

/// Standard base64, with or without padding and line breaks.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u8);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(bits >> held & 0xff).unwrap_or(0));
        }
    }
    Some(out)
}
