//! The WHERE of a push topic's query, asked of one record.

use crate::{
    soql::{Code, Query, SoqlError},
    state::{Record, State},
    value::DateTime,
};

/// A bound condition.
#[derive(Debug)]
pub struct Predicate {}

impl Predicate {
    /// None where the query has no WHERE.
    pub fn bind(_state: &State, _text: &str, query: &Query) -> Result<Option<Self>, SoqlError> {
        match query.condition {
            None => Ok(None),
            Some(_) => Err(SoqlError::plain(
                Code::NotEmulated,
                "mock-sfdc does not emulate the WHERE of a push topic yet; see docs/FIDELITY.md for what it does",
            )),
        }
    }

    pub fn holds(&self, _state: &State, _record: &Record, _now: DateTime) -> bool {
        true
    }
}
