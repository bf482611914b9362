//! What a request asks to be saved: values by field position, and parents that are named by an external id of theirs.

use super::coerce::{Raw, Unfit, coerce};
use crate::{
    error::Error,
    schema::{Field, Object, Schema},
    value::Value,
};

/// A record named by one of its fields.
#[derive(Debug, Clone)]
pub struct ExternalKey {
    pub object: std::sync::Arc<Object>,
    pub position: usize,
    pub value: Value,
}

/// The values of one record of a request, typed but not yet checked.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub(crate) values: Vec<(usize, Value)>,
    pub(crate) parents: Vec<(usize, ExternalKey)>,
}

/// A value that cannot even be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftError {
    Refused(Error),
    /// The face words it: the field, and Salesforce's name of the kind that it wants.
    Kind {
        field: String,
        label: String,
        wanted: &'static str,
        value: String,
    },
}

impl DraftError {
    /// Of a value that does not fit the field.
    #[must_use]
    pub fn of(field: &Field, unfit: Unfit) -> Self {
        match unfit {
            Unfit::Refused(error) => Self::Refused(error),
            Unfit::Kind { wanted, value } => Self::Kind {
                field: field.name.as_str().to_owned(),
                label: field.label.clone(),
                wanted,
                value,
            },
        }
    }

    /// As SOAP and Bulk word it. REST fails while parsing and has words of its own.
    #[must_use]
    pub fn into_record_error(self) -> Error {
        match self {
            Self::Refused(error) => error,
            Self::Kind { field, label, value, .. } => Error::value_not_of_type(&label, &field, &value),
        }
    }
}

impl Draft {
    /// Sets a field by name; the last one wins, as in a JSON object.
    pub fn set(&mut self, object: &Object, name: &str, raw: Raw<'_>) -> Result<(), DraftError> {
        let Some((position, _)) = object.field(name) else {
            return Err(DraftError::Refused(Error::no_such_column_on(name, object.name.as_str())));
        };
        self.set_at(object, position, raw)
    }

    /// The same by position, for whoever has looked the name up before.
    pub fn set_at(&mut self, object: &Object, position: usize, raw: Raw<'_>) -> Result<(), DraftError> {
        let Some(field) = object.field_at(position) else { return Ok(()) };
        let value = coerce(field, raw).map_err(|unfit| DraftError::of(field, unfit))?;
        if !value.is_null() && self.parents.iter().any(|(known, _)| *known == position) {
            return Err(DraftError::Refused(Error::reference_twice(field)));
        }
        self.put(position, value);
        Ok(())
    }

    /// Whether the request says anything of the field at this position.
    #[must_use]
    pub fn sets(&self, position: usize) -> bool {
        self.values.iter().any(|(known, _)| *known == position)
            || self.parents.iter().any(|(known, _)| *known == position)
    }

    /// The first lookup that the request sets both by a field of its parent and by an id.
    pub(crate) fn set_twice(&self) -> Option<usize> {
        let mut parents = self.parents.iter().map(|(position, _)| *position);
        parents.find(|position| self.values.iter().any(|(known, _)| known == position))
    }

    /// Sets a field by position: for callers within the process.
    pub fn put(&mut self, position: usize, value: Value) {
        self.values.retain(|(known, _)| *known != position);
        self.values.push((position, value));
    }

    /// The value of a field, and the draft without it.
    #[must_use]
    pub fn without(mut self, position: usize) -> (Option<Value>, Self) {
        let at = self.values.iter().position(|(known, _)| *known == position);
        (at.map(|at| self.values.remove(at).1), self)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty() && self.parents.is_empty()
    }

    /// Lays another request's values over this one's.
    pub(crate) fn overlay(&mut self, other: &Self) {
        for (position, value) in &other.values {
            self.put(*position, value.clone());
        }
        self.parents.extend(other.parents.iter().cloned());
    }

    /// Sets a lookup by a field of the parent: `"Account": {"Number__c": "7"}`. `target` names the parent's object where
    /// the lookup can point at several.
    pub fn set_parent(
        &mut self,
        schema: &Schema,
        object: &Object,
        relationship: &str,
        target: Option<&str>,
        key: (&str, Raw<'_>),
    ) -> Result<(), DraftError> {
        let refuse = |error| Err(DraftError::Refused(error));
        let Some((position, field)) = object.parent_relationship(relationship) else {
            return refuse(Error::no_such_column_on(relationship, object.name.as_str()));
        };
        let target = target.or_else(|| field.reference_to.first().map(crate::name::Name::as_str));
        let Some(parent) = target.and_then(|name| schema.object(name)) else {
            return refuse(Error::invalid_cross_reference());
        };
        let Some((at, key_field)) = parent.field(key.0) else {
            return refuse(Error::no_such_column_on(key.0, parent.name.as_str()));
        };
        if !key_field.id_lookup && !key_field.external_id {
            return refuse(Error::external_id_field_not_found(key.0));
        }
        let value = coerce(key_field, key.1).map_err(|unfit| DraftError::of(key_field, unfit))?;
        if self.values.iter().any(|(known, id)| *known == position && !id.is_null()) {
            return refuse(Error::reference_twice(field));
        }
        self.parents.push((position, ExternalKey { object: parent.clone(), position: at, value }));
        Ok(())
    }
}
