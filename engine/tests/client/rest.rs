//! What the REST calls send, and how they read Salesforce's answers.

use std::sync::Arc;

use engine::salesforce::{
    ApiError, ApiUsage, AutoAssign, ErrorKind, Fields, HttpOptions, Upserted, WriteOptions, http_client,
};
use serde_json::json;

use super::stub::{Reply, Stub};
use super::world::{world, world_with};

const ID: &str = "0015e00000ABCDEAA3";

#[tokio::test]
async fn a_query_follows_its_pages_to_the_end() {
    let page = |done: bool, next: &str, name: &str| {
        let next = if done { String::new() } else { format!(r#""nextRecordsUrl":"{next}","#) };
        let record = format!(
            r#"{{"attributes":{{"type":"Account","url":"/services/data/v66.0/sobjects/Account/{ID}"}},"Name":"{name}","Parent":null}}"#
        );
        Reply::json(200, format!(r#"{{"totalSize":3,"done":{done},{next}"records":[{record}]}}"#))
    };
    let stub = Stub::scripted([
        page(false, "/services/data/v66.0/query/0r8xx5R2yF2gs3VASQ-1", "A"),
        page(false, "/services/data/v66.0/query/0r8xx5R2yF2gs3VASQ-2", "B"),
        page(true, "", "C"),
    ])
    .await;
    let records = world(&stub)
        .client
        .query("SELECT Name, Parent.Name FROM Account WHERE Name != 'a+b&c'")
        .await
        .unwrap();
    let names: Vec<_> = records.iter().map(|record| record.text("name").unwrap()).collect();
    assert_eq!(names, ["A", "B", "C"]);
    assert_eq!(records[0].object(), Some("Account"));
    assert!(records[0].is_null("Parent.Name"), "a null parent makes its fields null");
    assert_eq!(
        stub.lines(),
        [
            "GET /services/data/v66.0/query?q=SELECT%20Name%2C%20Parent.Name%20FROM%20Account%20WHERE%20Name%20%21%3D%20%27a%2Bb%26c%27",
            "GET /services/data/v66.0/query/0r8xx5R2yF2gs3VASQ-1",
            "GET /services/data/v66.0/query/0r8xx5R2yF2gs3VASQ-2",
        ]
    );
}

#[tokio::test]
async fn a_page_that_leads_to_another_host_is_refused_with_the_token_in_hand() {
    for next in ["https://evil.example/services/data", "//evil.example/x", "query/1"] {
        let body = format!(
            r#"{{"totalSize":2,"done":false,"nextRecordsUrl":"{next}","records":[{{"Id":"{ID}"}}]}}"#
        );
        let stub = Stub::scripted([Reply::json(200, body)]).await;
        let error = world(&stub).client.query("SELECT Id FROM Account").await.unwrap_err();
        assert!(matches!(error.kind, ErrorKind::Refused { .. }), "{next}: {error}");
    }
}

#[tokio::test]
async fn pages_that_never_end_are_noticed() {
    let body =
        r#"{"totalSize":2,"done":false,"nextRecordsUrl":"/services/data/v66.0/query/x-1","records":[]}"#;
    let stub = Stub::start(move |_| async move { Reply::json(200, body) }).await;
    let error = world(&stub).client.query("SELECT Id FROM Account").await.unwrap_err();
    assert!(error.to_string().contains("do not come to an end"), "{error}");
}

#[tokio::test]
async fn a_query_too_long_for_a_url_is_refused_by_name() {
    let stub = Stub::scripted([]).await;
    let soql = format!("SELECT Id FROM Lead WHERE Email = '{}'", "x".repeat(20_000));
    let error = world(&stub).client.query(&soql).await.unwrap_err();
    assert!(error.to_string().contains("too long for a URL"), "{error}");
    assert!(stub.lines().is_empty());
}

#[tokio::test]
async fn a_record_is_read_and_its_absence_too() {
    let record = format!(r#"{{"attributes":{{"type":"Account"}},"Name":"Acme","Phone":null,"Id":"{ID}"}}"#);
    let stub = Stub::scripted([
        Reply::json(200, record),
        Reply::json(404, r#"[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]"#),
        Reply::json(404, r#"[{"message":"entity is deleted","errorCode":"ENTITY_IS_DELETED","fields":[]}]"#),
    ])
    .await;
    let client = world(&stub).client;
    let found = client.retrieve("Account", ID, &["Name", "Phone"]).await.unwrap().unwrap();
    assert_eq!(found.text("Name"), Some("Acme"));
    assert!(found.is_null("Phone"));
    assert!(!found.has("Fax"));
    assert_eq!(client.retrieve("Account", ID, &["Name"]).await.unwrap(), None);
    assert_eq!(client.retrieve("Account", ID, &[]).await.unwrap(), None);
    assert_eq!(stub.lines()[0], format!("GET /services/data/v66.0/sobjects/Account/{ID}?fields=Name,Phone"));
}

#[tokio::test]
async fn a_create_sends_its_fields_in_order_and_its_options_as_headers() {
    let created = Reply::json(201, format!(r#"{{"id":"{ID}","success":true,"errors":[]}}"#));
    let stub = Stub::scripted(vec![created; 4]).await;
    let client = world(&stub).client;
    let fields = Fields::new()
        .with("LastName", "Lovelace")
        .with("Age__c", 36)
        .with("lastname", "L")
        .with("Fax", json!(null));
    for auto_assign in [
        AutoAssign::Default,
        AutoAssign::On,
        AutoAssign::Off,
        AutoAssign::Rule("01Q5e000000AbcdEAC".to_owned()),
    ] {
        let options = WriteOptions { auto_assign, ..WriteOptions::default() };
        assert_eq!(client.create("Lead", &fields, &options).await.unwrap(), ID);
    }
    let requests = stub.requests();
    assert_eq!(requests[0].body, br#"{"LastName":"L","Age__c":36,"Fax":null}"#);
    assert_eq!(requests[0].header("content-type"), Some("application/json"));
    let headers: Vec<_> = requests.iter().map(|request| request.header("sforce-auto-assign")).collect();
    assert_eq!(headers, [None, Some("TRUE"), Some("FALSE"), Some("01Q5e000000AbcdEAC")]);
}

#[tokio::test]
async fn an_upsert_is_read_in_the_words_of_every_version() {
    let stub = Stub::scripted([
        Reply::json(201, format!(r#"{{"id":"{ID}","success":true,"errors":[],"created":true}}"#)),
        Reply::json(200, format!(r#"{{"id":"{ID}","success":true,"errors":[],"created":false}}"#)),
        Reply::json(201, format!(r#"{{"id":"{ID}","success":true,"errors":[]}}"#)),
        Reply::Answer { status: 204, headers: vec![], body: String::new() },
        Reply::json(
            300,
            r#"["/services/data/v66.0/sobjects/Lead/00Q1","/services/data/v66.0/sobjects/Lead/00Q2"]"#,
        ),
    ])
    .await;
    let client = world(&stub).client;
    let upsert = || async {
        client
            .upsert(
                "Lead",
                "RR_Id__c",
                "a/b ü?",
                &Fields::new().with("LastName", "L"),
                &WriteOptions::default(),
            )
            .await
    };
    let id = || Some(ID.to_owned());
    assert_eq!(upsert().await.unwrap(), Upserted { id: id(), created: true });
    assert_eq!(upsert().await.unwrap(), Upserted { id: id(), created: false });
    assert_eq!(upsert().await.unwrap(), Upserted { id: id(), created: true });
    assert_eq!(upsert().await.unwrap(), Upserted { id: None, created: false });
    let ErrorKind::SeveralMatches { records } = upsert().await.unwrap_err().kind else {
        panic!("300 is no success")
    };
    assert_eq!(records.len(), 2);
    assert_eq!(stub.lines()[0], "PATCH /services/data/v66.0/sobjects/Lead/RR_Id__c/a%2Fb%20%C3%BC%3F");
}

#[tokio::test]
async fn what_would_address_something_else_is_refused_before_it_is_sent() {
    let stub = Stub::scripted([]).await;
    let client = world(&stub).client;
    let (fields, options) = (Fields::new(), WriteOptions::default());
    let mut refused = vec![
        client.retrieve("Lead", "", &[]).await.unwrap_err(),
        client.retrieve("Lead", "23foo", &[]).await.unwrap_err(),
        client.retrieve("Lead/describe", ID, &[]).await.unwrap_err(),
        client.retrieve("Lead", ID, &["Name&x"]).await.unwrap_err(),
        client.update("../Lead", ID, &fields, &options).await.unwrap_err(),
        client.delete("Lead", "../../limits").await.unwrap_err(),
        client.describe("").await.unwrap_err(),
        client.upsert("Lead", "Ext__c", "v", &Fields::new().with("ext__C", 1), &options).await.unwrap_err(),
    ];
    for value in ["", " ", ".", ".."] {
        refused.push(client.upsert("Lead", "Ext__c", value, &fields, &options).await.unwrap_err());
    }
    for error in refused {
        assert!(matches!(error.kind, ErrorKind::Refused { .. }), "{error}");
    }
    assert!(stub.lines().is_empty());
}

#[tokio::test]
async fn several_errors_on_one_record_all_arrive() {
    let body = r#"[{"message":"Required fields are missing: [LastName]","errorCode":"REQUIRED_FIELD_MISSING","fields":["LastName"]},
        {"message":"Email: invalid email address: x","errorCode":"INVALID_EMAIL_ADDRESS","fields":["Email"]}]"#;
    let stub = Stub::scripted([Reply::json(400, body)]).await;
    let error =
        world(&stub).client.create("Lead", &Fields::new(), &WriteOptions::default()).await.unwrap_err();
    assert_eq!(
        error.api_errors()[0],
        ApiError {
            code: "REQUIRED_FIELD_MISSING".to_owned(),
            message: "Required fields are missing: [LastName]".to_owned(),
            fields: vec!["LastName".to_owned()],
        }
    );
    assert!(error.has_code("INVALID_EMAIL_ADDRESS"));
    assert_eq!(
        error.to_string(),
        "rest.create: Salesforce answered 400: REQUIRED_FIELD_MISSING: Required fields are missing: [LastName] \
         (LastName); INVALID_EMAIL_ADDRESS: Email: invalid email address: x (Email)"
    );
}

#[tokio::test]
async fn the_allowance_is_read_from_every_answer_that_carries_it() {
    let limits = r#"{"DailyApiRequests":{"Max":5000,"Remaining":4975,"My App":{"Max":250,"Remaining":233}},"PermissionSets":{"Max":1500,"Remaining":1499,"CreateCustom":{"Max":1000,"Remaining":999}}}"#;
    let stub = Stub::scripted([
        Reply::json(200, limits)
            .with("Sforce-Limit-Info", "api-usage=25/5000; per-app-api-usage=17/250(appName=sample-connected-app)"),
        Reply::json(200, r#"[{"label":"Summer '14","url":"/services/data/v31.0","version":"31.0"},{"label":"Spring '26","url":"/services/data/v66.0","version":"66.0"}]"#),
    ])
    .await;
    let client = world(&stub).client;
    assert_eq!(client.usage(), None);
    let limits = client.limits().await.unwrap();
    assert_eq!(limits.keys().collect::<Vec<_>>(), ["DailyApiRequests", "PermissionSets"]);
    assert_eq!(client.usage(), Some(ApiUsage { used: 25, allowed: 5000 }));
    let versions = client.versions().await.unwrap();
    assert_eq!(versions[1].version, engine::salesforce::ApiVersion::DEFAULT);
    assert_eq!(
        client.usage(),
        Some(ApiUsage { used: 25, allowed: 5000 }),
        "an answer without the header changes nothing"
    );
}

#[tokio::test]
async fn a_proxy_is_used_and_its_password_not_shown() {
    let proxy = Stub::scripted([Reply::json(200, "[]")]).await;
    let org = Stub::scripted([]).await;
    let address = proxy.url.as_str().replace("http://", "http://user:hush@");
    let options = HttpOptions { proxy: Some(address.into()), ..HttpOptions::default() };
    assert!(!format!("{options:?}").contains("hush"));
    world_with(&org, Arc::default(), &options).client.versions().await.unwrap();
    assert_eq!(proxy.lines(), [format!("GET {}services/data", org.url)]);
    assert!(proxy.requests()[0].header("proxy-authorization").is_some());
    assert!(org.lines().is_empty());
    let wrong = HttpOptions { proxy: Some("::hush".into()), ..HttpOptions::default() };
    assert_eq!(
        http_client(&wrong).unwrap_err().to_string(),
        "http.client: the proxy is no URL such as http://proxy:3128"
    );
}

#[tokio::test]
async fn replication_calls_name_whole_spans_and_read_both_dates() {
    let stub = Stub::scripted([
        Reply::json(200, format!(r#"{{"ids":["{ID}"],"latestDateCovered":"2026-11-21T10:00:00.000+0000"}}"#)),
        Reply::json(
            200,
            format!(r#"{{"deletedRecords":[{{"id":"{ID}","deletedDate":"2026-11-21T09:30:00.000+0000"}}],"earliestDateAvailable":"2026-10-01T00:00:00.000+0000","latestDateCovered":"2026-11-21T10:00:00.000+0000"}}"#),
        ),
    ])
    .await;
    let client = world(&stub).client;
    let (from, to) = ("2026-11-21T09:00:00Z".parse().unwrap(), "2026-11-21T10:00:00Z".parse().unwrap());
    let updated = client.get_updated("Lead", from, to).await.unwrap();
    assert_eq!((updated.ids, updated.latest_date_covered), (vec![ID.to_owned()], to));
    let deleted = client.get_deleted("Lead", from, to).await.unwrap();
    assert_eq!(deleted.records[0].deleted_at, "2026-11-21T09:30:00Z".parse().unwrap());
    assert_eq!(
        stub.lines()[0],
        "GET /services/data/v66.0/sobjects/Lead/updated/?start=2026-11-21T09%3A00%3A00%2B00%3A00&end=2026-11-21T10%3A00%3A00%2B00%3A00"
    );
}
