//! A condition, ready to be asked of a million rows: positions instead of names, constants made once, nothing allocated
//! on the way.
//!
//! Conditions are two-valued. A comparison with an empty field is false, and NOT turns it round, so that `x != 'a'`,
//! `NOT x = 'a'` and `x NOT IN ('a')` all include rows without a value, while `x < 5` leaves them out
//! (`contract/soql.md` section 2: known for `!=` and `<`, assumed for the others).

use std::cmp::Ordering;

use jiff::civil::{Date, Time};
use rust_decimal::Decimal;

use super::ast::Comparison;
use super::collation::{Folded, collate};
use super::date_literals::{Calendar, DateLiteral, Days};
use super::expr::{Expr, Fetched, Source};
use super::like::Like;
use crate::{
    id::Id,
    settings::AfterLastDays,
    value::{DateTime, Value},
};

#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    All(Box<[Filter]>),
    Any(Box<[Filter]>),
    Not(Box<Filter>),
    Test(Expr, Test),
}

/// What is asked of one value. All but `Null` are false for an empty one.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    Null,
    /// Any value.
    Filled,
    /// A checkbox without a value is unchecked.
    Bool(bool),
    Text(Comparison, Folded),
    /// A unique field that tells cases apart.
    ExactText(Comparison, Box<str>),
    /// Sorted.
    TextIn(Box<[Folded]>),
    Like(Like),
    /// LIKE on a picklist looks at the label: the values of the list with their verdict, and the pattern for all others.
    LikeLabel(Box<[(Folded, bool)]>, Like),
    Number(Comparison, Decimal),
    Date(Comparison, Date),
    Moment(Comparison, DateTime),
    Time(Comparison, Time),
    /// A range of days that depends on now: its place in the query's list.
    InDays(Comparison, usize),
    Id(Comparison, Id),
    /// Sorted.
    IdIn(Box<[Id]>),
    /// The ids that a semi-join found: its place in the query's list.
    Joined(usize),
    /// Any of these sets of multi-select values, each of them whole.
    Includes(Box<[Box<[Folded]>]>),
    Never,
}

/// What the constants of one run are: the same query means other days tomorrow.
#[derive(Clone, Debug, Default)]
pub struct Constants {
    pub days: Vec<ResolvedDays>,
    /// Sorted ids, one list for each semi-join.
    pub joined: Vec<Vec<Id>>,
}

/// A date literal's range, as days and as moments; ends exclusive.
#[derive(Clone, Copy, Debug)]
pub struct ResolvedDays {
    pub days: Days,
    pub start_ms: i64,
    pub end_ms: i64,
    /// `> LAST_N_DAYS:n` counts from the beginning.
    from_start: bool,
}

impl ResolvedDays {
    #[must_use]
    pub fn new(literal: DateLiteral, count: i64, calendar: &Calendar) -> Self {
        let days = literal.days(count, calendar);
        let end_ms = if days.until_now { calendar.now_ms + 1 } else { calendar.start_ms(days.end) };
        let from_start = days.until_now && calendar.after_last_days == AfterLastDays::Start;
        Self { days, start_ms: calendar.start_ms(days.start), end_ms, from_start }
    }

    #[must_use]
    pub fn start(&self, moment: bool) -> Value {
        if moment { DateTime::from_millis(self.start_ms).into() } else { self.days.start.into() }
    }

    #[must_use]
    pub fn end(&self, moment: bool) -> Value {
        if moment { DateTime::from_millis(self.end_ms).into() } else { self.days.end.into() }
    }

    /// What `>` counts from: the end of the range; of one that ends now, its beginning, if the org says so.
    #[must_use]
    pub fn after(&self, moment: bool) -> Value {
        if self.from_start { self.start(moment) } else { self.end(moment) }
    }

    fn holds(&self, comparison: Comparison, value: &Value) -> bool {
        if comparison == Comparison::Greater && self.from_start {
            return match value {
                Value::Date(day) => *day > self.days.start,
                Value::DateTime(moment) => moment.millis() > self.start_ms,
                _ => false,
            };
        }
        self.place(value).is_some_and(|place| is(comparison, place))
    }

    /// Where the value lies: before, in, or after the range.
    fn place(&self, value: &Value) -> Option<Ordering> {
        let (before, after) = match value {
            Value::Date(day) => (*day < self.days.start, *day >= self.days.end),
            Value::DateTime(moment) => (moment.millis() < self.start_ms, moment.millis() >= self.end_ms),
            _ => return None,
        };
        Some(match (before, after) {
            (true, _) => Ordering::Less,
            (_, true) => Ordering::Greater,
            _ => Ordering::Equal,
        })
    }
}

impl Filter {
    pub fn matches<S: Source>(&self, source: &S, constants: &Constants) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(source, constants)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(source, constants)),
            Self::Not(inner) => !inner.matches(source, constants),
            Self::Test(expr, test) => test.holds(source.fetch(expr), constants),
        }
    }

    /// Calls `visit` with everything that the condition looks at.
    pub fn visit<'a>(&'a self, visit: &mut impl FnMut(&'a Expr)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.visit(visit)),
            Self::Not(inner) => inner.visit(visit),
            Self::Test(expr, _) => visit(expr),
        }
    }
}

fn is(comparison: Comparison, ordering: Ordering) -> bool {
    match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::NotEqual => ordering.is_ne(),
        Comparison::Less => ordering.is_lt(),
        Comparison::LessOrEqual => ordering.is_le(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::GreaterOrEqual => ordering.is_ge(),
    }
}

impl Test {
    pub(crate) fn holds(&self, value: Fetched<'_>, constants: &Constants) -> bool {
        match self {
            Self::Null => value.is_null(),
            Self::Filled => !value.is_null(),
            Self::Bool(expected) => matches!(value, Fetched::Value(Value::Bool(true))) == *expected,
            Self::Text(comparison, folded) => {
                value.text().is_some_and(|text| compare_text(*comparison, text, folded))
            }
            Self::ExactText(comparison, expected) => {
                value.text().is_some_and(|text| is(*comparison, text.cmp(expected)))
            }
            Self::TextIn(list) => {
                value.text().is_some_and(|text| list.binary_search_by(|folded| folded.compare(text)).is_ok())
            }
            Self::Like(like) => value.text().is_some_and(|text| like.matches(text)),
            Self::LikeLabel(labels, like) => value.text().is_some_and(|text| {
                labels
                    .iter()
                    .find(|(known, _)| known.is(text))
                    .map_or_else(|| like.matches(text), |(_, matched)| *matched)
            }),
            Self::Number(comparison, expected) => {
                number(value).is_some_and(|number| is(*comparison, number.cmp(expected)))
            }
            Self::Date(comparison, expected) => match value {
                Fetched::Value(Value::Date(day)) => is(*comparison, day.cmp(expected)),
                Fetched::Day(day) => is(*comparison, day.cmp(expected)),
                _ => false,
            },
            Self::Moment(comparison, expected) => {
                matches!(value, Fetched::Value(Value::DateTime(moment)) if is(*comparison, moment.cmp(expected)))
            }
            Self::Time(comparison, expected) => {
                matches!(value, Fetched::Value(Value::Time(time)) if is(*comparison, time.cmp(expected)))
            }
            Self::InDays(comparison, at) => {
                let Fetched::Value(value) = value else { return false };
                constants.days.get(*at).is_some_and(|range| range.holds(*comparison, value))
            }
            Self::Id(comparison, expected) => value.id().is_some_and(|id| is(*comparison, id.cmp(expected))),
            Self::IdIn(ids) => value.id().is_some_and(|id| ids.binary_search(&id).is_ok()),
            Self::Joined(at) => value.id().is_some_and(|id| {
                constants.joined.get(*at).is_some_and(|ids| ids.binary_search(&id).is_ok())
            }),
            Self::Includes(sets) => value.text().is_some_and(|text| {
                sets.iter()
                    .any(|set| set.iter().all(|wanted| text.split(';').any(|chosen| wanted.is(chosen))))
            }),
            Self::Never => false,
        }
    }
}

fn number(value: Fetched<'_>) -> Option<Decimal> {
    match value {
        Fetched::Value(Value::Number(number)) => Some(*number),
        Fetched::Whole(number) => Some(number.into()),
        Fetched::Real(number) => Some(number),
        _ => None,
    }
}

fn compare_text(comparison: Comparison, text: &str, folded: &Folded) -> bool {
    match comparison {
        Comparison::Equal => folded.is(text),
        Comparison::NotEqual => !folded.is(text),
        ordered => is(ordered, collate(text, folded.as_str())),
    }
}

impl Comparison {
    /// `!=` is the opposite of `=`, empty values included; the binder writes it so.
    #[must_use]
    pub fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual)
    }
}
