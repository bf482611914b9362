//! Requests that run for 20 seconds and more: only so many at a time, over the whole org. Shorter ones are not limited.
//!
//! Every request registers here and hardly any runs for long, so each thread keeps its own list, and the lists are
//! gone through only when one of the requests may have become a long one.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU32, Ordering},
};

use crate::{
    striped::{Stripe, Striped},
    value::DateTime,
};

/// From when on a request is a long one.
const LONG: i64 = 20_000;

/// The requests that have begun and not ended.
#[derive(Debug, Default)]
pub struct LongRequests {
    began: Striped<List>,
    /// No request that runs has begun before this moment.
    floor: AtomicI64,
    /// Long ones that a test says there are.
    held: AtomicU32,
}

#[derive(Debug, Default)]
struct List {
    running: Vec<Running>,
    next: u64,
}

#[derive(Debug)]
struct Running {
    number: u64,
    began: i64,
}

/// A request under way; it has ended when this is dropped.
#[derive(Debug)]
pub struct UnderWay {
    list: Arc<Stripe<List>>,
    number: u64,
}

impl LongRequests {
    /// A request begins, unless `most` long ones run already.
    #[must_use]
    pub fn begin(&self, now: DateTime, most: u32) -> Option<UnderWay> {
        if self.running(now) >= most {
            return None;
        }
        let list = Arc::clone(self.began.mine());
        let mut mine = list.lock();
        let number = mine.next;
        mine.next += 1;
        mine.running.push(Running { number, began: now.millis() });
        drop(mine);
        Some(UnderWay { list, number })
    }

    /// How many run for long already.
    #[must_use]
    pub fn running(&self, now: DateTime) -> u32 {
        let (now, floor) = (now.millis(), self.floor.load(Ordering::Relaxed));
        // Where the clock was set back, what begins now would lie below.
        let none_is_long = floor <= now && now - floor < LONG;
        let long = if none_is_long { 0 } else { self.count(now) };
        self.held().saturating_add(long)
    }

    fn count(&self, now: i64) -> u32 {
        let lists = self.began.lock_all();
        let began = || lists.iter().flat_map(|list| &list.running).map(|running| running.began);
        self.floor.store(began().min().unwrap_or(now).min(now), Ordering::Relaxed);
        let long = began().filter(|began| now - began >= LONG).count();
        u32::try_from(long).unwrap_or(u32::MAX)
    }

    /// As if so many more were running, until told otherwise: how a test brings about the limit.
    pub fn hold(&self, requests: u32) {
        self.held.store(requests, Ordering::Relaxed);
    }

    #[must_use]
    pub fn held(&self) -> u32 {
        self.held.load(Ordering::Relaxed)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut list = self.list.lock();
        if let Some(place) = list.running.iter().rposition(|running| running.number == self.number) {
            list.running.swap_remove(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_long_ones_count_and_only_while_they_run() {
        let requests = LongRequests::default();
        let at = DateTime::from_millis;
        let first = requests.begin(at(0), 1).unwrap();
        assert!(requests.begin(at(19_999), 1).is_some(), "nobody runs for long yet");
        assert!(requests.begin(at(20_000), 1).is_none());
        drop(first);
        assert!(requests.begin(at(20_000), 1).is_some());
        requests.hold(1);
        assert!(requests.begin(at(0), 1).is_none());
    }

    #[test]
    fn a_clock_that_was_set_back_hides_none() {
        let requests = LongRequests::default();
        let at = DateTime::from_millis;
        let _late = requests.begin(at(50_000), 1).unwrap();
        let _early = requests.begin(at(0), 1).unwrap();
        assert_eq!((requests.running(at(19_999)), requests.running(at(20_000))), (0, 1));
        assert_eq!(requests.running(at(70_000)), 2);
    }
}
