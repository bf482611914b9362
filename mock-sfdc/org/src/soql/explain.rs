//! How a query finds its rows, and which of its conditions leaves how many: what `query?explain=` and `mock-sfdc soql explain`
//! show. The conditions that AND joins are asked one by one, in their order.

use std::sync::Arc;

use super::ast::{Condition as Tree, Query};
use super::bind::BindOptions;
use super::bound::Bound;
use super::filter::Filter;
use super::parser::parse;
use super::plan::Access;
use super::prepared::prepare_query;
use super::run::{self, RunContext};
use crate::{
    error::Error,
    schema::Object,
    state::{State, index},
};

/// What there is to say about one run of a query.
#[derive(Clone, Debug)]
pub struct Explanation {
    pub object: Arc<Object>,
    /// In words.
    pub plan: String,
    /// The fields whose index is used; none when the table is walked.
    pub indexed: Vec<String>,
    /// Rows of the object.
    pub rows: usize,
    /// Rows that the index gives, to be asked for the rest.
    pub candidates: usize,
    pub steps: Vec<Step>,
    /// Fields that conditions look at and no index holds.
    pub unindexed: Vec<String>,
    /// `totalSize` of the answer.
    pub total: usize,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub condition: String,
    /// Rows for which it holds by itself.
    pub alone: usize,
    /// Rows for which it and all before it hold.
    pub left: usize,
}

impl Explanation {
    /// The condition that removed the last row.
    #[must_use]
    pub fn culprit(&self) -> Option<&Step> {
        self.steps.iter().find(|step| step.left == 0)
    }
}

/// Runs a query and watches it.
pub fn explain(
    text: &str,
    state: &State,
    options: &BindOptions,
    context: &RunContext,
) -> Result<Explanation, Error> {
    let query = parse(text)?;
    let prepared = prepare_query(text, &query, state.schema(), *options)?;
    let total = super::prepared::run(&prepared, state, context)?.total_size();
    let bound = prepared.bound();
    let state = state.seen_by(context.user);
    let (rows, candidates, counts) = run::count_steps(bound, &state, context, &parts(bound));
    let names = names(&query, bound);
    let steps = names
        .into_iter()
        .zip(counts)
        .map(|(condition, (alone, left))| Step { condition, alone, left })
        .collect();
    let name = |position: &usize| bound.object.field_at(*position).map(|field| field.name.to_string());
    let unindexed = bound.condition.own_fields();
    let unindexed = unindexed
        .iter()
        .filter(|position| bound.object.field_at(**position).is_some_and(|field| !index::is_indexed(field)));
    Ok(Explanation {
        object: Arc::clone(&bound.object),
        plan: prepared.explain(),
        indexed: if bound.access == Access::Scan { Vec::new() } else { bound.access.fields(&bound.object) },
        rows,
        candidates,
        steps,
        unindexed: unindexed.filter_map(name).collect(),
        total,
    })
}

/// The conditions that AND joins.
fn parts(bound: &Bound) -> Vec<&Filter> {
    match &bound.condition.filter {
        None => Vec::new(),
        Some(Filter::All(parts)) => parts.iter().collect(),
        Some(filter) => vec![filter],
    }
}

/// The scope first, as it is asked first; then what [`parts`] gives, as it is written.
fn names(query: &Query, bound: &Bound) -> Vec<String> {
    let scope = query.scope.as_ref().filter(|_| bound.scope.is_some());
    let scope = scope.map(|scope| format!("USING SCOPE {scope}"));
    let conditions: Vec<String> = match &query.condition {
        None => Vec::new(),
        Some(Tree::And(parts)) => parts.iter().map(ToString::to_string).collect(),
        Some(condition) => vec![condition.to_string()],
    };
    scope.into_iter().chain(conditions).collect()
}
