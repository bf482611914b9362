//! A field as metadata's `CustomField`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mock_sfdc_org::schema::{Field, FieldType as T, Object};
use serde_json::{Map, Value, json};

use super::{members, put, values};

/// A custom field whole; of a standard one what an administrator may have said of it.
pub fn field(object: &Object, field: &Field) -> Map<String, Value> {
    let mut said = Map::new();
    put(&mut said, "inlineHelpText", field.inline_help_text.clone());
    if field.track_history {
        put(&mut said, "trackHistory", true);
    }
    put(&mut said, "lookupFilter", serde_json::to_value(field.lookup_filter.as_deref()).unwrap_or_default());
    if !field.custom {
        if field.kind.is_picklist() {
            put(&mut said, "type", kind(object, field));
        }
        return said;
    }
    put(&mut said, "label", field.label.as_str());
    put(&mut said, "type", kind(object, field));
    if let Some(roll_up) = field.roll_up.as_deref() {
        said.extend(members(serde_json::to_value(roll_up).unwrap_or_default()));
        return said;
    }
    if let Some(formula) = &field.calculated_formula {
        put(&mut said, "formula", formula.as_str());
        let blanks = if field.formula_treat_null_number_as_zero { "BlankAsZero" } else { "BlankAsBlank" };
        put(&mut said, "formulaTreatBlanksAs", blanks);
        digits(field, &mut said);
        return said;
    }
    size(object, field, &mut said);
    let scheme = field.encryption_scheme.and_then(|scheme| serde_json::to_value(scheme).ok());
    put(&mut said, "encryptionScheme", scheme);
    key(field, &mut said);
    default(field, &mut said);
    if field.kind == T::Reference {
        reference(object, field, &mut said);
    }
    if field.kind.is_picklist() {
        put(&mut said, "valueSet", value_set(object, field));
    }
    said
}

fn kind(object: &Object, field: &Field) -> &'static str {
    let rich = field.extra_type_info.as_deref() == Some("richtextarea");
    match field.kind {
        _ if field.roll_up.is_some() => "Summary",
        T::String if field.auto_number => "AutoNumber",
        T::Textarea if rich => "Html",
        T::Textarea if field.length > 255 => "LongTextArea",
        T::Textarea => "TextArea",
        T::Boolean => "Checkbox",
        T::Double | T::Int | T::Long => "Number",
        T::Currency => "Currency",
        T::Percent => "Percent",
        T::Date => "Date",
        T::Datetime => "DateTime",
        T::Time => "Time",
        T::Email => "Email",
        T::Phone => "Phone",
        T::Url => "Url",
        T::Picklist => "Picklist",
        T::Multipicklist => "MultiselectPicklist",
        T::EncryptedString => "EncryptedText",
        T::Location => "Location",
        T::Reference if field.relationship_order.is_some() => "MasterDetail",
        T::Reference if object.name.is("User") && field.reference_to.iter().any(|to| to.is("User")) => {
            "Hierarchy"
        }
        T::Reference => "Lookup",
        _ => "Text",
    }
}

fn size(object: &Object, field: &Field, said: &mut Map<String, Value>) {
    match field.kind {
        T::String if field.auto_number => {
            put(said, "displayFormat", field.display_format.clone());
            put(said, "startingNumber", field.starting_number);
        }
        T::String => put(said, "length", field.length),
        T::Textarea if field.length > 255 => {
            put(said, "length", field.length);
            put(said, "visibleLines", 3);
        }
        T::EncryptedString => {
            put(said, "length", field.length);
            put(said, "maskChar", if field.mask.as_deref() == Some("X") { "X" } else { "asterisk" });
            put(said, "maskType", field.mask_type.clone());
        }
        T::Multipicklist => put(said, "visibleLines", field.precision),
        T::Location => {
            put(said, "displayLocationInDecimal", field.display_location_in_decimal);
            let part = object
                .fields
                .iter()
                .find(|part| part.compound_field_name.as_ref().is_some_and(|name| *name == field.name));
            put(said, "scale", part.map(|part| part.scale));
        }
        _ => digits(field, said),
    }
}

fn digits(field: &Field, said: &mut Map<String, Value>) {
    if matches!(field.kind, T::Double | T::Currency | T::Percent) {
        put(said, "precision", field.precision);
        put(said, "scale", field.scale);
    }
}

fn key(field: &Field, said: &mut Map<String, Value>) {
    let master_detail = field.relationship_order.is_some();
    if field.kind != T::Boolean && !field.auto_number && !master_detail {
        put(said, "required", !field.nillable);
    }
    if matches!(field.kind, T::String | T::Double | T::Email) {
        put(said, "externalId", field.external_id);
        put(said, "unique", field.unique);
        if field.unique && field.kind == T::String {
            put(said, "caseSensitive", field.case_sensitive);
        }
    }
}

fn default(field: &Field, said: &mut Map<String, Value>) {
    if field.kind == T::Boolean {
        let on = field.default_value.as_ref() == Some(&Value::Bool(true));
        put(said, "defaultValue", if on { "true" } else { "false" });
    } else {
        put(said, "defaultValue", field.default_value_formula.clone());
    }
}

fn reference(object: &Object, field: &Field, said: &mut Map<String, Value>) {
    put(said, "referenceTo", field.reference_to.first().map(|to| to.as_str().to_owned()));
    if let Some(children) = &field.child.relationship_name {
        put(said, "relationshipName", children.as_str().trim_end_matches("__r"));
        put(said, "relationshipLabel", object.label_plural.as_str());
    }
    if field.relationship_order.is_some() {
        put(said, "relationshipOrder", field.relationship_order);
        put(said, "reparentableMasterDetail", field.updateable);
        put(said, "writeRequiresMasterRead", field.write_requires_master_read);
        return;
    }
    let on_delete = match (field.cascade_delete, field.restricted_delete) {
        (true, _) => "Cascade",
        (_, true) => "Restrict",
        _ => "SetNull",
    };
    put(said, "deleteConstraint", on_delete);
}

fn value_set(object: &Object, field: &Field) -> Value {
    let mut set = json!({ "restricted": field.restricted_picklist });
    if let Some(name) = &field.global_value_set {
        set["valueSetName"] = json!(name);
    } else {
        let values: Vec<Value> = field.picklist_values.iter().map(values::value).collect();
        set["valueSetDefinition"] = json!({"sorted": false, "value": values});
    }
    if let Some(controller) = &field.controller_name {
        set["controllingField"] = json!(controller.as_str());
        set["valueSettings"] = dependencies(object, field, controller.as_str());
    }
    set
}

/// describe's bit sets as pairs of values: the first controlling value is the highest bit of the first byte.
fn dependencies(object: &Object, field: &Field, controller: &str) -> Value {
    let controlling: Vec<String> = match object.field(controller) {
        Some((_, by)) if by.kind == T::Boolean => vec!["unchecked".to_owned(), "checked".to_owned()],
        Some((_, by)) => by.picklist_values.iter().map(|value| value.value.clone()).collect(),
        None => Vec::new(),
    };
    let settings = field.picklist_values.iter().filter_map(|value| {
        let bits = STANDARD.decode(value.valid_for.as_deref()?).ok()?;
        let is_set = |at: usize| bits.get(at / 8).is_some_and(|byte| byte & (0x80 >> (at % 8)) != 0);
        let by: Vec<&String> =
            controlling.iter().enumerate().filter(|(at, _)| is_set(*at)).map(|(_, by)| by).collect();
        (!by.is_empty()).then(|| json!({"controllingFieldValue": by, "valueName": value.value}))
    });
    settings.collect()
}
