//! Aggregate queries: GROUP BY, ROLLUP, CUBE, HAVING, and what SELECT and ORDER BY may say then.

use std::collections::BTreeSet;

use compact_str::{CompactString, format_compact};

use super::super::aggregate::{Aggregate, Function, Ranks};
use super::super::ast::{
    self, Argument, Call, GroupKind, Operand, OrderItem, Query, Select, SelectItem, Word,
};
use super::super::bound::{Column, Grouping, Look, Output};
use super::super::expr::Expr;
use super::super::filter::Filter;
use super::super::format::Form;
use super::super::order::OrderKey;
use super::condition::{Side, negate};
use super::function::comparable;
use super::literal::Left;
use super::select::{order_key, ranks};
use super::{Bind, Binder, Scope, SoqlError};
use crate::{
    error::Error,
    schema::{Field, FieldType},
};

/// ROLLUP and CUBE take at most three.
const MAX_ROLLED_UP: usize = 3;

/// A group row while it is being laid out.
#[derive(Default)]
struct Layout {
    keys: Vec<Expr>,
    key_kinds: Vec<(FieldType, Option<Ranks>)>,
    aggregates: Vec<(Aggregate, FieldType, Option<Ranks>)>,
    rolled_up: bool,
    aliases: Vec<(CompactString, usize)>,
}

impl Layout {
    fn kind(&self, cell: usize) -> (FieldType, Option<Ranks>) {
        if let Some(known) = self.key_kinds.get(cell) {
            return known.clone();
        }
        let (_, kind, ranks) = &self.aggregates[cell - self.keys.len()];
        (*kind, ranks.clone())
    }

    fn aggregate(&mut self, aggregate: Aggregate, kind: FieldType, ranks: Option<Ranks>) -> usize {
        let known = self.aggregates.iter().position(|(other, ..)| *other == aggregate);
        let at = known.unwrap_or_else(|| {
            self.aggregates.push((aggregate, kind, ranks));
            self.aggregates.len() - 1
        });
        self.keys.len() + at
    }
}

impl<'a> Binder<'a> {
    pub(super) fn grouping(&mut self, query: &'a Query, scope: &Scope<'a>) -> Bind<(Output, Vec<OrderKey>)> {
        let mut layout = Layout::default();
        let group = query.group.as_ref();
        if let Some(group) = group {
            self.keys(group, scope, &mut layout)?;
        }
        let columns = self.columns(query, scope, &mut layout)?;
        let mut having_dates = Vec::new();
        let having = match group.and_then(|group| group.having.as_ref()) {
            Some(tree) => Some(self.having(tree, scope, &mut layout, &mut having_dates)?),
            None => None,
        };
        let order: Bind<Vec<OrderKey>> =
            query.order.iter().map(|item| self.group_order(item, scope, &mut layout)).collect();
        let order = order?;
        if group.is_none() && !order.is_empty() {
            return Err(Error::overall_aggregate_with("ORDER BY").into());
        }
        let sets = sets(group.map_or(GroupKind::Plain, |group| group.kind), layout.keys.len());
        let aggregates = layout.aggregates.into_iter().map(|(aggregate, ..)| aggregate).collect();
        let grouping = Grouping {
            keys: layout.keys,
            sets,
            aggregates,
            columns,
            having,
            having_dates,
            single: group.is_none(),
        };
        Ok((Output::Groups(grouping), order))
    }

    fn keys(&self, group: &'a ast::Group, scope: &Scope<'a>, layout: &mut Layout) -> Bind<()> {
        layout.rolled_up = group.kind != GroupKind::Plain;
        if layout.rolled_up && group.items.len() > MAX_ROLLED_UP {
            return Err(self.at(group.span, &Error::too_many_rolled_up(MAX_ROLLED_UP)));
        }
        for item in &group.items {
            let (expr, kind, ranks) = match item {
                Operand::Field(word) => {
                    let resolved = self.field(scope, word)?;
                    if !resolved.field.groupable {
                        return Err(self.at(word.span, &Error::field_cannot_be("grouped", word)));
                    }
                    let (kind, ranks) = (resolved.kind(), ranks(resolved.field));
                    (Expr::Field(resolved.path), kind, ranks)
                }
                Operand::Call(call) => match self.date_part(call, scope)? {
                    Some((expr, kind)) => (expr, kind, None),
                    None if Function::named(&call.name.text).is_some() => {
                        return Err(Error::grouped_and_aggregated(call).into());
                    }
                    None => return Err(self.unsupported_call(call)),
                },
            };
            if !layout.keys.contains(&expr) {
                layout.keys.push(expr);
                layout.key_kinds.push((kind, ranks));
            }
        }
        Ok(())
    }

    fn columns(&self, query: &'a Query, scope: &Scope<'a>, layout: &mut Layout) -> Bind<Vec<Column>> {
        let Select::Items(items) = &query.select else { return Ok(Vec::new()) };
        let mut columns = Vec::with_capacity(items.len());
        let mut used = BTreeSet::new();
        let mut unnamed = 0;
        for item in items {
            let mut look = Look::Plain;
            let (cell, key) = match item {
                SelectItem::Field { path, alias } => {
                    let (cell, name) = self.grouped_field(path, scope, layout, "Field")?;
                    (cell, alias.as_ref().map_or(name, |alias| alias.text.clone()))
                }
                SelectItem::Call { call, alias } => {
                    let cell;
                    (cell, look) = self.shown_call(call, scope, layout)?;
                    let key = alias.as_ref().map_or_else(
                        || {
                            unnamed += 1;
                            format_compact!("expr{}", unnamed - 1)
                        },
                        |alias| alias.text.clone(),
                    );
                    (cell, key)
                }
                SelectItem::Children { .. } => return Err(not_with_groups("a subquery")),
                SelectItem::TypeOf { .. } => return Err(not_with_groups("TYPEOF")),
                SelectItem::Fields { .. } => {
                    return Err(Error::must_be_grouped("Field", "FIELDS()").into());
                }
            };
            if !used.insert(key.to_ascii_lowercase()) {
                return Err(Error::duplicate_alias(&key).into());
            }
            layout.aliases.push((key.clone(), cell));
            columns.push(Column { key, cell, kind: layout.kind(cell).0, look });
        }
        Ok(columns)
    }

    /// The cell of a field that is grouped by, and the name under which it is shown: the last of its path.
    fn grouped_field(
        &self,
        word: &'a Word,
        scope: &Scope<'a>,
        layout: &Layout,
        what: &str,
    ) -> Bind<(usize, CompactString)> {
        let resolved = self.field(scope, word)?;
        let name = CompactString::from(resolved.name());
        let expr = Expr::Field(resolved.path);
        if let Some(cell) = layout.keys.iter().position(|key| *key == expr) {
            return Ok((cell, name));
        }
        Err(self.at(word.span, &Error::must_be_grouped(what, word)))
    }

    /// `FORMAT` and `toLabel` around what a group row has, or that itself.
    fn shown_call(&self, call: &'a Call, scope: &Scope<'a>, layout: &mut Layout) -> Bind<(usize, Look)> {
        if call.name.is("toLabel") {
            let word = self.one_field(call)?;
            let labels = self.labels(&self.field(scope, word)?, call)?;
            let (cell, _) = self.grouped_field(word, scope, layout, "Field")?;
            return Ok((cell, Look::Label(labels)));
        }
        if !call.name.is("FORMAT") {
            return Ok((self.grouped_call(call, scope, layout)?, Look::Plain));
        }
        self.formatted.set(true);
        let (cell, scale) = match call.arguments.as_slice() {
            [Argument::Call(inner)] if inner.name.is("convertCurrency") => {
                return Err(self.single_currency(inner));
            }
            [Argument::Call(inner)] => {
                let scale = match inner.arguments.as_slice() {
                    [Argument::Field(word)] => self.field(scope, word)?.field.scale,
                    _ => 0,
                };
                (self.grouped_call(inner, scope, layout)?, scale)
            }
            _ => {
                let word = self.one_field(call)?;
                let (cell, _) = self.grouped_field(word, scope, layout, "Field")?;
                (cell, self.field(scope, word)?.field.scale)
            }
        };
        let form = Form::of_kind(layout.kind(cell).0, scale)
            .ok_or_else(|| self.at(call.span, &Error::not_formattable(call)))?;
        Ok((cell, Look::Formatted(form)))
    }

    /// The cell of an aggregate, of GROUPING, or of a date function that is grouped by.
    fn grouped_call(&self, call: &'a Call, scope: &Scope<'a>, layout: &mut Layout) -> Bind<usize> {
        if let Some(function) = Function::named(&call.name.text) {
            return self.aggregate(function, call, scope, layout);
        }
        if call.name.is("GROUPING") {
            if !layout.rolled_up {
                return Err(self.at(call.span, &Error::grouping_without_rollup()));
            }
            let (key, _) = match call.arguments.as_slice() {
                [Argument::Call(inner)] => {
                    (self.grouped_call(inner, scope, layout)?, CompactString::default())
                }
                _ => self.grouped_field(self.one_field(call)?, scope, layout, "Field")?,
            };
            return Ok(layout.aggregate(Aggregate::Grouping(key), FieldType::Int, None));
        }
        let Some((expr, _)) = self.date_part(call, scope)? else { return Err(self.unsupported_call(call)) };
        layout
            .keys
            .iter()
            .position(|key| *key == expr)
            .ok_or_else(|| self.at(call.span, &Error::must_be_grouped("Field", call)))
    }

    fn aggregate(
        &self,
        function: Function,
        call: &'a Call,
        scope: &Scope<'a>,
        layout: &mut Layout,
    ) -> Bind<usize> {
        let word = self.one_field(call)?;
        let resolved = self.field(scope, word)?;
        let field = resolved.field;
        if !supports(function, field) {
            return Err(self.at(word.span, &Error::not_aggregatable(word, &call.name.text.to_uppercase())));
        }
        let kind = match function {
            Function::Count | Function::CountDistinct => FieldType::Int,
            Function::Avg => FieldType::Double,
            Function::Min | Function::Max | Function::Sum => field.kind,
        };
        let ranks = if matches!(function, Function::Min | Function::Max) { ranks(field) } else { None };
        let expr = if matches!(function, Function::Count | Function::CountDistinct) {
            Expr::Field(resolved.path)
        } else {
            comparable(resolved)
        };
        Ok(layout.aggregate(Aggregate::Of { function, expr, ranks: ranks.clone() }, kind, ranks))
    }

    fn having(
        &self,
        tree: &'a ast::Condition,
        scope: &Scope<'a>,
        layout: &mut Layout,
        dates: &mut Vec<(super::super::date_literals::DateLiteral, i64)>,
    ) -> Bind<Filter> {
        match tree {
            ast::Condition::And(parts) => {
                let parts: Bind<Vec<Filter>> =
                    parts.iter().map(|part| self.having(part, scope, layout, dates)).collect();
                Ok(Filter::All(parts?.into()))
            }
            ast::Condition::Or(parts) => {
                let parts: Bind<Vec<Filter>> =
                    parts.iter().map(|part| self.having(part, scope, layout, dates)).collect();
                Ok(Filter::Any(parts?.into()))
            }
            ast::Condition::Not(inner, _) => Ok(negate(true, self.having(inner, scope, layout, dates)?)),
            ast::Condition::Compare { left, .. }
            | ast::Condition::Like { left, .. }
            | ast::Condition::In { left, .. } => {
                let side = self.having_side(left, scope, layout)?;
                self.leaf(tree, &side, dates)
            }
            _ => Err(Error::having_of_rows().into()),
        }
    }

    fn having_side(&self, left: &'a Operand, scope: &Scope<'a>, layout: &mut Layout) -> Bind<Side<'a>> {
        let (cell, name, field) = match left {
            Operand::Field(word) => {
                let (cell, _) = self.grouped_field(word, scope, layout, "Field")?;
                (cell, &word.text, Some(self.field(scope, word)?.field))
            }
            Operand::Call(call) => (self.grouped_call(call, scope, layout)?, &call.name.text, None),
        };
        let (kind, _) = layout.kind(cell);
        let left = Left { name, kind, case_sensitive: false, whole: false, span: left.span() };
        Ok(Side { expr: Expr::Cell(cell), left, field, labels: false, money: None })
    }

    fn group_order(&self, item: &'a OrderItem, scope: &Scope<'a>, layout: &mut Layout) -> Bind<OrderKey> {
        let cell = match &item.operand {
            Operand::Field(word) => match layout.aliases.iter().find(|(alias, _)| word.is(alias)) {
                Some((_, cell)) => *cell,
                None => self.grouped_field(word, scope, layout, "Ordered field")?.0,
            },
            Operand::Call(call) => self.grouped_call(call, scope, layout)?,
        };
        let (kind, ranks) = layout.kind(cell);
        Ok(order_key(item, Expr::Cell(cell), kind, ranks))
    }
}

fn not_with_groups(what: &str) -> SoqlError {
    Error::not_with_groups(what).into()
}

/// The sets of keys that count together: for ROLLUP(a, b) both, a alone, none.
fn sets(kind: GroupKind, keys: usize) -> Vec<Vec<bool>> {
    match kind {
        GroupKind::Plain => vec![vec![true; keys]],
        GroupKind::Rollup => (0..=keys).rev().map(|kept| (0..keys).map(|key| key < kept).collect()).collect(),
        GroupKind::Cube => {
            (0..1_usize << keys).rev().map(|set| (0..keys).map(|key| set >> key & 1 == 1).collect()).collect()
        }
    }
}

/// Which function takes which type; SOQL and SOSL Reference, pages 57-58.
fn supports(function: Function, field: &Field) -> bool {
    use FieldType as T;
    let number = field.kind.is_number();
    match function {
        Function::Sum | Function::Avg => number,
        _ => match field.kind {
            T::Boolean
            | T::Time
            | T::Base64
            | T::Address
            | T::Location
            | T::Multipicklist
            | T::EncryptedString
            | T::AnyType
            | T::Json
            | T::ComplexValue
            | T::FloatArray
            | T::TextArray => false,
            // A long text is one that cannot be grouped.
            T::Textarea => field.groupable,
            T::Id | T::Reference => {
                matches!(function, Function::Count | Function::CountDistinct | Function::Min | Function::Max)
            }
            _ => number || field.aggregatable,
        },
    }
}
