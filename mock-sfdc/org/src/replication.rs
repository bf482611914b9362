//! Data replication: what of an object has changed, and what has gone, in a span of time. REST asks it as `/updated` and
//! `/deleted`, SOAP as `getUpdated` and `getDeleted` (`contract/rest.md` section 2, `contract/soap.md` section 6).
//!
//! Both answer up to which moment they cover: a change is stamped when it is saved and seen when it is committed, so a
//! transaction that still runs holds that moment back ([`crate::Org::hold_transaction`]).

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    Snapshot, Work,
    access::permissions::Viewer,
    error::{Error, Result},
    id::Id,
    schema::Object,
    state::{ChangeKind, Record, Shared, State},
    value::{DateTime, Value},
};

const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;
/// How far back a span may begin.
const MOST_DAYS_BACK: i64 = 30;
/// For how long a deletion is remembered.
const DELETED_DAYS: i64 = 15;

/// From a moment up to another, which is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub start: DateTime,
    pub end: DateTime,
}

/// What was created or changed in a span and is still there, in order of its last change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updated {
    pub ids: Vec<Id>,
    /// Where the next span has to begin for nothing to be missed.
    pub latest_date_covered: DateTime,
}

/// What was deleted in a span and has not come back, in order of its deletion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    pub records: Vec<DeletedRecord>,
    /// When a record of the object last went for good; without any, as far back as deletions are remembered.
    pub earliest_date_available: DateTime,
    /// Where the next span has to begin for nothing to be missed.
    pub latest_date_covered: DateTime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeletedRecord {
    pub id: Id,
    pub deleted_date: DateTime,
}

/// The records of `object` that `user` sees and that were created or changed in the span.
pub fn updated<'a>(org: impl Into<Work<'a>>, user: Id, object: &Object, span: Span) -> Result<Updated> {
    let org = org.into();
    let asked = Asked::of(org, user, object, span)?;
    let stamp = ["SystemModstamp", "LastModifiedDate", "CreatedDate"]
        .into_iter()
        .find_map(|name| object.field(name).map(|(position, _)| position))
        .ok_or_else(|| not_replicateable(object))?;
    let mut changed: Vec<(DateTime, Id)> = asked
        .stamped(stamp)
        .filter(|(at, record)| asked.span.holds(*at) && asked.sees(record))
        .map(|(at, record)| (at, record.id()))
        .collect();
    changed.sort_unstable();
    asked.limit(changed.len())?;
    Ok(Updated {
        ids: changed.into_iter().map(|(_, id)| id).collect(),
        latest_date_covered: asked.latest_date_covered(org),
    })
}

/// The records of `object` that were deleted in the span, if `user` would have seen them, be they in the recycle bin or gone
/// for good.
pub fn deleted<'a>(org: impl Into<Work<'a>>, user: Id, object: &Object, span: Span) -> Result<Deleted> {
    let org = org.into();
    let asked = Asked::of(org, user, object, span)?;
    let oldest = DateTime::from_millis(org.clock().now().millis() - DELETED_DAYS * DAY);
    let history = History::of(&asked.state, object);
    let mut records: Vec<DeletedRecord> = history
        .gone
        .into_iter()
        .filter(|(_, (at, record))| *at >= oldest && asked.span.holds(*at) && asked.sees(record))
        .map(|(id, (at, _))| DeletedRecord { id, deleted_date: at.whole_seconds() })
        .collect();
    records.sort_unstable_by_key(|record| (record.deleted_date, record.id));
    asked.limit(records.len())?;
    Ok(Deleted {
        records,
        earliest_date_available: history.last_purge.unwrap_or_else(|| oldest.whole_minutes()),
        latest_date_covered: asked.latest_date_covered(org),
    })
}

fn not_replicateable(object: &Object) -> Error {
    Error::verb_not_allowed(object.name.as_str(), "replication")
}

impl Span {
    /// Seconds do not count (`contract/soap.md` section 6).
    fn checked(self, now: DateTime) -> Result<Self> {
        let span = Self { start: self.start.whole_minutes(), end: self.end.whole_minutes() };
        if span.end.millis() - span.start.millis() < MINUTE {
            return Err(Error::replication_span_too_short());
        }
        if span.start.millis() < now.millis() - MOST_DAYS_BACK * DAY - MINUTE {
            return Err(Error::replication_too_far_back(MOST_DAYS_BACK));
        }
        Ok(span)
    }

    fn holds(self, at: DateTime) -> bool {
        self.start <= at && at < self.end
    }
}

/// A question about a span, with what is needed to answer it.
struct Asked<'a> {
    state: Snapshot,
    viewer: Arc<Viewer>,
    object: &'a Object,
    span: Span,
}

impl<'a> Asked<'a> {
    fn of(org: Work<'_>, user: Id, object: &'a Object, span: Span) -> Result<Self> {
        if !object.replicateable {
            return Err(not_replicateable(object));
        }
        let span = span.checked(org.clock().now())?;
        let state = org.snapshot();
        let viewer = state.viewer(user);
        Ok(Self { state, viewer, object, span })
    }

    fn sees(&self, record: &Record) -> bool {
        self.viewer.sees(&self.state, self.object.index, record)
    }

    /// Records with the moment in the field, at least those of the span.
    fn stamped(&self, position: usize) -> Box<dyn Iterator<Item = (DateTime, &Shared)> + '_> {
        let table = self.state.table(self.object.index);
        let moment = move |record: &Shared| record.get(position).as_datetime();
        match table.index(position) {
            Some(index) => {
                let (from, to) = (Value::DateTime(self.span.start), Value::DateTime(self.span.end));
                let ids = index.range(Some(&from), Some(&to)).collect::<Vec<_>>();
                let rows = ids.into_iter().filter_map(|id| table.get(id));
                Box::new(rows.filter_map(move |record| Some((moment(record)?, record))))
            }
            None => Box::new(table.rows().filter_map(move |record| Some((moment(record)?, record)))),
        }
    }

    fn limit(&self, found: usize) -> Result<()> {
        let most = self.state.settings().most_replicated_ids;
        if found > most { Err(Error::too_many_replicated(most)) } else { Ok(()) }
    }

    fn latest_date_covered(&self, org: Work<'_>) -> DateTime {
        self.span.end.min(org.everything_committed_before()).whole_minutes()
    }
}

/// What the log tells of an object's deletions.
#[derive(Default)]
struct History {
    /// When each record that is not there was deleted, and how it looked.
    gone: BTreeMap<Id, (DateTime, Shared)>,
    last_purge: Option<DateTime>,
}

impl History {
    fn of(state: &State, object: &Object) -> Self {
        let mut history = Self::default();
        for change in state.log().since(0).filter(|change| change.object == object.index) {
            let looked = change.after.as_ref().or(change.before.as_ref());
            match change.kind {
                ChangeKind::Deleted | ChangeKind::Purged => {
                    // A purge of what lay in the bin is no second deletion; a hard delete is deletion and purge in one.
                    if let Some(record) = looked {
                        history.gone.entry(change.id).or_insert_with(|| (change.at, Shared::clone(record)));
                    }
                    if change.kind == ChangeKind::Purged {
                        history.last_purge = history.last_purge.max(Some(change.at.whole_seconds()));
                    }
                }
                ChangeKind::Undeleted => {
                    history.gone.remove(&change.id);
                }
                ChangeKind::Created | ChangeKind::Updated => {}
            }
        }
        history
    }
}
