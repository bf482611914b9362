//! `Subscribe`: what is told, how much of it, and how long a stream lasts.

use super::*;

#[tokio::test]
async fn change_events_carry_every_field_and_bitmaps_of_what_changed() {
    let mock = org().await;
    let mut subscription = subscribe(&mock, fetch("/data/ChangeEvents", ReplayPreset::Latest, 10)).await;
    let lead = json!({"FirstName": "Ada", "LastName": "Byron", "Company": "Engines", "City": "London", "Phone": "1", "AnnualRevenue": 12.5});
    let id = rest(&mock, "POST", "Lead", &lead).await["id"].as_str().unwrap().to_owned();
    let change =
        json!({"LastName": "Lovelace", "Street": "Strand", "Phone": null, "Status": "Working - Contacted"});
    rest(&mock, "PATCH", &format!("Lead/{id}"), &change).await;
    rest(&mock, "DELETE", &format!("Lead/{id}"), &Value::Null).await;
    let mut events = Vec::new();
    while events.len() < 3 {
        events.extend(subscription.next().await.events);
    }
    let mut told = Vec::new();
    for event in &events {
        told.push(payload(&mock, event.event.as_ref().unwrap()).await);
    }
    let header = |at: usize, key: &str| told[at]["ChangeEventHeader"][key].clone();
    assert_eq!(told[0]["Name"], json!({"Salutation": null, "FirstName": "Ada", "LastName": "Byron"}));
    assert_eq!(told[0]["Address"]["City"], "London");
    assert_eq!((&told[0]["AnnualRevenue"], &told[0]["Fax"]), (&json!(12.5), &Value::Null));
    assert_eq!((header(0, "changeType"), header(0, "recordIds")), (json!("CREATE"), json!([id])));
    assert_eq!(header(0, "changedFields"), json!([]));
    // Place 1 is Name, 4 Address, 5 Phone, 12 Status, 27 LastModifiedDate.
    assert_eq!(header(1, "changedFields"), json!(["0x08001020", "1-0x04", "4-0x01"]));
    assert_eq!(header(1, "nulledFields"), json!(["0x20"]));
    assert_eq!(told[1]["Name"], json!({"Salutation": null, "FirstName": null, "LastName": "Lovelace"}));
    assert_eq!(told[1]["Address"]["Street"], "Strand");
    assert_eq!(told[1]["Address"]["City"], Value::Null);
    assert_eq!((&told[1]["Company"], &told[1]["Status"]), (&Value::Null, &json!("Working - Contacted")));
    assert_eq!(header(2, "changeType"), "DELETE");
    let filled: Vec<_> = told[2].as_object().unwrap().iter().filter(|(_, value)| !value.is_null()).collect();
    assert_eq!(filled.len(), 1, "{filled:?}");
    // The same events over long polling have the same ids of their schemas and places.
    assert_eq!(events[2].replay_id.len(), 8);
}

#[tokio::test]
async fn only_so_many_events_come_as_were_asked_for_and_a_place_can_be_gone_back_to() {
    let mock = org().await;
    for model in ["A", "B", "C"] {
        ink(&mock, model).await;
    }
    let models = async |response: FetchResponse| {
        let mut models = Vec::new();
        for event in &response.events {
            models.push(payload(&mock, event.event.as_ref().unwrap()).await["Printer_Model__c"].clone());
        }
        models
    };
    let mut subscription = subscribe(&mock, fetch(INK, ReplayPreset::Earliest, 2)).await;
    let first = subscription.next().await;
    assert_eq!((first.events.len(), first.pending_num_requested), (2, 0));
    let place = first.events[0].replay_id.clone();
    // Asking for more is enough; the topic need not be said again, and what is said of replay counts no more.
    let more = FetchRequest { num_requested: 7, ..FetchRequest::default() };
    subscription.requests.send(more).await.unwrap();
    let second = subscription.next().await;
    assert_eq!(second.pending_num_requested, 6);
    assert_eq!(models(second).await, ["C"]);
    let custom = FetchRequest { replay_id: place, ..fetch(INK, ReplayPreset::Custom, 5) };
    assert_eq!(models(subscribe(&mock, custom).await.next().await).await, ["B", "C"]);
    let mut latest = subscribe(&mock, fetch(INK, ReplayPreset::Latest, 5)).await;
    // The stream has begun once it is kept alive.
    mock.clock().advance(270_000);
    assert!(latest.next().await.events.is_empty());
    ink(&mock, "D").await;
    assert_eq!(models(latest.next().await).await, ["D"]);
}

#[tokio::test]
async fn a_quiet_stream_is_kept_alive_with_the_latest_place() {
    let mock = org().await;
    let mut subscription = subscribe(&mock, fetch(INK, ReplayPreset::Earliest, 1)).await;
    mock.clock().advance(270_000);
    let response = subscription.next().await;
    assert_eq!((response.events.len(), response.pending_num_requested), (0, 1));
    let place = response.latest_replay_id;
    ink(&mock, "A").await;
    assert_eq!(subscription.next().await.events.len(), 1);
    let custom = FetchRequest { replay_id: place, ..fetch(INK, ReplayPreset::Custom, 5) };
    assert_eq!(subscribe(&mock, custom).await.next().await.events.len(), 1);
}

#[tokio::test]
async fn who_has_no_rights_hears_nothing_and_a_session_that_ends_ends_the_stream() {
    let mock = org().await;
    let url = format!("{}/orgs/default/sessions", mock.control_url());
    let session = |body: &'static str| {
        let open = client().post(&url).header("x-mock-token", mock.control_token()).body(body);
        async {
            open.send().await.unwrap().json::<Value>().await.unwrap()["accessToken"]
                .as_str()
                .unwrap()
                .to_owned()
        }
    };
    let kim = Headers { token: session(r#"{"username": "kim@example.com"}"#).await, ..Headers::of(&mock) };
    for name in [INK, LEADS] {
        let request = TopicRequest { topic_name: name.to_owned() };
        let status = unary::<_, TopicInfo>(&mock, &kim, "GetTopic", request).await.unwrap_err();
        assert_eq!((code(&status), status.code()), ("topic.meta.permission", Code::PermissionDenied));
        let mut stream: Subscription =
            open(&mock, &kim, "Subscribe", fetch(name, ReplayPreset::Latest, 1)).await.unwrap();
        assert_eq!(code(&stream.refusal().await), "subscription.topic.cannot.subscribe");
    }
    let short = Headers { token: session("{}").await, ..Headers::of(&mock) };
    let mut stream: Subscription =
        open(&mock, &short, "Subscribe", fetch(INK, ReplayPreset::Earliest, 9)).await.unwrap();
    ink(&mock, "A").await;
    assert_eq!(stream.next().await.events.len(), 1);
    let refresh = FetchRequest { auth_refresh: mock.admin_token().to_owned(), ..FetchRequest::default() };
    stream.requests.send(refresh).await.unwrap();
    ink(&mock, "B").await;
    assert_eq!(stream.next().await.events.len(), 1);
    let wrong = FetchRequest { auth_refresh: "00D5g0000000001!no".to_owned(), ..FetchRequest::default() };
    stream.requests.send(wrong).await.unwrap();
    assert_eq!(code(&stream.refusal().await), "service.auth.refresh.invalid");
    let mut stream: Subscription =
        open(&mock, &short, "Subscribe", fetch(INK, ReplayPreset::Earliest, 9)).await.unwrap();
    assert_eq!(stream.next().await.events.len(), 2);
    client().delete(&url).header("x-mock-token", mock.control_token()).send().await.unwrap();
    mock.clock().advance(270_000);
    assert_eq!(code(&stream.refusal().await), "service.auth.error");
}

#[tokio::test]
async fn deliveries_are_counted_over_all_subscribers() {
    let mock = org().await;
    let url = format!("{}/orgs/default/streaming", mock.control_url());
    let change = client().patch(url).header("x-mock-token", mock.control_token());
    assert_eq!(change.body(r#"{"dailyDeliveries": 2}"#).send().await.unwrap().status(), 200);
    for model in ["A", "B", "C"] {
        ink(&mock, model).await;
    }
    let mut subscription = subscribe(&mock, fetch(INK, ReplayPreset::Earliest, 9)).await;
    let status = subscription.refusal().await;
    assert_eq!((code(&status), status.code()), ("subscription.limit.exceeded", Code::ResourceExhausted));
}

/// Salesforce's guide of flow control: whatever a client asks for, no more than a hundred events are owed to it.
#[tokio::test]
async fn no_more_than_a_hundred_events_are_owed() {
    let mock = org().await;
    let mut subscription = subscribe(&mock, fetch(INK, ReplayPreset::Earliest, 1_000)).await;
    subscription.requests.send(fetch(INK, ReplayPreset::Earliest, i32::MAX)).await.unwrap();
    ink(&mock, "A").await;
    assert_eq!(subscription.next().await.pending_num_requested, 99);
    subscription.requests.send(fetch(INK, ReplayPreset::Earliest, 50)).await.unwrap();
    ink(&mock, "B").await;
    assert_eq!(subscription.next().await.pending_num_requested, 99);
}

/// Its reference of `Subscribe`: a stream to which nothing is owed ends a minute after the last response, and not as a mistake.
#[tokio::test]
async fn a_stream_that_asks_for_no_more_ends_after_a_minute() {
    let mock = org().await;
    let mut subscription = subscribe(&mock, fetch(INK, ReplayPreset::Earliest, 1)).await;
    ink(&mock, "A").await;
    assert_eq!(subscription.next().await.pending_num_requested, 0);
    mock.clock().advance(59_999);
    subscription.requests.send(fetch(INK, ReplayPreset::Latest, 1)).await.unwrap();
    ink(&mock, "B").await;
    assert_eq!(subscription.next().await.pending_num_requested, 0);
    mock.clock().advance(60_000);
    assert_eq!(subscription.ended().await, Ok(()));
}
