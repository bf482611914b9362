//! A search over one moment of an org.

use super::bind::PreparedSearch;
use crate::{
    error::Error,
    id::Id,
    soql::{self, ResultSet, Row, RunContext},
    state::{Record, State},
};

/// What a search found: a result an object, in the order of RETURNING.
#[derive(Clone, Debug)]
pub struct Found {
    sets: Vec<ResultSet>,
    limit: usize,
}

impl Found {
    /// The rows of all objects, as many as LIMIT allows.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.sets.iter().flat_map(ResultSet::rows).take(self.limit)
    }
}

/// Looks into every record of each object, and asks those that have the words for the rest.
pub fn run(search: &PreparedSearch, state: &State, context: &RunContext) -> Result<Found, Error> {
    let mut sets = Vec::with_capacity(search.parts.len());
    for part in &search.parts {
        let table = state.table(part.query.object().index);
        let ids: Vec<Id> = table
            .rows()
            .filter(|record| search.term.is_in(&part.fields.words(record)))
            .map(Record::id)
            .collect();
        sets.push(soql::run(&part.query.among(ids, part.limit), state, context)?);
    }
    Ok(Found { sets, limit: search.limit })
}
