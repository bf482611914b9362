//! Channels of events and their members: `SalesEvents__chn.platformEventChannel` with its kind and label, and one file for each kind
//! of event that a channel has.

use mock_sfdc_org::{
    state::Transaction,
    streaming::{self, ChannelKind, EnrichedField, EventChannel, Member},
};
use serde_json::json;

use crate::{NotTaken, Report, project::Metadata, source::Part, xml::Element};

const CHANNEL: &str = "platformEventChannel";

impl Metadata {
    /// Channels first: members name theirs.
    pub(crate) fn apply_event_channels(&self, tx: &mut Transaction, report: &mut Report) {
        let (channels, members) =
            self.event_channels.iter().partition::<Vec<_>, _>(|part| part.kind == CHANNEL);
        for part in channels {
            match channel(part).and_then(|channel| streaming::put_channel(tx, channel)) {
                Ok(()) => report.took("event channels", 1),
                Err(why) => report.not_taken.push(left(part, "event channel", &why)),
            }
        }
        for part in members {
            match member(part).and_then(|(channel, member)| streaming::put_member(tx, &channel, member)) {
                Ok(()) => report.took("members of event channels", 1),
                Err(why) => report.not_taken.push(left(part, "event channel member", &why)),
            }
        }
    }
}

fn left(part: &Part, word: &str, why: &str) -> NotTaken {
    NotTaken::new(&part.file, part.element.line, &format!("{word} {}", part.name), why)
}

fn channel(part: &Part) -> Result<EventChannel, String> {
    known(&part.element, &["channelType", "fullName", "label"])?;
    let kind = part.element.text_of("channelType").ok_or("channelType is missing")?;
    let channel_type = serde_json::from_value::<ChannelKind>(json!(kind))
        .map_err(|_| format!("channelType {kind:?} is not known: data and event are"))?;
    let label = part.element.text_of("label").ok_or("label is missing")?.to_owned();
    Ok(EventChannel { full_name: part.name.clone(), label: Some(label), channel_type, members: Vec::new() })
}

/// A member with the name of its channel.
fn member(part: &Part) -> Result<(String, Member), String> {
    let element = &part.element;
    known(element, &["enrichedFields", "eventChannel", "filterExpression", "fullName", "selectedEntity"])?;
    let said = |name: &str| element.text_of(name).map(str::to_owned);
    let field = |field: &Element| {
        known(field, &["name"])?;
        let name = field.text_of("name").ok_or("a field of enrichedFields has no name")?.to_owned();
        Ok(EnrichedField { name })
    };
    let enriched_fields = element.all("enrichedFields").map(field).collect::<Result<_, String>>()?;
    let member = Member {
        full_name: Some(part.name.clone()),
        selected_entity: said("selectedEntity").ok_or("selectedEntity is missing")?,
        filter_expression: said("filterExpression"),
        enriched_fields,
    };
    Ok((said("eventChannel").ok_or("eventChannel is missing")?, member))
}

/// What is not read is named.
fn known(element: &Element, names: &[&str]) -> Result<(), String> {
    match element.children.iter().find(|child| !names.contains(&child.name.as_str())) {
        Some(other) => Err(format!("the element {} is not emulated", other.name)),
        None => Ok(()),
    }
}
