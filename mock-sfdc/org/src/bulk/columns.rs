//! What the names of a record's values mean: fields, the record's id, the key of an upsert, or a parent by a field of its own
//! (`Owner.Email`, `User:Owner.Email`).

use super::{
    content::{Cell, Names},
    job::Spec,
    words::Operation,
};
use crate::{
    error::Error,
    id::Id,
    save::{
        Draft, DraftError, ExternalKey,
        coerce::{Raw, Unfit, coerce},
    },
    schema::{Object, Schema},
};

use std::sync::Arc;

/// Where one value goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Id,
    Key(usize),
    Field(usize),
    Parent { relationship: String, object: String, field: String },
}

/// The meaning of each of a record's names.
#[derive(Debug, Clone)]
pub struct Columns {
    pub names: Names,
    pub targets: Vec<Target>,
}

/// One record, ready to be saved.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub id: Option<Id>,
    pub key: Option<ExternalKey>,
    pub draft: Draft,
    pub error: Option<Error>,
}

impl Columns {
    /// Finds what the names mean, or says why the whole batch fails.
    pub fn bind(schema: &Schema, object: &Object, spec: &Spec, names: &Names) -> Result<Self, String> {
        if spec.operation.is_delete() && !(names.len() == 1 && names[0].eq_ignore_ascii_case("Id")) {
            return Err(only_ids(spec.operation));
        }
        let targets = names.iter().map(|name| target(schema, object, spec, name));
        let targets = targets.collect::<Result<Vec<_>, _>>()?;
        for (at, target) in targets.iter().enumerate() {
            if targets[..at].contains(target) {
                return Err(format!("InvalidBatch : Duplicate field name found : {}", names[at]));
            }
        }
        Ok(Self { names: Arc::clone(names), targets })
    }

    /// The column without which no record of a table can be told from others.
    pub(super) fn missing<'a>(&self, spec: &'a Spec) -> Option<&'a str> {
        let is_key = |target: &Target| matches!(target, Target::Id | Target::Key(_));
        let named = self.targets.iter().any(is_key);
        match spec.operation {
            Operation::Update if !named => Some("Id"),
            Operation::Upsert if !named => Some(spec.external_id.as_deref().unwrap_or("Id")),
            _ => None,
        }
    }

    pub(super) fn row(&self, schema: &Schema, object: &Arc<Object>, cells: &[Cell<'_>]) -> Row {
        let mut row = Row::default();
        for (target, cell) in self.targets.iter().zip(cells) {
            let Some(raw) = cell.raw() else { continue };
            if let Err(error) = row.take(schema, object, target, raw) {
                row.error = Some(error);
                break;
            }
        }
        row
    }
}

impl Row {
    fn take(
        &mut self,
        schema: &Schema,
        object: &Arc<Object>,
        target: &Target,
        raw: Raw<'_>,
    ) -> Result<(), Error> {
        match target {
            Target::Id => self.id = id(raw)?,
            Target::Key(position) => self.key = key(object, *position, raw)?,
            Target::Field(position) => {
                self.draft.set_at(object, *position, raw).map_err(DraftError::into_record_error)?;
            }
            Target::Parent { relationship, .. } if raw == Raw::Null => {
                if let Some((position, _)) = object.parent_relationship(relationship) {
                    self.draft.put(position, crate::value::Value::Null);
                }
            }
            Target::Parent { relationship, object: parent, field } => {
                self.draft
                    .set_parent(schema, object, relationship, Some(parent), (field, raw))
                    .map_err(DraftError::into_record_error)?;
            }
        }
        Ok(())
    }
}

fn id(raw: Raw<'_>) -> Result<Option<Id>, Error> {
    match raw {
        Raw::Text(text) if !text.is_empty() => {
            Id::parse(text).map(Some).ok_or_else(|| Error::malformed_record_id(text))
        }
        Raw::Number(text) => Err(Error::malformed_record_id(text)),
        _ => Ok(None),
    }
}

fn key(object: &Arc<Object>, position: usize, raw: Raw<'_>) -> Result<Option<ExternalKey>, Error> {
    let Some(field) = object.field_at(position) else { return Ok(None) };
    let value = coerce(field, raw).map_err(|unfit| match unfit {
        Unfit::Refused(error) => error,
        Unfit::Kind { value, .. } => Error::value_not_of_type(&field.label, field.name.as_str(), &value),
    })?;
    Ok((!value.is_null()).then(|| ExternalKey { object: Arc::clone(object), position, value }))
}

fn target(schema: &Schema, object: &Object, spec: &Spec, name: &str) -> Result<Target, String> {
    let by_id = !matches!(spec.operation, Operation::Insert)
        && (spec.operation != Operation::Upsert || spec.external_id.as_deref().is_none_or(is_id));
    if by_id && is_id(name) {
        return Ok(Target::Id);
    }
    if let Some((position, field)) = object.field(name) {
        let is_key = spec.operation == Operation::Upsert
            && spec.external_id.as_deref().is_some_and(|key| field.name.is(key));
        return Ok(if is_key { Target::Key(position) } else { Target::Field(position) });
    }
    parent(schema, object, name).ok_or_else(|| not_found(name))
}

/// `Owner.Email`, or, where several objects can stand behind the reference, `User:Owner.Email`. Without it the first of them
/// whose field identifies is meant.
fn parent(schema: &Schema, object: &Object, name: &str) -> Option<Target> {
    let (kind, path) = match name.split_once(':') {
        Some((kind, path)) => (Some(kind), path),
        None => (None, name),
    };
    let (relationship, field) = path.split_once('.')?;
    let (_, reference) = object.parent_relationship(relationship)?;
    // `Lead:Owner.Email` names the object that the reference stands in.
    let kind = kind.filter(|kind| !object.name.is(kind));
    let identifies = |name: &str| {
        let (_, field) = schema.object(name)?.field(field)?;
        (field.id_lookup || field.external_id).then(|| name.to_owned())
    };
    let mut candidates = reference.reference_to.iter().map(crate::name::Name::as_str);
    let parent = match kind {
        Some(kind) => candidates.find(|name| name.eq_ignore_ascii_case(kind)).and_then(identifies),
        None => candidates.find_map(identifies),
    };
    let (relationship, field) = (relationship.to_owned(), field.to_owned());
    Some(Target::Parent { relationship, object: parent?, field })
}

fn is_id(name: &str) -> bool {
    name.eq_ignore_ascii_case("Id")
}

pub(super) fn not_found(name: &str) -> String {
    format!("InvalidBatch : Field name not found : {name}")
}

fn only_ids(operation: Operation) -> String {
    format!("InvalidBatch : The '{}' batch must contain only ids", operation.as_str())
}
