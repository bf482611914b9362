//! The WHERE of a push topic's query, asked of one record.

use jiff::tz::TimeZone;

use crate::{
    id::Id,
    soql::{BindOptions, BoundCondition, Query, RunContext, SoqlError, where_of},
    state::{Record, State},
    value::DateTime,
};

/// A bound condition.
#[derive(Debug)]
pub struct Predicate {
    condition: BoundCondition,
    /// Days are the org's.
    time_zone: TimeZone,
}

impl Predicate {
    /// None where the query has no WHERE.
    pub fn bind(state: &State, text: &str, query: &Query) -> Result<Option<Self>, SoqlError> {
        let condition = where_of(text, query, state.schema(), &BindOptions::default())?;
        let time_zone = TimeZone::get(&state.settings().time_zone).unwrap_or(TimeZone::UTC);
        Ok(condition.map(|condition| Self { condition, time_zone }))
    }

    pub fn holds(&self, state: &State, record: &Record, now: DateTime) -> bool {
        // Nothing that a topic may ask depends on who asks.
        let nobody = Id::from_number(*b"005", state.settings().pod, 0);
        let time_zone = self.time_zone.clone();
        let context = RunContext { time_zone, ..RunContext::new(nobody, now.millis()) };
        self.condition.matches(record, state, &context)
    }
}
