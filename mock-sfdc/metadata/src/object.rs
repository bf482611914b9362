//! The objects of a project: what is said of each in its own file and in its folders, as one definition of the package format.

use std::collections::BTreeMap;

use mock_sfdc_org::schema::{FieldType, Schema};
use serde_json::{Map, Value, json};

use crate::{
    NotTaken,
    field::{self, Converted},
    names::Names,
    source::{PARTS, Part, why_left},
    values::{GlobalValueSets, STANDARD_VALUE_SETS, Values},
};

/// Where a definition stands: the file, and the line in it.
pub type Place = (String, usize);

/// Everything that a project says of one object.
#[derive(Debug, Default)]
pub struct ObjectParts {
    pub own: Option<Part>,
    pub fields: Vec<Part>,
    pub validation_rules: Vec<Part>,
    pub record_types: Vec<Part>,
    pub business_processes: Vec<Part>,
}

/// Objects by name, in the project's spelling.
pub type Objects = BTreeMap<String, ObjectParts>;

/// Puts a part where it belongs; an object's own file is taken apart first.
pub fn collect(objects: &mut Objects, part: Part, left: &mut Vec<NotTaken>) {
    if part.kind != "object" {
        let object = part.object.clone().unwrap_or_default();
        put(objects.entry(object).or_default(), part);
        return;
    }
    let name = part.name.clone();
    let parts = objects.entry(name.clone()).or_default();
    for child in &part.element.children {
        let Some((_, kind)) = PARTS.iter().find(|(tag, _)| *tag == child.name) else { continue };
        let full_name = child.text_of("fullName").unwrap_or("?").to_owned();
        if let Some(why) = why_left(kind) {
            left.push(NotTaken::new(&part.file, child.line, &format!("{kind} {name}.{full_name}"), why));
            continue;
        }
        put(
            parts,
            Part {
                file: part.file.clone(),
                kind: (*kind).to_owned(),
                object: Some(name.clone()),
                name: full_name,
                element: child.clone(),
            },
        );
    }
    parts.own = Some(part);
}

fn put(object: &mut ObjectParts, part: Part) {
    match part.kind.as_str() {
        "field" => object.fields.push(part),
        "recordType" => object.record_types.push(part),
        "businessProcess" => object.business_processes.push(part),
        _ => object.validation_rules.push(part),
    }
}

/// The definitions of a package, and where each object and field of it stands.
#[derive(Debug, Default)]
pub struct Definitions {
    pub objects: Map<String, Value>,
    /// `Lead` and `Lead.Region__c`, in lower case.
    pub places: BTreeMap<String, Place>,
}

/// What fields may refer to.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Of the org.
    pub schema: &'a Schema,
    pub shared: &'a GlobalValueSets,
    pub standard: &'a BTreeMap<String, Values>,
}

/// Turns all objects into one package.
pub fn define(objects: &Objects, names: &Names, known: &Known<'_>, left: &mut Vec<NotTaken>) -> Definitions {
    let org = known;
    let mut made = Definitions::default();
    for (name, parts) in objects {
        let known = names.own(name);
        if let Some(own) = &parts.own {
            made.places.insert(known.to_lowercase(), (own.file.clone(), own.element.line));
        }
        if parts.own.is_none() && is_custom(name) && org.schema.object(&known).is_none() {
            let why = format!("the org has no object {known}");
            for part in &parts.fields {
                let what = format!("field {known}.{}", names.own(&part.name));
                left.push(NotTaken::new(&part.file, part.element.line, &what, &why));
            }
            continue;
        }
        let mut definition = match &parts.own {
            Some(own) if is_custom(name) => object(name, own, left),
            _ => Map::new(),
        };
        let mut converted: Vec<(String, Converted)> = Vec::new();
        for part in &parts.fields {
            let field = names.own(&part.name);
            made.places
                .insert(format!("{known}.{field}").to_lowercase(), (part.file.clone(), part.element.line));
            let read = field::fits(&known, &part.element)
                .and_then(|()| field::convert(&part.name, &part.element, names, org.shared));
            match read {
                Ok(read) => {
                    for (line, word, why) in &read.left {
                        let what = format!("{word} of field {known}.{field}");
                        left.push(NotTaken::new(&part.file, *line, &what, why));
                    }
                    converted.push((field, read));
                }
                Err(why) => {
                    let what = format!("field {known}.{field}");
                    left.push(NotTaken::new(&part.file, part.element.line, &what, &why));
                }
            }
        }
        let fields = fields(&known, names, converted, org);
        if fields.is_empty() && !is_custom(name) {
            continue;
        }
        definition.insert("fields".to_owned(), Value::Object(fields));
        made.objects.insert(known, Value::Object(definition));
    }
    standard_values(&mut made, org.standard);
    made
}

fn is_custom(name: &str) -> bool {
    name.contains("__")
}

/// Words of an object that are read here or elsewhere, or that concern people and features without effect on records.
const KNOWN: &[&str] = &[
    "actionOverrides",
    "allowInChatterGroups",
    "articleTypeChannelDisplay",
    "compactLayoutAssignment",
    "customHelp",
    "customHelpPage",
    "customSettingsType",
    "customSettingsVisibility",
    "dataStewardGroup",
    "dataStewardUser",
    "deploymentStatus",
    "deprecated",
    "description",
    "enableActivities",
    "enableBulkApi",
    "enableDataTranslation",
    "enableDivisions",
    "enableEnhancedLookup",
    "enableFeeds",
    "enableHistory",
    "enableLicensing",
    "enableReports",
    "enableSearch",
    "enableSharing",
    "enableStreamingApi",
    "eventType",
    "externalName",
    "externalSharingModel",
    "fullName",
    "gender",
    "historyRetentionPolicy",
    "household",
    "label",
    "nameField",
    "pluralLabel",
    "profileSearchLayouts",
    "publishBehavior",
    "recordTypeTrackFeedHistory",
    "recordTypeTrackHistory",
    "searchLayouts",
    "sharingModel",
    "sharingRecalculations",
    "startsWith",
    "visibility",
];

/// What an object's own file says of a custom object.
fn object(name: &str, own: &Part, left: &mut Vec<NotTaken>) -> Map<String, Value> {
    let element = &own.element;
    for child in &element.children {
        let tag = child.name.as_str();
        if !KNOWN.contains(&tag) && !PARTS.iter().any(|(part, _)| *part == tag) {
            let what = format!("{tag} of object {name}");
            left.push(NotTaken::new(&own.file, child.line, &what, "this word is not known"));
        }
    }
    let mut words = Map::new();
    for (tag, key) in
        [("label", "label"), ("pluralLabel", "labelPlural"), ("customSettingsType", "customSettingsType")]
    {
        if let Some(said) = element.text_of(tag) {
            words.insert(key.to_owned(), json!(said));
        }
    }
    if element.flag("enableFeeds") {
        words.insert("feedEnabled".to_owned(), json!(true));
    }
    if let Some(name_field) = element.child("nameField").filter(|_| name.ends_with("__c")) {
        let mut own = Map::new();
        if let Some(label) = name_field.text_of("label") {
            own.insert("label".to_owned(), json!(label));
        }
        if name_field.text_of("type") == Some("AutoNumber") {
            let format = name_field.text_of("displayFormat").unwrap_or("{0}");
            own.insert("displayFormat".to_owned(), json!(format));
            if let Some(first) = name_field.number("startingNumber") {
                own.insert("startingNumber".to_owned(), json!(first));
            }
        }
        if name_field.flag("trackHistory") {
            own.insert("trackHistory".to_owned(), json!(true));
        }
        words.insert("nameField".to_owned(), Value::Object(own));
    }
    words
}

/// The fields with their values, once it is known what these depend on.
fn fields(
    object: &str,
    names: &Names,
    mut converted: Vec<(String, Converted)>,
    org: &Known<'_>,
) -> Map<String, Value> {
    let controlling: Vec<Option<Vec<String>>> = converted
        .iter()
        .map(|(_, field)| {
            let controller = names.own(field.picklist.as_ref()?.controller.as_ref()?);
            Some(values_of(object, &controller, &converted, org))
        })
        .collect();
    for ((_, field), controlling) in converted.iter_mut().zip(controlling) {
        let Some(mut picklist) = field.picklist.take() else { continue };
        if let Some(controlling) = controlling {
            picklist.depend_on(&controlling);
            field.words.insert("dependentPicklist".to_owned(), json!(true));
        }
        if let Some(controller) = &picklist.controller {
            field.words.insert("controllerName".to_owned(), json!(names.own(controller)));
        }
        if let Some(set) = picklist.set {
            field.words.insert("globalValueSet".to_owned(), json!(set));
        }
        if picklist.restricted {
            field.words.insert("restrictedPicklist".to_owned(), json!(true));
        }
        field.words.insert("picklistValues".to_owned(), Value::Array(picklist.values));
    }
    converted
        .into_iter()
        .filter(|(_, field)| !field.words.is_empty())
        .map(|(name, field)| (name, Value::Object(field.words)))
        .collect()
}

/// The values of a controlling field: the project's own, a changed standard field's, or the org's.
fn values_of(object: &str, field: &str, converted: &[(String, Converted)], org: &Known<'_>) -> Vec<String> {
    let texts = |values: &Values| {
        values.iter().filter_map(|value| value["value"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let own = converted.iter().find(|(name, _)| name.eq_ignore_ascii_case(field)).map(|(_, field)| field);
    if let Some(picklist) = own.and_then(|own| own.picklist.as_ref()) {
        return texts(&picklist.values);
    }
    if own.is_some_and(|own| own.words.get("type") == Some(&json!("boolean"))) {
        return vec!["false".to_owned(), "true".to_owned()];
    }
    let set = STANDARD_VALUE_SETS
        .iter()
        .find(|(_, used)| used.contains(&(object, field)))
        .and_then(|(name, _)| org.standard.get(*name));
    if let Some(set) = set {
        return texts(set);
    }
    let known = org.schema.object(object).and_then(|object| object.field(field));
    match known {
        Some((_, field)) if field.kind == FieldType::Boolean => vec!["false".to_owned(), "true".to_owned()],
        Some((_, field)) => field.picklist_values.iter().map(|value| value.value.clone()).collect(),
        None => Vec::new(),
    }
}

/// Standard value sets become the values of the fields that use them.
fn standard_values(made: &mut Definitions, standard: &BTreeMap<String, Values>) {
    for (set, used) in STANDARD_VALUE_SETS {
        let Some(values) = standard.get(*set) else { continue };
        for (object, field) in *used {
            let definition = made.objects.entry(*object).or_insert_with(|| json!({"fields": {}}));
            let words = &mut definition["fields"][*field];
            if words.is_null() {
                *words = json!({});
            }
            if words["picklistValues"].is_null() {
                words["picklistValues"] = Value::Array(values.clone());
            }
        }
    }
}
