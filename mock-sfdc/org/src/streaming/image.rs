//! What streaming remembers, in a form that can be written down. Topics are not in it: their records are. An event keeps
//! the query of its topic as it was, for the topic may have another one since.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Channel, Event, EventKind, Setup, Streams, event::Draft, push_topic::OBJECT, topic::Topic};
use crate::{
    id::Id,
    state::{Edit, Shared, State},
    value::DateTime,
};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct StreamsImage {
    published: u64,
    generation: u64,
    hours: Vec<(i64, u64)>,
    setup: Setup,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ChannelImage {
    last: u64,
    dropped: u64,
}

/// An event without its record, which is written like all records.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct EventImage {
    pub seq: u64,
    generation: u64,
    at: DateTime,
    kind: EventKind,
    topic: Id,
    topic_name: String,
    query: String,
}

impl From<&Streams> for StreamsImage {
    fn from(streams: &Streams) -> Self {
        Self {
            published: streams.published,
            generation: streams.generation,
            hours: streams.hours.iter().map(|(hour, count)| (*hour, *count)).collect(),
            setup: streams.setup,
        }
    }
}

impl From<&Channel> for ChannelImage {
    fn from(channel: &Channel) -> Self {
        let (last, dropped) = channel.counters();
        Self { last, dropped }
    }
}

impl From<&Event> for EventImage {
    fn from(event: &Event) -> Self {
        Self {
            seq: event.seq,
            generation: event.generation,
            at: event.at,
            kind: event.kind,
            topic: event.topic().id,
            topic_name: event.topic().name.clone(),
            query: event.topic().query_text.clone(),
        }
    }
}

impl Streams {
    pub(crate) fn take_image(&mut self, image: StreamsImage) {
        self.published = image.published;
        // Sessions of before know another server: they hear that, and shake hands again.
        self.generation = image.generation + 1;
        self.hours = image.hours.into_iter().collect();
        self.setup = image.setup;
    }

    pub(crate) fn take_channel(&mut self, name: &str, image: &ChannelImage) {
        let name: Arc<str> = name.into();
        let mut channel = Channel::new(Arc::clone(&name));
        channel.set_counters(image.last, image.dropped);
        self.channels.insert(name, Arc::new(channel));
    }

    /// Adds an event to its channel, which must be there; events come in the order of their replay ids.
    pub(crate) fn take_event(
        &mut self,
        channel: &str,
        replay_id: u64,
        image: &EventImage,
        topic: Arc<Topic>,
        record: Shared,
    ) {
        let Some(found) = self.channels.get_mut(channel) else { return };
        let draft = Draft { at: image.at, kind: image.kind, topic, record };
        let event = Event::new(draft, replay_id, image.seq, image.generation);
        Arc::make_mut(found).keep(Arc::new(event));
    }
}

/// The topic that told of an event: the one that is there, or as it was then.
pub(crate) fn topic_of(state: &State, image: &EventImage) -> Option<Arc<Topic>> {
    let same = |topic: &&Arc<Topic>| topic.id == image.topic && topic.query_text == image.query;
    if let Some(known) = state.streams().topics().find(same) {
        return Some(Arc::clone(known));
    }
    let object = state.schema().object(OBJECT)?;
    let mut edit = Edit::new(image.topic, object.fields.len());
    for (field, text) in [("Name", &image.topic_name), ("Query", &image.query)] {
        edit.set(object.field(field)?.0, text.as_str());
    }
    Some(Arc::new(Topic::read(state, object, &edit.build())))
}
