//! The file format of `org/schema/*.json` and `fixtures/packages/*.json`: describe's own words, and only
//! what differs from the default of the field's type (`defaults.rs`). Documented in `org/schema/README.md`.
//!
//! This module is the shape of the text alone; what the words mean together is `build.rs` and `package.rs`.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{EncryptionScheme, FieldType, LookupFilter, ObjectUrl, PicklistValue, RollUp};
use crate::name::{Name, NameMap};

/// A whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    /// What a person calls the package. Documentation only, like `about`.
    #[serde(default, rename = "package")]
    pub _package: Option<String>,
    #[serde(default, rename = "about")]
    pub _about: Option<String>,
    /// The namespace of the org itself: its names are also found without it.
    #[serde(default)]
    pub namespace: Option<String>,
    pub objects: Entries<ObjectDef>,
}

/// A JSON object in its own order. A key that stands twice is an error.
#[derive(Debug)]
pub(super) struct Entries<T>(pub Vec<(String, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// An object: its flags, and its fields in order.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct ObjectDef {
    pub label: Option<String>,
    pub label_plural: Option<String>,
    pub key_prefix: Option<Prefix>,
    pub record_prefix: Option<Prefix>,
    pub activateable: Option<bool>,
    pub compact_layoutable: Option<bool>,
    pub createable: Option<bool>,
    pub custom_setting: Option<bool>,
    pub deep_cloneable: Option<bool>,
    pub deletable: Option<bool>,
    pub deprecated_and_hidden: Option<bool>,
    pub feed_enabled: Option<bool>,
    pub has_subtypes: Option<bool>,
    pub is_interface: Option<bool>,
    pub is_subtype: Option<bool>,
    pub layoutable: Option<bool>,
    pub mergeable: Option<bool>,
    pub mru_enabled: Option<bool>,
    pub queryable: Option<bool>,
    pub replicateable: Option<bool>,
    pub retrieveable: Option<bool>,
    pub search_layoutable: Option<bool>,
    pub searchable: Option<bool>,
    pub triggerable: Option<bool>,
    pub undeletable: Option<bool>,
    pub updateable: Option<bool>,
    pub associate_entity_type: Option<String>,
    pub associate_parent_entity: Option<String>,
    pub network_scope_field_name: Option<String>,
    pub writes_not_emulated: Option<String>,
    /// Of a platform event, in metadata's words.
    pub publish_behavior: Option<PublishBehavior>,
    /// `false`: describe shows no record types, not even Master.
    pub record_types: Option<bool>,
    pub supported_scopes: Option<Entries<String>>,
    pub urls: Option<Vec<ObjectUrl>>,
    pub name_field: Option<NameFieldDef>,
    /// `List` or `Hierarchy`: makes a custom setting of it.
    pub custom_settings_type: Option<SettingsType>,
    pub fields: Entries<FieldDef>,
}

/// When a platform event that a trigger publishes is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum PublishBehavior {
    PublishImmediately,
    PublishAfterCommit,
}

/// The `Name` of a custom object.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct NameFieldDef {
    pub label: Option<String>,
    /// Makes it an auto-number, for instance `INV-{0000}`.
    pub display_format: Option<String>,
    pub starting_number: Option<u64>,
    pub track_history: bool,
}

/// The two kinds of custom settings: one row for all, or one for the org, a profile or a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum SettingsType {
    List,
    Hierarchy,
}

/// A field: a bare type, or an object with the words that differ from the default.
#[derive(Debug, Default)]
pub(super) struct FieldDef(pub FieldWords);

/// The words of describe, and five of ours: `displayFormat`, `rollUp`, `childRelationship`, `valueSet`, `about`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct FieldWords {
    #[serde(rename = "about")]
    pub _about: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<FieldType>,
    pub label: Option<String>,
    pub soap_type: Option<String>,
    pub length: Option<u32>,
    pub byte_length: Option<u32>,
    pub precision: Option<u8>,
    pub scale: Option<u8>,
    pub digits: Option<u8>,
    pub createable: Option<bool>,
    pub updateable: Option<bool>,
    pub nillable: Option<bool>,
    pub defaulted_on_create: Option<bool>,
    pub calculated: Option<bool>,
    pub auto_number: Option<bool>,
    pub case_sensitive: Option<bool>,
    pub unique: Option<bool>,
    pub external_id: Option<bool>,
    pub id_lookup: Option<bool>,
    pub name_field: Option<bool>,
    pub encrypted: Option<bool>,
    pub encryption_scheme: Option<EncryptionScheme>,
    pub html_formatted: Option<bool>,
    pub permissionable: Option<bool>,
    pub deprecated_and_hidden: Option<bool>,
    pub aggregatable: Option<bool>,
    pub filterable: Option<bool>,
    pub groupable: Option<bool>,
    pub sortable: Option<bool>,
    pub query_by_distance: Option<bool>,
    pub search_prefilterable: Option<bool>,
    pub default_value: Option<Value>,
    pub default_value_formula: Option<String>,
    pub calculated_formula: Option<String>,
    pub formula_treat_null_number_as_zero: Option<bool>,
    pub roll_up: Option<RollUp>,
    pub display_format: Option<String>,
    pub starting_number: Option<u64>,
    pub track_history: Option<bool>,
    pub picklist_values: Option<Vec<PicklistEntry>>,
    pub value_set: Option<String>,
    pub global_value_set: Option<String>,
    pub restricted_picklist: Option<bool>,
    pub dependent_picklist: Option<bool>,
    pub controller_name: Option<String>,
    pub reference_to: Option<Vec<String>>,
    #[serde(deserialize_with = "said")]
    pub relationship_name: Option<Nullable<String>>,
    pub relationship_order: Option<u8>,
    pub reference_target_field: Option<String>,
    pub polymorphic_foreign_key: Option<bool>,
    pub name_pointing: Option<bool>,
    pub cascade_delete: Option<bool>,
    pub restricted_delete: Option<bool>,
    pub write_requires_master_read: Option<bool>,
    pub child_relationship: Option<ChildDef>,
    pub lookup_filter: Option<LookupFilter>,
    pub compound_field_name: Option<String>,
    #[serde(deserialize_with = "said")]
    pub extra_type_info: Option<Nullable<String>>,
    pub inline_help_text: Option<String>,
    pub mask: Option<String>,
    pub mask_type: Option<String>,
    pub display_location_in_decimal: Option<bool>,
    pub high_scale_number: Option<bool>,
    pub ai_prediction_field: Option<bool>,
}

/// A word that may be said to be null, which is not the same as not saying it.
#[derive(Debug)]
pub(super) struct Nullable<T>(pub Option<T>);

/// What the parent shows of a reference: `"Contacts"`, `false`, or an object.
#[derive(Debug)]
pub(super) enum ChildDef {
    Absent,
    Shown(ChildWords),
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct ChildWords {
    pub name: Option<String>,
    pub cascade_delete: bool,
    pub restricted_delete: bool,
}

/// `"Value"`, `["Value", "Label"]`, or an object with describe's keys.
#[derive(Debug)]
pub(super) struct PicklistEntry(pub PicklistValue);

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct PicklistWords {
    value: String,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    active: Option<bool>,
    #[serde(default)]
    default_value: bool,
    #[serde(default)]
    valid_for: Option<String>,
}

/// The first three characters of ids.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prefix(pub [u8; 3]);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for InOrder<T> {
            type Value = Entries<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with a key for each name")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut seen: NameMap<()> = NameMap::default();
                let mut entries = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    if seen.insert(Name::new(&name), ()).is_some() {
                        return Err(A::Error::custom(format_args!("`{name}` stands here twice")));
                    }
                    entries.push((name, map.next_value()?));
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(InOrder(PhantomData))
    }
}

impl<'de> Deserialize<'de> for FieldDef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TypeOrWords;
        impl<'de> Visitor<'de> for TypeOrWords {
            type Value = FieldDef;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field: its type as a string, or an object with describe's keys")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<FieldDef, E> {
                Ok(FieldDef(FieldWords { kind: Some(parse_type(text)?), ..FieldWords::default() }))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FieldDef, A::Error> {
                FieldWords::deserialize(MapAccessDeserializer::new(map)).map(FieldDef)
            }
        }
        deserializer.deserialize_any(TypeOrWords)
    }
}

fn parse_type<E: Error>(text: &str) -> Result<FieldType, E> {
    FieldType::parse(text).ok_or_else(|| {
        let known: Vec<&str> = FieldType::ALL.iter().map(|kind| kind.as_str()).collect();
        E::custom(format_args!("unknown type `{text}`, expected one of {}", known.join(", ")))
    })
}

impl<'de> Deserialize<'de> for FieldType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Word;
        impl Visitor<'_> for Word {
            type Value = FieldType;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field type")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<FieldType, E> {
                parse_type(text)
            }
        }
        deserializer.deserialize_str(Word)
    }
}

/// Keeps a null that is said apart from a word that is not.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Nullable<String>>, D::Error> {
    Option::deserialize(deserializer).map(|word| Some(Nullable(word)))
}

impl<'de> Deserialize<'de> for ChildDef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameOrWords;
        impl<'de> Visitor<'de> for NameOrWords {
            type Value = ChildDef;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of the child relationship, false for none, or {name, cascadeDelete, restrictedDelete}")
            }
            fn visit_bool<E: Error>(self, shown: bool) -> Result<ChildDef, E> {
                if shown { Ok(ChildDef::Shown(ChildWords::default())) } else { Ok(ChildDef::Absent) }
            }
            fn visit_str<E: Error>(self, name: &str) -> Result<ChildDef, E> {
                Ok(ChildDef::Shown(ChildWords { name: Some(name.to_owned()), ..ChildWords::default() }))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ChildDef, A::Error> {
                ChildWords::deserialize(MapAccessDeserializer::new(map)).map(ChildDef::Shown)
            }
        }
        deserializer.deserialize_any(NameOrWords)
    }
}

impl<'de> Deserialize<'de> for PicklistEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ThreeShapes;
        impl<'de> Visitor<'de> for ThreeShapes {
            type Value = PicklistEntry;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a picklist value: \"Value\", [\"Value\", \"Label\"] or {value, label, active, defaultValue, validFor}")
            }
            fn visit_str<E: Error>(self, value: &str) -> Result<PicklistEntry, E> {
                Ok(entry(value.to_owned(), None, true, false, None))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<PicklistEntry, A::Error> {
                let (value, label) = <(String, String)>::deserialize(SeqAccessDeserializer::new(seq))?;
                Ok(entry(value, Some(label), true, false, None))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PicklistEntry, A::Error> {
                let words = PicklistWords::deserialize(MapAccessDeserializer::new(map))?;
                let active = words.active.unwrap_or(true);
                Ok(entry(words.value, words.label, active, words.default_value, words.valid_for))
            }
        }
        deserializer.deserialize_any(ThreeShapes)
    }
}

fn entry(
    value: String,
    label: Option<String>,
    active: bool,
    default_value: bool,
    valid_for: Option<String>,
) -> PicklistEntry {
    let label = label.unwrap_or_else(|| value.clone());
    PicklistEntry(PicklistValue { active, default_value, label, value, valid_for })
}

impl<'de> Deserialize<'de> for Prefix {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match <[u8; 3]>::try_from(text.as_bytes()) {
            Ok(prefix) if prefix.iter().all(u8::is_ascii_alphanumeric) => Ok(Self(prefix)),
            _ => Err(D::Error::custom(format_args!(
                "`{text}` is no key prefix: three letters or digits expected"
            ))),
        }
    }
}
