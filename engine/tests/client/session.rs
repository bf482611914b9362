//! Tokens that expire: one refresh, stored before it is used, and what happens when it is refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use engine::salesforce::{ErrorKind, HttpOptions, RetryClass};
use futures::future::join_all;
use tokio::sync::Notify;

use super::stub::{Reply, Request, Stub};
use super::world::{Memory, options, token_answer, world, world_with};

const LIMITS: &str = r#"{"DailyApiRequests":{"Max":15000,"Remaining":14976}}"#;

fn host(request: &Request) -> String {
    format!("http://{}", request.header("host").unwrap())
}

/// Refuses `old`; the token endpoint hands out `new` with the refresh token `r1`.
fn expiring(request: &Request) -> Reply {
    match (request.path.as_str(), request.header("authorization")) {
        ("/services/oauth2/token", _) => Reply::json(200, token_answer(&host(request), "new", Some("r1"))),
        (_, Some("Bearer new")) => Reply::json(200, LIMITS),
        _ => Reply::expired(),
    }
}

fn refreshes(stub: &Stub) -> usize {
    stub.lines().iter().filter(|line| *line == "POST /services/oauth2/token").count()
}

#[tokio::test]
async fn ten_calls_that_find_the_token_expired_make_one_refresh() {
    let stub = Stub::start(|request| async move { expiring(&request) }).await;
    let world = world(&stub);
    let calls = (0..10).map(|_| world.client.limits());
    for limits in join_all(calls).await {
        assert_eq!(limits.unwrap()["DailyApiRequests"].remaining, 14_976);
    }
    assert_eq!(refreshes(&stub), 1);
    let requests = stub.requests();
    let refresh = requests.iter().find(|request| request.method == "POST").unwrap();
    assert_eq!(refresh.form("grant_type").as_deref(), Some("refresh_token"));
    assert_eq!(refresh.form("refresh_token").as_deref(), Some("r0"));
    assert_eq!(refresh.form("client_secret").as_deref(), Some("Consumer Secret"));
    assert_eq!(world.memory.events(), ["stored new / r1"]);
}

#[tokio::test]
async fn rotated_tokens_are_stored_before_the_new_access_token_is_used() {
    let memory = Arc::new(Memory::default());
    let stub = Stub::start({
        let memory = Arc::clone(&memory);
        move |request| {
            memory.note(format!(
                "{} with {}",
                request.path,
                request.header("authorization").unwrap_or("nothing")
            ));
            async move { expiring(&request) }
        }
    })
    .await;
    let world = world_with(&stub, memory, &options());
    world.client.limits().await.unwrap();
    assert_eq!(
        world.memory.events(),
        [
            "/services/data/v66.0/limits with Bearer old",
            "/services/oauth2/token with nothing",
            "stored new / r1",
            "/services/data/v66.0/limits with Bearer new",
        ]
    );
}

#[tokio::test]
async fn tokens_that_cannot_be_stored_are_not_used_and_not_lost() {
    let stub = Stub::start(|request| async move { expiring(&request) }).await;
    let world = world(&stub);
    *world.memory.failures.lock().unwrap() = 3;
    let (limits, ()) = tokio::join!(world.client.limits(), async {
        world.clock.advance_to_next_alarm().await;
        world.clock.advance_to_next_alarm().await;
    });
    let error = limits.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Custody { reason: "disk full".to_owned() });
    assert_eq!(error.retry_class(), RetryClass::Backoff);
    assert!(!stub.requests().iter().any(|request| request.header("authorization") == Some("Bearer new")));
    world.client.limits().await.unwrap();
    assert_eq!(refreshes(&stub), 1, "the rotated tokens were kept in memory: r0 is not sent a second time");
    assert_eq!(world.memory.events(), ["stored new / r1"]);
}

#[tokio::test]
async fn a_caller_that_gives_up_does_not_take_the_rotated_token_with_it() {
    let (asked, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let stub = Stub::start({
        let (asked, go) = (Arc::clone(&asked), Arc::clone(&go));
        move |request| {
            let (asked, go) = (Arc::clone(&asked), Arc::clone(&go));
            async move {
                if request.method == "POST" {
                    asked.notify_one();
                    go.notified().await;
                }
                expiring(&request)
            }
        }
    })
    .await;
    let world = world(&stub);
    let caller = tokio::spawn({
        let client = world.client.clone();
        async move { client.limits().await }
    });
    asked.notified().await;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    go.notify_one();
    world.client.limits().await.unwrap();
    assert_eq!(refreshes(&stub), 1);
}

#[tokio::test]
async fn without_rotation_the_refresh_token_stays() {
    let stub = Stub::start(|request| async move {
        match request.path.as_str() {
            "/services/oauth2/token" => Reply::json(200, token_answer(&host(&request), "new", None)),
            _ if request.header("authorization") == Some("Bearer new") => Reply::json(200, LIMITS),
            _ => Reply::expired(),
        }
    })
    .await;
    let world = world(&stub);
    world.client.limits().await.unwrap();
    assert_eq!(world.memory.events(), ["stored new / r0"]);
}

#[tokio::test]
async fn a_refused_grant_marks_the_connection_and_asks_no_more() {
    let stub = Stub::start(|request| async move {
        match request.path.as_str() {
            "/services/oauth2/token" => Reply::json(
                400,
                r#"{"error":"invalid_grant","error_description":"expired access/refresh token"}"#,
            ),
            _ => Reply::expired(),
        }
    })
    .await;
    let world = world(&stub);
    let reason = "expired access/refresh token".to_owned();
    for error in join_all((0..5).map(|_| world.client.limits())).await {
        assert_eq!(error.unwrap_err().kind, ErrorKind::NeedsReconnect { reason: reason.clone() });
    }
    assert_eq!(refreshes(&stub), 1);
    assert_eq!(world.memory.events(), ["needs reconnect: expired access/refresh token"]);
    let before = stub.lines().len();
    assert!(matches!(world.client.limits().await.unwrap_err().kind, ErrorKind::NeedsReconnect { .. }));
    assert_eq!(stub.lines().len(), before, "nothing is sent on a connection that is gone");
}

#[tokio::test]
async fn a_login_restriction_refuses_the_call_but_keeps_the_connection() {
    let stub = Stub::start(|request| async move {
        match request.path.as_str() {
            "/services/oauth2/token" => Reply::json(
                400,
                r#"{"error":"invalid_grant","error_description":"ip restricted or invalid login hours"}"#,
            ),
            _ => Reply::expired(),
        }
    })
    .await;
    let world = world(&stub);
    let error = world.client.limits().await.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Auth { .. }), "{error}");
    assert!(world.memory.events().is_empty());
}

#[tokio::test]
async fn callers_that_waited_for_a_failed_refresh_share_its_error() {
    let tries = Arc::new(AtomicU32::new(0));
    let arrived = Arc::new(Notify::new());
    let stub = Stub::start({
        let (tries, arrived) = (Arc::clone(&tries), Arc::clone(&arrived));
        move |request| {
            let (tries, arrived) = (Arc::clone(&tries), Arc::clone(&arrived));
            async move {
                if request.method != "POST" {
                    if tries.fetch_add(1, Ordering::SeqCst) == 4 {
                        arrived.notify_one();
                    }
                    return Reply::expired();
                }
                arrived.notified().await;
                Reply::json(400, r#"{"error":"inactive_org","error_description":"org is locked"}"#)
            }
        }
    })
    .await;
    let world = world(&stub);
    let outcomes = join_all((0..5).map(|_| world.client.limits())).await;
    for error in outcomes {
        assert!(matches!(error.unwrap_err().kind, ErrorKind::Auth { .. }));
    }
    assert!(refreshes(&stub) < 5, "{} refreshes for 5 callers", refreshes(&stub));
    assert!(world.memory.events().is_empty());
}

#[tokio::test]
async fn a_refresh_that_failed_in_passing_is_tried_again() {
    let busy = AtomicU32::new(1);
    let stub = Stub::start(move |request| {
        let refused = request.method == "POST" && busy.swap(0, Ordering::SeqCst) == 1;
        async move {
            if refused {
                Reply::Answer { status: 503, headers: vec![], body: "busy".into() }
            } else {
                expiring(&request)
            }
        }
    })
    .await;
    let world = world(&stub);
    let (limits, _) = tokio::join!(world.client.limits(), world.clock.advance_to_next_alarm());
    assert!(limits.is_ok(), "{limits:?}");
    assert_eq!(refreshes(&stub), 2);
}

#[tokio::test]
async fn a_new_token_that_is_refused_too_is_not_refreshed_for_ever() {
    let stub = Stub::start(|request| async move {
        match request.path.as_str() {
            "/services/oauth2/token" => Reply::json(200, token_answer(&host(&request), "new", None)),
            _ => Reply::expired(),
        }
    })
    .await;
    let world = world(&stub);
    let error = world.client.limits().await.unwrap_err();
    assert_eq!(error.retry_class(), RetryClass::RefreshToken);
    assert_eq!(refreshes(&stub), 1);
}

#[tokio::test]
async fn the_identity_service_refuses_a_token_in_its_own_words() {
    let identity = r#"{"id":"x","user_id":"005d0000000fyGPCCY","organization_id":"00Dd0000000d45TEBQ","username":"a@b.c"}"#;
    let stub = Stub::start(move |request| async move {
        match (request.path.as_str(), request.header("authorization")) {
            ("/services/oauth2/token", _) => Reply::json(200, token_answer(&host(&request), "new", None)),
            ("/id/00Dd0000000d45TEBQ/005d0000000fyGPCCY", Some("Bearer new")) => Reply::json(200, identity),
            _ => Reply::Answer { status: 403, headers: vec![], body: "Bad_OAuth_Token".to_owned() },
        }
    })
    .await;
    let world = world(&stub);
    assert_eq!(world.client.identity().await.unwrap().username, "a@b.c");
}

#[tokio::test]
async fn a_forged_token_answer_is_refused() {
    let stub = Stub::start(|request| async move {
        match request.path.as_str() {
            "/services/oauth2/token" => Reply::json(
                200,
                token_answer(&host(&request), "new", None)
                    .replace("005d0000000fyGPCCY", "005d0000000evilAAA"),
            ),
            _ => Reply::expired(),
        }
    })
    .await;
    let world = world(&stub);
    let error = world.client.limits().await.unwrap_err();
    assert!(error.to_string().contains("signature"), "{error}");
    assert!(world.memory.events().is_empty(), "nothing of it was stored");
}

#[tokio::test]
async fn tokens_do_not_travel_in_the_clear_to_another_machine() {
    let stub = Stub::start(|request| async move {
        match request.path.as_str() {
            "/services/oauth2/token" => {
                Reply::json(200, token_answer("http://na1.salesforce.example", "new", None))
            }
            _ => Reply::expired(),
        }
    })
    .await;
    let world = world_with(&stub, Arc::default(), &HttpOptions::default());
    let error = world.client.limits().await.unwrap_err();
    assert!(error.to_string().contains("not https"), "{error}");
}

#[tokio::test]
async fn nothing_that_is_printed_shows_a_token() {
    let stub = Stub::start(|request| async move { expiring(&request) }).await;
    let world = world(&stub);
    world.client.limits().await.unwrap();
    let access = world.client.session().access().await.unwrap();
    let printed = format!("{:?} {:?} {access:?}", world.client, world.client.session());
    for secret in ["r1", "Consumer Secret", "\"new\"", "\"old\""] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}
