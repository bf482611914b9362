//! What Salesforce does between a request to save a record and the record's being saved, in Salesforce's order
//! (`contract/behaviour.md` section 1). [`STAGES`] is that order: read it first; each stage is a file of its name.

mod assignment;
mod auto_response;
mod beside;
pub mod coerce;
mod cross_object;
mod currency;
mod defaults;
mod derived;
mod draft;
mod duplicates;
mod files;
mod formats;
pub mod history;
pub(crate) mod line_items;
mod lookup_filters;
mod owner;
mod paper;
pub(crate) mod permission_set_groups;
pub(crate) mod person;
mod person_switch;
mod prices;
mod publish;
mod push_topics;
mod reach;
mod record_type;
mod references;
mod required;
pub(crate) mod roll_ups;
mod row_locks;
pub(crate) mod shares;
mod storage;
mod streaming_channels;
mod system_fields;
pub(crate) mod teams;
pub mod trace;
mod transfer;
mod triggers;
mod unique;
mod validation;
mod workflow;
mod writable;

use std::sync::Arc;

use jiff::{civil::Date, tz::TimeZone};

pub(crate) use self::{
    assignment::address_of,
    formats::is_email,
    publish::publish,
    references::resolve,
    row_locks::all as lock_rows,
    workflow::{ask_workflow, perform},
};
pub use self::{
    defaults::blank_record,
    draft::{Draft, DraftError, ExternalKey},
    transfer::OwnerChange,
};
use crate::{
    access::permissions::Viewer,
    duplicates::DuplicateRuleHeader,
    error::Error,
    id::Id,
    rules::subject::Subject,
    schema::{Object, ObjectIx},
    state::{Edit, Shared, State, Transaction},
    value::{DateTime, Value},
};

/// One stage of a save: looks at the record on its way, changes it, or adds to its errors.
type Stage = fn(&mut Save<'_>);

/// The order of execution, each stage with Salesforce's number for its step. A stage that found errors is the last one:
/// what follows never sees the record. A save within a save of the same record skips steps 9 to 17.
const STAGES: &[(u8, &str, Stage)] = &[
    // Whoever holds the row, or its parents, is waited for.
    (1, "row locks", row_locks::take),
    // The stored record or a fresh one, the request's values over it, and the checks of API requests.
    (2, "writable fields", writable::check),
    (2, "defaults", defaults::fill),
    (2, "currency", currency::choose),
    (2, "kind of account", person::choose_type),
    (2, "record type", record_type::choose),
    (2, "person or business", person::check),
    (2, "formats", formats::check),
    (2, "references", references::check),
    (2, "reach", reach::check),
    (2, "shares", shares::check),
    (2, "teams", teams::check),
    (2, "lookup filters", lookup_filters::check),
    (2, "owner", owner::check),
    (2, "what groups give", permission_set_groups::check),
    (3, "before-save flows", triggers::before_save_flows),
    (4, "before triggers", triggers::before),
    // System validation again, and validation rules.
    (5, "derived fields", derived::fill),
    (5, "sets of groups", permission_set_groups::assign),
    (5, "required fields", required::check),
    (5, "push topics", push_topics::check),
    (5, "streaming channels", streaming_channels::check),
    (5, "validation rules", validation::check),
    (6, "duplicate rules", duplicates::check),
    // Saved, not committed. Unique fields are the database's own check.
    (7, "unique fields", unique::check),
    (7, "storage", storage::check),
    (7, "system fields", system_fields::stamp),
    (7, "documents of files", files::document),
    (7, "contact of a person", person::follow),
    (7, "set of a group", permission_set_groups::follow),
    (7, "currencies and rates", currency::follow),
    (7, "teams and their shares", teams::follow),
    (7, "shares by hand", shares::drop_for_new_owner),
    (8, "after triggers", triggers::after),
    (9, "assignment rules", assignment::run),
    (10, "auto-response rules", auto_response::run),
    (11, "workflow rules", workflow::run),
    (14, "after-save flows", triggers::after_save_flows),
    // The parents; theirs, step 17, are the same again.
    (16, "roll-ups of parents", roll_ups::run),
    (16, "cross-object updates", cross_object::run),
    (16, "totals of products", line_items::total),
    (16, "standard prices", prices::follow),
    (16, "what goes to a new owner", transfer::run),
    (18, "history", history::write),
    (18, "sets of duplicates", duplicates::report),
];

/// Steps that a save within a save of the same record skips.
const SKIPPED_WITHIN: std::ops::RangeInclusive<u8> = 9..=17;

/// How deep saves may lie within each other: Salesforce's trigger depth.
const MOST_DEPTH: usize = 16;

/// Which assignment rule runs. REST's default is the active one, SOAP's and the core's is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum AssignmentRuleChoice {
    #[default]
    None,
    Active,
    /// This one, active or not.
    Rule(Id),
}

/// How a request wants its records saved: what headers say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools, reason = "headers say them one by one")]
pub struct DmlOptions {
    pub assignment: AssignmentRuleChoice,
    /// Whether a new owner is told by mail (`EmailHeader.triggerUserEmail`).
    pub mail_owner: bool,
    /// Whether auto-response rules run (`EmailHeader.triggerAutoResponseEmail`).
    pub auto_response: bool,
    /// Set-up data may be written as it stood elsewhere: read-only fields included, nothing assigned. For seeds only.
    pub seeding: bool,
    /// Salesforce itself saves: the last change by a person stays the last one, and only `SystemModstamp` moves on.
    pub automatic: bool,
    /// Validation rules and before triggers do not run: a lead conversion in an org that does not ask for them.
    pub unvalidated: bool,
    /// Required fields may be empty: an event that is published over gRPC.
    pub incomplete: bool,
    /// Texts that are too long are cut instead of refused (`AllowFieldTruncationHeader`).
    pub truncate: bool,
    /// What the request says of duplicates.
    pub duplicates: DuplicateRuleHeader,
    /// What goes to a new owner with the record (`OwnerChangeOptions`).
    pub owner_changes: Vec<OwnerChange>,
}

impl DmlOptions {
    /// How the system itself writes.
    #[must_use]
    pub const fn seeding() -> Self {
        Self {
            assignment: AssignmentRuleChoice::None,
            mail_owner: false,
            auto_response: false,
            seeding: true,
            automatic: false,
            unvalidated: false,
            incomplete: false,
            truncate: false,
            duplicates: DuplicateRuleHeader {
                allow_save: false,
                include_record_details: false,
                run_as_current_user: false,
            },
            owner_changes: Vec::new(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaveKind {
    Insert,
    Update,
}

/// A field of a parent that workflow sets.
#[derive(Debug, Clone)]
struct ParentUpdate {
    object: ObjectIx,
    parent: Id,
    position: usize,
    value: Value,
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
    /// What workflow sets in parents, to be done in step 16.
    parents: Vec<ParentUpdate>,
    /// Whose permissions count; nobody's when the org acts itself.
    viewer: Option<Arc<Viewer>>,
    /// Whether others can see the record as this save makes it.
    stored: bool,
    /// Its place in the transaction's trace, when one is kept.
    trace: Option<usize>,
}

impl<'a> Save<'a> {
    /// A save that has not begun: the request's values are still to be laid over `edit`.
    pub(crate) fn new(
        tx: &'a mut Transaction,
        object: &Arc<Object>,
        before: Option<Shared>,
        edit: Edit,
        options: &'a DmlOptions,
    ) -> Self {
        let viewer = if options.seeding || options.automatic { None } else { tx.viewer() };
        let kind = if before.is_some() { SaveKind::Update } else { SaveKind::Insert };
        Self {
            tx,
            object: Arc::clone(object),
            kind,
            before,
            edit,
            given: Vec::new(),
            options,
            errors: Vec::new(),
            parents: Vec::new(),
            viewer,
            stored: false,
            trace: None,
        }
    }

    fn value(&self, field: &str) -> &Value {
        self.object.field(field).map_or(&Value::Null, |(position, _)| self.edit.get(position))
    }

    fn set(&mut self, field: &str, value: impl Into<Value>) {
        if let Some((position, _)) = self.object.field(field) {
            self.edit.set(position, value);
        }
    }

    /// The value at a place that the object may not have.
    fn at(&self, place: Option<usize>) -> &Value {
        place.map_or(&Value::Null, |position| self.edit.get(position))
    }

    fn put(&mut self, place: Option<usize>, value: impl Into<Value>) {
        if let Some(position) = place {
            self.edit.set(position, value);
        }
    }

    fn brings(&self, place: Option<usize>) -> bool {
        place.is_some_and(|position| self.given.contains(&position))
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

    /// The record as rules look at it.
    fn subject(&self) -> Subject<'_> {
        Subject {
            state: self.tx.state(),
            object: &self.object,
            record: &self.edit,
            before: self.before.as_ref(),
            user: self.tx.user(),
            now: self.tx.now(),
        }
    }

    /// Step 7: others see the record from here on. Left to the end of the save unless somebody looks before.
    fn store(&mut self) {
        let id = self.edit.id();
        let seen = self.tx.state().table(self.object.index).get(id);
        let same = self.stored && seen.is_some_and(|seen| *seen == self.edit.build());
        if !same {
            self.tx.put(&self.object, &self.edit);
        }
        self.stored = true;
    }

    /// Takes over what others have made of the stored record meanwhile.
    fn reload(&mut self) {
        match self.tx.state().table(self.object.index).get(self.edit.id()) {
            Some(record) => self.edit = record.edit(self.object.fields.len()),
            None => self.errors.push(Error::entity_is_deleted()),
        }
    }

    fn is_traced(&self) -> bool {
        self.trace.is_some()
    }

    /// Writes a line into the trace, when one is kept.
    fn note(&mut self, line: impl FnOnce() -> String) {
        if let Some(at) = self.trace {
            self.tx.trace_note(at, line());
        }
    }
}

/// Runs the stages and stores the record, or says everything that the stage which refused it found.
pub(crate) fn run(mut save: Save<'_>) -> Result<Id, Vec<Error>> {
    let id = save.edit.id();
    let within = save.tx.saving().contains(&id);
    whole(&mut save, |save| {
        for (step, name, run) in STAGES {
            if within && SKIPPED_WITHIN.contains(step) {
                continue;
            }
            stage(save, *step, name, run);
            if !save.errors.is_empty() {
                return;
            }
        }
    })?;
    Ok(id)
}

/// A save from its beginning to its end, whatever it consists of.
fn whole<'a>(save: &mut Save<'a>, stages: impl FnOnce(&mut Save<'a>)) -> Result<(), Vec<Error>> {
    let id = save.edit.id();
    if save.tx.saving().len() >= MOST_DEPTH {
        return Err(vec![Error::trigger_depth_exceeded(save.object.name.as_str(), id)]);
    }
    save.tx.saving_mut().push(id);
    save.trace = trace::begin(save);
    stages(save);
    if save.errors.is_empty() {
        save.store();
    }
    save.tx.saving_mut().pop();
    if save.errors.is_empty() { Ok(()) } else { Err(std::mem::take(&mut save.errors)) }
}

fn stage<'a>(save: &mut Save<'a>, step: u8, name: &str, run: impl FnOnce(&mut Save<'a>)) {
    match save.trace {
        None => run(save),
        Some(at) => trace::observe(save, at, step, name, run),
    }
}

/// The org's time zone.
fn zone_of(state: &State) -> TimeZone {
    TimeZone::get(&state.settings().time_zone).unwrap_or(TimeZone::UTC)
}

/// The moment at which a day begins where the org is.
fn start_of(state: &State, day: Date) -> DateTime {
    let start = day.to_zoned(zone_of(state)).map(|start| start.timestamp());
    start.map_or_else(|_| DateTime::default(), DateTime::from)
}

/// A save that no request asked for: Salesforce sets these fields, whether or not a caller may write them.
pub(crate) fn resave(
    tx: &mut Transaction,
    object: &Arc<Object>,
    id: Id,
    values: impl IntoIterator<Item = (usize, Value)>,
    options: &DmlOptions,
) -> Result<(), Vec<Error>> {
    let Some(before) = tx.state().table(object.index).get(id).cloned() else {
        return Err(vec![Error::entity_is_deleted()]);
    };
    let mut edit = before.edit(object.fields.len());
    for (position, value) in values {
        edit.set(position, value);
    }
    run(Save::new(tx, object, Some(before), edit, options)).map(|_| ())
}
