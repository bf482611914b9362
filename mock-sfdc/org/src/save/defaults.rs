//! Step 1 of an insert: a fresh record has the defaults of its fields. The request's own nulls stay null, but for
//! checkboxes, which have no null.

use jiff::{civil::Date, tz::TimeZone};

use super::{Save, SaveKind, roll_ups};
use crate::{
    formula::Subject,
    id::Id,
    save::coerce::{Raw, coerce},
    schema::{Field, FieldType, Object, display_auto_number},
    state::{Edit, Record, State},
    value::{DateTime, Value},
};

/// What a record would begin with that somebody makes now: what a page shows before anything is typed in.
#[must_use]
pub fn blank_record(state: &State, object: &Object, user: Id, now: DateTime) -> Record {
    let id = Id::from_number(object.record_prefix, state.settings().pod, 0);
    let mut edit = Edit::new(id, object.fields.len());
    for (position, field) in object.fields.iter().enumerate().filter(|(_, field)| !field.is_formula()) {
        let subject = Subject { state, object, record: (&edit).into(), before: None, user, now };
        let value = match default_of(field, &subject) {
            Value::Null if field.kind == FieldType::Boolean => Value::Bool(false),
            Value::Null if field.name.is("OwnerId") => user.into(),
            value => value,
        };
        edit.set(position, value);
    }
    edit.build()
}

pub(super) fn fill(save: &mut Save<'_>) {
    let object = save.object.clone();
    for position in object.places.filled.iter().copied() {
        let field = &object.fields[position];
        if !save.edit.get(position).is_null() {
            // It has been given.
        } else if field.kind == FieldType::Boolean {
            save.edit.set(position, default_for(field, save).as_bool().unwrap_or(false));
        } else if save.kind == SaveKind::Insert && !save.given.contains(&position) {
            let value = default_for(field, save);
            save.edit.set(position, value);
        }
    }
    if save.kind == SaveKind::Insert {
        number_automatically(save);
        let owner = object.places.owner;
        if save.at(owner).is_null() && (save.options.seeding || !save.brings(owner)) {
            let user = save.tx.user();
            save.put(owner, user);
        }
        if save.object.custom {
            name_custom(save);
        }
    }
}

fn default_for(field: &Field, save: &Save<'_>) -> Value {
    let (state, object, record) = (save.tx.state(), &save.object, (&save.edit).into());
    default_of(
        field,
        &Subject { state, object, record, before: None, user: save.tx.user(), now: save.tx.now() },
    )
}

fn default_of(field: &Field, subject: &Subject<'_>) -> Value {
    if field.roll_up.is_some() {
        return roll_ups::of_nothing(field);
    }
    if let Some(formula) = &field.formula {
        return formula.evaluate(subject);
    }
    if let Some(value) = field.default_picklist_value() {
        return Value::text(value.value.as_str());
    }
    let number;
    let raw = match &field.default_value {
        Some(serde_json::Value::Bool(value)) => Raw::Bool(*value),
        Some(serde_json::Value::Number(value)) => {
            number = value.to_string();
            Raw::Number(&number)
        }
        Some(serde_json::Value::String(text)) => Raw::Text(text),
        _ => Raw::Null,
    };
    coerce(field, raw).unwrap_or_default()
}

/// Auto-numbers are given by the org, in the field's display format (`{0000}` where it says nothing, as for cases eight digits).
fn number_automatically(save: &mut Save<'_>) {
    let object = save.object.clone();
    for position in object.places.auto_numbers.iter().copied() {
        let field = &object.fields[position];
        if save.edit.get(position).is_null() {
            let first = field.starting_number.unwrap_or(1);
            let number = (first + save.tx.next_auto_number(&object, position)).saturating_sub(1);
            let format = field.display_format.as_deref().unwrap_or(if save.is("Case") {
                "{00001000}"
            } else {
                "{0000}"
            });
            let text = display_auto_number(format, number, || today(save));
            save.edit.set(position, text.as_str());
        }
    }
}

/// A custom record without a name is named by its id; a custom setting without an owner is the org's own.
fn name_custom(save: &mut Save<'_>) {
    if save.value("Name").is_null() {
        let id = save.edit.id();
        save.set("Name", id.short());
    }
    if save.object.custom_setting && save.value("SetupOwnerId").is_null() {
        let organization = save.tx.state().settings().organization_id;
        save.set("SetupOwnerId", organization);
    }
}

/// The day in the org's time zone.
fn today(save: &Save<'_>) -> Date {
    let zone = TimeZone::get(&save.tx.state().settings().time_zone).unwrap_or(TimeZone::UTC);
    save.tx.now().timestamp().to_zoned(zone).date()
}
