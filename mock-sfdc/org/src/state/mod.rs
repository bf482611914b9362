//! Everything an org remembers, as one persistent value: cloning it is O(1), and a clone never sees what happens to the
//! original. Transactions, savepoints, query cursors, snapshots and forks are all that one clone.

mod block;
pub mod index;
pub mod log;
mod merged;
mod record;
mod recycle_bin;
mod rows;
mod runs;
mod sequence;
mod set_up;
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
    standing: Arc<Standing>,
    tables: Tables,
    log: Log,
    streams: Arc<Streams>,
    /// When the first of all that lies in the recycle bin was deleted, or a moment before.
    oldest_in_bin: Option<DateTime>,
}

/// What most transactions leave as it is. It stands together, so that each of them counts one reference to all of it: counting is
/// what two cores that write in turn wait for.
#[derive(Debug, Clone)]
struct Standing {
    schema: Schema,
    settings: Arc<Settings>,
    access: Arc<Access>,
    viewers: Viewers,
    rules: Arc<Rules>,
    hooks: Arc<Hooks>,
    outbound: Arc<Outbound>,
    time_triggers: Arc<TimeTriggers>,
    bulk: Arc<Jobs>,
    mails: Vector<Arc<Mail>>,
    views: Views,
    /// The views of the user who looks at this moment of the org: see [`State::seen_by`].
    seen: Seen,
}

impl State {
    /// An org with a schema and no record at all, not even a user.
    #[must_use]
    pub fn empty(schema: Schema, settings: Settings) -> Self {
        let mut tables = Tables::default();
        schema.objects().for_each(|object| tables.grow(object));
        let standing = Standing {
            viewers: Viewers::new(&schema),
            schema,
            settings: Arc::new(settings),
            access: Arc::default(),
            rules: Arc::default(),
            hooks: Arc::default(),
            outbound: Arc::default(),
            time_triggers: Arc::default(),
            bulk: Arc::default(),
            mails: Vector::new(),
            views: Views::default(),
            seen: Seen::default(),
        };
        Self {
            standing: Arc::new(standing),
            tables,
            log: Log::default(),
            streams: Arc::default(),
            oldest_in_bin: None,
        }
    }

    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.standing.schema
    }

    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.standing.settings
    }

    #[must_use]
    pub fn access(&self) -> &Access {
        &self.standing.access
    }

    /// What a user may do and see: computed once, until a row that says so changes.
    #[must_use]
    pub fn viewer(&self, user: Id) -> Arc<Viewer> {
        self.standing.viewers.of(self, user)
    }

    /// The same for one question.
    pub fn ask_viewer<T>(&self, user: Id, ask: impl FnOnce(&Viewer) -> T) -> T {
        self.standing.viewers.look(self, user, ask)
    }

    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.standing.rules
    }

    #[must_use]
    pub fn hooks(&self) -> &Hooks {
        &self.standing.hooks
    }

    /// Outbound messages that wait, were delivered or were given up.
    #[must_use]
    pub fn outbound(&self) -> &Outbound {
        &self.standing.outbound
    }

    /// Workflow actions that wait for their moment.
    #[must_use]
    pub fn time_triggers(&self) -> &TimeTriggers {
        &self.standing.time_triggers
    }

    /// Jobs of the Bulk APIs.
    #[must_use]
    pub fn bulk(&self) -> &Jobs {
        &self.standing.bulk
    }

    /// The same moment without the jobs: what a job keeps of it must not keep other jobs.
    #[must_use]
    pub(crate) fn without_jobs(&self) -> Self {
        let mut state = self.clone();
        state.standing_mut().bulk = Arc::default();
        state
    }

    #[must_use]
    pub fn streams(&self) -> &Streams {
        &self.streams
    }

    /// What the org has mailed, oldest first.
    pub fn mails(&self) -> impl Iterator<Item = &Arc<Mail>> {
        self.standing.mails.iter()
    }

    /// The same moment, as this user has looked at it.
    #[must_use]
    pub fn seen_by(&self, user: Id) -> Self {
        let mut state = self.clone();
        let standing = state.standing_mut();
        standing.seen = standing.views.of(user);
        state
    }

    /// When the user of [`State::seen_by`] looked at a record: a row of `RecentlyViewed`.
    #[must_use]
    pub fn sight_of(&self, id: Id) -> Option<&Shared> {
        self.standing.seen.get(&id)
    }

    /// What the user of [`State::seen_by`] has looked at, and is still there.
    pub fn sights(&self) -> impl Iterator<Item = &Shared> {
        self.standing.seen.values().filter(|row| self.find(row.id()).is_some())
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
        let first = self.standing.schema.by_prefix(prefix);
        let shared = first.filter(|object| object.key_prefix.is_none()).map(move |first| {
            self.standing
                .schema
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
        self.matching(object, position, value).cloned().collect()
    }

    /// The same for whoever only looks at them.
    pub fn matching<'a>(
        &'a self,
        object: &Object,
        position: usize,
        value: &'a Value,
    ) -> impl Iterator<Item = &'a Shared> {
        let table = self.table(object.index);
        let case_sensitive = object.field_at(position).is_some_and(|field| field.case_sensitive);
        let index = table.index(position);
        let by_index = index.map(|index| index.candidates(value).filter_map(|id| table.get(id)));
        let all = index.is_none().then(|| table.rows());
        let found = by_index.into_iter().flatten().chain(all.into_iter().flatten());
        found.filter(move |record| record.get(position).same(value, case_sensitive))
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
        self.standing_mut().mails = Vector::new();
    }

    /// Lets a row hold computed values, for a state that one query runs over; deleted rows stay deleted.
    pub(crate) fn put_computed(&mut self, object: ObjectIx, id: Id, edit: &Edit) {
        let table = self.table_mut(object);
        if let Some(binned) = table.binned(id).cloned() {
            table.throw_in_bin(Binned { record: edit.build(), ..binned });
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

    fn standing_mut(&mut self) -> &mut Standing {
        Arc::make_mut(&mut self.standing)
    }

    pub(crate) fn settings_mut(&mut self) -> &mut Settings {
        Arc::make_mut(&mut self.standing_mut().settings)
    }

    pub(crate) fn access_mut(&mut self) -> &mut Access {
        Arc::make_mut(&mut self.standing_mut().access)
    }

    /// Settings that decide who may do what: whoever takes them means to change them.
    pub(crate) fn permissions_mut(&mut self) -> &mut PermissionSettings {
        self.standing_mut().viewers.forget();
        self.access_mut().permissions_mut()
    }

    pub(crate) fn rules_mut(&mut self) -> &mut Rules {
        Arc::make_mut(&mut self.standing_mut().rules)
    }

    pub(crate) fn hooks_mut(&mut self) -> &mut Hooks {
        Arc::make_mut(&mut self.standing_mut().hooks)
    }

    pub(crate) fn outbound_mut(&mut self) -> &mut Outbound {
        Arc::make_mut(&mut self.standing_mut().outbound)
    }

    pub(crate) fn time_triggers_mut(&mut self) -> &mut TimeTriggers {
        Arc::make_mut(&mut self.standing_mut().time_triggers)
    }

    pub(crate) fn bulk_mut(&mut self) -> &mut Jobs {
        Arc::make_mut(&mut self.standing_mut().bulk)
    }

    pub(crate) fn streams_mut(&mut self) -> &mut Streams {
        Arc::make_mut(&mut self.streams)
    }

    pub(crate) fn push_mail(&mut self, mail: Mail) {
        self.standing_mut().mails.push_back(Arc::new(mail));
    }

    /// Takes over a schema that has grown: existing objects and positions stay where they are.
    pub(crate) fn set_schema(&mut self, schema: Schema) {
        for object in schema.objects() {
            self.tables.grow(object);
        }
        let standing = self.standing_mut();
        standing.viewers = Viewers::new(&schema);
        standing.schema = schema;
    }

    pub(crate) fn views(&self) -> &Views {
        &self.standing.views
    }

    pub(crate) fn views_mut(&mut self) -> &mut Views {
        &mut self.standing_mut().views
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
        if self.standing.viewers.depend_on(object) {
            self.standing_mut().viewers.forget();
        }
        self.tables.get_mut(object)
    }
}
