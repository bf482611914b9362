//! salesforce/formula-engine: a formula, the fields that it refers to, and rows of their values in one text.

use std::collections::BTreeMap;

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::Offset,
};
use mock_sfdc_formula::{Blanks, Type, Value};
use rust_decimal::Decimal;
use serde_json::Value as Json;

use crate::{
    Outcome,
    record::{Known, evaluate},
};

/// A field of a row: its name, the type in the corpus's words, and the formula of a field that has one.
struct Field {
    name: String,
    kind: String,
    formula: Option<String>,
}

pub fn run(text: &str, path: &str) -> Outcome {
    let blanks = if path == "formula" { Blanks::Zero } else { Blanks::Blank };
    let mut outcome = Outcome::default();
    for line in text.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let name = case["name"].as_str().unwrap();
        let formula = case["formula"].as_str().unwrap();
        let kind = case["dataType"].as_str().unwrap();
        let fields: Vec<Field> = case["referenceFields"].as_array().unwrap().iter().map(field).collect();
        for row in case["rows"].as_array().unwrap() {
            let input = row["input"].as_str().unwrap_or("");
            let expected = row["expected"][path].as_str().unwrap();
            let got = evaluate_row(formula, &fields, input, blanks);
            let same = same(&got, expected, kind);
            outcome.add(&format!("{name}: {formula}"), input, expected, &shown(&got), same);
        }
    }
    outcome
}

fn field(json: &Json) -> Field {
    let text = |key: &str| json[key].as_str().map(ToOwned::to_owned);
    Field {
        name: format!("{}__c", text("fieldName").unwrap().to_lowercase()),
        kind: text("dataType").unwrap(),
        formula: text("formula"),
    }
}

/// A formula field stands in a row with the fields that it names; their names tell their types.
fn columns(fields: &[Field]) -> Vec<(String, String)> {
    let mut columns: Vec<(String, String)> = Vec::new();
    for field in fields {
        let Some(formula) = &field.formula else {
            columns.push((field.name.clone(), field.kind.clone()));
            continue;
        };
        let words = formula.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        for word in words.filter(|word| word.ends_with("__c")) {
            let name = word.to_lowercase();
            if !columns.iter().any(|(known, _)| *known == name) {
                columns.push((name.clone(), kind_by_name(&name).to_owned()));
            }
        }
    }
    columns
}

fn kind_by_name(name: &str) -> &'static str {
    let kinds = [
        ("customdatetime", "DateTime"),
        ("customdate", "DateOnly"),
        ("customcheckbox", "Boolean"),
        ("customtext", "Text"),
        ("custompercent", "Percent"),
    ];
    kinds.iter().find(|(prefix, _)| name.starts_with(prefix)).map_or("Double", |(_, kind)| kind)
}

fn type_of(kind: &str) -> Type {
    match kind {
        "Double" | "Currency" | "Percent" => Type::Number,
        "Boolean" => Type::Boolean,
        "DateOnly" => Type::Date,
        "DateTime" => Type::DateTime,
        _ => Type::Text,
    }
}

fn evaluate_row(formula: &str, fields: &[Field], input: &str, blanks: Blanks) -> Result<Value, String> {
    let columns = columns(fields);
    let mut known = Known::default();
    let mut values = BTreeMap::new();
    let parts: Vec<&str> =
        if columns.len() == 1 { vec![input] } else { input.splitn(columns.len(), ',').collect() };
    for (at, (name, kind)) in columns.iter().enumerate() {
        known.kinds.insert(name.clone(), type_of(kind));
        values.insert(name.clone(), value(parts.get(at).copied().unwrap_or(""), kind));
    }
    for field in fields {
        let Some(formula) = &field.formula else { continue };
        let mut value = evaluate(formula, &mut known, blanks, &values);
        if field.kind == "Boolean" && value == Ok(Value::Null) {
            value = Ok(Value::Bool(false));
        }
        known.kinds.insert(field.name.clone(), type_of(&field.kind));
        values.insert(field.name.clone(), value.unwrap_or_default());
    }
    evaluate(formula, &mut known, blanks, &values)
}

fn value(text: &str, kind: &str) -> Value {
    if kind == "Text" || !["Double", "Currency", "Percent", "Boolean", "DateOnly", "DateTime"].contains(&kind)
    {
        return Value::text(text);
    }
    let text = text.trim();
    if text.is_empty() || text == "NULL" {
        return if kind == "Boolean" { Value::Bool(false) } else { Value::Null };
    }
    match kind {
        "Boolean" => Value::Bool(text.eq_ignore_ascii_case("true")),
        "DateOnly" => {
            let day = text.splitn(4, ':').take(3).collect::<Vec<_>>().join(":");
            moment(&day).map_or(Value::Null, |ms| Value::Date(civil(ms).date()))
        }
        "DateTime" => moment(text).map_or(Value::Null, Value::DateTime),
        _ => {
            let Ok(number) = text.parse::<Decimal>() else { return Value::Null };
            Value::Number(if kind == "Percent" { number / Decimal::ONE_HUNDRED } else { number })
        }
    }
}

fn civil(ms: i64) -> jiff::civil::DateTime {
    Offset::UTC.to_datetime(Timestamp::from_millisecond(ms).unwrap())
}

/// `2004:12:31:11:32:00:PST`, the time and the zone may be missing. A day that the month does not have is one of the next, and
/// hour 24 is tomorrow's first, as the corpus's own reader has it.
fn moment(text: &str) -> Option<i64> {
    let parts: Vec<i64> = text.split(':').map_while(|part| part.trim().parse().ok()).collect();
    let at = |at: usize| parts.get(at).copied().unwrap_or(0);
    let first = Date::new(i16::try_from(at(0)).ok()?, i8::try_from(at(1)).ok()?, 1).ok()?;
    let midnight = Offset::UTC.to_timestamp(first.to_datetime(Time::midnight())).ok()?;
    let zone = if text.ends_with(":PST") { 8 } else { 0 };
    let seconds = (at(2) - 1) * 86_400 + (at(3) + zone) * 3600 + at(4) * 60 + at(5);
    Some(midnight.as_millisecond() + seconds * 1000)
}

fn same(got: &Result<Value, String>, expected: &str, kind: &str) -> bool {
    let got = match got {
        Err(error) => return error.starts_with("Error") && expected.starts_with("Error"),
        Ok(value) => value,
    };
    match got {
        Value::Null => expected == "null" || (kind == "Boolean" && expected == "false"),
        // Blanks around a result are lost in the corpus.
        Value::Text(text) => text == expected || text.trim() == expected,
        Value::Bool(value) => value.to_string() == expected,
        Value::Number(number) => {
            let shown = if kind == "Percent" { *number * Decimal::ONE_HUNDRED } else { *number };
            close(shown, expected)
        }
        Value::Date(_) | Value::DateTime(_) => same_moment(&shown(&Ok(got.clone())), expected),
        Value::Time(time) => same_time(*time, expected),
        Value::Location(_) => false,
    }
}

/// Doubles differ in their last digit from one library to the next.
fn close(number: Decimal, expected: &str) -> bool {
    let Ok(expected) = expected.parse::<Decimal>().or_else(|_| Decimal::from_scientific(expected)) else {
        return false;
    };
    let allowed = expected.abs().max(number.abs()) * Decimal::new(1, 14);
    (number - expected).abs() <= allowed.max(Decimal::new(1, 26))
}

/// Before 1582 Java counts weekdays by Caesar's calendar, and years without leading zeros.
fn same_moment(got: &str, expected: &str) -> bool {
    let parts = |text: &str| {
        let words: Vec<String> = text.split(' ').map(ToOwned::to_owned).collect();
        let year = words.last().and_then(|year| year.parse::<i64>().ok());
        (words, year)
    };
    let ((got, got_year), (expected, expected_year)) = (parts(got), parts(expected));
    let from = usize::from(got_year.is_some_and(|year| year < 1582));
    got.len() == 6 && expected.len() == 6 && got[from..5] == expected[from..5] && got_year == expected_year
}

/// Java leaves out seconds that are zero.
fn same_time(time: Time, expected: &str) -> bool {
    let full = match expected.len() {
        5 => format!("{expected}:00.000"),
        8 => format!("{expected}.000"),
        _ => expected.to_owned(),
    };
    let (hour, minute, second, ms) = (time.hour(), time.minute(), time.second(), time.millisecond());
    full == format!("{hour:02}:{minute:02}:{second:02}.{ms:03}")
}

/// Moments as Java prints them: `Tue Nov 15 17:00:00 GMT 2005`.
fn shown(value: &Result<Value, String>) -> String {
    match value {
        Err(error) => error.clone(),
        Ok(Value::Date(date)) => date.strftime("%a %b %d 00:00:00 GMT %Y").to_string(),
        Ok(Value::DateTime(ms)) => civil(*ms).strftime("%a %b %d %H:%M:%S GMT %Y").to_string(),
        Ok(value) => format!("{value:?}"),
    }
}
