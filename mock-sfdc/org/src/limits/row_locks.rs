//! Rows that somebody outside of the org's own transactions has locked: a test plays the batch job or the long trigger that
//! holds them. Transactions of this org never meet each other, because one follows the other.
//!
//! Who wants such a row waits up to 10 seconds by the org's clock, and is then told `UNABLE_TO_LOCK_ROW`
//! (`contract/behaviour.md` section 10). The waiting is the face's; see [`crate::Org::attempt`].

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::id::Id;

/// The locks of one org.
#[derive(Default)]
pub struct RowLocks(Mutex<List>);

#[derive(Default)]
struct List {
    holders: BTreeMap<u64, Arc<BTreeSet<Id>>>,
    last: u64,
    /// All rows of all holders; `None` when there are none.
    all: Option<Arc<BTreeSet<Id>>>,
    listeners: Vec<Arc<dyn Fn() + Send + Sync>>,
}

impl fmt::Debug for RowLocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RowLocks").field(&self.list().holders).finish()
    }
}

/// Rows that stay locked until this is dropped.
#[derive(Debug)]
#[must_use = "the rows are free again as soon as this is dropped"]
pub struct HeldRows {
    locks: Arc<RowLocks>,
    holder: u64,
}

impl RowLocks {
    /// Locks rows for as long as the answer lives.
    pub fn hold(self: &Arc<Self>, rows: impl IntoIterator<Item = Id>) -> HeldRows {
        HeldRows { holder: self.lock(rows), locks: Arc::clone(self) }
    }

    /// Locks rows until they are released by the number that this gives.
    pub fn lock(&self, rows: impl IntoIterator<Item = Id>) -> u64 {
        let mut list = self.list();
        list.last += 1;
        let holder = list.last;
        list.holders.insert(holder, Arc::new(rows.into_iter().collect()));
        list.join();
        holder
    }

    /// Frees the rows of one holder; whether there was one.
    pub fn release(&self, holder: u64) -> bool {
        let found = {
            let mut list = self.list();
            let found = list.holders.remove(&holder).is_some();
            list.join();
            found
        };
        self.tell();
        found
    }

    pub fn release_all(&self) {
        {
            let mut list = self.list();
            list.holders.clear();
            list.join();
        }
        self.tell();
    }

    /// Who holds which rows.
    #[must_use]
    pub fn holders(&self) -> Vec<(u64, Arc<BTreeSet<Id>>)> {
        self.list().holders.iter().map(|(holder, rows)| (*holder, Arc::clone(rows))).collect()
    }

    /// All locked rows; `None` when there are none.
    #[must_use]
    pub fn all(&self) -> Option<Arc<BTreeSet<Id>>> {
        self.list().all.clone()
    }

    /// Calls `listener` whenever rows become free.
    pub fn on_release(&self, listener: impl Fn() + Send + Sync + 'static) {
        self.list().listeners.push(Arc::new(listener));
    }

    fn tell(&self) {
        let listeners = self.list().listeners.clone();
        for listener in &listeners {
            listener();
        }
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl List {
    fn join(&mut self) {
        let all = self.holders.values().flat_map(|rows| rows.iter().copied()).collect::<BTreeSet<_>>();
        self.all = (!all.is_empty()).then(|| Arc::new(all));
    }
}

impl Drop for HeldRows {
    fn drop(&mut self) {
        self.locks.release(self.holder);
    }
}
