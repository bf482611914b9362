//! Formula fields as readers see them: a record never holds their values, so whoever reads gets a record that does.

use rust_decimal::RoundingStrategy;

use super::{Row, Subject, source};
use crate::{
    id::Id,
    schema::Object,
    state::{Record, Shared, State},
    value::{DateTime, Value},
};

/// The value of a formula field, rounded to the field's decimals: formulas that refer to it see it unrounded.
pub(crate) fn computed_value(
    state: &State,
    object: &Object,
    record: &Record,
    position: usize,
    (user, now): (Id, DateTime),
) -> Value {
    let row = Row::Record(record);
    rounded(object, position, row, &Subject { state, object, record: row, before: None, user, now })
}

/// What a field of `row` holds for its readers: the stored value, or what its formula comes to.
pub(crate) fn field_value(object: &Object, position: usize, row: Row<'_>, subject: &Subject<'_>) -> Value {
    // Most objects have no formula field: one look tells.
    if object.formula_fields.is_empty() || !object.formula_fields.contains(&position) {
        return row.get(position).clone();
    }
    rounded(object, position, row, subject)
}

fn rounded(object: &Object, position: usize, row: Row<'_>, subject: &Subject<'_>) -> Value {
    let value = source::computed(object, position, row, subject);
    let decimals = object.field_at(position).map_or(0, |field| u32::from(field.scale));
    match value {
        Value::Number(number) => Value::Number(
            number.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero).normalize(),
        ),
        other => other,
    }
}

/// The record with the values of all of its formula fields in their places; itself where the object has none.
#[must_use]
pub fn with_formulas(state: &State, object: &Object, record: &Shared, user: Id, now: DateTime) -> Shared {
    if object.formula_fields.is_empty() {
        return record.clone();
    }
    let mut edit = record.edit(object.fields.len());
    for position in &object.formula_fields {
        edit.set(*position, computed_value(state, object, record, *position, (user, now)));
    }
    edit.build()
}
