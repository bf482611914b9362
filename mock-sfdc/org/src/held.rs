//! Transactions that a test holds open. A real org commits some time after it has stamped; here both are one, so whoever wants
//! to see what a client makes of the time between holds it open.

use std::collections::BTreeMap;

use crate::{Org, id::Id, state::Transaction, value::DateTime};

/// The transactions of an org that are held open.
#[derive(Debug, Default)]
pub(crate) struct Holds {
    /// How many there ever were.
    count: u64,
    /// When those that are still open began.
    began: BTreeMap<u64, DateTime>,
}

/// A transaction that has begun and not ended. Nothing waits for it; dropping it rolls it back.
#[derive(Debug)]
pub struct HeldTransaction<'a> {
    org: &'a Org,
    number: u64,
    began: DateTime,
}

impl Org {
    /// Begins a transaction now, by the org's clock, and holds it open.
    #[must_use]
    pub fn hold_transaction(&self) -> HeldTransaction<'_> {
        let (number, began) = self.hold();
        HeldTransaction { org: self, number, began }
    }

    /// The same for whoever cannot keep what borrows from the org: its number, and when it began.
    #[must_use]
    pub fn hold(&self) -> (u64, DateTime) {
        let began = self.clock().now();
        let mut holds = self.holds();
        holds.count += 1;
        let number = holds.count;
        holds.began.insert(number, began);
        (number, began)
    }

    /// Rolls a held transaction back; whether there was one of this number.
    #[must_use]
    pub fn release(&self, number: u64) -> bool {
        self.holds().began.remove(&number).is_some()
    }

    /// The moment before which every transaction that has begun is over.
    #[must_use]
    pub fn everything_committed_before(&self) -> DateTime {
        let now = self.clock().now();
        self.holds().began.values().copied().fold(now, DateTime::min)
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
        let _ = self.org.release(self.number);
    }
}
