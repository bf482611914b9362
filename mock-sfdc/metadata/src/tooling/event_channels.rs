//! Channels of events, their members and the fields that members add, as rows.

use mock_sfdc_org::{
    id::Id,
    schema::Object,
    state::{Edit, State},
    streaming::{ChannelKind, Member},
    value::Value as Cell,
};

use super::ENRICHED_FIELD;
use crate::{
    definition::{
        component_id,
        event_channels::{find, find_member, label},
        listed,
    },
    types::MetadataType,
};

/// Not a type of metadata, but its rows have ids all the same.
const ENRICHED: MetadataType =
    MetadataType { name: ENRICHED_FIELD, directory: "", suffix: "", parent: None, part: "", prefix: *b"0v9" };

/// What a row says that its definition does not, or in other words.
pub fn cells(state: &State, kind: &MetadataType, full_name: &str) -> Vec<(&'static str, Cell)> {
    match kind.name {
        "PlatformEventChannel" => find(state, full_name).map_or_else(Vec::new, |channel| {
            let stem = channel.full_name.strip_suffix("__chn").unwrap_or(&channel.full_name);
            vec![
                ("ChannelType", channel.channel_type.as_str().into()),
                ("DeveloperName", stem.into()),
                ("MasterLabel", label(channel).into()),
                ("NamespacePrefix", Cell::Null),
            ]
        }),
        "PlatformEventChannelMember" => member(state, full_name).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn member(state: &State, full_name: &str) -> Option<Vec<(&'static str, Cell)>> {
    let (channel, member) = find_member(state, full_name)?;
    // The standard channel is known by its name, a custom one by its id; so are platform events.
    let of = MetadataType::find("PlatformEventChannel").filter(|_| !channel.is_standard());
    let event_channel = match of {
        Some(kind) => listed(state, kind, &channel.full_name).id.into(),
        None => channel.full_name.as_str().into(),
    };
    let selected = match channel.channel_type {
        ChannelKind::Data => member.event_name(state.schema()).as_str().into(),
        ChannelKind::Event => super::table(state, &member.selected_entity),
    };
    let filter = member.filter_expression.as_deref().map_or(Cell::Null, Cell::from);
    Some(vec![
        ("EventChannel", event_channel),
        ("SelectedEntity", selected),
        ("FilterExpression", filter),
        ("DeveloperName", member.name().into()),
        ("MasterLabel", member.name().into()),
        ("NamespacePrefix", Cell::Null),
    ])
}

/// Every enriched field with its member and the id of its row.
fn enriched(state: &State) -> impl Iterator<Item = (Id, &Member, &str)> {
    let members = state.streams().event_channels().members();
    members.flat_map(move |(_, member)| {
        member.enriched_fields.iter().map(move |field| {
            let name = format!("{}.{}", member.name(), field.name);
            (component_id(state, &ENRICHED, &name), member, field.name.as_str())
        })
    })
}

pub fn enriched_rows(state: &State, object: &Object) -> Vec<Edit> {
    let kind = MetadataType::find("PlatformEventChannelMember");
    let fields = MetadataType::find("CustomField");
    let row = |(id, member, field): (Id, &Member, &str)| {
        let mut edit = Edit::new(id, object.fields.len());
        let mut put = |name: &str, cell: Cell| {
            if let Some((position, _)) = object.field(name) {
                edit.set(position, cell);
            }
        };
        put("Id", id.into());
        if let Some(kind) = kind {
            let about = listed(state, kind, member.name());
            put("ChannelMemberId", about.id.into());
            put("CreatedById", about.created_by.into());
            put("CreatedDate", Cell::DateTime(about.created));
            put("LastModifiedById", about.modified_by.into());
            put("LastModifiedDate", Cell::DateTime(about.modified));
            put("SystemModstamp", Cell::DateTime(about.modified));
        }
        // A custom field is known by its id.
        let custom = fields.filter(|_| field.ends_with("__c"));
        let own = custom.map(|kind| listed(state, kind, &format!("{}.{field}", member.selected_entity)).id);
        put("Field", own.map_or_else(|| field.into(), |id| id.to_string().as_str().into()));
        put("ManageableState", "unmanaged".into());
        edit
    };
    enriched(state).map(row).collect()
}

/// The member and the field behind a row.
#[must_use]
pub fn enriched_by_id(state: &State, id: Id) -> Option<(String, String)> {
    let found = enriched(state).find(|(known, _, _)| *known == id);
    found.map(|(_, member, field)| (member.name().to_owned(), field.to_owned()))
}
