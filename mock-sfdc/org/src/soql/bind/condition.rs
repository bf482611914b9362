//! WHERE, and whatever else has the form of a condition.

use super::super::ast::{self, Argument, Call, Comparison, Literal, LiteralKind, Operand, Word};
use super::super::bound::Condition;
use super::super::collation::Folded;
use super::super::date_part::DatePart;
use super::super::expr::Expr;
use super::super::filter::{Filter, Test};
use super::super::like::Like;
use super::super::money::{Into, Money};
use super::super::parser::decode;
use super::function::is_money;
use super::literal::Left;
use super::names::Resolved;
use super::{Bind, Binder, Scope, SoqlError, not_emulated};
use crate::{
    currency::ISO_CODE,
    error::Error,
    schema::{Field, FieldType},
};

/// Where in the tree a condition stands: semi-joins may stand nearly nowhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    /// 0 in the statement, more in child subqueries.
    pub level: usize,
    pub under_or: bool,
    pub under_not: bool,
    pub in_semi_join: bool,
}

/// The left side of a comparison, bound.
pub(super) struct Side<'a> {
    pub expr: Expr,
    pub left: Left<'a>,
    pub field: Option<&'a Field>,
    /// `toLabel(field)`: labels are compared.
    pub labels: bool,
    /// The amount, where a literal may be of a currency of its own: `USD5000`.
    pub money: Option<(Money, &'a Field)>,
}

impl<'a> Binder<'a> {
    pub fn condition(
        &mut self,
        tree: &'a ast::Condition,
        scope: &Scope<'a>,
        level: usize,
    ) -> Bind<Condition> {
        let position = Position { level, under_or: false, under_not: false, in_semi_join: false };
        self.condition_at(tree, scope, position)
    }

    pub(super) fn condition_at(
        &mut self,
        tree: &'a ast::Condition,
        scope: &Scope<'a>,
        position: Position,
    ) -> Bind<Condition> {
        let mut condition = Condition::default();
        let filter = self.tree(tree, scope, position, &mut condition)?;
        condition.filter = Some(filter);
        Ok(condition)
    }

    fn tree(
        &mut self,
        tree: &'a ast::Condition,
        scope: &Scope<'a>,
        position: Position,
        out: &mut Condition,
    ) -> Bind<Filter> {
        match tree {
            ast::Condition::And(parts) => {
                let parts: Bind<Vec<Filter>> =
                    parts.iter().map(|part| self.tree(part, scope, position, out)).collect();
                Ok(Filter::All(parts?.into()))
            }
            ast::Condition::Or(parts) => {
                let position = Position { under_or: true, ..position };
                let parts: Bind<Vec<Filter>> =
                    parts.iter().map(|part| self.tree(part, scope, position, out)).collect();
                Ok(Filter::Any(parts?.into()))
            }
            ast::Condition::Not(inner, _) => {
                let position = Position { under_not: true, ..position };
                Ok(Filter::Not(Box::new(self.tree(inner, scope, position, out)?)))
            }
            ast::Condition::SemiJoin { left, negated, query } => {
                self.semi_join(left, *negated, query, scope, position, out)
            }
            ast::Condition::Calculated { left, right, plus, .. } => {
                let sign = if *plus { '+' } else { '-' };
                Err(not_emulated(&format!("comparison with {left} {sign} {right}")))
            }
            ast::Condition::Includes { field, negated, values } => {
                self.includes(field, *negated, values, scope)
            }
            ast::Condition::Compare { left, .. }
            | ast::Condition::Like { left, .. }
            | ast::Condition::In { left, .. } => {
                let side = self.side(left, scope)?;
                self.leaf(tree, &side, &mut out.dates)
            }
        }
    }

    /// A comparison whose left side is bound already: of a field, or in HAVING of a cell.
    pub(super) fn leaf(
        &self,
        tree: &ast::Condition,
        side: &Side<'_>,
        dates: &mut Vec<(super::super::date_literals::DateLiteral, i64)>,
    ) -> Bind<Filter> {
        let is_distance = matches!(side.expr, Expr::Distance(_));
        if side.field.is_some_and(|field| field.encryption_scheme.is_some()) && !is_equality(tree) {
            return Err(self.wrong_operator(side.left));
        }
        if let Some(filter) = self.money_test(tree, side)? {
            return Ok(filter);
        }
        match tree {
            ast::Condition::Compare { comparison, .. } if is_distance && !far_or_near(*comparison) => {
                Err(self.wrong_operator(side.left))
            }
            ast::Condition::In { .. } if is_distance => Err(self.wrong_operator(side.left)),
            ast::Condition::Compare { comparison, value, .. } => {
                let (asked, negated) = match comparison {
                    Comparison::NotEqual => (Comparison::Equal, true),
                    other => (*other, false),
                };
                let test = if side.labels {
                    self.label(side, asked, value)?
                } else {
                    self.test(side.left, asked, value, dates)?
                };
                Ok(negate(negated, Filter::Test(side.expr.clone(), test)))
            }
            ast::Condition::Like { pattern, .. } => self.like(side, pattern),
            ast::Condition::In { negated, values, .. } => {
                let mut tests = Vec::with_capacity(values.len());
                for value in values {
                    tests.push(if side.labels {
                        self.label(side, Comparison::Equal, value)?
                    } else {
                        self.test(side.left, Comparison::Equal, value, dates)?
                    });
                }
                Ok(negate(*negated, any_of(&side.expr, tests)))
            }
            _ => Err(Error::misplaced_condition().into()),
        }
    }

    fn side(&self, operand: &'a Operand, scope: &Scope<'a>) -> Bind<Side<'a>> {
        match operand {
            Operand::Field(word) => {
                let resolved = self.field(scope, word)?;
                self.filterable(&resolved, word)?;
                let left = left_of(&resolved, word);
                let money = Self::money_of(&resolved);
                Ok(Side {
                    expr: Expr::Field(resolved.path),
                    left,
                    field: Some(resolved.field),
                    labels: false,
                    money,
                })
            }
            Operand::Call(call) if call.name.is("toLabel") => {
                let word = self.one_field(call)?;
                let resolved = self.field(scope, word)?;
                self.filterable(&resolved, word)?;
                self.labels(&resolved, call)?;
                let left = left_of(&resolved, word);
                Ok(Side {
                    expr: Expr::Field(resolved.path),
                    left,
                    field: Some(resolved.field),
                    labels: true,
                    money: None,
                })
            }
            Operand::Call(call) if call.name.is("DISTANCE") => {
                let distance = self.distance(call, scope)?;
                let left = Left {
                    name: &call.name.text,
                    kind: FieldType::Double,
                    case_sensitive: false,
                    whole: false,
                    span: call.span,
                };
                Ok(Side { expr: distance.into(), left, field: None, labels: false, money: None })
            }
            Operand::Call(call) => {
                let Some((expr, kind)) = self.date_part(call, scope)? else {
                    return Err(self.unsupported_call(call));
                };
                let left =
                    Left { name: &call.name.text, kind, case_sensitive: false, whole: true, span: call.span };
                Ok(Side { expr, left, field: None, labels: false, money: None })
            }
        }
    }

    fn money_of(resolved: &Resolved<'a>) -> Option<(Money, &'a Field)> {
        let (_, currencies) = resolved.owner.field(ISO_CODE).filter(|_| is_money(resolved))?;
        let money = Money { amount: resolved.path.clone(), scale: resolved.field.scale, to: Into::Corporate };
        Some((money, currencies))
    }

    /// `Amount > USD5000`, `Amount IN (USD5, EUR7)`: all amounts are compared as if they were of that currency. Without one,
    /// numbers are compared; a list has one kind or the other.
    fn money_test(&self, tree: &ast::Condition, side: &Side<'_>) -> Bind<Option<Filter>> {
        let Some((money, currencies)) = &side.money else { return Ok(None) };
        let of_currency = |value: &Literal| matches!(value.kind, LiteralKind::Currency(_));
        let worth = |value: &Literal, asked| self.worth(money, currencies, side, value, asked);
        match tree {
            ast::Condition::Compare { comparison, value, .. } if of_currency(value) => {
                let (asked, negated) = match comparison {
                    Comparison::NotEqual => (Comparison::Equal, true),
                    other => (*other, false),
                };
                Ok(Some(negate(negated, worth(value, asked)?)))
            }
            ast::Condition::In { negated, values, .. } if values.iter().any(of_currency) => {
                if let Some(other) = values.iter().find(|value| !of_currency(value)) {
                    return Err(self.at(other.span, &Error::currencies_mixed()));
                }
                let each: Bind<Vec<Filter>> =
                    values.iter().map(|value| worth(value, Comparison::Equal)).collect();
                Ok(Some(negate(*negated, Filter::Any(each?.into()))))
            }
            _ => Ok(None),
        }
    }

    fn worth(
        &self,
        money: &Money,
        currencies: &Field,
        side: &Side<'_>,
        value: &Literal,
        asked: Comparison,
    ) -> Bind<Filter> {
        let LiteralKind::Currency(text) = &value.kind else {
            return Err(Error::misplaced_condition().into());
        };
        let (code, number) = text.split_at(text.len().min(3));
        let known = currencies.picklist_values.iter().find(|known| known.value.eq_ignore_ascii_case(code));
        let Some(known) = known else {
            return Err(self.at(value.span, &Error::unknown_currency(code)));
        };
        let Some(number) = super::literal::decimal(number) else {
            return Err(self.at(side.left.span, &Error::invalid_number(number)));
        };
        let money = Money { to: Into::Code(known.value.as_str().into()), ..money.clone() };
        Ok(Filter::Test(Expr::Money(Box::new(money)), Test::Number(asked, number)))
    }

    fn filterable(&self, resolved: &Resolved<'_>, word: &Word) -> Bind<()> {
        if resolved.field.filterable {
            return Ok(());
        }
        Err(self.at(word.span, &Error::field_cannot_be("filtered", word)))
    }

    /// `CALENDAR_YEAR(CreatedDate)` and its kind; None when the function is another one.
    pub(super) fn date_part(&self, call: &'a Call, scope: &Scope<'a>) -> Bind<Option<(Expr, FieldType)>> {
        let Some(part) = DatePart::named(&call.name.text) else { return Ok(None) };
        let (word, local) = match call.arguments.as_slice() {
            [Argument::Field(word)] => (word, false),
            [Argument::Call(inner)] if inner.name.is("convertTimezone") => (self.one_field(inner)?, true),
            [Argument::Call(inner)] => return Err(self.unsupported_call(inner)),
            _ => return Err(self.not_a_date(call, "its argument")),
        };
        let resolved = self.field(scope, word)?;
        let allowed = match resolved.field.kind {
            FieldType::Datetime => true,
            FieldType::Date => !matches!(part, DatePart::DayOnly | DatePart::HourInDay) && !local,
            _ => false,
        };
        if !allowed {
            return Err(self.not_a_date(call, &word.text));
        }
        let kind = if part == DatePart::DayOnly { FieldType::Date } else { FieldType::Int };
        Ok(Some((Expr::DatePart { part, path: resolved.path, local }, kind)))
    }

    fn not_a_date(&self, call: &Call, what: &str) -> SoqlError {
        self.at(call.span, &Error::not_applicable(&call.name, what))
    }

    fn like(&self, side: &Side<'_>, pattern: &Literal) -> Bind<Filter> {
        let kind = side.left.kind;
        if kind.is_id() || !kind.is_text() || kind == FieldType::Multipicklist {
            let named = if kind.is_id() { "id" } else { kind.as_str() };
            return Err(self.at(side.left.span, &Error::invalid_operator(named)));
        }
        let LiteralKind::Text(raw) = &pattern.kind else {
            return Err(self.wrong_type(side.left, "string", "should be enclosed in quotes"));
        };
        let like = Like::compile(raw);
        let test = side
            .field
            .and_then(|field| by_label(field, &like))
            .map_or_else(|| Test::Like(like.clone()), |labels| Test::LikeLabel(labels, like.clone()));
        Ok(Filter::Test(side.expr.clone(), test))
    }

    /// A comparison with what `toLabel` gives.
    fn label(&self, side: &Side<'_>, comparison: Comparison, value: &Literal) -> Bind<Test> {
        let Some(field) = side.field else { return Ok(Test::Never) };
        if comparison != Comparison::Equal {
            return Err(self.wrong_operator(side.left));
        }
        match &value.kind {
            LiteralKind::Null => Ok(Test::Null),
            LiteralKind::Text(raw) => {
                let wanted = Folded::new(&decode(raw));
                let labels = field.picklist_values.iter();
                let labels =
                    labels.map(|value| (Folded::new(&value.value), wanted.is(&value.label))).collect();
                Ok(Test::LikeLabel(labels, Like::exactly(&decode(raw))))
            }
            _ => Err(self.wrong_type(side.left, "string", "should be enclosed in quotes")),
        }
    }

    fn includes(&self, word: &'a Word, negated: bool, values: &[Literal], scope: &Scope<'a>) -> Bind<Filter> {
        let resolved = self.field(scope, word)?;
        self.filterable(&resolved, word)?;
        let left = left_of(&resolved, word);
        if resolved.field.kind != FieldType::Multipicklist {
            return Err(self.wrong_operator(left));
        }
        let mut sets = Vec::with_capacity(values.len());
        for value in values {
            let LiteralKind::Text(raw) = &value.kind else {
                return Err(self.wrong_type(left, "string", "should be enclosed in quotes"));
            };
            let set: Box<[Folded]> = decode(raw).split(';').map(|part| Folded::new(part.trim())).collect();
            sets.push(set);
        }
        Ok(negate(negated, Filter::Test(Expr::Field(resolved.path), Test::Includes(sets.into()))))
    }
}

/// What can be asked of a field that Shield encrypts so that equal texts are equal.
fn is_equality(tree: &ast::Condition) -> bool {
    match tree {
        ast::Condition::Compare { comparison, .. } => {
            matches!(comparison, Comparison::Equal | Comparison::NotEqual)
        }
        ast::Condition::In { .. } => true,
        _ => false,
    }
}

/// DISTANCE is compared with `<` and `>` only.
fn far_or_near(comparison: Comparison) -> bool {
    matches!(comparison, Comparison::Less | Comparison::Greater)
}

pub(super) fn left_of<'a>(resolved: &Resolved<'a>, word: &'a Word) -> Left<'a> {
    Left {
        name: &word.text,
        kind: resolved.kind(),
        case_sensitive: resolved.field.case_sensitive
            && (resolved.field.unique || resolved.field.encryption_scheme.is_some()),
        whole: false,
        span: word.span,
    }
}

pub(super) fn negate(negated: bool, filter: Filter) -> Filter {
    if negated { Filter::Not(Box::new(filter)) } else { filter }
}

/// LIKE on a picklist looks at labels; where they are the values, nothing is to be looked up.
fn by_label(field: &Field, like: &Like) -> Option<Box<[(Folded, bool)]>> {
    let values = &field.picklist_values;
    if values.iter().all(|value| value.value == value.label) {
        return None;
    }
    Some(values.iter().map(|value| (Folded::new(&value.value), like.matches(&value.label))).collect())
}

/// IN: one search in a sorted list where the values are texts or ids, else one test after the other.
fn any_of(expr: &Expr, asked: Vec<Test>) -> Filter {
    let (mut texts, mut ids, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for test in asked {
        match test {
            Test::Text(Comparison::Equal, folded) => texts.push(folded),
            Test::Id(Comparison::Equal, id) => ids.push(id),
            other => others.push(Filter::Test(expr.clone(), other)),
        }
    }
    if !texts.is_empty() {
        texts.sort_unstable();
        texts.dedup();
        others.push(Filter::Test(expr.clone(), Test::TextIn(texts.into())));
    }
    if !ids.is_empty() {
        ids.sort_unstable();
        ids.dedup();
        others.push(Filter::Test(expr.clone(), Test::IdIn(ids.into())));
    }
    match others.len() {
        1 => others.swap_remove(0),
        _ => Filter::Any(others.into()),
    }
}
