//! Which events come, and from where on.

use super::*;

#[tokio::test]
async fn a_change_reaches_a_subscriber_in_the_bytes_of_recorded_events() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::connected(&mock).await;
    assert_eq!(bayeux.subscribe("/topic/Leads", json!({"/topic/Leads": -1})).await["successful"], true);
    let id = lead(&mock, "Byron", "London");
    let message = json!([bayeux.message("/meta/connect")]);
    let (_, headers, body) = bayeux.raw("", message.to_string()).await;
    assert_eq!(headers["content-type"], "application/json;charset=UTF-8");
    assert_eq!(
        body,
        format!(
            r#"[{{"data":{{"event":{{"createdDate":"2026-03-25T12:00:00.000Z","replayId":1,"type":"created"}},"sobject":{{"Id":"{id}","LastName":"Byron","City":"London"}}}},"channel":"/topic/Leads"}},{{"clientId":"{}","channel":"/meta/connect","id":"7","successful":true}}]"#,
            bayeux.id
        )
    );
}

#[tokio::test]
async fn a_new_session_goes_on_after_the_last_event_that_the_old_one_had() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::connected(&mock).await;
    bayeux.subscribe("/topic/Leads", json!({})).await;
    lead(&mock, "A", "");
    let seen = bayeux.connect().await[0]["data"]["event"]["replayId"].as_u64().unwrap();
    let held = bayeux.connect();
    tokio::pin!(held);
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut held).await.is_err());
    mock.tenant().streaming.drop_clients();
    assert_eq!(error(&held.await[0]), "403::Unknown client");
    lead(&mock, "B", "");
    lead(&mock, "C", "");
    // EMP-Connector sends all channels that it knows, nforce sends texts.
    for replay in
        [json!({"/topic/Leads": seen, "/topic/Other": 9}), json!({"/topic/Leads": seen.to_string()})]
    {
        let again = Bayeux::connected(&mock).await;
        again.subscribe("/topic/Leads", replay).await;
        assert_eq!(names(&again.connect().await), ["B", "C"]);
    }
    let all = Bayeux::connected(&mock).await;
    all.subscribe("/topic/Leads", json!({"/topic/Leads": -2})).await;
    assert_eq!(names(&all.connect().await), ["A", "B", "C"]);
}

#[tokio::test]
async fn a_replay_id_that_has_expired_is_refused() {
    let mock = streaming_mock().await;
    lead(&mock, "A", "");
    mock.tenant().org.clock().advance(24 * HOUR);
    let token = mock.tenant().admit(Id::from_number(*b"005", *b"5g", 1));
    let mut bayeux = Bayeux::new(&mock);
    bayeux.token = token;
    bayeux.handshake().await;
    bayeux.connect().await;
    let reply = bayeux.subscribe("/topic/Leads", json!({"/topic/Leads": 1})).await;
    assert_eq!(
        reply.to_string(),
        format!(
            r#"{{"clientId":"{}","channel":"/meta/subscribe","id":"7","subscription":"/topic/Leads","error":"400::The replayId {{1}} you provided was invalid.  Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.","successful":false}}"#,
            bayeux.id
        )
    );
    assert_eq!(bayeux.subscribe("/topic/Leads", json!({"/topic/Leads": -2})).await["successful"], true);
}

#[tokio::test]
async fn a_filtered_channel_delivers_under_the_name_that_was_subscribed_to() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::connected(&mock).await;
    let channel = "/topic/Leads?City=San Francisco (CA)";
    assert_eq!(bayeux.subscribe(channel, json!({"/topic/Leads": -1})).await["subscription"], channel);
    lead(&mock, "A", "Ghent");
    lead(&mock, "B", "San Francisco (CA)");
    let replies = bayeux.connect().await;
    assert_eq!((names(&replies), &replies[0]["channel"]), (vec!["B"], &json!(channel)));
}

#[tokio::test]
async fn unsubscribing_and_deactivating_end_the_telling() {
    let mock = streaming_mock().await;
    topic(&mock, "Names", "SELECT Id, Name FROM Lead");
    let bayeux = Bayeux::connected(&mock).await;
    bayeux.subscribe("/topic/Leads", json!({})).await;
    bayeux.subscribe("/topic/Names", json!({})).await;
    let mut message = bayeux.message("/meta/unsubscribe");
    message["subscription"] = "/topic/Leads".into();
    let reply = bayeux.post(json!([message])).await.remove(0);
    assert_eq!((&reply["subscription"], &reply["successful"]), (&json!("/topic/Leads"), &json!(true)));
    lead(&mock, "A", "");
    let channels = bayeux.connect().await.iter().map(|reply| reply["channel"].clone()).collect::<Vec<_>>();
    assert_eq!(channels, ["/topic/Names", "/meta/connect"]);
}
