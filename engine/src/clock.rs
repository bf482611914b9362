//! Time, injected: the engine never asks the operating system itself, so that a scenario can stand at 59:59.
//!
//! Not a timer wheel: whoever waits asks the clock to wake it at an instant of the clock's own time.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::watch;

/// Where the engine's time comes from. A scenario's world implements it over the org's clock.
pub trait Clock: Debug + Send + Sync {
    fn now(&self) -> Timestamp;

    /// Resolves once `now()` has reached `at`; at once when it has already.
    fn sleep_until(&self, at: Timestamp) -> BoxFuture<'_, ()>;
}

/// `now` plus a duration, at the end of time when it would pass it.
#[must_use]
pub fn after(now: Timestamp, duration: Duration) -> Timestamp {
    now.checked_add(duration).unwrap_or(Timestamp::MAX)
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

/// A machine that was suspended, or whose clock was set, is noticed after this long at the latest.
const LONGEST_NAP: Duration = Duration::from_mins(1);

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep_until(&self, at: Timestamp) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            while let Ok(left) = Duration::try_from(at.duration_since(self.now())) {
                if left.is_zero() {
                    break;
                }
                tokio::time::sleep(left.min(LONGEST_NAP)).await;
            }
        })
    }
}

/// A clock that stands still until it is told to move; clones show the same time.
#[derive(Debug, Clone)]
pub struct ManualClock {
    time: watch::Sender<Timestamp>,
    /// The instants that sleepers wait for, one entry per sleeper.
    alarms: watch::Sender<Arc<Mutex<Vec<Timestamp>>>>,
}

impl ManualClock {
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { time: watch::Sender::new(now), alarms: watch::Sender::new(Arc::default()) }
    }

    /// Sets the time, forwards or backwards, and wakes whoever is due.
    pub fn set(&self, now: Timestamp) {
        self.time.send_replace(now);
    }

    /// Moves the time forwards and wakes whoever is due.
    pub fn advance(&self, by: Duration) {
        self.time.send_modify(|now| *now = after(*now, by));
    }

    /// The earliest instant somebody waits for, as soon as somebody waits for one that lies ahead.
    pub async fn next_alarm(&self) -> Timestamp {
        let mut alarms = self.alarms.subscribe();
        loop {
            let now = self.now();
            let next = locked(&alarms.borrow_and_update()).iter().copied().filter(|at| *at > now).min();
            if let Some(at) = next {
                return at;
            }
            if alarms.changed().await.is_err() {
                // Not reachable: `self` holds the sender. Waiting for ever is what "nobody sleeps" means.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Waits until somebody sleeps, then moves the time to the earliest instant waited for.
    pub async fn advance_to_next_alarm(&self) -> Timestamp {
        let at = self.next_alarm().await;
        self.set(at);
        at
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.time.borrow()
    }

    fn sleep_until(&self, at: Timestamp) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let mut time = self.time.subscribe();
            if *time.borrow_and_update() >= at {
                return;
            }
            let _alarm = Alarm::set(self, at);
            // The sender lives in `self`, so the wait cannot fail.
            let _ = time.wait_for(|now| *now >= at).await;
        })
    }
}

/// A sleeper's entry; gone when the sleeper wakes or is dropped.
struct Alarm<'a> {
    clock: &'a ManualClock,
    at: Timestamp,
}

impl<'a> Alarm<'a> {
    fn set(clock: &'a ManualClock, at: Timestamp) -> Self {
        clock.alarms.send_modify(|alarms| locked(alarms).push(at));
        Self { clock, at }
    }
}

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        self.clock.alarms.send_modify(|alarms| {
            let mut alarms = locked(alarms);
            if let Some(position) = alarms.iter().position(|at| *at == self.at) {
                alarms.swap_remove(position);
            }
        });
    }
}

fn locked(alarms: &Mutex<Vec<Timestamp>>) -> std::sync::MutexGuard<'_, Vec<Timestamp>> {
    alarms.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn a_sleeper_wakes_at_its_instant_and_not_before() {
        let clock = ManualClock::new(at("2026-11-21T10:00:00Z"));
        let due = at("2026-11-21T11:00:00Z");
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep_until(due).await }
        });
        assert_eq!(clock.next_alarm().await, due);
        clock.set(at("2026-11-21T10:59:59.999Z"));
        assert_eq!(clock.next_alarm().await, due, "still asleep a millisecond before");
        clock.advance(Duration::from_millis(1));
        sleeper.await.unwrap();
        assert_eq!(clock.now(), due);
    }

    #[tokio::test]
    async fn the_earliest_alarm_comes_first_and_a_dropped_sleeper_leaves_none() {
        let clock = ManualClock::new(at("2026-11-21T10:00:00Z"));
        let early = at("2026-11-21T10:01:00Z");
        let late = at("2026-11-21T10:02:00Z");
        let spawn = |due| {
            let clock = clock.clone();
            tokio::spawn(async move { clock.sleep_until(due).await })
        };
        let (one, two) = (spawn(late), spawn(early));
        while clock.next_alarm().await != early {
            tokio::task::yield_now().await;
        }
        two.abort();
        assert!(two.await.unwrap_err().is_cancelled());
        assert_eq!(clock.advance_to_next_alarm().await, late);
        one.await.unwrap();
    }

    #[tokio::test]
    async fn an_instant_that_has_passed_is_not_waited_for() {
        let clock = ManualClock::new(at("2026-11-21T10:00:00Z"));
        clock.sleep_until(at("2026-11-21T10:00:00Z")).await;
        SystemClock.sleep_until(at("2000-01-01T00:00:00Z")).await;
    }
}
