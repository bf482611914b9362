//! Apex triggers and record-triggered flows, written in Rust: a test registers a closure for an object and a point of the
//! order of execution (`contract/behaviour.md` section 1), and sees and changes the records that are saved.
//!
//! ```
//! # use mock_sfdc_org::{Org, clock::Clock, hooks::HookPoint, schema::Schema, settings::Settings, state::State, value::Value};
//! # let org = Org::new(State::empty(Schema::standard(), Settings::default()), Clock::system(), 1);
//! org.on_save("Lead", HookPoint::BeforeTrigger, "LeadTrigger", |lead| {
//!     if lead.get("Rating").is_null() {
//!         lead.set("Rating", "Cold");
//!     }
//!     if lead.get("Company").as_text() == Some("Test") {
//!         lead.add_error("No tests, please.");
//!     }
//! }).unwrap();
//! ```

use std::{fmt, sync::Arc};

use imbl::{OrdMap, Vector};

use crate::{
    error::Error,
    id::Id,
    schema::{Object, ObjectIx, Schema},
    state::{Edit, Record, Transaction},
    value::Value,
};

/// Where in a save a hook runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HookPoint {
    BeforeSaveFlow,
    BeforeTrigger,
    AfterTrigger,
    AfterSaveFlow,
}

impl HookPoint {
    pub(crate) fn is_after(self) -> bool {
        matches!(self, Self::AfterTrigger | Self::AfterSaveFlow)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::BeforeSaveFlow => "before-save flow",
            Self::BeforeTrigger => "before trigger",
            Self::AfterTrigger => "after trigger",
            Self::AfterSaveFlow => "after-save flow",
        }
    }
}

type Run = dyn Fn(&mut HookContext<'_>) + Send + Sync;

/// One registered closure.
#[derive(Clone)]
pub(crate) struct Hook {
    name: Arc<str>,
    run: Arc<Run>,
}

impl Hook {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn call(&self, mut context: HookContext<'_>) {
        (self.run)(&mut context);
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Hook").field(&self.name).finish()
    }
}

/// All hooks of an org. They are part of its state, as Apex is: forks and snapshots have them too.
#[derive(Debug, Clone, Default)]
pub struct Hooks(OrdMap<(ObjectIx, HookPoint), Vector<Hook>>);

impl Hooks {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of an object at a point, in the order of their registration.
    pub(crate) fn at(&self, object: ObjectIx, point: HookPoint) -> Vector<Hook> {
        self.0.get(&(object, point)).cloned().unwrap_or_default()
    }

    /// The same hooks over another schema, as far as it has their objects.
    #[must_use]
    pub fn over(&self, old: &Schema, new: &Schema) -> Self {
        let moved = self.0.iter().filter_map(|((object, point), hooks)| {
            let name = old.by_index(*object)?.name.as_str();
            Some(((new.index(name)?, *point), hooks.clone()))
        });
        Self(moved.collect())
    }

    /// Registers a closure under the name that its errors carry.
    pub fn add(
        &mut self,
        object: &Object,
        point: HookPoint,
        name: &str,
        run: impl Fn(&mut HookContext<'_>) + Send + Sync + 'static,
    ) {
        let hook = Hook { name: name.into(), run: Arc::new(run) };
        self.0.entry((object.index, point)).or_default().push_back(hook);
    }
}

/// The record on its way, as a hook sees it.
#[derive(Debug)]
pub struct HookContext<'a> {
    pub(crate) hook: &'a str,
    pub(crate) point: HookPoint,
    pub(crate) insert: bool,
    pub(crate) object: &'a Arc<Object>,
    pub(crate) before: Option<&'a Record>,
    pub(crate) tx: &'a mut Transaction,
    pub(crate) edit: &'a mut Edit,
    pub(crate) given: &'a mut Vec<usize>,
    pub(crate) errors: &'a mut Vec<Error>,
}

impl HookContext<'_> {
    #[must_use]
    pub fn id(&self) -> Id {
        self.edit.id()
    }

    #[must_use]
    pub fn is_insert(&self) -> bool {
        self.insert
    }

    /// What Apex calls `Trigger.new`; null for a field that the object does not have.
    #[must_use]
    pub fn get(&self, field: &str) -> &Value {
        self.object.field(field).map_or(&Value::Null, |(position, _)| self.edit.get(position))
    }

    /// What Apex calls `Trigger.old`; null on an insert.
    #[must_use]
    pub fn old(&self, field: &str) -> &Value {
        let position = self.object.field(field).map(|(position, _)| position);
        self.before.zip(position).map_or(&Value::Null, |(before, position)| before.get(position))
    }

    /// Sets a field of the record. After the save it is read-only, as in Apex: change it by an update in [`Self::tx`].
    pub fn set(&mut self, field: &str, value: impl Into<Value>) {
        if self.point.is_after() {
            return self.throw("System.FinalException: Record is read-only");
        }
        match self.object.field(field) {
            Some((position, _)) => {
                self.edit.set(position, value);
                self.given.push(position);
            }
            None => self.errors.push(Error::no_such_column_on(field, self.object.name.as_str())),
        }
    }

    /// Refuses the record with this text (`addError`).
    pub fn add_error(&mut self, message: &str) {
        self.errors.push(Error::custom_validation(message, None));
    }

    /// The same at a field.
    pub fn add_field_error(&mut self, field: &str, message: &str) {
        self.errors.push(Error::custom_validation(message, Some(field)));
    }

    /// Ends with an exception that nobody catches: `System.NullPointerException: Attempt to de-reference a null object`.
    pub fn throw(&mut self, exception: &str) {
        let event = match (self.point.is_after(), self.insert) {
            (false, true) => "BeforeInsert",
            (false, false) => "BeforeUpdate",
            (true, true) => "AfterInsert",
            (true, false) => "AfterUpdate",
        };
        self.errors.push(Error::trigger_exception(self.hook, event, exception));
    }

    /// The transaction of the save: other records are read and written in it, through the verbs.
    pub fn tx(&mut self) -> &mut Transaction {
        self.tx
    }
}
