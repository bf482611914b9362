//! One event: what happened to which record, as its topic tells it.

use std::sync::Arc;

use super::topic::Topic;
use crate::{
    access::permissions::{FieldAccess, Viewer},
    schema::{Field, FieldType},
    state::{Shared, State},
    value::{DateTime, Value},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum EventKind {
    Created,
    Updated,
    Deleted,
    Undeleted,
}

impl EventKind {
    /// The event's `type` on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
            Self::Undeleted => "undeleted",
        }
    }
}

/// An event before its channel has given it a place.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub at: DateTime,
    pub kind: EventKind,
    pub topic: Arc<Topic>,
    pub record: Shared,
}

/// A published event. It shares record and topic with the state, so that keeping it costs next to nothing.
#[derive(Debug)]
pub struct Event {
    pub replay_id: u64,
    /// Its place among the events of all channels.
    pub seq: u64,
    /// See [`super::Streams::generation`].
    pub generation: u64,
    pub at: DateTime,
    pub kind: EventKind,
    topic: Arc<Topic>,
    record: Shared,
}

impl Event {
    pub(super) fn new(draft: Draft, replay_id: u64, seq: u64, generation: u64) -> Self {
        let Draft { at, kind, topic, record } = draft;
        Self { replay_id, seq, generation, at, kind, topic, record }
    }

    /// The topic as it was when it happened.
    #[must_use]
    pub fn topic(&self) -> &Topic {
        &self.topic
    }

    /// The record's id, and the record as the transaction left it (for a deletion: as it was before).
    #[must_use]
    pub fn record(&self) -> &Shared {
        &self.record
    }

    /// What a subscriber is told of the record: the fields of the SELECT in its order, and of a deletion only the Id.
    pub fn fields(&self) -> impl Iterator<Item = (&Field, Value)> {
        let only_id = self.kind == EventKind::Deleted;
        self.selected().filter(move |(field, _)| !only_id || field.kind == FieldType::Id)
    }

    /// The same without what a subscriber may not read.
    pub fn fields_for(&self, viewer: &Viewer) -> impl Iterator<Item = (&Field, Value)> {
        let object = self.topic.query.as_ref().ok().map(|query| query.object);
        let hidden = self.topic.query.iter().flat_map(super::topic_query::TopicQuery::selected).filter(
            move |(position, _)| {
                object.is_some_and(|object| viewer.field(object, *position) == FieldAccess::Hidden)
            },
        );
        let hidden: Vec<&Field> = hidden.map(|(_, field)| field).collect();
        self.fields().filter(move |(field, _)| !hidden.iter().any(|unseen| unseen.name == field.name))
    }

    /// Whether a subscriber reaches the record: only then is the event for this one.
    #[must_use]
    pub fn is_within_reach(&self, state: &State, viewer: &Viewer) -> bool {
        self.topic.query.as_ref().is_ok_and(|query| viewer.sees(state, query.object, &self.record))
    }

    /// All fields of the SELECT, whatever the kind: what a filtered channel compares.
    pub fn selected(&self) -> impl Iterator<Item = (&Field, Value)> {
        self.topic.query.iter().flat_map(super::topic_query::TopicQuery::selected).map(|(position, field)| {
            let value = match field.kind {
                FieldType::Id => Value::Id(self.record.id()),
                // A checkbox has no null.
                FieldType::Boolean => Value::Bool(self.record.get(position).is_true()),
                _ => self.record.get(position).clone(),
            };
            (field, value)
        })
    }
}
