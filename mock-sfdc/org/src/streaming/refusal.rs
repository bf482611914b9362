//! Every way in which Salesforce refuses a Bayeux message: its number and its text, once (`contract/streaming.md` section 3).

use std::fmt;

/// A refused message. Displayed as it stands in `error`: `code::text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Carries the newest version.
    VersionMandatory(u16),
    VersionUnsupported,
    ConnectionType(String),
    NoSuchChannel(String),
    ChannelNotSpecified,
    NoLeadingSlash,
    FilterFields(Vec<String>),
    /// Carries the client's id.
    NoCookie(String),
    ReplayId(String),
    OtherUser,
    AuthenticationInvalid,
    AuthenticationRequired,
    HandshakeDenied,
    UnknownClient,
    NoHandshake,
    CreateDenied,
    NoAccessToEntity,
    NoAccessToWhereFields,
    NoAccessToChannel,
    NeedsViewAllData,
    UnknownChannel,
    NoDynamicChannel,
    TooManyClients,
    DailyEvents,
    RestrictedChannel,
    StreamingDisabled,
    TooManySubscriptions,
    RequestTooLarge,
    Busy,
    /// Not Salesforce's: the mode exists and is not emulated.
    NotEmulated(String),
    /// Not Salesforce's: a fixture has put a topic into the org that no save would have let pass.
    BrokenTopic {
        name: String,
        reason: String,
    },
    /// Not Salesforce's wording, which is unknown: the message itself is malformed.
    Malformed(String),
}

impl Refusal {
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::VersionMandatory(_)
            | Self::VersionUnsupported
            | Self::ConnectionType(_)
            | Self::NoSuchChannel(_)
            | Self::ChannelNotSpecified
            | Self::NoLeadingSlash
            | Self::FilterFields(_)
            | Self::NoCookie(_)
            | Self::ReplayId(_)
            | Self::OtherUser
            | Self::BrokenTopic { .. }
            | Self::Malformed(_) => 400,
            Self::AuthenticationInvalid | Self::AuthenticationRequired => 401,
            Self::HandshakeDenied
            | Self::UnknownClient
            | Self::NoHandshake
            | Self::CreateDenied
            | Self::NoAccessToEntity
            | Self::NoAccessToWhereFields
            | Self::NoAccessToChannel
            | Self::NeedsViewAllData
            | Self::NoDynamicChannel
            | Self::TooManyClients
            | Self::DailyEvents
            | Self::RestrictedChannel
            | Self::StreamingDisabled
            | Self::TooManySubscriptions
            | Self::NotEmulated(_) => 403,
            Self::UnknownChannel => 404,
            Self::RequestTooLarge => 413,
            Self::Busy => 503,
        }
    }

    /// Clients put a subscription's error and its replay id side by side: it says which one was wrong, in braces.
    fn text(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::VersionMandatory(newest) => {
                return write!(f, "API version in the URI is mandatory. URI format: '/cometd/{newest}.0'");
            }
            Self::ConnectionType(kind) => return write!(f, "Invalid connection type {kind}"),
            Self::NoSuchChannel(channel) => {
                return write!(f, "The channel you requested to subscribe to does not exist {channel}");
            }
            Self::FilterFields(fields) => {
                return write!(f, "Query fields {} do not exist on the topic entity", fields.join(", "));
            }
            Self::NoCookie(client) => {
                return write!(
                    f,
                    "Client {client} has established a session, but no BAYEUX_BROWSER cookie present"
                );
            }
            Self::ReplayId(id) => {
                return write!(
                    f,
                    "The replayId {{{id}}} you provided was invalid.  Please provide a valid ID, -2 to replay all events, \
                     or -1 to replay only new events."
                );
            }
            Self::NotEmulated(what) => {
                return write!(f, "mock-sfdc does not emulate {what}; see docs/FIDELITY.md for what it does");
            }
            Self::BrokenTopic { name, reason } => {
                return write!(f, "The query of push topic {name} cannot be evaluated: {reason}");
            }
            Self::Malformed(what) => what,
            Self::VersionUnsupported => "Unsupported API version",
            Self::ChannelNotSpecified => "Channel name not specified",
            Self::NoLeadingSlash => "Channel subscriptions must start with a leading '/'",
            Self::OtherUser => "Authenticated user id does not match the session's user id.",
            Self::AuthenticationInvalid => "Authentication invalid",
            Self::AuthenticationRequired => "Request requires authentication",
            Self::HandshakeDenied => "Handshake denied",
            Self::UnknownClient => "Unknown client",
            Self::NoHandshake => "Client has not completed handshake",
            Self::CreateDenied => "create_denied",
            Self::NoAccessToEntity => "Subscriber does not have access to the entity in this topic",
            Self::NoAccessToWhereFields => {
                "Subscriber does not have access to all fields referenced in the where clause of the topic"
            }
            Self::NoAccessToChannel => "No access on channel",
            Self::NeedsViewAllData => "User not allowed to subscribe CDC without View All Data permissions",
            Self::UnknownChannel => "Unknown channel",
            Self::NoDynamicChannel => "Unable to create channel dynamically",
            Self::TooManyClients => "Organization concurrent user limit exceeded",
            Self::DailyEvents => "Organization total events daily limit exceeded",
            Self::RestrictedChannel => "Restricted channel",
            Self::StreamingDisabled => "User not enabled for streaming",
            Self::TooManySubscriptions => "Subscription limit exceeded for this topic",
            Self::RequestTooLarge => "Maximum Request Size Exceeded",
            Self::Busy => "Server is too busy. Please try your request again later.",
        };
        f.write_str(text)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // CometD's own security policy answers this one, with an argument between the colons.
        let argument = if *self == Self::CreateDenied { "denied_by_security_policy" } else { "" };
        write!(f, "{}:{argument}:", self.code())?;
        self.text(f)
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_those_that_clients_look_for() {
        // Quoted by EMP-Connector issue 14 and aiosfstream's guide, restforce issue 161, and clients' own comparisons.
        for (refusal, text) in [
            (
                Refusal::ReplayId("1553783".into()),
                "400::The replayId {1553783} you provided was invalid.  Please provide a valid ID, -2 to replay all events, \
                 or -1 to replay only new events.",
            ),
            (Refusal::UnknownClient, "403::Unknown client"),
            (Refusal::CreateDenied, "403:denied_by_security_policy:create_denied"),
            (Refusal::DailyEvents, "403::Organization total events daily limit exceeded"),
            (
                Refusal::NoCookie("abc".into()),
                "400::Client abc has established a session, but no BAYEUX_BROWSER cookie present",
            ),
            (
                Refusal::VersionMandatory(66),
                "400::API version in the URI is mandatory. URI format: '/cometd/66.0'",
            ),
        ] {
            assert_eq!(refusal.to_string(), text);
        }
    }
}
