//! Errors of replication. The sentences are those that clients quote; the limit's is our own (`docs/FIDELITY.md`).

use super::{Error, ErrorCode};

impl Error {
    /// A moment that is missing, or is none.
    #[must_use]
    pub fn illegal_moment(parameter: &str, found: &str) -> Self {
        let message = format!("{parameter} is a moment such as 2026-03-01T09:00:00+00:00, not {found:?}");
        Self::plain(ErrorCode::IllegalQueryParameterValue, message)
    }

    #[must_use]
    pub fn replication_span_too_short() -> Self {
        let message = "endDate must be at least one minute greater than startDate";
        Self::plain(ErrorCode::InvalidReplicationDate, message)
    }

    #[must_use]
    pub fn replication_too_far_back(days: i64) -> Self {
        let message = format!("startDate cannot be more than {days} days ago");
        Self::plain(ErrorCode::InvalidReplicationDate, message)
    }

    #[must_use]
    pub fn too_many_replicated(most: usize) -> Self {
        let message = format!(
            "the span has more than {most} records: choose startDate and endDate that are closer together"
        );
        Self::plain(ErrorCode::ExceededIdLimit, message)
    }
}
