//! Classic encrypted text: who may not "View Encrypted Data" reads a mask (`schema/mask.rs`).

use super::viewer::Viewer;
use crate::{
    schema::{Field, FieldType, Object},
    state::Shared,
    value::Value,
};

impl Viewer {
    /// Whether encrypted text is readable.
    #[must_use]
    pub fn sees_encrypted(&self) -> bool {
        self.may("ViewEncryptedData")
    }

    /// A field's value as this user reads it.
    #[must_use]
    pub fn shows(&self, field: &Field, value: Value) -> Value {
        if self.sees_encrypted() {
            return value;
        }
        match value.as_text().and_then(|text| field.masked(text)) {
            Some(mask) => Value::text(mask),
            None => value,
        }
    }

    /// The record as this user reads it.
    #[must_use]
    pub fn reads(&self, object: &Object, record: &Shared) -> Shared {
        if self.sees_encrypted() {
            return record.clone();
        }
        let hidden =
            object.fields.iter().enumerate().filter(|(_, field)| field.kind == FieldType::EncryptedString);
        let mut masked = None;
        for (position, field) in hidden {
            if let Some(text) = record.get(position).as_text().and_then(|text| field.masked(text)) {
                let edit = masked.get_or_insert_with(|| record.edit(object.fields.len()));
                edit.set(position, Value::text(text));
            }
        }
        masked.map_or_else(|| record.clone(), |edit| edit.build())
    }
}
