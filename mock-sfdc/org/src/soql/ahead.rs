//! Walking rows faster than memory answers. Rows lie where they were created, far apart; asked one by one, each look at one
//! waits for memory two or three times. Here a block of them is touched before the first is asked, so that they are waited
//! for together.

use std::hint::black_box;

use super::aggregate::Aggregate;
use super::bound::{Bound, Grouping, Output};
use super::expr::Expr;
use super::filter::Filter;
use crate::state::{Record, Shared};

/// So many rows are waited for at once.
const BLOCK: usize = 32;

/// Rows in the order in which they came; the fields at `positions` are touched ahead.
pub struct Ahead<'a, I> {
    rows: I,
    positions: Vec<usize>,
    block: [Option<&'a Shared>; BLOCK],
    at: usize,
    filled: usize,
    /// Grows, because most queries that want one row look at one row.
    next: usize,
}

impl<'a, I: Iterator<Item = &'a Shared>> Ahead<'a, I> {
    pub fn new(rows: I, positions: Vec<usize>) -> Self {
        Self { rows, positions, block: [None; BLOCK], at: 0, filled: 0, next: 2 }
    }

    fn fill(&mut self) {
        self.at = 0;
        self.filled = 0;
        let wanted = self.next;
        self.next = (wanted * 2).min(BLOCK);
        for row in self.rows.by_ref().take(wanted) {
            self.block[self.filled] = Some(row);
            self.filled += 1;
        }
        let rows = || self.block[..self.filled].iter().flatten();
        black_box(rows().fold(0, |sum, row| sum ^ row.touch()));
        for position in &self.positions {
            black_box(rows().fold(false, |sum, row| sum ^ Record::get(row, *position).is_null()));
        }
    }
}

impl<'a, I: Iterator<Item = &'a Shared>> Iterator for Ahead<'a, I> {
    type Item = &'a Shared;

    fn next(&mut self) -> Option<&'a Shared> {
        if self.at == self.filled {
            self.fill();
        }
        let row = *self.block[..self.filled].get(self.at)?;
        self.at += 1;
        row
    }
}

/// The fields that a query looks at in every row; what it looks at in some rows only is not worth the touch.
pub fn touched(query: &Bound) -> Vec<usize> {
    let mut positions = Vec::new();
    let mut add = |expr: &Expr| {
        if let Expr::Field(path) | Expr::DatePart { path, .. } = expr
            && let Some(position) = path.own_position()
            && !positions.contains(&position)
        {
            positions.push(position);
        }
    };
    if let Some(filter) = &query.condition.filter {
        if let Some(expr) = first(filter) {
            add(expr);
        }
        return positions;
    }
    if let Output::Groups(Grouping { keys, aggregates, .. }) = &query.output {
        keys.iter().for_each(&mut add);
        for aggregate in aggregates {
            if let Aggregate::Of { expr, .. } = aggregate {
                add(expr);
            }
        }
    } else if let Some(key) = query.order.first() {
        add(&key.expr);
    }
    positions
}

fn first(filter: &Filter) -> Option<&Expr> {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => first(parts.first()?),
        Filter::Not(inner) => first(inner),
        Filter::Test(expr, _) => Some(expr),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{id::Id, state::Edit};

    #[test]
    fn every_row_comes_once_and_in_order() {
        for count in [0, 1, 2, 3, 31, 32, 33, 100] {
            let rows: Vec<Shared> = (0..count)
                .map(|number| Edit::new(Id::from_number(*b"00Q", *b"5g", number), 4).build())
                .collect();
            let walked = Ahead::new(rows.iter(), vec![0, 3, 900]).map(Shared::id).collect::<Vec<_>>();
            assert_eq!(walked, rows.iter().map(Shared::id).collect::<Vec<_>>());
        }
    }
}
