//! Custom objects, custom settings, custom metadata types and platform events: the fields that each has from the start, and
//! what may be done with it.

use super::build;
use super::format::{Entries, FieldDef, NameFieldDef, ObjectDef, SettingsType};
use super::{Field, FieldType, Object};
use crate::name::Name;

/// What a name's end makes of an object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Setting(SettingsType),
    MetadataType,
    PlatformEvent,
}

/// In the order of a custom object's describe.
const OBJECT: &[&str] = &[
    "Id",
    "OwnerId",
    "IsDeleted",
    "Name",
    "CreatedDate",
    "CreatedById",
    "LastModifiedDate",
    "LastModifiedById",
    "SystemModstamp",
];

const SETTING: &[&str] = &[
    "Id",
    "IsDeleted",
    "Name",
    "SetupOwnerId",
    "CreatedDate",
    "CreatedById",
    "LastModifiedDate",
    "LastModifiedById",
    "SystemModstamp",
];

const METADATA_TYPE: &[&str] = &[
    "Id",
    "DeveloperName",
    "MasterLabel",
    "Language",
    "NamespacePrefix",
    "Label",
    "QualifiedApiName",
    "SystemModstamp",
];

const PLATFORM_EVENT: &[&str] = &["ReplayId", "EventUuid", "CreatedDate", "CreatedById"];

/// An object that exists takes fields and nothing else.
pub(super) fn only_fields(def: &ObjectDef) -> Result<(), String> {
    let words = format!("{def:?}");
    if words == format!("{:?}", ObjectDef::default()) {
        return Ok(());
    }
    Err("the org has this object already: only `fields` can be added to it".to_owned())
}

/// What an administrator may say anew of an object that is here: of a custom one its labels and its name, of others nothing.
pub(super) fn change(known: &Object, mut def: ObjectDef) -> Result<Object, String> {
    let mut object = known.clone();
    if known.custom || known.custom_setting {
        def.custom_settings_type = def.custom_settings_type.filter(|_| !known.custom_setting);
        object.label = def.label.take().unwrap_or(object.label);
        object.label_plural = def.label_plural.take().unwrap_or(object.label_plural);
        object.feed_enabled |= def.feed_enabled.take().unwrap_or(false);
        if let Some(said) = def.name_field.take() {
            let name = object.fields.iter_mut().find(|field| field.name_field);
            let Some(name) = name else { return Err(format!("{} has no name field", known.name)) };
            if said.display_format.is_some() != name.auto_number {
                return Err("the name of an object with records stays a text or an auto-number".to_owned());
            }
            name.label = said.label.unwrap_or_else(|| name.label.clone());
            name.display_format = said.display_format.or(name.display_format.take());
            name.track_history |= said.track_history;
        }
    }
    only_fields(&def).map(|()| object)
}

/// A custom object with the fields that it has from the start. `digits` gives the key prefix that is next, by its first letter.
pub(super) fn object(
    name: &str,
    def: &mut ObjectDef,
    fields: &Entries<FieldDef>,
    next_prefix: impl Fn(u8) -> [u8; 3],
) -> Result<Object, String> {
    let kind = kind_of(name, def.custom_settings_type.take())?;
    let masters = fields.0.iter().filter(|(_, field)| super::custom::is_master_detail(&field.0)).count();
    if masters > 2 {
        return Err(format!("{masters} master-detail fields: an object has two at most"));
    }
    if masters > 0 && kind != Kind::Object {
        return Err(format!("`{name}` cannot be the detail of a master"));
    }
    let name_field = def.name_field.take().unwrap_or_default();
    let said_prefix = def.key_prefix.is_some();
    preset(def, kind);
    let mut object = build::object(name, def);
    if !said_prefix {
        let prefix = next_prefix(match kind {
            Kind::Object | Kind::Setting(_) => b'a',
            Kind::MetadataType => b'm',
            Kind::PlatformEvent => b'e',
        });
        object.key_prefix = Some(prefix);
        object.record_prefix = prefix;
    }
    let label = object.label.clone();
    let system = match kind {
        Kind::Object => OBJECT,
        Kind::Setting(_) => SETTING,
        Kind::MetadataType => METADATA_TYPE,
        Kind::PlatformEvent => PLATFORM_EVENT,
    };
    for known in system {
        if *known == "OwnerId" && masters > 0 {
            continue;
        }
        object.fields.extend(system_field(known, name, &label, &name_field, kind)?.map(finish));
    }
    Ok(object)
}

fn kind_of(name: &str, settings: Option<SettingsType>) -> Result<Kind, String> {
    let kinds = [("__c", Kind::Object), ("__mdt", Kind::MetadataType), ("__e", Kind::PlatformEvent)];
    let Some((suffix, kind)) = kinds.into_iter().find(|(suffix, _)| name.ends_with(suffix)) else {
        for (suffix, what) in
            [("__b", "big objects"), ("__x", "external objects"), ("__kav", "article types")]
        {
            if name.ends_with(suffix) {
                return Err(format!("{what} are not emulated"));
            }
        }
        return Err(format!(
            "`{name}` is no name for a custom object: it must end in `__c` (or `__mdt`, `__e`), and standard ones cannot be added"
        ));
    };
    super::custom::check_stem(name, &name[..name.len() - suffix.len()])?;
    match (kind, settings) {
        (Kind::Object, Some(settings)) => Ok(Kind::Setting(settings)),
        (_, Some(_)) => Err("customSettingsType: the name of a custom setting ends in `__c`".to_owned()),
        (kind, None) => Ok(kind),
    }
}

/// What describe says of objects of this kind, unless the definition says otherwise.
fn preset(def: &mut ObjectDef, kind: Kind) {
    let no = Some(false);
    match kind {
        Kind::Object => {}
        Kind::Setting(_) => {
            def.custom_setting = Some(true);
            for flag in [
                &mut def.compact_layoutable,
                &mut def.layoutable,
                &mut def.mru_enabled,
                &mut def.search_layoutable,
                &mut def.searchable,
                &mut def.triggerable,
                &mut def.undeletable,
            ] {
                *flag = flag.or(no);
            }
        }
        Kind::MetadataType => {
            for flag in [
                &mut def.compact_layoutable,
                &mut def.createable,
                &mut def.deletable,
                &mut def.mru_enabled,
                &mut def.replicateable,
                &mut def.search_layoutable,
                &mut def.searchable,
                &mut def.triggerable,
                &mut def.undeletable,
                &mut def.updateable,
                &mut def.record_types,
            ] {
                *flag = flag.or(no);
            }
        }
        Kind::PlatformEvent => {
            for flag in [
                &mut def.compact_layoutable,
                &mut def.deletable,
                &mut def.layoutable,
                &mut def.mru_enabled,
                &mut def.queryable,
                &mut def.retrieveable,
                &mut def.search_layoutable,
                &mut def.searchable,
                &mut def.undeletable,
                &mut def.updateable,
                &mut def.record_types,
            ] {
                *flag = flag.or(no);
            }
        }
    }
}

fn system_field(
    known: &str,
    object: &str,
    label: &str,
    name_field: &NameFieldDef,
    kind: Kind,
) -> Result<Option<Field>, String> {
    let field = match (known, kind) {
        ("Name", Kind::Setting(settings)) => setting_name(settings),
        ("Name", _) => object_name(label, name_field)?,
        ("OwnerId", _) => {
            let Some(mut owner) = Field::well_known(known, object, "Record") else { return Ok(None) };
            refer(&mut owner, &["Group", "User"]);
            owner
        }
        ("SetupOwnerId", _) => {
            let mut owner = Field::new(known, FieldType::Reference);
            refer(&mut owner, &["Organization", "Profile", "User"]);
            owner.relationship_name = Some(Name::from("SetupOwner"));
            "Location".clone_into(&mut owner.label);
            owner.nillable = false;
            owner.defaulted_on_create = true;
            owner.updateable = false;
            owner.permissionable = false;
            // A hierarchy has one row for each of its owners.
            owner.unique = kind == Kind::Setting(SettingsType::Hierarchy);
            owner
        }
        (
            "DeveloperName" | "MasterLabel" | "Label" | "QualifiedApiName" | "NamespacePrefix" | "Language",
            _,
        ) => metadata_type_text(known),
        ("ReplayId" | "EventUuid", _) => {
            let mut field = Field::new(known, FieldType::String);
            field.length = if known == "ReplayId" { 40 } else { 36 };
            read_only(&mut field);
            field
        }
        _ => return Ok(Field::well_known(known, object, "Record")),
    };
    Ok(Some(field))
}

fn refer(field: &mut Field, to: &[&str]) {
    field.reference_to = to.iter().map(|name| Name::from(*name)).collect();
    field.polymorphic_foreign_key = to.len() > 1;
    field.name_pointing = to.len() > 1;
}

fn read_only(field: &mut Field) {
    field.createable = false;
    field.updateable = false;
    field.permissionable = false;
}

fn metadata_type_text(name: &str) -> Field {
    let mut field = Field::new(name, FieldType::String);
    field.length = match name {
        "QualifiedApiName" => 70,
        "NamespacePrefix" => 15,
        _ => 40,
    };
    field.name_field = name == "MasterLabel";
    field.id_lookup = name == "DeveloperName" || name == "QualifiedApiName";
    field.nillable = name == "NamespacePrefix";
    read_only(&mut field);
    field
}

/// Rows of a list are found by name; those of a hierarchy have none of their own.
fn setting_name(settings: SettingsType) -> Field {
    let mut field = Field::new("Name", FieldType::String);
    field.length = 38;
    field.name_field = true;
    field.id_lookup = true;
    field.permissionable = false;
    if settings == SettingsType::List {
        field.nillable = false;
        field.unique = true;
    } else {
        field.defaulted_on_create = true;
    }
    field
}

/// The `Name` of a custom object: 80 characters that a person types, or a number that the org counts.
fn object_name(object_label: &str, def: &NameFieldDef) -> Result<Field, String> {
    let mut field = Field::new("Name", FieldType::String);
    field.label = def.label.clone().unwrap_or_else(|| format!("{object_label} Name"));
    field.length = 80;
    field.name_field = true;
    field.id_lookup = true;
    field.permissionable = false;
    // A custom object's record without a name is named by its id.
    field.defaulted_on_create = true;
    field.track_history = def.track_history;
    if let Some(format) = &def.display_format {
        super::display_format::check(format)?;
        field.auto_number = true;
        field.display_format = Some(format.clone());
        field.starting_number = def.starting_number;
        field.createable = false;
        field.updateable = false;
        field.nillable = false;
    }
    Ok(field)
}

fn finish(mut field: Field) -> Field {
    field.apply_length();
    field
}
