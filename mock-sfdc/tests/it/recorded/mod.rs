//! Real answers of real orgs, asked again: what can be set up here is set up, asked for, and compared in status, headers and body,
//! ids and moments by shape. The recordings lie beside the project; without them this says that it skipped.

mod cassette;
mod exchange;
mod seed;
mod shape;
mod story;

use std::path::PathBuf;

use mock_sfdc::MockSfdc;
use mock_sfdc_org::{seed as org_seed, value::DateTime};
use serde_json::{Value, json};

use self::{
    exchange::Exchange,
    seed::in_our_ids,
    shape::{COMPARED, shaped},
};
use crate::client;

/// The objects of the recorded orgs.
const FIXTURE: &str = r#"{
  "organization": {"name": "Recorded", "edition": "Enterprise", "seededAt": "2015-06-01T09:00:00Z"},
  "users": [{"ref": "admin", "username": "guy@recorded.example", "password": "p", "firstName": "Guy", "lastName": "Smiley"}],
  "packages": [{"package": "recorded", "objects": {
    "Movie__c": {"label": "Movie", "labelPlural": "Movies", "fields": {
      "Rating__c": {"type": "picklist", "label": "Rating", "restrictedPicklist": true, "picklistValues": [{"value": "Excellent"}, {"value": "Good"}]},
      "ReleaseDate__c": {"type": "date", "label": "Release date"},
      "Franchise__c": {"type": "reference", "label": "Franchise", "referenceTo": ["Franchise__c"], "relationshipName": "Franchise__r"}}},
    "Spaceship__c": {"label": "Spaceship", "labelPlural": "Spaceships", "fields": {
      "Website__c": {"type": "url", "label": "Website", "nillable": false}}},
    "random__c": {"label": "Random", "labelPlural": "Randoms", "fields": {
      "RANDOM_1__c": {"type": "string", "label": "R1", "length": 255}, "RANDOM_2__c": {"type": "string", "label": "R2", "length": 255}}},
    "Franchise__c": {"label": "Franchise", "labelPlural": "Franchises", "fields": {}},
    "CustomObject__c": {"label": "Custom", "labelPlural": "Customs", "fields": {
      "SynchronizationId__c": {"type": "string", "label": "Sync", "length": 50, "externalId": true, "unique": true},
      "Example_Field__c": {"type": "string", "label": "Example", "length": 255},
      "Visible__c": {"type": "boolean", "label": "Visible", "defaultValue": false},
      "Friend__c": {"type": "reference", "label": "Friend", "referenceTo": ["Contact"], "relationshipName": "Friend__r"}}},
    "CustomObjectDetail__c": {"label": "Detail", "labelPlural": "Details", "fields": {
      "CustomObject__c": {"type": "reference", "label": "Parent", "referenceTo": ["CustomObject__c"], "relationshipName": "CustomObject__r", "nillable": false}}}
  }}]
}"#;

/// The beginning of a recording's name, or a part of it, and why the answer differs.
const EXPLAINED: [(&str, &str); 13] = [
    ("java/composite-graph-create", "recorded in v51.0 and edited: since v52.0 a reference id has no hyphen"),
    ("java/composite-graph-single-create-error", "the same"),
    ("query-unexpected-response", "what answered was no org"),
    ("query-unparseable-body", "what answered was no org"),
    ("query-resource-not-found", "edited by hand: a 404's body with status 200"),
    (
        "nodejs/query-with-associated-data",
        "edited by hand: the answer is of another version than the request",
    ),
    (
        "restforce-db-2015/0",
        "the token of 2015 had fewer members, in another order: `oauth.rs` compares with a later one",
    ),
    ("restforce-db-2015/33", "the same"),
    (
        "restforce-db-2015/23",
        "the identity of 2015; its organization is another one's: `oauth.rs` compares with a later one",
    ),
    (
        "restforce-db-2015/3",
        "a describe of 2015 has 30 of today's 46 members: the org's tests compare with later ones",
    ),
    ("restforce-db-2015/5", "the same"),
    ("restforce-db-2015/12", "the same"),
    ("restforce-db-2015/22", "the resources of 2015, those that are not emulated among them"),
];

/// So many answers of the cassettes were equal when this was last looked at.
const EQUAL_OF_CASSETTES: usize = 144;

pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

pub async fn send(
    mock: &MockSfdc,
    method: &str,
    path: &str,
    content_type: Option<&str>,
    body: Option<String>,
) -> Answer {
    answered(request(mock, method, path, content_type, body)).await
}

/// As a client that wants to read what it gets; Bulk's own session header goes with it.
pub async fn send_pretty(
    mock: &MockSfdc,
    method: &str,
    path: &str,
    content_type: Option<&str>,
    body: Option<String>,
) -> Answer {
    let mut request = request(mock, method, path, content_type, body);
    request = request.header("x-sfdc-session", mock.admin_token());
    if !path.contains("/async/") {
        request = request.header("x-prettyprint", "1");
    }
    answered(request).await
}

fn request(
    mock: &MockSfdc,
    method: &str,
    path: &str,
    content_type: Option<&str>,
    body: Option<String>,
) -> reqwest::RequestBuilder {
    let mut request = client().request(method.parse().unwrap(), format!("{}{path}", mock.url()));
    request = request.bearer_auth(mock.admin_token());
    if let Some(kind) = content_type {
        request = request.header("content-type", kind);
    }
    request.body(body.unwrap_or_default())
}

async fn answered(request: reqwest::RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let body = String::from_utf8_lossy(&answer.bytes().await.unwrap()).into_owned();
    Answer { status, headers, body }
}

async fn fresh(exchange: &Exchange) -> MockSfdc {
    let noon = DateTime::parse("2015-06-24T12:00:00.000Z").unwrap();
    let mut fixture: Value = serde_json::from_str(FIXTURE).unwrap();
    if let Some(rows) = seed::pages(exchange) {
        fixture["records"] = json!({ "random__c": rows });
    }
    let state = org_seed::load("recorded.json", &fixture.to_string(), noon, &|_| None).unwrap();
    let mock = MockSfdc::builder().state(state).start().await.unwrap();
    mock.clock().freeze_at(noon);
    mock
}

/// The page of the same offset, of a query asked here.
async fn next_page(mock: &MockSfdc, path: &str) -> String {
    let version = path.split('/').nth(3).unwrap();
    let query = format!("/services/data/{version}/query?q=SELECT+RANDOM_1__c,RANDOM_2__c+FROM+random__c");
    let first: Value = serde_json::from_str(&send(mock, "GET", &query, None, None).await.body).unwrap();
    first["nextRecordsUrl"].as_str().unwrap().to_owned()
}

/// How the answer here differs from the recorded one; nothing when it does not.
async fn difference(exchange: &Exchange) -> Option<String> {
    let mock = fresh(exchange).await;
    let ids =
        if seed::pages(exchange).is_some() { seed::Ids::new() } else { seed::seed(&mock, exchange).await };
    let mut path = in_our_ids(&exchange.path, &ids);
    if path.contains("/query/") {
        path = next_page(&mock, &path).await;
    }
    let body = exchange.body.as_ref().map(|body| in_our_ids(body, &ids));
    let kind =
        exchange.content_type.clone().or_else(|| body.is_some().then(|| "application/json".to_owned()));
    let answer = if exchange.without_session {
        let request = client().request(exchange.method.parse().unwrap(), format!("{}{path}", mock.url()));
        answered(
            request
                .bearer_auth("nobody")
                .header("content-type", "application/json")
                .body(body.unwrap_or_default()),
        )
        .await
    } else {
        send(&mock, &exchange.method, &path, kind.as_deref(), body).await
    };
    compare(exchange, &answer)
}

/// What differs between an answer and the recorded one.
fn compare(exchange: &Exchange, answer: &Answer) -> Option<String> {
    if answer.status != exchange.status {
        return Some(format!("status {} instead of {}: {}", answer.status, exchange.status, answer.body));
    }
    for name in COMPARED {
        let theirs = exchange.headers.iter().find(|(known, _)| known == name).map(|(_, value)| shaped(value));
        let ours = answer.headers.get(name).map(|value| shaped(value.to_str().unwrap()));
        // Of some recordings the headers were not kept.
        if theirs != ours && !(theirs.is_none() && exchange.headers.len() < 2) {
            return Some(format!("{name}: {ours:?} instead of {theirs:?}"));
        }
    }
    let (theirs, ours) = (shaped(&exchange.answer), shaped(&answer.body));
    (theirs != ours).then(|| format!("body\n  ours   {ours:.600}\n  theirs {theirs:.600}"))
}

#[tokio::test]
async fn real_answers_are_given_again() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/recorded");
    if !folder.exists() {
        println!("skipped: the recordings are not beside the project");
        return;
    }
    let mut exchanges = exchange::wiremock(&folder.join("wiremock"));
    exchanges.extend(exchange::restforce(&folder.join("restforce-db-2015/distinct-interactions.json")));
    let (mut equal, mut explained, mut wrong) = (0, 0, Vec::new());
    for exchange in &exchanges {
        let reason = EXPLAINED.iter().find(|(name, _)| exchange.name.ends_with(name));
        match (difference(exchange).await, reason) {
            (None, None) => equal += 1,
            (None, Some(_)) => wrong.push(format!("{}: is equal, and explained all the same", exchange.name)),
            (Some(_), Some(_)) => explained += 1,
            (Some(how), None) => wrong.push(format!("{}: {how}", exchange.name)),
        }
    }
    println!(
        "{equal} of {} recorded answers are given again, {explained} differ for a reason",
        exchanges.len()
    );
    assert!(
        wrong.is_empty(),
        "{} of {} differ without a reason:\n{}",
        wrong.len(),
        exchanges.len(),
        wrong.join("\n")
    );
}

#[tokio::test]
async fn cassettes_of_real_orgs_are_told_again() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/recorded/cumulusci");
    if !folder.exists() {
        println!("skipped: the recordings are not beside the project");
        return;
    }
    let (equal, explained, wrong) = story::retell(&folder).await;
    let all = equal + explained + wrong.len();
    println!("{equal} of {all} answers of the cassettes are given again, {explained} differ for a reason");
    assert!(wrong.is_empty(), "{} of {all} differ without a reason:\n{}", wrong.len(), wrong.join("\n"));
    assert!(equal >= EQUAL_OF_CASSETTES, "only {equal} of {all} are equal");
}
