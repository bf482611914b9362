//! What a request may say, and what is refused.

use super::*;

#[tokio::test]
async fn one_request_may_carry_several_messages() {
    let mock = streaming_mock().await;
    topic(&mock, "Names", "SELECT Id, Name FROM Lead");
    let mut bayeux = Bayeux::new(&mock);
    bayeux.handshake().await;
    let mut subscribe = bayeux.message("/meta/subscribe");
    subscribe["subscription"] = json!(["/topic/Leads", "/topic/Names"]);
    subscribe["id"] = json!("8");
    // faye joins its first connect and its subscriptions; aiocometd does it whenever it comes back.
    for _ in 0..2 {
        let replies = bayeux.post(json!([bayeux.message("/meta/connect"), subscribe])).await;
        let seen = replies.iter().map(|reply| (&reply["channel"], &reply["id"], &reply["successful"]));
        let (connect, subscribed) = (json!("/meta/connect"), json!("/meta/subscribe"));
        let (first, second, yes) = (json!("7"), json!("8"), json!(true));
        assert_eq!(
            seen.collect::<Vec<_>>(),
            [(&connect, &first, &yes), (&subscribed, &second, &yes), (&subscribed, &second, &yes)]
        );
    }
    lead(&mock, "Byron", "");
    let channels = bayeux.connect().await.iter().map(|reply| reply["channel"].clone()).collect::<Vec<_>>();
    assert_eq!(channels, ["/topic/Leads", "/topic/Names", "/meta/connect"]);
}

#[tokio::test]
async fn names_of_meta_messages_may_stand_in_the_path() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::connected(&mock).await;
    for (suffix, message) in [
        (
            "/subscribe",
            json!([{"channel": "/meta/subscribe", "clientId": bayeux.id, "subscription": "/topic/Leads"}]),
        ),
        (
            "/",
            json!([{"channel": "/meta/unsubscribe", "clientId": bayeux.id, "subscription": "/topic/Leads"}]),
        ),
        ("/disconnect/", json!({"channel": "/meta/disconnect", "clientId": bayeux.id})),
    ] {
        let (status, _, body) = bayeux.raw(suffix, message.to_string()).await;
        assert_eq!(status, 200);
        assert!(body.ends_with(r#""successful":true}]"#), "{body}");
    }
    let names = mock.tenant().journal.entries().iter().map(|entry| entry.operation).collect::<Vec<_>>();
    let expected = ["handshake", "connect", "subscribe", "unsubscribe", "disconnect"];
    assert_eq!(names, expected.map(|name| format!("streaming.{name}")));
    assert_eq!(error(&bayeux.connect().await[0]), "403::Unknown client");
}

#[tokio::test]
async fn every_refusal_of_a_message_in_its_own_words() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::connected(&mock).await;
    let id = &bayeux.id;
    for (message, text) in [
        (json!({"channel": "/meta/subscribe", "clientId": id}), "400::Channel name not specified"),
        (
            json!({"channel": "/meta/subscribe", "clientId": id, "subscription": "topic/Leads"}),
            "400::Channel subscriptions must start with a leading '/'",
        ),
        (
            json!({"channel": "/meta/subscribe", "clientId": id, "subscription": "/topic/Nobody"}),
            "400::The channel you requested to subscribe to does not exist /topic/Nobody",
        ),
        (
            json!({"channel": "/meta/subscribe", "clientId": id, "subscription": "/topic/Leads?Phone=1"}),
            "400::Query fields Phone do not exist on the topic entity",
        ),
        (
            json!({"channel": "/meta/subscribe", "clientId": id, "subscription": "/topic/Leads?City"}),
            "400::The filter City compares with nothing; write City=value",
        ),
        (
            json!({"channel": "/meta/subscribe", "clientId": id, "subscription": "/topic/Leads", "ext": {"replay": -2}}),
            "400::The replayId {-2} you provided was invalid.  Please provide a valid ID, -2 to replay all events, or -1 to \
             replay only new events.",
        ),
        (
            json!({"channel": "/meta/connect", "clientId": id, "connectionType": "websocket"}),
            "400::Invalid connection type websocket",
        ),
        (json!({"channel": "/meta/connect", "clientId": "nobody"}), "403::Unknown client"),
        (
            json!({"channel": "/meta/subscribe", "subscription": "/topic/Leads"}),
            "403::Client has not completed handshake",
        ),
        (json!({"channel": "/topic/Leads", "clientId": id, "data": {}}), "403::Restricted channel"),
        (json!({"clientId": id}), "400::Channel name not specified"),
        (
            json!({"channel": "/meta/handshake", "supportedConnectionTypes": ["websocket"]}),
            "400::Invalid connection type websocket",
        ),
    ] {
        let reply = bayeux.post(json!([message])).await.remove(0);
        assert_eq!((error(&reply), &reply["successful"]), (text, &json!(false)), "{message}");
    }
}

#[tokio::test]
async fn versions_are_read_from_the_path() {
    let mock = streaming_mock().await;
    let mut bayeux = Bayeux::new(&mock);
    for (path, text) in [
        ("", "400::API version in the URI is mandatory. URI format: '/cometd/66.0'"),
        ("/latest", "400::API version in the URI is mandatory. URI format: '/cometd/66.0'"),
        ("/22.0", "400::Unsupported API version"),
        ("/99.0", "400::Unsupported API version"),
    ] {
        bayeux.url = format!("{}/cometd{path}", mock.url());
        assert_eq!(error(&bayeux.handshake().await), text);
    }
    // Before 37 moments are written as REST writes them; generic events of 36 had an address of their own, which jsforce knows.
    bayeux.url = format!("{}/cometd/replay/36.0", mock.url());
    bayeux.handshake().await;
    bayeux.connect().await;
    bayeux.subscribe("/topic/Leads", json!({})).await;
    lead(&mock, "A", "");
    assert_eq!(bayeux.connect().await[0]["data"]["event"]["createdDate"], "2026-03-25T12:00:00.000+0000");
    let nameless = bayeux.post(json!([{"clientId": bayeux.id}])).await;
    assert_eq!(error(&nameless[0]), "400::Channel name not specified");
}

#[tokio::test]
async fn only_post_and_only_so_much() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::new(&mock);
    let bare = client().get(format!("{}/cometd", mock.url())).send().await.unwrap();
    assert!(bare.status().is_client_error(), "{bare:?}");
    let jsonp = format!("{}?message=%5B%5D&jsonp=heard", bayeux.url);
    for url in [&bayeux.url, &format!("{}/connect", bayeux.url), &jsonp] {
        let answer = client().get(url).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), &*answer.text().await.unwrap()), (405, "Only POST allowed"));
    }
    let (status, _, body) = bayeux.raw("", format!("[{{\"x\":\"{}\"}}]", "x".repeat(32_768))).await;
    assert_eq!((status, &*body), (413, "413::Maximum Request Size Exceeded"));
    for body in ["", "{", "[]", "[1]", "null"] {
        let (status, _, text) = bayeux.raw("", body.to_owned()).await;
        assert_eq!(status, 400);
        assert!(text.starts_with("400::Bad request: "), "{text}");
    }
}

#[tokio::test]
async fn without_a_valid_session_id_nothing_goes() {
    let mock = streaming_mock().await;
    let mut stranger = Bayeux::new(&mock);
    stranger.token = "wrong".to_owned();
    let reply = stranger.handshake().await;
    assert_eq!(error(&reply), "403::Handshake denied");
    assert_eq!(reply["ext"]["sfdc"]["failureReason"], "401::Authentication invalid");
    let mut bayeux = Bayeux::connected(&mock).await;
    bayeux.token = "wrong".to_owned();
    let reply = bayeux.connect().await.remove(0);
    assert_eq!(
        reply.to_string(),
        format!(
            r#"{{"clientId":"{}","advice":{{"reconnect":"none","interval":0}},"channel":"/meta/connect","id":"7","error":"401::Authentication invalid","successful":false}}"#,
            bayeux.id
        )
    );
}

#[tokio::test]
async fn allocations_run_out_as_in_a_real_org() {
    let mock = streaming_mock().await;
    let user = Id::from_number(*b"005", *b"5g", 1);
    mock.tenant().in_transaction(user, |tx| tx.settings_mut().edition = Edition::Developer);
    for _ in 0..20 {
        assert_eq!(error(&Bayeux::new(&mock).handshake().await), "no error");
    }
    let reply = Bayeux::new(&mock).handshake().await;
    assert_eq!(reply["ext"]["sfdc"]["failureReason"], "403::Organization concurrent user limit exceeded");
    // Those who never came back make room.
    mock.tenant().org.clock().advance(40_001);
    let bayeux = Bayeux::connected(&mock).await;
    setup(&mock, |setup| {
        let mut allocations = mock_sfdc_org::streaming::Allocations::of(Edition::Developer);
        allocations.daily_events = 2;
        setup.allocations = Some(allocations);
    });
    lead(&mock, "A", "");
    assert_eq!(error(&bayeux.subscribe("/topic/Leads", json!({})).await), "no error");
    lead(&mock, "B", "");
    let text = "403::Organization total events daily limit exceeded";
    assert_eq!(error(&bayeux.subscribe("/topic/Leads", json!({})).await), text);
    assert_eq!(error(&bayeux.connect().await[0]), text);
}

#[tokio::test]
async fn faults_go_by_the_name_of_the_first_message() {
    let mock = streaming_mock().await;
    let mut bayeux = Bayeux::connected(&mock).await;
    let fault =
        |name: &str, effect| mock.tenant().faults.add(Fault::new(Which::operation(name), effect)).unwrap();
    let busy = Effect::Error { code: "SERVER_UNAVAILABLE".to_owned(), message: None, fields: None };
    fault("streaming.subscribe", busy.clone());
    let text = "503::Server is too busy. Please try your request again later.";
    assert_eq!(error(&bayeux.subscribe("/topic/Leads", json!({})).await), text);
    assert_eq!(error(&bayeux.subscribe("/topic/Leads", json!({})).await), "no error");
    fault("streaming.connect", Effect::ExpiredSession);
    assert_eq!(error(&bayeux.connect().await[0]), "401::Authentication invalid");
    let reply = bayeux.handshake().await;
    assert_eq!(reply["ext"]["sfdc"]["failureReason"], "401::Authentication invalid");
    bayeux.token = mock.tenant().admit(Id::from_number(*b"005", *b"5g", 1));
    fault("streaming.handshake", busy);
    assert_eq!(bayeux.handshake().await["ext"]["sfdc"]["failureReason"], text);
    assert!(mock.tenant().faults.unused().is_empty());
}
