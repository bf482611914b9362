//! The schema of an event: which fields a platform event or a change event carries, in which order, and by which id clients
//! ask for it (`contract/pubsub.md` sections 4 and 5). How it is written as Avro or JSON is the faces' business.

use std::sync::Arc;

use super::uuid;
use crate::{
    schema::{Companion, Field, FieldType, Object, Schema},
    state::Record,
    value::Value,
};

/// Fields of a record that its change events do not carry: no value of the record itself, or derived from others.
const NOT_CARRIED: &[&str] = &[
    "ChannelProgramLevelName",
    "ChannelProgramName",
    "Fiscal",
    "FiscalQuarter",
    "FiscalYear",
    "HasOpenActivity",
    "HasOverdueTask",
    "Id",
    "IsCustomerPortal",
    "IsDeleted",
    "IsEmailBounced",
    "IsPartner",
    "LastActivityDate",
    "LastReferencedDate",
    "LastViewedDate",
    "MasterRecordId",
    "PhotoUrl",
    "SystemModstamp",
];

/// What a platform event has beside its fields: its payload does not carry these.
const BESIDE_PAYLOAD: &[&str] = &["ReplayId", "EventUuid"];

/// What kind of event a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKindOfSchema {
    Platform,
    Change,
}

/// How a field's value is written. Dates and moments are numbers: milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventType {
    Text,
    Boolean,
    Int,
    Long,
    Double,
    /// A record of parts, by its name in schemas.
    Compound(&'static str),
    /// An account's name where there are person accounts: a text or the parts of a person's name.
    TextOr(&'static str),
}

/// A part of a compound field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub name: &'static str,
    pub kind: EventType,
    /// Where the record has it.
    pub position: usize,
}

/// One field of an event.
#[derive(Debug, Clone)]
pub struct EventField {
    pub name: String,
    /// `Data:Text`
    pub doc: String,
    pub kind: EventType,
    pub nullable: bool,
    /// Of the field in its object.
    pub position: usize,
    pub parts: Vec<Part>,
}

/// A field's value in one record.
#[derive(Debug, Clone)]
pub enum Carried<'a> {
    Null,
    One(&'a Value),
    /// By the field's parts.
    Parts(Vec<&'a Value>),
}

/// The shape of one kind of event.
#[derive(Debug)]
pub struct EventSchema {
    /// `Low_Ink__e`, `AccountChangeEvent`
    pub name: String,
    /// 22 characters; another shape has another id.
    pub id: String,
    pub kind: EventKindOfSchema,
    /// The event's own object, or the one whose records change.
    pub object: Arc<Object>,
    pub fields: Vec<EventField>,
}

impl EventSchema {
    /// The schema of a platform event, or of the change events of an object that has some.
    #[must_use]
    pub fn of(schema: &Schema, object: &Arc<Object>) -> Option<Self> {
        if object.is_platform_event() {
            return Some(Self::build(object.name.as_str().to_owned(), EventKindOfSchema::Platform, object));
        }
        let name = change_event_name(schema, object)?;
        Some(Self::build(name, EventKindOfSchema::Change, object))
    }

    fn build(name: String, kind: EventKindOfSchema, object: &Arc<Object>) -> Self {
        let carried = |field: &Field| match kind {
            EventKindOfSchema::Platform => !BESIDE_PAYLOAD.iter().any(|other| field.name.is(other)),
            EventKindOfSchema::Change => is_carried(object, field),
        };
        let fields = object
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| !is_part(field) && carried(field))
            .map(|(position, field)| event_field(kind, object, position, field))
            .collect::<Vec<_>>();
        let line = |field: &EventField| {
            let EventField { name, doc, kind, nullable, .. } = field;
            format!(
                "{name} {doc} {kind:?} {nullable} {:?}\n",
                field.parts.iter().map(|part| part.name).collect::<Vec<_>>()
            )
        };
        let id = uuid::schema_id(&format!("{name}\n{}", fields.iter().map(line).collect::<String>()));
        Self { name, id, kind, object: Arc::clone(object), fields }
    }

    /// What a field holds in a record.
    #[must_use]
    pub fn value<'a>(&self, field: &EventField, record: &'a Record) -> Carried<'a> {
        let parts = || field.parts.iter().map(|part| record.get(part.position)).collect::<Vec<_>>();
        let whole = || match record.get(field.position) {
            Value::Null => Carried::Null,
            value => Carried::One(value),
        };
        match field.kind {
            EventType::Compound(_) | EventType::TextOr(_) => {
                let parts = parts();
                if parts.iter().any(|value| !value.is_null()) {
                    return Carried::Parts(parts);
                }
                if matches!(field.kind, EventType::TextOr(_)) { whole() } else { Carried::Null }
            }
            _ => whole(),
        }
    }

    #[must_use]
    pub fn field(&self, name: &str) -> Option<(usize, &EventField)> {
        self.fields.iter().enumerate().find(|(_, field)| field.name == name)
    }
}

/// `AccountChangeEvent`, `Invoice__ChangeEvent`; none for objects that have no change events.
#[must_use]
pub fn change_event_name(schema: &Schema, object: &Object) -> Option<String> {
    let name = Companion::ChangeEvent.name_for(object.name.as_str());
    let custom = object.name.as_str().ends_with("__c") && !object.custom_setting;
    (custom || schema.object(&name).is_some()).then_some(name)
}

/// The object whose changes the events of this name tell.
#[must_use]
pub fn entity_of<'a>(schema: &'a Schema, change_event: &str) -> Option<&'a Arc<Object>> {
    let stem = change_event.strip_suffix("ChangeEvent")?;
    let name = if stem.ends_with("__") { format!("{stem}c") } else { stem.to_owned() };
    let entity = schema.object(&name)?;
    change_event_name(schema, entity).is_some_and(|known| known == change_event).then_some(entity)
}

fn is_part(field: &Field) -> bool {
    field.compound_field_name.as_ref().is_some_and(|compound| *compound != field.name)
}

fn is_carried(object: &Object, field: &Field) -> bool {
    let has_types = object.record_type_infos.iter().any(|info| !info.master);
    !(NOT_CARRIED.iter().any(|other| field.name.is(other))
        || field.name.as_str().starts_with('$')
        || field.is_formula()
        || field.kind == FieldType::Base64
        || field.name.is("RecordTypeId") && !has_types)
}

fn event_field(kind: EventKindOfSchema, object: &Object, position: usize, field: &Field) -> EventField {
    let parts = parts_of(object, field);
    let of_value = kind_of(field, &parts);
    // What a definition requires of a publisher is no business of the schema: over gRPC it may be empty.
    let required = kind == EventKindOfSchema::Platform
        && ["CreatedDate", "CreatedById"].iter().any(|name| field.name.is(name));
    EventField {
        name: field.name.as_str().to_owned(),
        doc: doc(kind, field, of_value),
        kind: of_value,
        nullable: !required,
        position,
        parts,
    }
}

fn kind_of(field: &Field, parts: &[Part]) -> EventType {
    match field.kind {
        FieldType::Address => EventType::Compound("Address"),
        FieldType::Location => EventType::Compound("Location"),
        _ if !parts.is_empty() && field.compound_field_name.is_some() => {
            EventType::TextOr("Switchable_PersonName")
        }
        _ if !parts.is_empty() => EventType::Compound("PersonName"),
        other => simple(other),
    }
}

fn simple(kind: FieldType) -> EventType {
    match kind {
        FieldType::Boolean => EventType::Boolean,
        FieldType::Int => EventType::Int,
        FieldType::Long | FieldType::Date | FieldType::Datetime | FieldType::Time => EventType::Long,
        FieldType::Double | FieldType::Currency | FieldType::Percent => EventType::Double,
        _ => EventType::Text,
    }
}

/// The parts of a compound field in the order of Salesforce's schemas, those that the object has.
fn parts_of(object: &Object, field: &Field) -> Vec<Part> {
    const PERSON: &[&str] = &["Salutation", "FirstName", "LastName", "MiddleName", "InformalName", "Suffix"];
    const ADDRESS: &[&str] = &[
        "Street",
        "City",
        "State",
        "PostalCode",
        "Country",
        "StateCode",
        "CountryCode",
        "Latitude",
        "Longitude",
        "GeocodeAccuracy",
    ];
    const LOCATION: &[&str] = &["Latitude", "Longitude"];
    let names = match field.kind {
        FieldType::Address => ADDRESS,
        FieldType::Location => LOCATION,
        _ if field.name_field => PERSON,
        _ => return Vec::new(),
    };
    let part = |name: &'static str| {
        let mut own = object.fields.iter().enumerate().filter(|(_, part)| {
            is_part(part) && part.compound_field_name.as_ref().is_some_and(|compound| *compound == field.name)
        });
        let (position, found) =
            own.find(|(_, part)| part.name.as_str().trim_end_matches("__s").ends_with(name))?;
        Some(Part { name, kind: simple(found.kind), position })
    };
    names.iter().filter_map(|name| part(name)).collect()
}

/// What the schema says of a field: Salesforce's own words for its type.
fn doc(event: EventKindOfSchema, field: &Field, kind: EventType) -> String {
    let custom = field.name.as_str().ends_with("__c");
    if field.name.is("CreatedDate") {
        return "CreatedDate:DateTime".to_owned();
    }
    if event == EventKindOfSchema::Platform && field.name.is("CreatedById") {
        return "CreatedBy:EntityId".to_owned();
    }
    if let EventType::Compound(name) | EventType::TextOr(name) = kind {
        return format!("Data:{name}");
    }
    let word = match field.kind {
        FieldType::Reference => return "ForeignKey:EntityId".to_owned(),
        FieldType::Boolean => "Boolean",
        FieldType::Picklist | FieldType::Combobox if field.restricted_picklist && !custom => "StaticEnum",
        FieldType::Picklist | FieldType::Combobox => "DynamicEnum",
        FieldType::Multipicklist => "MultiEnum",
        FieldType::Currency => "Currency",
        FieldType::Percent => "Percent",
        FieldType::Double => "Double",
        FieldType::Int | FieldType::Long => "Integer",
        FieldType::Phone => "Phone",
        FieldType::Email => "Email",
        FieldType::Url => "Url",
        FieldType::Textarea if field.html_formatted => "HtmlStringPlusClob",
        FieldType::Textarea => "StringPlusClob",
        FieldType::Date => "DateOnly",
        FieldType::Datetime => "DateTime",
        FieldType::Time => "TimeOnly",
        FieldType::EncryptedString => "EncryptedText",
        _ => "Text",
    };
    format!("Data:{word}")
}
