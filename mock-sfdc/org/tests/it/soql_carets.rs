//! Errors of real orgs, end to end: the whole message of each sample of `corpus/soql/caret-samples.json`, from the text of a
//! query through lexer, parser and binder, over a schema that has every name but the wrong one.

use mock_sfdc_org::{
    error::Error,
    schema::{FieldType, Schema},
    soql::{self, BindOptions},
    sosl,
};
use serde_json::Value;

use super::soql_grammar::shared;

/// The standard objects, one more of this name, and on it (or on the object of that name) these fields.
fn schema(object: &str, fields: &[&str], without: &[&str]) -> Schema {
    let standard = Schema::standard();
    let mut grown = mock_sfdc_org::schema::Object::clone(standard.object("Account").unwrap());
    if let Some(known) = standard.object(object) {
        grown = mock_sfdc_org::schema::Object::clone(known);
    } else {
        grown.name = object.into();
        grown.key_prefix = None;
        grown.fields.retain(|field| field.kind == FieldType::Id);
    }
    let text = standard.object("Account").unwrap().field("Site").unwrap().1.clone();
    for name in fields {
        if !grown.fields.iter().any(|field| field.name.is(name)) {
            let mut field = text.clone();
            field.name = (*name).into();
            grown.fields.push(field);
        }
    }
    for field in &mut grown.fields {
        if without.iter().any(|name| field.name.is(name)) {
            field.name = "Hidden".into();
            field.relationship_name = None;
        }
    }
    standard.with_object(grown)
}

/// A query whose snippet is this one: what stands before it is filled up, what stands behind it is what a query needs.
fn around(sample: &Value, object: &str) -> String {
    let snippet = sample["snippet"].as_str().unwrap();
    let number = |key: &str| usize::try_from(sample[key].as_u64().unwrap()).unwrap();
    let before = number("column") - 1 - number("caret_offset");
    if before == 0 {
        return format!("{snippet} {object}");
    }
    let tail = if snippet.contains("From") || snippet.contains("'''") {
        String::new()
    } else {
        format!(" FROM {object}")
    };
    let head = if snippet.contains("'''") { "SELECT Id FROM" } else { "SELECT" };
    let last = if snippet.contains("'''") { " " } else { "Id," };
    format!("{head}{last:>width$}{snippet}{tail}", width = before - head.len())
}

#[test]
fn samples_are_equal_end_to_end() {
    let Some(text) = shared("corpus/soql/caret-samples.json") else { return };
    let samples: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut equal = 0;
    for sample in &samples {
        let snippet = sample["snippet"].as_str().unwrap();
        let offset = usize::try_from(sample["caret_offset"].as_u64().unwrap()).unwrap();
        let kind = sample["kind"].as_str().unwrap();
        let query = sample["query"].as_str().map_or_else(
            || around(sample, if snippet.starts_with("select") { "Lead" } else { "Sample" }),
            str::to_owned,
        );
        // The word under the caret is the one that the org does not have.
        let column = usize::try_from(sample["column"].as_u64().unwrap()).unwrap();
        let wrong: String =
            query[column - 1..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let lower = query.to_lowercase();
        let object = lower.find("from ").map_or("Sample", |at| {
            query[at + 5..].split(|c: char| c.is_whitespace()).next().unwrap_or("Sample")
        });
        let invalid_type = sample["errorCode"] == "INVALID_TYPE";
        let schema = if invalid_type || kind != "semantic" {
            Schema::standard()
        } else if wrong == "RecordType" {
            schema(object, &[], &["RecordTypeId"])
        } else {
            let list = &query[7..lower.find(" from").unwrap()];
            let fields: Vec<&str> =
                list.split(',').map(str::trim).filter(|name| wrong == "Id" || *name != wrong).collect();
            let without: &[&str] = if wrong == "Id" { &[] } else { &[wrong.as_str()] };
            schema(object, &fields, without)
        };
        let options = BindOptions::default();
        let error: Error = if query.starts_with("FIND") {
            sosl::prepare(&query, &schema, &options).unwrap_err()
        } else {
            soql::prepare(&query, &schema, &options).unwrap_err()
        };
        let block = format!("\n{snippet}\n{}^\nERROR at Row:1:Column:{column}\n", " ".repeat(offset));
        assert_eq!(error.code.as_str(), sample["errorCode"], "{query}: {}", error.message);
        assert!(error.message.starts_with(&block), "{query}\n{}\nexpected{block}", error.message);
        let text = &error.message[block.len()..];
        if let Some((_, expected)) = kind.split_once(": ") {
            assert_eq!(text, expected, "{query}");
        } else {
            assert!(text.contains(&wrong) || text == "invalid ID field: somethingwonky", "{query}: {text}");
        }
        equal += 1;
    }
    assert_eq!(equal, 18);
}
