//! What an org has to hold so that it can answer as the recorded one did, read off the exchange itself: the rows of the answer,
//! the row of the address, and whatever they point at.

use std::{collections::BTreeMap, sync::LazyLock};

use mock_sfdc::MockSfdc;
use mock_sfdc_org::value::DateTime;
use regex::Regex;
use serde_json::{Map, Value, json};

use super::{exchange::Exchange, send};

/// Recorded ids, and those of the records that stand for them here.
pub type Ids = BTreeMap<String, String>;

static ID: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(00[13]|a0[0-3]|068)[a-zA-Z0-9]{15}\b").unwrap());
static EQUALS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\b(\w+)\s*=\s*(TRUE|'((?:[^'\\]|\\.)*)')").unwrap());

/// Fields that the org fills by itself.
const OF_THE_ORG: [&str; 4] = ["Id", "SystemModstamp", "LastModifiedById", "VersionData"];

/// The rows of an answer that has pages, with blank ones before and behind, as many as the recorded query found.
pub fn pages(exchange: &Exchange) -> Option<Vec<Value>> {
    let answer: Value = serde_json::from_str(&exchange.answer).ok()?;
    answer.get("nextRecordsUrl")?;
    let before = exchange
        .path
        .rsplit_once("/query/")
        .and_then(|(_, locator)| locator.rsplit('-').next()?.parse().ok());
    let plain = |row: &Value| {
        let mut row = row.as_object().unwrap().clone();
        row.retain(|name, value| name != "attributes" && !value.is_null());
        Value::Object(row)
    };
    let mut rows = vec![json!({}); before.unwrap_or(0)];
    rows.extend(answer["records"].as_array()?.iter().map(plain));
    rows.resize(usize::try_from(answer["totalSize"].as_u64()?).unwrap(), json!({}));
    Some(rows)
}

pub async fn seed(mock: &MockSfdc, exchange: &Exchange) -> Ids {
    let mut ids = Ids::new();
    let answer: Value = serde_json::from_str(&exchange.answer).unwrap_or_default();
    let rows = answer["records"].as_array().cloned().unwrap_or_default();
    for row in &rows {
        row_of(mock, exchange, row, &mut ids).await;
    }
    if exchange.answer.contains("MALFORMED_ID") {
        return ids;
    }
    // Whatever else is pointed at is there, or was.
    for text in [&exchange.path, exchange.body.as_ref().unwrap_or(&String::new())] {
        for id in ID.find_iter(text) {
            let is_row = exchange.method != "GET" || exchange.path.contains("/sobjects/");
            if !ids.contains_key(id.as_str()) && rows.is_empty() && is_row {
                let file = exchange.file.as_ref().map_or(json!({}), |file| json!({"VersionData": file}));
                stand_in(mock, id.as_str(), &file, &mut ids).await;
            }
        }
    }
    if exchange.answer.contains("ENTITY_IS_DELETED") {
        let path = in_our_ids(&exchange.path, &ids);
        assert_eq!(send(mock, "DELETE", &path, None, None).await.status, 204);
    }
    // An upsert that updates finds something.
    if let (204, Some((head, value))) = (exchange.status, exchange.path.split_once("/SynchronizationId__c/"))
    {
        let object = head.rsplit('/').next().unwrap();
        create(mock, object, &json!({"SynchronizationId__c": value})).await;
    }
    ids
}

/// A row of a query's answer, its parents and its children.
async fn row_of(mock: &MockSfdc, exchange: &Exchange, row: &Value, ids: &mut Ids) {
    let object = object_of(row);
    let mut fields = Map::new();
    let mut children = Vec::new();
    for (name, value) in row.as_object().unwrap() {
        match value {
            Value::Null => {}
            _ if name == "attributes" || OF_THE_ORG.contains(&name.as_str()) => {}
            Value::Object(nested) if nested.contains_key("records") => {
                children.extend(nested["records"].as_array().unwrap().iter().cloned());
            }
            // Owners are whoever is there; their names are set where they are asked for.
            Value::Object(_) => {}
            Value::String(id) if ID.is_match(id) && id.len() == 18 => {
                stand_in(mock, id, &stand_in_fields(exchange), ids).await;
                fields.insert(name.clone(), json!(ids[id]));
            }
            // Named by its id, by the org.
            Value::String(text) if name == "Name" && text.len() == 15 && text.starts_with('a') => {}
            other => {
                fields.insert(name.clone(), other.clone());
            }
        }
    }
    let query = url::form_urlencoded::parse(exchange.path.split_once('?').map_or("", |(_, q)| q).as_bytes())
        .find_map(|(name, value)| (name == "q").then(|| value.into_owned()))
        .unwrap_or_default();
    for found in EQUALS.captures_iter(&query) {
        let plain = !query.contains(&format!(".{}", &found[1]));
        if plain && &found[1] != "Id" && !fields.contains_key(&found[1]) && !found[1].ends_with("Modstamp") {
            fields.insert(found[1].to_owned(), found.get(3).map_or(json!(true), |text| json!(text.as_str())));
        }
    }
    if let Some(at) = row["SystemModstamp"].as_str().and_then(DateTime::parse) {
        mock.clock().freeze_at(at);
    }
    if object == "ContentVersion" {
        fields.extend(
            json!({"Title": "t", "PathOnClient": "t.bin", "VersionData": "BAgVFiNC"})
                .as_object()
                .unwrap()
                .clone(),
        );
    }
    if object == "Contact" && !fields.contains_key("LastName") {
        fields.insert("LastName".to_owned(), json!("Stand-in"));
    }
    let made = create(mock, &object, &Value::Object(fields)).await;
    let recorded = row["attributes"]["url"].as_str().unwrap().rsplit('/').next().unwrap();
    ids.insert(recorded.to_owned(), made.clone());
    for child in children {
        let mut fields = child.as_object().unwrap().clone();
        fields.remove("attributes");
        fields.insert("AccountId".to_owned(), json!(made));
        create(mock, &object_of(&child), &Value::Object(fields)).await;
    }
}

fn object_of(row: &Value) -> String {
    row["attributes"]["type"].as_str().unwrap().to_owned()
}

/// What a condition over a parent asks of it.
fn stand_in_fields(exchange: &Exchange) -> Value {
    if exchange.path.contains("Friend__r.Email") {
        json!({"Email": "somebody@example.com"})
    } else {
        json!({})
    }
}

/// A record for an id that is only pointed at.
async fn stand_in(mock: &MockSfdc, id: &str, more: &Value, ids: &mut Ids) {
    if ids.contains_key(id) {
        return;
    }
    let (object, mut fields) = match &id[..3] {
        "001" => ("Account", json!({"Name": "Stand-in"})),
        "003" => ("Contact", json!({"LastName": "Stand-in"})),
        "068" => ("ContentVersion", json!({"Title": "t", "PathOnClient": "t.bin", "VersionData": "BAgV"})),
        "a00" | "a01" if id[3..].starts_with('B') => ("Movie__c", json!({})),
        "a00" => ("CustomObject__c", json!({})),
        "a01" => ("CustomObjectDetail__c", json!({})),
        _ => return,
    };
    if object == "CustomObjectDetail__c" {
        fields["CustomObject__c"] = json!(create(mock, "CustomObject__c", &json!({})).await);
    }
    fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let made = create(mock, object, &fields).await;
    ids.insert(id.to_owned(), made);
}

async fn create(mock: &MockSfdc, object: &str, fields: &Value) -> String {
    let path = format!("/services/data/v66.0/sobjects/{object}");
    let answer = send(mock, "POST", &path, Some("application/json"), Some(fields.to_string())).await;
    assert_eq!(answer.status, 201, "{object} {fields}: {}", answer.body);
    let made: Value = serde_json::from_str(&answer.body).unwrap();
    made["id"].as_str().unwrap().to_owned()
}

/// The same text, pointing at our records.
pub fn in_our_ids(text: &str, ids: &Ids) -> String {
    ids.iter().fold(text.to_owned(), |text, (theirs, ours)| {
        text.replace(theirs, ours).replace(&theirs[..15], &ours[..15])
    })
}
