//! What a channel takes of the change events of an object: all of them, those that its filter lets through, and one event a
//! record where each tells fields of its own.

use std::sync::Arc;

use super::{
    capture::Occurrence,
    change_event::{ChangeEvent, ChangeType},
    event_channel::{ChannelKind, Member},
    event_filter::EventFilter,
    event_schema::{EventSchema, change_event_name},
};
use crate::{
    id::Id,
    state::{Shared, State},
};

/// The channels of one object's change events.
pub(super) struct Selection {
    pub channel: Arc<str>,
    filter: Option<EventFilter>,
    /// The channel adds fields, so that no two records say the same.
    apart: bool,
}

/// The selections of one commit, each read once.
#[derive(Default)]
pub(super) struct Selections(Vec<(String, Arc<[Selection]>)>);

impl Selections {
    pub(super) fn of(&mut self, state: &State, events: &Arc<EventSchema>) -> Arc<[Selection]> {
        if let Some((_, known)) = self.0.iter().find(|(name, _)| *name == events.name) {
            return Arc::clone(known);
        }
        let channels = state.streams().event_channels();
        let own = change_event_name(state.schema(), &events.object).map(|name| Selection {
            channel: format!("{}{name}", ChannelKind::Data.prefix()).into(),
            filter: None,
            apart: false,
        });
        let selecting = channels.selecting(ChannelKind::Data, &events.object);
        let selecting = selecting.filter_map(|(channel, member)| select(state, events, channel, member));
        let found: Arc<[Selection]> = own.into_iter().chain(selecting).collect();
        self.0.push((events.name.clone(), Arc::clone(&found)));
        found
    }
}

/// A filter that cannot be read any more lets nothing through; its fields cannot be taken away.
fn select(state: &State, events: &EventSchema, channel: Arc<str>, member: &Member) -> Option<Selection> {
    let filter = member.filter(state.schema(), events).transpose().ok()?;
    let apart = !member.enriched(events).is_empty();
    Some(Selection { channel, filter, apart })
}

impl Selection {
    /// The events that the channel gets; several are one event to the bus, and share its replay id.
    pub(super) fn events(&self, state: &State, occurrence: &Occurrence) -> Vec<ChangeEvent> {
        let Occurrence { event, records } = occurrence;
        let passes = |event: &ChangeEvent, record: Option<&Shared>| {
            let (header, at) = (Some(event.header.as_ref()), event.header.commit_timestamp);
            let holds = |filter: &EventFilter| filter.holds(state, &event.schema, header, record, at);
            self.filter.as_ref().is_none_or(holds)
        };
        if !self.apart || records.is_empty() {
            return Vec::from_iter(passes(event, records.first()).then(|| event.clone()));
        }
        let ids = event.header.record_ids.iter();
        let one = |(id, record): (&Id, &Shared)| {
            let mut one = event.clone();
            if event.header.record_ids.len() > 1 {
                Arc::make_mut(&mut one.header).record_ids = vec![*id];
            }
            if event.header.change_type != ChangeType::Delete {
                one.record = Some(Shared::clone(record));
            }
            passes(&one, Some(record)).then_some(one)
        };
        ids.zip(records).filter_map(one).collect()
    }
}
