//! A custom field of metadata as the package format says it.

use mock_sfdc_org::schema::{EncryptionScheme, LookupFilter, RollUp};
use serde_json::{Map, Value, json};

use crate::{
    names::Names,
    values::{self, FieldValues, GlobalValueSets},
    words,
    xml::Element,
};

/// Words of a field that say nothing about records: for people, for other tools, or of features that are not emulated and
/// change no record.
const WITHOUT_EFFECT: &[&str] = &[
    "businessOwnerGroup",
    "businessOwnerUser",
    "businessStatus",
    "complianceGroup",
    "description",
    "externalDeveloperName",
    "fieldManageability",
    "fullName",
    "isFilteringDisabled",
    "isNameField",
    "isSortingDisabled",
    "populateExistingRows",
    "relationshipLabel",
    "securityClassification",
    "trackFeedHistory",
    "trackTrending",
    "visibleLines",
];

/// Words that are read below.
const READ: &[&str] = &[
    "caseSensitive",
    "defaultValue",
    "deleteConstraint",
    "displayFormat",
    "displayLocationInDecimal",
    "encryptionScheme",
    "externalId",
    "formula",
    "formulaTreatBlanksAs",
    "inlineHelpText",
    "label",
    "length",
    "lookupFilter",
    "maskChar",
    "maskType",
    "picklist",
    "precision",
    "referenceTo",
    "relationshipName",
    "relationshipOrder",
    "reparentableMasterDetail",
    "required",
    "restrictedPicklist",
    "scale",
    "startingNumber",
    "summarizedField",
    "summaryFilterItems",
    "summaryForeignKey",
    "summaryOperation",
    "trackHistory",
    "type",
    "unique",
    "valueSet",
    "writeRequiresMasterRead",
];

/// Of those, what is a boolean, and what a number.
const FLAGS: &[&str] = &[
    "caseSensitive",
    "displayLocationInDecimal",
    "externalId",
    "reparentableMasterDetail",
    "required",
    "restrictedPicklist",
    "trackHistory",
    "unique",
    "writeRequiresMasterRead",
];
const NUMBERS: &[&str] =
    &["length", "precision", "relationshipOrder", "scale", "startingNumber", "visibleLines"];

/// What a field becomes.
#[derive(Debug)]
pub struct Converted {
    /// In the words of the package format.
    pub words: Map<String, Value>,
    /// Its values, before they are told what they depend on.
    pub picklist: Option<FieldValues>,
    /// Words that were not taken, each with its line and the reason.
    pub left: Vec<(usize, String, String)>,
}

/// What fields of platform events can be.
const OF_EVENTS: &[&str] = &["Checkbox", "Date", "DateTime", "LongTextArea", "Number", "Text"];

/// Whether the object can have a field of this type: platform events have few.
pub fn fits(object: &str, element: &Element) -> Result<(), String> {
    let kind = element.text_of("type").unwrap_or_default();
    if !object.ends_with("__e") || kind.is_empty() {
        return Ok(());
    }
    if element.child("formula").is_some() {
        return Err("a platform event has no formula fields".to_owned());
    }
    if !OF_EVENTS.contains(&kind) {
        return Err(format!(
            "a platform event has no fields of type {kind}: they are {}",
            OF_EVENTS.join(", ")
        ));
    }
    Ok(())
}

/// Reads a field. `Err` says why it cannot be taken at all.
pub fn convert(
    name: &str,
    element: &Element,
    names: &Names,
    shared: &GlobalValueSets,
) -> Result<Converted, String> {
    let mut words = Map::new();
    let custom = name.ends_with("__c");
    kept(element)?;
    let picklist = values::of_field(element, shared)?;
    if custom {
        kind(element, names, &mut words)?;
        key(element, &mut words);
        default(element, &mut words);
    }
    for text in ["label", "inlineHelpText"] {
        if let Some(said) = element.text_of(text) {
            words.insert(text.to_owned(), json!(said));
        }
    }
    if element.flag("trackHistory") {
        words.insert("trackHistory".to_owned(), json!(true));
    }
    let mut left: Vec<(usize, String, String)> = Vec::new();
    if let Some(scheme) = element.child("encryptionScheme").filter(|scheme| scheme.text.trim() != "None") {
        let said = json!(scheme.text.trim());
        match serde_json::from_value::<EncryptionScheme>(said.clone()) {
            Ok(_) => {
                words.insert("encryptionScheme".to_owned(), said);
            }
            Err(error) => left.push((scheme.line, scheme.name.clone(), error.to_string())),
        }
    }
    if let Some(filter) = element.child("lookupFilter") {
        let said = filter.to_json();
        match serde_json::from_value::<LookupFilter>(said.clone()) {
            Ok(_) => {
                words.insert("lookupFilter".to_owned(), said);
            }
            Err(error) => left.push((filter.line, filter.name.clone(), error.to_string())),
        }
    }
    let unknown = element
        .children
        .iter()
        .filter(|child| {
            !READ.contains(&child.name.as_str()) && !WITHOUT_EFFECT.contains(&child.name.as_str())
        })
        .map(|child| (child.line, child.name.clone(), "this word is not known".to_owned()));
    left.extend(unknown);
    Ok(Converted { words, picklist, left })
}

/// Each word has a value of its kind: a length that is none would be a field of the usual length.
fn kept(element: &Element) -> Result<(), String> {
    for child in &element.children {
        let (name, text) = (child.name.as_str(), child.text.trim());
        if FLAGS.contains(&name) && !text.is_empty() && words::flag(text).is_none() {
            return Err(format!("`{name}` is true or false, not `{text}`"));
        }
        if NUMBERS.contains(&name) && !text.is_empty() && text.parse::<u64>().is_err() {
            return Err(format!("`{name}` is a whole number, not `{text}`"));
        }
    }
    Ok(())
}

fn kind(element: &Element, names: &Names, words: &mut Map<String, Value>) -> Result<(), String> {
    let kind = element.text_of("type").ok_or("`type` is missing")?;
    let mut set = |key: &str, value: Value| words.insert(key.to_owned(), value);
    let length =
        element.number("length").map(u32::try_from).transpose().map_err(|_| "the length is too large")?;
    let described = match kind {
        "Text" => "string",
        "AutoNumber" => {
            set("displayFormat", json!(element.text_of("displayFormat").unwrap_or("{0}")));
            if let Some(first) = element.number("startingNumber") {
                set("startingNumber", json!(first));
            }
            "string"
        }
        "TextArea" => "textarea",
        "LongTextArea" => {
            set("extraTypeInfo", json!("plaintextarea"));
            "textarea"
        }
        "Html" => {
            set("extraTypeInfo", json!("richtextarea"));
            set("htmlFormatted", json!(true));
            "textarea"
        }
        "EncryptedText" => {
            let cover = if element.text_of("maskChar") == Some("X") { "X" } else { "*" };
            set("mask", json!(cover));
            set("maskType", json!(element.text_of("maskType").unwrap_or("all")));
            "encryptedstring"
        }
        "Checkbox" => "boolean",
        "Number" => "double",
        "Currency" => "currency",
        "Percent" => "percent",
        "Date" => "date",
        "DateTime" => "datetime",
        "Time" => "time",
        "Email" => "email",
        "Phone" => "phone",
        "Url" => "url",
        "Picklist" => "picklist",
        "MultiselectPicklist" => {
            if let Some(lines) = element.number("visibleLines") {
                set("precision", json!(lines.min(255)));
            }
            "multipicklist"
        }
        "Location" => {
            set("displayLocationInDecimal", json!(element.flag("displayLocationInDecimal")));
            "location"
        }
        "Lookup" | "MasterDetail" | "Hierarchy" | "MetadataRelationship" => {
            reference(kind, element, names, words);
            "reference"
        }
        "Summary" => return roll_up(element, names, words),
        other => return Err(format!("fields of type {other} are not emulated")),
    };
    words.insert("type".to_owned(), json!(described));
    let formula = element.text_of("formula");
    match (formula, described) {
        (Some(_), "string") => {
            words.insert("length".to_owned(), json!(1300));
        }
        (_, "string" | "textarea" | "encryptedstring") => {
            if let Some(length) = length {
                words.insert("length".to_owned(), json!(length));
            }
        }
        (_, "double" | "currency" | "percent" | "location") => {
            for number in ["precision", "scale"] {
                if let Some(said) = element.number(number) {
                    let said = u8::try_from(said).map_err(|_| format!("{number} {said} is too large"))?;
                    words.insert(number.to_owned(), json!(said));
                }
            }
        }
        _ => {}
    }
    if let Some(formula) = formula {
        words.insert("calculatedFormula".to_owned(), json!(formula));
        let zero = element.text_of("formulaTreatBlanksAs").is_none_or(|blanks| blanks == "BlankAsZero");
        words.insert("formulaTreatNullNumberAsZero".to_owned(), json!(zero));
    }
    Ok(())
}

fn reference(kind: &str, element: &Element, names: &Names, words: &mut Map<String, Value>) {
    // A hierarchy is a lookup from users to users.
    let to = element.text_of("referenceTo").unwrap_or("User");
    words.insert("referenceTo".to_owned(), json!([names.own(to)]));
    if let Some(children) = element.text_of("relationshipName") {
        words.insert("childRelationship".to_owned(), json!(names.own(&format!("{children}__r"))));
    }
    if kind == "MasterDetail" {
        let order = element.number("relationshipOrder").unwrap_or(0).min(1);
        words.insert("relationshipOrder".to_owned(), json!(order));
        if element.flag("reparentableMasterDetail") {
            words.insert("updateable".to_owned(), json!(true));
        }
        if element.flag("writeRequiresMasterRead") {
            words.insert("writeRequiresMasterRead".to_owned(), json!(true));
        }
    }
    match element.text_of("deleteConstraint") {
        Some("Cascade") => words.insert("cascadeDelete".to_owned(), json!(true)),
        Some("Restrict") => words.insert("restrictedDelete".to_owned(), json!(true)),
        _ => None,
    };
}

fn roll_up(element: &Element, names: &Names, words: &mut Map<String, Value>) -> Result<(), String> {
    let operation = element.text_of("summaryOperation").ok_or("`summaryOperation` is missing")?;
    let key = element.text_of("summaryForeignKey").ok_or("`summaryForeignKey` is missing")?;
    let mut roll_up = json!({"summaryOperation": operation, "summaryForeignKey": names.own_path(key)});
    if let Some(field) = element.text_of("summarizedField") {
        roll_up["summarizedField"] = json!(names.own_path(field));
    }
    let items: Vec<Value> = element.all("summaryFilterItems").map(Element::to_json).collect();
    if !items.is_empty() {
        roll_up["summaryFilterItems"] = json!(items);
    }
    serde_json::from_value::<RollUp>(roll_up.clone()).map_err(|error| error.to_string())?;
    words.insert("rollUp".to_owned(), roll_up);
    Ok(())
}

/// What makes a field required, unique, or a key of another system.
fn key(element: &Element, words: &mut Map<String, Value>) {
    let kind = element.text_of("type").unwrap_or_default();
    if element.flag("required") && kind != "Checkbox" {
        words.insert("nillable".to_owned(), json!(false));
    }
    for flag in ["unique", "externalId", "caseSensitive"] {
        if element.flag(flag) {
            words.insert(flag.to_owned(), json!(true));
        }
    }
}

fn default(element: &Element, words: &mut Map<String, Value>) {
    let Some(default) = element.text_of("defaultValue") else { return };
    // A formula has no default; a checkbox writes `false` all the same.
    if element.child("formula").is_some() || element.text_of("type") == Some("Summary") {
        return;
    }
    if element.text_of("type") == Some("Checkbox") {
        words.insert("defaultValue".to_owned(), json!(default.eq_ignore_ascii_case("true")));
    } else {
        words.insert("defaultValueFormula".to_owned(), json!(default));
    }
}
