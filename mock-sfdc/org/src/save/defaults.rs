//! Step 1 of an insert: a fresh record has the defaults of its fields. The request's own nulls stay null, but for
//! checkboxes, which have no null.

use super::{Save, SaveKind};
use crate::{
    save::coerce::{Raw, coerce},
    schema::{Field, FieldType},
    value::Value,
};

pub(super) fn fill(save: &mut Save<'_>) {
    let object = save.object.clone();
    for (position, field) in object.fields.iter().enumerate() {
        if field.kind == FieldType::Boolean && save.edit.get(position).is_null() {
            save.edit.set(position, default_of(field).as_bool().unwrap_or(false));
        } else if save.kind == SaveKind::Insert
            && !save.given.contains(&position)
            && save.edit.get(position).is_null()
        {
            let value = default_of(field);
            save.edit.set(position, value);
        }
    }
    if save.kind == SaveKind::Insert {
        number_automatically(save);
        if save.value("OwnerId").is_null() {
            let user = save.tx.user();
            save.set("OwnerId", user);
        }
    }
}

fn default_of(field: &Field) -> Value {
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
    for (position, field) in object.fields.iter().enumerate().filter(|(_, field)| field.auto_number) {
        if save.edit.get(position).is_null() {
            let number = save.tx.next_auto_number(&object, position);
            let format = field.display_format.as_deref().unwrap_or(if save.is("Case") {
                "{00001000}"
            } else {
                "{0000}"
            });
            save.edit.set(position, format_number(format, number).as_str());
        }
    }
}

/// `INV-{0000}` with 7 is `INV-0007`; a format whose digits are not all zero counts on from that number.
fn format_number(format: &str, number: u64) -> String {
    let Some((head, rest)) = format.split_once('{') else { return format!("{format}{number}") };
    let (digits, tail) = rest.split_once('}').unwrap_or((rest, ""));
    let base: u64 = digits.parse().unwrap_or(0);
    format!("{head}{:0width$}{tail}", base + number, width = digits.len())
}

#[cfg(test)]
mod tests {
    use super::format_number;

    #[test]
    fn auto_numbers_follow_their_format() {
        assert_eq!(format_number("INV-{0000}", 7), "INV-0007");
        assert_eq!(format_number("{00001000}", 1), "00001001");
        assert_eq!(format_number("A{0}-x", 12), "A12-x");
    }
}
