//! One event of a channel, whatever its kind: its place, its moment, and what it tells.

use super::{
    change_event::ChangeEvent, generic::GenericEvent, platform_event::PlatformEvent, push_event::PushEvent,
};
use crate::{
    access::permissions::{Right, Viewer},
    state::State,
    value::DateTime,
};

/// What an event tells. The parts are shared with the state or with other channels, so a copy costs next to nothing.
#[derive(Debug, Clone)]
pub enum Content {
    Push(PushEvent),
    Generic(GenericEvent),
    Platform(PlatformEvent),
    Change(ChangeEvent),
}

/// An event before its channel has given it a place.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub at: DateTime,
    pub content: Content,
}

/// Where a subscriber stands in a channel: it has had everything up to here. Events can share a replay id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    replay_id: u64,
    /// Of the last event that it had; the highest number where it has had all of the replay id.
    seq: u64,
}

impl Place {
    /// Behind every event of a replay id.
    #[must_use]
    pub const fn behind(replay_id: u64) -> Self {
        Self { replay_id, seq: u64::MAX }
    }

    pub(super) const fn of(event: &Event) -> Self {
        Self { replay_id: event.replay_id, seq: event.seq }
    }

    /// Just before an event.
    #[must_use]
    pub const fn before(event: &Event) -> Self {
        Self { replay_id: event.replay_id, seq: event.seq - 1 }
    }

    #[must_use]
    pub const fn replay_id(self) -> u64 {
        self.replay_id
    }

    /// The replay id up to which everything was had.
    #[must_use]
    pub const fn complete(self) -> u64 {
        if self.seq == u64::MAX { self.replay_id } else { self.replay_id - 1 }
    }
}

/// A published event.
#[derive(Debug)]
pub struct Event {
    pub replay_id: u64,
    /// Its place among the events of all channels.
    pub seq: u64,
    /// See [`super::Streams::generation`].
    pub generation: u64,
    pub at: DateTime,
    pub content: Content,
}

impl Event {
    pub(super) fn new(draft: Draft, replay_id: u64, seq: u64, generation: u64) -> Self {
        let Draft { at, content } = draft;
        Self { replay_id, seq, generation, at, content }
    }

    /// What it tells, if it is an event of a push topic.
    #[must_use]
    pub fn push(&self) -> Option<&PushEvent> {
        if let Content::Push(event) = &self.content { Some(event) } else { None }
    }

    /// Whether it is for this subscriber: by reach of the record, by address, by rights over the event's object.
    #[must_use]
    pub fn is_for(&self, state: &State, viewer: &Viewer) -> bool {
        match &self.content {
            Content::Push(event) => event.is_within_reach(state, viewer),
            Content::Generic(event) => event.users.is_empty() || event.users.contains(&viewer.user()),
            Content::Platform(event) => viewer.allows(event.schema.object.index, Right::Read),
            Content::Change(event) => viewer.allows(event.schema.object.index, Right::ViewAll),
        }
    }
}
