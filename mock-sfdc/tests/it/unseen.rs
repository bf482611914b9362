//! What a user may not see he is not told, whichever road he takes: events, messages, exports, pages, duplicates. The clerk
//! sees no phone numbers and may not view encrypted data; the auditor is an administrator who may.

use std::sync::{Arc, Mutex};

use axum::{Router, extract::State, routing::post};
use mock_sfdc::{MockSfdc, fixtures};
use mock_sfdc_org::{clock::Clock, value::DateTime};
use serde_json::{Value, json};

use crate::{bayeux::Bayeux, client};

const CARD: &str = "4111111111111234";
const MASK: &str = "************1234";
const PHONE: &str = "555-0100";

/// What an endpoint was sent.
type Seen = Arc<Mutex<Vec<String>>>;

async fn org() -> MockSfdc {
    let fixture = json!({
        "packages": [{"package": "p", "objects": {"Lead": {"fields": {
            "Card__c": {"type": "encryptedstring", "length": 20, "maskType": "lastFour"},
            "Shout__c": {"type": "string", "calculatedFormula": "UPPER(LastName)"}}}}}],
        "profiles": [{"name": "Clerk",
            "fieldPermissions": [{"field": "Lead.Phone", "readable": false, "editable": false}],
            "userPermissions": [{"name": "ApiEnabled", "enabled": true}, {"name": "ViewAllData", "enabled": true},
                                {"name": "ViewEncryptedData", "enabled": false}]}],
        "permissionSets": [{"name": "Cards", "userPermissions": [{"name": "ViewEncryptedData", "enabled": true}]}],
        "users": [
            {"username": "clerk@x.example", "password": "secret", "lastName": "Clerk", "profile": "Clerk"},
            {"username": "auditor@x.example", "password": "secret", "lastName": "Auditor",
             "profile": "System Administrator", "permissionSets": ["Cards"]}],
        "changeDataCapture": ["Lead"],
        "matchingRules": [{"fullName": "Lead.Mail", "label": "Mail",
            "matchingRuleItems": [{"fieldName": "Email", "matchingMethod": "Exact"}]}],
        "duplicateRules": [{"fullName": "Lead.Same", "masterLabel": "Same", "isActive": true,
            "actionOnInsert": "Block", "actionOnUpdate": "Allow",
            "duplicateRuleMatchRules": [{"matchRuleSObjectType": "Lead", "matchingRule": "Mail"}]}],
        "workflows": {"Lead": {
            "outboundMessages": [{"fullName": "News", "apiVersion": 42.0, "endpointUrl": "https://prod.example/news",
                "integrationUser": "clerk@x.example", "fields": ["Id", "LastName", "Phone", "Shout__c"]}],
            "rules": [{"fullName": "R", "active": true, "triggerType": "onCreateOnly",
                "actions": [{"name": "News", "type": "OutboundMessage"}]}]}}
    });
    let clock = Clock::fixed(DateTime::from_millis(1_774_440_000_000));
    let state = fixtures::from_text("test.json", &fixture.to_string(), None).unwrap();
    MockSfdc::builder().state(state).clock(clock).start().await.unwrap()
}

fn token(mock: &MockSfdc, username: &str) -> String {
    let user = mock.org().snapshot().access().login(username).unwrap().user;
    mock.tenant().admit(user)
}

async fn send(mock: &MockSfdc, token: &str, method: &str, path: &str, body: &Value) -> String {
    let url = format!("{}/services/data/v66.0{path}", mock.url());
    let request = client().request(method.parse().unwrap(), url).bearer_auth(token);
    let request = request
        .header("content-type", "application/json")
        .header("sforce-duplicate-rule-header", "includeRecordDetails=true");
    let request = if body.is_null() { request } else { request.body(body.to_string()) };
    request.send().await.unwrap().text().await.unwrap()
}

/// Makes the lead that everybody is told of, as the administrator.
async fn lead(mock: &MockSfdc) -> String {
    let body = json!({"LastName": "Lovelace", "Company": "Engines", "Email": "ada@x.example", "Phone": PHONE, "Card__c": CARD});
    let answer = send(mock, mock.admin_token(), "POST", "/sobjects/Lead", &body).await;
    serde_json::from_str::<Value>(&answer).unwrap()["id"].as_str().unwrap().to_owned()
}

/// The auditor is told everything, the clerk neither card nor phone.
fn compare(road: &str, auditor: &str, clerk: &str) {
    assert!(auditor.contains(CARD) && auditor.contains(PHONE), "{road}: {auditor}");
    assert!(clerk.contains(MASK) && !clerk.contains(CARD), "{road}: {clerk}");
    assert!(!clerk.contains(PHONE), "{road}: {clerk}");
}

#[tokio::test]
async fn events_tell_a_subscriber_what_he_may_see() {
    let mock = org().await;
    let (auditor, clerk) = (token(&mock, "auditor@x.example"), token(&mock, "clerk@x.example"));
    let topic =
        json!({"Name": "Leads", "Query": "SELECT Id, LastName, Phone, Card__c FROM Lead", "ApiVersion": 60});
    send(&mock, mock.admin_token(), "POST", "/sobjects/PushTopic", &topic).await;
    for channel in ["/topic/Leads", "/data/LeadChangeEvent"] {
        let told = async |token: &str| {
            let bayeux = Bayeux::connected_as(&mock, token, "66.0").await;
            bayeux.hear(channel, -2).await;
            json!(bayeux.events().await).to_string()
        };
        if channel == "/topic/Leads" {
            lead(&mock).await;
        }
        compare(channel, &told(&auditor).await, &told(&clerk).await);
    }
}

#[tokio::test]
async fn a_filtered_channel_answers_no_questions_about_what_is_hidden() {
    let mock = org().await;
    let clerk = token(&mock, "clerk@x.example");
    let topic =
        json!({"Name": "Leads", "Query": "SELECT Id, LastName, Phone, Card__c FROM Lead", "ApiVersion": 60});
    send(&mock, mock.admin_token(), "POST", "/sobjects/PushTopic", &topic).await;
    for (token, filter, allowed) in [
        (mock.admin_token(), "Phone=555-0100", true),
        (&clerk, "Phone=555-0100", false),
        (&clerk, "LastName=Lovelace", true),
        (mock.admin_token(), "Card__c=4111111111111234", false),
    ] {
        let bayeux = Bayeux::connected_as(&mock, token, "66.0").await;
        let reply = bayeux.subscribe(&format!("/topic/Leads?{filter}"), json!({})).await;
        assert_eq!(reply["successful"], allowed, "{filter}: {reply}");
    }
}

#[tokio::test]
async fn rows_pages_exports_and_duplicates_tell_what_the_caller_may_see() {
    let mock = org().await;
    let (auditor, clerk) = (token(&mock, "auditor@x.example"), token(&mock, "clerk@x.example"));
    let id = lead(&mock).await;
    let again = json!({"LastName": "Byron", "Company": "Engines", "Email": "ada@x.example"});
    for (road, method, path, body) in [
        ("row", "GET", format!("/sobjects/Lead/{id}"), Value::Null),
        ("page", "GET", format!("/ui-api/records/{id}?layoutTypes=Full&modes=View"), Value::Null),
        (
            "list",
            "GET",
            "/ui-api/list-records/Lead/AllLeads?optionalFields=Lead.Phone,Lead.Card__c".to_owned(),
            Value::Null,
        ),
        ("duplicates", "POST", "/sobjects/Lead".to_owned(), again),
        (
            "collection",
            "POST",
            "/composite/sobjects/Lead".to_owned(),
            json!({"ids": [id], "fields": ["Card__c", "LastName"]}),
        ),
    ] {
        let told = async |token: &str| send(&mock, token, method, &path, &body).await;
        let (all, some) = (told(&auditor).await, told(&clerk).await);
        if road == "collection" {
            assert!(all.contains(CARD) && some.contains(MASK), "{road}: {all} {some}");
        } else {
            compare(road, &all, &some);
        }
    }
    let export = async |token: &str| {
        let job = json!({"operation": "query", "query": "SELECT LastName, Card__c FROM Lead"});
        let job: Value =
            serde_json::from_str(&send(&mock, token, "POST", "/jobs/query", &job).await).unwrap();
        let path = format!("/jobs/query/{}/results", job["id"].as_str().unwrap());
        send(&mock, token, "GET", &path, &Value::Null).await
    };
    assert!(export(&auditor).await.contains(CARD));
    let told = export(&clerk).await;
    assert!(told.contains(MASK) && !told.contains(CARD), "{told}");
}

#[tokio::test]
async fn a_message_carries_what_its_user_may_see_and_what_formulas_say() {
    let mock = org().await;
    let seen = Seen::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/news", listener.local_addr().unwrap());
    let take = |State(seen): State<Seen>, body: String| async move {
        seen.lock().unwrap().push(body);
    };
    let router = Router::new().route("/news", post(take)).with_state(Arc::clone(&seen));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let control = async |method: &str, path: &str, body: Value| {
        let url = format!("{}/orgs/default/outbound/{path}", mock.control_url());
        let request = client().request(method.parse().unwrap(), url);
        let request = request.header("x-mock-token", mock.control_token()).body(body.to_string());
        request.send().await.unwrap().text().await.unwrap()
    };
    control("PUT", "endpoints", json!({ "News": url })).await;
    lead(&mock).await;
    control("POST", "deliver", Value::Null).await;
    let body = seen.lock().unwrap()[0].clone();
    assert!(body.contains("<sf:LastName>Lovelace</sf:LastName>"), "{body}");
    assert!(body.contains("<sf:Shout__c>LOVELACE</sf:Shout__c>"), "{body}");
    assert!(!body.contains(PHONE), "{body}");
}
