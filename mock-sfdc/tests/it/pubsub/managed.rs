//! `ManagedSubscribe`, and the Tooling API that tells of managed subscriptions.

use super::*;

type Managed = Open<ManagedFetchRequest, ManagedFetchResponse>;

#[tokio::test]
async fn a_managed_subscription_goes_on_where_it_has_committed() {
    let mock = org().await;
    for model in ["A", "B", "C"] {
        ink(&mock, model).await;
    }
    let headers = Headers::of(&mock);
    let first = |name: &str| ManagedFetchRequest {
        developer_name: name.to_owned(),
        num_requested: 2,
        ..ManagedFetchRequest::default()
    };
    let mut stream: Managed = open(&mock, &headers, "ManagedSubscribe", first("Sync")).await.unwrap();
    let response = stream.next().await;
    assert_eq!(response.events.len(), 2);
    let mut second: Managed = open(&mock, &headers, "ManagedSubscribe", first("Sync")).await.unwrap();
    assert_eq!(code(&second.refusal().await), "managed.subscription.already.active");
    let commit = |id: &str, replay_id: Vec<u8>| ManagedFetchRequest {
        commit_replay_id_request: Some(CommitReplayRequest { commit_request_id: id.to_owned(), replay_id }),
        ..ManagedFetchRequest::default()
    };
    stream.requests.send(commit("one", response.events[0].replay_id.clone())).await.unwrap();
    let answer = stream.next().await.commit_response.unwrap();
    assert_eq!((answer.commit_request_id.as_str(), answer.error), ("one", None));
    stream.requests.send(commit("two", vec![9])).await.unwrap();
    let answer = stream.next().await.commit_response.unwrap();
    assert_eq!((answer.commit_request_id.as_str(), answer.error.map(|error| error.code)), ("two", Some(2)));
    drop(stream.requests);
    while stream.answers.message().await.unwrap().is_some() {}
    let mut again: Managed = open(&mock, &headers, "ManagedSubscribe", first("Sync")).await.unwrap();
    let events = again.next().await.events;
    assert_eq!(events[0].replay_id, response.events[1].replay_id);
    let by_id = mock.org().snapshot().streams().managed().by_name("Off").unwrap().id(*b"5g").to_string();
    for (request, expected) in [
        (first("Nobody"), "managed.subscription.developer.name.not.found"),
        (first(""), "managed.subscription.id.or.developer.name.empty"),
        (ManagedFetchRequest { subscription_id: by_id, ..first("") }, "managed.subscription.config.stopped"),
        (
            ManagedFetchRequest { subscription_id: "18x000000000009".to_owned(), ..first("") },
            "managed.subscription.subscription.id.not.found",
        ),
    ] {
        let mut stream: Managed = open(&mock, &headers, "ManagedSubscribe", request).await.unwrap();
        assert_eq!(code(&stream.refusal().await), expected);
    }
}

#[tokio::test]
async fn a_subscriber_finds_its_managed_subscription_over_the_tooling_api() {
    let mock = org().await;
    let query = "SELECT Id, DeveloperName, Metadata FROM ManagedEventSubscription WHERE DeveloperName = 'Off' LIMIT 1";
    let url = format!("{}/services/data/v66.0/tooling/query?q={}", mock.url(), query.replace(' ', "+"));
    let answer = client().get(url).bearer_auth(mock.admin_token()).send().await.unwrap();
    let found: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let row = &found["records"][0];
    assert_eq!((&found["size"], &row["DeveloperName"]), (&json!(1), &json!("Off")), "{found}");
    assert_eq!(
        (&row["Metadata"]["state"], &row["Metadata"]["topicName"]),
        (&json!("STOP"), &json!(INK)),
        "{found}"
    );
    assert!(row["Id"].as_str().unwrap().starts_with("18x"), "{found}");
}

fn named(name: &str, number: i32) -> ManagedFetchRequest {
    ManagedFetchRequest {
        developer_name: name.to_owned(),
        num_requested: number,
        ..ManagedFetchRequest::default()
    }
}

fn commit(id: &str, replay_id: &[u8]) -> ManagedFetchRequest {
    let commit = CommitReplayRequest { commit_request_id: id.to_owned(), replay_id: replay_id.to_vec() };
    ManagedFetchRequest { commit_replay_id_request: Some(commit), ..ManagedFetchRequest::default() }
}

fn id_of(mock: &MockSfdc, name: &str) -> String {
    mock.org().snapshot().streams().managed().by_name(name).unwrap().id(*b"5g").to_string()
}

/// pub-sub-api-node-client names the subscription in every request; the service definition only forbids another one.
#[tokio::test]
async fn a_subscription_may_be_named_in_every_request() {
    let mock = org().await;
    for model in ["A", "B"] {
        ink(&mock, model).await;
    }
    let (id, other) = (id_of(&mock, "Sync"), id_of(&mock, "Off"));
    let by_id = |number: i32| ManagedFetchRequest { subscription_id: id.clone(), ..named("", number) };
    let mut stream: Managed = open(&mock, &Headers::of(&mock), "ManagedSubscribe", by_id(1)).await.unwrap();
    let place = stream.next().await.latest_replay_id;
    let commit = ManagedFetchRequest { subscription_id: id.clone(), ..commit("one", &place) };
    stream.requests.send(commit).await.unwrap();
    assert_eq!(stream.next().await.commit_response.unwrap().error, None);
    stream.requests.send(by_id(1)).await.unwrap();
    assert_eq!(stream.next().await.events.len(), 1);
    stream.requests.send(ManagedFetchRequest { subscription_id: other, ..by_id(1) }).await.unwrap();
    assert_eq!(code(&stream.refusal().await), "managed.subscription.fetch.request.invalid");
}

#[tokio::test]
async fn a_commit_that_cannot_be_is_told_and_ends_nothing() {
    let mock = org().await;
    for model in ["A", "B", "C"] {
        ink(&mock, model).await;
    }
    let mut all = subscribe(&mock, fetch(INK, ReplayPreset::Earliest, 3)).await;
    let places: Vec<_> = all.next().await.events.into_iter().map(|event| event.replay_id).collect();
    let mut stream: Managed =
        open(&mock, &Headers::of(&mock), "ManagedSubscribe", named("Sync", 2)).await.unwrap();
    assert_eq!(stream.next().await.events.len(), 2);
    for (place, problem) in [
        (&[][..], Some("has no Replay ID")),
        (&[9], Some("Replay ID validation failed")),
        (&places[2], Some("was not delivered yet")),
        (&places[1], None),
        (&places[0], Some("older than the one that is committed")),
        (&places[1], None),
    ] {
        stream.requests.send(commit("this", place)).await.unwrap();
        let answer = stream.next().await.commit_response.unwrap();
        assert_eq!((answer.commit_request_id.as_str(), &*answer.replay_id), ("this", place));
        let error = answer.error.map(|error| (error.code, error.msg));
        match problem {
            None => assert_eq!(error, None),
            Some(text) => assert!(
                error.as_ref().is_some_and(|(code, msg)| *code == 2 && msg.contains(text)),
                "{error:?}"
            ),
        }
    }
}

#[tokio::test]
async fn first_and_later_requests_have_rules_of_their_own() {
    let mock = org().await;
    let id = id_of(&mock, "Sync");
    let token = mock.admin_token().to_owned();
    for (first, expected) in [
        (
            ManagedFetchRequest { developer_name: "Sync".to_owned(), ..commit("x", &[0; 8]) },
            "fetch.request.commit.request.restricted",
        ),
        (
            ManagedFetchRequest { auth_refresh: token, ..named("Sync", 1) },
            "fetch.request.auth.request.restricted",
        ),
        (ManagedFetchRequest { subscription_id: id, ..named("Sync", 1) }, "id.or.developer.name.empty"),
        (
            ManagedFetchRequest { subscription_id: "18x".to_owned(), ..named("", 1) },
            "subscription.id.invalid",
        ),
        (named("Sync", -1), "fetch.request.events.invalid"),
    ] {
        let mut stream: Managed = open(&mock, &Headers::of(&mock), "ManagedSubscribe", first).await.unwrap();
        let status = stream.refusal().await;
        assert_eq!(code(&status).strip_prefix("managed.subscription."), Some(expected));
        assert_eq!(status.code(), Code::InvalidArgument);
    }
    // Asking for nothing at first is no mistake: who only commits does so. Nothing at all is one.
    let mut stream: Managed =
        open(&mock, &Headers::of(&mock), "ManagedSubscribe", named("Sync", 0)).await.unwrap();
    stream.requests.send(ManagedFetchRequest::default()).await.unwrap();
    assert_eq!(code(&stream.refusal().await), "managed.subscription.fetch.request.invalid");
}

#[tokio::test]
async fn a_managed_subscription_that_asks_for_no_more_ends_after_a_minute() {
    let mock = org().await;
    ink(&mock, "A").await;
    let mut stream: Managed =
        open(&mock, &Headers::of(&mock), "ManagedSubscribe", named("Sync", 1)).await.unwrap();
    let place = stream.next().await.latest_replay_id;
    mock.clock().advance(59_999);
    stream.requests.send(commit("kept", &place)).await.unwrap();
    assert_eq!(stream.next().await.commit_response.unwrap().error, None);
    mock.clock().advance(60_000);
    assert_eq!(stream.ended().await, Ok(()));
}
