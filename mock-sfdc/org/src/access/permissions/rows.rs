//! The rows that permissions are made of, by the names of their objects and fields.

use std::sync::Arc;

use crate::{
    id::Id,
    schema::Object,
    state::{Record, Shared, State},
    value::Value,
};

/// A state, asked for rows. What the org has no object for has none.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub state: &'a State,
}

impl<'a> Rows<'a> {
    pub fn of(self, object: &str) -> Option<&'a Arc<Object>> {
        self.state.schema().object(object)
    }

    pub fn row(self, object: &str, id: Id) -> Option<&'a Shared> {
        self.state.table(self.of(object)?.index).get(id)
    }

    pub fn matching(self, object: &str, field: &str, value: impl Into<Value>) -> Vec<Shared> {
        let found = self.of(object).and_then(|object| {
            let (position, _) = object.field(field)?;
            Some(self.state.lookup(object, position, &value.into()))
        });
        found.unwrap_or_default()
    }

    /// The ids that rows of an object hold in one field, where another has this value: each once, in order.
    pub fn ids(self, object: &str, wanted: &str, field: &str, value: impl Into<Value>) -> Vec<Id> {
        let Some(known) = self.of(object) else { return Vec::new() };
        let rows = self.matching(object, field, value);
        let mut ids: Vec<Id> = rows.iter().filter_map(|row| said(known, row, wanted).as_id()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// What a record says in a field; nothing where the object has no such field.
pub(super) fn said<'r>(object: &Object, record: &'r Record, field: &str) -> &'r Value {
    object.field(field).map_or(&Value::Null, |(position, _)| record.get(position))
}
