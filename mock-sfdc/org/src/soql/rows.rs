//! What a query answers, before any face has given it bytes: rows whose cells are read where they are stored. Parents are
//! looked up and children queried when a face comes to them, so that a page costs what it shows.

use std::sync::Arc;

use super::ast::View;
use super::bound::{Bound, Column, Item, Look, Output, Shape};
use super::expr::{Fetched, Found, Place, Slot};
use super::run::{RunContext, run_children};
use crate::{
    id::Id,
    schema::{FieldType, Object},
    state::{Record, Shared, State, Transaction},
    value::Value,
};

/// All rows of a query, over the moment at which it ran.
#[derive(Clone, Debug)]
pub struct ResultSet {
    query: Arc<Bound>,
    state: State,
    context: Arc<RunContext>,
    rows: Rows,
}

#[derive(Clone, Debug)]
pub(super) enum Rows {
    Count(usize),
    Groups(Vec<Vec<Value>>),
    Records(Vec<Shared>),
}

impl ResultSet {
    pub(super) fn new(query: Arc<Bound>, state: State, context: Arc<RunContext>, rows: Rows) -> Self {
        Self { query, state, context, rows }
    }

    /// What `totalSize` says. For `COUNT()` it is the count, and there are no rows.
    #[must_use]
    pub fn total_size(&self) -> usize {
        match &self.rows {
            Rows::Count(count) => *count,
            _ => self.len(),
        }
    }

    /// How many rows there are to show.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.rows {
            Rows::Count(_) => 0,
            Rows::Groups(groups) => groups.len(),
            Rows::Records(records) => records.len(),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The object after FROM.
    #[must_use]
    pub fn object(&self) -> &Arc<Object> {
        &self.query.object
    }

    /// Group rows: their type is `AggregateResult`, they have no id, and no locator continues them.
    #[must_use]
    pub fn is_aggregate(&self) -> bool {
        matches!(self.rows, Rows::Groups(_))
    }

    #[must_use]
    pub fn row(&self, at: usize) -> Option<Row<'_>> {
        let kind = match (&self.rows, &self.query.output) {
            (Rows::Groups(groups), Output::Groups(_)) => Kind::Group(groups.get(at)?),
            (Rows::Records(records), Output::Records(shape)) => {
                let record = records.get(at)?;
                Kind::Record { shape, object: &self.query.object, record, named: false }
            }
            _ => return None,
        };
        Some(Row { set: self, kind })
    }

    #[must_use]
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.page(0, self.len())
    }

    /// Rows `from` up to, and without, `to`.
    #[must_use]
    pub fn page(&self, from: usize, to: usize) -> impl ExactSizeIterator<Item = Row<'_>> {
        let from = from.min(self.len());
        let to = to.clamp(from, self.len());
        (from..to).map(|at| self.row(at).unwrap_or(Row { set: self, kind: Kind::Group(&[]) }))
    }

    /// The records themselves; none for aggregates.
    #[must_use]
    pub fn records(&self) -> &[Shared] {
        match &self.rows {
            Rows::Records(records) => records,
            _ => &[],
        }
    }

    /// `FOR VIEW` and `FOR REFERENCE`: whether the user is to be remembered as having looked at the rows (true), or as having
    /// come across them (false).
    #[must_use]
    pub fn marks_seen(&self) -> Option<bool> {
        self.query.view.map(|view| view == View::View)
    }

    /// Remembers it, as [`ResultSet::marks_seen`] says.
    pub fn mark_seen(&self, tx: &mut Transaction) {
        let Some(viewed) = self.marks_seen() else { return };
        for record in self.records() {
            tx.mark_seen(&self.query.object, record, viewed);
        }
    }

    /// The state that the query ran over.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }
}

/// One row: a record, a parent inside one, or a group.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    set: &'a ResultSet,
    pub(super) kind: Kind<'a>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Kind<'a> {
    Record { shape: &'a Shape, object: &'a Arc<Object>, record: &'a Record, named: bool },
    Group(&'a [Value]),
}

/// What stands behind one key of a row.
#[derive(Debug)]
pub enum Cell<'a> {
    /// Null values too: a selected field is never left out.
    Value(&'a Value, FieldType),
    /// What no record holds: a text that FORMAT made, a distance.
    Computed(Value, FieldType),
    Id(Id),
    Text(&'a str),
    /// Parts of an address or a place; `None` when all of them are empty.
    Compound(Option<Vec<(&'a str, &'a Value, FieldType)>>),
    Parent(Option<Row<'a>>),
    /// `None` when there are no children.
    Children(Option<Box<ResultSet>>),
}

impl<'a> Row<'a> {
    /// What `attributes.type` says: the object, `AggregateResult`, or `Name` behind a reference to several objects.
    #[must_use]
    pub fn type_name(&self) -> &'a str {
        match self.kind {
            Kind::Record { named: true, .. } => "Name",
            Kind::Record { object, .. } => object.name.as_str(),
            Kind::Group(_) => "AggregateResult",
        }
    }

    /// The object and the id that `attributes.url` is made of.
    #[must_use]
    pub fn identity(&self) -> Option<(&'a Arc<Object>, Id)> {
        match self.kind {
            Kind::Record { object, record, .. } => Some((object, record.id())),
            Kind::Group(_) => None,
        }
    }

    #[must_use]
    pub fn record(&self) -> Option<&'a Record> {
        match self.kind {
            Kind::Record { record, .. } => Some(record),
            Kind::Group(_) => None,
        }
    }

    /// Keys with their cells, in the order of SELECT; parents at their first mention.
    pub fn cells(self) -> impl Iterator<Item = (&'a str, Cell<'a>)> {
        let (items, columns): (&'a [Item], &'a [_]) = match (self.kind, &self.set.query.output) {
            (Kind::Record { shape, .. }, _) => (&shape.items, &[]),
            (Kind::Group(_), Output::Groups(grouping)) => (&[], &grouping.columns),
            (Kind::Group(_), _) => (&[], &[]),
        };
        let fields = items.iter().filter_map(move |item| self.item(item));
        let cells = columns.iter().filter_map(move |column: &'a Column| match self.kind {
            Kind::Group(values) => {
                values.get(column.cell).map(|value| (column.key.as_str(), self.shown(column, value)))
            }
            Kind::Record { .. } => None,
        });
        fields.chain(cells)
    }

    /// How many cells a row of records has.
    #[must_use]
    pub fn width(self) -> usize {
        if let Kind::Record { shape, .. } = self.kind { shape.items.len() } else { 0 }
    }

    /// One of them, with its key.
    #[must_use]
    pub fn cell(self, at: usize) -> Option<(&'a str, Cell<'a>)> {
        let Kind::Record { shape, .. } = self.kind else { return None };
        self.item(shape.items.get(at)?)
    }

    /// The position of the field that a column shows as the row has it, which holds for all rows of a result. Most columns are such,
    /// and whoever writes thousands of rows looks at the record itself.
    #[must_use]
    pub fn as_stored(self, at: usize) -> Option<(usize, FieldType)> {
        let Kind::Record { shape, .. } = self.kind else { return None };
        match shape.items.get(at)? {
            Item::Field { slot: Slot::Field(Place::At(position)), kind, .. }
                if !matches!(kind, FieldType::EncryptedString | FieldType::Base64) =>
            {
                Some((*position, *kind))
            }
            _ => None,
        }
    }

    fn shown(self, column: &'a Column, value: &'a Value) -> Cell<'a> {
        match &column.look {
            Look::Plain => cell(value.into(), column.kind),
            Look::Label(labels) => Cell::Computed(labels.label(value.into()), FieldType::Picklist),
            Look::Formatted(form) => {
                let text = form.write(value.into(), &self.set.state, &self.set.context);
                Cell::Computed(text, FieldType::String)
            }
        }
    }

    pub(super) fn item(self, item: &'a Item) -> Option<(&'a str, Cell<'a>)> {
        let Kind::Record { object, record, .. } = self.kind else { return None };
        let state = &self.set.state;
        let here = Found { object: object.index, record };
        Some(match item {
            Item::Field { key, slot, kind } => {
                let value = slot.get(state, here);
                let hides = *kind == FieldType::EncryptedString && !self.set.context.sees_encrypted;
                match hides.then(|| masked(object, slot, value)).flatten() {
                    Some(mask) => (key, Cell::Computed(mask, *kind)),
                    None => (key, cell(value, *kind)),
                }
            }
            Item::Label { key, slot, labels } => {
                (key, Cell::Computed(labels.label(slot.get(state, here)), FieldType::Picklist))
            }
            Item::Formatted { key, slot, form } => {
                let text = form.write(slot.get(state, here), state, &self.set.context);
                (key, Cell::Computed(text, FieldType::String))
            }
            Item::Money { key, shown } => {
                let context = &self.set.context;
                let value = shown.value(state, here, context.user, context.locale.as_ref().ok().copied());
                (
                    key,
                    Cell::Computed(
                        value,
                        if shown.formatted { FieldType::String } else { FieldType::Currency },
                    ),
                )
            }
            Item::Distance { key, distance } => {
                (key, Cell::Computed(distance.between(state, here).to_value(), FieldType::Double))
            }
            Item::Compound { key, parts } => {
                let parts: Vec<_> =
                    parts.iter().map(|(key, at, kind)| (key.as_str(), record.get(*at), *kind)).collect();
                let empty = parts.iter().all(|(_, value, _)| value.is_null());
                (key, Cell::Compound((!empty).then_some(parts)))
            }
            Item::Parent { key, step, shape } => {
                let found = step.follow(state, here);
                let named = step.to.is_none();
                (key.as_str(), Cell::Parent(found.and_then(|found| self.other(found, shape, named))))
            }
            Item::TypeOf { key, step, branches, otherwise } => {
                let found = step.follow(state, here);
                let parent = found.and_then(|found| {
                    let branch = branches.iter().find(|(object, _)| *object == found.object);
                    self.other(found, branch.map_or(otherwise, |(_, shape)| shape), false)
                });
                (key.as_str(), Cell::Parent(parent))
            }
            Item::Children(children) => {
                let set = run_children(children, record.id(), state, &self.set.context);
                (children.key.as_str(), Cell::Children((!set.is_empty()).then(|| Box::new(set))))
            }
        })
    }

    fn other(self, found: Found<'a>, shape: &'a Shape, named: bool) -> Option<Row<'a>> {
        let state = &self.set.state;
        let object = state.schema().by_index(found.object)?;
        // A parent out of reach is as if there were none.
        let viewer = self.set.context.viewer.as_ref();
        if viewer.is_some_and(|viewer| !viewer.sees(state, found.object, found.record)) {
            return None;
        }
        Some(Row { set: self.set, kind: Kind::Record { shape, object, record: found.record, named } })
    }
}

/// Encrypted text as those read it who may not read it.
fn masked(object: &Object, slot: &Slot, value: Fetched<'_>) -> Option<Value> {
    let Slot::Field(place) = slot else { return None };
    let field = object.field_at(place.in_object(object.index)?)?;
    field.masked(value.text()?).map(Value::text)
}

pub(super) const NULL: Value = Value::Null;

fn cell(value: Fetched<'_>, kind: FieldType) -> Cell<'_> {
    match value {
        Fetched::Value(value) => Cell::Value(value, kind),
        Fetched::Id(id) => Cell::Id(id),
        Fetched::Text(text) => Cell::Text(text),
        // What date functions yield is stored in group rows before it is shown.
        Fetched::Null | Fetched::Whole(_) | Fetched::Real(_) | Fetched::Day(_) => Cell::Value(&NULL, kind),
    }
}
