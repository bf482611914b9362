//! Step 5: what must not be empty.

use super::{Save, SaveKind, person};
use crate::{
    error::Error,
    schema::{Field, FieldType},
};

pub(super) fn check(save: &mut Save<'_>) {
    if save.options.incomplete {
        return;
    }
    let object = save.object.clone();
    // A stored record may lack what became required later: only what the request empties counts.
    let mut emptied = Vec::new();
    if save.kind == SaveKind::Update {
        emptied.clone_from(&save.given);
        emptied.sort_unstable();
    }
    let places = if save.kind == SaveKind::Insert { &object.places.required } else { &emptied };
    let is_asked = |field: &Field| match save.kind {
        SaveKind::Insert => field.required_on_create(),
        SaveKind::Update => field.updateable && !field.nillable && field.kind != FieldType::Boolean,
    };
    let missing = places
        .iter()
        .filter(|position| save.edit.get(**position).is_null())
        .filter_map(|position| object.field_at(*position))
        .filter(|field| is_asked(field))
        .map(|field| field.name.as_str())
        .chain(person::missing_name(save))
        .collect::<Vec<_>>();
    if !missing.is_empty() {
        save.errors.push(Error::required_fields_missing(&missing));
    }
}
