//! An org: one state, one writer at a time, any number of readers that never wait.

use std::{
    collections::VecDeque,
    fmt, hint,
    ops::Deref,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use arc_swap::{ArcSwap, Guard};
use rand::{Rng, SeedableRng, rngs::ChaCha8Rng};

use crate::{
    bulk,
    clock::Clock,
    error::Result,
    held::Holds,
    hooks::{HookContext, HookPoint},
    id::Id,
    limits::Usage,
    near::Near,
    save::{self, trace::TransactionTrace},
    state::{Change, State, Transaction},
    streaming,
    value::DateTime,
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

/// How often a writer looks whether it is its turn without giving its core away, and how often it looks after that. Giving it away
/// takes as long as a tenth of a transaction.
const LOOKS_AT_ONCE: usize = 200;
const LOOKS: usize = 100;

type Watcher = Box<dyn Fn(&Org, &[Arc<Change>]) + Send + Sync>;

/// What has to be kept before it counts.
#[derive(Debug, Clone, Copy)]
pub enum Kept<'a> {
    /// A transaction made one state of the other.
    Commit { before: &'a State, after: &'a State, changes: &'a [Arc<Change>] },
    /// A state that follows from none: a beginning, a reset, a snapshot.
    Whole(&'a State),
}

type Keeper = Box<dyn Fn(Kept<'_>) + Send + Sync>;

/// One moment of an org, to be looked at. Taking one counts no reference, since every request takes several and all cores would
/// wait for the count; whoever means to keep it says so.
#[derive(Debug)]
pub struct Snapshot(Guard<Arc<State>>);

impl Snapshot {
    #[must_use]
    pub fn keep(self) -> Arc<State> {
        Guard::into_inner(self.0)
    }
}

impl From<State> for Snapshot {
    fn from(state: State) -> Self {
        Self(Guard::from_inner(Arc::new(state)))
    }
}

impl Deref for Snapshot {
    type Target = State;

    fn deref(&self) -> &State {
        &self.0
    }
}

/// How a transaction ended: its answer and its changes, or why it failed; and the state that was there before, if there is another
/// one now.
type Ended<T, E> = (Result<(T, Vec<Arc<Change>>), E>, Option<Arc<State>>);

/// One Salesforce org. A clone is another handle of the same org.
#[derive(Clone)]
pub struct Org {
    shared: Near<Shared>,
    /// The request that works through this handle, if it can wait for rows that are locked.
    attempt: Option<Arc<Attempt>>,
}

struct Shared {
    state: ArcSwap<State>,
    writer: Mutex<()>,
    clock: Clock,
    random: Random,
    watchers: Mutex<Vec<Watcher>>,
    keeper: OnceLock<Keeper>,
    /// Of how many transactions with saves the trace is kept; usually of none.
    tracing: AtomicUsize,
    traces: Mutex<VecDeque<Arc<TransactionTrace>>>,
    /// Transactions that are held open.
    held: Mutex<Holds>,
    usage: Usage,
}

/// One go at a request: see [`Org::attempt`].
#[derive(Debug, Default)]
struct Attempt {
    committed: AtomicBool,
    /// The locked rows that it came upon. From then on nothing of it counts.
    blocked: OnceLock<Vec<Id>>,
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
        let shared = Shared {
            state: ArcSwap::from_pointee(state),
            writer: Mutex::new(()),
            clock,
            random: Random::seeded(seed),
            watchers: Mutex::default(),
            keeper: OnceLock::new(),
            tracing: AtomicUsize::new(0),
            traces: Mutex::default(),
            held: Mutex::default(),
            usage: Usage::default(),
        };
        Self { shared: Near::new(Arc::new(shared)), attempt: None }
    }

    /// A handle for one go at a request that can wait. Where a transaction comes upon a locked row before anything is
    /// committed, nothing that is done through the handle counts any more, and [`Org::blocked_by`] names the rows: whoever
    /// serves the request waits for them, and has another go at all of it. Through any other handle a locked row is refused
    /// at once.
    #[must_use]
    pub fn attempt(&self) -> Self {
        Self { shared: self.shared.clone(), attempt: Some(Arc::default()) }
    }

    /// The same org for another thread: clones of what this gives are counted apart.
    #[must_use]
    pub fn apart(&self) -> Self {
        Self { shared: Near::new(Arc::clone(self.shared.shared())), attempt: None }
    }

    /// The same org for somebody who does not wait.
    #[must_use]
    pub fn at_once(&self) -> Self {
        Self { shared: self.shared.clone(), attempt: None }
    }

    /// The locked rows for which the request has to wait.
    #[must_use]
    pub fn blocked_by(&self) -> Option<&[Id]> {
        self.attempt.as_ref()?.blocked.get().map(Vec::as_slice)
    }

    /// What requests use up.
    #[must_use]
    pub fn usage(&self) -> &Usage {
        &self.shared.usage
    }

    /// The org as it is now. It never changes under the reader.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.shared.state.load())
    }

    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    #[must_use]
    pub fn random(&self) -> &Random {
        &self.shared.random
    }

    /// Runs `work` in one transaction for `user`: everything it did stands, or, when it fails, nothing. What the clock has
    /// made due happens before.
    pub fn transact<T, E>(
        &self,
        user: Id,
        work: impl FnOnce(&mut Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transact_at(None, user, work)
    }

    /// The same as if it had begun at an earlier moment.
    pub(crate) fn transact_at<T, E>(
        &self,
        began: Option<DateTime>,
        user: Id,
        work: impl FnOnce(&mut Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        let writer = self.writer();
        let mut changes = self.do_what_is_due();
        let published = self.shared.state.load().streams().published();
        let (answer, old) = self.commit(began.unwrap_or_else(|| self.shared.clock.now()), user, work);
        let news = self.shared.state.load().streams().published() != published;
        drop(writer);
        // What only the old state had is freed while others write.
        drop(old);
        match answer {
            Ok((answer, own)) => {
                changes.extend(own);
                self.tell(&changes);
                Ok(answer)
            }
            Err(error) => {
                if news || !changes.is_empty() {
                    self.tell(&changes);
                }
                Err(error)
            }
        }
    }

    /// The right to write. A transaction takes microseconds, so whoever finds it taken looks again before going to sleep, from
    /// which waking takes longer.
    fn writer(&self) -> MutexGuard<'_, ()> {
        for look in 0..LOOKS_AT_ONCE + LOOKS {
            match self.shared.writer.try_lock() {
                Ok(writer) => return writer,
                Err(TryLockError::Poisoned(poisoned)) => return poisoned.into_inner(),
                Err(TryLockError::WouldBlock) if look < LOOKS_AT_ONCE => hint::spin_loop(),
                Err(TryLockError::WouldBlock) => thread::yield_now(),
            }
        }
        self.shared.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does what has waited for a moment that the clock has passed. Whoever only reads calls it before.
    pub fn catch_up(&self) {
        self.catch_up_triggers();
        if self.shared.state.load().bulk().is_due(&self.shared.clock) {
            bulk::catch_up(self);
        }
    }

    fn catch_up_triggers(&self) {
        if !self.shared.state.load().time_triggers().is_due(&self.shared.clock) {
            return;
        }
        let writer = self.writer();
        let changes = self.do_what_is_due();
        drop(writer);
        self.tell(&changes);
    }

    /// Each time trigger in a transaction of its own; one that fails is over all the same.
    fn do_what_is_due(&self) -> Vec<Arc<Change>> {
        // Nobody waits for it: a row that is locked now ends the trigger.
        let at_once = self.at_once();
        let mut changes = Vec::new();
        while self.shared.state.load().time_triggers().is_due(&self.shared.clock) {
            let (state, now) = (self.shared.state.load_full(), self.shared.clock.now());
            let Some((_, waiting)) = state.time_triggers().waiting().next() else { break };
            let (done, _) = at_once.commit(now, waiting.user, |tx| {
                let Some(waiting) = tx.time_triggers_mut().take_due(now) else { return Ok(()) };
                let before = tx.savepoint();
                if save::perform(tx, &waiting).is_err() {
                    tx.roll_back_to(before);
                }
                Ok::<_, std::convert::Infallible>(())
            });
            let Ok(((), own)) = done;
            changes.extend(own);
        }
        changes
    }

    /// One transaction, while the writer's lock is held.
    fn commit<T, E>(
        &self,
        now: DateTime,
        user: Id,
        work: impl FnOnce(&mut Transaction) -> Result<T, E>,
    ) -> Ended<T, E> {
        let mut transaction = Transaction::begin(&self.shared.state.load(), now, user);
        transaction.respect(self.shared.usage.row_locks.all());
        let keep = self.shared.tracing.load(Ordering::Relaxed);
        if keep > 0 {
            transaction.keep_trace();
        }
        let answer = work(&mut transaction);
        if let Some(trace) = transaction.take_trace() {
            self.keep(TransactionTrace { committed: answer.is_ok(), ..trace }, keep);
        }
        if self.is_blocked(&mut transaction) {
            return (answer.map(|answer| (answer, Vec::new())), None);
        }
        let (answer, transaction) = match answer {
            Ok(answer) => (Ok(answer), transaction),
            // Platform events of an API are out, whatever becomes of the request.
            Err(error) => {
                let events = transaction.take_immediate();
                if events.is_empty() {
                    return (Err(error), None);
                }
                let mut alone = Transaction::begin(&self.shared.state.load(), now, user);
                for event in events {
                    alone.publish(event, false);
                }
                (Err(error), alone)
            }
        };
        let (state, changes) = transaction.commit();
        if let Some(keeper) = self.shared.keeper.get() {
            keeper(Kept::Commit { before: &self.shared.state.load(), after: &state, changes: &changes });
        }
        let old = self.shared.state.swap(Arc::new(state));
        if let Some(attempt) = self.attempt.as_ref().filter(|_| !changes.is_empty()) {
            attempt.committed.store(true, Ordering::Relaxed);
        }
        (answer.map(|answer| (answer, changes)), Some(old))
    }

    /// Whether the request has to wait: what its transactions did is not kept.
    fn is_blocked(&self, transaction: &mut Transaction) -> bool {
        let Some(attempt) = &self.attempt else { return false };
        let rows = transaction.take_blocked();
        if !rows.is_empty() && !attempt.committed.load(Ordering::Relaxed) {
            let _ = attempt.blocked.set(rows);
        }
        attempt.blocked.get().is_some()
    }

    /// The same within the permissions of `user`: what a client's request does. [`Org::transact`] is above permissions, as
    /// seeds, tests and the org's own machinery are.
    pub fn transact_as<T, E>(
        &self,
        user: Id,
        work: impl FnOnce(&mut Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transact(user, |tx| {
            tx.set_enforcing(true);
            work(tx)
        })
    }

    /// Registers a trigger or a flow written in Rust ([`crate::hooks`]). Fails when the org has no such object.
    pub fn on_save(
        &self,
        object: &str,
        point: HookPoint,
        name: &str,
        run: impl Fn(&mut HookContext<'_>) + Send + Sync + 'static,
    ) -> Result<(), String> {
        let admin = crate::seed::administrator(self.shared.state.load().settings());
        self.transact(admin, |tx| {
            let found = tx.state().schema().object(object).cloned();
            let found = found.ok_or_else(|| format!("the org has no object {object:?}"))?;
            if found.is_platform_event() {
                return Err(format!(
                    "{object} is a platform event: triggers that subscribe to it are not emulated"
                ));
            }
            tx.hooks_mut().add(&found, point, name, run);
            Ok(())
        })
    }

    /// Keeps what saves did of so many transactions from now on, the last ones; 0 keeps none.
    pub fn trace_saves(&self, transactions: usize) {
        self.shared.tracing.store(transactions, Ordering::Relaxed);
        let mut traces = self.traces();
        let surplus = traces.len().saturating_sub(transactions);
        traces.drain(..surplus);
    }

    /// Of how many transactions the trace is kept.
    #[must_use]
    pub fn traced_transactions(&self) -> usize {
        self.shared.tracing.load(Ordering::Relaxed)
    }

    /// What saves did, oldest transaction first: those that were refused too.
    #[must_use]
    pub fn saves(&self) -> Vec<Arc<TransactionTrace>> {
        self.traces().iter().cloned().collect()
    }

    fn keep(&self, trace: TransactionTrace, most: usize) {
        if trace.saves.is_empty() {
            return;
        }
        let mut traces = self.traces();
        traces.push_back(Arc::new(trace));
        let surplus = traces.len().saturating_sub(most);
        traces.drain(..surplus);
    }

    fn traces(&self) -> MutexGuard<'_, VecDeque<Arc<TransactionTrace>>> {
        self.shared.traces.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn holds(&self) -> MutexGuard<'_, Holds> {
        self.shared.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a whole state in place: a reset, or the restoration of a snapshot.
    pub fn restore(&self, mut state: State) {
        let writer = self.writer();
        state.streams_mut().succeed(self.shared.state.load().streams());
        if let Some(keeper) = self.shared.keeper.get() {
            keeper(Kept::Whole(&state));
        }
        self.shared.state.store(Arc::new(state));
        drop(writer);
        self.tell(&[]);
    }

    /// From now on `keeper` is given each state before anybody sees it, in order, beginning with the present one; what it does
    /// not return from has not happened. The first keeper stays.
    pub fn keep_with(&self, keeper: impl Fn(Kept<'_>) + Send + Sync + 'static) {
        let _writer = self.writer();
        self.shared.keeper.get_or_init(|| Box::new(keeper))(Kept::Whole(&self.shared.state.load()));
    }

    /// Calls `watcher` after each commit with the org, which it must not hold itself, and the records that were changed, if any; after
    /// a restore with none.
    pub fn on_commit(&self, watcher: impl Fn(&Self, &[Arc<Change>]) + Send + Sync + 'static) {
        self.shared.watchers.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(watcher));
    }

    fn tell(&self, changes: &[Arc<Change>]) {
        for watcher in self.shared.watchers.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            watcher(self, changes);
        }
    }
}
