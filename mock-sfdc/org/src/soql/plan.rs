//! Which rows to look at. The planner finds the narrowest index that the condition allows; the whole condition is asked
//! of every candidate afterwards, so a plan can be too wide but never wrong.

use std::fmt::Write as _;

use super::ast::Comparison;
use super::bound::Condition;
use super::expr::{Expr, Path};
use super::filter::{Constants, Filter, Test};
use crate::{
    id::Id,
    schema::Object,
    state::{RECENTLY_VIEWED, Table, index},
    value::Value,
};

/// A way to the rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Access {
    Scan,
    Ids(Box<[Id]>),
    /// The ids that a semi-join found.
    Joined(usize),
    /// Rows whose indexed field holds one of these values.
    Index {
        position: usize,
        values: Box<[Value]>,
    },
    /// The same, with the ids of a semi-join as values.
    IndexJoined {
        position: usize,
        join: usize,
    },
    /// An ordered index between two bounds.
    Range {
        position: usize,
        low: Option<Edge>,
        high: Option<Edge>,
    },
    /// Rows from one id to another, bounds included: the table itself is in that order.
    IdRange {
        low: Option<Id>,
        high: Option<Id>,
    },
    /// What the user has looked at: the rows of `RecentlyViewed`.
    Seen,
    /// Every branch of an OR has an index.
    Union(Box<[Access]>),
}

/// A bound of a range, inclusive.
#[derive(Clone, Debug, PartialEq)]
pub enum Edge {
    Value(Value),
    /// Of a date literal, by its place in the query's list; as a moment if the field is one.
    Start {
        at: usize,
        moment: bool,
    },
    /// What `>` counts from: see [`super::filter::ResolvedDays::after`].
    After {
        at: usize,
        moment: bool,
    },
    End {
        at: usize,
        moment: bool,
    },
}

/// Beyond this share of a table, walking it beats looking rows up one by one.
const SCAN_SHARE: usize = 4;

impl Access {
    pub fn choose(object: &Object, condition: &Condition) -> Self {
        if object.name.is(RECENTLY_VIEWED) {
            return Self::Seen;
        }
        condition.filter.as_ref().and_then(|filter| find(object, filter)).unwrap_or(Self::Scan)
    }

    /// Lower is better.
    fn cost(&self) -> u32 {
        match self {
            Self::Ids(ids) => u32::try_from(ids.len()).unwrap_or(u32::MAX).min(1000),
            Self::Index { values, .. } => 10 + u32::try_from(values.len()).unwrap_or(u32::MAX).min(1000),
            Self::Joined(_) => 5_000,
            Self::IndexJoined { .. } => 6_000,
            Self::Range { low: Some(_), high: Some(_), .. } => 10_000,
            Self::Range { .. } => 20_000,
            Self::IdRange { low: Some(_), high: Some(_) } => 15_000,
            Self::IdRange { .. } => 30_000,
            Self::Union(parts) => parts.iter().map(Self::cost).fold(0, u32::saturating_add),
            Self::Scan | Self::Seen => u32::MAX,
        }
    }

    /// Ids of all rows that can match, sorted; None when the table has to be walked.
    pub fn candidates(&self, table: &Table, constants: &Constants) -> Option<Vec<Id>> {
        let limit = (table.len() / SCAN_SHARE).max(1000);
        let mut ids = Vec::new();
        self.gather(table, constants, limit, &mut ids)?;
        ids.sort_unstable();
        ids.dedup();
        Some(ids)
    }

    fn gather(&self, table: &Table, constants: &Constants, limit: usize, ids: &mut Vec<Id>) -> Option<()> {
        let mut take = |found: &mut dyn Iterator<Item = Id>| {
            let room = limit.saturating_sub(ids.len());
            ids.extend(found.take(room));
            found.next().is_none().then_some(())
        };
        match self {
            // A range of ids is walked as the whole table is.
            Self::Scan | Self::Seen | Self::IdRange { .. } => None,
            Self::Ids(list) => take(&mut list.iter().copied()),
            Self::Joined(at) => take(&mut constants.joined.get(*at)?.iter().copied()),
            Self::Index { position, values } => {
                let index = table.index(*position)?;
                take(&mut values.iter().flat_map(|value| index.candidates(value)))
            }
            Self::IndexJoined { position, join } => {
                let index = table.index(*position)?;
                let values = constants.joined.get(*join)?.iter().map(|id| Value::Id(*id));
                take(&mut values.flat_map(|value| index.candidates(&value).collect::<Vec<_>>()))
            }
            Self::Range { position, low, high } => {
                let index = table.index(*position)?;
                let bound = |edge: &Option<Edge>| edge.as_ref().and_then(|edge| edge.value(constants));
                take(&mut index.range(bound(low).as_ref(), bound(high).as_ref()))
            }
            Self::Union(parts) => parts.iter().try_for_each(|part| part.gather(table, constants, limit, ids)),
        }
    }

    /// The fields whose index is used.
    pub fn fields(&self, object: &Object) -> Vec<String> {
        match self {
            Self::Scan | Self::Seen => Vec::new(),
            Self::Ids(_) | Self::Joined(_) | Self::IdRange { .. } => vec!["Id".to_owned()],
            Self::Index { position, .. }
            | Self::IndexJoined { position, .. }
            | Self::Range { position, .. } => {
                object.field_at(*position).map(|field| field.name.to_string()).into_iter().collect()
            }
            Self::Union(parts) => {
                let mut fields: Vec<String> = parts.iter().flat_map(|part| part.fields(object)).collect();
                fields.sort();
                fields.dedup();
                fields
            }
        }
    }

    /// In words, for people.
    pub fn explain(&self, object: &Object) -> String {
        let name = |position: &usize| {
            object.field_at(*position).map_or_else(|| "?".to_owned(), |field| field.name.to_string())
        };
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = match self {
            Self::Scan => write!(text, "walk all rows of {}", object.name),
            Self::Seen => write!(text, "what the user has looked at"),
            Self::Ids(ids) => write!(text, "{} rows of {} by id", ids.len(), object.name),
            Self::Joined(_) => write!(text, "rows of {} by the ids of the subquery", object.name),
            Self::Index { position, values } => {
                write!(text, "index {}.{}, {} values", object.name, name(position), values.len())
            }
            Self::IndexJoined { position, .. } => {
                write!(text, "index {}.{}, ids of the subquery", object.name, name(position))
            }
            Self::Range { position, low, high } => {
                let end = |edge: &Option<Edge>| if edge.is_some() { "bound" } else { "open" };
                write!(text, "index {}.{}, from {} to {}", object.name, name(position), end(low), end(high))
            }
            Self::IdRange { low, high } => {
                let end = |edge: &Option<Id>| if edge.is_some() { "bound" } else { "open" };
                write!(text, "rows of {} by id, from {} to {}", object.name, end(low), end(high))
            }
            Self::Union(parts) => {
                let parts: Vec<String> = parts.iter().map(|part| part.explain(object)).collect();
                write!(text, "{}", parts.join("; and "))
            }
        };
        text
    }
}

impl Edge {
    fn value(&self, constants: &Constants) -> Option<Value> {
        Some(match self {
            Self::Value(value) => value.clone(),
            Self::Start { at, moment } => constants.days.get(*at)?.start(*moment),
            Self::After { at, moment } => constants.days.get(*at)?.after(*moment),
            Self::End { at, moment } => constants.days.get(*at)?.end(*moment),
        })
    }
}

fn find(object: &Object, filter: &Filter) -> Option<Access> {
    match filter {
        Filter::All(parts) => {
            let found: Vec<Access> = parts.iter().filter_map(|part| find(object, part)).collect();
            merge_ranges(found).into_iter().min_by_key(Access::cost)
        }
        Filter::Any(parts) => {
            let found: Option<Vec<Access>> = parts.iter().map(|part| find(object, part)).collect();
            found.map(|parts| Access::Union(parts.into()))
        }
        Filter::Test(Expr::Field(path), test) => for_test(object, path, test),
        Filter::Not(_) | Filter::Test(..) => None,
    }
}

/// Two half-open ranges of one field, or of ids, are one range.
fn merge_ranges(found: Vec<Access>) -> Vec<Access> {
    let mut merged: Vec<Access> = Vec::with_capacity(found.len());
    for access in found {
        if let Access::IdRange { low, high } = &access {
            let other = merged.iter_mut().find_map(|other| match other {
                Access::IdRange { low, high } => Some((low, high)),
                _ => None,
            });
            if let Some((known_low, known_high)) = other {
                *known_low = known_low.or(*low);
                *known_high = known_high.or(*high);
                continue;
            }
        }
        if let Access::Range { position, low, high } = &access {
            let other = merged.iter_mut().find_map(|other| match other {
                Access::Range { position: p, low, high } if p == position => Some((low, high)),
                _ => None,
            });
            if let Some((known_low, known_high)) = other {
                *known_low = known_low.take().or_else(|| low.clone());
                *known_high = known_high.take().or_else(|| high.clone());
                continue;
            }
        }
        merged.push(access);
    }
    merged
}

fn for_test(object: &Object, path: &Path, test: &Test) -> Option<Access> {
    if path.is_own_id() {
        return match test {
            Test::Id(Comparison::Equal, id) => Some(Access::Ids([*id].into())),
            Test::Id(Comparison::Less | Comparison::LessOrEqual, id) => {
                Some(Access::IdRange { low: None, high: Some(*id) })
            }
            Test::Id(Comparison::Greater | Comparison::GreaterOrEqual, id) => {
                Some(Access::IdRange { low: Some(*id), high: None })
            }
            Test::IdIn(ids) => Some(Access::Ids(ids.clone())),
            Test::Joined(at) => Some(Access::Joined(*at)),
            _ => None,
        };
    }
    let position = path.own_position()?;
    let field = object.field_at(position)?;
    if !index::is_indexed(field) {
        return None;
    }
    let values = |values: Vec<Value>| Some(Access::Index { position, values: values.into() });
    let held = |text: &str| Value::text(text);
    match test {
        Test::Text(Comparison::Equal, folded) => values(vec![held(folded.as_str())]),
        Test::ExactText(Comparison::Equal, expected) => values(vec![held(expected)]),
        Test::TextIn(list) => values(list.iter().map(|folded| held(folded.as_str())).collect()),
        Test::Number(Comparison::Equal, number) => values(vec![Value::Number(*number)]),
        Test::Id(Comparison::Equal, id) => values(vec![Value::Id(*id)]),
        Test::IdIn(ids) => values(ids.iter().map(|id| Value::Id(*id)).collect()),
        Test::Joined(join) => Some(Access::IndexJoined { position, join: *join }),
        Test::Date(comparison, date) if index::is_ordered(field.kind) => {
            let edge = Edge::Value(Value::Date(*date));
            between(position, *comparison, edge.clone(), edge)
        }
        Test::Moment(comparison, moment) => {
            let edge = Edge::Value(Value::DateTime(*moment));
            between(position, *comparison, edge.clone(), edge)
        }
        Test::InDays(comparison, at) if index::is_ordered(field.kind) => {
            let moment = field.kind == crate::schema::FieldType::Datetime;
            let (start, end) = match comparison {
                Comparison::Greater => (Edge::Start { at: *at, moment }, Edge::After { at: *at, moment }),
                _ => (Edge::Start { at: *at, moment }, Edge::End { at: *at, moment }),
            };
            between(position, *comparison, start, end)
        }
        _ => None,
    }
}

fn between(position: usize, comparison: Comparison, start: Edge, end: Edge) -> Option<Access> {
    let (low, high) = match comparison {
        Comparison::Equal => (Some(start), Some(end)),
        Comparison::NotEqual => return None,
        Comparison::Less => (None, Some(start)),
        Comparison::LessOrEqual => (None, Some(end)),
        Comparison::Greater => (Some(end), None),
        Comparison::GreaterOrEqual => (Some(start), None),
    };
    Some(Access::Range { position, low, high })
}
