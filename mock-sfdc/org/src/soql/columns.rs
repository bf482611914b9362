//! What a query's answer will look like, without running it: the columns, their kinds, and what stands within them
//! (`query?columns=true`, which the Salesforce CLI asks for before it prints a table).

use std::sync::Arc;

use super::ast::{Select, SelectItem, Span};
use super::bind::BindOptions;
use super::bound::{Children, Column, Grouping, Item, Output, Shape};
use super::expr::{Expr, Place, Slot};
use super::parser::parse;
use super::prepared::prepare;
use crate::{
    error::Error,
    schema::{Field, FieldType, Object, Schema},
};

/// The answer's form.
#[derive(Clone, Debug)]
pub struct Columns {
    pub object: Arc<Object>,
    /// Group rows instead of records.
    pub grouped: bool,
    /// Whether SELECT names the record's id.
    pub id_selected: bool,
    pub columns: Vec<ColumnOf>,
}

/// One column; the columns of a parent or of a child set stand within it.
#[derive(Clone, Debug)]
pub struct ColumnOf {
    /// The key in the answer's records.
    pub name: String,
    /// As the statement has it: `avg(Amount)` for `expr0`.
    pub shown: String,
    /// Computed of several rows, or a set of them.
    pub aggregate: bool,
    /// `None` where the column has columns of its own.
    pub kind: Option<FieldType>,
    /// The field that it shows, or the reference that leads to a parent.
    pub field: Option<Box<Field>>,
    pub joined: Vec<ColumnOf>,
}

/// Parses and binds the statement, and says what its answer is made of.
pub fn columns(text: &str, schema: &Schema, options: &BindOptions) -> Result<Columns, Error> {
    let prepared = prepare(text, schema, options)?;
    let bound = prepared.bound();
    let object = Arc::clone(&bound.object);
    let columns = match &bound.output {
        Output::Count => Vec::new(),
        Output::Records(shape) => of_shape(shape, &object, schema),
        Output::Groups(grouping) => of_groups(grouping, &object, &written(text)),
    };
    let id_selected = matches!(&bound.output, Output::Records(shape) if shape.items.iter().any(is_id));
    Ok(Columns { grouped: matches!(bound.output, Output::Groups(_)), id_selected, object, columns })
}

fn is_id(item: &Item) -> bool {
    matches!(item, Item::Field { slot: Slot::Id, .. })
}

fn of_shape(shape: &Shape, object: &Object, schema: &Schema) -> Vec<ColumnOf> {
    shape.items.iter().map(|item| of_item(item, object, schema)).collect()
}

fn of_item(item: &Item, object: &Object, schema: &Schema) -> ColumnOf {
    match item {
        Item::Field { key, slot, kind } => of_slot(key, slot, *kind, object),
        Item::Label { key, slot, .. } => of_slot(key, slot, FieldType::Picklist, object),
        Item::Formatted { key, slot, .. } => of_slot(key, slot, FieldType::String, object),
        Item::Money { key, shown } => {
            let kind = if shown.formatted { FieldType::String } else { FieldType::Currency };
            of_slot(key, &Slot::Field(Place::At(shown.position)), kind, object)
        }
        Item::Distance { key, .. } => named(key, Some(FieldType::Double)),
        Item::Compound { key, .. } => named(key, object.field(key).map(|(_, field)| field.kind)),
        Item::Parent { key, step, shape } => {
            let target = step.to.and_then(|ix| schema.by_index(ix)).or_else(|| schema.object("Name"));
            let joined = target.map(|target| of_shape(shape, target, schema)).unwrap_or_default();
            parent(key.as_str(), object, joined)
        }
        Item::TypeOf { key, branches, otherwise, .. } => {
            let shapes = branches.iter().map(|(ix, shape)| (schema.by_index(*ix), shape));
            let mut joined: Vec<ColumnOf> = Vec::new();
            for (target, shape) in shapes.chain([(schema.object("Name"), otherwise)]) {
                for column in target.map(|target| of_shape(shape, target, schema)).unwrap_or_default() {
                    if joined.iter().all(|known| known.name != column.name) {
                        joined.push(column);
                    }
                }
            }
            parent(key.as_str(), object, joined)
        }
        Item::Children(children) => of_children(children, schema),
    }
}

fn of_children(children: &Children, schema: &Schema) -> ColumnOf {
    let joined = match &children.query.output {
        Output::Records(shape) => of_shape(shape, &children.query.object, schema),
        Output::Count | Output::Groups(_) => Vec::new(),
    };
    ColumnOf { aggregate: true, joined, ..named(&children.key, None) }
}

fn parent(relationship: &str, object: &Object, joined: Vec<ColumnOf>) -> ColumnOf {
    let field = object.parent_relationship(relationship).map(|(_, field)| Box::new(field.clone()));
    ColumnOf { field, joined, ..named(relationship, None) }
}

fn of_slot(key: &str, slot: &Slot, kind: FieldType, object: &Object) -> ColumnOf {
    let field = match slot {
        Slot::Field(Place::At(position)) => object.field_at(*position),
        _ => object.field(key).map(|(_, field)| field),
    };
    ColumnOf { field: field.map(|field| Box::new(field.clone())), ..named(key, Some(kind)) }
}

/// Group rows: what is grouped by is a field still, all else is computed.
fn of_groups(grouping: &Grouping, object: &Object, written: &[String]) -> Vec<ColumnOf> {
    let column = |(at, column): (usize, &Column)| match grouping.keys.get(column.cell) {
        Some(Expr::Field(path)) if path.steps.is_empty() => {
            of_slot(&column.key, &path.slot, column.kind, object)
        }
        Some(Expr::Field(_)) => named(&column.key, Some(column.kind)),
        _ => {
            let shown = written.get(at).cloned().unwrap_or_else(|| column.key.to_string());
            ColumnOf { aggregate: true, shown, ..named(&column.key, Some(column.kind)) }
        }
    };
    grouping.columns.iter().enumerate().map(column).collect()
}

/// What SELECT says, item by item, as it was written.
fn written(text: &str) -> Vec<String> {
    let Ok(query) = parse(text) else { return Vec::new() };
    let Select::Items(items) = &query.select else { return Vec::new() };
    let cut = |span: Span| text.get(span.start as usize..span.end as usize).unwrap_or_default().to_owned();
    items
        .iter()
        .map(|item| match item {
            SelectItem::Field { path, .. } => cut(path.span),
            SelectItem::Call { call, .. } => cut(call.span),
            SelectItem::Fields { span, .. } => cut(*span),
            SelectItem::Children { query, .. } => cut(query.span),
            SelectItem::TypeOf { type_of, .. } => cut(type_of.span),
        })
        .collect()
}

fn named(name: &str, kind: Option<FieldType>) -> ColumnOf {
    ColumnOf {
        name: name.to_owned(),
        shown: name.to_owned(),
        aggregate: false,
        kind,
        field: None,
        joined: Vec::new(),
    }
}
