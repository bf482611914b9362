//! The Pub/Sub API as a gRPC client sees it; payloads are read and written by a library that knows nothing of this mock
//! (`contract/pubsub.md`).
#![allow(
    deprecated,
    reason = "the two functions say at once what its new readers and writers say in several steps"
)]

use std::collections::BTreeMap;

use apache_avro::{Schema, from_avro_datum, to_avro_datum, types::Value as Avro};
use hyper_util::rt::{TokioExecutor, TokioIo};
use mock_sfdc::{
    MockSfdc,
    pubsub::wire::{
        CommitReplayRequest, FetchRequest, FetchResponse, ManagedFetchRequest, ManagedFetchResponse,
        ProducerEvent, PublishRequest, PublishResponse, ReplayPreset, SchemaInfo, SchemaRequest, TopicInfo,
        TopicRequest,
    },
};
use mock_sfdc_org::{seed, value::DateTime};
use prost::Message;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Request, Status, Streaming, body::Body, client::Grpc, metadata::MetadataMap};
use tonic_prost::ProstCodec;

use crate::client;

const LEADS: &str = "/data/LeadChangeEvent";
const INK: &str = "/event/Low_Ink__e";

async fn org() -> MockSfdc {
    let fixture = json!({
        "packages": [{"package": "events", "objects": {
            "Low_Ink__e": {"label": "Low Ink", "fields": {
                "Printer_Model__c": {"type": "string", "length": 20},
                "Ink_Percentage__c": {"type": "double", "precision": 18, "scale": 2},
                "Empty_At__c": "datetime",
                "Day__c": "date",
                "Urgent__c": {"type": "boolean", "defaultValue": false}
            }}
        }}],
        "changeDataCapture": ["Lead", "Account"],
        "managedEventSubscriptions": [
            {"fullName": "Sync", "topicName": INK, "defaultReplay": "EARLIEST"},
            {"fullName": "Off", "topicName": INK, "state": "STOP"}
        ],
        "profiles": [{"name": "Integration", "permissions": ["PermissionsApiEnabled"], "objectPermissions": []}],
        "users": [{"username": "kim@example.com", "password": "p", "lastName": "Kim", "profile": "Integration"}]
    });
    let noon = DateTime::from_millis(1_774_440_000_000);
    let state = seed::load("test.json", &fixture.to_string(), noon, &|_| None).unwrap();
    let mock = MockSfdc::builder().state(state).pubsub().start().await.unwrap();
    mock.clock().freeze_at(noon);
    mock
}

/// What goes with every call.
#[derive(Clone)]
struct Headers {
    token: String,
    instance: String,
    tenant: String,
}

impl Headers {
    fn of(mock: &MockSfdc) -> Self {
        let tenant = mock.org().snapshot().settings().organization_id.to_string();
        Self { token: mock.admin_token().to_owned(), instance: mock.url(), tenant }
    }

    fn around<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        for (key, value) in
            [("accesstoken", &self.token), ("instanceurl", &self.instance), ("tenantid", &self.tenant)]
        {
            if !value.is_empty() {
                request.metadata_mut().insert(key, value.parse().unwrap());
            }
        }
        request
    }
}

async fn sender(mock: &MockSfdc) -> hyper::client::conn::http2::SendRequest<Body> {
    let address = mock.pubsub_url().unwrap().trim_start_matches("http://").to_owned();
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let shaken = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await;
    let (sender, connection) = shaken.unwrap();
    tokio::spawn(connection);
    sender
}

macro_rules! grpc {
    ($mock:expr) => {{
        let sender = sender($mock).await;
        let service =
            tower::service_fn(move |request: http::Request<Body>| sender.clone().send_request(request));
        let mut grpc = Grpc::with_origin(service, "http://api.pubsub.salesforce.com".parse().unwrap());
        grpc.ready().await.unwrap();
        grpc
    }};
}

fn path(method: &str) -> http::uri::PathAndQuery {
    format!("/eventbus.v1.PubSub/{method}").parse().unwrap()
}

async fn unary<Q, A>(mock: &MockSfdc, headers: &Headers, method: &str, message: Q) -> Result<A, Status>
where
    Q: Message + Default + Send + Sync + 'static,
    A: Message + Default + Send + Sync + 'static,
{
    let answer = grpc!(mock).unary(headers.around(message), path(method), ProstCodec::default()).await;
    answer.map(tonic::Response::into_inner)
}

/// An open stream: what is sent, and what comes.
pub struct Open<Q, A> {
    pub requests: mpsc::Sender<Q>,
    answers: Streaming<A>,
}

async fn open<Q, A>(mock: &MockSfdc, headers: &Headers, method: &str, first: Q) -> Result<Open<Q, A>, Status>
where
    Q: Message + Default + Send + Sync + 'static,
    A: Message + Default + Send + Sync + 'static,
{
    let (requests, receiver) = mpsc::channel(8);
    requests.send(first).await.unwrap();
    let request = headers.around(ReceiverStream::new(receiver));
    let answer = grpc!(mock).streaming(request, path(method), ProstCodec::default()).await?;
    Ok(Open { requests, answers: answer.into_inner() })
}

impl<Q, A> Open<Q, A> {
    pub async fn next(&mut self) -> A {
        self.answers.message().await.unwrap().unwrap()
    }

    async fn refusal(&mut self) -> Status {
        loop {
            match self.answers.message().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("the stream ended well"),
                Err(status) => return status,
            }
        }
    }
}

pub type Subscription = Open<FetchRequest, FetchResponse>;

pub async fn subscribe(mock: &MockSfdc, first: FetchRequest) -> Subscription {
    open(mock, &Headers::of(mock), "Subscribe", first).await.unwrap()
}

pub fn fetch(topic: &str, preset: ReplayPreset, number: i32) -> FetchRequest {
    FetchRequest {
        topic_name: topic.to_owned(),
        replay_preset: preset.into(),
        num_requested: number,
        ..FetchRequest::default()
    }
}

fn code(status: &Status) -> &str {
    let code = status.metadata().get("error-code").unwrap().to_str().unwrap();
    code.strip_prefix("sfdc.platform.eventbus.grpc.").unwrap()
}

async fn topic(mock: &MockSfdc, name: &str) -> Result<TopicInfo, Status> {
    let request = TopicRequest { topic_name: name.to_owned() };
    unary(mock, &Headers::of(mock), "GetTopic", request).await
}

async fn schema(mock: &MockSfdc, id: &str) -> Schema {
    let request = SchemaRequest { schema_id: id.to_owned() };
    let info: SchemaInfo = unary(mock, &Headers::of(mock), "GetSchema", request).await.unwrap();
    assert_eq!(info.schema_id, id);
    Schema::parse_str(&info.schema_json).unwrap()
}

/// A payload as JSON, read by the schema that its event names; unions are what they hold.
pub async fn payload(mock: &MockSfdc, event: &ProducerEvent) -> Value {
    let schema = schema(mock, &event.schema_id).await;
    let mut bytes = &event.payload[..];
    let value = from_avro_datum(&schema, &mut bytes, None).unwrap();
    assert!(bytes.is_empty(), "{} bytes are left", bytes.len());
    plain(value)
}

fn plain(value: Avro) -> Value {
    match value {
        Avro::Null => Value::Null,
        Avro::Boolean(value) => value.into(),
        Avro::Int(value) => value.into(),
        Avro::Long(value) => value.into(),
        Avro::Double(value) => value.into(),
        Avro::String(value) | Avro::Enum(_, value) => value.into(),
        Avro::Union(_, value) => plain(*value),
        Avro::Array(values) => values.into_iter().map(plain).collect(),
        Avro::Record(fields) => fields.into_iter().map(|(name, value)| (name, plain(value))).collect(),
        other => panic!("no such value is written: {other:?}"),
    }
}

async fn rest(mock: &MockSfdc, method: &str, path: &str, body: &Value) -> Value {
    let url = format!("{}/services/data/v66.0/sobjects/{path}", mock.url());
    let request = client().request(method.parse().unwrap(), url).bearer_auth(mock.admin_token());
    let answer =
        request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap();
    assert!(answer.status().is_success());
    serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default()
}

async fn ink(mock: &MockSfdc, model: &str) {
    rest(mock, "POST", "Low_Ink__e", &json!({ "Printer_Model__c": model })).await;
}

#[tokio::test]
async fn a_topic_says_what_may_be_done_with_it_and_its_schema_is_avro() {
    let mock = org().await;
    let info = topic(&mock, INK).await.unwrap();
    assert_eq!((info.topic_name.as_str(), info.can_publish, info.can_subscribe), (INK, true, true));
    assert_eq!(info.rpc_id.len(), 36);
    let Schema::Record(record) = schema(&mock, &info.schema_id).await else { panic!("no record") };
    assert_eq!(record.name.fullname(None), "com.sforce.eventbus.Low_Ink__e");
    let names: Vec<_> = record.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "CreatedDate",
            "CreatedById",
            "Printer_Model__c",
            "Ink_Percentage__c",
            "Empty_At__c",
            "Day__c",
            "Urgent__c"
        ]
    );
    let leads = topic(&mock, LEADS).await.unwrap();
    assert_eq!((leads.can_publish, leads.can_subscribe), (false, true));
    let all = topic(&mock, "/data/ChangeEvents").await.unwrap();
    assert_eq!((all.can_subscribe, all.schema_id.as_str()), (true, ""));
}

/// The order of fields is what bitmaps count by: these are the guide's samples (`contract/pubsub.md` section 5).
#[tokio::test]
async fn fields_of_change_events_stand_where_the_guide_has_them() {
    let mock = org().await;
    for (object, places) in [
        (
            "Lead",
            [(12, "Status"), (19, "IsConverted"), (23, "ConvertedOpportunityId"), (27, "LastModifiedDate")],
        ),
        ("Account", [(4, "BillingAddress"), (11, "Industry"), (19, "OwnerId"), (22, "LastModifiedDate")]),
        ("Opportunity", [(3, "Name"), (5, "StageName"), (21, "OwnerId"), (28, "ContractId")]),
        ("Contact", [(2, "Name"), (4, "MailingAddress"), (19, "OwnerId"), (34, "IndividualId")]),
    ] {
        let info = topic(&mock, &format!("/data/{object}ChangeEvent")).await.unwrap();
        let Schema::Record(record) = schema(&mock, &info.schema_id).await else { panic!("no record") };
        for (place, name) in places {
            let found = record.fields.iter().position(|field| field.name == name);
            assert_eq!(found, Some(place), "{object}.{name}");
        }
    }
}

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
    let request = SchemaRequest { schema_id: "nope".to_owned() };
    let status = unary::<_, SchemaInfo>(&mock, &good, "GetSchema", request).await.unwrap_err();
    assert_eq!(code(&status), "schema.validation.failed");
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
