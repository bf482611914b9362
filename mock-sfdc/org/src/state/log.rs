//! The change log: what every committed transaction did, in order. Events, replication, assertions and the control API
//! read it; folding it over the state it began with gives the present state.

use std::sync::Arc;

use super::{record::Shared, sequence::Sequence};
use crate::{id::Id, schema::ObjectIx, value::DateTime};

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum ChangeKind {
    Created,
    Updated,
    Deleted,
    Undeleted,
    /// Gone from the recycle bin, by hand, by age or by a hard delete.
    Purged,
}

/// One record's change in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Counts up by one, over all objects.
    pub seq: u64,
    pub at: DateTime,
    /// The transaction that it was part of.
    pub transaction: u64,
    pub user: Id,
    pub kind: ChangeKind,
    pub object: ObjectIx,
    pub id: Id,
    pub before: Option<Shared>,
    pub after: Option<Shared>,
    /// No event tells of it: a bulk job, a cascade (`contract/streaming.md` section 5).
    pub silent: bool,
}

/// The log of an org since it was seeded.
#[derive(Debug, Clone, Default)]
pub struct Log {
    changes: Sequence<Arc<Change>>,
    next_seq: u64,
    transactions: u64,
}

impl Log {
    /// Changes with `seq` of at least `from`.
    #[must_use]
    pub fn since(&self, from: u64) -> impl DoubleEndedIterator<Item = &Arc<Change>> {
        let first = self.changes.front().map_or(0, |change| change.seq);
        self.changes.since(usize::try_from(from.saturating_sub(first)).unwrap_or(usize::MAX))
    }

    /// The number that the next change will carry.
    #[must_use]
    pub fn next_seq(&self) -> u64 {
        self.next_seq
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The number of the next change, and how many transactions there were.
    pub(crate) fn counters(&self) -> (u64, u64) {
        (self.next_seq, self.transactions)
    }

    pub(crate) fn set_counters(&mut self, next_seq: u64, transactions: u64) {
        (self.next_seq, self.transactions) = (next_seq, transactions);
    }

    /// Adds a change that was logged before, under its own number.
    pub(crate) fn take_back(&mut self, change: Change) {
        self.changes.push(Arc::new(change));
    }

    pub(super) fn begin_transaction(&mut self) -> u64 {
        self.transactions += 1;
        self.transactions
    }

    pub(super) fn append(&mut self, mut change: Change) -> Arc<Change> {
        change.seq = self.next_seq;
        self.next_seq += 1;
        let change = Arc::new(change);
        self.changes.push(Arc::clone(&change));
        change
    }
}
