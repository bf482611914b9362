//! All channels of an org that somebody has filled, by what they are subscribed to as.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    event_channel::{ChannelKind, EventChannel, Member, STANDARD},
    event_schema::EventSchema,
};
use crate::{
    schema::{Object, Schema},
    state::Transaction,
};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventChannels(BTreeMap<String, EventChannel>);

impl EventChannels {
    /// The channel that is subscribed to as this; case counts.
    #[must_use]
    pub fn get(&self, address: &str) -> Option<&EventChannel> {
        self.0.get(address)
    }

    pub fn all(&self) -> impl Iterator<Item = &EventChannel> {
        self.0.values()
    }

    /// The channel of this name.
    #[must_use]
    pub fn named(&self, full_name: &str) -> Option<&EventChannel> {
        self.all().find(|channel| channel.full_name.eq_ignore_ascii_case(full_name))
    }

    /// Every member with its channel.
    pub fn members(&self) -> impl Iterator<Item = (&EventChannel, &Member)> {
        self.all().flat_map(|channel| channel.members.iter().map(move |member| (channel, member)))
    }

    /// The member of this developer name, with its channel.
    #[must_use]
    pub fn member(&self, full_name: &str) -> Option<(&EventChannel, &Member)> {
        self.members().find(|(_, member)| member.name().eq_ignore_ascii_case(full_name))
    }

    /// The objects of the standard channel.
    pub fn captured(&self) -> impl Iterator<Item = &str> {
        let standard = self.all().find(|channel| channel.full_name == STANDARD);
        standard
            .into_iter()
            .flat_map(|channel| channel.members.iter().map(|member| member.selected_entity.as_str()))
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The channels of a kind that have this object's events, each with the member that selects them.
    pub(super) fn selecting<'a>(
        &'a self,
        kind: ChannelKind,
        object: &'a Object,
    ) -> impl Iterator<Item = (Arc<str>, &'a Member)> + 'a {
        let of_kind = self.0.iter().filter(move |(_, channel)| channel.channel_type == kind);
        of_kind.filter_map(|(address, channel)| Some((Arc::from(address.as_str()), channel.selects(object)?)))
    }

    /// The places of the fields that events of an object always carry on a channel.
    pub(super) fn enriched(&self, address: &str, events: &EventSchema) -> Vec<usize> {
        let member = self.get(address).and_then(|channel| channel.selects(&events.object));
        member.map(|member| member.enriched(events)).unwrap_or_default()
    }

    /// Puts a channel in the place of the one with its name, or says what is wrong with it; `most` objects may be selected for
    /// change events over all channels. A member that is there already keeps its name.
    pub fn put(&mut self, schema: &Schema, most: usize, mut channel: EventChannel) -> Result<(), String> {
        channel.check_name()?;
        let known = self.get(&channel.address()).cloned();
        let mut members: Vec<Member> = Vec::with_capacity(channel.members.len());
        for mut member in std::mem::take(&mut channel.members) {
            let given = member.full_name.is_some();
            member = member.check(schema, &channel)?;
            let same = |other: &&Member| other.selected_entity == member.selected_entity;
            if members.iter().any(|other| same(&other)) {
                return Err(format!("{} is selected twice in {}", member.selected_entity, channel.full_name));
            }
            if let (false, Some(known)) = (given, known.iter().flat_map(|known| &known.members).find(same)) {
                member.full_name.clone_from(&known.full_name);
            }
            members.push(member);
        }
        channel.members = members;
        let mut channels = self.clone();
        channels.0.insert(channel.address(), channel);
        channels.check(most)?;
        *self = channels;
        Ok(())
    }

    /// Names are unique, and not too many objects are selected.
    fn check(&self, most: usize) -> Result<(), String> {
        let names = self.members().map(|(_, member)| member.name().to_lowercase());
        let mut names = names.filter(|name| !name.is_empty()).collect::<Vec<_>>();
        names.sort();
        if let Some([name, ..]) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(format!("two channel members have the developer name {name:?}"));
        }
        let mut selected = self
            .members()
            .filter(|(channel, _)| channel.channel_type == ChannelKind::Data)
            .map(|(_, member)| member.selected_entity.as_str())
            .collect::<Vec<_>>();
        selected.sort_unstable();
        selected.dedup();
        if selected.len() > most {
            let many = selected.len();
            return Err(format!("{many} objects are selected for change events; {most} can be"));
        }
        Ok(())
    }

    /// The first member that cannot be what it is in this schema.
    #[must_use]
    pub fn broken(&self, schema: &Schema) -> Option<&Member> {
        self.members().map(|(_, member)| member).find(|member| member.is_broken(schema))
    }

    /// Takes away the members that select an object.
    pub(crate) fn forget_object(&mut self, object: &Object) {
        for channel in self.0.values_mut() {
            channel.members.retain(|member| !object.name.is(&member.selected_entity));
        }
    }
}

/// Makes a channel, or gives the one of its name another label; its members stay.
pub fn put_channel(tx: &mut Transaction, mut channel: EventChannel) -> Result<(), String> {
    let known = tx.state().streams().event_channels().named(&channel.full_name);
    if channel.full_name == STANDARD {
        return Err("the standard channel ChangeEvents can be neither made nor changed".to_owned());
    }
    if let Some(known) = known {
        if known.channel_type != channel.channel_type {
            return Err(format!("the channelType of {} cannot be changed", known.full_name));
        }
        channel.members.clone_from(&known.members);
    }
    tx.set_event_channel(channel)
}

/// Takes a custom channel away, with its members; false where there is none of the name.
pub fn remove_channel(tx: &mut Transaction, full_name: &str) -> bool {
    let known = tx.state().streams().event_channels().named(full_name);
    let address = known.filter(|channel| !channel.is_standard()).map(EventChannel::address);
    address.is_some_and(|address| tx.streams_mut().event_channels_mut().0.remove(&address).is_some())
}

/// Puts a member into a channel, or in the place of the one with its name, whose channel and entity it keeps.
pub fn put_member(tx: &mut Transaction, channel: &str, member: Member) -> Result<(), String> {
    let channels = tx.state().streams().event_channels();
    let mut changed = match channels.named(channel) {
        Some(known) => known.clone(),
        None if channel == STANDARD => EventChannel::standard([]),
        None => return Err(format!("the org has no channel {channel:?}")),
    };
    let member = member.check(tx.state().schema(), &changed)?;
    if let Some((of, known)) = channels.member(member.name()) {
        let same = of.full_name == changed.full_name && known.selected_entity == member.selected_entity;
        if !same {
            return Err(format!("channel and entity of {} cannot be changed", known.name()));
        }
        changed.members.retain(|other| !other.name().eq_ignore_ascii_case(member.name()));
    }
    changed.members.push(member);
    tx.set_event_channel(changed)
}

/// Takes a member out of its channel; false where there is none of the name.
pub fn remove_member(tx: &mut Transaction, full_name: &str) -> bool {
    change_member(tx, full_name, |_| None)
}

/// A member without one of its enriched fields.
pub fn remove_enriched_field(tx: &mut Transaction, member: &str, field: &str) -> bool {
    change_member(tx, member, |mut member| {
        member.enriched_fields.retain(|other| other.name != field);
        Some(member)
    })
}

fn change_member(tx: &mut Transaction, full_name: &str, change: impl Fn(Member) -> Option<Member>) -> bool {
    let channels = tx.state().streams().event_channels();
    let Some((channel, _)) = channels.member(full_name) else { return false };
    let mut changed = channel.clone();
    let meant = |member: &Member| member.name().eq_ignore_ascii_case(full_name);
    let members = changed.members.into_iter();
    changed.members =
        members.filter_map(|member| if meant(&member) { change(member) } else { Some(member) }).collect();
    tx.streams_mut().event_channels_mut().0.insert(changed.address(), changed);
    true
}
