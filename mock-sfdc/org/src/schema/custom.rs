//! Custom objects and custom fields: the rules that Salesforce's set-up screens apply to what a package or
//! an administrator adds. Formula fields are refused by name: nothing computes them yet.

use serde_json::Value;

use super::build;
use super::format::{Entries, FieldDef, FieldWords, ObjectDef};
use super::{Field, FieldType, Object, roll_up};

/// The length that describe gives a custom auto-number.
const AUTO_NUMBER_LENGTH: u32 = 30;

/// describe's `precision` of a multi-select picklist is the height of its box on the page.
const VISIBLE_LINES: u8 = 4;

/// A master-detail is a reference that has a place among the masters: 0 or 1.
fn is_master_detail(words: &FieldWords) -> bool {
    words.relationship_order.is_some()
}

/// An object that exists takes fields and nothing else.
pub(super) fn only_fields(def: &ObjectDef) -> Result<(), String> {
    let words = format!("{def:?}");
    if words == format!("{:?}", ObjectDef::default()) {
        return Ok(());
    }
    Err("the org has this object already: only `fields` can be added to it".to_owned())
}

/// A custom object with the fields that it has from the start.
pub(super) fn object(
    name: &str,
    def: &mut ObjectDef,
    fields: &Entries<FieldDef>,
    prefix: [u8; 3],
) -> Result<Object, String> {
    check_name(name, "object")?;
    let masters = fields.0.iter().filter(|(_, field)| is_master_detail(&field.0)).count();
    if masters > 2 {
        return Err(format!("{masters} master-detail fields: an object has two at most"));
    }
    let name_field = def.name_field.take().unwrap_or_default();
    let mut object = build::object(name, def);
    if object.key_prefix.is_none() {
        object.key_prefix = Some(prefix);
        object.record_prefix = prefix;
    }
    let label = object.label.clone();
    for system in SYSTEM {
        match *system {
            "OwnerId" if masters > 0 => {}
            "Name" => object.fields.push(name_of(
                &label,
                name_field.label.as_deref(),
                name_field.display_format.as_deref(),
            )),
            known => object.fields.extend(Field::well_known(known, name, "Record").map(finish)),
        }
    }
    if masters == 0
        && let Some(owner) = object.fields.iter_mut().find(|field| field.name.is("OwnerId"))
    {
        owner.reference_to = vec!["Group".into(), "User".into()];
        owner.polymorphic_foreign_key = true;
        owner.name_pointing = true;
    }
    Ok(object)
}

/// In the order of a custom object's describe.
const SYSTEM: &[&str] = &[
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

fn finish(mut field: Field) -> Field {
    field.apply_length();
    field
}

/// The `Name` of a custom object: 80 characters that a person types, or a number that the org counts.
fn name_of(object_label: &str, label: Option<&str>, display_format: Option<&str>) -> Field {
    let mut field = Field::new("Name", FieldType::String);
    field.label = label.map_or_else(|| format!("{object_label} Name"), str::to_owned);
    field.length = 80;
    field.name_field = true;
    field.id_lookup = true;
    field.permissionable = false;
    match display_format {
        None => {
            // A custom object's record without a name is named by its id.
            field.defaulted_on_create = true;
        }
        Some(format) => {
            field.auto_number = true;
            field.display_format = Some(format.to_owned());
            field.createable = false;
            field.updateable = false;
            field.nillable = false;
            field.defaulted_on_create = true;
        }
    }
    finish(field)
}

/// A custom field as a package defines it.
pub(super) fn field(name: &str, object: &Object, mut def: FieldDef) -> Result<Field, String> {
    check_name(name, "field")?;
    if def.0.roll_up.is_some() {
        return roll_up::field(name, object, def);
    }
    let words = &mut def.0;
    let kind = words.kind.ok_or_else(|| "`type` is missing".to_owned())?;
    check_kind(kind)?;
    refuse_computed(words)?;
    let master_detail = is_master_detail(words);
    if master_detail && kind != FieldType::Reference {
        return Err(format!("relationshipOrder makes a master-detail of a reference; this is a {kind}"));
    }
    if master_detail && !object.custom {
        return Err(format!("{} is a standard object: it cannot be the detail of a master", object.name));
    }
    let reparentable = words.updateable;
    let auto_number = words.display_format.is_some();
    if auto_number {
        words.length = words.length.or(Some(AUTO_NUMBER_LENGTH));
    }
    if kind == FieldType::Multipicklist {
        words.precision = words.precision.or(Some(VISIBLE_LINES));
    }
    if let Some(formula) = &words.default_value_formula {
        words.default_value = Some(constant(formula)?);
    }
    if words.default_value.is_some() {
        words.defaulted_on_create = Some(true);
    }
    let mut field = build::field(name, object.name.as_str(), &object.label, def)?;
    field.custom = true;
    if field.external_id || field.unique {
        check_key(&field)?;
        field.id_lookup = field.external_id;
    }
    if field.kind == FieldType::Reference {
        if field.reference_to.is_empty() {
            return Err(
                "`referenceTo` is missing: a list with the object that the field refers to".to_owned()
            );
        }
        check_child_name(&field)?;
        field.search_prefilterable = true;
    }
    if master_detail {
        field.nillable = false;
        field.updateable = reparentable.unwrap_or(false);
        field.cascade_delete = true;
        field.child.cascade_delete = true;
        field.permissionable = false;
    }
    if auto_number {
        check_display_format(&field)?;
        field.auto_number = true;
        field.createable = false;
        field.updateable = false;
        field.nillable = false;
        field.defaulted_on_create = true;
    }
    if !field.nillable && field.kind != FieldType::Boolean {
        // A field that every record must have is not hidden by field permissions.
        field.permissionable = false;
    }
    Ok(field)
}

fn check_name(name: &str, what: &str) -> Result<(), String> {
    let stem = name.strip_suffix("__c").ok_or_else(|| {
        format!(
            "`{name}` is no name for a custom {what}: it must end in `__c`, and standard ones cannot be added"
        )
    })?;
    let namespaces = stem.matches("__").count();
    let spelled = stem.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && stem.starts_with(|c: char| c.is_ascii_alphabetic())
        && !stem.ends_with('_');
    if spelled && namespaces <= 1 {
        return Ok(());
    }
    Err(format!(
        "`{name}` is no API name: letters, digits and single underscores, a letter first, after at most one namespace"
    ))
}

fn check_kind(kind: FieldType) -> Result<(), String> {
    use FieldType as T;
    let offered = [
        T::String,
        T::Textarea,
        T::Picklist,
        T::Multipicklist,
        T::Reference,
        T::Boolean,
        T::Currency,
        T::Double,
        T::Percent,
        T::Phone,
        T::Date,
        T::Datetime,
        T::Time,
        T::Url,
        T::Email,
        T::EncryptedString,
    ];
    if offered.contains(&kind) {
        return Ok(());
    }
    let offered: Vec<&str> = offered.iter().map(|kind| kind.as_str()).collect();
    Err(format!("no custom field has the type {kind}; expected one of {}", offered.join(", ")))
}

fn refuse_computed(words: &FieldWords) -> Result<(), String> {
    if words.calculated_formula.is_some() || words.calculated == Some(true) {
        return Err("formula fields are not computed yet: leave the field out".to_owned());
    }
    Ok(())
}

/// The value of a default formula that needs no evaluation: a number, a text in quotes, TRUE or FALSE.
fn constant(formula: &str) -> Result<Value, String> {
    let text = formula.trim();
    if let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'))
        && !inner.contains(['"', '\\'])
    {
        return Ok(Value::String(inner.to_owned()));
    }
    match text.to_ascii_uppercase().as_str() {
        "TRUE" => Ok(Value::Bool(true)),
        "FALSE" => Ok(Value::Bool(false)),
        _ => match serde_json::from_str(text) {
            Ok(number @ Value::Number(_)) => Ok(number),
            _ => Err(format!(
                "default formulas are not evaluated yet: a number, a \"text\", TRUE or FALSE, not `{text}`"
            )),
        },
    }
}

fn check_key(field: &Field) -> Result<(), String> {
    use FieldType as T;
    if matches!(field.kind, T::String | T::Double | T::Email) {
        return Ok(());
    }
    Err(format!("a {} can be neither unique nor an external id; string, double and email can", field.kind))
}

fn check_child_name(field: &Field) -> Result<(), String> {
    match &field.child.relationship_name {
        Some(name) if !name.as_str().ends_with("__r") => {
            Err(format!("childRelationship names `{name}`: the name of a custom relationship ends in `__r`"))
        }
        _ => Ok(()),
    }
}

fn check_display_format(field: &Field) -> Result<(), String> {
    let format = field.display_format.as_deref().unwrap_or_default();
    if field.kind != FieldType::String {
        return Err(format!("displayFormat makes an auto-number of a string; this is a {}", field.kind));
    }
    if format.contains("{0") && format.contains('}') {
        return Ok(());
    }
    Err(format!("displayFormat `{format}` has no place for the number, for instance `INV-{{0000}}`"))
}
