//! Names to positions, with Salesforce's errors where a name or a type is wrong. What Salesforce has and this org does not
//! emulate yet is refused here, by name.

mod condition;
mod group;
mod literal;
mod names;
mod nested;
mod select;
mod semi_join;

use std::sync::Arc;

use super::ast::{self, Integer, Query, Select, Span, With};
use super::bound::{Bound, Condition, Output};
use super::error::SoqlError;
use super::plan::Access;
use crate::{
    error::{Error, ErrorCode},
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
}

impl<'a> Binder<'a> {
    pub fn new(text: &'a str, schema: &'a Schema, options: &'a BindOptions) -> Self {
        Self { text, schema, options, semi_joins: 0 }
    }

    pub fn statement(&mut self, query: &'a Query) -> Bind<Bound> {
        let scope = self.root(query)?;
        self.query(query, &scope, 0)
    }

    /// What names mean in a statement.
    pub fn root(&self, query: &'a Query) -> Bind<Scope<'a>> {
        let from = &query.from[0];
        let object = self.object(&from.path)?;
        if !object.queryable {
            let text = format!("entity type {} does not support query", object.name);
            return Err(self.at(from.path.span, ErrorCode::InvalidTypeForOperation, &text));
        }
        self.scope(object, &query.from)
    }

    /// `level`: 0 for the statement, 1 for its children, and so on.
    fn query(&mut self, query: &'a Query, scope: &Scope<'a>, level: usize) -> Bind<Bound> {
        refuse_clauses(query)?;
        let object = Arc::clone(scope.object);
        let owner = self.using_scope(query, scope, level)?;
        let aggregated = query.group.is_some() || select::has_aggregates(query);
        let (output, keys) = if let Select::Count(_) = query.select {
            if query.group.is_some() || !query.order.is_empty() {
                let text = "COUNT() query cannot also use GROUP BY or ORDER BY";
                return Err(SoqlError::plain(ErrorCode::MalformedQuery, text));
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
            let text = "Non-grouped query that uses overall aggregate functions cannot also use LIMIT";
            return Err(SoqlError::plain(ErrorCode::MalformedQuery, text));
        }
        let access = Access::choose(&object, &condition);
        Ok(Bound { object, output, condition, owner, order: keys, limit, offset, access })
    }

    /// The position of `OwnerId` for `USING SCOPE mine`.
    fn using_scope(&self, query: &Query, scope: &Scope<'a>, level: usize) -> Bind<Option<usize>> {
        const KNOWN: [&str; 12] = [
            "everything",
            "mine",
            "team",
            "delegated",
            "mine_and_my_groups",
            "my_territory",
            "my_team_territory",
            "scopingRule",
            "allPrivate",
            "mru",
            "queue_owned",
            "user_owned",
        ];
        let Some(word) = &query.scope else { return Ok(None) };
        if level > 0 {
            return Err(self.at(
                word.span,
                ErrorCode::MalformedQuery,
                "USING SCOPE is not supported in sub-queries",
            ));
        }
        if word.is("everything") {
            return Ok(None);
        }
        if word.is("mine")
            && let Some((position, _)) = scope.object.field("OwnerId")
        {
            return Ok(Some(position));
        }
        if KNOWN.iter().any(|known| word.is(known)) {
            return Err(not_emulated(&format!("USING SCOPE {word} on {}", scope.object.name)));
        }
        let text = format!("invalid query scope: {word}");
        Err(self.at(word.span, ErrorCode::InvalidQueryScope, &text))
    }

    fn limit(&self, limit: Option<&Integer>) -> Bind<Option<usize>> {
        let Some(limit) = limit else { return Ok(None) };
        if limit.text.starts_with('-') {
            let text = format!("LIMIT must be 0 or more, and is {}", limit.text);
            return Err(self.at(limit.span, ErrorCode::MalformedQuery, &text));
        }
        Ok(Some(limit.text.parse().unwrap_or(usize::MAX)))
    }

    fn offset(&self, offset: Option<&Integer>) -> Bind<usize> {
        let Some(offset) = offset else { return Ok(0) };
        if offset.text.starts_with('-') {
            let text = format!("OFFSET must be 0 or more, and is {}", offset.text);
            return Err(self.at(offset.span, ErrorCode::MalformedQuery, &text));
        }
        let number = offset.text.parse().unwrap_or(usize::MAX);
        if number > MAX_OFFSET {
            let text = "Maximum SOQL offset allowed is 2000";
            return Err(SoqlError::plain(ErrorCode::NumberOutsideValidRange, text));
        }
        Ok(number)
    }

    pub fn at(&self, span: Span, code: ErrorCode, text: &str) -> SoqlError {
        SoqlError::semantic(self.text, span, code, text)
    }

    fn object(&self, path: &ast::Word) -> Bind<&'a Arc<Object>> {
        self.schema.object(&path.text).ok_or_else(|| {
            let text = format!(
                "sObject type '{path}' is not supported. If you are attempting to use a custom object, be sure to append \
                 the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names."
            );
            self.at(path.span, ErrorCode::InvalidType, &text)
        })
    }
}

fn refuse_clauses(query: &Query) -> Bind<()> {
    if let Some(view) = query.view {
        return Err(not_emulated(&format!("FOR {view}")));
    }
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
    let error = Error::not_emulated(format_args!("SOQL's {what}"));
    SoqlError::plain(error.code, error.message)
}
