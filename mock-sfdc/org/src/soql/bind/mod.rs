//! Names to positions, with Salesforce's errors where a name or a type is wrong. What Salesforce has and this org does not
//! emulate yet is refused here, by name.

mod condition;
mod function;
mod group;
mod literal;
mod names;
mod nested;
mod select;
mod semi_join;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use super::ast::{self, Integer, Query, Select, Span, With};
use super::bound::{Bound, Condition, Output};
use super::computed::Computed;
use super::error::SoqlError;
use super::plan::Access;
use super::scope;
use crate::{
    error::Error,
    schema::{Object, Schema},
};

pub(super) use self::names::Scope;

/// What the caller's version of the API allows.
#[derive(Clone, Copy, Debug)]
pub struct BindOptions {
    /// `v67.0` is 67.
    pub api_version: u32,
}

impl Default for BindOptions {
    fn default() -> Self {
        Self { api_version: 67 }
    }
}

/// Salesforce's own: SOQL and SOSL Reference, page 49.
const MAX_OFFSET: usize = 2000;
/// SOQL and SOSL Reference, page 81, as is what follows.
const MAX_UPWARDS: usize = 55;
const MAX_CHILD_QUERIES: usize = 20;
/// From version 58 children have children; before, one level.
const NESTED_CHILDREN_SINCE: u32 = 58;
const MAX_CHILD_LEVELS: usize = 5;

type Bind<T> = Result<T, SoqlError>;

/// One statement on its way.
pub(super) struct Binder<'a> {
    pub text: &'a str,
    pub schema: &'a Schema,
    pub options: &'a BindOptions,
    pub semi_joins: usize,
    /// Whether anything depends on the user's locale.
    pub formatted: Cell<bool>,
    /// Every relationship that is followed upwards, once: the object it starts from, and its path.
    pub upwards: RefCell<BTreeSet<(u16, String)>>,
}

impl<'a> Binder<'a> {
    pub fn new(text: &'a str, schema: &'a Schema, options: &'a BindOptions) -> Self {
        Self {
            text,
            schema,
            options,
            semi_joins: 0,
            formatted: Cell::new(false),
            upwards: RefCell::default(),
        }
    }

    pub fn statement(&mut self, query: &'a Query) -> Bind<Bound> {
        let scope = self.root(query)?;
        let bound = self.query(query, &scope, 0)?;
        let upwards = self.upwards.borrow().len();
        if upwards > MAX_UPWARDS {
            return Err(Error::too_many_parents(MAX_UPWARDS, upwards).into());
        }
        Ok(bound)
    }

    /// What names mean in a statement.
    pub fn root(&self, query: &'a Query) -> Bind<Scope<'a>> {
        let from = &query.from[0];
        let object = self.object(&from.path)?;
        if !object.queryable {
            return Err(self.at(from.path.span, &Error::not_queryable(object.name.as_str())));
        }
        self.scope(object, &query.from)
    }

    /// `level`: 0 for the statement, 1 for its children, and so on.
    fn query(&mut self, query: &'a Query, scope: &Scope<'a>, level: usize) -> Bind<Bound> {
        refuse_clauses(query)?;
        let object = Arc::clone(scope.object);
        let using = self.using_scope(query, scope, level)?;
        let aggregated = query.group.is_some() || select::has_aggregates(query);
        let (output, keys) = if let Select::Count(_) = query.select {
            if query.group.is_some() || !query.order.is_empty() {
                return Err(Error::count_with_groups().into());
            }
            (Output::Count, Vec::new())
        } else if aggregated {
            self.grouping(query, scope)?
        } else {
            let shape = self.shape(query, scope, level)?;
            (Output::Records(shape), self.order(&query.order, scope)?)
        };
        let mut condition = Condition::default();
        if let Some(tree) = &query.condition {
            condition = self.condition(tree, scope, level)?;
        }
        let limit = self.limit(query.limit.as_ref())?;
        let offset = self.offset(query.offset.as_ref())?;
        if let Output::Groups(grouping) = &output
            && grouping.single
            && (limit.is_some() || offset > 0)
        {
            return Err(Error::overall_aggregate_with("LIMIT").into());
        }
        if let (Some(view), 1..) = (query.view, level) {
            return Err(not_emulated(&format!("FOR {view} in a subquery")));
        }
        if let (Some(view), Output::Count | Output::Groups(_)) = (query.view, &output) {
            return Err(Error::view_of_groups(view).into());
        }
        let access = Access::choose(&object, &condition);
        let computed = Computed::of(self.schema, object.index, &output, &condition, &keys);
        Ok(Bound {
            object,
            output,
            condition,
            scope: using,
            order: keys,
            limit,
            offset,
            access,
            view: query.view,
            computed,
        })
    }

    /// `USING SCOPE`; None where it leaves nothing out. describe says which scopes an object has.
    fn using_scope(&self, query: &Query, scope: &Scope<'a>, level: usize) -> Bind<Option<scope::Scope>> {
        let Some(word) = &query.scope else { return Ok(None) };
        if level > 0 {
            return Err(self.at(word.span, &Error::scope_in_subquery()));
        }
        let object = scope.object;
        let position = |name: &str| object.field(name).map(|(position, _)| position);
        let owner = position("OwnerId");
        let supported = object.supported_scopes.iter().any(|scope| word.is(&scope.name));
        let ours = match (owner, position("CreatedById")) {
            (Some(owner), _) if word.is("mine") => Some(scope::Scope::Mine { owner }),
            (Some(owner), _) if word.is("mine_and_my_groups") => {
                Some(scope::Scope::MineAndMyGroups { owner })
            }
            (Some(owner), Some(creator)) if word.is("delegated") && supported => {
                Some(scope::Scope::Delegated { owner, creator })
            }
            (Some(owner), _) if word.is("user_owned") && supported => Some(scope::Scope::UserOwned { owner }),
            (Some(owner), _) if word.is("queue_owned") && supported => {
                Some(scope::Scope::QueueOwned { owner })
            }
            _ => None,
        };
        // No org here has scoping rules: they leave nothing out.
        if ours.is_some() || word.is("everything") || (word.is("scopingRule") && supported) {
            return Ok(ours);
        }
        if supported {
            return Err(not_emulated(&format!("USING SCOPE {word} on {}", object.name)));
        }
        Err(self.at(word.span, &Error::invalid_query_scope(word)))
    }

    fn limit(&self, limit: Option<&Integer>) -> Bind<Option<usize>> {
        let Some(limit) = limit else { return Ok(None) };
        if limit.text.starts_with('-') {
            return Err(self.at(limit.span, &Error::negative("LIMIT", &limit.text)));
        }
        Ok(Some(limit.text.parse().unwrap_or(usize::MAX)))
    }

    fn offset(&self, offset: Option<&Integer>) -> Bind<usize> {
        let Some(offset) = offset else { return Ok(0) };
        if offset.text.starts_with('-') {
            return Err(self.at(offset.span, &Error::negative("OFFSET", &offset.text)));
        }
        let number = offset.text.parse().unwrap_or(usize::MAX);
        if number > MAX_OFFSET {
            return Err(Error::offset_too_large(MAX_OFFSET).into());
        }
        Ok(number)
    }

    /// An error of the table, at its place in the query.
    pub fn at(&self, span: Span, error: &Error) -> SoqlError {
        SoqlError::semantic(self.text, span, error)
    }

    fn object(&self, path: &ast::Word) -> Bind<&'a Arc<Object>> {
        let found = self.schema.object(&path.text);
        found.ok_or_else(|| self.at(path.span, &Error::unknown_object(&path.text)))
    }
}

fn refuse_clauses(query: &Query) -> Bind<()> {
    if let Some(update) = query.update.first() {
        return Err(not_emulated(&format!("UPDATE {update}")));
    }
    refuse_with(&query.with)
}

/// The user mode is the only one there is over the APIs, so that the three words change nothing.
fn refuse_with(clauses: &[With]) -> Bind<()> {
    clauses.iter().try_for_each(|with| match with {
        With::SecurityEnforced(_) | With::UserMode(_) | With::SystemMode(_) => Ok(()),
        other => Err(not_emulated(&format!("WITH {other}"))),
    })
}

fn not_emulated(what: &str) -> SoqlError {
    Error::not_emulated(format_args!("SOQL's {what}")).into()
}
