//! Limits that run out, as a client sees it.

use std::time::Duration;

use mock_sfdc::MockSfdc;
use mock_sfdc_org::{clock::Clock, id::Id, value::DateTime};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client;

async fn frozen() -> MockSfdc {
    let at = DateTime::parse("2026-03-02T10:00:00Z").unwrap();
    MockSfdc::builder().clock(Clock::fixed(at)).start().await.unwrap()
}

/// Status and text of a call of the administrator's.
async fn ask(mock: &MockSfdc, method: &str, path: &str, body: Value) -> (u16, String) {
    let url = format!("{}/services/data/v66.0{path}", mock.url());
    let request = client().request(method.parse::<Method>().unwrap(), url).bearer_auth(mock.admin_token());
    let request = if body.is_null() { request } else { request.json(&body) };
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn control(mock: &MockSfdc, method: &str, path: &str, body: Value) -> (u16, Value) {
    let url = format!("{}/orgs/default{path}", mock.control_url());
    let request = client().request(method.parse::<Method>().unwrap(), url);
    let request = request.header("x-mock-token", mock.control_token()).body(body.to_string());
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null))
}

async fn create(mock: &MockSfdc, object: &str, fields: Value) -> Id {
    let (status, text) = ask(mock, "POST", &format!("/sobjects/{object}"), fields).await;
    assert_eq!(status, 201, "{text}");
    let answer: Value = serde_json::from_str(&text).unwrap();
    Id::parse(answer["id"].as_str().unwrap()).unwrap()
}

async fn limit(mock: &MockSfdc, name: &str) -> (u64, u64) {
    let (_, text) = ask(mock, "GET", "/limits", Value::Null).await;
    let limits: Value = serde_json::from_str(&text).unwrap();
    let row = &limits[name];
    (row["Max"].as_u64().unwrap(), row["Remaining"].as_u64().unwrap())
}

#[tokio::test]
async fn the_day_of_api_requests_rolls() {
    let mock = frozen().await;
    control(&mock, "PATCH", "/settings", json!({"dailyApiRequests": 2, "sessionMinutes": 10_000})).await;
    for minutes in [0, 60] {
        mock.clock().advance(minutes * 60_000);
        assert_eq!(ask(&mock, "GET", "/sobjects", Value::Null).await.0, 200);
    }
    let refused = ask(&mock, "GET", "/sobjects", Value::Null).await;
    assert_eq!(
        refused,
        (
            403,
            r#"[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]"#
                .to_owned()
        )
    );
    mock.clock().advance(23 * 3_600_000);
    assert_eq!(
        limit(&mock, "DailyApiRequests").await,
        (2, 0),
        "the first one is a day old, this is the second"
    );
    assert_eq!(ask(&mock, "GET", "/sobjects", Value::Null).await.0, 403);
}

#[tokio::test]
async fn long_requests_take_all_places_until_they_end() {
    let mock = frozen().await;
    control(&mock, "PATCH", "/settings", json!({"limits": {"concurrentLongRequests": 1}})).await;
    mock.fault("rest.limits").delay(30);
    let url = format!("{}/services/data/v66.0/limits", mock.url());
    let slow = tokio::spawn(client().get(url).bearer_auth(mock.admin_token()).send());
    while mock.journal().entries().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(ask(&mock, "GET", "/sobjects", Value::Null).await.0, 200, "nobody runs for long yet");
    mock.clock().advance(20_000);
    assert_eq!(
        ask(&mock, "GET", "/sobjects", Value::Null).await,
        (
            403,
            r#"[{"message":"ConcurrentRequests (Concurrent API Requests) Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]"#
                .to_owned()
        )
    );
    mock.clock().advance(10_000);
    assert_eq!(slow.await.unwrap().unwrap().status(), 200);
    assert_eq!(ask(&mock, "GET", "/sobjects", Value::Null).await.0, 200);
    let (_, settings) = control(&mock, "PATCH", "/settings", json!({"longRequestsHeld": 1})).await;
    assert_eq!(
        (&settings["longRequestsHeld"], &settings["limits"]["concurrentLongRequests"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(ask(&mock, "GET", "/sobjects", Value::Null).await.0, 403);
}

#[tokio::test]
async fn a_locked_row_is_waited_for_and_then_refused() {
    let mock = frozen().await;
    let account = create(&mock, "Account", json!({"Name": "Harbor"})).await;
    let contact = create(&mock, "Contact", json!({"LastName": "Lopez", "AccountId": account})).await;
    let path = format!("/sobjects/Account/{account}");
    let refusal = format!(
        r#"[{{"message":"unable to obtain exclusive access to this record or 1 records: {}","errorCode":"UNABLE_TO_LOCK_ROW","fields":[]}}]"#,
        account.short()
    );
    for (method, path, body) in [
        ("PATCH", path.clone(), json!({"Name": "Other"})),
        ("DELETE", path.clone(), Value::Null),
        ("POST", "/sobjects/Contact".to_owned(), json!({"LastName": "New", "AccountId": account})),
        ("PATCH", format!("/sobjects/Contact/{contact}"), json!({"AccountId": null})),
    ] {
        let held = mock.lock_rows([account]);
        let mut waiting = std::pin::pin!(ask(&mock, method, &path, body));
        // While it waits, others are served, and readers see the row.
        tokio::select! {
            answer = &mut waiting => panic!("{method} {path} has not waited: {answer:?}"),
            () = served(&mock, account) => {}
        }
        mock.clock().advance(9_999);
        tokio::select! {
            answer = &mut waiting => panic!("{method} {path} has not waited long enough: {answer:?}"),
            () = served(&mock, account) => {}
        }
        mock.clock().advance(1);
        assert_eq!(waiting.await, (400, refusal.clone()), "{method} {path}");
        drop(held);
    }
}

async fn served(mock: &MockSfdc, account: Id) {
    for _ in 0..3 {
        create(mock, "Account", json!({"Name": "Meanwhile"})).await;
        let (status, _) = ask(mock, "GET", &format!("/sobjects/Account/{account}"), Value::Null).await;
        assert_eq!(status, 200);
    }
}

#[tokio::test]
async fn whoever_waits_goes_on_when_the_row_is_free() {
    let mock = frozen().await;
    let account = create(&mock, "Account", json!({"Name": "Harbor"})).await;
    let (status, lock) = control(&mock, "POST", "/locks", json!({"records": [account]})).await;
    assert_eq!((status, &lock), (201, &json!({"lock": 1, "records": [account]})));
    assert_eq!(control(&mock, "GET", "/locks", Value::Null).await.1, json!({"locks": [lock]}));
    let path = format!("/sobjects/Account/{account}");
    let mut waiting = std::pin::pin!(ask(&mock, "PATCH", &path, json!({"Name": "Quay"})));
    tokio::select! {
        answer = &mut waiting => panic!("it has not waited: {answer:?}"),
        () = served(&mock, account) => {}
    }
    assert_eq!(control(&mock, "DELETE", "/locks/1", Value::Null).await.0, 204);
    assert_eq!(waiting.await, (204, String::new()));
    let created = mock.org().snapshot().log().next_seq();
    assert_eq!(control(&mock, "DELETE", "/locks/1", Value::Null).await.0, 404);
    assert_eq!(control(&mock, "DELETE", "/locks", Value::Null).await.0, 204);
    let unknown = control(&mock, "POST", "/locks", json!({"records": ["001000000000000AAA"]})).await;
    assert_eq!(
        (unknown.0, unknown.1["error"].as_str().unwrap()),
        (400, "demo has no record 001000000000000AAA")
    );
    assert_eq!(mock.org().snapshot().log().next_seq(), created);
}

#[tokio::test]
async fn a_flowing_clock_ends_the_wait_too() {
    let mock = MockSfdc::start().await.unwrap();
    control(&mock, "PATCH", "/settings", json!({"limits": {"rowLockWaitSeconds": 1}})).await;
    let account = create(&mock, "Account", json!({"Name": "Harbor"})).await;
    let _held = mock.lock_rows([account]);
    let path = format!("/sobjects/Account/{account}");
    let began = std::time::Instant::now();
    assert_eq!(ask(&mock, "PATCH", &path, json!({"Name": "Quay"})).await.0, 400);
    assert!(began.elapsed() > Duration::from_millis(900));
}

#[tokio::test]
async fn storage_runs_out_where_a_test_has_set_it() {
    let mock = frozen().await;
    assert_eq!(limit(&mock, "DataStorageMB").await.0, 5);
    let (_, settings) = control(&mock, "PATCH", "/settings", json!({"limits": {"dataStorageMB": 0}})).await;
    assert_eq!(settings["limits"]["dataStorageMB"], 0);
    assert_eq!(
        ask(&mock, "POST", "/sobjects/Lead", json!({"LastName": "Last", "Company": "Drop"})).await,
        (
            400,
            r#"[{"message":"storage limit exceeded","errorCode":"STORAGE_LIMIT_EXCEEDED","fields":[]}]"#
                .to_owned()
        )
    );
    assert_eq!(limit(&mock, "DataStorageMB").await, (0, 0));
    control(&mock, "PATCH", "/settings", json!({"limits": {"dataStorageMB": 1}})).await;
    create(&mock, "Lead", json!({"LastName": "Last", "Company": "Drop"})).await;
}

#[tokio::test]
async fn storage_of_the_edition_runs_out_where_a_test_says_so() {
    let mock = frozen().await;
    let (_, settings) = control(&mock, "GET", "/settings", Value::Null).await;
    assert_eq!(settings["limits"]["storageEnforced"], false);
    control(&mock, "PATCH", "/settings", json!({"limits": {"storageEnforced": true}})).await;
    let account = create(&mock, "Account", json!({"Name": "Harbor"})).await;
    let file = |megabytes: usize| {
        let body = "AAAA".repeat((megabytes << 20) / 3);
        json!({"ParentId": account, "Name": "plan.bin", "Body": body})
    };
    // A Developer org has 20 MB of files.
    let mut last = None;
    for _ in 0..6 {
        last = Some(create(&mock, "Attachment", file(3)).await);
    }
    let full = (
        400,
        r#"[{"message":"storage limit exceeded","errorCode":"STORAGE_LIMIT_EXCEEDED","fields":[]}]"#
            .to_owned(),
    );
    assert_eq!(ask(&mock, "POST", "/sobjects/Attachment", file(3)).await, full);
    let path = format!("/sobjects/Attachment/{}", last.unwrap());
    let body = |megabytes| json!({"Body": file(megabytes)["Body"]});
    assert_eq!(ask(&mock, "PATCH", &path, body(6)).await, full, "a file that grows takes more");
    assert_eq!(ask(&mock, "PATCH", &path, body(1)).await.0, 204);
    create(&mock, "Attachment", file(3)).await;
}

#[tokio::test]
async fn the_places_of_long_requests_are_those_of_the_edition() {
    for (edition, places) in [("Developer", 5), ("Enterprise", 25)] {
        let mock = frozen().await;
        let held = |many: u32| json!({"edition": edition, "longRequestsHeld": many});
        control(&mock, "PATCH", "/settings", held(places - 1)).await;
        assert_eq!(ask(&mock, "GET", "/sobjects", Value::Null).await.0, 200, "{edition}");
        control(&mock, "PATCH", "/settings", held(places)).await;
        assert_eq!(ask(&mock, "GET", "/sobjects", Value::Null).await.0, 403, "{edition}");
    }
}

#[tokio::test]
async fn streaming_allows_what_the_settings_say() {
    let mock = frozen().await;
    control(&mock, "PATCH", "/settings", json!({"limits": {"pushTopics": 1, "dailyStreamingEvents": 7}}))
        .await;
    assert_eq!(limit(&mock, "DailyStreamingApiEvents").await, (7, 7));
    let topic = |name: &str| json!({"Name": name, "Query": "SELECT Id, Name FROM Lead", "ApiVersion": 60});
    create(&mock, "PushTopic", topic("First")).await;
    let (status, text) = ask(&mock, "POST", "/sobjects/PushTopic", topic("Second")).await;
    assert_eq!(status, 400);
    assert!(text.contains("LIMIT_EXCEEDED"), "{text}");
}

#[tokio::test]
async fn a_call_takes_as_many_records_as_the_settings_say() {
    let mock = frozen().await;
    control(&mock, "PATCH", "/settings", json!({"limits": {"recordsPerCall": 1}})).await;
    let account = create(&mock, "Account", json!({"Name": "Harbor"})).await;
    let delete = |ids: &str| {
        let body = format!(
            r#"<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:p="urn:partner.soap.sforce.com"><e:Header><p:SessionHeader><p:sessionId>{}</p:sessionId></p:SessionHeader></e:Header><e:Body><p:delete>{ids}</p:delete></e:Body></e:Envelope>"#,
            mock.admin_token()
        );
        let request = client().post(format!("{}/services/Soap/u/59.0", mock.url()));
        request.header("content-type", "text/xml").header("soapaction", "\"\"").body(body).send()
    };
    let one = format!("<p:ids>{account}</p:ids>");
    let refused = delete(&one.repeat(2)).await.unwrap().text().await.unwrap();
    assert!(refused.contains("EXCEEDED_ID_LIMIT"), "{refused}");
    assert!(refused.contains("cannot submit more than 1 records into this call"), "{refused}");
    let deleted = delete(&one).await.unwrap().text().await.unwrap();
    assert!(deleted.contains("<success>true</success>"), "{deleted}");
}

#[tokio::test]
async fn queries_have_the_size_that_a_test_allows() {
    let mock = frozen().await;
    let limits = json!({"limits": {"queryFields": 2, "queryConditions": 2, "queryCharacters": 80}});
    control(&mock, "PATCH", "/settings", limits).await;
    let complicated =
        "Query is either selecting too many fields or the filter conditions are too complicated.";
    for (query, expected) in [
        ("SELECT Id, Name FROM Account WHERE Name = 'a' OR Name = 'b'", None),
        ("SELECT Id, Name, Phone FROM Account", Some(("QUERY_TOO_COMPLICATED", complicated))),
        ("SELECT Id FROM Account WHERE Name IN ('a','b','c')", Some(("QUERY_TOO_COMPLICATED", complicated))),
        (
            "SELECT Id FROM Account WHERE Name = 'a very long name that makes the statement too long a one'",
            Some(("MALFORMED_QUERY", "SOQL statements cannot be longer than 80 characters.")),
        ),
    ] {
        let query = url::form_urlencoded::byte_serialize(query.as_bytes()).collect::<String>();
        let (status, text) = ask(&mock, "GET", &format!("/query?q={query}"), Value::Null).await;
        match expected {
            None => assert_eq!(status, 200, "{text}"),
            Some((code, message)) => {
                let body = format!(r#"[{{"message":"{message}","errorCode":"{code}"}}]"#);
                assert_eq!((status, text), (400, body));
            }
        }
    }
}
