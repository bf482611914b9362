//! What Salesforce does between a request to save a record and the record's being saved, in Salesforce's order
//! (`contract/behaviour.md` section 1). [`STAGES`] is that order: read it first; each stage is a file of its name.

mod assignment;
pub mod coerce;
mod defaults;
mod derived;
mod draft;
mod formats;
mod owner;
mod push_topics;
mod references;
mod required;
mod system_fields;
mod unique;
mod writable;

use std::sync::Arc;

pub use self::draft::{Draft, DraftError, ExternalKey};
pub(crate) use self::references::resolve;
use crate::{
    error::Error,
    id::Id,
    schema::Object,
    state::{Edit, Shared, Transaction},
    value::Value,
};

/// One step of a save: looks at the record on its way, changes it, or adds to its errors.
type Stage = fn(&mut Save<'_>);

/// The order of execution. A stage that found errors is the last one: what follows never sees the record.
const STAGES: &[(&str, Stage)] = &[
    // Steps 1 and 2: the stored record or a fresh one, the request's values over it, and the checks of API requests.
    ("writable fields", writable::check),
    ("defaults", defaults::fill),
    ("formats", formats::check),
    ("references", references::check),
    ("owner", owner::check),
    // Step 5: system validation again. Validation rules stand here when they come.
    ("derived fields", derived::fill),
    ("required fields", required::check),
    ("push topics", push_topics::check),
    // Step 7: saved, not committed. Unique fields are the database's own check.
    ("unique fields", unique::check),
    ("system fields", system_fields::stamp),
    // Step 9.
    ("assignment rules", assignment::run),
];

/// Which assignment rule runs. REST's default is the active one, SOAP's and the core's is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AssignmentRuleChoice {
    #[default]
    None,
    Active,
    /// This one, active or not.
    Rule(Id),
}

/// How a request wants its records saved: what headers say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DmlOptions {
    pub assignment: AssignmentRuleChoice,
    /// Whether a new owner is told by mail (`EmailHeader.triggerUserEmail`).
    pub mail_owner: bool,
    /// Set-up data may be written as it stood elsewhere: read-only fields included, nothing assigned. For seeds only.
    pub seeding: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaveKind {
    Insert,
    Update,
}

/// A record on its way through the stages.
#[derive(Debug)]
pub struct Save<'a> {
    pub tx: &'a mut Transaction,
    pub object: Arc<Object>,
    pub kind: SaveKind,
    pub before: Option<Shared>,
    pub edit: Edit,
    /// Positions that the request named, in its order.
    pub given: Vec<usize>,
    pub options: &'a DmlOptions,
    pub errors: Vec<Error>,
}

impl Save<'_> {
    fn value(&self, field: &str) -> &Value {
        self.object.field(field).map_or(&Value::Null, |(position, _)| self.edit.get(position))
    }

    fn set(&mut self, field: &str, value: impl Into<Value>) {
        if let Some((position, _)) = self.object.field(field) {
            self.edit.set(position, value);
        }
    }

    fn is_given(&self, field: &str) -> bool {
        self.object.field(field).is_some_and(|(position, _)| self.given.contains(&position))
    }

    /// Whether the field has another value than the stored record.
    fn is_changed(&self, field: &str) -> bool {
        let Some((position, _)) = self.object.field(field) else { return false };
        self.before.as_ref().is_none_or(|before| before.get(position) != self.edit.get(position))
    }

    fn is(&self, object: &str) -> bool {
        self.object.name.is(object)
    }
}

/// Runs the stages and stores the record, or says everything that the stage which refused it found.
pub(crate) fn run(mut save: Save<'_>) -> Result<Id, Vec<Error>> {
    for (_, stage) in STAGES {
        stage(&mut save);
        if !save.errors.is_empty() {
            return Err(save.errors);
        }
    }
    let id = save.edit.id();
    save.tx.put(&save.object, &save.edit);
    Ok(id)
}
