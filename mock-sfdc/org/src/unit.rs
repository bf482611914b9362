//! A unit of work: several requests that are one transaction (a composite request with `allOrNone`, a graph). Each is written
//! as if it were alone: it looks at a state and it transacts. Within a unit it sees what those before it have done, nobody else
//! sees anything until all have ended, and the whole is kept or dropped.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    Org, Random, Snapshot, clock::Clock, id::Id, limits::Usage, state::Transaction, value::DateTime,
};

/// One transaction that waits for more. While it is open, whoever else writes to the org waits for it.
#[derive(Debug)]
pub struct Unit(Mutex<Transaction>);

impl Org {
    /// Runs `work` in one transaction for `user` that several requests can share: what they did stands, or, when it fails,
    /// nothing. What is asked of the org itself meanwhile, and not of the unit, must not be a transaction.
    pub fn unit<T, E>(&self, user: Id, work: impl FnOnce(&Arc<Unit>) -> Result<T, E>) -> Result<T, E> {
        self.transact(user, |tx| {
            let lent = Transaction::begin(tx.state(), tx.now(), user);
            let unit = Arc::new(Unit(Mutex::new(mem::replace(tx, lent))));
            let answer = work(&unit);
            mem::swap(tx, &mut unit.transaction());
            answer
        })
    }
}

impl Unit {
    fn transaction(&self) -> MutexGuard<'_, Transaction> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The org as a request works on it: the org itself, or the unit that the request is part of.
#[derive(Debug, Clone, Copy)]
pub struct Work<'a> {
    org: &'a Org,
    unit: Option<&'a Unit>,
}

impl<'a> From<&'a Org> for Work<'a> {
    fn from(org: &'a Org) -> Self {
        Self { org, unit: None }
    }
}

impl<'a> Work<'a> {
    #[must_use]
    pub fn on(org: &'a Org, unit: Option<&'a Unit>) -> Self {
        Self { org, unit }
    }

    /// The org as the request sees it now.
    #[must_use]
    pub fn snapshot(self) -> Snapshot {
        match self.unit {
            None => self.org.snapshot(),
            Some(unit) => unit.transaction().state().clone().into(),
        }
    }

    #[must_use]
    pub fn clock(self) -> &'a Clock {
        self.org.clock()
    }

    #[must_use]
    pub fn random(self) -> &'a Random {
        self.org.random()
    }

    /// [`Org::usage`]
    #[must_use]
    pub fn usage(self) -> &'a Usage {
        self.org.usage()
    }

    /// [`Org::everything_committed_before`]
    #[must_use]
    pub fn everything_committed_before(self) -> DateTime {
        self.org.everything_committed_before()
    }

    /// [`Org::transact`]; in a unit a part of its transaction, undone alone when it fails.
    pub fn transact<T, E>(
        self,
        user: Id,
        work: impl FnOnce(&mut Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        let Some(unit) = self.unit else { return self.org.transact(user, work) };
        let mut tx = unit.transaction();
        let before = tx.savepoint();
        let answer = work(&mut tx);
        if answer.is_err() {
            tx.roll_back_to(before);
        }
        answer
    }

    /// [`Org::transact_as`], likewise.
    pub fn transact_as<T, E>(
        self,
        user: Id,
        work: impl FnOnce(&mut Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transact(user, |tx| {
            let before = tx.set_enforcing(true);
            let answer = work(tx);
            tx.set_enforcing(before);
            answer
        })
    }
}
