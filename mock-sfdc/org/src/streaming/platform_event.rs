//! Platform events: a create of an object whose name ends in `__e` is a publication (`contract/streaming.md` section 6).
//!
//! What an API publishes is out at once, whatever becomes of its transaction; a trigger's event waits for the commit where
//! its definition says so. Field permissions do not count: a subscriber gets all fields.

use std::sync::Arc;

use super::{
    event::{Content, Draft},
    event_channel::{ChannelKind, Member},
    event_schema::EventSchema,
    uuid,
};
use crate::{
    error::Error,
    id::Id,
    schema::Object,
    settings::Settings,
    state::{Shared, State, Transaction},
    value::DateTime,
};

/// A published platform event.
#[derive(Debug, Clone)]
pub struct PlatformEvent {
    pub schema: Arc<EventSchema>,
    pub record: Shared,
    /// What publisher and subscriber know it by.
    pub uuid: Arc<str>,
}

/// An event on its way to its channels.
#[derive(Debug, Clone)]
pub struct Published {
    pub(crate) object: Arc<Object>,
    pub(crate) record: Shared,
    pub(crate) at: DateTime,
    /// What its publisher calls it, where the publisher says.
    pub(crate) name: Option<Arc<str>>,
}

/// What an answer calls the event that it has taken in: `OPERATION_ENQUEUED` carries it, and later the event itself.
#[must_use]
pub fn operation_uuid(settings: &Settings, event: Id) -> String {
    uuid::uuid(settings.organization_id, "event", u64::from_be_bytes(prefix_number(event)))
}

/// What stands where errors would in the result of a create that published this event; none for records.
#[must_use]
pub fn enqueued(state: &State, created: Id) -> Option<Error> {
    let event = state.objects_of(created).next().is_some_and(|object| object.is_platform_event());
    event.then(|| Error::operation_enqueued(&operation_uuid(state.settings(), created)))
}

/// Ids of events differ in prefix and number.
fn prefix_number(event: Id) -> [u8; 8] {
    let mut bytes = event.number().to_be_bytes();
    for (slot, byte) in bytes.iter_mut().zip(event.prefix()) {
        *slot ^= byte;
    }
    bytes
}

/// May one more event be published in this hour?
pub(crate) fn check_allocation(tx: &Transaction, more: u64) -> Result<(), Error> {
    let state = tx.state();
    let most = state.streams().setup().allocations(state.settings()).hourly_publications;
    if state.streams().publications_of_the_hour(tx.now()) + more >= most {
        return Err(Error::event_publishing_limit());
    }
    Ok(())
}

/// Puts events into their channels: their own, and the custom ones that have them.
pub(crate) fn publish(state: &mut State, events: Vec<Published>) {
    for Published { object, record, at, name } in events {
        let Some(schema) = super::schema_of(state, &object) else { continue };
        let uuid = name.unwrap_or_else(|| operation_uuid(state.settings(), record.id()).into());
        let own: Arc<str> = format!("{}{}", ChannelKind::Event.prefix(), object.name).into();
        let mut channels = vec![own];
        let selecting = state.streams().event_channels().selecting(ChannelKind::Event, &object);
        // A filter that cannot be read any more lets nothing through; its fields cannot be taken away.
        let passes = |member: &Member| {
            let filter = member.filter(state.schema(), &schema);
            filter.is_none_or(|filter| {
                filter.is_ok_and(|filter| filter.holds(state, &schema, None, Some(&record), at))
            })
        };
        channels.extend(selecting.filter(|(_, member)| passes(member)).map(|(channel, _)| channel));
        let content = Content::Platform(PlatformEvent { schema, record, uuid });
        let streams = state.streams_mut();
        streams.count_publication(at);
        for channel in channels {
            streams.publish(&channel, Draft { at, content: content.clone() });
        }
    }
}
