//! Rows laid flat, as a table has them: a parent's fields are columns of their own, `Account.Owner.Name`. Only for queries of
//! fields and parents; what else SELECT can hold has no place in a table.

use super::ast::{Select, SelectItem};
use super::bound::{Item, Output, Shape};
use super::prepared::Prepared;
use super::rows::{Cell, Kind, NULL, ResultSet, Row};
use super::{Query, ast::Word};
use crate::schema::FieldType;

impl Prepared {
    /// The names of the columns, in the order of [`Row::flat`].
    #[must_use]
    pub fn columns(&self) -> Vec<String> {
        let mut names = Vec::new();
        if let Output::Records(shape) = &self.bound().output {
            leaves(shape, "", &mut names);
        }
        names
    }

    /// Whether SELECT names an address or a place as a whole, here or in a parent.
    #[must_use]
    pub fn has_compounds(&self) -> bool {
        fn has(shape: &Shape) -> bool {
            shape.items.iter().any(|item| match item {
                Item::Compound { .. } => true,
                Item::Parent { shape, .. } => has(shape),
                _ => false,
            })
        }
        matches!(&self.bound().output, Output::Records(shape) if has(shape))
    }
}

impl ResultSet {
    /// The order in which SELECT names the columns: parents' fields stand together in a row, wherever SELECT has them.
    #[must_use]
    pub fn select_order(query: &Query, columns: &[String]) -> Vec<usize> {
        let as_they_are = || (0..columns.len()).collect();
        let Select::Items(items) = &query.select else { return as_they_are() };
        let from = &query.from[0];
        let mut order = Vec::with_capacity(columns.len());
        for item in items {
            let SelectItem::Field { path, .. } = item else { return as_they_are() };
            let own = own_path(path, from.alias.as_ref(), &from.path);
            let Some(at) = columns.iter().position(|column| column.eq_ignore_ascii_case(own)) else {
                return as_they_are();
            };
            order.push(at);
        }
        if order.len() == columns.len() { order } else { as_they_are() }
    }
}

/// `a.Name` of `FROM Account a`, and `Account.Name` of `FROM Account`, are `Name`.
fn own_path<'a>(path: &'a Word, alias: Option<&Word>, object: &Word) -> &'a str {
    let Some((first, rest)) = path.text.split_once('.') else { return &path.text };
    if alias.is_some_and(|alias| alias.is(first)) || object.is(first) { rest } else { &path.text }
}

fn leaves(shape: &Shape, before: &str, names: &mut Vec<String>) {
    for item in &shape.items {
        match item {
            Item::Parent { key, shape, .. } => leaves(shape, &format!("{before}{key}."), names),
            Item::Field { key, .. }
            | Item::Label { key, .. }
            | Item::Formatted { key, .. }
            | Item::Money { key, .. }
            | Item::Distance { key, .. }
            | Item::Compound { key, .. } => names.push(format!("{before}{key}")),
            Item::TypeOf { key, .. } => names.push(format!("{before}{key}")),
            Item::Children(children) => names.push(format!("{before}{}", children.key)),
        }
    }
}

fn count(shape: &Shape) -> usize {
    shape.items.iter().map(|item| if let Item::Parent { shape, .. } = item { count(shape) } else { 1 }).sum()
}

impl<'a> Row<'a> {
    /// Hands over the cells, parents' among them; a parent that is not there has null ones.
    pub fn flat(self, take: &mut dyn FnMut(Cell<'a>)) {
        let Kind::Record { shape, .. } = self.kind else { return };
        for item in &shape.items {
            match (item, self.item(item)) {
                (Item::Parent { .. }, Some((_, Cell::Parent(Some(parent))))) => parent.flat(take),
                (Item::Parent { shape, .. }, _) => {
                    (0..count(shape)).for_each(|_| take(Cell::Value(&NULL, FieldType::String)));
                }
                (_, Some((_, cell))) => take(cell),
                (_, None) => take(Cell::Value(&NULL, FieldType::String)),
            }
        }
    }
}
