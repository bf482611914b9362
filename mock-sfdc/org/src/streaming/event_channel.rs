//! Which events go to which channels: the standard channel of change events (`ChangeEvents`), and custom ones (`X__chn`).
//! In metadata's words `PlatformEventChannel` and `PlatformEventChannelMember` (`contract/streaming.md` section 6).

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use super::event_schema::change_event_name;
use crate::schema::{Object, Schema};

/// The channel that Set-up fills ("Change Data Capture").
pub const STANDARD: &str = "ChangeEvents";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ChannelKind {
    /// Of change events.
    Data,
    /// Of platform events.
    Event,
}

impl ChannelKind {
    /// What stands before a channel's name where it is subscribed to.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Data => "/data/",
            Self::Event => "/event/",
        }
    }
}

/// `PlatformEventChannelMember`: one kind of event in a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Member {
    /// `Account`, or in metadata's words `AccountChangeEvent`; `Low_Ink__e`.
    pub selected_entity: String,
}

/// `PlatformEventChannel`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EventChannel {
    /// `Sales__chn`
    pub full_name: String,
    #[serde(default)]
    pub label: Option<String>,
    pub channel_type: ChannelKind,
    #[serde(default)]
    pub members: Vec<Member>,
}

/// All channels of an org by what they are subscribed to as.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventChannels(BTreeMap<String, EventChannel>);

impl EventChannel {
    /// The standard channel with these objects.
    #[must_use]
    pub fn standard(objects: impl IntoIterator<Item = String>) -> Self {
        let members = objects.into_iter().map(|selected_entity| Member { selected_entity }).collect();
        Self { full_name: STANDARD.to_owned(), label: None, channel_type: ChannelKind::Data, members }
    }

    fn address(&self) -> String {
        format!("{}{}", self.channel_type.prefix(), self.full_name)
    }

    fn selects(&self, object: &Object) -> bool {
        self.members.iter().any(|member| object.name.is(&member.selected_entity))
    }
}

impl EventChannels {
    /// The channel that is subscribed to as this; case counts.
    #[must_use]
    pub fn get(&self, address: &str) -> Option<&EventChannel> {
        self.0.get(address)
    }

    pub fn all(&self) -> impl Iterator<Item = &EventChannel> {
        self.0.values()
    }

    /// The objects of the standard channel.
    pub fn captured(&self) -> impl Iterator<Item = &str> {
        let standard = self.0.values().find(|channel| channel.full_name == STANDARD);
        standard
            .into_iter()
            .flat_map(|channel| channel.members.iter().map(|member| member.selected_entity.as_str()))
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The channels of a kind that have this object's events.
    pub fn selecting<'a>(
        &'a self,
        kind: ChannelKind,
        object: &'a Object,
    ) -> impl Iterator<Item = Arc<str>> + 'a {
        let chosen = move |(_, channel): &(&String, &EventChannel)| {
            channel.channel_type == kind && channel.selects(object)
        };
        self.0.iter().filter(chosen).map(|(address, _)| Arc::from(address.as_str()))
    }

    /// Puts a channel in the place of the one with its name, or says what is wrong with it; `most` objects may be selected for
    /// change events over all channels.
    pub fn put(&mut self, schema: &Schema, most: usize, mut channel: EventChannel) -> Result<(), String> {
        let standard = channel.full_name == STANDARD && channel.channel_type == ChannelKind::Data;
        if !standard && !channel.full_name.ends_with("__chn") {
            return Err(format!("{:?} is no name for a channel: it must end in __chn", channel.full_name));
        }
        for member in &mut channel.members {
            member.selected_entity = entity(schema, channel.channel_type, &member.selected_entity)?;
        }
        let mut channels = self.clone();
        channels.0.insert(channel.address(), channel);
        let mut selected = channels
            .0
            .values()
            .filter(|channel| channel.channel_type == ChannelKind::Data)
            .flat_map(|channel| channel.members.iter().map(|member| member.selected_entity.clone()))
            .collect::<Vec<_>>();
        selected.sort();
        selected.dedup();
        if selected.len() > most {
            let many = selected.len();
            return Err(format!("{many} objects are selected for change events; {most} can be"));
        }
        *self = channels;
        Ok(())
    }

    /// Whether there was such a channel.
    pub fn remove(&mut self, address: &str) -> bool {
        self.0.remove(address).is_some()
    }
}

/// The object that a member selects, in its own spelling.
fn entity(schema: &Schema, kind: ChannelKind, name: &str) -> Result<String, String> {
    let object = super::entity_of(schema, name).or_else(|| schema.object(name));
    let object = object.ok_or_else(|| format!("the org has no object {name:?}"))?;
    let fits = match kind {
        ChannelKind::Data => change_event_name(schema, object).is_some(),
        ChannelKind::Event => object.is_platform_event(),
    };
    if fits {
        Ok(object.name.as_str().to_owned())
    } else {
        Err(format!("{} has no such events", object.name))
    }
}
