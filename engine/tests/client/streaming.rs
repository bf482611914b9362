//! Following push topics: the order of the exchanges, lost sessions, lost tokens, lost places.

use std::sync::Arc;
use std::time::Duration;

use engine::salesforce::streaming::{Change, Delivery, Event, Replay, Stream, Subscription};
use engine::salesforce::{ErrorKind, HttpOptions, RetryClass};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::stub::{Reply, Stub};
use super::world::{options, token_answer, world, world_with};

const SHAKEN: &str = r#"[{"ext":{"replay":true,"payload.format":true},"minimumVersion":"1.0","clientId":"l0s1u9zof06ofqqkdkk92jldqgmk","supportedConnectionTypes":["long-polling"],"channel":"/meta/handshake","id":"1","version":"1.0","successful":true}]"#;
const CONNECTED: &str = r#"[{"clientId":"c","advice":{"interval":0,"timeout":110000,"reconnect":"retry"},"channel":"/meta/connect","id":"2","successful":true}]"#;
const SUBSCRIBED: &str = r#"[{"clientId":"c","channel":"/meta/subscribe","id":"3","subscription":"/topic/Leads","successful":true}]"#;
const UNKNOWN: &str = r#"[{"advice":{"interval":0,"reconnect":"handshake"},"channel":"/meta/connect","id":"83","error":"403::Unknown client","successful":false}]"#;
const AUTH_LOST: &str = r#"[{"clientId":"c","advice":{"reconnect":"none","interval":0},"channel":"/meta/connect","id":"12","error":"401::Authentication invalid","successful":false}]"#;
const DENIED: &str = r#"[{"ext":{"sfdc":{"failureReason":"401::Authentication invalid"},"replay":true,"payload.format":true},"advice":{"reconnect":"none"},"channel":"/meta/handshake","id":"1","error":"403::Handshake denied","successful":false}]"#;

fn ok(body: &str) -> Reply {
    Reply::json(200, body)
}

fn event(replay_id: i64) -> String {
    format!(
        r#"{{"data":{{"event":{{"createdDate":"2018-10-18T14:53:33.777Z","replayId":{replay_id},"type":"updated"}},"sobject":{{"Id":"00Q5e00000ABCDEEA5","Email":null}}}},"channel":"/topic/Leads"}}"#
    )
}

/// A held connect's answer with these events before it.
fn events(replay_ids: &[i64]) -> Reply {
    let events: Vec<String> = replay_ids.iter().map(|id| event(*id) + ",").collect();
    ok(&format!(
        r#"[{}{{"clientId":"c","channel":"/meta/connect","id":"4","successful":true}}]"#,
        events.concat()
    ))
}

fn subscription_error(error: &str) -> Reply {
    let reply = json!([{"clientId": "c", "channel": "/meta/subscribe", "id": "2", "subscription": "/topic/Leads", "error": error, "successful": false}]);
    ok(&reply.to_string())
}

fn leads(replay: Replay) -> Vec<Subscription> {
    vec![Subscription { channel: "/topic/Leads".to_owned(), replay }]
}

/// The Bayeux messages that were sent: channel, and what makes each one particular.
fn sent(stub: &Stub) -> Vec<String> {
    let particular = |message: &Value| match message["channel"].as_str().unwrap() {
        "/meta/connect" if message["advice"]["timeout"] == 0 => "connect at once".to_owned(),
        "/meta/subscribe" => {
            let channel = message["subscription"].as_str().unwrap();
            format!("subscribe {channel} from {}", message["ext"]["replay"][channel])
        }
        channel => channel.trim_start_matches("/meta/").to_owned(),
    };
    let posts = stub.requests().into_iter().filter(|request| request.path.starts_with("/cometd/"));
    posts.map(|request| particular(&request.json()[0])).collect()
}

async fn replay_id(stream: &mut Stream) -> i64 {
    match stream.next().await.unwrap() {
        Delivery::Event(event) => event.replay_id,
        refused @ Delivery::SubscriptionRefused { .. } => panic!("{refused:?}"),
    }
}

#[tokio::test]
async fn events_arrive_in_order_after_handshake_connect_and_subscribe() {
    let stub = Stub::scripted([
        ok(SHAKEN)
            .with("Set-Cookie", "BAYEUX_BROWSER=b1;Path=/cometd/")
            .with("Set-Cookie", "t=x;Path=/cometd/;HttpOnly"),
        ok(CONNECTED),
        ok(SUBSCRIBED),
        events(&[5, 7]),
        events(&[]),
        events(&[8]),
    ])
    .await;
    let mut stream = Stream::open(world(&stub).client, leads(Replay::New)).await.unwrap();
    let first = stream.next().await.unwrap();
    let Delivery::Event(Event { channel, replay_id: 5, change: Change::Updated, created_date, sobject }) =
        first
    else {
        panic!("{first:?}")
    };
    assert_eq!(channel, "/topic/Leads");
    assert_eq!(created_date, "2018-10-18T14:53:33.777Z".parse().unwrap());
    assert_eq!(sobject.id(), Some("00Q5e00000ABCDEEA5"));
    assert!(sobject.is_null("Email"));
    assert_eq!([replay_id(&mut stream).await, replay_id(&mut stream).await], [7, 8]);
    assert_eq!(
        sent(&stub),
        ["handshake", "connect at once", "subscribe /topic/Leads from -1", "connect", "connect", "connect"]
    );
    let requests = stub.requests();
    assert!(requests.iter().all(|request| request.path == "/cometd/66.0"));
    assert!(requests.iter().all(|request| request.header("authorization") == Some("Bearer old")));
    assert_eq!(requests[0].json()[0]["ext"], json!({"replay": true}));
    let cookies = requests[1].header("cookie").unwrap();
    assert!(cookies.contains("BAYEUX_BROWSER=b1") && cookies.contains("t=x"), "{cookies}");
    assert_eq!(requests[2].json()[0]["clientId"], "l0s1u9zof06ofqqkdkk92jldqgmk");
}

#[tokio::test]
async fn an_unknown_client_shakes_hands_again_and_resumes_after_the_last_event() {
    let stub = Stub::scripted([
        ok(SHAKEN).with("Set-Cookie", "BAYEUX_BROWSER=b1;Path=/cometd/"),
        ok(CONNECTED),
        ok(SUBSCRIBED),
        events(&[5, 7]),
        ok(UNKNOWN),
        ok(SHAKEN),
        ok(CONNECTED),
        ok(SUBSCRIBED),
        events(&[7, 9]),
    ])
    .await;
    let mut stream = Stream::open(world(&stub).client, leads(Replay::After(3))).await.unwrap();
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(replay_id(&mut stream).await);
    }
    assert_eq!(ids, [5, 7, 7, 9], "an event that comes twice is the caller's to recognise");
    let sent = sent(&stub);
    assert_eq!(sent[2], "subscribe /topic/Leads from 3");
    assert_eq!(sent[5..8], ["handshake", "connect at once", "subscribe /topic/Leads from 7"]);
    assert_eq!(stub.requests()[5].header("cookie"), None, "the lost session's cookies stay behind");
}

#[tokio::test]
async fn a_broken_answer_is_asked_for_again_from_the_last_event_delivered() {
    let stub = Stub::scripted([
        ok(SHAKEN),
        ok(CONNECTED),
        ok(SUBSCRIBED),
        events(&[5]),
        Reply::Truncated { status: 200, body: format!("[{},", event(6)) },
        ok(SHAKEN),
        ok(CONNECTED),
        ok(SUBSCRIBED),
        events(&[6]),
    ])
    .await;
    let mut stream = Stream::open(world(&stub).client, leads(Replay::All)).await.unwrap();
    assert_eq!([replay_id(&mut stream).await, replay_id(&mut stream).await], [5, 6]);
    assert_eq!(sent(&stub)[7], "subscribe /topic/Leads from 5");
}

#[tokio::test]
async fn an_expired_place_is_reported_once_the_channel_is_followed_again() {
    let expired = "400::The replayId 3 you provided was invalid.  Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.";
    let stub = Stub::scripted([
        ok(SHAKEN),
        ok(CONNECTED),
        subscription_error(expired),
        ok(SUBSCRIBED),
        events(&[50]),
    ])
    .await;
    let mut stream = Stream::open(world(&stub).client, leads(Replay::After(3))).await.unwrap();
    assert_eq!(
        sent(&stub).last().unwrap(),
        "subscribe /topic/Leads from -1",
        "followed before it is reported"
    );
    let error = stream.next().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::ReplayExpired { channel: "/topic/Leads".to_owned() });
    assert_eq!(error.retry_class(), RetryClass::Never);
    assert_eq!(replay_id(&mut stream).await, 50);
}

#[tokio::test]
async fn a_session_lost_before_the_first_event_is_a_lost_place() {
    let stub = Stub::scripted([
        ok(SHAKEN),
        ok(CONNECTED),
        ok(SUBSCRIBED),
        ok(UNKNOWN),
        ok(SHAKEN),
        ok(CONNECTED),
        ok(SUBSCRIBED),
        events(&[50]),
    ])
    .await;
    let mut stream = Stream::open(world(&stub).client, leads(Replay::New)).await.unwrap();
    let error = stream.next().await.unwrap_err();
    assert!(
        matches!(error.kind, ErrorKind::ReplayExpired { .. }),
        "what happened in between went unseen: {error}"
    );
    assert_eq!(replay_id(&mut stream).await, 50);
}

#[tokio::test]
async fn a_lost_token_is_refreshed_once_and_the_handshake_repeated() {
    for (status, lost) in
        [(200, AUTH_LOST), (200, DENIED), (401, r#"[{"message":"x","errorCode":"INVALID_SESSION_ID"}]"#)]
    {
        let stub = Stub::start(move |request| async move {
            let fresh = request.header("authorization") == Some("Bearer new");
            if request.path == "/services/oauth2/token" {
                let host = format!("http://{}", request.header("host").unwrap());
                return Reply::json(200, token_answer(&host, "new", Some("r1")));
            }
            let at_handshake = lost == DENIED || status == 401;
            match request.json()[0]["channel"].as_str().unwrap() {
                "/meta/handshake" if fresh || !at_handshake => ok(SHAKEN),
                "/meta/subscribe" => ok(SUBSCRIBED),
                "/meta/connect" if request.json()[0].get("advice").is_some() => ok(CONNECTED),
                "/meta/connect" if fresh => events(&[9]),
                _ => Reply::json(status, lost),
            }
        })
        .await;
        let world = world(&stub);
        let mut stream = Stream::open(world.client, leads(Replay::After(8))).await.unwrap();
        assert_eq!(replay_id(&mut stream).await, 9, "{lost}");
        assert_eq!(world.memory.events(), ["stored new / r1"], "{lost}");
    }
}

#[tokio::test]
async fn a_token_refused_again_is_the_callers_to_know() {
    let stub = Stub::start(|request| async move {
        if request.path == "/services/oauth2/token" {
            let host = format!("http://{}", request.header("host").unwrap());
            return Reply::json(200, token_answer(&host, "new", None));
        }
        ok(DENIED)
    })
    .await;
    let error = Stream::open(world(&stub).client, leads(Replay::New)).await.unwrap_err();
    assert!(error.to_string().contains("401::Authentication invalid"), "{error}");
    assert_eq!(sent(&stub), ["handshake", "handshake"]);
}

#[tokio::test]
async fn a_refused_channel_is_delivered_and_the_others_go_on() {
    let two = vec![
        Subscription { channel: "/topic/Gone".to_owned(), replay: Replay::New },
        Subscription { channel: "/topic/Leads".to_owned(), replay: Replay::New },
    ];
    let refusal = "400::The channel you requested to subscribe to does not exist {/topic/Gone}";
    let stub = Stub::scripted([
        ok(SHAKEN),
        ok(CONNECTED),
        subscription_error(refusal),
        ok(SUBSCRIBED),
        events(&[1]),
    ])
    .await;
    let mut stream = Stream::open(world(&stub).client, two).await.unwrap();
    assert_eq!(
        stream.next().await.unwrap(),
        Delivery::SubscriptionRefused { channel: "/topic/Gone".to_owned(), error: refusal.to_owned() }
    );
    assert_eq!(replay_id(&mut stream).await, 1);
}

#[tokio::test]
async fn when_every_channel_is_refused_there_is_nothing_to_wait_for() {
    let stub = Stub::scripted([
        ok(SHAKEN),
        ok(CONNECTED),
        subscription_error("403::User not enabled for streaming"),
    ])
    .await;
    let mut stream = Stream::open(world(&stub).client, leads(Replay::New)).await.unwrap();
    assert!(matches!(stream.next().await.unwrap(), Delivery::SubscriptionRefused { .. }));
    assert!(stream.next().await.unwrap_err().to_string().contains("every channel was refused"));
}

#[tokio::test]
async fn the_daily_limit_stops_the_stream_by_name() {
    let stub = Stub::scripted([
        ok(SHAKEN),
        ok(CONNECTED),
        subscription_error("403::Organization total events daily limit exceeded"),
    ])
    .await;
    let error = Stream::open(world(&stub).client, leads(Replay::New)).await.unwrap_err();
    assert_eq!(error.retry_class(), RetryClass::UntilReset);
    assert!(error.to_string().starts_with("streaming.subscribe: /topic/Leads: 403::"), "{error}");
}

#[tokio::test]
async fn events_in_the_subscribe_answer_are_not_lost() {
    let both = format!("[{},{}", event(4), SUBSCRIBED.trim_start_matches('['));
    let stub = Stub::scripted([ok(SHAKEN), ok(CONNECTED), ok(&both), events(&[5])]).await;
    let mut stream = Stream::open(world(&stub).client, leads(Replay::After(3))).await.unwrap();
    assert_eq!([replay_id(&mut stream).await, replay_id(&mut stream).await], [4, 5]);
}

#[tokio::test]
async fn a_caller_that_stops_waiting_loses_no_event() {
    let (asked, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let stub = Stub::start({
        let (asked, go) = (Arc::clone(&asked), Arc::clone(&go));
        move |request| {
            let (asked, go) = (Arc::clone(&asked), Arc::clone(&go));
            async move {
                match request.json()[0]["channel"].as_str().unwrap() {
                    "/meta/handshake" => ok(SHAKEN),
                    "/meta/subscribe" => ok(SUBSCRIBED),
                    _ if request.json()[0].get("advice").is_some() => ok(CONNECTED),
                    _ => {
                        asked.notify_one();
                        go.notified().await;
                        events(&[5])
                    }
                }
            }
        }
    })
    .await;
    let mut stream = Stream::open(world(&stub).client, leads(Replay::New)).await.unwrap();
    tokio::select! {
        delivery = stream.next() => panic!("{delivery:?}"),
        () = asked.notified() => {}
    }
    go.notify_one();
    assert_eq!(replay_id(&mut stream).await, 5);
    assert_eq!(
        sent(&stub).iter().filter(|line| *line == "connect").count(),
        1,
        "the same connect was waited for"
    );
}

#[tokio::test]
async fn a_server_that_keeps_losing_sessions_is_not_hammered() {
    let stub = Stub::start(|request| async move {
        match request.json()[0]["channel"].as_str().unwrap() {
            "/meta/handshake" => ok(SHAKEN),
            "/meta/subscribe" => ok(SUBSCRIBED),
            _ if request.json()[0].get("advice").is_some() => ok(CONNECTED),
            _ => ok(UNKNOWN),
        }
    })
    .await;
    let world = world(&stub);
    let mut stream = Stream::open(world.client, leads(Replay::After(3))).await.unwrap();
    let (error, alarms) = tokio::join!(stream.next(), async {
        [world.clock.advance_to_next_alarm().await, world.clock.advance_to_next_alarm().await]
    });
    assert_eq!(error.unwrap_err().retry_class(), RetryClass::Backoff);
    assert!(alarms[0] < alarms[1]);
    assert_eq!(
        sent(&stub).iter().filter(|line| *line == "handshake").count(),
        4,
        "once, at once again, and two pauses"
    );
}

#[tokio::test]
async fn a_connect_that_outlives_its_hold_is_given_up() {
    let hold = r#"[{"clientId":"c","advice":{"interval":0,"timeout":20,"reconnect":"retry"},"channel":"/meta/connect","id":"2","successful":true}]"#;
    let stub = Stub::scripted([
        ok(SHAKEN),
        ok(hold),
        ok(SUBSCRIBED),
        Reply::Silence,
        ok(SHAKEN),
        ok(hold),
        ok(SUBSCRIBED),
        events(&[5]),
    ])
    .await;
    let options = HttpOptions { streaming_grace: Duration::from_millis(50), ..options() };
    let world = world_with(&stub, Arc::default(), &options);
    let mut stream = Stream::open(world.client, leads(Replay::After(4))).await.unwrap();
    assert_eq!(replay_id(&mut stream).await, 5);
}

#[tokio::test]
async fn closing_says_goodbye_and_other_channels_are_refused() {
    let stub = Stub::scripted([ok(SHAKEN), ok(CONNECTED), ok(SUBSCRIBED), ok("[]")]).await;
    let client = world(&stub).client;
    let stream = Stream::open(client.clone(), leads(Replay::New)).await.unwrap();
    stream.close().await.unwrap();
    assert_eq!(sent(&stub).last().unwrap(), "disconnect");
    for channel in ["/event/X__e", "topic/Leads", "/data/ChangeEvents"] {
        let subscription = Subscription { channel: channel.to_owned(), replay: Replay::New };
        let error = Stream::open(client.clone(), vec![subscription]).await.unwrap_err();
        assert!(error.to_string().contains("only push topics"), "{error}");
    }
}

#[tokio::test]
async fn an_event_that_cannot_be_read_is_an_error_and_not_a_silence() {
    let strange = r#"[{"data":{"event":{"replayId":5,"type":"exploded","createdDate":"2018-10-18T14:53:33.777Z"},"sobject":{}},"channel":"/topic/Leads"},{"clientId":"c","channel":"/meta/connect","id":"4","successful":true}]"#;
    let stub = Stub::scripted([ok(SHAKEN), ok(CONNECTED), ok(SUBSCRIBED), ok(strange), events(&[6])]).await;
    let mut stream = Stream::open(world(&stub).client, leads(Replay::New)).await.unwrap();
    assert!(stream.next().await.unwrap_err().to_string().contains("without a readable type"));
    assert_eq!(replay_id(&mut stream).await, 6);
}
