//! Who is told what: topics, channels, the events that are kept for replay, and the rules of subscribing.
//!
//! Events are part of the org's state: they are published by the commit that caused them, and a fork or a snapshot carries
//! them along. Subscribers are not: sessions belong to the face (`mock-sfdc/src/api/streaming`). No wire format lives here.
//! Follows `contract/streaming.md`: push topics, generic channels, platform events and change events. A file a mode:
//! [`notify`] and its topics, [`generic`], [`platform_event`], [`capture`].

mod address;
mod capture;
mod change_event;
mod channel;
mod event;
mod event_channel;
mod event_channels;
mod event_filter;
mod event_schema;
pub mod generic;
mod image;
mod managed;
mod notify;
mod platform_event;
mod push_event;
pub mod push_topic;
mod refusal;
mod selection;
mod setup;
mod subscription;
mod telling;
mod topic;
mod topic_predicate;
mod topic_query;
mod uuid;

use std::sync::Arc;

use imbl::{OrdMap, Vector};

pub(crate) use self::image::{ChannelImage, EventImage, StreamsImage, take_event};
pub(crate) use self::managed::check as check_managed;
pub(crate) use self::platform_event::{Published, check_allocation, publish as publish_events};
pub use self::{
    address::Address,
    change_event::{ChangeEvent, ChangeEventHeader, ChangeType, ChangedField},
    channel::Channel,
    event::{Content, Event, Place},
    event_channel::{ChannelKind, EnrichedField, EventChannel, Member},
    event_channels::{
        EventChannels, put_channel, put_member, remove_channel, remove_enriched_field, remove_member,
    },
    event_schema::{
        Carried, EventField, EventKindOfSchema, EventSchema, EventType, Part, change_event_name, entity_of,
    },
    generic::GenericEvent,
    managed::{ManagedReplay, ManagedState, ManagedSubscription, ManagedSubscriptions},
    notify::adopt,
    platform_event::{PlatformEvent, enqueued, operation_uuid},
    push_event::{PushEvent, PushKind},
    refusal::Refusal,
    setup::{Allocations, Setup},
    subscription::{Lost, Replay, first_position, may_hear, may_subscribe, object_of, pending},
    telling::{Telling, Told, ToldValue},
    topic::{NotifyForFields, Topic},
    topic_query::TopicQuery,
};
use crate::{
    id::Id,
    schema::{Object, ObjectIx},
    state::{Change, State},
    value::DateTime,
};

/// What Salesforce puts before a push topic's name.
pub const TOPIC_PREFIX: &str = "/topic/";

const HOUR: i64 = 60 * 60 * 1000;

/// Everything about streaming that an org remembers.
#[derive(Debug, Clone, Default)]
pub struct Streams {
    channels: OrdMap<Arc<str>, Arc<Channel>>,
    /// By the id of their record; inactive ones too, because their channel exists.
    topics: OrdMap<Id, Arc<Topic>>,
    /// The active topics of each object.
    active: OrdMap<ObjectIx, Vector<Arc<Topic>>>,
    /// How many events were ever published: the order of events over all channels.
    published: u64,
    /// Counts restorations: whoever subscribed in an earlier generation has lost its place.
    generation: u64,
    /// Events of push topics and generic channels by the hour in which they were published, for the allocation of 24 hours.
    hours: OrdMap<i64, u64>,
    /// The hour of the last platform event, and how many were published in it.
    publications: (i64, u64),
    event_channels: Arc<EventChannels>,
    managed: Arc<ManagedSubscriptions>,
    /// Schemas of events by their ids, those of before too: an event that is kept names its own.
    schemas: OrdMap<Arc<str>, Arc<EventSchema>>,
    setup: Setup,
}

impl Streams {
    #[must_use]
    pub fn channel(&self, name: &str) -> Option<&Arc<Channel>> {
        self.channels.get(name)
    }

    pub fn channels(&self) -> impl Iterator<Item = &Arc<Channel>> {
        self.channels.values()
    }

    /// The topic behind a channel's name; case counts.
    #[must_use]
    pub fn topic(&self, channel: &str) -> Option<&Arc<Topic>> {
        let name = channel.strip_prefix(TOPIC_PREFIX)?;
        self.topics.values().find(|topic| topic.name == name)
    }

    pub fn topics(&self) -> impl Iterator<Item = &Arc<Topic>> {
        self.topics.values()
    }

    /// How many events were ever published. It grows with each event, so a watcher sees by it whether there is news.
    #[must_use]
    pub fn published(&self) -> u64 {
        self.published
    }

    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Events of the last 24 hours, to the hour.
    #[must_use]
    pub fn events_of_the_day(&self, now: DateTime) -> u64 {
        let first = hour(now) - 23;
        self.hours.range(first..).map(|(_, count)| count).sum()
    }

    /// Platform events of the present hour.
    #[must_use]
    pub fn publications_of_the_hour(&self, now: DateTime) -> u64 {
        if self.publications.0 == hour(now) { self.publications.1 } else { 0 }
    }

    fn count_publication(&mut self, at: DateTime) {
        self.publications = (hour(at), self.publications_of_the_hour(at) + 1);
    }

    /// Which events go to which channels.
    #[must_use]
    pub fn event_channels(&self) -> &EventChannels {
        &self.event_channels
    }

    pub fn event_channels_mut(&mut self) -> &mut EventChannels {
        Arc::make_mut(&mut self.event_channels)
    }

    /// Subscriptions whose places the org remembers.
    #[must_use]
    pub fn managed(&self) -> &ManagedSubscriptions {
        &self.managed
    }

    pub fn managed_mut(&mut self) -> &mut ManagedSubscriptions {
        Arc::make_mut(&mut self.managed)
    }

    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    pub fn setup_mut(&mut self) -> &mut Setup {
        &mut self.setup
    }

    /// After a restoration replay ids begin again where the restored state had them; nobody's place holds any more.
    pub(crate) fn succeed(&mut self, replaced: &Self) {
        self.generation = replaced.generation + 1;
    }

    fn put_topic(&mut self, topic: Arc<Topic>) {
        self.remove_topic(topic.id);
        if let (true, Ok(query)) = (topic.active, &topic.query) {
            let mut of_object = self.active.get(&query.object).cloned().unwrap_or_default();
            of_object.push_back(Arc::clone(&topic));
            self.active.insert(query.object, of_object);
        }
        self.topics.insert(topic.id, topic);
    }

    fn remove_topic(&mut self, id: Id) {
        let Some(old) = self.topics.remove(&id) else { return };
        let Ok(query) = &old.query else { return };
        let Some(of_object) = self.active.get(&query.object) else { return };
        let left = of_object.iter().filter(|topic| topic.id != id).cloned().collect::<Vector<_>>();
        if left.is_empty() {
            self.active.remove(&query.object);
        } else {
            self.active.insert(query.object, left);
        }
    }

    fn publish(&mut self, name: &Arc<str>, draft: event::Draft) {
        self.publish_as_one(name, [draft]);
    }

    /// Events that share one replay id.
    fn publish_as_one(&mut self, name: &Arc<str>, drafts: impl IntoIterator<Item = event::Draft>) {
        let keep = self.setup.events_per_channel;
        let mut channel =
            self.channels.get(name).cloned().unwrap_or_else(|| Arc::new(Channel::new(Arc::clone(name))));
        for (at, draft) in drafts.into_iter().enumerate() {
            self.published += 1;
            if matches!(draft.content, Content::Push(_) | Content::Generic(_)) {
                self.count_of_the_day(hour(draft.at));
            }
            let step = if at == 0 { self.setup.replay_step(self.published) } else { 0 };
            Arc::make_mut(&mut channel).publish(draft, self.published, self.generation, step, keep);
        }
        self.channels.insert(Arc::clone(name), channel);
    }

    fn count_of_the_day(&mut self, hour: i64) {
        let count = self.hours.get(&hour).copied().unwrap_or(0);
        self.hours.insert(hour, count + 1);
        if count == 0 {
            self.hours = self.hours.split(&(hour - 24)).1;
        }
    }
}

/// Publishes the events of a commit into the state that it is about to become, and follows changes of topics.
/// `origin` is the API that was asked, as the headers of change events name it.
pub(crate) fn on_commit(state: &mut State, changes: &[Arc<Change>], origin: &str) {
    notify::on_commit(state, changes);
    capture::on_commit(state, changes, origin);
}

/// The present schema of an object's events: built once for each form of the object.
pub(crate) fn schema_of(state: &mut State, object: &Arc<Object>) -> Option<Arc<EventSchema>> {
    let is_current = |schema: &&Arc<EventSchema>| Arc::ptr_eq(&schema.object, object);
    if let Some(known) = state.streams().schemas.values().find(is_current) {
        return Some(Arc::clone(known));
    }
    let schema = Arc::new(EventSchema::of(state.schema(), object)?);
    let id = Arc::from(schema.id.as_str());
    state.streams_mut().schemas.insert(id, Arc::clone(&schema));
    Some(schema)
}

/// The schema with this id, of whatever object's events.
#[must_use]
pub fn find_schema(state: &State, id: &str) -> Option<Arc<EventSchema>> {
    let known = state.streams().schemas.get(id).cloned();
    known.or_else(|| {
        let schemas = state.schema().objects().filter_map(|object| EventSchema::of(state.schema(), object));
        schemas.into_iter().find(|schema| schema.id == id).map(Arc::new)
    })
}

fn hour(at: DateTime) -> i64 {
    at.millis().div_euclid(HOUR)
}

/// The view of the control API: every retained event, oldest first.
#[must_use]
pub fn published(state: &State, now: DateTime) -> Vec<(Arc<str>, Arc<Event>)> {
    let mut events = state
        .streams()
        .channels()
        .flat_map(|channel| {
            channel.retained(now).map(|event| (Arc::clone(channel.name()), Arc::clone(event)))
        })
        .collect::<Vec<_>>();
    events.sort_by_key(|(_, event)| event.seq);
    events
}
