//! Transactions that a test holds open. A real org commits some time after it has stamped; here both are one, so whoever wants
//! to see what a client makes of the time between holds it open.

use crate::{Org, id::Id, state::Transaction, value::DateTime};

/// A transaction that has begun and not ended. Nothing waits for it; dropping it rolls it back.
#[derive(Debug)]
pub struct HeldTransaction<'a> {
    org: &'a Org,
    number: u64,
    began: DateTime,
}

impl Org {
    /// Begins a transaction now, by the org's clock, and holds it open.
    pub fn hold_transaction(&self) -> HeldTransaction<'_> {
        let began = self.clock().now();
        let mut held = self.held();
        let number = held.last_key_value().map_or(0, |(last, _)| last + 1);
        held.insert(number, began);
        HeldTransaction { org: self, number, began }
    }

    /// The moment before which every transaction that has begun is over.
    #[must_use]
    pub fn everything_committed_before(&self) -> DateTime {
        let now = self.clock().now();
        self.held().values().copied().fold(now, DateTime::min)
    }
}

impl HeldTransaction<'_> {
    /// Does the work, stamped with the moment at which the transaction began, and commits it.
    pub fn commit<T, E>(self, user: Id, work: impl FnOnce(&mut Transaction) -> Result<T, E>) -> Result<T, E> {
        self.org.transact_at(Some(self.began), user, work)
    }
}

impl Drop for HeldTransaction<'_> {
    fn drop(&mut self) {
        self.org.held().remove(&self.number);
    }
}
