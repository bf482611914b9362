//! Functions of texts. A null text is an empty one.

use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::{Evaluated, date, duration, encode};
use crate::{check::whole, error::EvalError, function::Function, number, value::Value};

/// Longer results are refused: `LPAD`, `SUBSTITUTE` and `JSENCODE` in itself could make any length of little.
const MAX_TEXT: usize = 200_000;

/// None where the function is none of these.
pub(super) fn call(function: Function, values: &[Value]) -> Option<Evaluated> {
    use Function as F;
    let text = |at: usize| values.get(at).map_or("", Value::as_text);
    let number = |at: usize| values.get(at).and_then(Value::as_number);
    let truth = |holds: bool| Ok(Value::Bool(holds));
    Some(match function {
        F::Begins => truth(text(0).starts_with(text(1))),
        F::Contains => truth(text(0).contains(text(1))),
        F::Find => match values.get(2).map_or(Some(Decimal::ONE), Value::as_number) {
            Some(start) => Ok(find(text(0), text(1), start)),
            None => Ok(Value::Null),
        },
        F::Left => Ok(part(text(0), Some(Decimal::ONE), number(1))),
        F::Right => Ok(right(text(0), number(1))),
        F::Mid => Ok(part(text(0), number(1), number(2))),
        F::Len => Ok(Value::from(count(text(0)))),
        F::Lower if has_dotless_i(text(1)) => {
            Ok(Value::text(text(0).replace('I', "ı").replace('İ', "i").to_lowercase()))
        }
        F::Upper if has_dotless_i(text(1)) => Ok(Value::text(text(0).replace('i', "İ").to_uppercase())),
        F::Lower => Ok(Value::text(text(0).to_lowercase())),
        F::Upper => Ok(Value::text(text(0).to_uppercase())),
        F::InitCap => Ok(Value::text(capitals(text(0)))),
        F::Trim => Ok(Value::text(text(0).trim())),
        F::Substitute => substitute(text(0), text(1), text(2)),
        F::LPad | F::RPad => pad(text(0), number(1), values.get(2), function == F::LPad),
        F::Text => Ok(plain(&values[0])),
        F::Value => value(text(0)),
        F::IsNumber => truth(number::parse(text(0)).is_some()),
        F::Regex => match whole(text(1)) {
            Ok(pattern) => truth(pattern.is_match(text(0))),
            Err(_) => Err(EvalError::Regex(text(1).to_owned())),
        },
        F::Br => Ok(Value::text("<br>")),
        F::Hyperlink => {
            Ok(Value::text(encode::hyperlink(text(0), text(1), values.get(2).map(Value::as_text))))
        }
        F::Image => Ok(Value::text(encode::image(text(0), text(1), number(2), number(3)))),
        F::CaseSafeId => Ok(Value::text(encode::case_safe(text(0)))),
        F::Reverse => Ok(Value::text(text(0).chars().rev().collect::<String>())),
        F::Ascii => Ok(text(0).chars().next().map_or(Value::Null, |c| Value::from(i64::from(u32::from(c))))),
        F::Chr => Ok(character(number(0))),
        F::JsEncode => short(encode::javascript(text(0))),
        F::HtmlEncode => short(encode::html(text(0))),
        F::JsInHtmlEncode => short(encode::javascript(&encode::html(text(0)))),
        F::UrlEncode => short(encode::url(text(0))),
        F::FormatDuration => duration::format(values),
        _ => return None,
    })
}

/// What is longer than any text may be is an error.
fn short(text: String) -> Evaluated {
    if text.len() > MAX_TEXT { Err(EvalError::TextTooLong(MAX_TEXT)) } else { Ok(Value::text(text)) }
}

/// Languages whose small i keeps its dot when it grows.
fn has_dotless_i(locale: &str) -> bool {
    matches!(locale.split('_').next(), Some("tr" | "az"))
}

fn count(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
}

/// Where the text begins, from 1; 0 when it is not there.
fn find(wanted: &str, text: &str, start: Decimal) -> Value {
    let start = place(start);
    if wanted.is_empty() || text.is_empty() {
        return Value::from(0);
    }
    let skip = usize::try_from(start - 1).unwrap_or(usize::MAX);
    let Some((from, _)) = text.char_indices().nth(skip) else { return Value::from(0) };
    let found = text[from..].find(wanted).map_or(0, |at| start + count(&text[from..from + at]));
    Value::from(found)
}

/// A place in a text, from 1; what lies before the text is its beginning.
fn place(start: Decimal) -> i64 {
    whole_number(start).max(1)
}

fn length_of(length: Decimal) -> usize {
    usize::try_from(whole_number(length).max(0)).unwrap_or(usize::MAX)
}

fn whole_number(number: Decimal) -> i64 {
    let beyond = if number.is_sign_negative() { i64::MIN } else { i64::MAX };
    number.trunc().to_i64().unwrap_or(beyond)
}

/// `length` characters from `start`, which counts from 1; a start before the text is its beginning.
fn part(text: &str, start: Option<Decimal>, length: Option<Decimal>) -> Value {
    let (Some(start), Some(length)) = (start, length) else { return Value::Null };
    let skip = usize::try_from(place(start) - 1).unwrap_or(usize::MAX);
    Value::text(text.chars().skip(skip).take(length_of(length)).collect::<String>())
}

fn right(text: &str, length: Option<Decimal>) -> Value {
    let Some(length) = length else { return Value::Null };
    let skip = text.chars().count().saturating_sub(length_of(length));
    Value::text(text.chars().skip(skip).collect::<String>())
}

/// The first letter of each word large, all others small.
fn capitals(text: &str) -> String {
    let mut inside = false;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            out.extend(c.to_uppercase());
        }
        inside = c.is_alphanumeric();
    }
    out
}

fn substitute(text: &str, old: &str, new: &str) -> Evaluated {
    if old.is_empty() {
        return Ok(Value::Null);
    }
    let growth = text.matches(old).count().saturating_mul(new.len());
    if growth > MAX_TEXT {
        return Err(EvalError::TextTooLong(MAX_TEXT));
    }
    Ok(Value::text(text.replace(old, new)))
}

/// To `length` characters: filled up with `filler`, or cut.
fn pad(text: &str, length: Option<Decimal>, filler: Option<&Value>, before: bool) -> Evaluated {
    let Some(length) = length.filter(|_| !text.is_empty()) else { return Ok(Value::Null) };
    let length = length_of(length);
    if length > MAX_TEXT {
        return Err(EvalError::TextTooLong(MAX_TEXT));
    }
    let filler = filler.map_or(" ", Value::as_text);
    let known = text.chars().count();
    if length <= known {
        return Ok(Value::text(text.chars().take(length).collect::<String>()));
    }
    let fill: String = filler.chars().cycle().take(length - known).collect();
    Ok(Value::text(if before { format!("{fill}{text}") } else { format!("{text}{fill}") }))
}

/// `TEXT()`: numbers plain, moments in their ISO form.
fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::text(number.normalize().to_string()),
        Value::Date(date) => Value::text(format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())),
        Value::DateTime(at) => {
            let civil = date::civil(*at);
            let (day, time) = (civil.date(), civil.time());
            let (year, month, day) = (day.year(), day.month(), day.day());
            let (hour, minute, second) = (time.hour(), time.minute(), time.second());
            Value::text(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}Z"))
        }
        Value::Time(time) => Value::text(format!(
            "{:02}:{:02}:{:02}.{:03}",
            time.hour(),
            time.minute(),
            time.second(),
            time.millisecond()
        )),
        other => other.clone(),
    }
}

fn value(text: &str) -> Evaluated {
    if text.is_empty() {
        return Ok(Value::Null);
    }
    number::parse(text).map(Value::Number).ok_or_else(|| EvalError::NotANumber(text.to_owned()))
}

fn character(code: Option<Decimal>) -> Value {
    let c = code.and_then(|code| code.trunc().to_u32()).filter(|code| *code > 0).and_then(char::from_u32);
    c.map_or(Value::Null, |c| Value::text(c.to_string()))
}
