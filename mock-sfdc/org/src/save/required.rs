//! Step 5: what must not be empty.

use super::{Save, SaveKind, person};
use crate::{error::Error, schema::FieldType};

pub(super) fn check(save: &mut Save<'_>) {
    let object = save.object.clone();
    let missing = object
        .fields
        .iter()
        .enumerate()
        .filter(|(position, field)| {
            let asked = match save.kind {
                SaveKind::Insert => field.required_on_create(),
                // A stored record may lack what became required later: only what the request empties counts.
                SaveKind::Update => {
                    field.updateable
                        && !field.nillable
                        && field.kind != FieldType::Boolean
                        && save.given.contains(position)
                }
            };
            asked && save.edit.get(*position).is_null()
        })
        .map(|(_, field)| field.name.as_str())
        .chain(person::missing_name(save))
        .collect::<Vec<_>>();
    if !missing.is_empty() {
        save.errors.push(Error::required_fields_missing(&missing));
    }
}
