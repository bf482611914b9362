//! Requests that run for 20 seconds and more: only so many at a time, over the whole org. Shorter ones are not limited.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::value::DateTime;

/// From when on a request is a long one.
const LONG: i64 = 20_000;

/// The requests that have begun and not ended.
#[derive(Debug, Default)]
pub struct LongRequests(Mutex<List>);

#[derive(Debug, Default)]
struct List {
    began: BTreeMap<u64, DateTime>,
    next: u64,
    /// Long ones that a test says there are.
    held: u32,
}

/// A request under way; it has ended when this is dropped.
#[derive(Debug)]
pub struct UnderWay {
    list: Arc<LongRequests>,
    number: u64,
}

impl LongRequests {
    /// A request begins, unless `most` long ones run already.
    #[must_use]
    pub fn begin(self: &Arc<Self>, now: DateTime, most: u32) -> Option<UnderWay> {
        let mut list = self.list();
        if list.long(now) >= most {
            return None;
        }
        let number = list.next;
        list.next += 1;
        list.began.insert(number, now);
        drop(list);
        Some(UnderWay { list: Arc::clone(self), number })
    }

    /// How many run for long already.
    #[must_use]
    pub fn running(&self, now: DateTime) -> u32 {
        self.list().long(now)
    }

    /// As if so many more were running, until told otherwise: how a test brings about the limit.
    pub fn hold(&self, requests: u32) {
        self.list().held = requests;
    }

    #[must_use]
    pub fn held(&self) -> u32 {
        self.list().held
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl List {
    fn long(&self, now: DateTime) -> u32 {
        let long = self.began.values().filter(|began| now.millis() - began.millis() >= LONG).count();
        self.held.saturating_add(u32::try_from(long).unwrap_or(u32::MAX))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.list.list().began.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_long_ones_count_and_only_while_they_run() {
        let requests = Arc::new(LongRequests::default());
        let at = DateTime::from_millis;
        let first = requests.begin(at(0), 1).unwrap();
        assert!(requests.begin(at(19_999), 1).is_some(), "nobody runs for long yet");
        assert!(requests.begin(at(20_000), 1).is_none());
        drop(first);
        assert!(requests.begin(at(20_000), 1).is_some());
        requests.hold(1);
        assert!(requests.begin(at(0), 1).is_none());
    }
}
