//! What comes to an org beside its fixture, or later: a piece of a fixture (queues, rules, records), and the moments at which a
//! new org takes it.

use std::collections::BTreeMap;

use super::{
    Planting, SEEDING, duplicates, event_channels, format::Fixture, lead_conversion, people, profiles,
    records, sharing, standard, validation,
};
use crate::{
    schema::{PackageError, Source, StandardValue},
    state::{Record, Transaction},
};

/// The moments of an org's making at which more can be taken: users may need a queue, a rule may name a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The schema stands, and no record.
    Schema,
    /// Profiles, statuses and stages are there, users are not.
    BeforePeople,
    /// Users, queues and rules of the fixture are there, records are not.
    AfterPeople,
    /// All is there: what follows asks nothing of records that stand already.
    AfterRecords,
}

impl Moment {
    /// In their order: what an org that stands already takes at once.
    pub const ALL: [Self; 4] = [Self::Schema, Self::BeforePeople, Self::AfterPeople, Self::AfterRecords];
}

/// What takes its turn at each moment.
pub type Beside<'a> = &'a mut dyn FnMut(Moment, &mut Transaction);

/// Adds a piece of a fixture to an org: queues, rules and records. After a mistake the org is as it was.
pub fn add(tx: &mut Transaction, file: &str, json: &str) -> Result<(), PackageError> {
    let source = Source { file, json };
    let fixture: Fixture = serde_json::from_str(json).map_err(|error| source.syntax(&error))?;
    let savepoint = tx.savepoint();
    let mut planting = Planting { tx, source, symbols: BTreeMap::new() };
    let added = profiles::add(&mut planting, &fixture)
        .and_then(|()| sharing::plant_permission_set_groups(&mut planting, &fixture))
        .and_then(|()| people::configure(&mut planting, &fixture))
        .and_then(|()| sharing::plant(&mut planting, &fixture))
        .and_then(|()| duplicates::configure(&mut planting, &fixture))
        .and_then(|()| lead_conversion::add(&mut planting, &fixture))
        .and_then(|()| records::plant(&mut planting, &fixture))
        .and_then(|()| validation::plant(&mut planting, &fixture))
        .and_then(|()| event_channels::plant(&mut planting, &fixture));
    if added.is_err() {
        tx.roll_back_to(savepoint);
    }
    added
}

/// Replaces the rows that say what the values of `LeadStatus`, `CaseStatus`, `TaskStatus` or `OpportunityStage` mean. `json` is a
/// list in the words of metadata's standard value sets.
pub fn set_meanings(tx: &mut Transaction, object: &str, file: &str, json: &str) -> Result<(), PackageError> {
    let source = Source { file, json };
    let values: Vec<StandardValue> = serde_json::from_str(json).map_err(|error| source.syntax(&error))?;
    let savepoint = tx.savepoint();
    if let Some(rows) = tx.state().schema().object(object).cloned() {
        let known: Vec<_> = tx.state().table(rows.index).rows().cloned().collect();
        for row in known {
            tx.delete(&rows, row.edit(rows.fields.len()).build(), row.id(), Vec::new());
            tx.purge(&rows, row.id());
        }
    }
    let mut planting = Planting { tx, source, symbols: BTreeMap::new() };
    let planted = standard::plant_meanings(&mut planting, object, &values);
    if planted.is_err() {
        tx.roll_back_to(savepoint);
    }
    planted
}

impl Planting<'_> {
    /// Of the rules of one object only one is active: a new one takes the place of the other.
    pub(super) fn deactivate_assignment_rules(&mut self, object: &str) -> Result<(), PackageError> {
        let Some(rows) = self.tx.state().schema().object("AssignmentRule").cloned() else { return Ok(()) };
        let (Some((active, _)), Some((kind, _))) = (rows.field("Active"), rows.field("SobjectType")) else {
            return Ok(());
        };
        let others: Vec<_> = self
            .tx
            .state()
            .table(rows.index)
            .rows()
            .filter(|row| row.get(active).is_true())
            .filter(|row| row.get(kind).as_text().is_some_and(|name| name.eq_ignore_ascii_case(object)))
            .map(Record::id)
            .collect();
        for other in others {
            let mut draft = crate::save::Draft::default();
            draft.put(active, false.into());
            crate::verbs::update(self.tx, &rows, other, draft, &SEEDING).map_err(|errors| {
                let said = errors.first().map(|error| error.message.clone()).unwrap_or_default();
                self.source.mistake("assignmentRules", said)
            })?;
        }
        Ok(())
    }
}
