//! Calls that fail: which are tried again, how often, and which must never be.

use std::sync::Arc;
use std::time::Duration;

use engine::clock::Clock as _;
use engine::salesforce::{Deletion, Error, ErrorKind, Fields, HttpOptions, RetryClass, Sent, WriteOptions};

use super::stub::{Reply, Stub};
use super::world::{World, world, world_with};

const CREATED: &str = r#"{"id":"00Q5e00000ABCDEEA5","success":true,"errors":[]}"#;
const ID: &str = "00Q5e00000ABCDEEA5";

fn busy() -> Reply {
    Reply::error(503, "SERVER_UNAVAILABLE", "Server too busy")
}

async fn create(world: &World) -> Result<String, Error> {
    let fields = Fields::new().with("LastName", "Lovelace").with("Company", "Engines");
    world.client.create("Lead", &fields, &WriteOptions::default()).await
}

#[tokio::test]
async fn a_create_without_an_answer_is_ambiguous_and_is_sent_once() {
    for reply in [
        Reply::Hangup,
        Reply::Truncated { status: 201, body: r#"{"id":"00Q5"#.to_owned() },
        Reply::json(201, r#"{"id":"00Q5"#),
        Reply::json(201, "<html>"),
        Reply::Answer { status: 502, headers: vec![], body: "Bad Gateway".to_owned() },
        Reply::error(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred."),
        Reply::error(503, "REQUEST_RUNNING_TOO_LONG", "Your request was running for too long."),
    ] {
        let stub = Stub::scripted([reply.clone(), Reply::json(201, CREATED)]).await;
        let error = create(&world(&stub)).await.unwrap_err();
        assert_eq!(error.retry_class(), RetryClass::Ambiguous, "{reply:?} gives {error}");
        assert_eq!(stub.lines().len(), 1, "{reply:?}: sent once");
    }
}

#[tokio::test]
async fn a_create_that_times_out_is_ambiguous() {
    let stub = Stub::scripted([Reply::Silence]).await;
    let options = HttpOptions { request_timeout: Duration::from_millis(50), ..HttpOptions::default() };
    let error = create(&world_with(&stub, Arc::default(), &options)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Timeout { sent: Sent::Maybe });
    assert_eq!(error.retry_class(), RetryClass::Ambiguous);
}

#[tokio::test]
async fn a_create_that_never_left_is_tried_again() {
    let stub = Stub::scripted([]).await;
    let world = world(&stub);
    drop(stub);
    tokio::task::yield_now().await;
    let call = tokio::spawn({
        let client = world.client.clone();
        async move { client.create("Lead", &Fields::new(), &WriteOptions::default()).await }
    });
    world.clock.advance_to_next_alarm().await;
    world.clock.advance_to_next_alarm().await;
    let error = call.await.unwrap().unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Transport { sent: Sent::No, .. }), "{error}");
    assert_eq!(error.retry_class(), RetryClass::Backoff);
}

#[tokio::test]
async fn a_create_that_was_turned_away_is_tried_again() {
    for refusal in [busy(), Reply::error(400, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access")] {
        let stub = Stub::scripted([refusal, Reply::json(201, CREATED)]).await;
        let world = world(&stub);
        let (created, _) = tokio::join!(create(&world), world.clock.advance_to_next_alarm());
        assert_eq!(created.unwrap(), ID);
        assert_eq!(stub.lines().len(), 2);
    }
}

#[tokio::test]
async fn an_expired_session_proves_that_nothing_was_created() {
    let stub = Stub::start(|request| async move {
        match (request.path.as_str(), request.header("authorization")) {
            ("/services/oauth2/token", _) => {
                let host = format!("http://{}", request.header("host").unwrap());
                Reply::json(200, super::world::token_answer(&host, "new", None))
            }
            (_, Some("Bearer new")) => Reply::json(201, CREATED),
            _ => Reply::expired(),
        }
    })
    .await;
    assert_eq!(create(&world(&stub)).await.unwrap(), ID);
}

#[tokio::test]
async fn what_is_safe_to_repeat_is_repeated_with_growing_pauses_and_then_given_up() {
    let stub = Stub::scripted([busy(), Reply::Hangup, busy()]).await;
    let world = world(&stub);
    let (fields, options) = (Fields::new().with("Rating", "Hot"), WriteOptions::default());
    let begin = world.clock.now();
    let (updated, pauses) = tokio::join!(world.client.update("Lead", ID, &fields, &options), async {
        let first = world.clock.advance_to_next_alarm().await;
        let second = world.clock.advance_to_next_alarm().await;
        [first.duration_since(begin), second.duration_since(first)]
    });
    assert_eq!(updated.unwrap_err().retry_class(), RetryClass::Backoff);
    assert_eq!(stub.lines().len(), 3, "three tries, as the policy says");
    let [first, second] = pauses.map(|pause| pause.as_millis());
    assert!((500..=1000).contains(&first), "{first} ms");
    assert!((1000..=2000).contains(&second), "{second} ms");
}

#[tokio::test]
async fn the_servers_own_wish_to_wait_is_kept() {
    let stub = Stub::scripted([busy().with("Retry-After", "20"), Reply::json(200, "[]")]).await;
    let world = world(&stub);
    let (versions, at) = tokio::join!(world.client.versions(), world.clock.advance_to_next_alarm());
    assert!(versions.unwrap().is_empty());
    assert_eq!(at, "2026-11-21T10:00:20Z".parse().unwrap());
}

#[tokio::test]
async fn a_delete_whose_answer_was_lost_finds_the_record_deleted() {
    let gone = r#"[{"message":"entity is deleted","errorCode":"ENTITY_IS_DELETED","fields":[]}]"#;
    let stub = Stub::scripted([Reply::Hangup, Reply::json(404, gone)]).await;
    let world = world(&stub);
    let (deletion, _) = tokio::join!(world.client.delete("Lead", ID), world.clock.advance_to_next_alarm());
    assert_eq!(deletion.unwrap(), Deletion::WasDeleted);
}

#[tokio::test]
async fn the_daily_allowance_stops_at_once() {
    let stub =
        Stub::scripted([Reply::error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")]).await;
    let error = world(&stub).client.limits().await.unwrap_err();
    assert_eq!(error.retry_class(), RetryClass::UntilReset);
    assert_eq!(stub.lines().len(), 1);
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_refused() {
    let stub = Stub::scripted([Reply::json(200, format!("[{}]", " ".repeat(2000)))]).await;
    let options = HttpOptions { max_response_bytes: 1000, ..HttpOptions::default() };
    let error = world_with(&stub, Arc::default(), &options).client.versions().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge { limit_bytes: 1000 });
}

#[tokio::test]
async fn a_redirect_is_reported_and_not_followed() {
    let elsewhere = Stub::scripted([]).await;
    let moved = Reply::Answer {
        status: 302,
        headers: vec![("Location", elsewhere.url.to_string())],
        body: String::new(),
    };
    let stub = Stub::scripted([moved]).await;
    let error = world(&stub).client.limits().await.unwrap_err();
    assert!(error.to_string().contains(&format!("redirected to {}", elsewhere.url)), "{error}");
    assert!(elsewhere.lines().is_empty(), "no token went there");
}
