//! Errors of queries that a statement's text does not show a place for.

use super::{Error, ErrorCode};

impl Error {
    /// Definitions are kept by object: a query must say of which.
    #[must_use]
    pub fn no_reified_filter() -> Self {
        let message = "a filter on a reified column is required [EntityDefinitionId,DurableId]";
        Self::plain(ErrorCode::MalformedQuery, message)
    }

    /// `UserRecordAccess` answers for one user and so many records that the query names.
    #[must_use]
    pub fn record_access_filter(most: usize) -> Self {
        let message = format!(
            "a query of UserRecordAccess is filtered by UserId and by 1 to {most} values of RecordId"
        );
        Self::plain(ErrorCode::MalformedQuery, message)
    }

    /// `UserEntityAccess` and the like answer for users that the query names.
    #[must_use]
    pub fn user_access_filter(object: &str) -> Self {
        let message =
            format!("a query of {object} names users by UserId = or UserId IN, joined by AND, or none");
        Self::plain(ErrorCode::MalformedQuery, message)
    }

    /// The groups of an aggregate query come in one batch.
    #[must_use]
    pub fn too_many_groups() -> Self {
        let message = "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch";
        Self::plain(ErrorCode::ExceededIdLimit, message)
    }

    #[must_use]
    pub fn query_too_complicated() -> Self {
        let message =
            "Query is either selecting too many fields or the filter conditions are too complicated.";
        Self::plain(ErrorCode::QueryTooComplicated, message)
    }

    #[must_use]
    pub fn query_too_long(most: impl std::fmt::Display) -> Self {
        let message = format!("SOQL statements cannot be longer than {most} characters.");
        Self::plain(ErrorCode::MalformedQuery, message)
    }
}
