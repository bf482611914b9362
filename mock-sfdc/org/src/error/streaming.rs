//! Errors of publishing events and of streaming channels. The texts are our own sentences; `docs/FIDELITY.md` lists them.

use super::{Error, ErrorCode};

impl Error {
    #[must_use]
    pub fn event_publishing_limit() -> Self {
        Self::record(
            ErrorCode::LimitExceeded,
            "The platform event message isn't published because the hourly publishing limit of the organization was exceeded.",
        )
    }

    /// No error: a published event was taken in, and this is the id by which it can be found. It stands where errors would.
    #[must_use]
    pub fn operation_enqueued(uuid: &str) -> Self {
        Self::record(ErrorCode::OperationEnqueued, uuid)
    }

    #[must_use]
    pub fn daily_events_exceeded() -> Self {
        Self::plain(ErrorCode::LimitExceeded, "Organization total events daily limit exceeded")
    }

    #[must_use]
    pub fn too_many_streaming_channels(most: u32) -> Self {
        Self::plain(
            ErrorCode::LimitExceeded,
            format!("Your organization has reached its limit of {most} streaming channels"),
        )
    }

    #[must_use]
    pub fn streaming_channel_name() -> Self {
        Self::on_fields(
            ErrorCode::InvalidField,
            "The name of a streaming channel begins with /u/ and goes on with letters, digits and any of _ - . /",
            ["Name"],
        )
    }

    #[must_use]
    pub fn payload_too_long(most: usize) -> Self {
        Self::on_fields(
            ErrorCode::StringTooLong,
            format!("payload: data value too large (max length={most})"),
            ["payload"],
        )
    }

    /// `payloadFormat` of an event's schema.
    #[must_use]
    pub fn unknown_payload_format(value: &str) -> Self {
        Self::plain(
            ErrorCode::InvalidInput,
            format!("Invalid payloadFormat '{value}': it is EXPANDED or COMPACT"),
        )
    }
}
