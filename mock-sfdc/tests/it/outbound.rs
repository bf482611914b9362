//! Outbound messages, as an endpoint receives them.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, extract::State, routing::post};
use mock_sfdc::{MockSfdc, fixtures};
use mock_sfdc_org::{
    clock::Clock,
    save::{DmlOptions, Draft, coerce::Raw},
    value::DateTime,
    verbs,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    client,
    tooling::{make, tooling},
};

/// What came, and whether it is acknowledged.
type Seen = Arc<Mutex<(Vec<String>, bool)>>;

const ACK: &str = "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body><notificationsResponse xmlns=\"http://soap.sforce.com/2005/09/outbound\"><Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>";

async fn endpoint(seen: Seen) -> String {
    let answer = |State(seen): State<Seen>, body: String| async move {
        let mut seen = seen.lock().unwrap();
        seen.0.push(body);
        if seen.1 { ACK.to_owned() } else { ACK.replace("true", "false") }
    };
    let router = Router::new().route("/news", post(answer)).with_state(seen);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/news")
}

async fn control(mock: &MockSfdc, method: &str, path: &str, body: Value) -> Value {
    let url = format!("{}/orgs/default{path}", mock.control_url());
    let request = client().request(method.parse::<Method>().unwrap(), url);
    let request = request.header("x-mock-token", mock.control_token());
    let request = if body.is_null() { request } else { request.body(body.to_string()) };
    serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap_or_default()
}

fn create_lead(mock: &MockSfdc, name: &str) -> String {
    let object = mock.org().snapshot().schema().object("Lead").unwrap().clone();
    let mut draft = Draft::default();
    for (field, text) in [("LastName", name), ("Company", "Acme & Sons")] {
        draft.set(&object, field, Raw::Text(text)).unwrap();
    }
    let made =
        mock.org().transact(mock.admin(), |tx| verbs::create(tx, &object, draft, &DmlOptions::default()));
    made.unwrap().to_string()
}

/// An org whose new leads send a message to an endpoint that says no.
async fn started() -> (MockSfdc, Seen) {
    let seen = Seen::default();
    let url = endpoint(Arc::clone(&seen)).await;
    let fixture = json!({"workflows": {"Lead": {
        "outboundMessages": [{"fullName": "News", "apiVersion": 42.0, "endpointUrl": "https://prod.example/news", "includeSessionId": true,
                              "fields": ["LastName", "Id", "Company", "Email"]}],
        "rules": [{"fullName": "R", "active": true, "triggerType": "onCreateOnly", "actions": [{"name": "News", "type": "OutboundMessage"}]}]}}});
    let clock = Clock::fixed(DateTime::from_millis(1_774_440_000_000));
    let state = fixtures::from_text("test.json", &fixture.to_string(), None).unwrap();
    let mock = MockSfdc::builder().state(state).clock(clock).start().await.unwrap();
    control(&mock, "PUT", "/outbound/endpoints", json!({ "News": url })).await;
    (mock, seen)
}

/// The first notification, as soon as it was tried so often.
async fn tried(mock: &MockSfdc, times: usize) -> Value {
    let asking = async {
        loop {
            let told = control(mock, "GET", "/outbound", Value::Null).await["notifications"][0].take();
            if told["attempts"].as_array().is_some_and(|attempts| attempts.len() >= times) {
                return told;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), asking).await.unwrap()
}

#[tokio::test]
async fn a_message_is_posted_again_until_it_is_acknowledged() {
    let (mock, seen) = started().await;
    let lead = create_lead(&mock, "First");
    let told = control(&mock, "POST", "/outbound/deliver", Value::Null).await;
    let waiting = &told["notifications"][0];
    assert_eq!((&waiting["state"], &waiting["record"]), (&json!("pending"), &json!(lead)), "{told}");
    assert_eq!(waiting["attempts"][0]["error"], "SOAP response was a nack");
    assert!(waiting["nextAttempt"].as_str().unwrap() >= "2026-03-25T12:00:30.000Z", "{told}");
    let body = seen.lock().unwrap().0[0].clone();
    for part in [
        "<ActionId>04k".to_owned(),
        "<SessionId>00D".to_owned(),
        format!("<EnterpriseUrl>{}/services/Soap/c/42.0/00D", mock.url()),
        "<sObject xsi:type=\"sf:Lead\" xmlns:sf=\"urn:sobject.enterprise.soap.sforce.com\">".to_owned(),
        format!(
            "     <sf:Id>{lead}</sf:Id>\n     <sf:Company>Acme &amp; Sons</sf:Company>\n     <sf:LastName>First</sf:LastName>\n    </sObject>"
        ),
    ] {
        assert!(body.contains(&part), "{part}\nin\n{body}");
    }
    seen.lock().unwrap().1 = true;
    create_lead(&mock, "Second");
    let told = control(&mock, "POST", "/outbound/deliver", Value::Null).await;
    let states = told["notifications"].as_array().unwrap().iter().map(|one| one["state"].clone());
    assert_eq!(states.collect::<Vec<_>>(), [json!("delivered"), json!("delivered")], "{told}");
    let bodies = seen.lock().unwrap().0.clone();
    assert!(bodies.iter().any(|body| body.contains("Second")) && bodies.len() > 1);
    control(&mock, "DELETE", "/outbound", Value::Null).await;
    assert_eq!(control(&mock, "GET", "/outbound", Value::Null).await, json!({"notifications": []}));
    control(&mock, "PUT", "/outbound/endpoints", json!({ "News": "http://192.0.2.1/" })).await;
    create_lead(&mock, "Third");
    let told = control(&mock, "POST", "/outbound/deliver", Value::Null).await;
    let error = told["notifications"][0]["attempts"][0]["error"].as_str().unwrap().to_owned();
    assert!(error.contains("is no address of this machine"), "{error}");
}

#[tokio::test]
async fn what_was_refused_is_tried_again_by_the_orgs_clock_until_a_day_is_over() {
    let (mock, seen) = started().await;
    create_lead(&mock, "First");
    assert_eq!(tried(&mock, 1).await["nextAttempt"], "2026-03-25T12:00:30.000Z");
    mock.clock().advance(29_999);
    mock.clock().advance(1);
    let told = tried(&mock, 2).await;
    assert_eq!(told["attempts"][1]["at"], "2026-03-25T12:00:30.000Z");
    assert_eq!(told["nextAttempt"], "2026-03-25T12:01:30.000Z");
    seen.lock().unwrap().1 = true;
    mock.clock().advance(60_000);
    let told = tried(&mock, 3).await;
    assert_eq!((&told["state"], &told["attempts"][2]["error"]), (&json!("delivered"), &Value::Null));

    seen.lock().unwrap().1 = false;
    control(&mock, "DELETE", "/outbound", Value::Null).await;
    create_lead(&mock, "Second");
    tried(&mock, 1).await;
    mock.clock().advance(24 * 3_600_000);
    let told = tried(&mock, 2).await;
    assert_eq!((&told["state"], &told["nextAttempt"]), (&json!("dead"), &Value::Null));
    let posted = seen.lock().unwrap().0.len();
    control(&mock, "POST", "/outbound/deliver", Value::Null).await;
    assert_eq!(seen.lock().unwrap().0.len(), posted, "the dead are not tried again");
}

#[tokio::test]
async fn a_hundred_notifications_go_in_one_message() {
    let (mock, seen) = started().await;
    seen.lock().unwrap().1 = true;
    let object = mock.org().snapshot().schema().object("Lead").unwrap().clone();
    let all = mock.org().transact(mock.admin(), |tx| {
        (0..101).try_for_each(|at| {
            let mut draft = Draft::default();
            for (field, text) in [("LastName", format!("L{at}")), ("Company", "Acme".to_owned())] {
                draft.set(&object, field, Raw::Text(&text)).unwrap();
            }
            verbs::create(tx, &object, draft, &DmlOptions::default()).map(drop)
        })
    });
    all.unwrap();
    control(&mock, "POST", "/outbound/deliver", Value::Null).await;
    let bodies = seen.lock().unwrap().0.clone();
    let counts = bodies.iter().map(|body| body.matches("<Notification>").count()).collect::<Vec<_>>();
    assert_eq!(counts, [100, 1]);
}

/// The id by which the Tooling API knows the message is that in the message, and stays when the org gets more of them: what waits
/// is delivered all the same.
#[tokio::test]
async fn a_message_keeps_its_id_whatever_is_set_up_beside_it() {
    let (mock, seen) = started().await;
    create_lead(&mock, "First");
    let action = tried(&mock, 1).await["actionId"].take();
    let other = json!({"name": "Ahead", "apiVersion": 42.0, "endpointUrl": "http://127.0.0.1:9/", "fields": ["Id"], "integrationUser": "admin@demo.example"});
    make(&mock, "WorkflowOutboundMessage", "Lead.Ahead", other).await;
    let known = tooling(&mock, "SELECT Id FROM WorkflowOutboundMessage WHERE Name = 'News'").await;
    assert_eq!(known["records"][0]["Id"], action, "{known}");
    seen.lock().unwrap().1 = true;
    let told = control(&mock, "POST", "/outbound/deliver", Value::Null).await;
    assert_eq!(told["notifications"][0]["state"], "delivered", "{told}");
    let bodies = seen.lock().unwrap().0.clone();
    assert!(bodies[0].contains(&format!("<ActionId>{}</ActionId>", action.as_str().unwrap())));
}

#[tokio::test]
async fn an_endpoint_that_does_not_answer_holds_up_nobody_else() {
    let seen = Seen::new(Mutex::new((Vec::new(), true)));
    let good = endpoint(Arc::clone(&seen)).await;
    // Connections are taken, and nothing is ever said.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let message = |name: &str| json!({"fullName": name, "apiVersion": 42.0, "endpointUrl": "https://prod.example/news", "fields": ["LastName"]});
    let action = |name: &str| json!({"name": name, "type": "OutboundMessage"});
    let fixture = json!({"workflows": {"Lead": {
        "outboundMessages": [message("Silent"), message("News")],
        "rules": [{"fullName": "R", "active": true, "triggerType": "onCreateOnly", "actions": [action("Silent"), action("News")]}]}}});
    let state = fixtures::from_text("test.json", &fixture.to_string(), None).unwrap();
    let mock = MockSfdc::builder().state(state).start().await.unwrap();
    let url = format!("http://{}/news", silent.local_addr().unwrap());
    control(&mock, "PUT", "/outbound/endpoints", json!({"News": good, "Silent": url})).await;
    create_lead(&mock, "Ada");
    let _taken = silent.accept().await.unwrap();
    // What is queued while it is waited for goes its way too.
    create_lead(&mock, "Grace");
    let both = async {
        while seen.lock().unwrap().0.concat().matches("<sf:LastName>").count() < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), both).await.expect("both leads are told of");
}
