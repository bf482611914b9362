//! Duplicate rules as a client meets them: what refuses, what the answer says, what the header changes
//! (`contract/behaviour.md` section 7).

use mock_sfdc::MockSfdc;
use mock_sfdc_org::{seed, value::DateTime};
use serde_json::{Value, json};

use crate::client;

const ALLOW: &str = "allowSave=true";

async fn org(fixture: &Value) -> MockSfdc {
    let noon = DateTime::from_millis(1_774_440_000_000);
    let state = seed::load("test.json", &fixture.to_string(), noon, &|_| None).unwrap();
    MockSfdc::builder().state(state).start().await.unwrap()
}

/// Status and body of a request with a JSON body.
async fn send(mock: &MockSfdc, method: &str, path: &str, header: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}/services/data{path}", mock.url());
    let mut request = client()
        .request(method.parse().unwrap(), url)
        .bearer_auth(mock.admin_token())
        .header("content-type", "application/json")
        .body(body.to_string());
    if !header.is_empty() {
        request = request.header("Sforce-Duplicate-Rule-Header", header);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default())
}

async fn create(mock: &MockSfdc, object: &str, body: Value) -> (u16, Value) {
    send(mock, "POST", &format!("/v66.0/sobjects/{object}"), "", &body).await
}

async fn count(mock: &MockSfdc, soql: &str) -> u64 {
    let url = format!("{}/services/data/v66.0/query", mock.url());
    let answer =
        client().get(url).query(&[("q", soql)]).bearer_auth(mock.admin_token()).send().await.unwrap();
    let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    body["totalSize"].as_u64().unwrap()
}

/// A rule of contacts with the same mail address.
fn same_email(action: &str, operations: &[&str]) -> Value {
    json!({
        "matchingRules": [{
            "fullName": "Contact.Contact_MR", "label": "Contact MR",
            "matchingRuleItems": [{"fieldName": "Email", "matchingMethod": "Exact"}]
        }],
        "duplicateRules": [{
            "fullName": "Contact.Contacts_DR", "masterLabel": "Contacts", "isActive": true,
            "actionOnInsert": action, "actionOnUpdate": action,
            "operationsOnInsert": operations, "operationsOnUpdate": operations,
            "duplicateRuleMatchRules": [{"matchRuleSObjectType": "Contact", "matchingRule": "Contact_MR"}]
        }]
    })
}

const ADA: fn() -> Value = || json!({"LastName": "Lovelace", "Email": "ada@example.com"});

#[tokio::test]
async fn an_alert_refuses_and_says_what_was_found() {
    let mock = org(&same_email("Allow", &["Alert", "Report"])).await;
    let (_, first) = create(&mock, "Contact", ADA()).await;
    let id = first["id"].as_str().unwrap();
    let (status, body) = create(&mock, "Contact", ADA()).await;
    let told = "You're creating a duplicate record. We recommend you use an existing record instead.";
    let expected = json!([{
        "duplicateResut": {
            "allowSave": true,
            "duplicateRule": "Contacts_DR",
            "duplicateRuleEntityType": "Contact",
            "errorMessage": told,
            "matchResults": [{
                "entityType": "Contact",
                "errors": [],
                "matchEngine": "ExactMatchEngine",
                "matchRecords": [{
                    "additionalInformation": [],
                    "fieldDiffs": [],
                    "matchConfidence": 100.0,
                    "record": {
                        "attributes": {"type": "Contact", "url": format!("/services/data/v66.0/sobjects/Contact/{id}")},
                        "Id": id
                    }
                }],
                "rule": "Contact_MR",
                "size": 1,
                "success": true
            }]
        },
        "errorCode": "DUPLICATES_DETECTED",
        "message": told
    }]);
    assert_eq!((status, body.to_string()), (400, expected.to_string()));
    assert_eq!(count(&mock, "SELECT Id FROM Contact").await, 1);
}

#[tokio::test]
async fn the_header_saves_past_an_alert_but_not_past_a_block() {
    for (action, header, version, status) in [
        ("Allow", ALLOW, "v66.0", 201),
        ("Allow", "allowSave=true; includeRecordDetails=true; runAsCurrentUser=true", "v66.0", 201),
        ("Allow", "allowSave=false", "v66.0", 400),
        ("Allow", "includeRecordDetails=true", "v66.0", 400),
        // The header is younger than this version.
        ("Allow", ALLOW, "v51.0", 400),
        ("Block", ALLOW, "v66.0", 400),
        ("Allow", "allowSafe=true", "v66.0", 400),
        ("Allow", "allowSave=yes", "v66.0", 400),
    ] {
        let mock = org(&same_email(action, &["Alert"])).await;
        create(&mock, "Contact", ADA()).await;
        let path = format!("/{version}/sobjects/Contact");
        let (found, body) = send(&mock, "POST", &path, header, &ADA()).await;
        assert_eq!(found, status, "{action} {header} {version}: {body}");
        if action == "Block" {
            assert_eq!(body[0]["duplicateResut"]["allowSave"], false);
        }
    }
}

#[tokio::test]
async fn details_are_told_when_they_are_asked_for() {
    let mock = org(&same_email("Allow", &["Alert"])).await;
    create(&mock, "Contact", ADA()).await;
    let (_, body) = send(&mock, "POST", "/v66.0/sobjects/Contact", "includeRecordDetails=true", &ADA()).await;
    let record = &body[0]["duplicateResut"]["matchResults"][0]["matchRecords"][0]["record"];
    assert_eq!(record["LastName"], "Lovelace", "{body}");
}

#[tokio::test]
async fn a_rule_that_neither_alerts_nor_blocks_saves() {
    let mock = org(&same_email("Allow", &["Report"])).await;
    create(&mock, "Contact", ADA()).await;
    let (status, body) = create(&mock, "Contact", ADA()).await;
    assert_eq!(status, 201, "{body}");
    assert_eq!(count(&mock, "SELECT Id FROM DuplicateRecordSet").await, 1);
    let (_, third) = create(&mock, "Contact", ADA()).await;
    let third = third["id"].as_str().unwrap();
    // The third joins the set of the first two.
    assert_eq!(count(&mock, "SELECT Id FROM DuplicateRecordSet").await, 1);
    assert_eq!(count(&mock, "SELECT Id FROM DuplicateRecordItem").await, 3);
    let soql = format!("SELECT Id FROM DuplicateRecordItem WHERE RecordId = '{third}'");
    assert_eq!(count(&mock, &soql).await, 1);
}

#[tokio::test]
async fn an_update_is_looked_at_when_it_changes_what_is_compared() {
    let mock = org(&same_email("Block", &[])).await;
    create(&mock, "Contact", ADA()).await;
    let (_, other) = create(&mock, "Contact", json!({"LastName": "King", "Email": "king@example.com"})).await;
    let path = format!("/v66.0/sobjects/Contact/{}", other["id"].as_str().unwrap());
    for (change, status) in [
        (json!({"Title": "Countess"}), 204),
        (json!({"Email": "ada@example.com"}), 400),
        (json!({"Email": "augusta@example.com"}), 204),
    ] {
        let (found, body) = send(&mock, "PATCH", &path, "", &change).await;
        assert_eq!(found, status, "{change}: {body}");
    }
}

#[tokio::test]
async fn the_standard_rules_find_people_across_leads_and_contacts() {
    let mock = org(&json!({"standardDuplicateRules": ["Lead", "Contact"]})).await;
    let lead = json!({"FirstName": "William", "LastName": "Smith", "Company": "Acme Inc", "Phone": "415-555-1234", "Email": "w.smith@acme.example"});
    assert_eq!(create(&mock, "Lead", lead).await.0, 201);
    for (object, row, status) in [
        // The same person by a variant of the name, by the sound of the other, by mail or phone.
        (
            "Lead",
            json!({"FirstName": "Bill", "LastName": "Smith", "Company": "x", "Email": "w.smith@acme.example"}),
            400,
        ),
        (
            "Lead",
            json!({"FirstName": "Will", "LastName": "Smyth", "Company": "Acme", "Phone": "(415) 555-1234"}),
            400,
        ),
        // First and last name in each other's box.
        (
            "Lead",
            json!({"FirstName": "Smith", "LastName": "William", "Company": "x", "Email": "w.smith@acme.example"}),
            400,
        ),
        ("Contact", json!({"FirstName": "Bill", "LastName": "Smith", "Email": "w.smith@acme.example"}), 400),
        // A namesake elsewhere, and a colleague.
        (
            "Lead",
            json!({"FirstName": "William", "LastName": "Smith", "Company": "Globex", "Phone": "212-777-9999"}),
            201,
        ),
        (
            "Lead",
            json!({"FirstName": "Grace", "LastName": "Hopper", "Company": "Acme Inc", "Phone": "415-555-1234"}),
            201,
        ),
    ] {
        let (found, body) = create(&mock, object, row.clone()).await;
        assert_eq!(found, status, "{object} {row}: {body}");
        if found == 400 {
            assert_eq!(body[0]["message"], "Use one of these records?");
            assert_eq!(body[0]["duplicateResut"]["matchResults"][0]["rule"], "Standard_Lead_Match_Rule_v1_0");
        }
    }
}

#[tokio::test]
async fn filters_decide_for_whom_a_rule_runs() {
    let mut fixture = same_email("Block", &[]);
    fixture["duplicateRules"][0]["duplicateRuleFilter"] = json!({
        "duplicateRuleFilterItems": [{"field": "LeadSource", "operation": "equals", "value": "Web", "sortOrder": 1, "table": "Contact"}]
    });
    let mock = org(&fixture).await;
    create(&mock, "Contact", ADA()).await;
    assert_eq!(create(&mock, "Contact", ADA()).await.0, 201);
    let mut from_web = ADA();
    from_web["LeadSource"] = json!("Web");
    assert_eq!(create(&mock, "Contact", from_web).await.0, 400);
}

#[test]
fn a_wrong_rule_is_told_with_its_place() {
    let wrong = |change: fn(&mut Value)| {
        let mut fixture = same_email("Block", &[]);
        change(&mut fixture);
        let noon = DateTime::from_millis(1_774_440_000_000);
        seed::load("test.json", &fixture.to_string(), noon, &|_| None).unwrap_err().to_string()
    };
    for (error, part) in [
        (
            wrong(|f| f["matchingRules"][0]["matchingRuleItems"][0]["fieldName"] = json!("Emial")),
            "matchingRules[0].matchingRuleItems[0].fieldName: Contact has no field Emial",
        ),
        (
            wrong(|f| f["duplicateRules"][0]["duplicateRuleMatchRules"][0]["matchingRule"] = json!("None")),
            "duplicateRules[0].duplicateRuleMatchRules[0].matchingRule: Contact has no active matching rule None",
        ),
        (
            wrong(|f| f["standardDuplicateRules"] = json!(["Case"])),
            "standardDuplicateRules: Case has no standard duplicate rule",
        ),
    ] {
        assert!(error.contains(part), "{error}");
    }
}
