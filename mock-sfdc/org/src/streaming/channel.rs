//! A channel: its name, and the events that it keeps for replay.

use std::sync::Arc;

use super::{
    HOUR,
    event::{Draft, Event, Place},
};
use crate::{state::Sequence, value::DateTime};

/// How long push topics and generic channels keep events, and how long platform and change events are kept
/// (`contract/streaming.md` section 4).
const RETENTION: i64 = 24 * HOUR;
const RETENTION_ON_THE_BUS: i64 = 72 * HOUR;

/// What one channel remembers. It outlives its topic: replay ids of a name never begin again.
#[derive(Debug, Clone)]
pub struct Channel {
    name: Arc<str>,
    events: Sequence<Arc<Event>>,
    last: u64,
    /// The highest replay id that is no longer kept.
    dropped: u64,
    /// Milliseconds for which events are kept.
    retention: i64,
}

impl Channel {
    pub(super) fn new(name: Arc<str>) -> Self {
        let on_the_bus = name.starts_with("/event/") || name.starts_with("/data/");
        let retention = if on_the_bus { RETENTION_ON_THE_BUS } else { RETENTION };
        Self { name, events: Sequence::default(), last: 0, dropped: 0, retention }
    }

    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The replay id of the last event, 0 before the first one.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.last
    }

    /// The highest replay id that can no longer be had, for age or for number.
    #[must_use]
    pub fn gone(&self, now: DateTime) -> u64 {
        let expired = self.events.iter().take_while(|event| self.expired(event, now)).last();
        expired.map_or(self.dropped, |event| event.replay_id)
    }

    /// Events that can still be had, oldest first.
    pub fn retained(&self, now: DateTime) -> impl Iterator<Item = &Arc<Event>> {
        self.events.iter().skip_while(move |event| self.expired(event, now))
    }

    /// Those of them that follow a place.
    pub fn after(&self, place: Place, now: DateTime) -> impl Iterator<Item = &Arc<Event>> {
        let skip = self.events.partition_point(|event| Place::of(event) <= place);
        self.events.since(skip).skip_while(move |event| self.expired(event, now))
    }

    /// The last replay id given, and the last of those that no longer stand here.
    pub(super) fn counters(&self) -> (u64, u64) {
        (self.last, self.dropped)
    }

    pub(super) fn set_counters(&mut self, last: u64, dropped: u64) {
        (self.last, self.dropped) = (last, dropped);
    }

    /// All events that stand here, whatever their age.
    pub(crate) fn events(&self) -> impl DoubleEndedIterator<Item = &Arc<Event>> {
        self.events.iter()
    }

    /// Puts back an event that was published before.
    pub(super) fn keep(&mut self, event: Arc<Event>) {
        self.events.push(event);
    }

    /// The first event of a name has replay id 1, as recorded ones have. A step of 0 gives the replay id of the last event
    /// again; events that share one go together.
    pub(super) fn publish(&mut self, draft: Draft, seq: u64, generation: u64, step: u64, keep: usize) {
        let replay_id = if self.last == 0 { 1 } else { self.last + step };
        let now = draft.at;
        self.last = replay_id;
        self.events.push(Arc::new(Event::new(draft, replay_id, seq, generation)));
        while self.events.len() > keep.max(1)
            || self
                .events
                .front()
                .is_some_and(|event| self.expired(event, now) || event.replay_id == self.dropped)
        {
            let Some(event) = self.events.pop_front() else { break };
            self.dropped = event.replay_id;
        }
    }

    fn expired(&self, event: &Event, now: DateTime) -> bool {
        now.millis() - event.at.millis() >= self.retention
    }
}
