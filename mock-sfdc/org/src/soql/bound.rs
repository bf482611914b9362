//! A query whose names have become positions: what the binder makes, the planner looks at and the runner runs. It holds
//! nothing of any moment, so it can be kept and run again as long as the schema is the same.

use std::sync::Arc;

use compact_str::CompactString;

use super::aggregate::Aggregate;
use super::ast::View;
use super::computed::Computed;
use super::date_literals::DateLiteral;
use super::distance::Distance;
use super::expr::{Expr, Slot, Step};
use super::filter::Filter;
use super::format::Form;
use super::label::Labels;
use super::money::Shown;
use super::order::OrderKey;
use super::plan::Access;
use super::scope::Scope;
use crate::{
    name::Name,
    schema::{FieldType, Object, ObjectIx},
};

#[derive(Clone, Debug)]
pub struct Bound {
    pub object: Arc<Object>,
    pub output: Output,
    pub condition: Condition,
    /// `USING SCOPE`, where it leaves anything out.
    pub scope: Option<Scope>,
    pub order: Vec<OrderKey>,
    pub limit: Option<usize>,
    pub offset: usize,
    pub access: Access,
    /// `FOR VIEW` or `FOR REFERENCE`
    pub view: Option<View>,
    /// The formula fields that it names.
    pub computed: Computed,
}

/// A WHERE clause with the lists that it refers to by place.
#[derive(Clone, Debug, Default)]
pub struct Condition {
    pub filter: Option<Filter>,
    pub dates: Vec<(DateLiteral, i64)>,
    pub joins: Vec<SemiJoin>,
}

/// `IN (SELECT …)`: rows of another object, and which of their ids count.
#[derive(Clone, Debug)]
pub struct SemiJoin {
    pub object: ObjectIx,
    pub value: Expr,
    pub condition: Condition,
    pub access: Access,
}

#[derive(Clone, Debug)]
pub enum Output {
    /// `SELECT COUNT()`
    Count,
    Records(Shape),
    Groups(Grouping),
}

/// The keys of a record, in their order.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    pub items: Vec<Item>,
}

#[derive(Clone, Debug)]
pub enum Item {
    Field {
        key: CompactString,
        slot: Slot,
        kind: FieldType,
    },
    /// `toLabel`: a picklist's values with their labels.
    Label {
        key: CompactString,
        slot: Slot,
        labels: Labels,
    },
    /// `FORMAT`
    Formatted {
        key: CompactString,
        slot: Slot,
        form: Form,
    },
    /// An amount in an org of several currencies: `convertCurrency`, `FORMAT`, or both.
    Money {
        key: CompactString,
        shown: Shown,
    },
    /// `DISTANCE`
    Distance {
        key: CompactString,
        distance: Distance,
    },
    /// An address or a place, made of other fields.
    Compound {
        key: CompactString,
        parts: Vec<(CompactString, usize, FieldType)>,
    },
    Parent {
        key: Name,
        step: Step,
        shape: Shape,
    },
    TypeOf {
        key: Name,
        step: Step,
        branches: Vec<(ObjectIx, Shape)>,
        otherwise: Shape,
    },
    Children(Box<Children>),
}

/// A child subquery.
#[derive(Clone, Debug)]
pub struct Children {
    pub key: CompactString,
    /// The reference in the child that points to the parent.
    pub link: usize,
    pub query: Arc<Bound>,
}

/// Group rows are keys, then aggregates; `columns` picks from them what SELECT shows.
#[derive(Clone, Debug)]
pub struct Grouping {
    pub keys: Vec<Expr>,
    /// Which keys count in one pass: all of them, or the sets that ROLLUP and CUBE stand for.
    pub sets: Vec<Vec<bool>>,
    pub aggregates: Vec<Aggregate>,
    pub columns: Vec<Column>,
    pub having: Option<Filter>,
    pub having_dates: Vec<(DateLiteral, i64)>,
    /// Without GROUP BY there is always one row.
    pub single: bool,
}

#[derive(Clone, Debug)]
pub struct Column {
    pub key: CompactString,
    pub cell: usize,
    pub kind: FieldType,
    pub look: Look,
}

/// How a cell of a group row is shown.
#[derive(Clone, Debug)]
pub enum Look {
    Plain,
    Formatted(Form),
    Label(Labels),
}
