//! List views and quick actions, as jsforce asks for them.

use serde_json::{Value, json};

use mock_sfdc::MockSfdc;
use mock_sfdc_org::access::{NewSession, SessionKind, adopt_session};

use crate::{
    TOKEN,
    wire::{ask, create},
};

/// An org with all that every org has.
pub async fn mock() -> MockSfdc {
    let mock = MockSfdc::start().await.unwrap();
    let admin = mock_sfdc_org::seed::administrator(mock.org().snapshot().settings());
    let session = NewSession::of(admin, SessionKind::Given);
    assert!(mock.tenant().in_transaction(admin, |tx| adopt_session(tx, TOKEN, session)));
    mock
}

async fn get(mock: &MockSfdc, path: &str) -> Value {
    let (status, text) = ask(mock, "GET", path.trim_start_matches("/services/data"), "").await;
    assert_eq!(status, 200, "{path}: {text}");
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn a_list_view_says_what_it_shows_and_shows_it() {
    let mock = mock().await;
    for name in ["Beta", "Alpha"] {
        create(&mock, "Account", &format!(r#"{{"Name":"! {name}","Phone":"1"}}"#)).await;
    }
    let body = get(&mock, "/v66.0/sobjects/Account/listviews").await;
    assert_eq!(
        (&body["size"], &body["sobjectType"], &body["done"]),
        (&json!(2), &json!("Account"), &json!(true))
    );
    let view = &body["listviews"][1];
    assert_eq!((&view["developerName"], &view["label"]), (&json!("MyAccounts"), &json!("My Accounts")));
    assert_eq!(&get(&mock, view["url"].as_str().unwrap()).await, view);

    let described = get(&mock, view["describeUrl"].as_str().unwrap()).await;
    assert_eq!(
        described["query"],
        "SELECT Name, BillingState, Phone, Type, Owner.Name, Id, CreatedDate, LastModifiedDate, SystemModstamp FROM Account USING SCOPE mine ORDER BY Name ASC NULLS FIRST, Id ASC NULLS FIRST"
    );
    assert_eq!((&described["scope"], &described["columns"][0]["sortIndex"]), (&json!("mine"), &json!(0)));

    let results = get(&mock, view["resultsUrl"].as_str().unwrap()).await;
    assert_eq!(&results["developerName"], "MyAccounts");
    let first = &results["records"][0]["columns"];
    assert_eq!(first[0], json!({"fieldNameOrPath": "Name", "value": "! Alpha"}));
    assert_eq!(first[1], json!({"fieldNameOrPath": "BillingState", "value": null}));
    assert_eq!(first[4]["fieldNameOrPath"], "Owner.Name");
    let page = format!("{}?limit=1&offset=1", view["resultsUrl"].as_str().unwrap());
    assert_eq!(get(&mock, &page).await["records"][0]["columns"][0]["value"], "! Beta");
    for path in ["Account/listviews/00B5g00000009zz", "Account/listviews/nonsense/results", "Nope/listviews"]
    {
        assert_eq!(ask(&mock, "GET", &format!("/v66.0/sobjects/{path}"), "").await.0, 404, "{path}");
    }
    let rows = get(&mock, "/v66.0/query?q=SELECT+DeveloperName+FROM+ListView+WHERE+SobjectType='Lead'").await;
    assert_eq!(rows["totalSize"], 2);
}

#[tokio::test]
async fn a_quick_action_creates_what_belongs_to_the_record() {
    let mock = mock().await;
    let account = create(&mock, "Account", r#"{"Name":"Acme"}"#).await;
    let list = get(&mock, "/v66.0/sobjects/Account/quickActions").await;
    assert_eq!(
        list[0],
        json!({"actionEnumOrId": "LogACall", "label": "Log a Call", "name": "LogACall", "type": "LogACall", "urls": {
            "defaultValues": "/services/data/v66.0/sobjects/Account/quickActions/LogACall/defaultValues",
            "quickAction": "/services/data/v66.0/sobjects/Account/quickActions/LogACall",
            "describe": "/services/data/v66.0/sobjects/Account/quickActions/LogACall/describe",
            "defaultValuesTemplate": "/services/data/v66.0/sobjects/Account/quickActions/LogACall/defaultValues/{ID}"}})
    );
    let names = |list: &Value| {
        list.as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&list), ["LogACall", "NewTask", "NewEvent", "NewContact", "NewOpportunity", "NewCase"]);
    assert_eq!(names(&get(&mock, "/v66.0/quickActions").await).len(), 8);

    let global = get(&mock, "/v66.0/quickActions/logacall").await;
    assert_eq!(global["urls"]["describe"], "/services/data/v66.0/quickActions/LogACall/describe");
    let described = get(&mock, "/v66.0/quickActions/LogACall/describe").await;
    assert_eq!(
        (&described["targetSobjectType"], &described["contextSobjectType"]),
        (&json!("Task"), &Value::Null)
    );
    let values = get(&mock, "/v66.0/quickActions/LogACall/defaultValues").await;
    assert_eq!((&values["attributes"], &values["Status"]), (&json!({"type": "Task"}), &json!("Completed")));
    let values = get(&mock, &format!("/v66.0/quickActions/NewTask/defaultValues/{account}")).await;
    assert_eq!(values["WhatId"], json!(account));

    let base = "/v66.0/sobjects/Account/quickActions/NewContact";
    assert_eq!(get(&mock, base).await["name"], "NewContact");
    assert_eq!(get(&mock, &format!("{base}/defaultValues")).await["AccountId"], Value::Null);
    assert_eq!(get(&mock, &format!("{base}/describe")).await["targetParentField"], "AccountId");
    let values = get(&mock, &format!("{base}/defaultValues/{account}")).await;
    assert_eq!((&values["attributes"], &values["AccountId"]), (&json!({"type": "Contact"}), &json!(account)));

    let body = format!(r#"{{"contextId":"{account}","record":{{"LastName":"Byron"}}}}"#);
    let (status, text) = ask(&mock, "POST", base, &body).await;
    assert_eq!(status, 201, "{text}");
    let done: Value = serde_json::from_str(&text).unwrap();
    let contact =
        get(&mock, &format!("/v66.0/sobjects/Contact/{}?fields=AccountId", done["id"].as_str().unwrap()))
            .await;
    assert_eq!(contact["AccountId"], json!(account));
    assert_eq!(
        (&done["contextId"], &done["success"], &done["ids"][0]),
        (&json!(account), &json!(true), &done["id"])
    );

    let call = "/v66.0/quickActions/LogACall";
    let (status, text) = ask(&mock, "POST", call, r#"{"record":{"Description":"x"}}"#).await;
    assert_eq!(status, 201, "{text}");
    let done: Value = serde_json::from_str(&text).unwrap();
    let row =
        format!("/v66.0/sobjects/Task/{}?fields=Subject,Status,Description", done["id"].as_str().unwrap());
    let task = get(&mock, &row).await;
    assert_eq!(
        (&task["Subject"], &task["Status"], &task["Description"]),
        (&json!("Call"), &json!("Completed"), &json!("x"))
    );
    for (path, body, status) in [
        (base, r#"{"record":{}}"#, 400),
        (base, r#"{"contextId":"0015g00000009zz","record":{"LastName":"A"}}"#, 400),
        (base, "{}", 400),
        ("/v66.0/sobjects/Account/quickActions/Nope", "{}", 404),
    ] {
        assert_eq!(ask(&mock, "POST", path, body).await.0, status, "{path} {body}");
    }
}
