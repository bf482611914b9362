//! The recycle bin: what a deletion took away, and what it takes to bring it back (`contract/behaviour.md` section 6).

use std::sync::Arc;

use super::{State, Transaction, record::Shared};
use crate::{
    id::Id,
    schema::{Object, ObjectIx},
    value::DateTime,
};

/// Days after which the recycle bin forgets.
const DAYS: i64 = 15;

/// A deleted row, as it was when it was deleted but for `IsDeleted`.
#[derive(Debug, Clone, PartialEq)]
pub struct Binned {
    pub record: Shared,
    pub deleted_at: DateTime,
    /// The record whose deletion it was: itself, or the one that it fell with.
    pub fell_with: Id,
    /// Lookups to it that its deletion emptied.
    pub emptied: Arc<[Emptied]>,
}

/// A lookup that was emptied because its target was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emptied {
    pub object: ObjectIx,
    pub id: Id,
    pub position: usize,
}

impl Binned {
    /// Whether it still lies there at this moment of the org's clock.
    #[must_use]
    pub fn is_kept(&self, now: DateTime) -> bool {
        self.deleted_at >= oldest(now)
    }
}

/// What was deleted before this moment is gone for good.
fn oldest(now: DateTime) -> DateTime {
    DateTime::from_millis(now.millis() - DAYS * 86_400_000)
}

impl State {
    /// Everything that went into the bin with the record, itself included, in order of objects and ids.
    #[must_use]
    pub fn fallen_with(&self, root: Id) -> Vec<(Arc<Object>, Binned)> {
        self.in_bin(|binned| binned.fell_with == root)
    }

    /// A deleted record of whatever object its id names.
    #[must_use]
    pub fn find_deleted(&self, id: Id) -> Option<(&Arc<Object>, &Binned)> {
        self.objects_of(id).find_map(|object| Some((object, self.table(object.index).binned(id)?)))
    }

    fn in_bin(&self, wanted: impl Fn(&Binned) -> bool) -> Vec<(Arc<Object>, Binned)> {
        let mut found = Vec::new();
        for object in self.schema().objects() {
            let here = self.table(object.index).bin().filter(|binned| wanted(binned));
            found.extend(here.map(|binned| (Arc::clone(object), binned.clone())));
        }
        found
    }
}

impl Transaction {
    /// What has lain in the bin for its days goes for good. It costs a comparison while nothing has.
    pub(super) fn forget_expired(&mut self) {
        let limit = oldest(self.now());
        if self.state().oldest_in_bin.is_none_or(|oldest| oldest >= limit) {
            return;
        }
        let mut remaining = None;
        for (object, binned) in self.state().in_bin(|_| true) {
            if binned.deleted_at < limit {
                self.purge(&object, binned.record.id());
            } else {
                remaining = Some(remaining.map_or(binned.deleted_at, |oldest| binned.deleted_at.min(oldest)));
            }
        }
        self.state_mut().oldest_in_bin = remaining;
    }
}
