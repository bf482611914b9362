//! An event of a push topic: what happened to which record, as its topic tells it.

use std::sync::Arc;

use super::{topic::Topic, topic_query::TopicQuery};
use crate::{
    access::permissions::{FieldAccess, Viewer},
    schema::{Field, FieldType},
    state::{Shared, State},
    value::Value,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum PushKind {
    Created,
    Updated,
    Deleted,
    Undeleted,
}

impl PushKind {
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

/// It shares record and topic with the state, so that keeping it costs next to nothing.
#[derive(Debug, Clone)]
pub struct PushEvent {
    pub kind: PushKind,
    pub(super) topic: Arc<Topic>,
    pub(super) record: Shared,
}

impl PushEvent {
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
        let only_id = self.kind == PushKind::Deleted;
        self.selected().filter(move |(field, _)| !only_id || field.kind == FieldType::Id)
    }

    /// The same without what a subscriber may not read, and masked what this one may not view.
    pub fn fields_for(&self, viewer: &Viewer) -> impl Iterator<Item = (&Field, Value)> {
        let object = self.topic.query.as_ref().ok().map(|query| query.object);
        let hidden = self.topic.query.iter().flat_map(TopicQuery::selected).filter(move |(position, _)| {
            object.is_some_and(|object| viewer.field(object, *position) == FieldAccess::Hidden)
        });
        let hidden: Vec<&Field> = hidden.map(|(_, field)| field).collect();
        let seen = move |(field, _): &(&Field, Value)| !hidden.iter().any(|unseen| unseen.name == field.name);
        self.fields().filter(seen).map(move |(field, value)| (field, viewer.shows(field, value)))
    }

    /// Whether a subscriber reaches the record: only then is the event for this one.
    pub(super) fn is_within_reach(&self, state: &State, viewer: &Viewer) -> bool {
        self.topic.query.as_ref().is_ok_and(|query| viewer.sees(state, query.object, &self.record))
    }

    /// All fields of the SELECT, whatever the kind: what a filtered channel compares.
    pub fn selected(&self) -> impl Iterator<Item = (&Field, Value)> {
        self.topic.query.iter().flat_map(TopicQuery::selected).map(|(position, field)| {
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
