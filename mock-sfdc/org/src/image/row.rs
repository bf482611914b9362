//! A record in JSON: its id, and what is filled, by the names of the fields.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::value::{self, Written};
use crate::{
    id::Id,
    schema::Object,
    state::{Edit, Record},
};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RowImage {
    pub id: Id,
    pub fields: IndexMap<String, Written>,
}

pub(super) fn write(object: &Object, record: &Record) -> RowImage {
    let fields = record.filled().filter_map(|(position, value)| {
        let field = object.field_at(position).filter(|field| !field.is_gone())?;
        Some((field.name.as_str().to_owned(), value::write(value)?))
    });
    RowImage { id: record.id(), fields: fields.collect() }
}

pub(super) fn read(object: &Object, row: RowImage) -> Result<Edit, String> {
    let mut edit = Edit::new(row.id, object.fields.len());
    for (name, written) in row.fields {
        let Some(position) = position(object, &name) else {
            // What a field held that somebody has taken away.
            if object.had_field(&name) {
                continue;
            }
            return Err(format!("{} has no field {name}", object.name));
        };
        let value = value::read(written).map_err(|problem| format!("{name}: {problem}"))?;
        edit.set(position, value);
    }
    Ok(edit)
}

/// Links that no client can name are found too.
fn position(object: &Object, name: &str) -> Option<usize> {
    let by_name = object.field(name).map(|(position, _)| position);
    by_name.or_else(|| object.fields.iter().position(|field| field.name.is(name)))
}
