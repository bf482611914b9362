//! A describe as a file (`GET /sobjects/Lead/describe`, saved): an object that the org has gets the custom fields of it, a custom
//! one is made. Salesforce's own answer says more than a definition may, so only what defines a field is read.

use mock_sfdc_org::schema::Schema;
use serde_json::{Map, Value, json};

use crate::NotTaken;

/// Words of describe that define a custom field; the rest follows from them.
const WORDS: &[&str] = &[
    "type",
    "label",
    "length",
    "precision",
    "scale",
    "nillable",
    "unique",
    "caseSensitive",
    "externalId",
    "defaultValue",
    "defaultValueFormula",
    "calculatedFormula",
    "formulaTreatNullNumberAsZero",
    "picklistValues",
    "restrictedPicklist",
    "dependentPicklist",
    "controllerName",
    "referenceTo",
    "relationshipName",
    "relationshipOrder",
    "cascadeDelete",
    "restrictedDelete",
    "writeRequiresMasterRead",
    "extraTypeInfo",
    "htmlFormatted",
    "inlineHelpText",
    "mask",
    "maskType",
    "displayLocationInDecimal",
];

/// Adds the definition of a described object. A JSON file that is no describe is nobody's business.
pub fn read(path: &str, bytes: &[u8], objects: &mut Map<String, Value>, left: &mut Vec<NotTaken>) {
    let described: Value = match serde_json::from_slice(bytes) {
        Ok(described) => described,
        // Projects hold other JSON too, some of it with comments.
        Err(_) => return,
    };
    let (Some(name), Some(fields)) = (described["name"].as_str(), described["fields"].as_array()) else {
        return;
    };
    if !described["childRelationships"].is_array() {
        return;
    }
    let mut definition = Map::new();
    if name.contains("__") {
        for word in ["label", "labelPlural", "keyPrefix"] {
            if let Some(text) = described[word].as_str() {
                definition.insert(word.to_owned(), json!(text));
            }
        }
    }
    let custom = |field: &&Value| field["custom"] == json!(true);
    let mut made = Map::new();
    for field in fields.iter().filter(custom) {
        let Some(field_name) = field["name"].as_str() else { continue };
        // The halves of a geolocation come with it; what a person account mirrors comes with the contact.
        if field_name.ends_with("__s") || field_name.ends_with("__pc") {
            continue;
        }
        let words = words(field).and_then(|words| {
            let alone = json!({"objects": {"Lead": {"fields": {field_name: words}}}}).to_string();
            match Schema::standard().load_package_leniently(path, &alone) {
                Ok(_) => Ok(words),
                Err(mistake) => Err(mistake.problem),
            }
        });
        match words {
            Ok(words) => {
                made.insert(field_name.to_owned(), Value::Object(words));
            }
            Err(why) => left.push(NotTaken::new(path, 0, &format!("field {name}.{field_name}"), &why)),
        }
    }
    definition.insert("fields".to_owned(), Value::Object(made));
    objects.insert(name.to_owned(), Value::Object(definition));
}

fn words(field: &Value) -> Result<Map<String, Value>, String> {
    if field["calculated"] == json!(true) && field["calculatedFormula"].is_null() {
        return Err("a roll-up: its describe does not say what it sums up".to_owned());
    }
    let is = |word: &str| field[word] == json!(true);
    let mut words: Map<String, Value> = WORDS
        .iter()
        .filter(|word| !field[**word].is_null() && field[**word] != json!([]))
        .map(|word| ((*word).to_owned(), field[*word].clone()))
        .collect();
    // A length of nought is none.
    for number in ["length", "precision", "scale"] {
        if words.get(number) == Some(&json!(0)) {
            words.remove(number);
        }
    }
    let defaulted = words.contains_key("defaultValueFormula") || words.get("type") == Some(&json!("boolean"));
    if !defaulted || words.contains_key("defaultValueFormula") {
        words.remove("defaultValue");
    }
    if is("autoNumber") {
        // The format is told nowhere.
        words.insert("displayFormat".to_owned(), json!("{0}"));
        words.remove("nillable");
    }
    if words.get("type") == Some(&json!("boolean")) || words.get("nillable") == Some(&json!(true)) {
        words.remove("nillable");
    }
    if field["relationshipOrder"].is_number() && is("updateable") {
        words.insert("updateable".to_owned(), json!(true));
    }
    Ok(words)
}
