//! `UserRecordAccess`: rows that no table keeps. A query asks how far one user reaches on up to 200 records, and the rows are
//! made for it.

use std::sync::Arc;

use super::ast::{Comparison, Condition, Literal, LiteralKind, Operand, Query};
use super::parser::decode;
use crate::{
    access::permissions::{Level, Right},
    error::Error,
    id::Id,
    state::{Edit, State},
    value::Value,
};

pub(super) const OBJECT: &str = "UserRecordAccess";

/// Records in one question.
const MOST: usize = 200;

/// Whose reach, on which records: ids as they were written, which is how the answer is compared with the question.
#[derive(Clone, Debug)]
pub(super) struct Question {
    user: Id,
    records: Arc<[String]>,
}

impl Question {
    /// What the query asks: `UserId = …` and `RecordId = …` or `RecordId IN (…)`, both of them, with AND.
    pub fn of(query: &Query) -> Result<Self, Error> {
        let parts = joined(query);
        let user = parts.iter().flat_map(|part| compared(part, "UserId")).find_map(|text| Id::parse(&text));
        let records = parts.iter().flat_map(|part| compared(part, "RecordId")).collect::<Vec<_>>();
        match user {
            Some(user) if (1..=MOST).contains(&records.len()) => Ok(Self { user, records: records.into() }),
            _ => Err(Error::record_access_filter(MOST)),
        }
    }

    /// The state with the rows that answer it.
    pub fn fill(&self, mut state: State) -> State {
        let Some(object) = state.schema().object(OBJECT).cloned() else { return state };
        let viewer = state.viewer(self.user);
        let pod = state.settings().pod;
        for (number, written) in (1..).zip(self.records.iter()) {
            let found = Id::parse(written).and_then(|id| state.find(id));
            let (level, delete) = found.map_or((Level::None, false), |(object, record)| {
                let level = viewer.level(&state, object.index, record);
                (level, level == Level::All && viewer.allows(object.index, Right::Delete))
            });
            let id = Id::from_number(object.record_prefix, pod, number);
            let mut edit = Edit::new(id, object.fields.len());
            let most = match level {
                Level::All if delete => "All",
                Level::All | Level::Edit => "Edit",
                Level::Read => "Read",
                Level::None => "None",
            };
            for (field, value) in [
                ("UserId", Value::from(self.user)),
                ("RecordId", written.as_str().into()),
                ("HasReadAccess", (level >= Level::Read).into()),
                ("HasEditAccess", (level >= Level::Edit).into()),
                ("HasDeleteAccess", delete.into()),
                ("HasTransferAccess", (level == Level::All).into()),
                ("HasAllAccess", (level == Level::All && delete).into()),
                ("MaxAccessLevel", most.into()),
            ] {
                if let Some((position, _)) = object.field(field) {
                    edit.set(position, value);
                }
            }
            state.replace(&object, id, &edit);
        }
        state
    }
}

/// The conditions of a query that AND joins; a single one is one of them.
pub(super) fn joined(query: &Query) -> &[Condition] {
    match &query.condition {
        Some(Condition::And(parts)) => parts,
        Some(single) => std::slice::from_ref(single),
        None => &[],
    }
}

/// The texts with which a field is compared for equality.
pub(super) fn compared(condition: &Condition, field: &str) -> Vec<String> {
    let is_it = |left: &Operand| matches!(left, Operand::Field(word) if word.steps().last().is_some_and(|last| last.eq_ignore_ascii_case(field)));
    let text = |literal: &Literal| match &literal.kind {
        LiteralKind::Text(raw) => Some(decode(raw).into_owned()),
        _ => None,
    };
    match condition {
        Condition::Compare { left, comparison: Comparison::Equal, value } if is_it(left) => {
            text(value).into_iter().collect()
        }
        Condition::In { left, negated: false, values } if is_it(left) => {
            values.iter().filter_map(text).collect()
        }
        _ => Vec::new(),
    }
}
