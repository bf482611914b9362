//! A query divided by the primary key: its batch is not processed itself, and others come in its place, each with a part of the
//! object's ids (`contract/bulk.md` section 1, PK chunking). Deleted rows count where one part ends and the next begins.

use std::sync::Arc;

use super::job::Job;
use crate::{
    error::Error,
    id::Id,
    schema::{Object, Schema},
    soql::{
        self,
        ast::{Comparison, Condition, Literal, LiteralKind, Operand, Query, Span, Word},
    },
    state::{Record, Transaction},
};

/// The queries that stand for this one; `None`: it is not divided.
pub(super) fn parts(tx: &Transaction, job: &Job, text: &str) -> Result<Option<Vec<String>>, Error> {
    let Some(size) = job.spec.chunk_size else { return Ok(None) };
    let query = soql::parse(text)?;
    let field = job.spec.chunk_field.as_deref().unwrap_or("Id");
    let in_the_way = !query.order.is_empty()
        || query.limit.is_some()
        || query.condition.as_ref().is_some_and(|condition| names_an_id(condition, field));
    if in_the_way {
        return Ok(None);
    }
    let Some(object) = divided(tx.state().schema(), job) else { return Ok(None) };
    let table = tx.state().table(object.index);
    let mut ids = table.rows().map(Record::id).collect::<Vec<Id>>();
    ids.extend(table.bin().map(|binned| binned.record.id()));
    ids.retain(|id| job.spec.start_row.is_none_or(|start| *id >= start));
    ids.sort_unstable();
    let starts = ids.iter().step_by(size).copied().collect::<Vec<_>>();
    let part = |at: usize| {
        let upper = starts.get(at + 1).map(|next| (Comparison::Less, *next));
        let upper = upper.or_else(|| ids.last().map(|last| (Comparison::LessOrEqual, *last)));
        let bounds = [Some((Comparison::GreaterOrEqual, starts[at])), upper];
        narrowed(query.clone(), field, bounds.into_iter().flatten()).to_string()
    };
    Ok((!ids.is_empty()).then(|| (0..starts.len()).map(part).collect()))
}

/// The object whose ids are divided: that of the query, or the one that its rows belong to.
fn divided<'a>(schema: &'a Schema, job: &Job) -> Option<&'a Arc<Object>> {
    let object = schema.object(&job.spec.object)?;
    let Some(field) = &job.spec.chunk_field else { return Some(object) };
    schema.object(object.field(field)?.1.reference_to.first()?.as_str())
}

fn narrowed(mut query: Query, field: &str, bounds: impl Iterator<Item = (Comparison, Id)>) -> Query {
    let span = Span::default();
    let bound = |(comparison, id): (Comparison, Id)| Condition::Compare {
        left: Operand::Field(Word { text: field.into(), span }),
        comparison,
        value: Literal { kind: LiteralKind::Text(id.to_string().into()), span },
    };
    let mut all = bounds.map(bound).collect::<Vec<_>>();
    match query.condition.take() {
        Some(Condition::And(own)) => all.extend(own),
        own => all.extend(own),
    }
    query.condition = Some(Condition::And(all));
    query
}

/// Whether a condition asks for ids: a query that does so is not divided any more.
fn names_an_id(condition: &Condition, divided: &str) -> bool {
    let is_id = |operand: &Operand| {
        let Operand::Field(word) = operand else { return false };
        let name = word.steps().last();
        name.is_some_and(|name| name.eq_ignore_ascii_case("Id") || name.eq_ignore_ascii_case(divided))
    };
    let mut open = vec![condition];
    while let Some(condition) = open.pop() {
        match condition {
            Condition::And(inner) | Condition::Or(inner) => open.extend(inner.iter()),
            Condition::Not(inner, _) => open.push(inner),
            Condition::Compare { left, .. }
            | Condition::Like { left, .. }
            | Condition::In { left, .. }
            | Condition::SemiJoin { left, .. }
                if is_id(left) =>
            {
                return true;
            }
            _ => {}
        }
    }
    false
}
