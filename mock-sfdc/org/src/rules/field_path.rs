//! How rules and templates name fields: `Lead.Rating`, `Rating`, `Account.Industry` of a contact's account, `User.Title` of
//! whoever saves, `Organization.Name`.

use super::subject::Subject;
use crate::{
    formula::{self, Row},
    schema::{Field, Object, ObjectIx, Schema},
    value::Value,
};

/// A field, found once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldPath {
    Own(usize),
    /// Of the record that a lookup names.
    Parent {
        lookup: usize,
        object: ObjectIx,
        position: usize,
    },
    /// Of whoever saves.
    User(usize),
    Organization(usize),
}

impl FieldPath {
    /// Finds a field as a rule for `object` names it, or says what there is not.
    pub(crate) fn resolve<'a>(
        schema: &'a Schema,
        object: &'a Object,
        text: &str,
    ) -> Result<(Self, &'a Field), String> {
        let Some((owner, name)) = text.split_once('.') else {
            return of(object, text).map(|(position, field)| (Self::Own(position), field));
        };
        if object.name.is(owner) {
            return of(object, name).map(|(position, field)| (Self::Own(position), field));
        }
        if let Some((lookup, parent)) = parent(schema, object, owner) {
            let found = of(parent, name);
            return found
                .map(|(position, field)| (Self::Parent { lookup, object: parent.index, position }, field));
        }
        let other = |object: &str| schema.object(object).map(|object| of(object, name));
        match owner.to_ascii_lowercase().as_str() {
            "user" => {
                if let Some(found) = other("User") {
                    return found.map(|(position, field)| (Self::User(position), field));
                }
            }
            "organization" => {
                if let Some(found) = other("Organization") {
                    return found.map(|(position, field)| (Self::Organization(position), field));
                }
            }
            _ => {}
        }
        Err(format!("{} has no field {text}", object.name.as_str()))
    }

    pub(crate) fn value(self, subject: &Subject<'_>) -> Value {
        let state = subject.state;
        let read = |object, row: Row<'_>, position| {
            formula::field_value(object, position, row, &subject.of_formula())
        };
        let (found, position) = match self {
            Self::Own(position) => return read(subject.object, subject.record.into(), position),
            Self::Parent { lookup, object, position } => {
                let parent = subject.record.get(lookup).as_id();
                let parent = parent.and_then(|id| state.table(object).get(id));
                (state.schema().by_index(object).zip(parent), position)
            }
            Self::User(position) => (state.find(subject.user), position),
            Self::Organization(position) => (state.find(state.settings().organization_id), position),
        };
        found.map(|(object, record)| read(object, record.into(), position)).unwrap_or_default()
    }
}

fn of<'a>(object: &'a Object, name: &str) -> Result<(usize, &'a Field), String> {
    object.field(name).ok_or_else(|| format!("{} has no field {name}", object.name.as_str()))
}

/// A parent by the name of the lookup's relationship, of the lookup itself, or of the one object that it points at.
fn parent<'a>(schema: &'a Schema, object: &Object, name: &str) -> Option<(usize, &'a Object)> {
    let named = |(_, field): &(usize, &Field)| {
        let custom = name.strip_suffix("__c").map(|plain| format!("{plain}__r"));
        field.relationship_name.as_ref().is_some_and(|relationship| {
            relationship.is(name) || custom.as_ref().is_some_and(|custom| relationship.is(custom))
        })
    };
    let lookups = || object.fields.iter().enumerate().filter(|(_, field)| field.reference_to.len() == 1);
    let (position, field) = lookups().find(named).or_else(|| {
        // `User` in criteria is who saves, never an owner.
        let alone =
            |(_, field): &(usize, &Field)| field.refers_to(name) && !name.eq_ignore_ascii_case("User");
        lookups().find(alone)
    })?;
    let parent = schema.object(field.reference_to.first()?.as_str())?;
    Some((position, parent))
}
