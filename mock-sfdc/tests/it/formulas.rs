//! Formula fields and validation rules as a client meets them, byte by byte (`contract/behaviour.md` section 13,
//! `contract/errors.md`).

use mock_sfdc::MockSfdc;
use mock_sfdc_org::{seed, value::DateTime};
use serde_json::{Value, json};

use crate::client;

async fn org() -> MockSfdc {
    let fixture = json!({
        "packages": [{"package": "p", "objects": {"Opportunity": {"fields": {
            "Half__c": {"type": "double", "precision": 18, "scale": 2, "label": "Half", "calculatedFormula": "Amount / 2"},
            "Loud__c": {"type": "string", "label": "Loud", "calculatedFormula": "UPPER(Name)"},
            "Large__c": {"type": "boolean", "label": "Large", "calculatedFormula": "Amount > 50"}
        }}}}],
        "validationRules": {"Opportunity": [
            {"fullName": "Positive", "active": true, "errorConditionFormula": "Amount < 0",
             "errorDisplayField": "Amount", "errorMessage": "Amounts are not \"negative\"."},
            {"fullName": "Grow", "active": true, "errorConditionFormula": "ISCHANGED(Half__c) && PRIORVALUE(Half__c) > Half__c",
             "errorMessage": "Halves only grow."}
        ]}
    });
    let noon = DateTime::from_millis(1_774_440_000_000);
    let state = seed::load("test.json", &fixture.to_string(), noon, &|_| None).unwrap();
    let mock = MockSfdc::builder().state(state).start().await.unwrap();
    mock.tenant().org.clock().freeze_at(noon);
    mock
}

async fn send(mock: &MockSfdc, method: &str, path: &str, body: &Value) -> (u16, String) {
    let request = client().request(method.parse().unwrap(), format!("{}{path}", mock.url()));
    let request = request.bearer_auth(mock.admin_token()).header("content-type", "application/json");
    let answer = request.body(body.to_string()).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn get(mock: &MockSfdc, path: &str) -> String {
    let request = client().get(format!("{}/services/data/v66.0{path}", mock.url()));
    request.bearer_auth(mock.admin_token()).send().await.unwrap().text().await.unwrap()
}

const DEALS: &str = "/services/data/v66.0/sobjects/Opportunity";

fn deal(amount: &Value) -> Value {
    json!({"Name": "Deal", "StageName": "Prospecting", "CloseDate": "2026-05-01", "Amount": amount})
}

async fn created(mock: &MockSfdc, amount: &Value) -> String {
    let (status, body) = send(mock, "POST", DEALS, &deal(amount)).await;
    assert_eq!(status, 201, "{body}");
    body.split('"').nth(3).unwrap().to_owned()
}

#[tokio::test]
async fn a_broken_validation_rule_refuses_with_its_text() {
    let mock = org().await;
    let negative = r#"[{"message":"Amounts are not \"negative\".","errorCode":"FIELD_CUSTOM_VALIDATION_EXCEPTION","fields":["Amount"]}]"#;
    assert_eq!(send(&mock, "POST", DEALS, &deal(&json!(-1))).await, (400, negative.to_owned()));
    let id = created(&mock, &json!(100)).await;
    let row = format!("{DEALS}/{id}");
    // At the top of the page: no field. A rule sees formula fields change with the fields that they read.
    let shrunk =
        r#"[{"message":"Halves only grow.","errorCode":"FIELD_CUSTOM_VALIDATION_EXCEPTION","fields":[]}]"#;
    assert_eq!(send(&mock, "PATCH", &row, &json!({"Amount": 99})).await, (400, shrunk.to_owned()));
    assert_eq!(send(&mock, "PATCH", &row, &json!({"Amount": 101})).await, (204, String::new()));
}

#[tokio::test]
async fn formula_fields_are_read_in_queries_and_records() {
    let mock = org().await;
    let id = created(&mock, &json!(12.25)).await;
    let blank = created(&mock, &Value::Null).await;
    let attributes = |id: &str| format!(r#""attributes":{{"type":"Opportunity","url":"{DEALS}/{id}"}}"#);
    let query = "/query?q=SELECT+Half__c,Loud__c,Large__c+FROM+Opportunity+ORDER+BY+Half__c+NULLS+LAST";
    assert_eq!(
        get(&mock, query).await,
        format!(
            r#"{{"totalSize":2,"done":true,"records":[{{{},"Half__c":6.13,"Loud__c":"DEAL","Large__c":false}},{{{},"Half__c":null,"Loud__c":"DEAL","Large__c":false}}]}}"#,
            attributes(&id),
            attributes(&blank)
        )
    );
    let found = "/query?q=SELECT+Half__c+FROM+Opportunity+WHERE+Half__c+%3E+6";
    assert_eq!(
        get(&mock, found).await,
        format!(r#"{{"totalSize":1,"done":true,"records":[{{{},"Half__c":6.13}}]}}"#, attributes(&id))
    );
    let record = format!("/sobjects/Opportunity/{id}?fields=Half__c,Loud__c,Large__c");
    assert_eq!(
        get(&mock, &record).await,
        format!(r#"{{{},"Half__c":6.13,"Loud__c":"DEAL","Large__c":false}}"#, attributes(&id))
    );
}

#[tokio::test]
async fn a_formula_field_is_never_written() {
    let mock = org().await;
    let refused = r#"[{"message":"Unable to create/update fields: Half__c. Please check the security settings of this field and verify that it is read/write for your profile or permission set.","errorCode":"INVALID_FIELD_FOR_INSERT_UPDATE","fields":["Half__c"]}]"#;
    let mut body = deal(&json!(1));
    body["Half__c"] = json!(7);
    assert_eq!(send(&mock, "POST", DEALS, &body).await, (400, refused.to_owned()));
    let id = created(&mock, &json!(1)).await;
    let body = json!({"Half__c": 7});
    assert_eq!(send(&mock, "PATCH", &format!("{DEALS}/{id}"), &body).await, (400, refused.to_owned()));
}

/// One message to the channel of a client that has none of its own yet, or to its own.
async fn bayeux(mock: &MockSfdc, message: Value, cookie: &str) -> (String, Vec<Value>) {
    let request = client().post(format!("{}/cometd/66.0", mock.url())).bearer_auth(mock.admin_token());
    let request = request.header("content-type", "application/json").header("cookie", cookie);
    let answer = request.body(json!([message]).to_string()).send().await.unwrap();
    let cookies: Vec<String> = answer
        .headers()
        .get_all("set-cookie")
        .iter()
        .map(|value| value.to_str().unwrap().split(';').next().unwrap().to_owned())
        .collect();
    (cookies.join("; "), serde_json::from_str(&answer.text().await.unwrap()).unwrap())
}

#[tokio::test]
async fn a_push_topic_tells_of_formula_fields() {
    let mock = org().await;
    // Selected they are told, filtered on they are refused (`contract/streaming.md` section 5).
    let mut topic = json!({"Name": "Deals", "ApiVersion": 66.0, "NotifyForFields": "Select",
        "Query": "SELECT Id, Half__c, Loud__c FROM Opportunity WHERE Large__c = TRUE"});
    let (status, body) = send(&mock, "POST", "/services/data/v66.0/sobjects/PushTopic", &topic).await;
    assert!(status == 400 && body.contains("INVALID_FIELD"), "{status} {body}");
    topic["Query"] = json!("SELECT Id, Half__c, Loud__c FROM Opportunity WHERE Amount > 50");
    let (status, body) = send(&mock, "POST", "/services/data/v66.0/sobjects/PushTopic", &topic).await;
    assert_eq!(status, 201, "{body}");
    let shake = json!({"channel": "/meta/handshake", "version": "1.0", "ext": {"replay": true},
        "supportedConnectionTypes": ["long-polling"]});
    let (cookie, replies) = bayeux(&mock, shake, "").await;
    let client_id = replies[0]["clientId"].as_str().unwrap().to_owned();
    let connect =
        || json!({"channel": "/meta/connect", "clientId": client_id, "connectionType": "long-polling"});
    bayeux(&mock, connect(), &cookie).await;
    let subscribe = json!({"channel": "/meta/subscribe", "clientId": client_id, "subscription": "/topic/Deals",
        "ext": {"replay": {"/topic/Deals": -1}}});
    let (_, replies) = bayeux(&mock, subscribe, &cookie).await;
    assert_eq!(replies[0]["successful"], true, "{replies:?}");
    created(&mock, &json!(10)).await;
    let large = created(&mock, &json!(101)).await;
    let (_, replies) = bayeux(&mock, connect(), &cookie).await;
    let told: Vec<&Value> = replies.iter().filter_map(|reply| reply["data"].get("sobject")).collect();
    assert_eq!(told, [&json!({"Id": large, "Half__c": 50.5, "Loud__c": "DEAL"})]);
}
