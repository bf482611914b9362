//! The control API, as a test in any language uses it.

use mock_sfdc::MockSfdc;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client;

struct Control {
    mock: MockSfdc,
}

impl Control {
    async fn start() -> Self {
        Self { mock: MockSfdc::start().await.unwrap() }
    }

    /// Status and JSON (null for an empty body).
    async fn ask(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let url = format!("{}{path}", self.mock.control_url());
        let request = client().request(method.parse::<Method>().unwrap(), url);
        let request = request.header("x-mock-token", self.mock.control_token());
        let request = if body.is_null() { request } else { request.body(body.to_string()) };
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null))
    }

    async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.ask("GET", path, Value::Null).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// A call of Salesforce's own API.
    async fn salesforce(&self, token: &str, method: &str, path: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/services/data/v66.0{path}", self.mock.url());
        let request = client().request(method.parse::<Method>().unwrap(), url).bearer_auth(token);
        let request = request.header("content-type", "application/json");
        let request = if body.is_null() { request } else { request.body(body.to_string()) };
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null))
    }

    async fn create_account(&self, token: &str, name: &str) -> String {
        let (status, answer) =
            self.salesforce(token, "POST", "/sobjects/Account", json!({ "Name": name })).await;
        assert_eq!(status, 201, "{answer}");
        answer["id"].as_str().unwrap().to_owned()
    }

    async fn accounts(&self, token: &str) -> i64 {
        let (_, answer) =
            self.salesforce(token, "GET", "/query?q=SELECT+COUNT()+FROM+Account", Value::Null).await;
        answer["totalSize"].as_i64().unwrap()
    }
}

#[tokio::test]
async fn a_transaction_that_is_held_open_holds_replication_back() {
    let control = Control::start().await;
    control.mock.clock().freeze();
    let now = control.mock.clock().now();
    let (status, held) = control.ask("POST", "/orgs/default/transactions", Value::Null).await;
    assert_eq!((status, held["began"].as_str()), (201, Some(now.to_zulu().as_str())));
    control.mock.clock().advance(600_000);
    assert_eq!(control.mock.org().everything_committed_before(), now);
    let path = format!("/orgs/default/transactions/{}", held["transaction"]);
    assert_eq!(control.ask("DELETE", &path, Value::Null).await.0, 204);
    assert_eq!(control.mock.org().everything_committed_before(), control.mock.clock().now());
    let (status, answer) = control.ask("DELETE", &path, Value::Null).await;
    assert_eq!((status, answer["error"].as_str()), (404, Some("no transaction 1 is held open")));
    assert_eq!(control.ask("DELETE", "/orgs/default/transactions/x", Value::Null).await.0, 400);
}

#[tokio::test]
async fn it_lists_itself_and_lets_nobody_in_without_the_token() {
    let control = Control::start().await;
    let index = client().get(control.mock.control_url()).send().await.unwrap();
    assert_eq!(index.status(), 200);
    assert!(index.text().await.unwrap().contains("control.clock.advance"));
    for token in ["", "wrong"] {
        let url = format!("{}/orgs", control.mock.control_url());
        let answer = client().get(url).header("x-mock-token", token).send().await.unwrap();
        assert_eq!(answer.status(), 401);
        assert!(answer.text().await.unwrap().contains("wants its token"));
    }
    let (status, answer) = control.ask("GET", "/orgz", Value::Null).await;
    assert_eq!(
        (status, answer["error"].as_str().unwrap()),
        (404, "there is no GET /_mock/orgz; GET /_mock lists all")
    );
    let (status, answer) = control.ask("PATCH", "/orgs", Value::Null).await;
    assert_eq!(status, 404);
    assert!(answer["error"].as_str().unwrap().contains("(but HEAD, GET, POST)"), "{answer}");
}

#[tokio::test]
async fn a_fork_has_its_own_records_users_and_time() {
    let control = Control::start().await;
    let demo = control.mock.admin_token().to_owned();
    control.create_account(&demo, "Before").await;
    let (status, fork) = control.ask("POST", "/orgs/default/fork", json!({"name": "qa1"})).await;
    assert_eq!(status, 201, "{fork}");
    assert!(fork["url"].as_str().unwrap().starts_with("http://qa1.localhost:"));
    assert_eq!(fork["login"]["username"], "admin@demo.example.qa1");
    let token = fork["accessToken"].as_str().unwrap();
    assert_eq!(control.accounts(token).await, control.accounts(&demo).await);
    control.create_account(token, "Only here").await;
    assert_eq!(control.accounts(token).await, control.accounts(&demo).await + 1);
    control.ask("POST", "/orgs/qa1/clock/freeze", json!({"at": "2030-01-01T00:00:00Z"})).await;
    assert_ne!(control.get("/orgs/demo/clock").await["now"], control.get("/orgs/qa1/clock").await["now"]);
    let names = control.get("/orgs").await["orgs"].as_array().unwrap().len();
    assert_eq!(names, 2);
    assert_eq!(control.ask("DELETE", "/orgs/qa1", Value::Null).await.0, 204);
    let (status, answer) = control.ask("GET", "/orgs/qa1", Value::Null).await;
    assert_eq!((status, answer["error"].as_str().unwrap()), (404, "there is no org \"qa1\"; there are demo"));
    let (status, answer) = control.ask("DELETE", "/orgs/demo", Value::Null).await;
    assert_eq!(
        (status, answer["error"].as_str().unwrap()),
        (400, "demo is the default org; reset it instead")
    );
}

#[tokio::test]
async fn a_login_finds_the_org_of_its_username() {
    let control = Control::start().await;
    let (_, fork) = control.ask("POST", "/orgs/default/fork", json!({"name": "qa1"})).await;
    let way = control.mock.credentials();
    let login = [
        ("grant_type", "password"),
        ("client_id", &way.client_id),
        ("client_secret", &way.client_secret),
        ("username", fork["login"]["username"].as_str().unwrap()),
        ("password", &format!("{}{}", way.password, way.security_token)),
    ];
    let url = format!("{}/services/oauth2/token", control.mock.url());
    let answer = client().post(url).form(&login).send().await.unwrap();
    let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let organization = &fork["organizationId"].as_str().unwrap()[..15];
    assert!(answer["access_token"].as_str().unwrap().starts_with(organization), "{answer}");
}

#[tokio::test]
async fn an_org_is_made_from_a_fixture_and_mistakes_in_it_are_told() {
    let control = Control::start().await;
    let fixture =
        json!({"records": {"Account": [{"Name": "One"}]}, "organization": {"edition": "Professional"}});
    let (status, org) = control.ask("POST", "/orgs", json!({"name": "pro", "fixture": fixture})).await;
    assert_eq!(status, 201, "{org}");
    assert_eq!(org["edition"], "Professional");
    let token = org["accessToken"].as_str().unwrap();
    let (status, answer) = control.salesforce(token, "GET", "/limits", Value::Null).await;
    assert_eq!((status, answer[0]["errorCode"].as_str().unwrap()), (403, "API_DISABLED_FOR_ORG"));
    let wrong = json!({"name": "bad", "fixture": {"records": {"Acount": [{}]}}});
    let (status, answer) = control.ask("POST", "/orgs", wrong).await;
    assert_eq!(status, 400);
    assert!(
        answer["error"].as_str().unwrap().contains("the org has no object Acount; did you mean Account"),
        "{answer}"
    );
    for name in ["demo", "Q A", "default"] {
        assert_eq!(control.ask("POST", "/orgs", json!({"name": name})).await.0, 400, "{name}");
    }
}

#[tokio::test]
async fn reset_and_snapshots_go_back() {
    let control = Control::start().await;
    let token = control.mock.admin_token().to_owned();
    let at_first = control.accounts(&token).await;
    control.create_account(&token, "One").await;
    assert_eq!(control.ask("POST", "/orgs/demo/snapshots", json!({"name": "one"})).await.0, 201);
    control.create_account(&token, "Two").await;
    assert_eq!(control.ask("POST", "/orgs/demo/snapshots/one/restore", Value::Null).await.0, 204);
    assert_eq!(control.accounts(&token).await, at_first + 1);
    assert_eq!(control.get("/orgs/demo/snapshots").await, json!({"snapshots": ["one"]}));
    let (status, answer) = control.ask("POST", "/orgs/demo/snapshots/two/restore", Value::Null).await;
    assert_eq!((status, answer["error"].as_str().unwrap()), (404, "demo has no snapshot \"two\"; kept: one"));
    assert_eq!(control.ask("DELETE", "/orgs/demo/snapshots/one", Value::Null).await.0, 204);
    assert_eq!(control.get("/orgs/demo/snapshots").await, json!({"snapshots": []}));
    assert_eq!(control.ask("DELETE", "/orgs/demo/snapshots/one", Value::Null).await.0, 404);
    assert_eq!(control.ask("POST", "/orgs/demo/reset", Value::Null).await.0, 204);
    assert_eq!(control.accounts(&token).await, at_first);
    assert_eq!(control.get("/orgs/default").await, control.get("/orgs/demo").await);
    assert_eq!(control.ask("GET", "/orgs/nobody", Value::Null).await.0, 404);
}

#[tokio::test]
async fn the_clock_is_read_set_advanced_and_held() {
    let control = Control::start().await;
    control.ask("POST", "/orgs/demo/clock/freeze", json!({"at": "2026-03-01T09:00:00Z"})).await;
    let (status, answer) =
        control.ask("POST", "/orgs/demo/clock/advance", json!({"minutes": 59, "seconds": 59})).await;
    assert_eq!((status, &answer), (200, &json!({"now": "2026-03-01T09:59:59.000Z", "frozen": true})));
    let (_, answer) = control.ask("PUT", "/orgs/demo/clock", json!({"at": "2026-03-01T08:00:00Z"})).await;
    assert_eq!(answer["now"], "2026-03-01T08:00:00.000Z");
    let (_, answer) = control.ask("POST", "/orgs/demo/clock/resume", Value::Null).await;
    assert_eq!(answer["frozen"], false);
    for (path, body, said) in [
        ("/orgs/demo/clock/advance", json!({}), "an advance goes forward"),
        ("/orgs/demo/clock/advance", json!({"seconds": -1}), "an advance goes forward"),
        ("/orgs/demo/clock/advance", json!({"millis": i64::MAX}), "beyond the year 4000"),
        ("/orgs/demo/clock/advance", json!({"second": 1}), "unknown field `second`"),
        ("/orgs/demo/clock/freeze", json!({"at": "noon"}), "\"noon\" is no moment"),
    ] {
        let (status, answer) = control.ask("POST", path, body).await;
        assert_eq!(status, 400);
        assert!(answer["error"].as_str().unwrap().contains(said), "{answer}");
    }
}

#[tokio::test]
async fn faults_are_set_listed_and_accounted_for() {
    let control = Control::start().await;
    let token = control.mock.admin_token().to_owned();
    let fault = json!({"operation": "rest.sobject.create", "object": "Account", "effect": {"error": {"code": "UNABLE_TO_LOCK_ROW"}}});
    assert_eq!(control.ask("POST", "/orgs/demo/faults", fault).await, (201, json!({"id": 1})));
    let other = json!({"operation": "rest.limits", "effect": "resetBeforeCommit"});
    control.ask("POST", "/orgs/demo/faults", other).await;
    let (status, _) = control.salesforce(&token, "POST", "/sobjects/Account", json!({"Name": "A"})).await;
    assert_eq!(status, 400);
    let unused = control.get("/orgs/demo/faults/unused").await;
    assert_eq!(unused["faults"].as_array().unwrap().len(), 1);
    assert_eq!(unused["faults"][0]["operation"], "rest.limits");
    assert_eq!(control.get("/orgs/demo/faults").await["faults"][0]["used"], 1);
    assert_eq!(control.ask("DELETE", "/orgs/demo/faults/2", Value::Null).await.0, 204);
    assert_eq!(control.ask("DELETE", "/orgs/demo/faults/2", Value::Null).await.0, 404);
    assert_eq!(control.ask("DELETE", "/orgs/demo/faults", Value::Null).await.0, 204);
    assert_eq!(control.get("/orgs/demo/faults").await, json!({"faults": []}));
    let wrong = json!({"operation": "rest.limit", "effect": "resetBeforeCommit"});
    let (status, answer) = control.ask("POST", "/orgs/demo/faults", wrong).await;
    assert_eq!(status, 400);
    assert!(answer["error"].as_str().unwrap().contains("did you mean rest.limits"), "{answer}");
}

#[tokio::test]
async fn the_journal_is_read_without_secrets_and_verified() {
    let control = Control::start().await;
    let token = control.mock.admin_token().to_owned();
    control.create_account(&token, "A").await;
    control.accounts(&token).await;
    let journal = control.get("/orgs/demo/journal").await;
    assert_eq!(journal["entries"].as_array().unwrap().len(), 2, "the control API itself is not in it");
    let first = &journal["entries"][0];
    assert_eq!(first["who"], "admin@demo.example");
    assert_eq!(first["body"], r#"{"Name":"A"}"#);
    assert_eq!(first["answer"]["status"], 201);
    assert!(!journal.to_string().contains(&token));
    let one = control.get("/orgs/demo/journal?operation=rest.sobject.*&object=account&status=201").await;
    assert_eq!(one["entries"].as_array().unwrap().len(), 1);
    let good = json!({
        "expect": [{"operation": "rest.sobject.create", "times": 1}, {"operation": "rest.query"}],
        "inOrder": true,
        "nothingElse": true
    });
    assert_eq!(control.ask("POST", "/orgs/demo/journal/verify", good).await, (200, json!({"ok": true})));
    let bad = json!({"expect": [{"operation": "rest.query", "times": 2}]});
    let (_, verdict) = control.ask("POST", "/orgs/demo/journal/verify", bad).await;
    assert_eq!(verdict["ok"], false);
    assert_eq!(verdict["unmet"][0], "rest.query was expected 2 times, but came once");
    assert!(verdict["story"].as_str().unwrap().contains("POST /services/data/v66.0/sobjects/Account → 201"));
    assert_eq!(control.ask("DELETE", "/orgs/demo/journal", Value::Null).await.0, 204);
    assert_eq!(control.get("/orgs/demo/journal").await["entries"], json!([]));
    assert_eq!(control.ask("POST", "/orgs/demo/journal/verify", json!({})).await.0, 400);
    assert_eq!(control.ask("GET", "/orgs/demo/journal?operatoin=x", Value::Null).await.0, 400);
}

#[tokio::test]
async fn changes_events_and_mails_tell_what_happened() {
    let control = Control::start().await;
    let token = control.mock.admin_token().to_owned();
    let topic = json!({"Name": "Accounts", "Query": "SELECT Id, Name FROM Account", "ApiVersion": 66.0, "NotifyForFields": "All"});
    assert_eq!(control.salesforce(&token, "POST", "/sobjects/PushTopic", topic).await.0, 201);
    let id = control.create_account(&token, "Acme").await;
    control.salesforce(&token, "PATCH", &format!("/sobjects/Account/{id}"), json!({"Phone": "1"})).await;
    let changes = control.get(&format!("/orgs/demo/changes?object=account&id={id}")).await;
    assert_eq!(changes["changes"].as_array().unwrap().len(), 2);
    assert_eq!(changes["changes"][0]["after"]["Name"], "Acme");
    let update = &changes["changes"][1];
    assert_eq!((&update["kind"], &update["after"]["Phone"]), (&json!("updated"), &json!("1")));
    assert_eq!(update["before"].get("Name"), None, "only what differs");
    let next = changes["next"].as_u64().unwrap();
    let later = control.get(&format!("/orgs/demo/changes?since={next}")).await;
    assert_eq!(later["changes"], json!([]));
    let events = control.get("/orgs/demo/events").await;
    assert_eq!(events["events"][0]["channel"], "/topic/Accounts");
    assert_eq!(events["events"][0]["sobject"], json!({"Id": id, "Name": "Acme"}));
    assert_eq!(control.get("/orgs/demo/mails").await, json!({"mails": []}));
}

#[tokio::test]
async fn settings_and_sessions_are_an_administrators() {
    let control = Control::start().await;
    let token = control.mock.admin_token().to_owned();
    let (status, settings) = control
        .ask("PATCH", "/orgs/demo/settings", json!({"edition": "Enterprise", "apiRequestsUsed": 101_000}))
        .await;
    assert_eq!((status, &settings["dailyApiRequests"]), (200, &json!(101_000)));
    let (status, answer) = control.salesforce(&token, "GET", "/limits", Value::Null).await;
    assert_eq!((status, &answer[0]["errorCode"]), (403, &json!("REQUEST_LIMIT_EXCEEDED")));
    control.ask("PATCH", "/orgs/demo/settings", json!({"apiRequestsUsed": 0})).await;
    let set = control.ask("PATCH", "/orgs/demo/streaming", json!({"eventsPerChannel": 7})).await;
    assert_eq!((set.0, &set.1["eventsPerChannel"]), (200, &json!(7)), "{}", set.1);
    assert_eq!(control.get("/orgs/demo/streaming").await, set.1);
    let known = control.get("/orgs/demo/settings").await;
    assert_eq!((&known["edition"], &known["dailyApiRequests"]), (&json!("Enterprise"), &json!(101_000)));
    assert_eq!(control.ask("DELETE", "/orgs/demo/sessions", Value::Null).await.0, 204);
    assert_eq!(control.salesforce(&token, "GET", "/limits", Value::Null).await.0, 401);
    let (_, opened) =
        control.ask("POST", "/orgs/demo/sessions", json!({"username": "sam@demo.example"})).await;
    let token = opened["accessToken"].as_str().unwrap();
    assert_eq!(control.salesforce(token, "GET", "/limits", Value::Null).await.0, 200);
    assert_eq!(control.ask("POST", "/orgs/demo/sessions", json!({"username": "nobody"})).await.0, 404);
    assert_eq!(control.ask("PATCH", "/orgs/demo/settings", json!({"editon": "Group"})).await.0, 400);
}

#[tokio::test]
async fn it_tells_why_a_field_has_its_value() {
    let control = Control::start().await;
    let token = control.mock.admin_token().to_owned();
    control.create_account(&token, "Silent").await;
    assert_eq!(
        control.get("/orgs/default/saves").await,
        json!({"keep": 0, "transactions": []}),
        "nothing is kept unless asked for"
    );
    assert_eq!(control.ask("PUT", "/orgs/default/saves", json!({"keep": 10})).await.0, 200);
    let body = json!({"LastName": "Brook", "Company": "Bakery", "LeadSource": "Partner Referral"});
    let (_, answer) = control.salesforce(&token, "POST", "/sobjects/Lead", body).await;
    let lead = answer["id"].as_str().unwrap();
    control.create_account(&token, "Other").await;
    let path = format!("/orgs/default/saves?record={lead}&field=OwnerId");
    let told = control.get(&path).await;
    let transactions = told["transactions"].as_array().unwrap();
    assert_eq!(transactions.len(), 1, "{told}");
    let save = &transactions[0]["saves"][0];
    assert_eq!((&save["object"], &save["operation"]), (&json!("Lead"), &json!("insert")));
    let stages = save["stages"].as_array().unwrap();
    let assignment = stages.iter().find(|stage| stage["stage"] == "assignment rules").unwrap();
    assert_eq!(assignment["step"], 9);
    assert_eq!(assignment["changes"][0]["field"], "OwnerId");
    let text = client()
        .get(format!("{}{path}&format=text", control.mock.control_url()))
        .header("x-mock-token", control.mock.control_token());
    let text = text.send().await.unwrap().text().await.unwrap();
    assert!(text.contains("     9 assignment rules\n"), "{text}");
    for (path, problem) in [
        ("/orgs/default/saves?record=x", "record is an id"),
        ("/orgs/default/saves?format=xml", "json or text"),
    ] {
        let (status, answer) = control.ask("GET", path, Value::Null).await;
        assert_eq!(status, 400);
        assert!(answer["error"].as_str().unwrap().contains(problem), "{answer}");
    }
}
