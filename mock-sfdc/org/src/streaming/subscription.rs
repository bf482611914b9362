//! The rules of subscribing: may this channel be had, where does a subscriber begin, and what has it not had yet.

use std::sync::Arc;

use super::{
    TOPIC_PREFIX,
    address::Address,
    event::{Content, Event, Place},
    event_channel::{ChannelKind, STANDARD},
    event_schema::entity_of,
    generic,
    push_event::{PushEvent, PushKind},
    push_topic::OBJECT,
    refusal::Refusal,
};
use crate::{
    access::permissions::{FieldAccess, Right, Viewer},
    schema::{Field, FieldType, Object},
    state::State,
    value::{DateTime, Value, write_double},
};

/// Where a subscriber wants to begin (`contract/streaming.md` section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Replay {
    /// -1
    #[default]
    New,
    /// -2
    All,
    /// Events after this one.
    After(i64),
}

impl Replay {
    #[must_use]
    pub const fn from_number(number: i64) -> Self {
        match number {
            -1 => Self::New,
            -2 => Self::All,
            id => Self::After(id),
        }
    }
}

/// Events are gone that a subscriber has not had: its session must end, so that it hears of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost;

/// What a channel's name stands for.
enum Target<'a> {
    Topic(&'a super::Topic),
    Generic,
    /// Events of one object: a platform event, or the changes of records.
    Object(ChannelKind, &'a Arc<Object>),
    /// The standard channel of change events, or a custom one.
    Channel(ChannelKind, &'a str),
}

fn target<'a>(state: &'a State, channel: &'a str) -> Result<Target<'a>, Refusal> {
    if let Some(topic) = state.streams().topic(channel) {
        return Ok(Target::Topic(topic));
    }
    if channel.starts_with(generic::CHANNEL_PREFIX) {
        return match generic::channel(state, channel) {
            Some(_) => Ok(Target::Generic),
            None => Err(Refusal::UnknownChannel),
        };
    }
    for kind in [ChannelKind::Data, ChannelKind::Event] {
        let Some(name) = channel.strip_prefix(kind.prefix()).filter(|name| !name.is_empty()) else {
            continue;
        };
        let known = state.streams().event_channels().get(channel).is_some();
        if known || kind == ChannelKind::Data && name == STANDARD {
            return Ok(Target::Channel(kind, name));
        }
        let object = match kind {
            ChannelKind::Data => entity_of(state.schema(), name),
            // Channels tell cases apart.
            ChannelKind::Event => state
                .schema()
                .object(name)
                .filter(|object| object.is_platform_event() && object.name.as_str() == name),
        };
        return object.map(|object| Target::Object(kind, object)).ok_or_else(|| unknown_event(channel, name));
    }
    Err(no_such(channel))
}

/// May a channel be subscribed to, with this filter?
pub fn may_subscribe(state: &State, address: &Address) -> Result<(), Refusal> {
    let Target::Topic(topic) = target(state, &address.channel)? else {
        // Only push topics have filtered channels.
        return match address.filter.first() {
            None => Ok(()),
            Some(_) => {
                Err(Refusal::FilterFields(address.filter.iter().map(|(name, _)| name.clone()).collect()))
            }
        };
    };
    let query = topic
        .query
        .as_ref()
        .map_err(|error| Refusal::BrokenTopic { name: topic.name.clone(), reason: error.message.clone() })?;
    let unknown = address
        .filter
        .iter()
        // What is encrypted can be told, and not filtered on.
        .filter(|(name, _)| {
            let named = |field: &Field| field.name.is(name) && field.kind != FieldType::EncryptedString;
            !query.selected().any(|(_, field)| named(field))
        })
        .map(|(name, _)| name.clone())
        .collect::<Vec<_>>();
    if unknown.is_empty() { Ok(()) } else { Err(Refusal::FilterFields(unknown)) }
}

/// May this user hear what the channel tells (`contract/behaviour.md` section 8)? Reading push topics and the topic's object
/// are needed, and all fields of its WHERE; of its SELECT the events leave out what the user may not read. Change events need
/// View All of their object, of several objects View All Data.
pub fn may_hear(state: &State, address: &Address, viewer: &Viewer) -> Result<(), Refusal> {
    let reads = |object: &str| {
        state.schema().object(object).is_none_or(|object| viewer.allows(object.index, Right::Read))
    };
    let allowed = |allowed: bool, refusal: Refusal| if allowed { Ok(()) } else { Err(refusal) };
    match target(state, &address.channel)? {
        Target::Topic(topic) => {
            let Ok(query) = topic.query.as_ref() else { return Ok(()) };
            if !reads(OBJECT) || !viewer.allows(query.object, Right::Read) {
                return Err(Refusal::NoAccessToEntity);
            }
            let hidden = |position: &usize| viewer.field(query.object, *position) == FieldAccess::Hidden;
            // Who may not read a field learns nothing of it by filtering.
            let unseen = |name: &str| query.selected().any(|(at, field)| field.name.is(name) && hidden(&at));
            let filtered = address.filter.iter().map(|(name, _)| name).filter(|name| unseen(name));
            let filtered = filtered.cloned().collect::<Vec<_>>();
            if !filtered.is_empty() {
                return Err(Refusal::FilterFields(filtered));
            }
            allowed(!query.compared().iter().any(hidden), Refusal::NoAccessToWhereFields)
        }
        Target::Generic => allowed(reads(generic::OBJECT), Refusal::NoAccessToChannel),
        Target::Object(ChannelKind::Event, object) => {
            allowed(viewer.allows(object.index, Right::Read), Refusal::NoAccessToEntity)
        }
        Target::Object(ChannelKind::Data, object) => {
            allowed(viewer.allows(object.index, Right::ViewAll), Refusal::NeedsViewAllData)
        }
        Target::Channel(ChannelKind::Data, STANDARD) => {
            allowed(viewer.may("ViewAllData"), Refusal::NeedsViewAllData)
        }
        Target::Channel(kind, _) => {
            let channel = state.streams().event_channels().get(&address.channel);
            let right = if kind == ChannelKind::Data { Right::ViewAll } else { Right::Read };
            let objects = channel
                .iter()
                .flat_map(|channel| &channel.members)
                .filter_map(|member| state.schema().object(&member.selected_entity));
            let refusal =
                if kind == ChannelKind::Data { Refusal::NeedsViewAllData } else { Refusal::NoAccessToEntity };
            allowed(objects.into_iter().all(|object| viewer.allows(object.index, right)), refusal)
        }
    }
}

/// The object whose events a channel has, where they are those of one object only.
#[must_use]
pub fn object_of<'a>(state: &'a State, channel: &'a str) -> Option<&'a Arc<Object>> {
    match target(state, channel) {
        Ok(Target::Object(_, object)) => Some(object),
        _ => None,
    }
}

/// Salesforce's own events have no custom suffix; this org publishes none of them.
fn unknown_event(channel: &str, name: &str) -> Refusal {
    let own = channel.starts_with("/event/") && !name.contains("__");
    if own {
        Refusal::NotEmulated(format!("Salesforce's own platform events ({channel})"))
    } else {
        Refusal::NoSuchChannel(channel.to_owned())
    }
}

fn no_such(channel: &str) -> Refusal {
    let mode = |prefix: &str| channel.starts_with(prefix) && channel.len() > prefix.len();
    if mode("/systemTopic/") {
        Refusal::NotEmulated(format!("system topics ({channel})"))
    } else if channel.starts_with(TOPIC_PREFIX) {
        Refusal::NoSuchChannel(channel.to_owned())
    } else if channel.starts_with("/meta/") || channel.starts_with("/service/") {
        Refusal::RestrictedChannel
    } else {
        Refusal::CreateDenied
    }
}

/// The replay id behind which a new subscriber begins. An id that the channel does not keep any more is refused, and so is
/// one that it has not given yet; whether a real org takes ids that lie between two events is unknown, this one does.
pub fn first_position(state: &State, channel: &str, replay: Replay, now: DateTime) -> Result<u64, Refusal> {
    let known = state.streams().channel(channel);
    let last = known.map_or(0, |channel| channel.last());
    let gone = known.map_or(0, |channel| channel.gone(now));
    match replay {
        Replay::New => Ok(last),
        Replay::All => Ok(gone),
        Replay::After(id) => match u64::try_from(id) {
            Ok(id) if id > gone && id <= last => Ok(id),
            _ => Err(Refusal::ReplayId(id.to_string())),
        },
    }
}

/// The first version whose clients hear of deletions and undeletions.
const FIRST_OF_DELETIONS: u16 = 29;

/// What a subscriber at `place` has not had yet, at most `most` events, and the place behind them. Events that the
/// filter or the client's version hold back are passed over.
pub fn pending(
    state: &State,
    address: &Address,
    place: Place,
    now: DateTime,
    version: u16,
    most: usize,
) -> Result<(Vec<Arc<Event>>, Place), Lost> {
    let Some(channel) = state.streams().channel(&address.channel) else {
        return if place.replay_id() == 0 { Ok((Vec::new(), place)) } else { Err(Lost) };
    };
    if Place::behind(channel.gone(now)) > place || channel.last() < place.replay_id() {
        return Err(Lost);
    }
    let mut found = Vec::new();
    let mut at = place;
    let mut rest = channel.after(place, now).peekable();
    while found.len() < most
        && let Some(event) = rest.next()
    {
        let whole = rest.peek().is_none_or(|next| next.replay_id != event.replay_id);
        at = if whole { Place::behind(event.replay_id) } else { Place::of(event) };
        let told = match &event.content {
            Content::Push(push) => {
                let known = matches!(push.kind, PushKind::Created | PushKind::Updated);
                (known || version >= FIRST_OF_DELETIONS) && passes(push, &address.filter)
            }
            _ => true,
        };
        if told {
            found.push(Arc::clone(event));
        }
    }
    Ok((found, at))
}

/// A filtered channel compares with the fields of the SELECT; of a deletion with their last values.
fn passes(event: &PushEvent, filter: &[(String, String)]) -> bool {
    filter.iter().all(|(name, wanted)| {
        event.selected().any(|(field, value)| field.name.is(name) && is_written(&value, wanted))
    })
}

/// Does a value read like this text? Ids in both lengths, numbers in any notation, texts letter by letter.
fn is_written(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Null => wanted.is_empty() || wanted == "null",
        Value::Bool(value) => wanted.eq_ignore_ascii_case(if *value { "true" } else { "false" }),
        Value::Number(number) => {
            let mut text = String::new();
            write_double(*number, &mut text);
            wanted == text || wanted.parse() == Ok(*number)
        }
        Value::Text(text) => text == wanted,
        Value::Id(id) => crate::id::Id::parse(wanted) == Some(*id),
        Value::Date(date) => date.to_string() == wanted,
        Value::DateTime(at) => DateTime::parse(wanted) == Some(*at),
        Value::Time(time) => crate::value::time_text(*time) == wanted,
        Value::Blob(_) => false,
    }
}
