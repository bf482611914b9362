//! Errors of queries that a statement's text does not show a place for.

use super::{Error, ErrorCode};

impl Error {
    /// Definitions are kept by object: a query must say of which.
    #[must_use]
    pub fn no_reified_filter() -> Self {
        let message = "a filter on a reified column is required [EntityDefinitionId,DurableId]";
        Self::plain(ErrorCode::MalformedQuery, message)
    }
}
