//! Long polling as Bayeux clients see it (`contract/streaming.md` sections 1 to 4 and 8).

use std::time::Duration;

use mock_sfdc::{
    MockSfdc,
    faults::{Effect, Fault},
    which::Which,
};
use mock_sfdc_org::{id::Id, settings::Edition, streaming::Setup, value::DateTime};
use serde_json::{Value, json};

use crate::{
    TOKEN,
    bayeux::{Bayeux, error, names},
    client, mock, people,
};

const HOUR: i64 = 3_600_000;

/// A mock with the topic `Leads` and a clock that stands.
async fn streaming_mock() -> MockSfdc {
    let mock = mock().await;
    mock.tenant().org.clock().freeze_at(DateTime::from_millis(1_774_440_000_000));
    topic(&mock, "Leads", "SELECT Id, LastName, City FROM Lead");
    mock
}

fn topic(mock: &MockSfdc, name: &str, query: &str) -> Id {
    people::seed(mock, "PushTopic", &[("Name", name), ("Query", query), ("ApiVersion", "66.0")])
}

fn lead(mock: &MockSfdc, last_name: &str, city: &str) -> Id {
    people::seed(mock, "Lead", &[("LastName", last_name), ("Company", "Engines"), ("City", city)])
}

fn setup(mock: &MockSfdc, change: impl FnOnce(&mut Setup)) {
    let user = Id::from_number(*b"005", *b"5g", 1);
    mock.tenant().in_transaction(user, |tx| change(tx.streams_mut().setup_mut()));
}

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
async fn a_handshake_gives_a_session_and_its_cookies() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::new(&mock);
    let message =
        json!({"channel": "/meta/handshake", "id": "1", "supportedConnectionTypes": ["long-polling"]});
    let (status, headers, body) = bayeux.raw("/handshake", message.to_string()).await;
    assert_eq!(status, 200);
    let reply = serde_json::from_str::<Vec<Value>>(&body).unwrap().remove(0);
    let id = reply["clientId"].as_str().unwrap();
    assert!(
        (24..=30).contains(&id.len()) && id.bytes().all(|c| c.is_ascii_digit() || c.is_ascii_lowercase())
    );
    let cookies =
        headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect::<Vec<_>>();
    let browser = cookies[0].strip_prefix("BAYEUX_BROWSER=").unwrap().strip_suffix(";Path=/cometd/").unwrap();
    assert_eq!(cookies[1], format!("t={browser};Path=/cometd/;HttpOnly"));
    assert!(cookies[2].starts_with("sfdc-stream=!") && cookies[2].ends_with(";path=/"));
}

#[tokio::test]
async fn the_first_connect_comes_back_at_once_with_advice_and_the_next_one_is_held() {
    let mock = streaming_mock().await;
    let mut bayeux = Bayeux::new(&mock);
    bayeux.handshake().await;
    let first = bayeux.connect().await;
    assert_eq!(first[0]["advice"], json!({"interval": 0, "timeout": 110_000, "reconnect": "retry"}));
    bayeux.subscribe("/topic/Leads", json!({})).await;
    let held = bayeux.connect();
    tokio::pin!(held);
    assert!(tokio::time::timeout(Duration::from_millis(150), &mut held).await.is_err(), "was not held");
    lead(&mock, "Byron", "London");
    let replies = held.await;
    assert_eq!(names(&replies), ["Byron"]);
    assert_eq!(replies[1].get("advice"), None);
}

#[tokio::test]
async fn a_held_connect_ends_after_110_seconds_of_the_orgs_clock() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::connected(&mock).await;
    let held = bayeux.connect();
    tokio::pin!(held);
    assert!(tokio::time::timeout(Duration::from_millis(100), &mut held).await.is_err());
    mock.tenant().org.clock().advance(109_999);
    assert!(tokio::time::timeout(Duration::from_millis(100), &mut held).await.is_err(), "too early");
    mock.tenant().org.clock().advance(1);
    let replies = held.await;
    assert_eq!((replies.len(), &replies[0]["successful"]), (1, &json!(true)));
    // The session was in use all the time, so it is not away.
    assert_eq!(bayeux.subscribe("/topic/Leads", json!({})).await["successful"], true);
}

#[tokio::test]
async fn who_stays_away_for_more_than_40_seconds_is_forgotten() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::connected(&mock).await;
    mock.tenant().org.clock().advance(40_000);
    let mut message = bayeux.message("/meta/connect");
    message["advice"] = json!({"timeout": 0});
    assert_eq!(bayeux.post(json!([message])).await[0]["successful"], true);
    mock.tenant().org.clock().advance(40_001);
    let reply = bayeux.connect().await.remove(0);
    assert_eq!(
        reply.to_string(),
        r#"{"advice":{"interval":0,"reconnect":"handshake"},"channel":"/meta/connect","id":"7","error":"403::Unknown client","successful":false}"#
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

#[tokio::test]
async fn a_later_connect_takes_the_place_of_a_held_one() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::connected(&mock).await;
    let held = bayeux.connect();
    tokio::pin!(held);
    assert!(tokio::time::timeout(Duration::from_millis(100), &mut held).await.is_err());
    let mut second = bayeux.message("/meta/connect");
    second["advice"] = json!({"timeout": 0});
    bayeux.post(json!([second])).await;
    assert_eq!(held.await[0]["successful"], true);
}

#[tokio::test]
async fn disconnecting_answers_the_held_connect() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::connected(&mock).await;
    let held = bayeux.connect();
    tokio::pin!(held);
    assert!(tokio::time::timeout(Duration::from_millis(100), &mut held).await.is_err());
    bayeux.post(json!([bayeux.message("/meta/disconnect")])).await;
    assert_eq!(held.await[0]["advice"], json!({"reconnect": "none", "interval": 0}));
    assert_eq!(mock.tenant().streaming.client_count(), 0);
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
    // Before 37 moments are written as REST writes them.
    bayeux.url = format!("{}/cometd/36.0", mock.url());
    bayeux.handshake().await;
    bayeux.connect().await;
    bayeux.subscribe("/topic/Leads", json!({})).await;
    lead(&mock, "A", "");
    assert_eq!(bayeux.connect().await[0]["data"]["event"]["createdDate"], "2026-03-25T12:00:00.000+0000");
}

#[tokio::test]
async fn only_post_and_only_so_much() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::new(&mock);
    let bare = client().get(format!("{}/cometd", mock.url())).send().await.unwrap();
    assert!(bare.status().is_client_error(), "{bare:?}");
    for url in [&bayeux.url, &format!("{}/connect", bayeux.url)] {
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

/// Another user.
fn grace(mock: &MockSfdc) -> Id {
    let state = mock.tenant().org.snapshot();
    let profiles = state.schema().object("Profile").unwrap();
    let profile = state.table(profiles.index).rows().next().unwrap().id().to_string();
    people::seed(
        mock,
        "User",
        &[
            ("Username", "grace@example.com"),
            ("LastName", "Hopper"),
            ("Email", "grace@engine.example"),
            ("CommunityNickname", "grace"),
            ("IsActive", "true"),
            ("TimeZoneSidKey", "America/Los_Angeles"),
            ("LocaleSidKey", "en_US"),
            ("LanguageLocaleKey", "en_US"),
            ("Alias", "grace"),
            ("EmailEncodingKey", "UTF-8"),
            ("ProfileId", &profile),
        ],
    )
}

#[tokio::test]
async fn a_session_belongs_to_its_user_and_to_its_browser() {
    let mock = streaming_mock().await;
    let mut bayeux = Bayeux::connected(&mock).await;
    bayeux.token = mock.tenant().admit(grace(&mock));
    let reply = bayeux.connect().await.remove(0);
    assert_eq!(error(&reply), "400::Authenticated user id does not match the session's user id.");
    bayeux.token = TOKEN.to_owned();
    bayeux.cookie.clear();
    let expected =
        format!("400::Client {} has established a session, but no BAYEUX_BROWSER cookie present", bayeux.id);
    assert_eq!(error(&bayeux.subscribe("/topic/Leads", json!({})).await), expected);
    setup(&mock, |setup| setup.cookies_required = false);
    assert_eq!(error(&bayeux.subscribe("/topic/Leads", json!({})).await), "no error");
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
async fn a_reset_of_the_org_ends_all_sessions() {
    let mock = streaming_mock().await;
    let seed = (*mock.tenant().org.snapshot()).clone();
    let bayeux = Bayeux::connected(&mock).await;
    let held = bayeux.connect();
    tokio::pin!(held);
    assert!(tokio::time::timeout(Duration::from_millis(100), &mut held).await.is_err());
    mock.tenant().org.restore(seed);
    assert_eq!(error(&held.await[0]), "403::Unknown client");
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

#[tokio::test]
async fn no_event_is_lost_or_told_twice_while_clients_come_and_go() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::connected(&mock).await;
    bayeux.subscribe("/topic/Leads", json!({})).await;
    let mut told = Vec::new();
    let mut wanted = Vec::new();
    for round in 0..20 {
        for number in 0..round % 4 {
            let name = format!("{round}.{number}");
            lead(&mock, &name, "");
            wanted.push(name);
        }
        let mut message = bayeux.message("/meta/connect");
        message["advice"] = json!({"timeout": 0});
        let replies = bayeux.post(json!([message])).await;
        told.extend(names(&replies).into_iter().map(str::to_owned));
    }
    assert_eq!(told, wanted);
}

#[tokio::test]
async fn a_test_in_any_language_sets_streaming_up_and_drops_its_clients() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::connected(&mock).await;
    let ask = async |method: reqwest::Method, path: &str, body: Value| {
        let url = format!("{}/orgs/default/streaming{path}", mock.control_url());
        let request = client().request(method, url).header("x-mock-token", mock.control_token());
        let answer = request.body(body.to_string()).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, shown) =
        ask(reqwest::Method::PATCH, "", json!({"clients": 1, "cookiesRequired": false})).await;
    let shown = serde_json::from_str::<Value>(&shown).unwrap();
    assert_eq!(
        (status, &shown["clients"], &shown["cookiesRequired"], &shown["clientsConnected"]),
        (200, &json!(1), &json!(false), &json!(1))
    );
    let reply = Bayeux::new(&mock).handshake().await;
    assert_eq!(reply["ext"]["sfdc"]["failureReason"], "403::Organization concurrent user limit exceeded");
    let (status, text) = ask(reqwest::Method::PATCH, "", json!({"cleints": 1})).await;
    assert!(status == 400 && text.contains("cleints"), "{text}");
    assert_eq!(ask(reqwest::Method::DELETE, "/clients", json!({})).await.0, 204);
    assert_eq!(error(&bayeux.connect().await[0]), "403::Unknown client");
}
