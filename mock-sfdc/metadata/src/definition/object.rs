//! An object as metadata's `CustomObject`, with everything that its file holds.

use mock_sfdc_org::{
    access::permissions::SharingModel,
    schema::{Object, Schema},
    state::State,
};
use serde_json::{Map, Value, json};

use super::{field as fields, put, rules};
use crate::types::{MetadataType, TYPES, own_name, owner_of};

/// Custom objects, and standard ones that can be customized.
pub fn names(state: &State) -> Vec<String> {
    let shown =
        |object: &&std::sync::Arc<Object>| is_custom(object) || object.layoutable && object.triggerable;
    state.schema().objects().filter(shown).map(|object| object.name.to_string()).collect()
}

/// Whether an administrator or a package has made it: history, shares and the like come with their object.
pub fn is_custom(object: &Object) -> bool {
    let name = object.name.as_str();
    ["__c", "__mdt", "__e"].iter().any(|suffix| name.ends_with(suffix))
        && Schema::standard().object(name).is_none()
}

pub fn field_names(state: &State) -> Vec<String> {
    let fields = |object: &std::sync::Arc<Object>| {
        let own = object
            .visible_fields()
            .filter(|(_, field)| field.custom && !field.name.as_str().ends_with("__s"));
        own.map(|(_, field)| format!("{}.{}", object.name, field.name)).collect::<Vec<_>>()
    };
    state
        .schema()
        .objects()
        .filter(|object| !object.name.as_str().ends_with("ChangeEvent"))
        .flat_map(fields)
        .collect()
}

pub fn field(state: &State, full_name: &str) -> Option<Map<String, Value>> {
    let object = state.schema().object(owner_of(full_name))?;
    let (_, field) = object.field(own_name(full_name))?;
    Some(fields::field(object, field))
}

pub fn object(state: &State, name: &str) -> Option<Map<String, Value>> {
    let object = state.schema().object(name)?;
    let custom = is_custom(object);
    if !(custom || object.layoutable && object.triggerable) {
        return None;
    }
    let mut said = Map::new();
    if custom {
        own_words(object, &mut said);
    }
    let model = state.access().permissions().sharing.get(&object.name).copied();
    if !custom || name.ends_with("__c") && !object.custom_setting {
        let detail = object.fields.iter().any(|field| field.relationship_order.is_some());
        let usual = if detail { SharingModel::ControlledByParent } else { SharingModel::usual(name) };
        put(&mut said, "sharingModel", serde_json::to_value(model.unwrap_or(usual)).unwrap_or_default());
    }
    let own =
        object.visible_fields().filter(|(_, field)| field.custom && !field.name.as_str().ends_with("__s"));
    let listed: Vec<Value> = own
        .map(|(_, field)| {
            let mut said = fields::field(object, field);
            said.insert("fullName".to_owned(), json!(field.name.as_str()));
            Value::Object(said)
        })
        .collect();
    put(&mut said, "fields", listed);
    for (kind, tag) in parts() {
        let listed: Vec<Value> = rules::names(state, kind)
            .iter()
            .filter(|full_name| object.name.is(owner_of(full_name)))
            .filter_map(|full_name| {
                let mut said = rules::definition(state, kind, full_name)?;
                said.insert("fullName".to_owned(), json!(own_name(full_name)));
                Some(Value::Object(said))
            })
            .collect();
        put(&mut said, tag, listed);
    }
    Some(said)
}

/// What an object holds beside its fields.
fn parts() -> impl Iterator<Item = (&'static MetadataType, &'static str)> {
    TYPES.iter().filter_map(|kind| match kind.parent {
        Some(("CustomObject", tag)) if tag != "fields" => Some((kind, tag)),
        _ => None,
    })
}

fn own_words(object: &Object, said: &mut Map<String, Value>) {
    put(said, "label", object.label.as_str());
    put(said, "pluralLabel", object.label_plural.as_str());
    if object.custom_setting {
        // A list's rows are told apart by their names.
        let list = object.name_field().is_some_and(|(_, name)| name.unique);
        put(said, "customSettingsType", if list { "List" } else { "Hierarchy" });
        return;
    }
    if !object.name.as_str().ends_with("__c") {
        return;
    }
    put(said, "deploymentStatus", "Deployed");
    put(said, "enableFeeds", object.feed_enabled);
    put(said, "enableSearch", object.searchable);
    if let Some((_, name)) = object.name_field() {
        let mut own = Map::new();
        put(&mut own, "label", name.label.as_str());
        put(&mut own, "type", if name.auto_number { "AutoNumber" } else { "Text" });
        put(&mut own, "displayFormat", name.display_format.clone());
        if name.track_history {
            put(&mut own, "trackHistory", true);
        }
        put(said, "nameField", Value::Object(own));
    }
}
