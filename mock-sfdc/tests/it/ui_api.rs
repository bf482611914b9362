//! UI API: records and what an object looks like.

use serde_json::{Value, json};

use crate::{
    mock,
    wire::{ask, create, send},
};

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn a_record_is_read_as_a_page_reads_it() {
    let mock = mock().await;
    let account = create(&mock, "Account", r#"{"Name":"Acme","Industry":"Banking"}"#).await;
    let contact = create(&mock, "Contact", &format!(r#"{{"LastName":"B","AccountId":"{account}"}}"#)).await;
    let path = format!(
        "/v66.0/ui-api/records/{contact}?fields=Contact.LastName,Contact.Account.Name&optionalFields=Contact.Nope,Contact.Email"
    );
    let (status, text) = ask(&mock, "GET", &path, "").await;
    assert_eq!(status, 200, "{text}");
    let body = parsed(&text);
    assert_eq!((&body["apiName"], &body["id"]), (&json!("Contact"), &json!(contact)));
    assert_eq!(body["fields"]["LastName"], json!({"displayValue": null, "value": "B"}));
    assert_eq!(body["fields"]["Email"], json!({"displayValue": null, "value": null}));
    assert!(body["fields"].get("Nope").is_none());
    let parent = &body["fields"]["Account"];
    assert_eq!((&parent["displayValue"], &parent["value"]["id"]), (&json!("Acme"), &json!(account)));
    assert_eq!(parent["value"]["fields"]["Name"]["value"], "Acme");

    let path = format!("/v66.0/ui-api/records/{account}?layoutTypes=Full&modes=View");
    let body = parsed(&ask(&mock, "GET", &path, "").await.1);
    assert_eq!(body["fields"]["Industry"], json!({"displayValue": "Banking", "value": "Banking"}));
    for (query, status) in [("", 400), ("?fields=Account.Nope", 400), ("?layoutTypes=Odd", 403)] {
        let path = format!("/v66.0/ui-api/records/{account}{query}");
        assert_eq!(ask(&mock, "GET", &path, "").await.0, status, "{query}");
    }
    assert_eq!(
        ask(&mock, "GET", "/v66.0/ui-api/records/0015g00000009zz?fields=Account.Name", "").await.0,
        404
    );
}

#[tokio::test]
async fn records_are_written_and_errors_are_laid_out() {
    let mock = mock().await;
    let (status, text) =
        ask(&mock, "POST", "/v66.0/ui-api/records", r#"{"apiName":"Account","fields":{"Name":"Acme"}}"#)
            .await;
    assert_eq!(status, 201, "{text}");
    let body = parsed(&text);
    assert_eq!(body["fields"], json!({"Name": {"displayValue": null, "value": "Acme"}}));
    let row = format!("/v66.0/ui-api/records/{}", body["id"].as_str().unwrap());
    let (status, text) = ask(&mock, "PATCH", &row, r#"{"fields":{"Phone":"1"}}"#).await;
    assert_eq!((status, &parsed(&text)["fields"]["Phone"]["value"]), (200, &json!("1")));

    let (status, text) = ask(&mock, "PATCH", &row, r#"{"fields":{"Name":""}}"#).await;
    let body = parsed(&text);
    assert_eq!((status, &body[0]["enhancedErrorType"]), (400, &json!("RecordError")));
    assert_eq!(
        body[0]["output"]["fieldErrors"]["Name"][0],
        json!({"constituentField": null, "duplicateRecordError": null, "errorCode": "REQUIRED_FIELD_MISSING", "field": "Name",
               "fieldLabel": "Account Name", "message": "Required fields are missing: [Name]"})
    );
    assert_eq!(ask(&mock, "DELETE", &row, "").await, (204, String::new()));
    assert_eq!(ask(&mock, "DELETE", &row, "").await.0, 404);
    let odd = r#"{"apiName":"Account","fields":{"Name":"A"},"useDefaultRule":true}"#;
    let (status, text) = ask(&mock, "POST", "/v66.0/ui-api/records", odd).await;
    assert!(status == 403 && text.contains("useDefaultRule"), "{text}");
    assert_eq!(ask(&mock, "GET", "/v66.0/ui-api/lookups/Account/OwnerId", "").await.0, 403);
}

#[tokio::test]
async fn a_key_makes_a_request_count_once() {
    let mock = mock().await;
    let body = r#"{"apiName":"Account","fields":{"Name":"Acme"}}"#;
    let post = |key: &'static str, body: &'static str| {
        let mock = &mock;
        async move {
            let answer = send(mock, "POST", "/v66.0/ui-api/records", &[("idempotency-key", key)], body).await;
            (answer.status().as_u16(), answer.text().await.unwrap())
        }
    };
    let first = post("a-1", body).await;
    assert_eq!(first.0, 201);
    assert_eq!(post("a-1", body).await, first);
    assert_eq!(post("a-2", body).await.0, 201);
    let (status, text) = post("a-1", r#"{"apiName":"Account","fields":{"Name":"Other"}}"#).await;
    assert!(status == 400 && text.contains("IDEMPOTENCY_KEY_ALREADY_USED"), "{text}");
    let (status, text) = post("a b", body).await;
    assert!(status == 400 && text.contains("INVALID_IDEMPOTENCY_KEY"), "{text}");
    let count = ask(&mock, "GET", "/v66.0/query?q=SELECT+COUNT()+FROM+Account", "").await.1;
    assert!(count.contains("\"totalSize\":2"), "{count}");
}

#[tokio::test]
async fn an_object_is_described_for_pages() {
    let mock = mock().await;
    let body = parsed(&ask(&mock, "GET", "/v66.0/ui-api/object-info/contact", "").await.1);
    assert_eq!((&body["apiName"], &body["keyPrefix"]), (&json!("Contact"), &json!("003")));
    assert_eq!(body["nameFields"], json!(["Name", "LastName", "FirstName"]));
    let account = &body["fields"]["AccountId"];
    assert_eq!(
        (&account["dataType"], &account["relationshipName"]),
        (&json!("Reference"), &json!("Account"))
    );
    assert_eq!(account["referenceToInfos"], json!([{"apiName": "Account", "nameFields": ["Name"]}]));
    assert_eq!(body["recordTypeInfos"]["012000000000000AAA"]["master"], true);
    assert_eq!(ask(&mock, "GET", "/v66.0/ui-api/object-info/Nope", "").await.0, 404);
}
