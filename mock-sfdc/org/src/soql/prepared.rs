//! A statement made ready once and run often; and conditions without a statement, which assignment rules and push topics
//! ask of single records.

use std::sync::Arc;

use super::ast::{self, Query};
use super::bind::{BindOptions, Binder, Scope};
use super::bound::{Bound, Condition, Item, Output};
use super::error::SoqlError;
use super::expr::{Expr, Path, Place, Slot};
use super::filter::{Filter, Test};
use super::parser::{parse, parse_condition};
use super::plan::Access;
use super::record_access;
use super::rows::ResultSet;
use super::run::{self, RunContext};
use super::user_access;
use crate::{
    error::Error,
    id::Id,
    limits::QuerySize,
    schema::{Object, ObjectIx, Schema},
    state::{Record, State},
    value::DateTime,
};

/// A query bound to a schema. It stays right for as long as the schema does not lose anything: schemas only grow.
#[derive(Clone, Debug)]
pub struct Prepared {
    bound: Arc<Bound>,
    /// FORMAT stands in it.
    needs_locale: bool,
    size: QuerySize,
    /// What a query of rows that no table keeps asks.
    asked: Option<Asked>,
}

#[derive(Clone, Debug)]
enum Asked {
    Records(record_access::Question),
    Access(user_access::Question),
}

/// Objects whose rows are made for a query that begins with them.
const MADE: [&str; 6] = [
    "EntityDefinition",
    "FieldDefinition",
    "UserEntityAccess",
    "UserFieldAccess",
    "UserPermissionAccess",
    record_access::OBJECT,
];

/// Parses, binds and plans.
pub fn prepare(text: &str, schema: &Schema, options: &BindOptions) -> Result<Prepared, Error> {
    let old = options.api_version < 55;
    let word = |error: SoqlError| {
        let message = if old { error.message_before_55() } else { error.message.clone() };
        Error { message, ..error.into() }
    };
    let query = parse(text).map_err(word)?;
    let mut prepared = prepare_query(text, &query, schema, *options).map_err(word)?;
    let object = &prepared.bound.object;
    let reified = ["FieldDefinition", "UserEntityAccess", "UserFieldAccess"];
    if reified.iter().any(|name| object.name.is(name)) && !names_an_entity(&query) {
        return Err(Error::no_reified_filter());
    }
    if let Some(made) = made_within(&prepared.bound.condition, schema) {
        return Err(Error::not_emulated(format_args!("subqueries of {made} in a condition")));
    }
    prepared.asked = if object.name.is(record_access::OBJECT) {
        Some(Asked::Records(record_access::Question::of(&query)?))
    } else {
        user_access::Question::of(&query, object)?.map(Asked::Access)
    };
    Ok(prepared)
}

/// Binds and plans what was parsed already. `text` is what was parsed: errors show it.
pub(crate) fn prepare_query(
    text: &str,
    query: &Query,
    schema: &Schema,
    options: BindOptions,
) -> Result<Prepared, SoqlError> {
    let mut binder = Binder::new(text, schema, &options);
    let bound = binder.statement(query)?;
    let size = QuerySize::of(text, query);
    Ok(Prepared { bound: Arc::new(bound), needs_locale: binder.formatted.get(), size, asked: None })
}

/// An object of a subquery in a condition whose rows nobody would make.
fn made_within(condition: &Condition, schema: &Schema) -> Option<&'static str> {
    condition.joins.iter().find_map(|join| {
        let object = schema.by_index(join.object)?;
        let made = MADE.into_iter().find(|name| object.name.is(name));
        made.or_else(|| made_within(&join.condition, schema))
    })
}

/// Whether WHERE says of which object fields are asked.
fn names_an_entity(query: &Query) -> bool {
    let text = query.condition.as_ref().map(ToString::to_string).unwrap_or_default().to_lowercase();
    ["entitydefinition", "durableid"].iter().any(|word| text.contains(word))
}

/// Runs a query over one moment of an org.
pub fn run(query: &Prepared, state: &State, context: &RunContext) -> Result<ResultSet, Error> {
    if let (true, Err(locale)) = (query.needs_locale, &context.locale) {
        return Err(Error::not_emulated(format_args!("SOQL's FORMAT in the locale {locale}")));
    }
    query.size.check(&state.settings().limits)?;
    let made = query.asked.as_ref().map(|asked| match asked {
        Asked::Records(question) => question.fill(state.clone()),
        Asked::Access(question) => {
            let now = DateTime::from_millis(context.now_ms);
            question.fill(&query.bound.object, state.clone(), context.user, now)
        }
    });
    let result = run::run(&query.bound, made.as_ref().unwrap_or(state), &Arc::new(context.clone()));
    if result.is_aggregate() && result.len() > MAX_AGGREGATE_ROWS {
        return Err(Error::too_many_groups());
    }
    Ok(result)
}

/// Group rows come in one batch.
const MAX_AGGREGATE_ROWS: usize = 2000;

impl Prepared {
    pub(super) fn bound(&self) -> &Bound {
        &self.bound
    }

    /// The object after FROM.
    #[must_use]
    pub fn object(&self) -> &Arc<Object> {
        &self.bound.object
    }

    /// The same query of these records only, sorted by id, and with a limit where it has none.
    pub(crate) fn among(&self, ids: Vec<Id>, limit: usize) -> Self {
        let mut bound = Bound::clone(&self.bound);
        let own_id = Expr::Field(Path { steps: [].into(), slot: Slot::Id });
        let among = Filter::Test(own_id, Test::IdIn(ids.into()));
        bound.condition.filter = Some(match bound.condition.filter.take() {
            Some(filter) => Filter::All([among, filter].into()),
            None => among,
        });
        bound.access = Access::choose(&bound.object, &bound.condition);
        bound.limit = Some(bound.limit.unwrap_or(limit).min(limit));
        Self { bound: Arc::new(bound), ..self.clone() }
    }

    /// Positions of the object's own fields that SELECT names, in its order; `Id` is not among them.
    #[must_use]
    pub fn selected_fields(&self) -> Vec<usize> {
        let Output::Records(shape) = &self.bound.output else { return Vec::new() };
        let own = |item: &Item| match item {
            Item::Field { slot: Slot::Field(Place::At(position)), .. }
            | Item::Label { slot: Slot::Field(Place::At(position)), .. }
            | Item::Formatted { slot: Slot::Field(Place::At(position)), .. } => vec![*position],
            Item::Compound { parts, .. } => parts.iter().map(|(_, position, _)| *position).collect(),
            _ => Vec::new(),
        };
        shape.items.iter().flat_map(own).collect()
    }

    /// Positions of the object's own fields that WHERE looks at, without repetition.
    #[must_use]
    pub fn filtered_fields(&self) -> Vec<usize> {
        self.bound.condition.own_fields()
    }

    /// Whether WHERE holds for one record of the object.
    #[must_use]
    pub fn matches(&self, record: &Record, state: &State, context: &RunContext) -> bool {
        run::record_matches(&self.bound.condition, self.bound.object.index, record, state, context)
    }

    /// How the rows are found, in words.
    #[must_use]
    pub fn explain(&self) -> String {
        self.bound.access.explain(&self.bound.object)
    }
}

/// A WHERE clause by itself, bound to an object.
#[derive(Clone, Debug)]
pub struct BoundCondition {
    object: ObjectIx,
    condition: Condition,
}

/// Parses and binds what could stand after WHERE.
pub fn condition(
    text: &str,
    schema: &Schema,
    object: &Arc<Object>,
    options: &BindOptions,
) -> Result<BoundCondition, Error> {
    Ok(bind_condition(text, &parse_condition(text)?, schema, object, *options)?)
}

/// The same of a condition that was parsed already, over whatever object. `text` is what was parsed: errors show it.
pub(crate) fn bind_condition(
    text: &str,
    tree: &ast::Condition,
    schema: &Schema,
    object: &Arc<Object>,
    options: BindOptions,
) -> Result<BoundCondition, SoqlError> {
    let mut binder = Binder::new(text, schema, &options);
    let scope = Scope::of(object);
    let condition = binder.condition(tree, &scope, 0)?;
    Ok(BoundCondition { object: object.index, condition })
}

/// The WHERE of a statement that was parsed already; None where it has none. `text` is what was parsed: errors show it.
pub fn where_of(
    text: &str,
    query: &Query,
    schema: &Schema,
    options: &BindOptions,
) -> Result<Option<BoundCondition>, SoqlError> {
    let Some(tree) = &query.condition else { return Ok(None) };
    let mut binder = Binder::new(text, schema, options);
    let scope = binder.root(query)?;
    let condition = binder.condition(tree, &scope, 0)?;
    Ok(Some(BoundCondition { object: scope.object.index, condition }))
}

impl BoundCondition {
    #[must_use]
    pub fn matches(&self, record: &Record, state: &State, context: &RunContext) -> bool {
        run::record_matches(&self.condition, self.object, record, state, context)
    }

    /// Positions of the object's own fields that it looks at.
    #[must_use]
    pub fn fields(&self) -> Vec<usize> {
        self.condition.own_fields()
    }
}

impl Condition {
    /// A path over a reference counts as the reference.
    pub(super) fn own_fields(&self) -> Vec<usize> {
        let mut positions = Vec::new();
        let mut add = |expr: &Expr| {
            let paths: Vec<&Path> = match expr {
                Expr::Field(path) | Expr::DatePart { path, .. } => vec![path],
                Expr::Distance(distance) => distance.paths().collect(),
                Expr::Money(money) => vec![&money.amount],
                Expr::Cell(_) => Vec::new(),
            };
            for position in paths.into_iter().filter_map(first_position) {
                if !positions.contains(&position) {
                    positions.push(position);
                }
            }
        };
        if let Some(filter) = &self.filter {
            filter.visit(&mut add);
        }
        positions
    }
}

fn first_position(path: &Path) -> Option<usize> {
    let place = match (path.steps.first(), &path.slot) {
        (Some(step), _) => &step.at,
        (None, Slot::Field(place)) => place,
        _ => return None,
    };
    match place {
        Place::At(position) => Some(*position),
        Place::ByObject(_) => None,
    }
}
