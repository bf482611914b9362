//! What a condition, an ORDER BY or a GROUP BY looks at: a field at the end of a path, a part of a date, a cell of a
//! group. Names are gone by now; only positions are left.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::date_literals::Calendar;
use super::date_part::DatePart;
use super::distance::Distance;
use super::money::Money;
use crate::{
    id::Id,
    schema::ObjectIx,
    state::{Record, State},
    value::Value,
};

/// A field, reached over any number of references.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub steps: Box<[Step]>,
    pub slot: Slot,
}

/// One reference to follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub at: Place,
    /// None where the reference can point to several objects.
    pub to: Option<ObjectIx>,
}

/// Where a record keeps a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    At(usize),
    /// Behind a reference to several objects: by the object found; one that is not listed has no such field.
    ByObject(Box<[(ObjectIx, usize)]>),
}

/// What is read at the end of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    Id,
    /// `Owner.Type`: the name of the object that a reference to several points to.
    Type,
    Field(Place),
    /// `LastViewedDate` and `LastReferencedDate`: each user has an own one. The position is that in `RecentlyViewed`.
    Seen(usize),
}

/// A value on its way from a row to a comparison; never a copy of a text.
#[derive(Clone, Copy, Debug)]
pub enum Fetched<'a> {
    Null,
    Value(&'a Value),
    Id(Id),
    Text(&'a str),
    Whole(i64),
    /// A number that no record holds.
    Real(Decimal),
    Day(Date),
}

impl<'a> Fetched<'a> {
    pub fn is_null(self) -> bool {
        matches!(self, Self::Null | Self::Value(Value::Null))
    }

    pub fn text(self) -> Option<&'a str> {
        match self {
            Self::Value(Value::Text(text)) => Some(text),
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn id(self) -> Option<Id> {
        match self {
            Self::Value(value) => value.as_id(),
            Self::Id(id) => Some(id),
            _ => None,
        }
    }

    pub fn to_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Value(value) => value.clone(),
            Self::Id(id) => Value::Id(id),
            Self::Text(text) => Value::text(text),
            Self::Whole(number) => Value::Number(number.into()),
            Self::Real(number) => Value::Number(number),
            Self::Day(day) => Value::Date(day),
        }
    }
}

impl<'a> From<&'a Value> for Fetched<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Id(id) => Self::Id(*id),
            value => Self::Value(value),
        }
    }
}

/// The record that a reference points to, of whatever object.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    pub object: ObjectIx,
    pub record: &'a Record,
}

impl Place {
    pub fn in_object(&self, object: ObjectIx) -> Option<usize> {
        match self {
            Self::At(position) => Some(*position),
            Self::ByObject(places) => {
                places.iter().find(|(ix, _)| *ix == object).map(|(_, position)| *position)
            }
        }
    }

    fn get<'a>(&self, here: Found<'a>) -> Option<&'a Value> {
        self.in_object(here.object).map(|position| here.record.get(position))
    }
}

impl Step {
    /// None when the reference is empty or what it points to is gone.
    pub fn follow<'a>(&self, state: &'a State, here: Found<'a>) -> Option<Found<'a>> {
        let id = self.at.get(here)?.as_id()?;
        match self.to {
            Some(object) => state.table(object).get(id).map(|record| Found { object, record }),
            None => state.find(id).map(|(object, record)| Found { object: object.index, record }),
        }
    }
}

impl Slot {
    pub fn get<'a>(&self, state: &'a State, here: Found<'a>) -> Fetched<'a> {
        match self {
            Self::Field(place) => place.get(here).map_or(Fetched::Null, Fetched::from),
            Self::Id => Fetched::Id(here.record.id()),
            Self::Seen(position) => {
                state.sight_of(here.record.id()).map_or(Fetched::Null, |row| row.get(*position).into())
            }
            Self::Type => state
                .schema()
                .by_index(here.object)
                .map_or(Fetched::Null, |object| Fetched::Text(object.name.as_str())),
        }
    }
}

impl Path {
    pub fn fetch<'a>(&self, state: &'a State, from: Found<'a>) -> Fetched<'a> {
        let mut here = from;
        for step in &self.steps {
            match step.follow(state, here) {
                Some(found) => here = found,
                None => return Fetched::Null,
            }
        }
        self.slot.get(state, here)
    }

    /// The position of a field of the object itself.
    pub fn own_position(&self) -> Option<usize> {
        match &self.slot {
            Slot::Field(Place::At(position)) if self.steps.is_empty() => Some(*position),
            _ => None,
        }
    }

    pub fn is_own_id(&self) -> bool {
        self.steps.is_empty() && self.slot == Slot::Id
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    Field(Path),
    DatePart {
        part: DatePart,
        path: Path,
        local: bool,
    },
    Distance(Box<Distance>),
    /// An amount in another currency.
    Money(Box<Money>),
    /// A cell of a group row: a key, an aggregate, a GROUPING.
    Cell(usize),
}

/// Something that has values: a record with its surroundings, or a group.
pub trait Source {
    fn fetch(&self, expr: &Expr) -> Fetched<'_>;
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub struct RowSource<'a> {
    pub state: &'a State,
    pub calendar: &'a Calendar,
    pub row: Found<'a>,
}

impl<'a> RowSource<'a> {
    /// Like [`Source::fetch`], for as long as the state lives.
    pub fn get(&self, expr: &Expr) -> Fetched<'a> {
        match expr {
            Expr::Field(path) => path.fetch(self.state, self.row),
            Expr::DatePart { part, path, local } => {
                part.apply(path.fetch(self.state, self.row), *local, self.calendar)
            }
            Expr::Distance(distance) => distance.between(self.state, self.row),
            Expr::Money(money) => money.convert(self.state, self.row),
            // Only group rows have cells, and the binder never mixes them.
            Expr::Cell(_) => Fetched::Null,
        }
    }
}

impl Source for RowSource<'_> {
    fn fetch(&self, expr: &Expr) -> Fetched<'_> {
        self.get(expr)
    }
}

/// A group: its keys, then its aggregates.
impl Source for &[Value] {
    fn fetch(&self, expr: &Expr) -> Fetched<'_> {
        match expr {
            Expr::Cell(at) => self.get(*at).map_or(Fetched::Null, Fetched::from),
            _ => Fetched::Null,
        }
    }
}
