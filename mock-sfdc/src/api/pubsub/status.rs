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
    /// A publish stream begins with the token of its headers.
    RefreshTooEarly,
    Unavailable,
    TopicEmpty {
        publishing: bool,
    },
    TopicNotFound(String),
    TopicForbidden(String),
    CannotSubscribe(String),
    SchemaEmpty,
    SchemaNotFound(String),
    ReplayIdCorrupted,
    ReplayIdMissing,
    Overflow,
    NumRequested {
        number: i32,
        managed: bool,
    },
    TopicMismatch {
        publishing: bool,
    },
    FirstRequest,
    DeliveryLimit,
    RequestTooBig,
    NoEvents,
    SweeperTimeout,
    ManagedNotFound {
        by_name: bool,
    },
    ManagedUnnamed,
    ManagedIdInvalid,
    ManagedStopped,
    ManagedDeleted,
    ManagedActive,
    /// The first request has a commit, or a token: neither is for it.
    ManagedCommitFirst,
    ManagedRefreshFirst,
    ManagedRequest,
    /// Not Salesforce's: it exists and is not emulated.
    NotEmulated(String),
    /// What a fault asked for.
    Fault(Code, String),
}

impl Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::RefreshTooEarly => "publish.auth.refresh.invalid",
            Self::HeadersInvalid => "service.auth.headers.invalid",
            Self::AuthError => "service.auth.error",
            Self::RefreshInvalid => "service.auth.refresh.invalid",
            Self::Unavailable | Self::RequestTooBig | Self::NotEmulated(_) | Self::Fault(..) => {
                "service.unavailable"
            }
            Self::TopicEmpty { publishing: false } => "topic.validation.empty",
            Self::TopicEmpty { publishing: true } => "publish.topic.validation.empty",
            Self::TopicNotFound(_) => "topic.not.found",
            Self::TopicForbidden(_) => "topic.meta.permission",
            Self::CannotSubscribe(_) => "subscription.topic.cannot.subscribe",
            Self::SchemaEmpty => "schema.validation.failed",
            Self::SchemaNotFound(_) => "schema.meta.permission",
            Self::ReplayIdCorrupted => "subscription.fetch.replayid.corrupted",
            Self::ReplayIdMissing => "subscription.fetch.replayid.validation.failed",
            Self::Overflow => "subscription.fetch.overflow",
            Self::NumRequested { managed: false, .. } => "subscription.fetch.requested.events.invalid",
            Self::NumRequested { managed: true, .. } => "managed.subscription.fetch.request.events.invalid",
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
            Self::ManagedIdInvalid => "managed.subscription.subscription.id.invalid",
            Self::ManagedCommitFirst => "managed.subscription.fetch.request.commit.request.restricted",
            Self::ManagedRefreshFirst => "managed.subscription.fetch.request.auth.request.restricted",
            Self::ManagedRequest => "managed.subscription.fetch.request.invalid",
        }
    }

    const fn status(&self) -> Code {
        match self {
            Self::HeadersInvalid | Self::AuthError | Self::RefreshInvalid => Code::Unauthenticated,
            Self::Unavailable | Self::RequestTooBig => Code::Unavailable,
            Self::NotEmulated(_) => Code::Unimplemented,
            Self::Fault(code, _) => *code,
            Self::TopicNotFound(_) | Self::SchemaNotFound(_) | Self::ManagedNotFound { .. } => Code::NotFound,
            Self::TopicForbidden(_) | Self::CannotSubscribe(_) => Code::PermissionDenied,
            Self::DeliveryLimit => Code::ResourceExhausted,
            Self::SweeperTimeout => Code::DeadlineExceeded,
            Self::Overflow => Code::OutOfRange,
            Self::ManagedStopped | Self::ManagedDeleted | Self::ManagedActive => Code::FailedPrecondition,
            Self::TopicEmpty { .. }
            | Self::SchemaEmpty
            | Self::RefreshTooEarly
            | Self::ReplayIdCorrupted
            | Self::ReplayIdMissing
            | Self::NumRequested { .. }
            | Self::TopicMismatch { .. }
            | Self::FirstRequest
            | Self::NoEvents
            | Self::ManagedUnnamed
            | Self::ManagedIdInvalid
            | Self::ManagedCommitFirst
            | Self::ManagedRefreshFirst
            | Self::ManagedRequest => Code::InvalidArgument,
        }
    }

    /// The status with its two trailers; the message ends in the id of the call.
    #[must_use]
    pub fn into_status(self, rpc_id: &str) -> Status {
        if self == Self::RequestTooBig {
            // What stands before the service says so, and knows neither codes nor ids.
            return Status::new(self.status(), self.to_string());
        }
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
            Self::RefreshTooEarly => "The first publish request must not have an authentication refresh.",
            Self::Unavailable => "The service is temporarily unavailable. Try again later.",
            Self::TopicEmpty { .. } => "The topic name is missing.",
            Self::TopicNotFound(topic) => return write!(f, "The topic with name {topic} does not exist."),
            Self::TopicForbidden(topic) => {
                return write!(f, "You don't have permission to access topic {topic}.");
            }
            Self::CannotSubscribe(topic) => {
                return write!(f, "You don't have permission to subscribe to topic {topic}.");
            }
            Self::SchemaEmpty => "The schema id is missing.",
            Self::SchemaNotFound(id) => return write!(f, "The schema with id {id} does not exist."),
            Self::ReplayIdCorrupted => {
                "The Replay ID validation failed. Ensure that the Replay ID is valid and within the retention window."
            }
            Self::ReplayIdMissing => "The replay preset CUSTOM requires a Replay ID.",
            Self::Overflow => "Events that the subscription has not received are no longer retained.",
            Self::NumRequested { number, managed } => {
                let least = if *managed { "must not be less" } else { "must be greater" };
                return write!(f, "The number of requested events {least} than 0; it is {number}.");
            }
            Self::TopicMismatch { .. } => "The topic name must not change within a stream.",
            Self::FirstRequest => "The stream ended before a first request named its topic.",
            Self::DeliveryLimit => "You have exceeded the event delivery limit for your org.",
            Self::RequestTooBig => {
                "upstream connect error or disconnect/reset before headers. reset reason: remote reset"
            }
            Self::NoEvents => "A publish request needs at least one event.",
            Self::SweeperTimeout => "The publish stream was closed: no request came in time.",
            Self::ManagedNotFound { .. } => "The managed event subscription does not exist.",
            Self::ManagedUnnamed => {
                "The first request must name the managed event subscription, either by id or by developer name."
            }
            Self::ManagedIdInvalid => "The id of a managed event subscription has 15 or 18 characters.",
            Self::ManagedStopped => "The managed event subscription is stopped.",
            Self::ManagedDeleted => "The managed event subscription was deleted.",
            Self::ManagedActive => "The managed event subscription is active in another stream.",
            Self::ManagedCommitFirst | Self::ManagedRefreshFirst => {
                "The first request neither commits nor refreshes the authentication."
            }
            Self::ManagedRequest => {
                "A request after the first one asks for events, commits or refreshes the authentication, for the same subscription."
            }
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
