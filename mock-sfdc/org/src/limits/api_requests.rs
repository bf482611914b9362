//! API requests in the 24 hours that end now: a window that rolls by the org's clock, not a day of the calendar.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::value::DateTime;

const MINUTE: i64 = 60 * 1000;
const WINDOW: i64 = 24 * 60;

/// Counted to the minute.
#[derive(Debug, Default)]
pub struct ApiRequests(Mutex<Minutes>);

#[derive(Debug, Default)]
struct Minutes {
    counts: BTreeMap<i64, u64>,
    /// The sum of `counts`.
    sum: u64,
}

impl Minutes {
    /// Forgets what lies outside of the window.
    fn roll(&mut self, now: i64) {
        while let Some(oldest) = self.counts.first_entry().filter(|entry| *entry.key() <= now - WINDOW) {
            self.sum -= oldest.remove();
        }
    }
}

impl ApiRequests {
    /// Counts one request, unless `most` are used up: a refused one uses nothing.
    #[must_use]
    pub fn admit(&self, now: DateTime, most: u64) -> bool {
        let now = minute(now);
        let mut minutes = self.minutes();
        minutes.roll(now);
        if minutes.sum >= most {
            return false;
        }
        *minutes.counts.entry(now).or_default() += 1;
        minutes.sum += 1;
        true
    }

    #[must_use]
    pub fn used(&self, now: DateTime) -> u64 {
        let mut minutes = self.minutes();
        minutes.roll(minute(now));
        minutes.sum
    }

    /// As if so many had come at this moment, and none before.
    pub fn set_used(&self, now: DateTime, used: u64) {
        *self.minutes() = Minutes { counts: BTreeMap::from([(minute(now), used)]), sum: used };
    }

    fn minutes(&self) -> MutexGuard<'_, Minutes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
