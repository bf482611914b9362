//! Generic streaming: channels of any text (`contract/streaming.md` section 6).

use mock_sfdc::MockSfdc;
use mock_sfdc_org::{id::Id, value::DateTime};
use serde_json::{Value, json};

use crate::{
    TOKEN,
    bayeux::{Bayeux, error},
    client, mock,
};

const HOUR: i64 = 3_600_000;

async fn org() -> (MockSfdc, String) {
    let mock = mock().await;
    mock.clock().freeze_at(DateTime::from_millis(1_774_440_000_000));
    let (status, text) = send(
        &mock,
        "POST",
        "/sobjects/StreamingChannel",
        &json!({"Name": "/u/notifications/All", "Description": "for all"}),
    )
    .await;
    assert_eq!(status, 201, "{text}");
    let id = serde_json::from_str::<Value>(&text).unwrap()["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("0M6"));
    (mock, id)
}

async fn send(mock: &MockSfdc, method: &str, path: &str, body: &Value) -> (u16, String) {
    let url = format!("{}/services/data/v66.0{path}", mock.url());
    let request = client().request(method.parse().unwrap(), url).bearer_auth(TOKEN);
    let request = request.header("content-type", "application/json").body(body.to_string());
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn push(mock: &MockSfdc, id: &str, events: Value) -> (u16, String) {
    send(mock, "POST", &format!("/sobjects/StreamingChannel/{id}/push"), &json!({ "pushEvents": events }))
        .await
}

#[tokio::test]
async fn a_payload_reaches_who_listens_in_the_bytes_of_recorded_ones() {
    let (mock, id) = org().await;
    let answer = push(&mock, &id, json!([{"payload": "nobody hears", "userIds": []}])).await;
    assert_eq!(answer, (200, r#"[{"fanoutCount":0,"userOnlineStatus":{}}]"#.to_owned()));
    let bayeux = Bayeux::connected(&mock).await;
    bayeux.hear("/u/notifications/All", -1).await;
    let answer =
        push(&mock, &id, json!([{"payload": "Broadcast message to all subscribers", "userIds": []}])).await;
    assert_eq!(answer, (200, r#"[{"fanoutCount":-1,"userOnlineStatus":{}}]"#.to_owned()));
    let (_, _, body) = bayeux.raw("", json!([bayeux.message("/meta/connect")]).to_string()).await;
    let event = body.split(r#",{"clientId""#).next().unwrap();
    let replay = serde_json::from_str::<Value>(&body).unwrap()[0]["data"]["event"]["replayId"].clone();
    assert_eq!(
        event,
        format!(
            r#"[{{"data":{{"payload":"Broadcast message to all subscribers","event":{{"createdDate":"2026-03-25T12:00:00.000Z","replayId":{replay}}}}},"channel":"/u/notifications/All"}}"#
        )
    );
}

#[tokio::test]
async fn a_payload_can_be_meant_for_some_and_subscribers_are_told() {
    let (mock, id) = org().await;
    let bayeux = Bayeux::connected(&mock).await;
    bayeux.hear("/u/notifications/All", -1).await;
    let ada = mock.tenant().session(TOKEN).unwrap().user.to_string();
    let other = Id::from_number(*b"005", *b"5g", 99).to_string();
    let (status, text) =
        send(&mock, "GET", &format!("/sobjects/StreamingChannel/{id}/push"), &json!({})).await;
    assert_eq!(
        (status, text),
        (200, format!(r#"{{"OnlineUserIds":["{ada}"],"ChannelName":"/u/notifications/All"}}"#))
    );
    let events =
        json!([{"payload": "for Bob", "userIds": [other]}, {"payload": "for both", "userIds": [ada, other]}]);
    let (status, text) = push(&mock, &id, events).await;
    let results: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(status, 200);
    assert_eq!(results[0], json!({"fanoutCount": 0, "userOnlineStatus": {other.as_str(): false}}));
    assert_eq!(results[1]["fanoutCount"], 1);
    assert_eq!(results[1]["userOnlineStatus"][&ada], true);
    let heard = bayeux.events().await;
    assert_eq!(heard.iter().map(|event| &event["data"]["payload"]).collect::<Vec<_>>(), ["for both"]);
}

#[tokio::test]
async fn payloads_are_kept_for_a_day() {
    let (mock, id) = org().await;
    push(&mock, &id, json!([{"payload": "early"}])).await;
    mock.clock().advance(23 * HOUR);
    let bayeux = Bayeux::connected(&mock).await;
    bayeux.hear("/u/notifications/All", -2).await;
    assert_eq!(bayeux.events().await.len(), 1);
    mock.clock().advance(HOUR);
    let late = Bayeux::connected(&mock).await;
    let reply = late.subscribe("/u/notifications/All", json!({"/u/notifications/All": 1})).await;
    assert!(error(&reply).starts_with("400::The replayId {1}"), "{reply}");
}

#[tokio::test]
async fn channels_are_named_checked_and_made_by_subscribers_where_the_org_lets_them() {
    let (mock, id) = org().await;
    for (name, code) in [
        ("notifications", "INVALID_FIELD"),
        ("/u/", "INVALID_FIELD"),
        ("/u/with blank", "INVALID_FIELD"),
        ("/u/notifications/All", "DUPLICATE_VALUE"),
        ("/u/NOTIFICATIONS/all", "DUPLICATE_VALUE"),
    ] {
        let (status, text) =
            send(&mock, "POST", "/sobjects/StreamingChannel", &json!({ "Name": name })).await;
        assert!(status == 400 && text.contains(code), "{name}: {status} {text}");
    }
    let bayeux = Bayeux::connected(&mock).await;
    let reply = bayeux.subscribe("/u/new", json!({})).await;
    assert_eq!(error(&reply), "404::Unknown channel");
    let url = format!("{}/orgs/default/streaming", mock.control_url());
    let change = client().patch(url).header("x-mock-token", mock.control_token());
    assert_eq!(change.body(r#"{"dynamicChannels": true}"#).send().await.unwrap().status(), 200);
    bayeux.hear("/u/new", -1).await;
    let (_, found) = send(
        &mock,
        "GET",
        "/query?q=SELECT+Name,IsDynamic+FROM+StreamingChannel+WHERE+Name='/u/new'",
        &json!({}),
    )
    .await;
    assert!(found.contains(r#""Name":"/u/new","IsDynamic":true"#), "{found}");
    let (status, text) = push(&mock, &id, json!([{"payload": "x".repeat(3_001)}])).await;
    assert!(status == 400 && text.contains("STRING_TOO_LONG"), "{text}");
    assert_eq!(push(&mock, "0M6000000000001", json!([])).await.0, 404);
}
