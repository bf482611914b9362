//! Everything an org remembers, as one persistent value: cloning it is O(1), and a clone never sees what happens to the
//! original. Transactions, savepoints, query cursors, snapshots and forks are all that one clone.

pub mod index;
pub mod log;
mod record;
mod recycle_bin;
mod rows;
mod runs;
mod sequence;
mod table;
mod tables;
mod transaction;
mod views;

use std::sync::Arc;

use imbl::Vector;

pub(crate) use self::sequence::Sequence;
use self::tables::Tables;
use self::views::{Seen, Views};
pub use self::{
    log::{Change, ChangeKind, Log},
    record::{Edit, Record, Shared},
    recycle_bin::{Binned, Emptied},
    table::Table,
    transaction::{Savepoint, Transaction},
    views::RECENTLY_VIEWED,
};
use crate::{
    access::{
        Access,
        permissions::{PermissionSettings, Viewer, Viewers},
    },
    bulk::Jobs,
    hooks::Hooks,
    id::Id,
    mail::Mail,
    outbound::Outbound,
    rules::Rules,
    schema::{Object, ObjectIx, Schema},
    settings::Settings,
    streaming::Streams,
    time_triggers::TimeTriggers,
    value::{DateTime, Value},
};

/// One moment of an org.
#[derive(Debug, Clone)]
pub struct State {
    schema: Schema,
    tables: Tables,
    log: Log,
    settings: Arc<Settings>,
    access: Arc<Access>,
    viewers: Viewers,
    rules: Arc<Rules>,
    hooks: Arc<Hooks>,
    streams: Arc<Streams>,
    outbound: Arc<Outbound>,
    time_triggers: Arc<TimeTriggers>,
    bulk: Arc<Jobs>,
    mails: Vector<Arc<Mail>>,
    views: Views,
    /// The views of the user who looks at this moment of the org: see [`State::seen_by`].
    seen: Seen,
    /// When the first of all that lies in the recycle bin was deleted, or a moment before.
    oldest_in_bin: Option<DateTime>,
}

impl State {
    /// An org with a schema and no record at all, not even a user.
    #[must_use]
    pub fn empty(schema: Schema, settings: Settings) -> Self {
        let mut tables = Tables::default();
        schema.objects().for_each(|object| tables.grow(object));
        Self {
            viewers: Viewers::new(&schema),
            schema,
            tables,
            log: Log::default(),
            settings: Arc::new(settings),
            access: Arc::default(),
            rules: Arc::default(),
            hooks: Arc::default(),
            streams: Arc::default(),
            outbound: Arc::default(),
            time_triggers: Arc::default(),
            bulk: Arc::default(),
            mails: Vector::new(),
            views: Views::default(),
            seen: Seen::default(),
            oldest_in_bin: None,
        }
    }

    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    #[must_use]
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// What a user may do and see: computed once, until a row that says so changes.
    #[must_use]
    pub fn viewer(&self, user: Id) -> Arc<Viewer> {
        self.viewers.of(self, user)
    }

    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    #[must_use]
    pub fn hooks(&self) -> &Hooks {
        &self.hooks
    }

    /// Outbound messages that wait, were delivered or were given up.
    #[must_use]
    pub fn outbound(&self) -> &Outbound {
        &self.outbound
    }

    /// Workflow actions that wait for their moment.
    #[must_use]
    pub fn time_triggers(&self) -> &TimeTriggers {
        &self.time_triggers
    }

    /// Jobs of the Bulk APIs.
    #[must_use]
    pub fn bulk(&self) -> &Jobs {
        &self.bulk
    }

    /// The same moment without the jobs: what a job keeps of it must not keep other jobs.
    #[must_use]
    pub(crate) fn without_jobs(&self) -> Self {
        Self { bulk: Arc::default(), ..self.clone() }
    }

    #[must_use]
    pub fn streams(&self) -> &Streams {
        &self.streams
    }

    /// What the org has mailed, oldest first.
    pub fn mails(&self) -> impl Iterator<Item = &Arc<Mail>> {
        self.mails.iter()
    }

    /// The same moment, as this user has looked at it.
    #[must_use]
    pub fn seen_by(&self, user: Id) -> Self {
        Self { seen: self.views.of(user), ..self.clone() }
    }

    /// When the user of [`State::seen_by`] looked at a record: a row of `RecentlyViewed`.
    #[must_use]
    pub fn sight_of(&self, id: Id) -> Option<&Shared> {
        self.seen.get(&id)
    }

    /// What the user of [`State::seen_by`] has looked at, and is still there.
    pub fn sights(&self) -> impl Iterator<Item = &Shared> {
        self.seen.values().filter(|row| self.find(row.id()).is_some())
    }

    #[must_use]
    pub fn table(&self, object: ObjectIx) -> &Table {
        self.tables.get(object)
    }

    /// A live record of whatever object its id names.
    #[must_use]
    pub fn find(&self, id: Id) -> Option<(&Arc<Object>, &Shared)> {
        self.objects_of(id).find_map(|object| Some((object, self.table(object.index).get(id)?)))
    }

    /// The objects that an id may belong to: nearly always one, but the set-up picklists share a prefix.
    pub fn objects_of(&self, id: Id) -> impl Iterator<Item = &Arc<Object>> {
        let prefix = id.prefix();
        let first = self.schema.by_prefix(prefix);
        let shared = first.filter(|object| object.key_prefix.is_none()).map(move |first| {
            self.schema
                .objects()
                .filter(move |object| object.record_prefix == prefix && object.index != first.index)
        });
        first.into_iter().chain(shared.into_iter().flatten())
    }

    /// The object that a record is or was of; without one, what its id says.
    #[must_use]
    pub fn object_of(&self, id: Id) -> Option<&Arc<Object>> {
        let found = self.find(id).map(|(object, _)| object);
        let found = found.or_else(|| self.find_deleted(id).map(|(object, _)| object));
        found.or_else(|| self.objects_of(id).next())
    }

    /// Live records whose field holds `value`: by index where there is one, else by a walk over all rows.
    #[must_use]
    pub fn lookup(&self, object: &Object, position: usize, value: &Value) -> Vec<Shared> {
        let table = self.table(object.index);
        let case_sensitive = object.field_at(position).is_some_and(|field| field.case_sensitive);
        let same = |record: &&Shared| record.get(position).same(value, case_sensitive);
        match table.index(position) {
            Some(index) => {
                index.candidates(value).filter_map(|id| table.get(id)).filter(same).cloned().collect()
            }
            None => table.rows().filter(same).cloned().collect(),
        }
    }

    /// This moment with objects beside the org's own, and rows of them: what a query over set-up asks and no table keeps.
    #[must_use]
    pub fn beside(&self, schema: Schema, rows: impl IntoIterator<Item = (ObjectIx, Edit)>) -> Self {
        let mut state = self.clone();
        state.set_schema(schema);
        for (object, edit) in rows {
            state.table_mut(object).put(edit.build());
        }
        state
    }

    /// Begins the log and the mails anew: what a seed did is nobody's news.
    pub(crate) fn forget_history(&mut self) {
        self.log = Log::default();
        self.mails = Vector::new();
    }

    /// Lets a row hold computed values, for a state that one query runs over; deleted rows stay deleted.
    pub(crate) fn put_computed(&mut self, object: ObjectIx, id: Id, edit: &Edit) {
        let table = self.table_mut(object);
        if let Some(binned) = table.binned(id).cloned() {
            table.throw_in_bin(Binned { record: Arc::new(edit.build()), ..binned });
        } else {
            table.put(edit.build());
        }
    }

    /// Puts a record in the place of the one that is `old`, as if it had always been so.
    pub(crate) fn replace(&mut self, object: &Object, old: Id, edit: &Edit) {
        let table = self.table_mut(object.index);
        if old != edit.id() {
            table.take(old);
        }
        table.put(edit.build());
    }

    pub(crate) fn settings_mut(&mut self) -> &mut Settings {
        Arc::make_mut(&mut self.settings)
    }

    pub(crate) fn access_mut(&mut self) -> &mut Access {
        Arc::make_mut(&mut self.access)
    }

    /// Settings that decide who may do what: whoever takes them means to change them.
    pub(crate) fn permissions_mut(&mut self) -> &mut PermissionSettings {
        self.viewers.forget();
        self.access_mut().permissions_mut()
    }

    pub(crate) fn rules_mut(&mut self) -> &mut Rules {
        Arc::make_mut(&mut self.rules)
    }

    pub(crate) fn hooks_mut(&mut self) -> &mut Hooks {
        Arc::make_mut(&mut self.hooks)
    }

    pub(crate) fn outbound_mut(&mut self) -> &mut Outbound {
        Arc::make_mut(&mut self.outbound)
    }

    pub(crate) fn time_triggers_mut(&mut self) -> &mut TimeTriggers {
        Arc::make_mut(&mut self.time_triggers)
    }

    pub(crate) fn bulk_mut(&mut self) -> &mut Jobs {
        Arc::make_mut(&mut self.bulk)
    }

    pub(crate) fn streams_mut(&mut self) -> &mut Streams {
        Arc::make_mut(&mut self.streams)
    }

    pub(crate) fn push_mail(&mut self, mail: Mail) {
        self.mails.push_back(Arc::new(mail));
    }

    /// Takes over a schema that has grown: existing objects and positions stay where they are.
    pub(crate) fn set_schema(&mut self, schema: Schema) {
        for object in schema.objects() {
            self.tables.grow(object);
        }
        self.viewers = Viewers::new(&schema);
        self.schema = schema;
    }

    pub(crate) fn views(&self) -> &Views {
        &self.views
    }

    pub(crate) fn views_mut(&mut self) -> &mut Views {
        &mut self.views
    }

    /// Puts a row into the bin as it lay there before.
    pub(crate) fn put_in_bin(&mut self, object: &Object, binned: Binned) {
        let first = self.oldest_in_bin.map_or(binned.deleted_at, |oldest| oldest.min(binned.deleted_at));
        self.oldest_in_bin = Some(first);
        self.table_mut(object.index).throw_in_bin(binned);
    }

    pub(crate) fn log_mut(&mut self) -> &mut Log {
        &mut self.log
    }

    /// Every write goes through here.
    pub(crate) fn table_mut(&mut self, object: ObjectIx) -> &mut Table {
        self.viewers.touch(object);
        self.tables.get_mut(object)
    }
}
