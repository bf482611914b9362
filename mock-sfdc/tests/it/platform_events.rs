//! Platform events: published over REST, heard over long polling, described by their schema (`contract/streaming.md` section 6).

use mock_sfdc::MockSfdc;
use mock_sfdc_org::{
    hooks::HookPoint,
    save::{DmlOptions, Draft},
    seed,
    value::DateTime,
    verbs,
};
use serde_json::{Value, json};

use crate::{
    bayeux::{Bayeux, error},
    client,
    tooling::{ask, make},
};

const HOUR: i64 = 3_600_000;

/// An org with the guide's event, one that waits for commits, and a channel of both; its clock stands.
async fn org() -> MockSfdc {
    let fixture = json!({
        "packages": [{"package": "events", "objects": {
            "Low_Ink__e": {"label": "Low Ink", "labelPlural": "Low Ink", "fields": {
                "Printer_Model__c": {"type": "string", "length": 20, "label": "Printer Model"},
                "Ink_Percentage__c": {"type": "double", "precision": 18, "scale": 2},
                "Urgent__c": {"type": "boolean", "defaultValue": false}
            }},
            "Careful__e": {"label": "Careful", "publishBehavior": "PublishAfterCommit",
                "fields": {"Note__c": {"type": "string", "length": 80}}}
        }}],
        "platformEventChannels": [{"fullName": "Printers__chn", "channelType": "event",
            "members": [{"selectedEntity": "Low_Ink__e"}, {"selectedEntity": "Careful__e"}]}],
        "users": [{"username": "kim@example.com", "password": "p", "lastName": "Kim", "profile": "Integration"}],
        "profiles": [{"name": "Integration", "permissions": ["PermissionsApiEnabled"], "objectPermissions": []}]
    });
    let noon = DateTime::from_millis(1_774_440_000_517);
    let state = seed::load("test.json", &fixture.to_string(), noon, &|_| None).unwrap();
    let mock = MockSfdc::builder().state(state).start().await.unwrap();
    mock.clock().freeze_at(noon);
    mock
}

async fn send(mock: &MockSfdc, method: &str, path: &str, body: &Value) -> (u16, String) {
    let url = format!("{}/services/data/v66.0{path}", mock.url());
    let request = client().request(method.parse().unwrap(), url).bearer_auth(mock.admin_token());
    let request = request.header("content-type", "application/json").body(body.to_string());
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn publish(mock: &MockSfdc, body: &Value) -> Value {
    let (status, text) = send(mock, "POST", "/sobjects/Low_Ink__e", body).await;
    assert_eq!(status, 201, "{text}");
    serde_json::from_str(&text).unwrap()
}

async fn subscriber(mock: &MockSfdc) -> Bayeux {
    Bayeux::connected_as(mock, mock.admin_token(), "66.0").await
}

#[tokio::test]
async fn an_event_is_taken_in_and_heard_in_the_bytes_of_recorded_ones() {
    let mock = org().await;
    let bayeux = subscriber(&mock).await;
    bayeux.hear("/event/Low_Ink__e", -1).await;
    let (status, text) = send(
        &mock,
        "POST",
        "/sobjects/Low_Ink__e/",
        &json!({"Printer_Model__c": "XZO-5", "Ink_Percentage__c": 0.2}),
    )
    .await;
    let answer: Value = serde_json::from_str(&text).unwrap();
    let (id, uuid) = (answer["id"].as_str().unwrap(), answer["errors"][0]["message"].as_str().unwrap());
    assert_eq!(
        (status, text.as_str()),
        (
            201,
            &*format!(
                r#"{{"id":"{id}","success":true,"errors":[{{"statusCode":"OPERATION_ENQUEUED","message":"{uuid}","fields":[]}}]}}"#
            )
        )
    );
    assert!(id.starts_with("e0"), "{id}");
    let schema = schema_id(&mock, "Low_Ink__e").await;
    let message = json!([bayeux.message("/meta/connect")]);
    let (_, _, body) = bayeux.raw("", message.to_string()).await;
    let user = mock.admin();
    assert_eq!(
        body.split(r#",{"clientId""#).next().unwrap(),
        format!(
            r#"[{{"data":{{"schema":"{schema}","payload":{{"CreatedDate":"2026-03-25T12:00:00.517Z","CreatedById":"{user}","Printer_Model__c":"XZO-5","Ink_Percentage__c":0.2,"Urgent__c":false}},"event":{{"EventUuid":"{uuid}","replayId":1}}}},"channel":"/event/Low_Ink__e"}}"#
        )
    );
}

async fn schema_id(mock: &MockSfdc, event: &str) -> String {
    let (status, text) =
        send(mock, "GET", &format!("/sobjects/{event}/eventSchema?payloadFormat=COMPACT"), &json!({})).await;
    assert_eq!(status, 200, "{text}");
    serde_json::from_str::<Value>(&text).unwrap()["uuid"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_custom_channel_has_the_events_of_its_members_and_says_which_each_is() {
    let mock = org().await;
    let bayeux = subscriber(&mock).await;
    bayeux.hear("/event/Printers__chn", -1).await;
    publish(&mock, &json!({"Printer_Model__c": "A"})).await;
    assert_eq!(send(&mock, "POST", "/sobjects/Careful__e", &json!({"Note__c": "B"})).await.0, 201);
    let events = bayeux.events().await;
    let names: Vec<_> =
        events.iter().map(|event| event["data"]["event"]["EventApiName"].as_str().unwrap()).collect();
    assert_eq!(names, ["Low_Ink__e", "Careful__e"]);
    assert_eq!(events[1]["channel"], "/event/Printers__chn");
    // Before these versions nobody was told.
    let old = Bayeux::connected_as(&mock, mock.admin_token(), "51.0").await;
    old.hear("/event/Printers__chn", -2).await;
    let event = &old.events().await[0]["data"]["event"];
    assert_eq!(event, &json!({"replayId": 1}));
}

#[tokio::test]
async fn wrong_events_are_refused_like_wrong_records() {
    let mock = org().await;
    for (body, text) in [
        (
            json!({"Nope__c": 1}),
            r#"[{"message":"No such column 'Nope__c' on sobject of type Low_Ink__e","errorCode":"INVALID_FIELD"}]"#,
        ),
        (
            json!({"Printer_Model__c": "123456789012345678901"}),
            r#"[{"message":"Printer Model: data value too large: 123456789012345678901 (max length=20)","errorCode":"STRING_TOO_LONG","fields":["Printer_Model__c"]}]"#,
        ),
        (
            json!({"ReplayId": "7"}),
            r#"[{"message":"Unable to create/update fields: ReplayId. Please check the security settings of this field and verify that it is read/write for your profile or permission set.","errorCode":"INVALID_FIELD_FOR_INSERT_UPDATE","fields":["ReplayId"]}]"#,
        ),
    ] {
        assert_eq!(send(&mock, "POST", "/sobjects/Low_Ink__e", &body).await, (400, text.to_owned()));
    }
    // It is published, never stored.
    let id = publish(&mock, &json!({})).await["id"].as_str().unwrap().to_owned();
    assert_ne!(send(&mock, "PATCH", &format!("/sobjects/Low_Ink__e/{id}"), &json!({})).await.0, 204);
    let (status, text) = send(&mock, "GET", "/query?q=SELECT+Id+FROM+Low_Ink__e", &json!({})).await;
    assert_eq!(status, 400, "{text}");
}

#[tokio::test]
async fn an_api_event_is_out_although_its_request_fails_and_a_triggers_goes_by_its_definition() {
    let mock = org().await;
    let trigger = |event: &'static str| {
        move |context: &mut mock_sfdc_org::hooks::HookContext<'_>| {
            let object = context.tx().state().schema().object(event).cloned().unwrap();
            verbs::create(context.tx(), &object, Draft::default(), &DmlOptions::default()).unwrap();
            if context.get("Company").as_text() == Some("Fail") {
                context.add_error("no");
            }
        }
    };
    mock.org().on_save("Lead", HookPoint::AfterTrigger, "Now", trigger("Low_Ink__e")).unwrap();
    mock.org().on_save("Lead", HookPoint::AfterTrigger, "Later", trigger("Careful__e")).unwrap();
    let bayeux = subscriber(&mock).await;
    bayeux.hear("/event/Low_Ink__e", -1).await;
    bayeux.hear("/event/Careful__e", -1).await;
    let lead = |company: &str| json!({"LastName": "L", "Company": company});
    assert_eq!(send(&mock, "POST", "/sobjects/Lead", &lead("Fail")).await.0, 400);
    let heard = |events: Vec<Value>| {
        events.iter().map(|event| event["channel"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(heard(bayeux.events().await), ["/event/Low_Ink__e"]);
    assert_eq!(send(&mock, "POST", "/sobjects/Lead", &lead("Good")).await.0, 201);
    assert_eq!(heard(bayeux.events().await), ["/event/Low_Ink__e", "/event/Careful__e"]);
    let refused = mock.org().on_save("Low_Ink__e", HookPoint::AfterTrigger, "T", |_| {}).unwrap_err();
    assert_eq!(refused, "Low_Ink__e is a platform event: triggers that subscribe to it are not emulated");
}

#[tokio::test]
async fn events_are_kept_for_three_days() {
    let mock = org().await;
    publish(&mock, &json!({"Printer_Model__c": "old"})).await;
    mock.clock().advance(48 * HOUR);
    publish(&mock, &json!({"Printer_Model__c": "new"})).await;
    let models = |events: Vec<Value>| {
        let model = |event: &Value| event["data"]["payload"]["Printer_Model__c"].as_str().unwrap().to_owned();
        events.iter().map(model).collect::<Vec<_>>()
    };
    let bayeux = subscriber(&mock).await;
    bayeux.hear("/event/Low_Ink__e", -2).await;
    assert_eq!(models(bayeux.events().await), ["old", "new"]);
    mock.clock().advance(25 * HOUR);
    let late = subscriber(&mock).await;
    late.hear("/event/Low_Ink__e", -2).await;
    assert_eq!(models(late.events().await), ["new"]);
    let reply = late.subscribe("/event/Low_Ink__e", json!({"/event/Low_Ink__e": 1})).await;
    assert!(error(&reply).starts_with("400::The replayId {1} you provided was invalid."), "{reply}");
}

#[tokio::test]
async fn the_schema_is_told_in_both_forms_and_by_its_id() {
    let mock = org().await;
    let id = schema_id(&mock, "Low_Ink__e").await;
    assert_eq!(id.len(), 22);
    let (_, compact) =
        send(&mock, "GET", &format!("/event/eventSchema/{id}?payloadFormat=COMPACT"), &json!({})).await;
    assert_eq!(
        compact,
        format!(
            r#"{{"name":"Low_Ink__e","namespace":"com.sforce.eventbus","type":"record","fields":[{{"name":"CreatedDate","type":"long","doc":"CreatedDate:DateTime"}},{{"name":"CreatedById","type":"string","doc":"CreatedBy:EntityId"}},{{"name":"Printer_Model__c","type":["null","string"],"doc":"Data:Text","default":null}},{{"name":"Ink_Percentage__c","type":["null","double"],"doc":"Data:Double","default":null}},{{"name":"Urgent__c","type":["null","boolean"],"doc":"Data:Boolean","default":null}}],"uuid":"{id}"}}"#
        )
    );
    let (_, expanded) = send(&mock, "GET", "/sobjects/Low_Ink__e/eventSchema", &json!({})).await;
    let expanded: Value = serde_json::from_str(&expanded).unwrap();
    assert_eq!(expanded["type"], "expanded-record");
    let payload = &expanded["fields"][0]["type"]["fields"][1]["type"];
    assert_eq!(payload["name"], "Payload");
    assert_eq!(
        payload["fields"][0],
        json!({"name": "CreatedDate", "type": "string", "doc": "CreatedDate:DateTime"})
    );
    assert_eq!(expanded["fields"][1], json!({"name": "channel", "type": "string"}));
    for (path, status) in [
        ("/sobjects/Low_Ink__e/eventSchema?payloadFormat=XML", 400),
        ("/sobjects/Lead/eventSchema", 404),
        ("/event/eventSchema/nobodyhasthisschemaid_", 404),
        ("/event/other", 403),
    ] {
        assert_eq!(send(&mock, "GET", path, &json!({})).await.0, status, "{path}");
    }
}

#[tokio::test]
async fn the_hourly_allocation_ends_with_the_hour() {
    let mock = org().await;
    let url = format!("{}/orgs/default/streaming", mock.control_url());
    let change = client().patch(url).header("x-mock-token", mock.control_token());
    assert_eq!(change.body(r#"{"hourlyPublications": 2}"#).send().await.unwrap().status(), 200);
    publish(&mock, &json!({})).await;
    publish(&mock, &json!({})).await;
    let (status, text) = send(&mock, "POST", "/sobjects/Low_Ink__e", &json!({})).await;
    assert!(status == 400 && text.contains("LIMIT_EXCEEDED"), "{status} {text}");
    mock.clock().advance(HOUR);
    publish(&mock, &json!({})).await;
}

#[tokio::test]
async fn who_may_not_read_the_event_does_not_hear_it() {
    let mock = org().await;
    let url = format!("{}/orgs/default/sessions", mock.control_url());
    let open = client().post(url).header("x-mock-token", mock.control_token());
    let session: Value =
        open.body(r#"{"username": "kim@example.com"}"#).send().await.unwrap().json().await.unwrap();
    let kim = Bayeux::connected_as(&mock, session["accessToken"].as_str().unwrap(), "66.0").await;
    let reply = kim.subscribe("/event/Low_Ink__e", json!({})).await;
    assert_eq!(error(&reply), "403::Subscriber does not have access to the entity in this topic");
}

/// The guide's list of types; a client that sets its event up learns at once which field no org would have taken.
#[tokio::test]
async fn fields_of_events_have_one_of_six_types() {
    let mock = MockSfdc::builder().start().await.unwrap();
    let label = json!({"label": "Order", "pluralLabel": "Orders", "deploymentStatus": "Deployed", "eventType": "HighVolume"});
    make(&mock, "CustomObject", "Order__e", label).await;
    make(
        &mock,
        "CustomField",
        "Order__e.Number__c",
        json!({"label": "Number", "type": "Text", "length": 18}),
    )
    .await;
    make(
        &mock,
        "CustomField",
        "Order__e.Paid__c",
        json!({"label": "Paid", "type": "Checkbox", "defaultValue": "false"}),
    )
    .await;
    for (metadata, text) in [
        (json!({"label": "X", "type": "Email"}), "no fields of type Email"),
        (
            json!({"label": "X", "type": "Lookup", "referenceTo": "Account", "relationshipName": "Xs"}),
            "type Lookup",
        ),
        (json!({"label": "X", "type": "Text", "formula": "Number__c"}), "no formula fields"),
    ] {
        let body = json!({"FullName": "Order__e.X__c", "Metadata": metadata});
        let (status, answer) = ask(&mock, "POST", "/tooling/sobjects/CustomField", &body).await;
        assert!(status == 400 && answer[0]["message"].as_str().unwrap().contains(text), "{status} {answer}");
    }
}
