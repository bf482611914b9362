//! Between the values of records and those of formulas.

use mock_sfdc_formula::{Type, Value as FormulaValue};
use rust_decimal::Decimal;

use crate::{
    id::Id,
    schema::FieldType,
    value::{DateTime, Value},
};

/// What a field of this type is in a formula; none has no place there.
pub(super) fn type_of(kind: FieldType) -> Option<Type> {
    use FieldType as F;
    Some(match kind {
        F::String | F::Textarea | F::Phone | F::Url | F::Email | F::EncryptedString => Type::Text,
        F::Picklist | F::Combobox => Type::Picklist,
        F::Multipicklist => Type::MultiPicklist,
        F::Id | F::Reference => Type::Id,
        F::Boolean => Type::Boolean,
        F::Int | F::Long | F::Double | F::Currency | F::Percent => Type::Number,
        F::Date => Type::Date,
        F::Datetime => Type::DateTime,
        F::Time => Type::Time,
        F::Location => Type::Location,
        _ => return None,
    })
}

/// Percents become fractions, ids their fifteen characters, and a checkbox is never blank.
pub(super) fn to_formula(value: &Value, kind: FieldType) -> FormulaValue {
    match value {
        Value::Null if kind == FieldType::Boolean => FormulaValue::Bool(false),
        Value::Null | Value::Blob(_) => FormulaValue::Null,
        Value::Bool(value) => FormulaValue::Bool(*value),
        Value::Number(number) if kind == FieldType::Percent => {
            FormulaValue::Number(*number / Decimal::ONE_HUNDRED)
        }
        Value::Number(number) => FormulaValue::Number(*number),
        Value::Text(text) => FormulaValue::Text(text.clone()),
        Value::Date(date) => FormulaValue::Date(*date),
        Value::DateTime(at) => FormulaValue::DateTime(at.millis()),
        Value::Time(time) => FormulaValue::Time(*time),
        Value::Id(id) => FormulaValue::text(id.short()),
    }
}

/// The result as a field of type `kind` holds it; without one as a test.
pub(super) fn from_formula(value: FormulaValue, kind: Option<FieldType>) -> Value {
    match value {
        // Neither a test nor a checkbox knows a third answer.
        FormulaValue::Null if kind.is_none_or(|kind| kind == FieldType::Boolean) => Value::Bool(false),
        FormulaValue::Null | FormulaValue::Location(_) => Value::Null,
        FormulaValue::Bool(value) => Value::Bool(value),
        FormulaValue::Number(number) if kind == Some(FieldType::Percent) => {
            number.checked_mul(Decimal::ONE_HUNDRED).map_or(Value::Null, Value::Number)
        }
        FormulaValue::Number(number) => Value::Number(number),
        FormulaValue::Text(text) if kind.is_some_and(FieldType::is_id) => {
            Id::parse(&text).map_or(Value::Null, Value::Id)
        }
        FormulaValue::Text(text) => Value::text(text),
        FormulaValue::Date(date) => Value::Date(date),
        FormulaValue::DateTime(ms) => Value::DateTime(DateTime::from_millis(ms)),
        FormulaValue::Time(time) => Value::Time(time),
    }
}
