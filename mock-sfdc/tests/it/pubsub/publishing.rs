//! `Publish` and `PublishStream`.

use super::*;

#[tokio::test]
async fn what_is_published_over_grpc_is_heard_with_its_values_and_its_own_id() {
    let mock = org().await;
    let info = topic(&mock, INK).await.unwrap();
    let schema = schema(&mock, &info.schema_id).await;
    let union = |at, value| Avro::Union(at, Box::new(value));
    let record = Avro::Record(vec![
        // Seconds, milliseconds, anybody: the bus overwrites both.
        ("CreatedDate".into(), Avro::Long(1)),
        ("CreatedById".into(), Avro::String("me".into())),
        ("Printer_Model__c".into(), union(1, Avro::String("XZO-5".into()))),
        ("Ink_Percentage__c".into(), union(1, Avro::Double(0.2))),
        ("Empty_At__c".into(), union(1, Avro::Long(1_774_440_123_456))),
        ("Day__c".into(), union(1, Avro::Long(1_774_396_800_000))),
        ("Urgent__c".into(), union(0, Avro::Null)),
    ]);
    let event = ProducerEvent {
        id: "my-own-id".to_owned(),
        schema_id: info.schema_id.clone(),
        payload: to_avro_datum(&schema, record).unwrap(),
        headers: Vec::new(),
    };
    let wrong = ProducerEvent { id: "bad".to_owned(), payload: vec![1], ..event.clone() };
    let mut subscription = subscribe(&mock, fetch(INK, ReplayPreset::Earliest, 5)).await;
    let request = PublishRequest {
        topic_name: INK.to_owned(),
        events: vec![event, wrong],
        ..PublishRequest::default()
    };
    let answer: PublishResponse = unary(&mock, &Headers::of(&mock), "Publish", request).await.unwrap();
    assert_eq!(answer.schema_id, info.schema_id);
    let [well, badly] = &answer.results[..] else { panic!("{answer:?}") };
    assert_eq!(
        (well.correlation_key.as_str(), &well.error, &*well.replay_id),
        ("my-own-id", &None, &1_u64.to_be_bytes()[..])
    );
    assert_eq!(
        (badly.correlation_key.as_str(), badly.error.as_ref().map(|error| error.code)),
        ("bad", Some(1))
    );
    let response = subscription.next().await;
    assert_eq!((response.pending_num_requested, &response.latest_replay_id), (4, &well.replay_id));
    let heard = response.events[0].event.as_ref().unwrap();
    assert_eq!(heard.id, "my-own-id");
    assert_eq!(
        payload(&mock, heard).await,
        json!({
            "CreatedDate": 1_774_440_000_000_i64, "CreatedById": mock.admin(), "Printer_Model__c": "XZO-5", "Ink_Percentage__c": 0.2,
            "Empty_At__c": 1_774_440_123_456_i64, "Day__c": 1_774_396_800_000_i64, "Urgent__c": false,
        })
    );
}

#[tokio::test]
async fn a_publish_stream_answers_each_request_until_it_is_left_alone() {
    let mock = org().await;
    let info = topic(&mock, INK).await.unwrap();
    let schema = schema(&mock, &info.schema_id).await;
    let null = || Avro::Union(0, Box::new(Avro::Null));
    let mut fields: Vec<(String, Avro)> =
        vec![("CreatedDate".into(), Avro::Long(0)), ("CreatedById".into(), Avro::String(String::new()))];
    for name in ["Printer_Model__c", "Ink_Percentage__c", "Empty_At__c", "Day__c", "Urgent__c"] {
        fields.push((name.into(), null()));
    }
    let payload = to_avro_datum(&schema, Avro::Record(fields)).unwrap();
    let event = ProducerEvent { schema_id: info.schema_id, payload, ..ProducerEvent::default() };
    let request = |topic: &str| PublishRequest {
        topic_name: topic.to_owned(),
        events: vec![event.clone()],
        ..PublishRequest::default()
    };
    let headers = Headers::of(&mock);
    let mut stream: Open<PublishRequest, PublishResponse> =
        open(&mock, &headers, "PublishStream", request(INK)).await.unwrap();
    let first = stream.next().await;
    assert!(first.results[0].error.is_none() && !first.results[0].correlation_key.is_empty());
    stream.requests.send(request("")).await.unwrap();
    assert!(stream.next().await.results[0].replay_id > first.results[0].replay_id);
    mock.clock().advance(70_000);
    assert_eq!(code(&stream.refusal().await), "publish.stream.sweeper.timeout");
    let mut stream: Open<PublishRequest, PublishResponse> =
        open(&mock, &headers, "PublishStream", request(INK)).await.unwrap();
    stream.next().await;
    stream.requests.send(request(LEADS)).await.unwrap();
    assert_eq!(code(&stream.refusal().await), "publish.topic.mismatch");
    let status = unary::<_, PublishResponse>(&mock, &headers, "Publish", request(LEADS)).await.unwrap_err();
    assert_eq!(code(&status), "topic.meta.permission");
}

const ORDER: &str = "/event/Order__e";

/// What a publish request of one event without values takes, and the schema's id beside it.
async fn empty(mock: &MockSfdc, topic_name: &str) -> ProducerEvent {
    let info = topic(mock, topic_name).await.unwrap();
    let Schema::Record(record) = schema(mock, &info.schema_id).await else { panic!("no record") };
    let values = record.fields.iter().map(|field| {
        let value = match field.name.as_str() {
            "CreatedDate" => Avro::Long(0),
            "CreatedById" => Avro::String(String::new()),
            _ => Avro::Union(0, Box::new(Avro::Null)),
        };
        (field.name.clone(), value)
    });
    let values = Avro::Record(values.collect());
    let payload = to_avro_datum(&Schema::Record(record.clone()), values).unwrap();
    ProducerEvent { schema_id: info.schema_id, payload, ..ProducerEvent::default() }
}

async fn publish(mock: &MockSfdc, topic: &str, events: Vec<ProducerEvent>) -> PublishResponse {
    let request = PublishRequest { topic_name: topic.to_owned(), events, ..PublishRequest::default() };
    unary(mock, &Headers::of(mock), "Publish", request).await.unwrap()
}

/// Its reference of `Publish` says so; REST insists on them.
#[tokio::test]
async fn fields_that_a_definition_requires_may_be_empty_over_grpc() {
    let mock = org().await;
    let answer = publish(&mock, ORDER, vec![empty(&mock, ORDER).await]).await;
    assert_eq!(answer.results[0].error, None);
    let mut subscription = subscribe(&mock, fetch(ORDER, ReplayPreset::Earliest, 1)).await;
    let heard = subscription.next().await.events.remove(0).event.unwrap();
    assert_eq!(payload(&mock, &heard).await["Number__c"], Value::Null);
    let url = format!("{}/services/data/v66.0/sobjects/Order__e", mock.url());
    let create =
        client().post(url).bearer_auth(mock.admin_token()).header("content-type", "application/json");
    let refused = create.body("{}").send().await.unwrap().text().await.unwrap();
    assert!(refused.contains("REQUIRED_FIELD_MISSING"), "{refused}");
}

#[tokio::test]
async fn events_of_one_id_have_a_place_each_and_what_is_too_big_is_refused_by_itself() {
    let mock = org().await;
    let event = ProducerEvent { id: "twin".to_owned(), ..empty(&mock, INK).await };
    let big = ProducerEvent { payload: vec![0; (1 << 20) + 1], ..event.clone() };
    let answer = publish(&mock, INK, vec![event.clone(), big, event]).await;
    let [first, refused, second] = &answer.results[..] else { panic!("{answer:?}") };
    assert!(first.replay_id < second.replay_id, "{answer:?}");
    let problem = refused.error.as_ref().unwrap();
    assert!(problem.code == 1 && problem.msg.contains("1048577 bytes"), "{problem:?}");
}

#[tokio::test]
async fn a_publish_stream_is_held_by_events_and_by_nothing_else() {
    let mock = org().await;
    let headers = Headers::of(&mock);
    let publication = PublishRequest {
        topic_name: INK.to_owned(),
        events: vec![empty(&mock, INK).await],
        auth_refresh: String::new(),
    };
    let token = mock.admin_token().to_owned();
    let early = PublishRequest { auth_refresh: token.clone(), ..publication.clone() };
    let mut stream: Open<PublishRequest, PublishResponse> =
        open(&mock, &headers, "PublishStream", early).await.unwrap();
    assert_eq!(code(&stream.refusal().await), "publish.auth.refresh.invalid");
    let nameless = PublishRequest { topic_name: String::new(), ..publication.clone() };
    let mut stream: Open<PublishRequest, PublishResponse> =
        open(&mock, &headers, "PublishStream", nameless).await.unwrap();
    assert_eq!(code(&stream.refusal().await), "publish.topic.validation.empty");
    let mut stream: Open<PublishRequest, PublishResponse> =
        open(&mock, &headers, "PublishStream", publication.clone()).await.unwrap();
    stream.next().await;
    mock.clock().advance(40_000);
    let refresh = PublishRequest { auth_refresh: token, ..PublishRequest::default() };
    stream.requests.send(refresh.clone()).await.unwrap();
    stream
        .requests
        .send(PublishRequest { auth_refresh: String::new(), ..publication.clone() })
        .await
        .unwrap();
    stream.next().await;
    mock.clock().advance(69_999);
    stream.requests.send(refresh).await.unwrap();
    mock.clock().advance(1);
    assert_eq!(code(&stream.refusal().await), "publish.stream.sweeper.timeout");
}

/// Its guide of allocations quotes the status; a stream ends with it.
#[tokio::test]
async fn a_request_above_four_megabytes_never_comes_to_the_service() {
    let mock = org().await;
    let event = ProducerEvent { payload: vec![0; 1 << 20], ..empty(&mock, INK).await };
    let request =
        PublishRequest { topic_name: INK.to_owned(), events: vec![event; 5], ..PublishRequest::default() };
    let headers = Headers::of(&mock);
    let once = unary::<_, PublishResponse>(&mock, &headers, "Publish", request.clone()).await.unwrap_err();
    let mut stream: Open<PublishRequest, PublishResponse> =
        open(&mock, &headers, "PublishStream", request).await.unwrap();
    for status in [once, stream.refusal().await] {
        assert_eq!(status.code(), Code::Unavailable);
        assert!(status.message().starts_with("upstream connect error"), "{status:?}");
        assert!(status.metadata().get("error-code").is_none(), "{status:?}");
    }
}

#[tokio::test]
async fn moments_that_nobody_could_write_and_tokens_that_come_too_early_are_refused() {
    let mock = org().await;
    let null = empty(&mock, INK).await;
    let info = topic(&mock, INK).await.unwrap();
    let Schema::Record(record) = schema(&mock, &info.schema_id).await else { panic!("no record") };
    let at = |millis: i64| {
        let values = record.fields.iter().map(|field| {
            let value = match field.name.as_str() {
                "CreatedDate" => Avro::Long(0),
                "CreatedById" => Avro::String(String::new()),
                "Empty_At__c" => Avro::Union(1, Box::new(Avro::Long(millis))),
                _ => Avro::Union(0, Box::new(Avro::Null)),
            };
            (field.name.clone(), value)
        });
        let payload = to_avro_datum(&Schema::Record(record.clone()), Avro::Record(values.collect())).unwrap();
        ProducerEvent { payload, ..null.clone() }
    };
    let answer =
        publish(&mock, INK, vec![at(i64::MAX), at(-62_200_000_000_000), at(4_102_444_800_000)]).await;
    let fates: Vec<_> = answer.results.iter().map(|result| result.error.is_none()).collect();
    assert_eq!(fates, [false, false, true], "{answer:?}");
    let early = PublishRequest {
        topic_name: INK.to_owned(),
        events: vec![null],
        auth_refresh: mock.admin_token().to_owned(),
    };
    let status = unary::<_, PublishResponse>(&mock, &Headers::of(&mock), "Publish", early).await.unwrap_err();
    assert_eq!(code(&status), "publish.auth.refresh.invalid");
}
