//! What a change event tells one subscriber on one channel: the fields that changed, those that the channel adds, and of them
//! what the subscriber may read.

use super::{
    change_event::{ChangeEvent, ChangeType},
    event_schema::{Carried, EventField},
};
use crate::{
    access::permissions::{FieldAccess, Viewer},
    id::Id,
    schema::Object,
    state::{Shared, State},
    value::Value,
};

/// A change event before a subscriber.
#[derive(Debug)]
pub struct Telling<'a> {
    pub event: &'a ChangeEvent,
    viewer: &'a Viewer,
    /// What the record looked like when it changed.
    record: Option<Shared>,
    /// What it looks like now: fields that the channel adds are read when the event is delivered, and tell the latest value.
    latest: Option<Shared>,
    /// The places of the fields that the channel adds.
    enriched: Vec<usize>,
}

/// A field that is told.
#[derive(Debug)]
pub struct Told<'a> {
    /// Its place in the schema.
    pub at: usize,
    pub field: &'a EventField,
    pub value: ToldValue<'a>,
}

#[derive(Debug)]
pub enum ToldValue<'a> {
    One(&'a Value),
    /// The parts that are told, by their places in the field.
    Parts(Vec<(usize, &'a Value)>),
}

impl ChangeEvent {
    /// The event as this subscriber hears it on a channel.
    #[must_use]
    pub fn telling<'a>(&'a self, state: &State, channel: &str, viewer: &'a Viewer) -> Telling<'a> {
        let object = &self.schema.object;
        let enriched = match self.header.change_type {
            ChangeType::Update | ChangeType::Delete => {
                state.streams().event_channels().enriched(channel, &self.schema)
            }
            // The others tell all there is, or nothing.
            _ => Vec::new(),
        };
        let first = self.header.record_ids.first().filter(|_| !enriched.is_empty());
        let latest = first.and_then(|id| latest(state, object, *id));
        let read = |record: &Shared| viewer.reads(object, record);
        let (record, latest) = (self.record().map(read), latest.as_ref().map(read));
        Telling { event: self, viewer, record, latest, enriched }
    }
}

/// The record, also out of the recycle bin.
fn latest(state: &State, object: &Object, id: Id) -> Option<Shared> {
    let table = state.table(object.index);
    table.get(id).or_else(|| table.binned(id).map(|binned| &binned.record)).cloned()
}

impl Telling<'_> {
    /// Whether the subscriber may know of the field.
    #[must_use]
    pub fn shows(&self, field: &EventField) -> bool {
        self.viewer.field(self.event.schema.object.index, field.position) != FieldAccess::Hidden
    }

    /// What is told, in the order of the schema.
    #[must_use]
    pub fn fields(&self) -> Vec<Told<'_>> {
        let fields = self.event.schema.fields.iter().enumerate();
        let shown = fields.filter(|(_, field)| self.shows(field));
        shown.filter_map(|(at, field)| Some(Told { at, field, value: self.value(at, field)? })).collect()
    }

    fn value(&self, at: usize, field: &EventField) -> Option<ToldValue<'_>> {
        let event = self.event;
        let added = self.latest.as_ref().filter(|_| self.enriched.contains(&at));
        let Some(record) = &self.record else { return filled(event.schema.value(field, added?)) };
        if event.header.change_type != ChangeType::Update {
            return filled(event.schema.value(field, record));
        }
        if !event.changes(at, None) {
            return filled(event.schema.value(field, added?));
        }
        let changed = match event.schema.value(field, record) {
            Carried::Null => return Some(ToldValue::One(&Value::Null)),
            Carried::One(value) => return Some(ToldValue::One(value)),
            Carried::Parts(parts) => parts,
        };
        let beside = match added.map(|latest| event.schema.value(field, latest)) {
            Some(Carried::Parts(parts)) => parts,
            _ => Vec::new(),
        };
        let part = |(part, value)| {
            if event.changes(at, Some(part)) {
                return Some((part, value));
            }
            beside.get(part).filter(|value| !value.is_null()).map(|value| (part, *value))
        };
        Some(ToldValue::Parts(changed.into_iter().enumerate().filter_map(part).collect()))
    }
}

/// What is filled; nothing where all is empty.
fn filled(carried: Carried<'_>) -> Option<ToldValue<'_>> {
    match carried {
        Carried::Null => None,
        Carried::One(value) => Some(ToldValue::One(value)),
        Carried::Parts(parts) => {
            let parts = parts.into_iter().enumerate().filter(|(_, value)| !value.is_null());
            Some(ToldValue::Parts(parts.collect()))
        }
    }
}
