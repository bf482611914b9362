//! From the words of a definition to a [`Field`] or an [`Object`]: defaults first, then what is said.

use std::sync::Arc;

use serde_json::Value;

use super::defaults::label_from;
use super::format::{ChildDef, FieldDef, FieldWords, ObjectDef, PublishBehavior};
use super::standard::value_set;
use super::{ChildSide, Field, FieldType, Object, ObjectIx, ObjectUrl, Places, RecordTypeInfo, Scope};
use crate::name::{Name, NameMap};

/// The record type that every object has and that no row stands for.
pub const MASTER_RECORD_TYPE: &str = "012000000000000AAA";

macro_rules! take {
    ($from:ident => $to:ident: $($member:ident)*) => {
        $(if let Some(said) = $from.$member { $to.$member = said; })*
    };
}

/// A field as its definition gives it. `Err` says what is wrong with it.
pub(super) fn field(name: &str, object: &str, object_label: &str, def: FieldDef) -> Result<Field, String> {
    let words = def.0;
    let mut field = match (words.kind, Field::well_known(name, object, object_label)) {
        (Some(kind), _) => Field::new(name, kind),
        (None, Some(known)) => known,
        (None, None) => return Err("`type` is missing".to_owned()),
    };
    if let Some(length) = words.length {
        field.length = length;
    }
    field.apply_length();
    apply(&mut field, words)?;
    Ok(field)
}

fn apply(field: &mut Field, mut words: FieldWords) -> Result<(), String> {
    apply_picklist(field, &mut words)?;
    apply_reference(field, &mut words)?;
    if let Some(soap) = &words.soap_type {
        field.soap_type = SOAP_TYPES
            .iter()
            .find(|known| **known == soap)
            .ok_or_else(|| format!("unknown soapType `{soap}`, expected one of {}", SOAP_TYPES.join(", ")))?;
    }
    take!(words => field: label byte_length precision scale digits createable updateable nillable
        defaulted_on_create calculated auto_number case_sensitive unique external_id id_lookup name_field
        encrypted html_formatted permissionable deprecated_and_hidden aggregatable filterable groupable
        sortable query_by_distance search_prefilterable formula_treat_null_number_as_zero
        write_requires_master_read display_location_in_decimal high_scale_number ai_prediction_field);
    if let Some(scheme) = words.encryption_scheme {
        field.encrypt(scheme);
    }
    if words.default_value.is_some() {
        field.default_value = words.default_value;
    }
    field.default_value_formula = words.default_value_formula;
    field.calculated_formula = words.calculated_formula;
    field.display_format = words.display_format;
    field.starting_number = words.starting_number;
    take!(words => field: track_history);
    if let Some(filter) = words.lookup_filter {
        field.filtered_lookup_info = filter.active.then(|| filter.info());
        field.lookup_filter = Some(Arc::new(filter));
    }
    field.compound_field_name = words.compound_field_name.map(Name::from);
    field.inline_help_text = words.inline_help_text;
    field.mask = words.mask;
    field.mask_type = words.mask_type;
    if let Some(info) = words.extra_type_info {
        field.extra_type_info = info.0;
    }
    Ok(())
}

/// describe's `soapType` values, of the partner WSDL, as far as fields have them.
pub(super) const SOAP_TYPES: [&str; 14] = [
    "tns:ID",
    "xsd:base64Binary",
    "xsd:boolean",
    "xsd:double",
    "xsd:int",
    "xsd:long",
    "xsd:string",
    "xsd:date",
    "xsd:dateTime",
    "xsd:time",
    "urn:location",
    "urn:address",
    "xsd:anyType",
    "tns:json",
];

fn apply_picklist(field: &mut Field, words: &mut FieldWords) -> Result<(), String> {
    let values = match (words.picklist_values.take(), words.value_set.take()) {
        (Some(_), Some(_)) => return Err("`picklistValues` and `valueSet` exclude each other".to_owned()),
        (Some(entries), None) => entries.into_iter().map(|entry| entry.0).collect(),
        (None, Some(set)) => value_set(&set)
            .ok_or_else(|| format!("there is no value set `{set}` in values/value-sets.json"))?,
        (None, None) => return Ok(()),
    };
    if !field.kind.is_picklist() {
        return Err(format!("a field of type {} has no picklist values", field.kind));
    }
    field.picklist_values = values;
    if let Some(default) = field.default_picklist_value() {
        field.default_value = Some(Value::String(default.value.clone()));
        field.defaulted_on_create = true;
    }
    take!(words => field: restricted_picklist dependent_picklist);
    field.controller_name = words.controller_name.take().map(Name::from);
    field.global_value_set = words.global_value_set.take();
    Ok(())
}

fn apply_reference(field: &mut Field, words: &mut FieldWords) -> Result<(), String> {
    let is_reference = field.kind == FieldType::Reference;
    if !is_reference && (words.reference_to.is_some() || words.child_relationship.is_some()) {
        return Err(format!("a field of type {} refers to nothing; `reference` expected", field.kind));
    }
    if !is_reference {
        // A few strings that once were references keep the name (JigsawContactId).
        field.relationship_name = words.relationship_name.take().and_then(|said| said.0).map(Name::from);
        return Ok(());
    }
    if let Some(to) = words.reference_to.take() {
        field.reference_to = to.into_iter().map(Name::from).collect();
    }
    let polymorphic = field.reference_to.len() > 1;
    field.polymorphic_foreign_key = polymorphic;
    field.name_pointing = polymorphic;
    field.relationship_name = match words.relationship_name.take() {
        Some(said) => said.0.map(Name::from),
        None => relationship_of(field.name.as_str()),
    };
    take!(words => field: polymorphic_foreign_key name_pointing cascade_delete restricted_delete);
    field.relationship_order = words.relationship_order;
    field.reference_target_field = words.reference_target_field.take().map(Name::from);
    match words.child_relationship.take() {
        None => {}
        Some(ChildDef::Absent) => field.child.absent = true,
        Some(ChildDef::Shown(child)) => {
            field.child = ChildSide {
                // A child that is shown without a name: nothing can follow it.
                relationship_name: child.name.filter(|name| !name.is_empty()).map(Name::from),
                cascade_delete: child.cascade_delete,
                restricted_delete: child.restricted_delete,
                absent: false,
            };
        }
    }
    Ok(())
}

/// `AccountId` is followed as `Account`, `Invoice__c` as `Invoice__r`.
fn relationship_of(field: &str) -> Option<Name> {
    if let Some(stem) = field.strip_suffix("__c") {
        return Some(Name::from(format!("{stem}__r")));
    }
    field.strip_suffix("Id").filter(|stem| !stem.is_empty()).map(Name::new)
}

/// An object without fields as its definition gives it.
pub(super) fn object(name: &str, def: &mut ObjectDef) -> Object {
    let label = def.label.take().unwrap_or_else(|| label_from(name));
    let label_plural = def.label_plural.take().unwrap_or_else(|| format!("{label}s"));
    let key_prefix = def.key_prefix.map(|prefix| prefix.0);
    let mut object = Object {
        index: ObjectIx(0),
        name: Name::new(name),
        key_prefix,
        record_prefix: def.record_prefix.map(|prefix| prefix.0).or(key_prefix).unwrap_or(*b"000"),
        activateable: false,
        compact_layoutable: true,
        createable: true,
        custom: ["__c", "__mdt", "__e"].iter().any(|suffix| name.ends_with(suffix)),
        custom_setting: false,
        deep_cloneable: false,
        deletable: true,
        deprecated_and_hidden: false,
        feed_enabled: false,
        has_subtypes: false,
        is_interface: false,
        is_subtype: false,
        layoutable: true,
        mergeable: false,
        mru_enabled: true,
        queryable: true,
        replicateable: true,
        retrieveable: true,
        search_layoutable: true,
        searchable: true,
        triggerable: true,
        undeletable: true,
        updateable: true,
        associate_entity_type: def.associate_entity_type.take(),
        associate_parent_entity: def.associate_parent_entity.take().map(Name::from),
        network_scope_field_name: def.network_scope_field_name.take().map(Name::from),
        publish_after_commit: def.publish_behavior.take() == Some(PublishBehavior::PublishAfterCommit),
        writes_not_emulated: def.writes_not_emulated.take(),
        fields: Vec::new(),
        child_relationships: Vec::new(),
        has_lookup_filters: false,
        formula_fields: Vec::new(),
        rolled_up: Vec::new(),
        record_type_infos: Vec::new(),
        supported_scopes: Vec::new(),
        urls: Vec::new(),
        namespace: None,
        by_name: NameMap::default(),
        by_relationship: NameMap::default(),
        hidden: Vec::new(),
        parts: Vec::new(),
        places: Places::default(),
        label,
        label_plural,
    };
    take!(def => object: activateable compact_layoutable createable custom_setting deep_cloneable deletable
        deprecated_and_hidden feed_enabled has_subtypes is_interface is_subtype layoutable mergeable mru_enabled
        queryable replicateable retrieveable search_layoutable searchable triggerable undeletable updateable);
    if def.record_types.unwrap_or(object.layoutable) {
        object.record_type_infos.push(master_record_type());
    }
    object.supported_scopes = match def.supported_scopes.take() {
        Some(scopes) => scopes.0.into_iter().map(|(name, label)| Scope { label, name }).collect(),
        None => default_scopes(&object),
    };
    object.urls = def.urls.take().unwrap_or_else(|| default_urls(&object));
    object
}

fn master_record_type() -> RecordTypeInfo {
    RecordTypeInfo {
        active: true,
        available: true,
        default_record_type_mapping: true,
        developer_name: "Master".to_owned(),
        master: true,
        name: "Master".to_owned(),
        record_type_id: MASTER_RECORD_TYPE.to_owned(),
    }
}

fn default_scopes(object: &Object) -> Vec<Scope> {
    let plural = object.label_plural.to_lowercase();
    let scope = |name: &str, label: String| Scope { label, name: name.to_owned() };
    let mut scopes = vec![scope("everything", format!("All {plural}"))];
    if object.layoutable && object.mru_enabled {
        scopes.push(scope("mine", format!("My {plural}")));
    }
    scopes
}

/// What an object of this kind usually links to, in the order of the recorded describes.
fn default_urls(object: &Object) -> Vec<ObjectUrl> {
    use ObjectUrl as U;
    let ui = object.layoutable;
    [
        (U::CompactLayouts, object.compact_layoutable),
        (U::RowTemplate, true),
        (U::ApprovalLayouts, object.custom),
        (U::UiDetailTemplate, ui),
        (U::UiEditTemplate, ui),
        (U::Describe, true),
        (U::UiNewRecord, ui),
        (U::QuickActions, object.custom),
        (U::Layouts, ui),
        (U::Sobject, true),
    ]
    .into_iter()
    .filter_map(|(url, has)| has.then_some(url))
    .collect()
}
