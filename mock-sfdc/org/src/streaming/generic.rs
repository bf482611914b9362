//! Generic streaming: the object `StreamingChannel`, and payloads of any text that are pushed to its subscribers
//! (`contract/streaming.md` section 6).

use std::sync::Arc;

use super::{
    Refusal,
    event::{Content, Draft},
    setup::Allocations,
};
use crate::{
    error::Error,
    id::{Id, KeyPrefix},
    save,
    schema::Object,
    state::{Edit, Record, State, Transaction},
    value::Value,
    verbs,
};

/// Its name and the beginning of its ids.
pub const OBJECT: &str = "StreamingChannel";
pub const PREFIX: KeyPrefix = *b"0M6";

/// What each channel's name begins with.
pub const CHANNEL_PREFIX: &str = "/u/";

/// Characters of a payload.
pub const LONGEST_PAYLOAD: usize = 3_000;

/// A pushed payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GenericEvent {
    pub payload: Arc<str>,
    /// Whom it is for; everybody when empty.
    pub users: Arc<[Id]>,
}

/// Everything that is wrong with a channel on its way into the org: `new` when it is being created.
#[must_use]
pub fn validate(state: &State, object: &Object, record: &Edit, new: bool) -> Vec<Error> {
    let mut errors = Vec::new();
    let Some((position, _)) = object.field("Name") else { return errors };
    let name = record.get(position).as_text().unwrap_or_default();
    let most = state.streams().setup().allocations(state.settings()).generic_channels;
    if new && state.table(object.index).len() >= most as usize {
        errors.push(Error::too_many_streaming_channels(most));
    }
    let rest = name.strip_prefix(CHANNEL_PREFIX).unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | '.');
    if rest.is_empty() || !rest.chars().all(plain) {
        errors.push(Error::streaming_channel_name());
    }
    let others = state.lookup(object, position, &Value::text(name));
    if let Some(other) = others.iter().find(|other| other.id() != record.id()) {
        errors.push(Error::duplicate_value("Name", other.id()));
    }
    errors
}

/// The channel of this name; case counts.
#[must_use]
pub fn channel(state: &State, name: &str) -> Option<Id> {
    let object = state.schema().object(OBJECT)?;
    let (position, _) = object.field("Name")?;
    let found = state.lookup(object, position, &Value::text(name));
    found.iter().find(|record| record.get(position).as_text() == Some(name)).map(Record::id)
}

/// What the channel with this id is called.
#[must_use]
pub fn name_of(state: &State, id: Id) -> Option<Arc<str>> {
    let object = state.schema().object(OBJECT)?;
    let record = state.table(object.index).get(id)?;
    record.get(object.field("Name")?.0).as_text().map(Arc::from)
}

/// Makes the channel that somebody subscribes to without its being there.
pub fn make_dynamic(tx: &mut Transaction, name: &str) -> Result<(), Refusal> {
    let Some(object) = tx.state().schema().object(OBJECT).cloned() else {
        return Err(Refusal::UnknownChannel);
    };
    let mut draft = save::Draft::default();
    for (field, value) in [("Name", Value::text(name)), ("IsDynamic", Value::Bool(true))] {
        if let Some((position, _)) = object.field(field) {
            draft.put(position, value);
        }
    }
    verbs::create(tx, &object, draft, &save::DmlOptions::seeding())
        .map(drop)
        .map_err(|_| Refusal::NoDynamicChannel)
}

/// Publishes a payload on a channel.
pub fn push(tx: &mut Transaction, channel: &Arc<str>, payload: &str, users: &[Id]) -> Result<(), Error> {
    if payload.chars().count() > LONGEST_PAYLOAD {
        return Err(Error::payload_too_long(LONGEST_PAYLOAD));
    }
    let at = tx.now();
    let Allocations { daily_events, .. } = tx.state().streams().setup().allocations(tx.state().settings());
    if tx.state().streams().events_of_the_day(at) >= daily_events {
        return Err(Error::daily_events_exceeded());
    }
    let content = Content::Generic(GenericEvent { payload: payload.into(), users: users.into() });
    tx.streams_mut().publish(channel, Draft { at, content });
    Ok(())
}
