//! What is refused, with Salesforce's codes; faults, and the journal.

use super::*;

#[tokio::test]
async fn refusals_carry_salesforces_codes_in_trailers() {
    let mock = org().await;
    let good = Headers::of(&mock);
    let bad = [
        (Headers { token: "00D5g0000000001!wrong".to_owned(), ..good.clone() }, "service.auth.error"),
        (Headers { tenant: "00D000000000000AAA".to_owned(), ..good.clone() }, "service.auth.error"),
        (Headers { token: String::new(), ..good.clone() }, "service.auth.headers.invalid"),
        (Headers { instance: String::new(), ..good.clone() }, "service.auth.headers.invalid"),
    ];
    for (headers, expected) in bad {
        let request = TopicRequest { topic_name: INK.to_owned() };
        let status = unary::<_, TopicInfo>(&mock, &headers, "GetTopic", request).await.unwrap_err();
        assert_eq!((status.code(), code(&status)), (Code::Unauthenticated, expected));
        let rpc_id = status.metadata().get("rpc-id").unwrap().to_str().unwrap();
        assert!(status.message().ends_with(&format!("rpcId: {rpc_id}")), "{}", status.message());
    }
    for (name, expected, status_code) in [
        ("", "topic.validation.empty", Code::InvalidArgument),
        ("/event/Nope__e", "topic.not.found", Code::NotFound),
        ("/topic/Leads", "topic.not.found", Code::NotFound),
        ("/data/NopeChangeEvent", "topic.not.found", Code::NotFound),
    ] {
        let status = topic(&mock, name).await.unwrap_err();
        assert_eq!((code(&status), status.code()), (expected, status_code), "{name}");
    }
    for (id, expected) in [("", "schema.validation.failed"), ("nope", "schema.meta.permission")] {
        let request = SchemaRequest { schema_id: id.to_owned() };
        let status = unary::<_, SchemaInfo>(&mock, &good, "GetSchema", request).await.unwrap_err();
        assert_eq!(code(&status), expected);
    }
    let custom =
        |replay: &[u8]| FetchRequest { replay_id: replay.to_vec(), ..fetch(INK, ReplayPreset::Custom, 1) };
    for (first, expected) in [
        (fetch("/event/Nope__e", ReplayPreset::Latest, 1), "topic.not.found"),
        (fetch(INK, ReplayPreset::Latest, 0), "subscription.fetch.requested.events.invalid"),
        (custom(&[]), "subscription.fetch.replayid.validation.failed"),
        (custom(&[1, 2]), "subscription.fetch.replayid.corrupted"),
        (custom(&99_u64.to_be_bytes()), "subscription.fetch.replayid.corrupted"),
    ] {
        let status = subscribe(&mock, first).await.refusal().await;
        assert_eq!(code(&status), expected);
    }
    let mut subscription = subscribe(&mock, fetch(INK, ReplayPreset::Latest, 1)).await;
    subscription.requests.send(fetch(LEADS, ReplayPreset::Latest, 1)).await.unwrap();
    let status = subscription.refusal().await;
    assert_eq!((code(&status), status.code()), ("subscription.fetch.topic.mismatch", Code::InvalidArgument));
    let unknown = unary::<_, TopicInfo>(&mock, &good, "Nothing", TopicRequest::default()).await.unwrap_err();
    assert_eq!(unknown.code(), Code::Unimplemented);
    let nothing: MetadataMap = unknown.metadata().clone();
    assert!(nothing.get("error-code").is_none());
}

#[tokio::test]
async fn faults_and_the_journal_know_the_calls() {
    let mock = org().await;
    mock.fault("pubsub.getTopic").error("SERVER_UNAVAILABLE");
    assert_eq!(topic(&mock, INK).await.unwrap_err().code(), Code::Unavailable);
    assert!(topic(&mock, INK).await.is_ok());
    let calls: BTreeMap<_, usize> =
        mock.journal().entries().iter().fold(BTreeMap::new(), |mut calls, entry| {
            *calls.entry(entry.operation).or_default() += 1;
            calls
        });
    assert_eq!(calls["pubsub.getTopic"], 2);
    // On the main port there is no gRPC, and it says so.
    let url = format!("{}/eventbus.v1.PubSub/GetTopic", mock.url());
    let answer = client().post(url).send().await.unwrap();
    assert_eq!(answer.status(), 403);
    assert!(answer.text().await.unwrap().contains("--pubsub-port"));
}
