//! What streaming remembers, in a form that can be written down. Topics are not in it: their records are. An event keeps
//! the query of its topic as it was, for the topic may have another one since.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    ChangeEvent, ChangeEventHeader, ChangedField, Channel, Content, Event, EventChannels, GenericEvent,
    ManagedSubscriptions, PlatformEvent, PushEvent, PushKind, Setup, Streams, event::Draft,
    push_topic::OBJECT, schema_of, topic::Topic,
};
use crate::{
    id::Id,
    schema::{Object, ObjectIx},
    state::{Edit, Shared, State},
    value::DateTime,
};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct StreamsImage {
    published: u64,
    generation: u64,
    hours: Vec<(i64, u64)>,
    publications: (i64, u64),
    event_channels: EventChannels,
    managed: ManagedSubscriptions,
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
    content: ContentImage,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum ContentImage {
    #[serde(rename_all = "camelCase")]
    Push {
        kind: PushKind,
        topic: Id,
        topic_name: String,
        query: String,
    },
    Generic {
        payload: String,
        users: Vec<Id>,
    },
    Platform {
        uuid: String,
    },
    Change {
        header: ChangeEventHeader,
        changed: Vec<ChangedImage>,
    },
}

/// A changed field by its names, which outlive positions in a schema.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChangedImage {
    field: String,
    part: Option<String>,
    nulled: bool,
}

impl From<&Streams> for StreamsImage {
    fn from(streams: &Streams) -> Self {
        Self {
            published: streams.published,
            generation: streams.generation,
            hours: streams.hours.iter().map(|(hour, count)| (*hour, *count)).collect(),
            publications: streams.publications,
            event_channels: EventChannels::clone(&streams.event_channels),
            managed: ManagedSubscriptions::clone(&streams.managed),
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
            content: ContentImage::from(&event.content),
        }
    }
}

impl From<&Content> for ContentImage {
    fn from(content: &Content) -> Self {
        match content {
            Content::Push(event) => Self::Push {
                kind: event.kind,
                topic: event.topic().id,
                topic_name: event.topic().name.clone(),
                query: event.topic().query_text.clone(),
            },
            Content::Generic(event) => {
                Self::Generic { payload: event.payload.to_string(), users: event.users.to_vec() }
            }
            Content::Platform(event) => Self::Platform { uuid: event.uuid.to_string() },
            Content::Change(event) => Self::Change {
                header: ChangeEventHeader::clone(&event.header),
                changed: event.changed.iter().filter_map(|changed| changed_image(event, changed)).collect(),
            },
        }
    }
}

fn changed_image(event: &ChangeEvent, changed: &ChangedField) -> Option<ChangedImage> {
    let field = event.schema.fields.get(changed.field)?;
    let part = changed.part.and_then(|part| field.parts.get(part)).map(|part| part.name.to_owned());
    Some(ChangedImage { field: field.name.clone(), part, nulled: changed.nulled })
}

impl Content {
    /// The object that the event is about, and the record that it carries.
    pub(crate) fn written(&self) -> (Option<ObjectIx>, Option<&Shared>) {
        match self {
            Self::Push(event) => {
                (event.topic().query.as_ref().ok().map(|query| query.object), Some(event.record()))
            }
            Self::Generic(_) => (None, None),
            Self::Platform(event) => (Some(event.schema.object.index), Some(&event.record)),
            Self::Change(event) => (Some(event.schema.object.index), event.record()),
        }
    }
}

impl Streams {
    pub(crate) fn take_image(&mut self, image: StreamsImage) {
        self.published = image.published;
        // Sessions of before know another server: they hear that, and shake hands again.
        self.generation = image.generation + 1;
        self.hours = image.hours.into_iter().collect();
        self.publications = image.publications;
        self.event_channels = Arc::new(image.event_channels);
        self.managed = Arc::new(image.managed);
        self.setup = image.setup;
    }

    pub(crate) fn take_channel(&mut self, name: &str, image: &ChannelImage) {
        let name: Arc<str> = name.into();
        let mut channel = Channel::new(Arc::clone(&name));
        channel.set_counters(image.last, image.dropped);
        self.channels.insert(name, Arc::new(channel));
    }
}

/// Adds an event to its channel, which must be there; events come in the order of their replay ids. Says what it lacks.
pub(crate) fn take_event(
    state: &mut State,
    channel: &str,
    replay_id: u64,
    image: EventImage,
    object: Option<&Arc<Object>>,
    record: Option<Shared>,
) -> Result<(), &'static str> {
    let EventImage { seq, generation, at, content } = image;
    let content = read(state, content, object, record)?;
    let event = Event::new(Draft { at, content }, replay_id, seq, generation);
    if let Some(found) = state.streams_mut().channels.get_mut(channel) {
        Arc::make_mut(found).keep(Arc::new(event));
    }
    Ok(())
}

fn read(
    state: &mut State,
    image: ContentImage,
    object: Option<&Arc<Object>>,
    record: Option<Shared>,
) -> Result<Content, &'static str> {
    const NO_RECORD: &str = "its record is missing";
    const NO_SCHEMA: &str = "its object has no events";
    Ok(match image {
        ContentImage::Push { kind, topic, topic_name, query } => {
            let topic = topic_of(state, topic, &topic_name, &query).ok_or("its topic cannot be read")?;
            Content::Push(PushEvent { kind, topic, record: record.ok_or(NO_RECORD)? })
        }
        ContentImage::Generic { payload, users } => {
            Content::Generic(GenericEvent { payload: payload.into(), users: users.into() })
        }
        ContentImage::Platform { uuid } => Content::Platform(PlatformEvent {
            schema: object.and_then(|object| schema_of(state, object)).ok_or(NO_SCHEMA)?,
            record: record.ok_or(NO_RECORD)?,
            uuid: uuid.into(),
        }),
        ContentImage::Change { header, changed } => {
            let schema = object.and_then(|object| schema_of(state, object)).ok_or(NO_SCHEMA)?;
            let place = |image: &ChangedImage| {
                let (field, known) = schema.field(&image.field)?;
                let part = image
                    .part
                    .as_ref()
                    .and_then(|name| known.parts.iter().position(|part| part.name == name));
                Some(ChangedField { field, part, nulled: image.nulled })
            };
            let changed = changed.iter().filter_map(place).collect::<Vec<_>>().into();
            Content::Change(ChangeEvent { schema, header: Arc::new(header), record, changed })
        }
    })
}

/// The topic that told of an event: the one that is there, or as it was then.
fn topic_of(state: &State, id: Id, name: &str, query: &str) -> Option<Arc<Topic>> {
    let same = |topic: &&Arc<Topic>| topic.id == id && topic.query_text == query;
    if let Some(known) = state.streams().topics().find(same) {
        return Some(Arc::clone(known));
    }
    let object = state.schema().object(OBJECT)?;
    let mut edit = Edit::new(id, object.fields.len());
    for (field, text) in [("Name", name), ("Query", query)] {
        edit.set(object.field(field)?.0, text);
    }
    Some(Arc::new(Topic::read(state, object, &edit.build())))
}
