//! The Pub/Sub API as a gRPC client sees it; payloads are read and written by a library that knows nothing of this mock
//! (`contract/pubsub.md`).
#![allow(
    deprecated,
    reason = "the two functions say at once what its new readers and writers say in several steps"
)]

mod managed;
mod publishing;
mod refusals;
mod subscribing;
mod topics;

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
            }},
            "Order__e": {"label": "Order", "fields": {"Number__c": {"type": "string", "length": 10, "nillable": false}}}
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

    /// How the stream ends, whatever comes before: well, or with a status.
    async fn ended(&mut self) -> Result<(), Code> {
        self.end().await.map_err(|status| status.code())
    }

    async fn refusal(&mut self) -> Status {
        self.end().await.expect_err("the stream ended well")
    }

    async fn end(&mut self) -> Result<(), Status> {
        while self.answers.message().await?.is_some() {}
        Ok(())
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
