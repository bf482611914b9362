//! How large a query may be. Salesforce measures the statement that it makes for its database, which nobody outside sees; here
//! the selected fields and the comparisons are counted, and only where a test has set how many there may be.

use super::LimitSettings;
use crate::{
    error::Error,
    soql::ast::{Condition, Query, Select},
};

/// What is counted of a query.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct QuerySize {
    pub characters: usize,
    pub fields: usize,
    pub comparisons: usize,
}

impl QuerySize {
    pub fn of(text: &str, query: &Query) -> Self {
        let fields = match &query.select {
            Select::Count(_) => 0,
            Select::Items(items) => items.len(),
        };
        Self {
            characters: text.chars().count(),
            fields,
            comparisons: query.condition.as_ref().map_or(0, comparisons),
        }
    }

    pub fn check(self, limits: &LimitSettings) -> Result<(), Error> {
        if let Some(most) = limits.query_characters.filter(|most| is_more(self.characters, *most)) {
            return Err(Error::query_too_long(most));
        }
        let over = |found, most: Option<u32>| most.is_some_and(|most| is_more(found, most));
        if over(self.fields, limits.query_fields) || over(self.comparisons, limits.query_conditions) {
            return Err(Error::query_too_complicated());
        }
        Ok(())
    }
}

fn is_more(found: usize, most: u32) -> bool {
    usize::try_from(most).is_ok_and(|most| found > most)
}

fn comparisons(condition: &Condition) -> usize {
    match condition {
        Condition::And(all) | Condition::Or(all) => all.iter().map(comparisons).sum(),
        Condition::Not(inner, _) => comparisons(inner),
        Condition::In { values, .. } | Condition::Includes { values, .. } => values.len(),
        Condition::SemiJoin { query, .. } => 1 + query.condition.as_ref().map_or(0, comparisons),
        Condition::Compare { .. } | Condition::Like { .. } | Condition::Calculated { .. } => 1,
    }
}
