//! ORDER BY: comparing rows key by key, and keeping only as many as LIMIT wants.

use std::cmp::Ordering;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::collation::{Folded, collate};
use super::expr::{Expr, Fetched};
use crate::value::Value;

#[derive(Clone, Debug)]
pub struct OrderKey {
    pub expr: Expr,
    pub descending: bool,
    pub nulls_last: bool,
    /// A picklist is ordered as its values are defined: value and place, sorted by value.
    pub ranks: Option<Arc<[(Folded, usize)]>>,
}

/// One row's value of one key, ready to be compared.
#[derive(Clone, Copy, Debug)]
pub enum Sortable<'a> {
    Null,
    Rank(usize),
    Value(Fetched<'a>),
}

impl OrderKey {
    pub fn sortable<'a>(&self, value: Fetched<'a>) -> Sortable<'a> {
        if value.is_null() {
            return Sortable::Null;
        }
        match (&self.ranks, value.text()) {
            (Some(ranks), Some(text)) => Sortable::Rank(rank(ranks, text)),
            _ => Sortable::Value(value),
        }
    }

    pub fn compare(&self, left: Sortable<'_>, right: Sortable<'_>) -> Ordering {
        let nulls = |left_is_null| {
            if left_is_null == self.nulls_last { Ordering::Greater } else { Ordering::Less }
        };
        let ordering = match (left, right) {
            (Sortable::Null, Sortable::Null) => return Ordering::Equal,
            (Sortable::Null, _) => return nulls(true),
            (_, Sortable::Null) => return nulls(false),
            (Sortable::Rank(left), Sortable::Rank(right)) => left.cmp(&right),
            (Sortable::Value(left), Sortable::Value(right)) => compare_values(left, right),
            // Ranked and not: cannot be, one key has one kind.
            _ => Ordering::Equal,
        };
        if self.descending { ordering.reverse() } else { ordering }
    }
}

/// Where a value stands in its picklist; values that the list does not have come last.
pub fn rank(ranks: &[(Folded, usize)], text: &str) -> usize {
    ranks.binary_search_by(|(folded, _)| folded.compare(text)).map_or(usize::MAX, |at| ranks[at].1)
}

/// Two values of one field, neither of them empty.
pub fn compare_values(left: Fetched<'_>, right: Fetched<'_>) -> Ordering {
    if let (Some(left), Some(right)) = (left.text(), right.text()) {
        return collate(left, right);
    }
    if let (Some(left), Some(right)) = (left.id(), right.id()) {
        return left.cmp(&right);
    }
    match (left, right) {
        (Fetched::Value(left), Fetched::Value(right)) => match (left, right) {
            (Value::Number(left), Value::Number(right)) => compare_numbers(left, right),
            (Value::DateTime(left), Value::DateTime(right)) => left.cmp(right),
            (Value::Date(left), Value::Date(right)) => left.cmp(right),
            (Value::Time(left), Value::Time(right)) => left.cmp(right),
            (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
            _ => Ordering::Equal,
        },
        (Fetched::Whole(left), Fetched::Whole(right)) => left.cmp(&right),
        (Fetched::Real(left), Fetched::Real(right)) => left.cmp(&right),
        (Fetched::Day(left), Fetched::Day(right)) => left.cmp(&right),
        _ => Ordering::Equal,
    }
}

/// Numbers of one field nearly always have as many decimal places: then what is left of them is compared, without a common
/// measure.
fn compare_numbers(left: &Decimal, right: &Decimal) -> Ordering {
    if left.scale() == right.scale() { left.mantissa().cmp(&right.mantissa()) } else { left.cmp(right) }
}

/// A row with its first key, which decides nearly always; the others are fetched when it does not.
#[derive(Clone, Copy, Debug)]
struct Entry<'a, T> {
    first: Sortable<'a>,
    item: T,
}

/// Sorts, and keeps the first `keep`. Rows that compare equal stay in the order in which they came.
pub fn sort<'a, T: Copy>(
    items: impl Iterator<Item = T>,
    keys: &[OrderKey],
    fetch: impl Fn(T, &OrderKey) -> Sortable<'a>,
    keep: Option<usize>,
) -> Vec<T> {
    let Some((head, rest)) = keys.split_first() else {
        return items.take(keep.unwrap_or(usize::MAX)).collect();
    };
    let compare = |left: &Entry<'a, T>, right: &Entry<'a, T>| {
        rest.iter().fold(head.compare(left.first, right.first), |ordering, key| {
            ordering.then_with(|| key.compare(fetch(left.item, key), fetch(right.item, key)))
        })
    };
    let entries = items.map(|item| Entry { first: fetch(item, head), item });
    let sorted = match keep {
        Some(0) => Vec::new(),
        Some(keep) => keep_first(entries, keep, compare),
        None => {
            let mut all: Vec<_> = entries.collect();
            all.sort_by(compare);
            all
        }
    };
    sorted.into_iter().map(|entry| entry.item).collect()
}

/// Gathers twice as many as wanted, sorts, throws half away, and from then on lets in only what beats the last one.
fn keep_first<T: Copy>(
    entries: impl Iterator<Item = T>,
    keep: usize,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Vec<T> {
    let room = keep.saturating_mul(2).max(64);
    let mut best: Vec<T> = Vec::new();
    let mut bar: Option<T> = None;
    for entry in entries {
        if bar.as_ref().is_some_and(|bar| compare(&entry, bar).is_ge()) {
            continue;
        }
        best.push(entry);
        if best.len() >= room {
            best.sort_by(&compare);
            best.truncate(keep);
            bar = best.last().copied();
        }
    }
    best.sort_by(&compare);
    best.truncate(keep);
    best
}
