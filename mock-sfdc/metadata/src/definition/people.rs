//! Queues, groups, roles, and the records of custom metadata types.

use mock_sfdc_org::{
    schema::Object,
    state::{Shared, State},
    value::Value as Cell,
};
use serde_json::{Map, Value, json};

use super::{get, put, row, rows, text};
use crate::{
    apply::LEVELS_BELOW,
    types::{own_name, owner_of},
};

pub fn names(state: &State, kind: &str) -> Vec<String> {
    let of = |object: &str, wanted: &dyn Fn(&Object, &Shared) -> bool| -> Vec<String> {
        let Some(object) = state.schema().object(object) else { return Vec::new() };
        let rows = state.table(object.index).rows().filter(|row| wanted(object, row));
        rows.filter_map(|row| text(object, row, "DeveloperName")).collect()
    };
    let of_type = |kind: &'static str| {
        move |object: &Object, row: &Shared| get(object, row, "Type").as_text() == Some(kind)
    };
    match kind {
        "Queue" => of("Group", &of_type("Queue")),
        "Group" => of("Group", &of_type("Regular")),
        "Role" => of("UserRole", &|_, _| true),
        _ => {
            let types = state.schema().objects().filter(|object| object.name.as_str().ends_with("__mdt"));
            let named = |object: &std::sync::Arc<Object>| {
                let stem = object.name.as_str().trim_end_matches("__mdt").to_owned();
                let own = of(object.name.as_str(), &|_, _| true);
                own.into_iter().map(move |name| format!("{stem}.{name}")).collect::<Vec<_>>()
            };
            types.flat_map(named).collect()
        }
    }
}

pub fn definition(state: &State, kind: &str, full_name: &str) -> Option<Map<String, Value>> {
    match kind {
        "Queue" => queue(state, full_name),
        "Group" => {
            let (object, group) = row(state, "Group", "DeveloperName", full_name)?;
            let regular = get(&object, &group, "Type").as_text() == Some("Regular");
            let mut said = Map::new();
            put(&mut said, "name", text(&object, &group, "Name"));
            put(&mut said, "doesIncludeBosses", true);
            regular.then_some(said)
        }
        "Role" => {
            let (object, role) = row(state, "UserRole", "DeveloperName", full_name)?;
            let mut said = Map::new();
            put(&mut said, "name", text(&object, &role, "Name"));
            for (key, field) in LEVELS_BELOW {
                put(&mut said, key, text(&object, &role, field));
            }
            let parent = get(&object, &role, "ParentRoleId").as_id().and_then(|id| state.find(id));
            put(&mut said, "parentRole", parent.and_then(|(object, row)| text(object, row, "DeveloperName")));
            Some(said)
        }
        _ => custom_metadata(state, full_name),
    }
}

fn queue(state: &State, full_name: &str) -> Option<Map<String, Value>> {
    let (object, group) = row(state, "Group", "DeveloperName", full_name)?;
    if get(&object, &group, "Type").as_text() != Some("Queue") {
        return None;
    }
    let mut said = Map::new();
    put(&mut said, "name", text(&object, &group, "Name"));
    put(&mut said, "email", text(&object, &group, "Email"));
    put(&mut said, "doesSendEmailToMembers", false);
    let objects = rows(state, "QueueSobject", "QueueId", group.id());
    let objects: Vec<Value> =
        objects.iter().map(|(of, row)| json!({"sobjectType": text(of, row, "SobjectType")})).collect();
    put(&mut said, "queueSobject", objects);
    let (mut users, mut groups) = (Vec::new(), Vec::new());
    for (of, member) in rows(state, "GroupMember", "GroupId", group.id()) {
        let Some((kind, row)) = get(&of, &member, "UserOrGroupId").as_id().and_then(|id| state.find(id))
        else {
            continue;
        };
        match text(kind, row, "Username") {
            Some(user) => users.push(json!(user)),
            None => groups.extend(text(kind, row, "DeveloperName").map(Value::from)),
        }
    }
    let mut members = Map::new();
    if !users.is_empty() {
        members.insert("users".to_owned(), json!({ "user": users }));
    }
    if !groups.is_empty() {
        members.insert("publicGroups".to_owned(), json!({ "publicGroup": groups }));
    }
    if !members.is_empty() {
        put(&mut said, "queueMembers", Value::Object(members));
    }
    Some(said)
}

fn custom_metadata(state: &State, full_name: &str) -> Option<Map<String, Value>> {
    let object = format!("{}__mdt", owner_of(full_name));
    let (object, record) = row(state, &object, "DeveloperName", own_name(full_name))?;
    let mut said = Map::new();
    put(&mut said, "label", text(&object, &record, "MasterLabel"));
    put(&mut said, "protected", false);
    let own = object.visible_fields().filter(|(_, field)| field.custom);
    let values: Vec<Value> = own
        .map(|(at, field)| json!({"field": field.name.as_str(), "value": written(record.get(at))}))
        .collect();
    put(&mut said, "values", values);
    Some(said)
}

fn written(cell: &Cell) -> Value {
    match cell {
        Cell::Bool(on) => json!(on.to_string()),
        Cell::Number(number) => json!(number.to_string()),
        Cell::Text(text) => json!(text.as_str()),
        Cell::Date(date) => json!(date.to_string()),
        Cell::DateTime(at) => json!(at.to_zulu()),
        Cell::Id(id) => json!(id.to_string()),
        _ => Value::Null,
    }
}
