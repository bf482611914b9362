//! The other way round: what an org has, in the words of metadata. Everything is read off the org as it is (its schema, its rules,
//! its rows), so a component that came from a file, from a fixture or from a client is told alike. What the org does not keep
//! (descriptions of fields, layouts) is not told.

pub(crate) mod event_channels;
mod field;
mod object;
mod people;
mod rights;
mod rules;
mod values;

pub(crate) use self::object::is_custom;

use mock_sfdc_org::{
    id::Id,
    schema::Object,
    state::{Shared, State},
    value::{DateTime, Value as Cell},
};
use serde_json::{Map, Value};

use crate::types::MetadataType;

/// What a list says of a component.
#[derive(Debug, Clone)]
pub struct Listed {
    pub full_name: String,
    pub id: Id,
    pub created_by: Id,
    pub created: DateTime,
    pub modified_by: Id,
    pub modified: DateTime,
}

/// The names of all components of a type, sorted.
#[must_use]
pub fn names(state: &State, kind: &MetadataType) -> Vec<String> {
    let mut names = match kind.name {
        "CustomObject" => object::names(state),
        "CustomField" => object::field_names(state),
        "StandardValueSet" => values::names(state),
        "GlobalValueSet" => state.schema().global_value_sets().map(|set| set.name.clone()).collect(),
        "Profile" | "PermissionSet" | "MutingPermissionSet" | "PermissionSetGroup" => {
            rights::names(state, kind.name)
        }
        "Queue" | "Group" | "Role" | "CustomMetadata" => people::names(state, kind.name),
        "PlatformEventChannel" => event_channels::names(state),
        "PlatformEventChannelMember" => event_channels::member_names(state),
        _ => rules::names(state, kind),
    };
    names.sort();
    names
}

/// A component in metadata's words; `None`: the org has none of this name.
#[must_use]
pub fn definition(state: &State, kind: &MetadataType, full_name: &str) -> Option<Value> {
    let mut said = match kind.name {
        "CustomObject" => object::object(state, full_name)?,
        "CustomField" => object::field(state, full_name)?,
        "StandardValueSet" => values::standard(state, full_name)?,
        "GlobalValueSet" => values::global(state, full_name)?,
        "Profile" => rights::profile(state, full_name)?,
        "PermissionSet" => rights::permission_set(state, full_name)?,
        "MutingPermissionSet" => rights::muting(state, full_name)?,
        "PermissionSetGroup" => rights::group(state, full_name)?,
        "Queue" | "Group" | "Role" | "CustomMetadata" => people::definition(state, kind.name, full_name)?,
        "PlatformEventChannel" => event_channels::channel(state, full_name)?,
        "PlatformEventChannelMember" => event_channels::member(state, full_name)?,
        _ => rules::definition(state, kind, full_name)?,
    };
    said.insert("fullName".to_owned(), full_name.into());
    Some(Value::Object(said))
}

/// Who made a component and when: its row says, where it has one. For everything else it is the org itself.
#[must_use]
pub fn listed(state: &State, kind: &MetadataType, full_name: &str) -> Listed {
    let row = match kind.name {
        "Profile" => rights::profile_row(state, full_name),
        "PermissionSet" => row(state, "PermissionSet", "Name", full_name),
        "MutingPermissionSet" | "PermissionSetGroup" => row(state, kind.name, "DeveloperName", full_name),
        "Queue" | "Group" => row(state, "Group", "DeveloperName", full_name),
        "Role" => row(state, "UserRole", "DeveloperName", full_name),
        "RecordType" => state
            .rules()
            .record_types()
            .find(full_name)
            .and_then(|id| state.find(id).map(|(object, row)| (object.clone(), row.clone()))),
        _ => None,
    };
    let own = row.as_ref().map(|(_, row)| row.id());
    let organization = state.settings().organization_id;
    let row = row.or_else(|| state.find(organization).map(|(object, row)| (object.clone(), row.clone())));
    let admin = mock_sfdc_org::seed::administrator(state.settings());
    let cell = |name: &str| row.as_ref().map(|(object, row)| get(object, row, name).clone());
    let who = |name: &str| cell(name).and_then(|cell| cell.as_id()).unwrap_or(admin);
    let when = |name: &str| match cell(name) {
        Some(Cell::DateTime(at)) => at,
        _ => DateTime::from_millis(0),
    };
    Listed {
        full_name: full_name.to_owned(),
        id: own.unwrap_or_else(|| component_id(state, kind, full_name)),
        created_by: who("CreatedById"),
        created: when("CreatedDate"),
        modified_by: who("LastModifiedById"),
        modified: when("LastModifiedDate"),
    }
}

/// The id of a component that is no row.
#[must_use]
pub fn component_id(state: &State, kind: &MetadataType, full_name: &str) -> Id {
    Id::of_component(kind.prefix, state.settings().pod, kind.name, full_name)
}

/// Members of a component, where nothing is said of what is empty.
fn put(members: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    let value = value.into();
    let empty = match &value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    };
    if !empty {
        members.insert(name.to_owned(), value);
    }
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        _ => Map::new(),
    }
}

fn get<'a>(object: &Object, row: &'a Shared, field: &str) -> &'a Cell {
    object.field(field).map_or(&Cell::Null, |(position, _)| row.get(position))
}

fn text(object: &Object, row: &Shared, field: &str) -> Option<String> {
    get(object, row, field).as_text().map(str::to_owned)
}

type Row = (std::sync::Arc<Object>, Shared);

/// The rows of an object whose field has this value.
fn rows(state: &State, object: &str, field: &str, value: impl Into<Cell>) -> Vec<Row> {
    let Some(object) = state.schema().object(object) else { return Vec::new() };
    let Some((position, _)) = object.field(field) else { return Vec::new() };
    state.lookup(object, position, &value.into()).into_iter().map(|row| (object.clone(), row)).collect()
}

fn row(state: &State, object: &str, field: &str, value: &str) -> Option<Row> {
    rows(state, object, field, value).into_iter().next()
}
