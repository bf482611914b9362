//! "Why has this field this value?": what each stage of a save did, kept by an org that was asked to
//! ([`crate::Org::trace_saves`]). It costs nothing while nobody asks.

use std::fmt;

use super::{Save, SaveKind};
use crate::{
    error::Error,
    id::Id,
    schema::FieldType,
    state::Edit,
    value::{DateTime, Value, shown},
};

/// The saves of one transaction, in the order in which they began.
#[derive(Debug, Clone, PartialEq)]
pub struct TransactionTrace {
    pub transaction: u64,
    pub at: DateTime,
    pub user: Id,
    /// Whether it stands; what a refused one did is told all the same.
    pub committed: bool,
    pub saves: Vec<SaveTrace>,
}

/// One save. One that it caused (by a trigger, by a roll-up) stands behind it and names it.
#[derive(Debug, Clone, PartialEq)]
pub struct SaveTrace {
    pub object: String,
    pub record: Id,
    pub kind: SaveKind,
    /// The place of the save within which this one happened.
    pub within: Option<usize>,
    /// Those that did something.
    pub stages: Vec<StageTrace>,
}

/// What one stage did.
#[derive(Debug, Clone, PartialEq)]
pub struct StageTrace {
    /// Salesforce's number in its order of execution.
    pub step: u8,
    pub stage: String,
    pub changes: Vec<FieldChange>,
    /// Rules, and why they matched or did not.
    pub notes: Vec<String>,
    pub errors: Vec<Error>,
}

/// A field that a stage has set.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    pub field: String,
    pub kind: FieldType,
    pub old: Value,
    pub new: Value,
}

impl SaveTrace {
    fn stage(&mut self, step: u8, stage: &str) {
        let stage = stage.to_owned();
        self.stages.push(StageTrace {
            step,
            stage,
            changes: Vec::new(),
            notes: Vec::new(),
            errors: Vec::new(),
        });
    }

    /// The stage that runs, or ran last.
    pub(crate) fn current(&mut self) -> Option<&mut StageTrace> {
        self.stages.last_mut()
    }

    fn close(&mut self, changes: Vec<FieldChange>, errors: &[Error]) {
        let Some(stage) = self.stages.last_mut() else { return };
        stage.changes = changes;
        stage.errors = errors.to_vec();
        if stage.changes.is_empty() && stage.notes.is_empty() && stage.errors.is_empty() {
            self.stages.pop();
        }
    }

    /// Whether a stage has set this field.
    #[must_use]
    pub fn sets(&self, field: &str) -> bool {
        let named = |change: &FieldChange| change.field.eq_ignore_ascii_case(field);
        self.stages.iter().any(|stage| stage.changes.iter().any(named))
    }
}

/// Opens the trace of a save, with the request's own values as its first stage.
pub(super) fn begin(save: &mut Save<'_>) -> Option<usize> {
    if !save.tx.is_traced() {
        return None;
    }
    let asked = changes(save, save.before.as_ref().map(|before| before.edit(save.object.fields.len())));
    let mut trace = SaveTrace {
        object: save.object.name.as_str().to_owned(),
        record: save.edit.id(),
        kind: save.kind,
        within: None,
        stages: Vec::new(),
    };
    trace.stage(1, "request");
    trace.close(asked, &[]);
    save.tx.trace_begin(trace)
}

/// Runs a stage and writes down what it did.
pub(super) fn observe<'a>(
    save: &mut Save<'a>,
    at: usize,
    step: u8,
    name: &str,
    stage: impl FnOnce(&mut Save<'a>),
) {
    let before = save.edit.clone();
    if let Some(trace) = save.tx.trace_of(at) {
        trace.stage(step, name);
    }
    stage(save);
    let changes = changes(save, Some(before));
    if let Some(trace) = save.tx.trace_of(at) {
        trace.close(changes, &save.errors);
    }
}

fn changes(save: &Save<'_>, before: Option<Edit>) -> Vec<FieldChange> {
    let before = before.unwrap_or_else(|| Edit::new(save.edit.id(), save.object.fields.len()));
    let fields = save.object.fields.iter().enumerate();
    fields
        .filter(|(position, _)| before.get(*position) != save.edit.get(*position))
        .map(|(position, field)| FieldChange {
            field: field.name.as_str().to_owned(),
            kind: field.kind,
            old: before.get(position).clone(),
            new: save.edit.get(position).clone(),
        })
        .collect()
}

impl fmt::Display for TransactionTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = if self.committed { "committed" } else { "rolled back" };
        writeln!(f, "transaction {} at {} by {}, {end}", self.transaction, self.at.to_zulu(), self.user)?;
        self.saves.iter().try_for_each(|save| write!(f, "{save}"))
    }
}

impl fmt::Display for SaveTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.kind == SaveKind::Insert { "insert" } else { "update" };
        let within = if self.within.is_some() { ", within another save" } else { "" };
        writeln!(f, "  {verb} of {} {}{within}", self.object, self.record)?;
        for stage in &self.stages {
            writeln!(f, "    {:>2} {}", stage.step, stage.stage)?;
            for note in &stage.notes {
                writeln!(f, "         {note}")?;
            }
            for FieldChange { field, old, new, .. } in &stage.changes {
                writeln!(f, "         {field}: {} -> {}", Quoted(old), Quoted(new))?;
            }
            for error in &stage.errors {
                writeln!(f, "         refused: {error}")?;
            }
        }
        Ok(())
    }
}

/// A value as people read it: texts in quotation marks, nothing as `(blank)`.
struct Quoted<'a>(&'a Value);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Null => f.write_str("(blank)"),
            Value::Text(text) => write!(f, "{:?}", &**text),
            other => f.write_str(&shown(other)),
        }
    }
}
