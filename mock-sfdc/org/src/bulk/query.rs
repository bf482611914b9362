//! Queries as jobs: what their SOQL must not hold, what they found, and the division of a query by the primary key
//! (`contract/bulk.md` sections 1 and 3).

use std::sync::Arc;

use super::{
    job::{Job, Work},
    words::{BatchState, ContentType, JobType, Operation},
};
use crate::{
    access::permissions::Viewer,
    error::Error,
    id::Id,
    soql::{
        self, BindOptions, Cell, Prepared, ResultSet, RunContext,
        ast::{Query, Select, SelectItem},
    },
    state::Transaction,
};

/// What a query found, as a table.
#[derive(Debug)]
pub struct Found {
    result: ResultSet,
    columns: Vec<String>,
    /// Which cell of a row stands in which column.
    order: Vec<usize>,
}

impl Found {
    /// The columns' names, in the order of SELECT.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.order.iter().map(|at| self.columns[*at].as_str())
    }

    #[must_use]
    pub fn result(&self) -> &ResultSet {
        &self.result
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.result.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.result.is_empty()
    }

    /// Rows `from` up to, and without, `to`: each with its cells in the columns' order.
    pub fn rows(&self, from: usize, to: usize, mut take: impl FnMut(&[&Cell<'_>])) {
        for row in self.result.page(from, to) {
            let mut cells = Vec::with_capacity(self.columns.len());
            row.flat(&mut |cell| cells.push(cell));
            let ordered = self.order.iter().filter_map(|at| cells.get(*at)).collect::<Vec<_>>();
            take(&ordered);
        }
    }
}

/// Reads and binds a query that a job is to run, or says why it cannot. `nested` are answers that are no table.
pub fn prepare(
    text: &str,
    viewer: &Viewer,
    api_version: u16,
    nested: bool,
) -> Result<(Query, Prepared), Error> {
    let options = BindOptions { api_version: api_version.into() };
    let prepared = soql::prepare(text, viewer.schema(), &options)?;
    let query = soql::parse(text)?;
    if let Some(what) = refused(&query, &prepared, nested) {
        return Err(Error::not_in_bulk_query(what));
    }
    Ok((query, prepared))
}

/// What a job's SOQL must not hold.
fn refused(query: &Query, prepared: &Prepared, nested: bool) -> Option<&'static str> {
    let Select::Items(items) = &query.select else { return Some("Aggregate Functions") };
    let fields = |which: &str| {
        items.iter().any(
            |item| matches!(item, SelectItem::Fields { which: word, .. } if word.text.eq_ignore_ascii_case(which)),
        )
    };
    let any = |is: fn(&SelectItem) -> bool| items.iter().any(is);
    if query.group.is_some() {
        Some("GROUP BY")
    } else if query.offset.is_some() {
        Some("OFFSET")
    } else if any(|item| matches!(item, SelectItem::Children { .. })) {
        Some("Aggregate Relationships")
    } else if !nested && any(|item| matches!(item, SelectItem::TypeOf { .. })) {
        Some("TYPEOF")
    } else if fields("ALL") || fields("CUSTOM") {
        Some("FIELDS(ALL) and FIELDS(CUSTOM)")
    } else if any(is_aggregate) {
        Some("Aggregate Functions")
    } else if prepared.has_compounds() {
        Some("Selecting compound data")
    } else {
        None
    }
}

fn is_aggregate(item: &SelectItem) -> bool {
    const AGGREGATES: [&str; 7] = ["COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX", "GROUPING"];
    matches!(item, SelectItem::Call { call, .. } if AGGREGATES.iter().any(|name| call.name.is(name)))
}

/// Runs a batch's query over the state as it is now.
pub(super) fn run(tx: &Transaction, job: &Job, soql: &str) -> Result<Found, Error> {
    let state = tx.state().without_jobs();
    let viewer = job.spec.viewer(&state, job.created_by);
    // The guide forbids TYPEOF; a recorded org has answered it all the same, in the one format that is no table.
    let nested = job.spec.kind == JobType::Classic && job.spec.content == ContentType::Json;
    let (query, prepared) = prepare(soql, &viewer, job.spec.api_version, nested)?;
    let context = RunContext {
        include_deleted: job.spec.operation == Operation::QueryAll,
        ..RunContext::for_user(&state, job.created_by, tx.now())
    };
    let result = soql::run(&prepared, &state, &context)?;
    let columns = prepared.columns();
    let mut order = ResultSet::select_order(&query, &columns);
    if job.spec.kind == JobType::Query && job.spec.api_version < SELECT_ORDER_SINCE {
        order.sort_by_key(|at| columns[*at].to_lowercase());
    }
    Ok(Found { result, columns, order })
}

/// Before, columns stood in the order of the alphabet.
const SELECT_ORDER_SINCE: u16 = 50;

/// Writes down what a query came to.
pub(super) fn finish(tx: &mut Transaction, job: &Job, batch: Id, outcome: Result<Found, Error>) {
    let now = tx.now();
    let jobs = tx.bulk_mut();
    if let Some(job) = jobs.job_mut(job.id) {
        job.modified_at = now;
    }
    let Some(batch) = jobs.batch_mut(job.id, batch) else { return };
    batch.modified_at = now;
    batch.took = batch.began_at.map_or(0, |began| now.millis() - began.millis());
    match outcome {
        Ok(found) => {
            batch.state = BatchState::Completed;
            batch.processed = found.len();
            if let Work::Query { found: slot, .. } = &mut batch.work {
                *slot = Some(Arc::new(found));
            }
        }
        Err(error) => {
            batch.state = BatchState::Failed;
            let (code, text) = (error.code.as_str(), &error.message);
            batch.message = Some(format!("InvalidBatch : Failed to process query: {code}: {text}"));
        }
    }
}
