//! The library as a test uses it: one line to start, and a readable story when it fails.

use std::panic::{AssertUnwindSafe, catch_unwind};

use mock_sfdc::{HookPoint, MockSfdc};

use crate::client;

async fn status(mock: &MockSfdc, path: &str) -> u16 {
    let request = client().get(format!("{}/services/data/v66.0{path}", mock.url()));
    request.bearer_auth(mock.admin_token()).send().await.unwrap().status().as_u16()
}

/// What dropping says, if anything.
fn dropped(mock: MockSfdc) -> Option<String> {
    catch_unwind(AssertUnwindSafe(move || drop(mock))).err().map(|panic| *panic.downcast::<String>().unwrap())
}

#[tokio::test]
async fn it_starts_with_an_org_in_which_one_can_work_at_once() {
    let mock = MockSfdc::start().await.unwrap();
    assert_eq!(status(&mock, "/query?q=SELECT+Id+FROM+Account").await, 200);
    let credentials = mock.credentials();
    assert_eq!(credentials.username, "admin@demo.example");
    assert!(!credentials.client_id.is_empty());
    assert!(mock.tokens().unwrap().refresh_token.is_some());
    assert_eq!(dropped(mock), None);
}

#[tokio::test]
async fn two_mocks_are_two_salesforces() {
    let (one, other) = (MockSfdc::start().await.unwrap(), MockSfdc::start().await.unwrap());
    assert_ne!(one.url(), other.url());
    one.org().clock().freeze();
    assert!(!other.clock().is_frozen());
}

#[tokio::test]
async fn an_unmet_expectation_fails_with_the_story() {
    let mock = MockSfdc::start().await.unwrap();
    mock.expect("rest.sobject.create").object("Lead").times(1);
    mock.expect("rest.limits").times(1);
    status(&mock, "/limits").await;
    status(&mock, "/limits").await;
    let story = dropped(mock).unwrap();
    for line in [
        "rest.sobject.create of Lead was expected once, but came never",
        "rest.limits was expected once, but came 2 times",
        "GET /services/data/v66.0/limits → 200  (rest.limits, admin@demo.example)",
    ] {
        assert!(story.contains(line), "{story}");
    }
}

#[tokio::test]
async fn order_and_nothing_else_are_expectations_too() {
    let mock = MockSfdc::start().await.unwrap();
    mock.expect_nothing_else();
    mock.expect_in_order();
    mock.expect("rest.limits").at_least_once();
    mock.expect("rest.resources").at_least_once();
    status(&mock, "").await;
    status(&mock, "/limits").await;
    status(&mock, "/sobjects").await;
    let story = mock.verify().unwrap_err();
    assert!(
        story.contains("rest.resources was expected behind rest.limits, but did not come behind it"),
        "{story}"
    );
    assert!(
        story.contains("nothing else was expected, but there was 3  GET /services/data/v66.0/sobjects"),
        "{story}"
    );
}

#[tokio::test]
async fn met_expectations_and_used_faults_say_nothing() {
    let mock = MockSfdc::start().await.unwrap();
    mock.expect("rest.limits").times(2);
    mock.expect("rest.query").never();
    mock.fault("rest.limits").skip(1).error("SERVER_UNAVAILABLE");
    assert_eq!(status(&mock, "/limits").await, 200);
    assert_eq!(status(&mock, "/limits").await, 503);
    assert_eq!(mock.verify(), Ok(()));
    assert_eq!(dropped(mock), None);
}

#[tokio::test]
async fn an_unused_fault_fails_with_the_story() {
    let mock = MockSfdc::start().await.unwrap();
    mock.fault("rest.sobject.create").object("Lead").times(2).error("UNABLE_TO_LOCK_ROW");
    let story = dropped(mock).unwrap();
    let said = "the fault error UNABLE_TO_LOCK_ROW on rest.sobject.create of Lead was to happen 2 times, but happened 0 times";
    assert!(story.contains(said), "{story}");
    assert!(story.contains("No request arrived."), "{story}");
}

#[tokio::test]
async fn a_reset_goes_back_to_the_seed_and_keeps_the_administrator_in() {
    let mock = MockSfdc::start().await.unwrap();
    let url = format!("{}/services/data/v66.0/sobjects/Account", mock.url());
    let body = r#"{"Name":"New"}"#;
    let request =
        client().post(url).bearer_auth(mock.admin_token()).header("content-type", "application/json");
    assert_eq!(request.body(body).send().await.unwrap().status(), 201);
    assert_eq!(mock.org().snapshot().log().len(), 1);
    mock.reset();
    assert_eq!(mock.org().snapshot().log().len(), 0);
    assert!(mock.journal().entries().is_empty());
    assert_eq!(status(&mock, "/limits").await, 200);
}

#[tokio::test]
async fn a_mistake_in_a_fixture_is_told_at_the_start() {
    let file = std::env::temp_dir().join(format!("mock-sfdc-{}.json", std::process::id()));
    std::fs::write(&file, r#"{"records": {"Acount": []}, "user": []}"#).unwrap();
    let mistake = MockSfdc::builder().fixture(&file).start().await.unwrap_err().to_string();
    std::fs::remove_file(&file).unwrap();
    assert!(mistake.ends_with("user: unknown key `user`; did you mean `users`?"), "{mistake}");
}

#[tokio::test]
async fn a_client_finds_its_identity_in_the_list_of_resources() {
    let mock = MockSfdc::start().await.unwrap();
    let url = format!("{}/services/data/v66.0", mock.url());
    let answer = client().get(url).bearer_auth(mock.admin_token()).send().await.unwrap();
    let resources: serde_json::Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let identity = resources["identity"].as_str().unwrap();
    let answer = client().get(identity).bearer_auth(mock.admin_token()).send().await.unwrap();
    assert!(answer.text().await.unwrap().contains("admin@demo.example"));
}

/// Creates a lead, and answers its rating.
async fn rating(mock: &MockSfdc) -> serde_json::Value {
    let base = format!("{}/services/data/v66.0/sobjects/Lead", mock.url());
    let new = client().post(&base).bearer_auth(mock.admin_token());
    let new = new.json(&serde_json::json!({"LastName": "Lovelace", "Company": "Engines"}));
    let created: serde_json::Value = new.send().await.unwrap().json().await.unwrap();
    let url = format!("{base}/{}?fields=Rating", created["id"].as_str().unwrap());
    let found = client().get(url).bearer_auth(mock.admin_token()).send().await.unwrap();
    found.json::<serde_json::Value>().await.unwrap()["Rating"].clone()
}

#[tokio::test]
async fn hooks_of_the_builder_outlive_a_reset_and_an_import() {
    let hook = |lead: &mut mock_sfdc::HookContext<'_>| lead.set("Rating", "Cold");
    let mock =
        MockSfdc::builder().hook("Lead", HookPoint::BeforeTrigger, "Cold", hook).start().await.unwrap();
    assert_eq!(rating(&mock).await, "Cold");
    mock.reset();
    assert_eq!(rating(&mock).await, "Cold");
    mock.on_save("Lead", HookPoint::BeforeTrigger, "Hot", |lead| lead.set("Rating", "Hot"));
    assert_eq!(rating(&mock).await, "Hot");
    let image = format!("{}/orgs/default/image", mock.control_url());
    let token = mock.control_token();
    let exported =
        client().get(&image).header("x-mock-token", token).send().await.unwrap().text().await.unwrap();
    let imported = client().put(&image).header("x-mock-token", token).body(exported).send().await.unwrap();
    assert_eq!(imported.status(), 200);
    assert_eq!(rating(&mock).await, "Hot");
    mock.reset();
    assert_eq!(rating(&mock).await, "Cold");
    let unknown = MockSfdc::builder().hook("Lede", HookPoint::AfterTrigger, "Typo", |_| {}).start().await;
    assert_eq!(unknown.unwrap_err().to_string(), "hook Typo: the org has no object \"Lede\"");
}

#[tokio::test]
async fn what_breaks_within_a_request_is_told_and_nothing_stays_of_it() {
    let breaks = |lead: &mut mock_sfdc::HookContext<'_>| {
        assert!(!lead.get("Rating").is_null(), "leads of ours are rated");
    };
    let mock =
        MockSfdc::builder().hook("Lead", HookPoint::AfterTrigger, "Rated", breaks).start().await.unwrap();
    let url = format!("{}/services/data/v66.0/sobjects/Lead", mock.url());
    let create = |body: &'static str| {
        let request = client().post(&url).bearer_auth(mock.admin_token());
        request.header("content-type", "application/json").body(body).send()
    };
    let answer = create(r#"{"LastName":"Lovelace","Company":"Engines"}"#).await.unwrap();
    assert_eq!(answer.status(), 500);
    let text = answer.text().await.unwrap();
    assert!(text.contains("UNKNOWN_EXCEPTION") && text.contains("leads of ours are rated"), "{text}");
    let answer = create(r#"{"LastName":"Lovelace","Company":"Engines","Rating":"Hot"}"#).await.unwrap();
    assert_eq!(answer.status(), 201);
    let leads = client().get(format!(
        "{}/services/data/v66.0/query?q=SELECT+Id+FROM+Lead+WHERE+LastName='Lovelace'",
        mock.url()
    ));
    let found = leads.bearer_auth(mock.admin_token()).send().await.unwrap().text().await.unwrap();
    assert!(found.starts_with(r#"{"totalSize":1"#), "{found}");
}
