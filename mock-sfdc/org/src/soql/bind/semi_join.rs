//! `IN (SELECT …)` with Salesforce's restrictions; `contract/soql.md` section 2.

use super::super::ast::{self, Operand, Word};
use super::super::bound::{Condition, SemiJoin};
use super::super::expr::Expr;
use super::super::filter::{Filter, Test};
use super::super::plan::Access;
use super::condition::{Position, negate};
use super::names::Resolved;
use super::{Bind, Binder, Scope, refuse_with};
use crate::{
    error::Error,
    name::Name,
    schema::{FieldType, Object},
};

const MAX_SEMI_JOINS: usize = 2;
const LEFT: &str = "The left operand field in the where expression for outer query";
/// Objects that a subquery cannot read.
const CLOSED: [&str; 7] =
    ["ActivityHistory", "Attachment", "Event", "Note", "OpenActivity", "Task", "EventAttendee"];

impl<'a> Binder<'a> {
    pub(super) fn semi_join(
        &mut self,
        left: &'a Operand,
        negated: bool,
        query: &'a ast::SemiJoin,
        scope: &Scope<'a>,
        position: Position,
        out: &mut Condition,
    ) -> Bind<Filter> {
        if position.in_semi_join {
            return Err(Error::semi_join_in_semi_join().into());
        }
        if position.under_or {
            return Err(Error::semi_join_under("OR").into());
        }
        if position.under_not {
            return Err(Error::semi_join_under("NOT").into());
        }
        if position.level > 0 {
            return Err(Error::semi_join_in_subquery().into());
        }
        self.semi_joins += 1;
        if self.semi_joins > MAX_SEMI_JOINS {
            return Err(Error::too_many_semi_joins(MAX_SEMI_JOINS).into());
        }
        let Operand::Field(word) = left else {
            return Err(Error::not_an_id_field(LEFT).into());
        };
        let outer = self.id_field(word, scope, LEFT)?;
        refuse_with(&query.with)?;
        if let Some(word) = &query.scope {
            return Err(self.at(word.span, &Error::scope_in_subquery()));
        }
        let object = self.object(&query.from[0].path)?;
        if CLOSED.iter().any(|closed| object.name.is(closed)) {
            return Err(self.at(query.from[0].path.span, &Error::not_semi_joinable(object.name.as_str())));
        }
        if object.index == scope.object.index {
            return Err(Error::semi_join_of_itself().into());
        }
        let inner_scope = self.scope(object, &query.from)?;
        let inner = self.id_field(&query.field, &inner_scope, "The selected field in the subquery")?;
        if !same_target(scope.object, &outer, object, &inner) {
            return Err(Error::semi_join_of_other_object(&query.field, word).into());
        }
        let mut condition = Condition::default();
        if let Some(tree) = &query.condition {
            condition = self.condition_at(tree, &inner_scope, Position { in_semi_join: true, ..position })?;
        }
        let access = Access::choose(object, &condition);
        out.joins.push(SemiJoin { object: object.index, value: Expr::Field(inner.path), condition, access });
        let test = Filter::Test(Expr::Field(outer.path), Test::Joined(out.joins.len() - 1));
        Ok(negate(negated, test))
    }

    fn id_field(&self, word: &'a Word, scope: &Scope<'a>, which: &str) -> Bind<Resolved<'a>> {
        let resolved = self.field(scope, word)?;
        if !resolved.field.kind.is_id() {
            return Err(self.at(word.span, &Error::no_id_field(which, word)));
        }
        if !resolved.parents.is_empty() {
            return Err(self.at(word.span, &Error::no_own_field(which, word)));
        }
        Ok(resolved)
    }
}

/// Whether the two ids can be those of one object.
fn same_target(
    outer_object: &Object,
    outer: &Resolved<'_>,
    inner_object: &Object,
    inner: &Resolved<'_>,
) -> bool {
    let targets = |object: &Object, resolved: &Resolved<'_>| -> Vec<Name> {
        if resolved.field.kind == FieldType::Id {
            vec![object.name.clone()]
        } else {
            resolved.field.reference_to.clone()
        }
    };
    let inner = targets(inner_object, inner);
    targets(outer_object, outer).iter().any(|target| inner.contains(target))
}
