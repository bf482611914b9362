//! One transaction: a private copy of the state, swapped in when all went well and dropped when not.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Binned, Change, ChangeKind, Edit, Emptied, Record, State, merged,
    record::Shared,
    views::{RECENTLY_VIEWED, Sight},
};
use crate::{
    access::permissions::Viewer,
    error::Error,
    id::Id,
    save::trace::{SaveTrace, TransactionTrace},
    schema::{Object, ObjectIx},
    streaming::{self, Published},
    value::DateTime,
};

/// The working copy that verbs and save stages change.
#[derive(Debug)]
pub struct Transaction {
    state: State,
    now: DateTime,
    user: Id,
    number: u64,
    pending: Vec<Change>,
    /// Platform events that wait for the commit.
    events: Vec<Published>,
    /// Those that are out whatever becomes of the transaction.
    immediate: Vec<Published>,
    /// What the publisher calls the next one.
    event_name: Option<Arc<str>>,
    /// The API that was asked: what change events tell as their origin.
    origin: String,
    silent: bool,
    /// Whether the user's permissions count.
    enforcing: bool,
    /// The records whose saves have begun and not ended, outermost first.
    saving: Vec<Id>,
    /// What saves did, when the org keeps it.
    trace: Option<Trace>,
    /// Rows that somebody outside of the org holds.
    locked: Option<Arc<BTreeSet<Id>>>,
    /// Those of them that this transaction wanted.
    blocked: Vec<Id>,
}

#[derive(Debug, Default)]
struct Trace {
    saves: Vec<SaveTrace>,
    /// Places of the saves that have not ended; as many as `saving` has.
    open: Vec<usize>,
}

/// A point to go back to: what allOrNone=false is made of.
#[derive(Debug)]
pub struct Savepoint {
    state: State,
    pending: usize,
    events: usize,
}

impl Transaction {
    pub(crate) fn begin(state: &State, now: DateTime, user: Id) -> Self {
        let mut state = state.clone();
        let number = state.log.begin_transaction();
        let pending = Vec::new();
        let mut begun = Self {
            state,
            now,
            user,
            number,
            pending,
            events: Vec::new(),
            immediate: Vec::new(),
            event_name: None,
            origin: String::new(),
            silent: false,
            enforcing: false,
            saving: Vec::new(),
            trace: None,
            locked: None,
            blocked: Vec::new(),
        };
        begun.forget_expired();
        begun
    }

    /// Rows that this transaction cannot have.
    pub(crate) fn respect(&mut self, locked: Option<Arc<BTreeSet<Id>>>) {
        self.locked = locked;
    }

    /// The locked rows that it wanted.
    pub(crate) fn take_blocked(&mut self) -> Vec<Id> {
        std::mem::take(&mut self.blocked)
    }

    /// Takes the lock of a row, which a write does before anything else.
    pub(crate) fn lock(&mut self, id: Id) -> Result<(), Error> {
        match &self.locked {
            Some(locked) if locked.contains(&id) => {
                self.blocked.push(id);
                Err(Error::unable_to_lock_row(id))
            }
            _ => Ok(()),
        }
    }

    /// Whether any row is locked at all.
    pub(crate) fn has_locks(&self) -> bool {
        self.locked.is_some()
    }

    /// Keeps a trace of the saves to come.
    pub(crate) fn keep_trace(&mut self) {
        self.trace = Some(Trace::default());
    }

    /// What the saves did so far, if it was to be kept.
    pub(crate) fn take_trace(&mut self) -> Option<TransactionTrace> {
        let saves = self.trace.take()?.saves;
        Some(TransactionTrace {
            transaction: self.number,
            at: self.now,
            user: self.user,
            committed: false,
            saves,
        })
    }

    /// Opens a save's trace, and gives its place.
    pub(crate) fn trace_begin(&mut self, save: SaveTrace) -> Option<usize> {
        let depth = self.saving.len().saturating_sub(1);
        let trace = self.trace.as_mut()?;
        let at = trace.saves.len();
        trace.open.truncate(depth);
        trace.saves.push(SaveTrace { within: trace.open.last().copied(), ..save });
        trace.open.push(at);
        Some(at)
    }

    pub(crate) fn trace_of(&mut self, at: usize) -> Option<&mut SaveTrace> {
        self.trace.as_mut()?.saves.get_mut(at)
    }

    pub(crate) fn is_traced(&self) -> bool {
        self.trace.is_some()
    }

    pub(crate) fn trace_note(&mut self, at: usize, note: String) {
        if let Some(stage) = self.trace_of(at).and_then(SaveTrace::current) {
            stage.notes.push(note);
        }
    }

    /// The records that are being saved, outermost first.
    pub(crate) fn saving(&self) -> &[Id] {
        &self.saving
    }

    pub(crate) fn saving_mut(&mut self) -> &mut Vec<Id> {
        &mut self.saving
    }

    /// The state as this transaction sees it: its own changes included.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    pub(super) fn state_mut(&mut self) -> &mut State {
        &mut self.state
    }

    #[must_use]
    pub fn now(&self) -> DateTime {
        self.now
    }

    /// Who acts.
    #[must_use]
    pub fn user(&self) -> Id {
        self.user
    }

    #[must_use]
    pub fn savepoint(&self) -> Savepoint {
        Savepoint { state: self.state.clone(), pending: self.pending.len(), events: self.events.len() }
    }

    pub fn roll_back_to(&mut self, savepoint: Savepoint) {
        self.state = savepoint.state;
        self.pending.truncate(savepoint.pending);
        self.events.truncate(savepoint.events);
    }

    pub(crate) fn next_id(&mut self, object: &Object) -> Id {
        let pod = self.state.standing.settings.pod;
        let number = self.state.table_mut(object.index).next_number();
        // Objects without a prefix of their own share one: each counts in a range of its own.
        let number =
            if object.key_prefix.is_none() { number + (u64::from(object.index.0) << 32) } else { number };
        Id::from_number(object.record_prefix, pod, number)
    }

    pub(crate) fn next_auto_number(&mut self, object: &Object, position: usize) -> u64 {
        self.state.table_mut(object.index).next_auto_number(position)
    }

    /// Remembers that the user has looked at a record, or has only come across it. Nothing else changes, and nobody is told.
    pub fn mark_seen(&mut self, object: &Object, record: &Record, viewed: bool) {
        let Some(recently_viewed) = self.state.standing.schema.object(RECENTLY_VIEWED).cloned() else {
            return;
        };
        let (user, now) = (self.user, self.now.whole_seconds());
        self.state.views_mut().mark(&Sight {
            user,
            object,
            record,
            recently_viewed: &recently_viewed,
            viewed,
            now,
        });
    }

    /// Stores a record: new, or the next version of one.
    pub(crate) fn put(&mut self, object: &Object, edit: &Edit) {
        let (before, after) = self.state.table_mut(object.index).put(edit.build());
        let kind = if before.is_some() { ChangeKind::Updated } else { ChangeKind::Created };
        self.note(kind, object.index, edit.id(), before, Some(after));
    }

    /// Stores a record past every rule of a save: for tests and benches that need rows as they say.
    pub fn put_unchecked(&mut self, object: &Object, edit: &Edit) {
        self.put(object, edit);
    }

    /// Moves a live record to the recycle bin; `record` is how it looks there, `fell_with` whose deletion it is, and
    /// `emptied` what that did to lookups.
    pub(crate) fn delete(&mut self, object: &Object, record: Record, fell_with: Id, emptied: Vec<Emptied>) {
        let id = record.id();
        let before = self.state.table_mut(object.index).take(id);
        let binned = Binned {
            record: Shared::clone(&record),
            deleted_at: self.now,
            fell_with,
            emptied: emptied.into(),
        };
        let oldest = self.state.oldest_in_bin.map_or(self.now, |oldest| oldest.min(self.now));
        self.state.oldest_in_bin = Some(oldest);
        self.state.table_mut(object.index).throw_in_bin(binned);
        self.note(ChangeKind::Deleted, object.index, id, before, Some(record));
    }

    /// Brings a record back from the recycle bin.
    pub(crate) fn undelete(&mut self, object: &Object, edit: &Edit) {
        let before = self.state.table_mut(object.index).take_from_bin(edit.id()).map(|binned| binned.record);
        let (_, after) = self.state.table_mut(object.index).put(edit.build());
        self.note(ChangeKind::Undeleted, object.index, edit.id(), before, Some(after));
    }

    /// Takes a record out of the recycle bin for good.
    pub(crate) fn purge(&mut self, object: &Object, id: Id) {
        let before = self.state.table_mut(object.index).take_from_bin(id).map(|binned| binned.record);
        self.note(ChangeKind::Purged, object.index, id, before, None);
    }

    /// Takes a platform event in: for the commit, or to be out at once.
    pub(crate) fn publish(&mut self, event: Published, after_commit: bool) {
        if after_commit { self.events.push(event) } else { self.immediate.push(event) }
    }

    /// The next platform event is known by this name; without one, by that which the bus gives.
    pub fn name_next_event(&mut self, name: Option<&str>) {
        self.event_name = name.map(Arc::from);
    }

    pub(crate) fn take_event_name(&mut self) -> Option<Arc<str>> {
        self.event_name.take()
    }

    /// How many platform events were taken in so far.
    pub(crate) fn published(&self) -> u64 {
        u64::try_from(self.events.len() + self.immediate.len()).unwrap_or(u64::MAX)
    }

    /// The events that are out although the transaction failed.
    pub(crate) fn take_immediate(&mut self) -> Vec<Published> {
        std::mem::take(&mut self.immediate)
    }

    /// Which API was asked, as change events tell it: `com/salesforce/api/rest/66.0;client=…`.
    pub fn set_origin(&mut self, origin: impl Into<String>) {
        self.origin = origin.into();
    }

    /// Whether push topics tell nobody of what follows: what a bulk job or a cascade does. Answers how it was before.
    pub fn set_silent(&mut self, silent: bool) -> bool {
        std::mem::replace(&mut self.silent, silent)
    }

    /// Whether the user's permissions count.
    #[must_use]
    pub fn is_enforcing(&self) -> bool {
        self.enforcing
    }

    /// Whether what follows is held to the user's permissions; answers how it was before. Off, the org itself acts.
    pub fn set_enforcing(&mut self, enforcing: bool) -> bool {
        std::mem::replace(&mut self.enforcing, enforcing)
    }

    /// Whose permissions the next verb is held to: nobody's when the org acts itself, when a save is under way (triggers,
    /// flows and workflow run above permissions), or when there is nothing that the user may not do.
    #[must_use]
    pub fn viewer(&self) -> Option<Arc<Viewer>> {
        if !self.enforcing || !self.saving.is_empty() {
            return None;
        }
        let unlimited = self.state.ask_viewer(self.user, Viewer::is_unlimited);
        (!unlimited).then(|| self.state.viewer(self.user))
    }

    /// Whether the user has a system permission; the org itself has all but those that bend rules.
    #[must_use]
    pub fn user_may(&self, permission: &str) -> bool {
        self.enforcing && self.state.ask_viewer(self.user, |viewer| viewer.may(permission))
    }

    fn note(
        &mut self,
        kind: ChangeKind,
        object: ObjectIx,
        id: Id,
        before: Option<Shared>,
        after: Option<Shared>,
    ) {
        self.pending.push(Change {
            seq: 0,
            at: self.now,
            transaction: self.number,
            user: self.user,
            kind,
            object,
            id,
            before,
            after,
            silent: self.silent,
        });
    }

    /// What the world outside is told: one change a record, however often the transaction touched it.
    /// Its events are part of the state that it makes.
    pub(crate) fn commit(mut self) -> (State, Vec<Arc<Change>>) {
        let merged = merged::merge(std::mem::take(&mut self.pending));
        let changes = merged.into_iter().map(|change| self.state.log.append(change)).collect::<Vec<_>>();
        streaming::on_commit(&mut self.state, &changes, &self.origin);
        self.immediate.append(&mut self.events);
        streaming::publish_events(&mut self.state, self.immediate);
        (self.state, changes)
    }
}
