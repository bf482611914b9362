//! An org: one state, one writer at a time, any number of readers that never wait.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use arc_swap::ArcSwap;
use rand::{Rng, SeedableRng, rngs::ChaCha8Rng};

use crate::{
    clock::Clock,
    error::Result,
    id::Id,
    state::{Change, State, Transaction},
    streaming,
};

/// A source of everything that is random in an org (tokens, secrets), repeatable by its seed.
#[derive(Debug)]
pub struct Random(Mutex<ChaCha8Rng>);

const ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

impl Random {
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(ChaCha8Rng::seed_from_u64(seed)))
    }

    #[must_use]
    pub fn next(&self) -> u64 {
        self.rng().next_u64()
    }

    /// So many letters and digits.
    #[must_use]
    pub fn text(&self, length: usize) -> String {
        let mut rng = self.rng();
        (0..length)
            .map(|_| {
                let place = usize::try_from(rng.next_u64() % 62).unwrap_or(0);
                char::from(ALPHABET[place])
            })
            .collect()
    }

    fn rng(&self) -> MutexGuard<'_, ChaCha8Rng> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Watcher = Box<dyn Fn(&[Arc<Change>]) + Send + Sync>;

/// One Salesforce org. Share it with an `Arc`.
pub struct Org {
    state: ArcSwap<State>,
    writer: Mutex<()>,
    clock: Clock,
    random: Random,
    watchers: Mutex<Vec<Watcher>>,
}

impl fmt::Debug for Org {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Org").field("id", &self.snapshot().settings().organization_id).finish_non_exhaustive()
    }
}

impl Org {
    #[must_use]
    pub fn new(mut state: State, clock: Clock, seed: u64) -> Self {
        streaming::adopt(&mut state);
        Self {
            state: ArcSwap::from_pointee(state),
            writer: Mutex::new(()),
            clock,
            random: Random::seeded(seed),
            watchers: Mutex::default(),
        }
    }

    /// The org as it is now. It never changes under the reader.
    #[must_use]
    pub fn snapshot(&self) -> Arc<State> {
        self.state.load_full()
    }

    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    #[must_use]
    pub fn random(&self) -> &Random {
        &self.random
    }

    /// Runs `work` in one transaction for `user`: everything it did stands, or, when it fails, nothing.
    pub fn transact<T, E>(
        &self,
        user: Id,
        work: impl FnOnce(&mut Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut transaction = Transaction::begin(&self.state.load(), self.clock.now(), user);
        let answer = work(&mut transaction)?;
        let (state, changes) = transaction.commit();
        self.state.store(Arc::new(state));
        drop(writer);
        self.tell(&changes);
        Ok(answer)
    }

    /// Puts a whole state in place: a reset, or the restoration of a snapshot.
    pub fn restore(&self, mut state: State) {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        state.streams_mut().succeed(self.state.load().streams());
        self.state.store(Arc::new(state));
        drop(writer);
        self.tell(&[]);
    }

    /// Calls `watcher` after each commit with the records that it changed, if any; after a restore with none.
    pub fn on_commit(&self, watcher: impl Fn(&[Arc<Change>]) + Send + Sync + 'static) {
        self.watchers.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(watcher));
    }

    fn tell(&self, changes: &[Arc<Change>]) {
        for watcher in self.watchers.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            watcher(changes);
        }
    }
}
