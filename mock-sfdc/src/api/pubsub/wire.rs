//! The messages of `eventbus.v1`, by the field numbers of `contract/pubsub.md` section 7. Written by hand: no compiler of
//! protocol buffers is asked for.

use prost::{Enumeration, Message};

#[derive(Clone, PartialEq, Message)]
pub struct TopicRequest {
    #[prost(string, tag = "1")]
    pub topic_name: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct TopicInfo {
    #[prost(string, tag = "1")]
    pub topic_name: String,
    #[prost(string, tag = "2")]
    pub tenant_guid: String,
    #[prost(bool, tag = "3")]
    pub can_publish: bool,
    #[prost(bool, tag = "4")]
    pub can_subscribe: bool,
    #[prost(string, tag = "5")]
    pub schema_id: String,
    #[prost(string, tag = "6")]
    pub rpc_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct SchemaRequest {
    #[prost(string, tag = "1")]
    pub schema_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct SchemaInfo {
    #[prost(string, tag = "1")]
    pub schema_json: String,
    #[prost(string, tag = "2")]
    pub schema_id: String,
    #[prost(string, tag = "3")]
    pub rpc_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct EventHeader {
    #[prost(string, tag = "1")]
    pub key: String,
    #[prost(bytes = "vec", tag = "2")]
    pub value: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub struct ProducerEvent {
    /// The publisher's own, or one that the bus gave.
    #[prost(string, tag = "1")]
    pub id: String,
    #[prost(string, tag = "2")]
    pub schema_id: String,
    #[prost(bytes = "vec", tag = "3")]
    pub payload: Vec<u8>,
    #[prost(message, repeated, tag = "4")]
    pub headers: Vec<EventHeader>,
}

#[derive(Clone, PartialEq, Message)]
pub struct ConsumerEvent {
    #[prost(message, optional, tag = "1")]
    pub event: Option<ProducerEvent>,
    #[prost(bytes = "vec", tag = "2")]
    pub replay_id: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
#[repr(i32)]
pub enum ErrorCode {
    Unknown = 0,
    Publish = 1,
    Commit = 2,
}

#[derive(Clone, PartialEq, Message)]
pub struct Error {
    #[prost(enumeration = "ErrorCode", tag = "1")]
    pub code: i32,
    #[prost(string, tag = "2")]
    pub msg: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct PublishResult {
    #[prost(bytes = "vec", tag = "1")]
    pub replay_id: Vec<u8>,
    #[prost(message, optional, tag = "2")]
    pub error: Option<Error>,
    #[prost(string, tag = "3")]
    pub correlation_key: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
#[repr(i32)]
pub enum ReplayPreset {
    Latest = 0,
    Earliest = 1,
    Custom = 2,
}

#[derive(Clone, PartialEq, Message)]
pub struct FetchRequest {
    #[prost(string, tag = "1")]
    pub topic_name: String,
    #[prost(enumeration = "ReplayPreset", tag = "2")]
    pub replay_preset: i32,
    #[prost(bytes = "vec", tag = "3")]
    pub replay_id: Vec<u8>,
    #[prost(int32, tag = "4")]
    pub num_requested: i32,
    #[prost(string, tag = "5")]
    pub auth_refresh: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct FetchResponse {
    #[prost(message, repeated, tag = "1")]
    pub events: Vec<ConsumerEvent>,
    #[prost(bytes = "vec", tag = "2")]
    pub latest_replay_id: Vec<u8>,
    #[prost(string, tag = "3")]
    pub rpc_id: String,
    #[prost(int32, tag = "4")]
    pub pending_num_requested: i32,
}

#[derive(Clone, PartialEq, Message)]
pub struct PublishRequest {
    #[prost(string, tag = "1")]
    pub topic_name: String,
    #[prost(message, repeated, tag = "2")]
    pub events: Vec<ProducerEvent>,
    #[prost(string, tag = "3")]
    pub auth_refresh: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct PublishResponse {
    #[prost(message, repeated, tag = "1")]
    pub results: Vec<PublishResult>,
    #[prost(string, tag = "2")]
    pub schema_id: String,
    #[prost(string, tag = "3")]
    pub rpc_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct CommitReplayRequest {
    #[prost(string, tag = "1")]
    pub commit_request_id: String,
    #[prost(bytes = "vec", tag = "2")]
    pub replay_id: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub struct CommitReplayResponse {
    #[prost(string, tag = "1")]
    pub commit_request_id: String,
    #[prost(bytes = "vec", tag = "2")]
    pub replay_id: Vec<u8>,
    #[prost(message, optional, tag = "3")]
    pub error: Option<Error>,
    #[prost(int64, tag = "4")]
    pub process_time: i64,
}

#[derive(Clone, PartialEq, Message)]
pub struct ManagedFetchRequest {
    #[prost(string, tag = "1")]
    pub subscription_id: String,
    #[prost(string, tag = "2")]
    pub developer_name: String,
    #[prost(int32, tag = "3")]
    pub num_requested: i32,
    #[prost(string, tag = "4")]
    pub auth_refresh: String,
    #[prost(message, optional, tag = "5")]
    pub commit_replay_id_request: Option<CommitReplayRequest>,
}

#[derive(Clone, PartialEq, Message)]
pub struct ManagedFetchResponse {
    #[prost(message, repeated, tag = "1")]
    pub events: Vec<ConsumerEvent>,
    #[prost(bytes = "vec", tag = "2")]
    pub latest_replay_id: Vec<u8>,
    #[prost(string, tag = "3")]
    pub rpc_id: String,
    #[prost(int32, tag = "4")]
    pub pending_num_requested: i32,
    #[prost(message, optional, tag = "5")]
    pub commit_response: Option<CommitReplayResponse>,
}

/// Eight bytes, big-endian; documented as opaque, and read as a number by clients.
#[must_use]
pub fn replay_bytes(replay_id: u64) -> Vec<u8> {
    replay_id.to_be_bytes().to_vec()
}

/// The number behind a replay id that this server gave.
#[must_use]
pub fn replay_number(bytes: &[u8]) -> Option<u64> {
    bytes.try_into().ok().map(u64::from_be_bytes)
}
