//! `IN (SELECT …)` with Salesforce's restrictions; `contract/soql.md` section 2.

use super::super::ast::{self, Operand, Word};
use super::super::bound::{Condition, SemiJoin};
use super::super::expr::Expr;
use super::super::filter::{Filter, Test};
use super::super::plan::Access;
use super::condition::{Position, negate};
use super::names::Resolved;
use super::{Bind, Binder, Scope, SoqlError, refuse_with};
use crate::{
    error::ErrorCode,
    name::Name,
    schema::{FieldType, Object},
};

const MAX_SEMI_JOINS: usize = 2;
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
        let bad = |text: &str| Err(SoqlError::plain(ErrorCode::MalformedQuery, text));
        if position.in_semi_join {
            return bad("Nesting of semi join sub-selects is not supported");
        }
        if position.under_or {
            return bad("Semi join sub-selects are not supported with the 'OR' operator");
        }
        if position.under_not {
            return bad("Semi join sub-selects are not supported with the 'NOT' operator");
        }
        if position.level > 0 {
            return bad("Semi join sub-selects are not supported in the WHERE clause of a sub-query");
        }
        self.semi_joins += 1;
        if self.semi_joins > MAX_SEMI_JOINS {
            return bad("a query can have at most 2 semi join sub-selects");
        }
        let Operand::Field(word) = left else {
            return bad(
                "The left operand field in the where expression for outer query should be an id field",
            );
        };
        let outer =
            self.id_field(word, scope, "The left operand field in the where expression for outer query")?;
        refuse_with(&query.with)?;
        if let Some(word) = &query.scope {
            return Err(self.at(
                word.span,
                ErrorCode::MalformedQuery,
                "USING SCOPE is not supported in sub-queries",
            ));
        }
        let object = self.object(&query.from[0].path)?;
        if CLOSED.iter().any(|closed| object.name.is(closed)) {
            let text = format!("Entity '{}' is not supported for semi join inner selects", object.name);
            return Err(self.at(query.from[0].path.span, ErrorCode::InvalidType, &text));
        }
        if object.index == scope.object.index {
            return bad("The inner and outer selects should not be on the same object type");
        }
        let inner_scope = self.scope(object, &query.from)?;
        let inner = self.id_field(&query.field, &inner_scope, "The selected field in the subquery")?;
        if !same_target(scope.object, &outer, object, &inner) {
            return bad(&format!(
                "The selected field '{}' in the subquery and the left operand field in the where expression in the outer query \
                 '{word}' should point to the same object type",
                query.field
            ));
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
            let text = format!("{which} should be an id field, cannot use: '{word}'");
            return Err(self.at(word.span, ErrorCode::InvalidField, &text));
        }
        if !resolved.parents.is_empty() {
            let text = format!("{which} should be a field of the object itself, cannot use: '{word}'");
            return Err(self.at(word.span, ErrorCode::InvalidField, &text));
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
