//! leifg/formulon: Salesforce's published sample formulas, with typed values and typed results.

use std::collections::BTreeMap;

use jiff::Timestamp;
use mock_sfdc_formula::{Blanks, Type, Value};
use rust_decimal::Decimal;
use serde_json::Value as Json;

use crate::{
    Outcome,
    record::{Known, evaluate},
};

pub fn run(text: &str) -> Outcome {
    let mut outcome = Outcome::default();
    for line in text.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let formula = case["formula"].as_str().unwrap();
        let mut known = Known::default();
        let mut values = BTreeMap::new();
        for (name, field) in case["identifiers"].as_object().into_iter().flatten() {
            let name = name.to_lowercase();
            known.kinds.insert(name.clone(), type_of(field["dataType"].as_str().unwrap()));
            values.insert(name, value(field));
        }
        let got = evaluate(formula, &mut known, Blanks::Blank, &values);
        let expected = value(&case["expected"]);
        let same = got.as_ref().is_ok_and(|got| same(got, &expected));
        let name = format!("{}: {formula}", case["name"].as_str().unwrap());
        let context = case["context"].as_str().unwrap_or("");
        outcome.add(&name, context, &format!("{expected:?}"), &format!("{got:?}"), same);
    }
    outcome
}

fn same(got: &Value, expected: &Value) -> bool {
    match (got, expected) {
        (Value::Number(got), Value::Number(expected)) => (*got - *expected).abs() <= Decimal::new(1, 10),
        _ => got == expected,
    }
}

fn type_of(kind: &str) -> Type {
    match kind {
        "number" => Type::Number,
        "text" => Type::Text,
        "date" => Type::Date,
        "datetime" => Type::DateTime,
        "checkbox" => Type::Boolean,
        "picklist" => Type::Picklist,
        // A field that is null has a type all the same, but the corpus does not tell which.
        _ => Type::Null,
    }
}

fn value(field: &Json) -> Value {
    let json = &field["value"];
    match field["dataType"].as_str().unwrap() {
        "number" => json
            .to_string()
            .parse::<Decimal>()
            .or_else(|_| Decimal::from_scientific(&json.to_string()))
            .map_or(Value::Null, Value::Number),
        "date" => json.as_str().and_then(|text| text.parse().ok()).map_or(Value::Null, Value::Date),
        "datetime" => json
            .as_str()
            .and_then(|text| text.parse::<Timestamp>().ok())
            .map_or(Value::Null, |at| Value::DateTime(at.as_millisecond())),
        "checkbox" => json.as_bool().map_or(Value::Null, Value::Bool),
        _ => json.as_str().map_or(Value::Null, Value::text),
    }
}
