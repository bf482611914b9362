//! GROUP BY with its functions, ROLLUP and CUBE included: rows in, group rows out. A group row is its keys, then its
//! aggregates; HAVING, ORDER BY and SELECT look at it by place.

use std::cmp::Ordering;
use std::sync::Arc;

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::bound::Grouping;
use super::collation::Folded;
use super::expr::{Expr, Fetched, RowSource};
use super::key_table::KeyTable;
use super::order::{compare_values, rank};
use crate::value::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Count,
    CountDistinct,
    Min,
    Max,
    Sum,
    Avg,
}

impl Function {
    pub fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_uppercase().as_str() {
            "COUNT" => Self::Count,
            "COUNT_DISTINCT" => Self::CountDistinct,
            "MIN" => Self::Min,
            "MAX" => Self::Max,
            "SUM" => Self::Sum,
            "AVG" => Self::Avg,
            _ => return None,
        })
    }
}

#[derive(Clone, Debug)]
pub enum Aggregate {
    Of {
        function: Function,
        expr: Expr,
        ranks: Option<Ranks>,
    },
    /// `GROUPING(key)`: 1 where the key is rolled up.
    Grouping(usize),
}

/// Places of a picklist's values; see [`super::order::OrderKey`].
pub type Ranks = Arc<[(Folded, usize)]>;

impl PartialEq for Aggregate {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Of { function, expr, .. }, Self::Of { function: f, expr: e, .. }) => {
                function == f && expr == e
            }
            (Self::Grouping(key), Self::Grouping(other)) => key == other,
            _ => false,
        }
    }
}

/// All group rows, in the order of their keys, subtotals behind what they sum up.
pub fn group<'a>(grouping: &Grouping, rows: impl Iterator<Item = RowSource<'a>>) -> Vec<Vec<Value>> {
    let mut passes: Vec<Pass<'a, '_>> = grouping.sets.iter().map(|set| Pass::new(grouping, set)).collect();
    let mut keys: Vec<Fetched<'a>> = Vec::with_capacity(grouping.keys.len());
    let mut values: Vec<Fetched<'a>> = Vec::with_capacity(grouping.aggregates.len());
    for row in rows {
        keys.clear();
        keys.extend(grouping.keys.iter().map(|key| row.get(key)));
        values.clear();
        values.extend(grouping.aggregates.iter().map(|aggregate| match aggregate {
            Aggregate::Of { expr, .. } => row.get(expr),
            Aggregate::Grouping(_) => Fetched::Null,
        }));
        for pass in &mut passes {
            pass.add(&keys, &values);
        }
    }
    if grouping.single {
        passes.iter_mut().for_each(Pass::ensure_one);
    }
    let mut groups: Vec<(usize, Vec<Value>)> = Vec::new();
    for (at, pass) in passes.iter().enumerate() {
        groups.extend(pass.finish().map(|row| (at, row)));
    }
    groups.sort_by(|(left_set, left), (right_set, right)| {
        compare_groups(&grouping.sets[*left_set], left, &grouping.sets[*right_set], right)
    });
    groups.into_iter().map(|(_, row)| row).collect()
}

fn compare_groups(left_set: &[bool], left: &[Value], right_set: &[bool], right: &[Value]) -> Ordering {
    for at in 0..left_set.len() {
        let ordering = match (left_set[at], right_set[at]) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => Ordering::Equal,
            (true, true) => match (left[at].is_null(), right[at].is_null()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => compare_values(Fetched::from(&left[at]), Fetched::from(&right[at])),
            },
        };
        if ordering.is_ne() {
            return ordering;
        }
    }
    Ordering::Equal
}

/// One set of keys over all rows.
struct Pass<'a, 'g> {
    grouping: &'g Grouping,
    set: &'g [bool],
    table: KeyTable<'a>,
    /// As many as there are aggregates, for each group.
    sums: Vec<Sum<'a>>,
    masked: Vec<Fetched<'a>>,
}

impl<'a, 'g> Pass<'a, 'g> {
    fn new(grouping: &'g Grouping, set: &'g [bool]) -> Self {
        let width = grouping.keys.len();
        Self {
            grouping,
            set,
            table: KeyTable::new(width),
            sums: Vec::new(),
            masked: Vec::with_capacity(width),
        }
    }

    fn add(&mut self, keys: &[Fetched<'a>], values: &[Fetched<'a>]) {
        self.masked.clear();
        let set = self.set;
        self.masked
            .extend(keys.iter().zip(set).map(|(key, counts)| if *counts { *key } else { Fetched::Null }));
        let (group, new) = self.table.insert(&self.masked);
        if new {
            self.start();
        }
        let width = self.grouping.aggregates.len();
        let sums = &mut self.sums[group * width..(group + 1) * width];
        for ((sum, value), aggregate) in sums.iter_mut().zip(values).zip(&self.grouping.aggregates) {
            if let Aggregate::Of { ranks, .. } = aggregate {
                sum.add(*value, ranks.as_ref());
            }
        }
    }

    fn start(&mut self) {
        self.sums.extend(self.grouping.aggregates.iter().map(|aggregate| match aggregate {
            Aggregate::Of { function, .. } => Sum::new(*function),
            Aggregate::Grouping(key) => Sum::Count(u64::from(!self.set[*key])),
        }));
    }

    /// Aggregates without GROUP BY answer one row even when there is nothing to count.
    fn ensure_one(&mut self) {
        if self.table.len() == 0 {
            let keys = vec![Fetched::Null; self.grouping.keys.len()];
            self.table.insert(&keys);
            self.start();
        }
    }

    fn finish(&self) -> impl Iterator<Item = Vec<Value>> {
        let width = self.grouping.aggregates.len();
        (0..self.table.len()).map(move |group| {
            let keys = self.table.keys(group).iter().map(|key| key.to_value());
            let sums = self.sums[group * width..(group + 1) * width].iter().map(Sum::value);
            keys.chain(sums).collect()
        })
    }
}

/// An aggregate on its way. Nothing counts that is null.
enum Sum<'a> {
    Count(u64),
    Distinct(KeyTable<'a>),
    Best { least: bool, value: Fetched<'a> },
    Total { sum: Decimal, count: u64, average: bool },
}

impl<'a> Sum<'a> {
    fn new(function: Function) -> Self {
        match function {
            Function::Count => Self::Count(0),
            Function::CountDistinct => Self::Distinct(KeyTable::new(1)),
            Function::Min => Self::Best { least: true, value: Fetched::Null },
            Function::Max => Self::Best { least: false, value: Fetched::Null },
            Function::Sum => Self::Total { sum: Decimal::ZERO, count: 0, average: false },
            Function::Avg => Self::Total { sum: Decimal::ZERO, count: 0, average: true },
        }
    }

    fn add(&mut self, value: Fetched<'a>, ranks: Option<&Ranks>) {
        if value.is_null() {
            return;
        }
        match self {
            Self::Count(count) => *count += 1,
            Self::Distinct(table) => {
                table.insert(&[value]);
            }
            Self::Best { least, value: best } => {
                let wanted = if *least { Ordering::Less } else { Ordering::Greater };
                if best.is_null() || compare_ranked(value, *best, ranks) == wanted {
                    *best = value;
                }
            }
            Self::Total { sum, count, .. } => {
                let number = match value {
                    Fetched::Value(Value::Number(number)) => Some(*number),
                    Fetched::Real(number) => Some(number),
                    _ => None,
                };
                if let Some(number) = number {
                    *sum = sum.checked_add(number).unwrap_or(*sum);
                    *count += 1;
                }
            }
        }
    }

    fn value(&self) -> Value {
        match self {
            Self::Count(count) => Value::Number((*count).into()),
            Self::Distinct(table) => Value::Number(Decimal::from(table.len())),
            Self::Best { value, .. } => value.to_value(),
            Self::Total { count: 0, .. } => Value::Null,
            Self::Total { sum, average: false, .. } => Value::Number(*sum),
            // As a double divides: `33.333333333333336` and not 28 digits.
            #[allow(clippy::cast_precision_loss, reason = "rows are fewer than 2^53")]
            Self::Total { sum, count, .. } => {
                let mean = sum.to_f64().and_then(|sum| Decimal::from_f64(sum / *count as f64));
                Value::Number(mean.unwrap_or(*sum))
            }
        }
    }
}

fn compare_ranked(left: Fetched<'_>, right: Fetched<'_>, ranks: Option<&Ranks>) -> Ordering {
    match (ranks, left.text(), right.text()) {
        (Some(ranks), Some(left), Some(right)) => rank(ranks, left).cmp(&rank(ranks, right)),
        _ => compare_values(left, right),
    }
}
