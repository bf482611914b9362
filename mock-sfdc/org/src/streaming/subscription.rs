//! The rules of subscribing: may this channel be had, where does a subscriber begin, and what has it not had yet.

use std::sync::Arc;

use super::{
    TOPIC_PREFIX,
    address::Address,
    event::{Event, EventKind},
    push_topic::OBJECT,
    refusal::Refusal,
};
use crate::{
    access::permissions::{FieldAccess, Right, Viewer},
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

/// May a channel be subscribed to, with this filter?
pub fn may_subscribe(state: &State, address: &Address) -> Result<(), Refusal> {
    let Some(topic) = state.streams().topic(&address.channel) else {
        return Err(no_such(address));
    };
    let query = topic
        .query
        .as_ref()
        .map_err(|error| Refusal::BrokenTopic { name: topic.name.clone(), reason: error.message.clone() })?;
    let unknown = address
        .filter
        .iter()
        .filter(|(name, _)| !query.selected().any(|(_, field)| field.name.is(name)))
        .map(|(name, _)| name.clone())
        .collect::<Vec<_>>();
    if unknown.is_empty() { Ok(()) } else { Err(Refusal::FilterFields(unknown)) }
}

/// May this user hear what the channel tells (`contract/behaviour.md` section 8)? Reading push topics and the topic's object
/// are needed, and all fields of its WHERE; of its SELECT the events leave out what the user may not read.
pub fn may_hear(state: &State, address: &Address, viewer: &Viewer) -> Result<(), Refusal> {
    let Some(Ok(query)) = state.streams().topic(&address.channel).map(|topic| topic.query.as_ref()) else {
        return Ok(());
    };
    let reads_topics = state.schema().index(OBJECT).is_none_or(|index| viewer.allows(index, Right::Read));
    if !reads_topics || !viewer.allows(query.object, Right::Read) {
        return Err(Refusal::NoAccessToEntity);
    }
    let hidden = |position: &usize| viewer.field(query.object, *position) == FieldAccess::Hidden;
    if query.compared().iter().any(hidden) { Err(Refusal::NoAccessToWhereFields) } else { Ok(()) }
}

fn no_such(address: &Address) -> Refusal {
    let channel = &address.channel;
    let mode = |prefix: &str| channel.starts_with(prefix) && channel.len() > prefix.len();
    if mode("/u/") {
        Refusal::NotEmulated(format!("generic streaming channels ({channel})"))
    } else if mode("/event/") {
        Refusal::NotEmulated(format!("platform events ({channel})"))
    } else if mode("/data/") {
        Refusal::NotEmulated(format!("Change Data Capture ({channel})"))
    } else if mode("/systemTopic/") {
        Refusal::NotEmulated(format!("system topics ({channel})"))
    } else if channel.starts_with(TOPIC_PREFIX) {
        Refusal::NoSuchChannel(channel.clone())
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

/// What a subscriber at `position` has not had yet, at most `most` events, and the position behind them. Events that the
/// filter or the client's version hold back are passed over.
pub fn pending(
    state: &State,
    address: &Address,
    position: u64,
    now: DateTime,
    version: u16,
    most: usize,
) -> Result<(Vec<Arc<Event>>, u64), Lost> {
    let Some(channel) = state.streams().channel(&address.channel) else {
        return if position == 0 { Ok((Vec::new(), 0)) } else { Err(Lost) };
    };
    if channel.gone(now) > position || channel.last() < position {
        return Err(Lost);
    }
    let mut found = Vec::new();
    let mut position = position;
    for event in channel.after(position, now) {
        if found.len() == most {
            break;
        }
        position = event.replay_id;
        let known = matches!(event.kind, EventKind::Created | EventKind::Updated);
        if (known || version >= FIRST_OF_DELETIONS) && passes(event, &address.filter) {
            found.push(Arc::clone(event));
        }
    }
    Ok((found, position))
}

/// A filtered channel compares with the fields of the SELECT; of a deletion with their last values.
fn passes(event: &Event, filter: &[(String, String)]) -> bool {
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
