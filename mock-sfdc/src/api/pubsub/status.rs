//! Every way in which the Pub/Sub API refuses: the gRPC status, Salesforce's own code and the text, once
//! (`contract/pubsub.md` section 3). Texts that nobody has published are ours.

use std::fmt;

use mock_sfdc_org::streaming::Refusal as Refused;
use tonic::{Code, Status, metadata::MetadataMap};

/// What stands before each code.
const PREFIX: &str = "sfdc.platform.eventbus.grpc.";

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    HeadersInvalid,
    AuthError,
    RefreshInvalid,
    Unavailable,
    TopicEmpty,
    TopicNotFound(String),
    TopicForbidden(String),
    CannotSubscribe(String),
    SchemaNotFound(String),
    ReplayIdCorrupted,
    ReplayIdMissing,
    Overflow,
    NumRequested(i32),
    TopicMismatch {
        publishing: bool,
    },
    FirstRequest,
    DeliveryLimit,
    NoEvents,
    SweeperTimeout,
    ManagedNotFound {
        by_name: bool,
    },
    ManagedUnnamed,
    ManagedStopped,
    ManagedDeleted,
    ManagedActive,
    ManagedFirst,
    /// Not Salesforce's: it exists and is not emulated.
    NotEmulated(String),
    /// What a fault asked for.
    Fault(Code, String),
}

impl Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::HeadersInvalid => "service.auth.headers.invalid",
            Self::AuthError => "service.auth.error",
            Self::RefreshInvalid => "service.auth.refresh.invalid",
            Self::Unavailable | Self::NotEmulated(_) | Self::Fault(..) => "service.unavailable",
            Self::TopicEmpty => "topic.validation.empty",
            Self::TopicNotFound(_) => "topic.not.found",
            Self::TopicForbidden(_) => "topic.meta.permission",
            Self::CannotSubscribe(_) => "subscription.topic.cannot.subscribe",
            Self::SchemaNotFound(_) => "schema.validation.failed",
            Self::ReplayIdCorrupted => "subscription.fetch.replayid.corrupted",
            Self::ReplayIdMissing => "subscription.fetch.replayid.validation.failed",
            Self::Overflow => "subscription.fetch.overflow",
            Self::NumRequested(_) => "subscription.fetch.requested.events.invalid",
            Self::TopicMismatch { publishing: false } => "subscription.fetch.topic.mismatch",
            Self::TopicMismatch { publishing: true } => "publish.topic.mismatch",
            Self::FirstRequest => "subscription.fetch.request.invalid",
            Self::DeliveryLimit => "subscription.limit.exceeded",
            Self::NoEvents => "publish.event.count.invalid",
            Self::SweeperTimeout => "publish.stream.sweeper.timeout",
            Self::ManagedNotFound { by_name: true } => "managed.subscription.developer.name.not.found",
            Self::ManagedNotFound { by_name: false } => "managed.subscription.subscription.id.not.found",
            Self::ManagedUnnamed => "managed.subscription.id.or.developer.name.empty",
            Self::ManagedStopped => "managed.subscription.config.stopped",
            Self::ManagedDeleted => "managed.subscription.config.deleted",
            Self::ManagedActive => "managed.subscription.already.active",
            Self::ManagedFirst => "managed.subscription.fetch.request.invalid",
        }
    }

    const fn status(&self) -> Code {
        match self {
            Self::HeadersInvalid | Self::AuthError | Self::RefreshInvalid => Code::Unauthenticated,
            Self::Unavailable => Code::Unavailable,
            Self::NotEmulated(_) => Code::Unimplemented,
            Self::Fault(code, _) => *code,
            Self::TopicNotFound(_) | Self::SchemaNotFound(_) | Self::ManagedNotFound { .. } => Code::NotFound,
            Self::TopicForbidden(_) | Self::CannotSubscribe(_) => Code::PermissionDenied,
            Self::DeliveryLimit => Code::ResourceExhausted,
            Self::SweeperTimeout => Code::DeadlineExceeded,
            Self::Overflow => Code::OutOfRange,
            Self::ManagedStopped | Self::ManagedDeleted | Self::ManagedActive => Code::FailedPrecondition,
            Self::TopicEmpty
            | Self::ReplayIdCorrupted
            | Self::ReplayIdMissing
            | Self::NumRequested(_)
            | Self::TopicMismatch { .. }
            | Self::FirstRequest
            | Self::NoEvents
            | Self::ManagedUnnamed
            | Self::ManagedFirst => Code::InvalidArgument,
        }
    }

    /// The status with its two trailers; the message ends in the id of the call.
    #[must_use]
    pub fn into_status(self, rpc_id: &str) -> Status {
        let mut trailers = MetadataMap::new();
        for (key, value) in
            [("error-code", format!("{PREFIX}{}", self.code())), ("rpc-id", rpc_id.to_owned())]
        {
            if let Ok(value) = value.parse() {
                trailers.insert(key, value);
            }
        }
        Status::with_metadata(self.status(), format!("{self} rpcId: {rpc_id}"), trailers)
    }

    /// The same refusal as long polling has it.
    #[must_use]
    pub fn of_topic(refused: Refused, topic: &str) -> Self {
        match refused {
            Refused::NotEmulated(what) => Self::NotEmulated(what),
            Refused::NoAccessToEntity | Refused::NeedsViewAllData => Self::CannotSubscribe(topic.to_owned()),
            Refused::ReplayId(_) => Self::ReplayIdCorrupted,
            _ => Self::TopicNotFound(topic.to_owned()),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::HeadersInvalid => {
                "One or more required metadata headers are missing or empty: accesstoken, instanceurl, tenantid."
            }
            Self::AuthError => {
                "Authentication exception occurred: the access token or the tenant id is invalid."
            }
            Self::RefreshInvalid => "The authentication refresh request is invalid.",
            Self::Unavailable => "The service is temporarily unavailable. Try again later.",
            Self::TopicEmpty => "The topic name is missing.",
            Self::TopicNotFound(topic) => return write!(f, "The topic with name {topic} does not exist."),
            Self::TopicForbidden(topic) => {
                return write!(f, "You don't have permission to access topic {topic}.");
            }
            Self::CannotSubscribe(topic) => {
                return write!(f, "You don't have permission to subscribe to topic {topic}.");
            }
            Self::SchemaNotFound(id) => return write!(f, "The schema with id {id} does not exist."),
            Self::ReplayIdCorrupted => {
                "The Replay ID validation failed. Ensure that the Replay ID is valid and within the retention window."
            }
            Self::ReplayIdMissing => "The replay preset CUSTOM requires a Replay ID.",
            Self::Overflow => "Events that the subscription has not received are no longer retained.",
            Self::NumRequested(number) => {
                return write!(f, "The number of requested events must be greater than 0; it is {number}.");
            }
            Self::TopicMismatch { .. } => "The topic name must not change within a stream.",
            Self::FirstRequest => "The stream ended before a first request named its topic.",
            Self::DeliveryLimit => "You have exceeded the event delivery limit for your org.",
            Self::NoEvents => "A publish request needs at least one event.",
            Self::SweeperTimeout => "The publish stream was closed: no request came in time.",
            Self::ManagedNotFound { .. } => "The managed event subscription does not exist.",
            Self::ManagedUnnamed => {
                "The first request must name the managed event subscription by id or developer name."
            }
            Self::ManagedStopped => "The managed event subscription is stopped.",
            Self::ManagedDeleted => "The managed event subscription was deleted.",
            Self::ManagedActive => "The managed event subscription is active in another stream.",
            Self::ManagedFirst => "Only the first request names the managed event subscription.",
            Self::NotEmulated(what) => {
                return write!(
                    f,
                    "mock-sfdc does not emulate {what}; see docs/FIDELITY.md for what it does."
                );
            }
            Self::Fault(_, text) => text,
        };
        f.write_str(text)
    }
}
