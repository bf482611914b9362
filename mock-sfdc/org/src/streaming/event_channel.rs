//! A channel of events: the standard one of change events (`ChangeEvents`), or a custom one (`X__chn`). In metadata's words
//! `PlatformEventChannel` and `PlatformEventChannelMember` (`contract/streaming.md` section 6).

use serde::{Deserialize, Serialize};

use super::{
    event_filter::{self, EventFilter},
    event_schema::{EventField, EventSchema, EventType, change_event_name},
};
use crate::schema::{Field, FieldType, Object, Schema};

/// The channel that Set-up fills ("Change Data Capture").
pub const STANDARD: &str = "ChangeEvents";

/// Fields that one member may add to its events.
const MOST_ENRICHED: usize = 10;

/// A text area that is no long one.
const SHORT_TEXT: u32 = 255;

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

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Event => "event",
        }
    }
}

/// A field that change events carry although it did not change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnrichedField {
    pub name: String,
}

/// `PlatformEventChannelMember`: one kind of event in a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Member {
    /// Its developer name, `Sales_chn_AccountChangeEvent`; the org makes one where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    /// `Account`, or in metadata's words `AccountChangeEvent`; `Low_Ink__e`.
    pub selected_entity: String,
    /// Which events the channel has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter_expression: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enriched_fields: Vec<EnrichedField>,
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

impl Member {
    /// All events of an object, as they are.
    #[must_use]
    pub fn of(selected_entity: String) -> Self {
        Self { full_name: None, selected_entity, filter_expression: None, enriched_fields: Vec::new() }
    }

    /// Its developer name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.full_name.as_deref().unwrap_or_default()
    }

    /// The events that it selects, in metadata's words: `AccountChangeEvent`, `Low_Ink__e`.
    #[must_use]
    pub fn event_name(&self, schema: &Schema) -> String {
        let object = schema.object(&self.selected_entity);
        let of_changes = object.and_then(|object| change_event_name(schema, object));
        of_changes.unwrap_or_else(|| self.selected_entity.clone())
    }

    /// The filter, bound.
    pub(super) fn filter(
        &self,
        schema: &Schema,
        events: &EventSchema,
    ) -> Option<Result<EventFilter, String>> {
        let text = self.filter_expression.as_ref()?;
        Some(EventFilter::bind(schema, events, text))
    }

    /// The places of the fields that its events always carry: those that it names, and those that its filter looks at.
    pub(super) fn enriched(&self, events: &EventSchema) -> Vec<usize> {
        let named = self.enriched_fields.iter().filter_map(|field| Some(events.field(&field.name)?.0));
        let mut places = named.collect::<Vec<_>>();
        if let Some(text) = &self.filter_expression {
            places.extend(event_filter::fields_of(events, text));
        }
        places
    }

    /// Makes it a member of the org: names in their own spelling, or what is wrong with it.
    pub(super) fn check(mut self, schema: &Schema, channel: &EventChannel) -> Result<Self, String> {
        let kind = channel.channel_type;
        self.selected_entity = entity(schema, kind, &self.selected_entity)?;
        if self.full_name.is_none() {
            let name = format!("{}_{}", channel.full_name, self.event_name(schema));
            self.full_name = Some(name.replace("__", "_"));
        }
        if !is_developer_name(self.name()) {
            return Err(format!("{:?} is no developer name of a channel member", self.name()));
        }
        let no_events = || format!("{} has no such events", self.selected_entity);
        let object = schema.object(&self.selected_entity).ok_or_else(no_events)?;
        let events = EventSchema::of(schema, object).ok_or_else(no_events)?;
        if kind == ChannelKind::Event && !self.enriched_fields.is_empty() {
            return Err("enrichedFields: platform events have all their fields".to_owned());
        }
        if self.enriched_fields.len() > MOST_ENRICHED {
            let many = self.enriched_fields.len();
            return Err(format!("enrichedFields: {many} fields; {MOST_ENRICHED} can be"));
        }
        for field in &mut self.enriched_fields {
            let why = |why| format!("enrichedFields: {why}");
            field.name = enriched_field(object, &events, &field.name).map_err(why)?;
        }
        if let Some(Err(why)) = self.filter(schema, &events) {
            return Err(format!("filterExpression: {why}"));
        }
        Ok(self)
    }

    /// Whether a field that it names, or that its filter looks at, is missing.
    pub(super) fn is_broken(&self, schema: &Schema) -> bool {
        let Some(object) = schema.object(&self.selected_entity) else { return self.is_particular() };
        let Some(events) = EventSchema::of(schema, object) else { return self.is_particular() };
        let lost = |field: &EnrichedField| enriched_field(object, &events, &field.name).is_err();
        self.enriched_fields.iter().any(lost)
            || self.filter(schema, &events).is_some_and(|filter| filter.is_err())
    }

    /// It names fields.
    fn is_particular(&self) -> bool {
        self.filter_expression.is_some() || !self.enriched_fields.is_empty()
    }
}

impl EventChannel {
    /// The standard channel with these objects.
    #[must_use]
    pub fn standard(objects: impl IntoIterator<Item = String>) -> Self {
        let members = objects.into_iter().map(Member::of).collect();
        Self { full_name: STANDARD.to_owned(), label: None, channel_type: ChannelKind::Data, members }
    }

    #[must_use]
    pub fn is_standard(&self) -> bool {
        self.full_name == STANDARD && self.channel_type == ChannelKind::Data
    }

    pub(super) fn address(&self) -> String {
        format!("{}{}", self.channel_type.prefix(), self.full_name)
    }

    /// The member that selects this object's events.
    pub(super) fn selects(&self, object: &Object) -> Option<&Member> {
        self.members.iter().find(|member| object.name.is(&member.selected_entity))
    }

    pub(super) fn check_name(&self) -> Result<(), String> {
        if self.is_standard() {
            return Ok(());
        }
        match self.full_name.strip_suffix("__chn") {
            Some(stem) if is_developer_name(stem) => Ok(()),
            Some(_) => Err(format!("{:?} is no name for a channel", self.full_name)),
            None => Err(format!("{:?} is no name for a channel: it must end in __chn", self.full_name)),
        }
    }
}

/// Letters, digits and single underscores, a letter first.
fn is_developer_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && !name.ends_with('_')
        && !name.contains("__")
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
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

/// A field that may be added to events, in its own spelling; a relationship stands for its field.
fn enriched_field(object: &Object, events: &EventSchema, name: &str) -> Result<String, String> {
    let named = |field: &&EventField| {
        let own = &object.fields[field.position];
        let leads = own.relationship_name.as_ref().is_some_and(|leads| leads.is(name));
        own.name.is(name) || leads && !own.custom
    };
    let Some(found) = events.fields.iter().find(named) else {
        return Err(match object.field(name) {
            Some((_, part)) if part.compound_field_name.is_some() => {
                format!("{name} is a part of a compound field, which can only be added as a whole")
            }
            Some(_) => format!("change events of {} do not carry {name}", object.name),
            None => format!("{} has no field {name:?}", object.name),
        });
    };
    if can_be_added(&object.fields[found.position], found) {
        Ok(found.name.clone())
    } else {
        Err(format!("{name} is of a type that cannot be added to change events"))
    }
}

fn can_be_added(field: &Field, carried: &EventField) -> bool {
    match field.kind {
        FieldType::Textarea => field.length <= SHORT_TEXT && !field.html_formatted,
        FieldType::EncryptedString | FieldType::Multipicklist | FieldType::Base64 => false,
        _ => !field.is_formula() || matches!(carried.kind, EventType::Compound(_)),
    }
}
