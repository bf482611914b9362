//! Channels of events and their members. The standard channel is no component; its members are.

use mock_sfdc_org::{
    state::State,
    streaming::{EventChannel, Member},
};
use serde_json::{Map, Value, json};

use super::put;

pub fn names(state: &State) -> Vec<String> {
    let custom = state.streams().event_channels().all().filter(|channel| !channel.is_standard());
    custom.map(|channel| channel.full_name.clone()).collect()
}

pub fn member_names(state: &State) -> Vec<String> {
    state.streams().event_channels().members().map(|(_, member)| member.name().to_owned()).collect()
}

pub fn channel(state: &State, full_name: &str) -> Option<Map<String, Value>> {
    let channel = find(state, full_name)?;
    let mut said = Map::new();
    put(&mut said, "channelType", channel.channel_type.as_str());
    put(&mut said, "label", label(channel));
    Some(said)
}

pub fn member(state: &State, full_name: &str) -> Option<Map<String, Value>> {
    let (channel, member) = find_member(state, full_name)?;
    let mut said = Map::new();
    let enriched = member.enriched_fields.iter().map(|field| json!({"name": field.name}));
    put(&mut said, "enrichedFields", enriched.collect::<Vec<_>>());
    put(&mut said, "eventChannel", channel.full_name.as_str());
    put(&mut said, "filterExpression", member.filter_expression.as_deref());
    put(&mut said, "selectedEntity", member.event_name(state.schema()));
    Some(said)
}

/// The custom channel of this name.
pub fn find<'a>(state: &'a State, full_name: &str) -> Option<&'a EventChannel> {
    let channels = state.streams().event_channels();
    channels.named(full_name).filter(|channel| !channel.is_standard())
}

pub fn find_member<'a>(state: &'a State, full_name: &str) -> Option<(&'a EventChannel, &'a Member)> {
    state.streams().event_channels().member(full_name)
}

pub fn label(channel: &EventChannel) -> &str {
    channel.label.as_deref().unwrap_or(&channel.full_name)
}
