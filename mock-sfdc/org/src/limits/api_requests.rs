//! API requests in the 24 hours that end now: a window that rolls by the org's clock, not a day of the calendar.
//!
//! Every request counts here, so a count is one atomic; the list of minutes is locked once a minute.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use crate::value::DateTime;

const MINUTE: i64 = 60 * 1000;
const WINDOW: i64 = 24 * 60;

/// Counted to the minute.
#[derive(Debug, Default)]
pub struct ApiRequests {
    /// All of the window.
    used: AtomicU64,
    /// The minute that is counted now.
    minute: AtomicI64,
    closed: Mutex<Closed>,
}

/// Minutes that are over.
#[derive(Debug, Default)]
struct Closed {
    counts: BTreeMap<i64, u64>,
    /// The sum of `counts`.
    sum: u64,
}

impl ApiRequests {
    /// Counts one request, unless `most` are used up: a refused one uses nothing.
    #[must_use]
    pub fn admit(&self, now: DateTime, most: u64) -> bool {
        self.roll(minute(now));
        let one_more = |used: u64| (used < most).then_some(used + 1);
        self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_ok()
    }

    /// How many there were.
    #[must_use]
    pub fn used(&self, now: DateTime) -> u64 {
        self.roll(minute(now));
        self.used.load(Ordering::Relaxed)
    }

    /// How many there were when the last one was counted.
    #[must_use]
    pub fn counted(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// Makes it look as if so many had been sent just now.
    pub fn set_used(&self, now: DateTime, used: u64) {
        let mut closed = self.closed();
        *closed = Closed::default();
        self.minute.store(minute(now), Ordering::Relaxed);
        self.used.store(used, Ordering::Relaxed);
    }

    /// Closes the minute that was counted when another one has come, and forgets what lies outside of the window.
    fn roll(&self, now: i64) {
        if self.minute.load(Ordering::Relaxed) == now {
            return;
        }
        let mut closed = self.closed();
        let over = self.minute.swap(now, Ordering::Relaxed);
        if over == now {
            return;
        }
        let counted = self.used.load(Ordering::Relaxed) - closed.sum;
        *closed.counts.entry(over).or_default() += counted;
        closed.sum += counted;
        while let Some(oldest) = closed.counts.first_entry().filter(|entry| *entry.key() <= now - WINDOW) {
            let count = oldest.remove();
            closed.sum -= count;
            self.used.fetch_sub(count, Ordering::Relaxed);
        }
    }

    fn closed(&self) -> MutexGuard<'_, Closed> {
        self.closed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn minute(at: DateTime) -> i64 {
    at.millis().div_euclid(MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime {
        DateTime::from_millis(minutes * MINUTE)
    }

    #[test]
    fn the_window_rolls() {
        let requests = ApiRequests::default();
        assert!(requests.admit(at(0), 2));
        assert!(requests.admit(at(60), 2));
        assert!(!requests.admit(at(61), 2));
        assert_eq!(requests.used(at(61)), 2, "a refused one is not counted");
        assert!(!requests.admit(at(WINDOW - 1), 2));
        assert!(requests.admit(at(WINDOW), 2), "the first one is a day old");
        assert!(!requests.admit(at(WINDOW + 59), 2));
        assert!(requests.admit(at(WINDOW + 60), 2));
        requests.set_used(at(WINDOW + 60), 7);
        assert_eq!(requests.used(at(WINDOW + 61)), 7);
        assert_eq!(requests.used(at(3 * WINDOW)), 0);
    }
}
