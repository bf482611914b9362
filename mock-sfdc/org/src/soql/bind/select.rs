//! The SELECT list of a query over records, its child subqueries, and ORDER BY.

use std::collections::BTreeSet;

use compact_str::{CompactString, format_compact};

use super::super::aggregate::{Function, Ranks};
use super::super::ast::{
    Argument, Call, Comparison, Condition, Operand, OrderItem, Query, Select, SelectItem, Span, Word,
};
use super::super::bound::{Item, Shape};
use super::super::collation::Folded;
use super::super::expr::{Expr, Slot};
use super::super::order::OrderKey;
use super::function::comparable;
use super::names::Resolved;
use super::{Bind, Binder, MAX_CHILD_QUERIES, Scope};
use crate::{
    error::Error,
    schema::{Field, FieldType, Object},
};

/// `FIELDS(ALL)` and `FIELDS(CUSTOM)` need a LIMIT of at most this.
const MAX_FIELDS_LIMIT: usize = 200;

impl<'a> Binder<'a> {
    pub(super) fn shape(&mut self, query: &'a Query, scope: &Scope<'a>, level: usize) -> Bind<Shape> {
        let Select::Items(items) = &query.select else { return Ok(Shape::default()) };
        let children = items.iter().filter(|item| matches!(item, SelectItem::Children { .. })).count();
        if children > MAX_CHILD_QUERIES {
            return Err(Error::too_many_subqueries(MAX_CHILD_QUERIES, children).into());
        }
        let mut list = SelectList::default();
        for item in items {
            self.select_item(&mut list, query, item, scope, level)?;
        }
        if list.shape.items.is_empty() {
            return Err(Error::fields_of_nothing().into());
        }
        Ok(list.shape)
    }

    fn select_item(
        &mut self,
        list: &mut SelectList,
        query: &'a Query,
        item: &'a SelectItem,
        scope: &Scope<'a>,
        level: usize,
    ) -> Bind<()> {
        match item {
            SelectItem::Field { path, alias } => {
                if let Some(alias) = alias {
                    return Err(self.at(alias.span, &Error::alias_of_field()));
                }
                let resolved = self.field(scope, path)?;
                list.add(&resolved)
            }
            SelectItem::Call { call, alias } => self.select_call(list, call, alias.as_ref(), scope),
            SelectItem::Children { query: child, alias } => {
                if let Some(alias) = alias {
                    return Err(self.at(alias.span, &Error::alias_of("a subquery")));
                }
                let single_parent = query.limit.as_ref().is_some_and(|limit| limit.text == "1");
                let children = self.children(child, scope, level, single_parent)?;
                list.unique(&children.key)?;
                list.shape.items.push(Item::Children(Box::new(children)));
                Ok(())
            }
            SelectItem::TypeOf { type_of, alias } => {
                if let Some(alias) = alias {
                    return Err(self.at(alias.span, &Error::alias_of("TYPEOF")));
                }
                let item = self.type_of(type_of, scope)?;
                list.shape.items.push(item);
                Ok(())
            }
            SelectItem::Fields { which, span } => self.expand(list, query, which, *span, scope),
        }
    }

    fn expand(
        &self,
        list: &mut SelectList,
        query: &Query,
        which: &Word,
        span: Span,
        scope: &Scope<'a>,
    ) -> Bind<()> {
        let (standard, custom) = match () {
            () if which.is("ALL") => (true, true),
            () if which.is("STANDARD") => (true, false),
            () if which.is("CUSTOM") => (false, true),
            () => {
                return Err(self.at(span, &Error::unknown_fields(which)));
            }
        };
        let limit = self.limit(query.limit.as_ref())?;
        let few = limit.is_some_and(|limit| limit <= MAX_FIELDS_LIMIT)
            || query.condition.as_ref().is_some_and(names_few_ids);
        if custom && !few {
            return Err(Error::fields_without_limit(MAX_FIELDS_LIMIT).into());
        }
        let object = scope.object;
        for (position, field) in object.visible_fields() {
            let wanted = if field.custom { custom } else { standard };
            if wanted {
                list.add_own(object, position, field, self.seen(object, field))?;
            }
        }
        Ok(())
    }

    pub(super) fn order(&self, items: &'a [OrderItem], scope: &Scope<'a>) -> Bind<Vec<OrderKey>> {
        let mut keys: Vec<OrderKey> =
            items.iter().map(|item| self.order_item(item, scope)).collect::<Bind<_>>()?;
        // Rows come in order of id anyway, and no two have the same: what stands behind such a key decides nothing, and
        // the walk can stop at LIMIT.
        if let Some(at) =
            keys.iter().position(|key| matches!(&key.expr, Expr::Field(path) if path.is_own_id()))
        {
            keys.truncate(at + 1);
            if !keys[at].descending {
                keys.truncate(at);
            }
        }
        Ok(keys)
    }

    fn order_item(&self, item: &'a OrderItem, scope: &Scope<'a>) -> Bind<OrderKey> {
        let word = match &item.operand {
            Operand::Field(word) => word,
            Operand::Call(call) if call.name.is("DISTANCE") => {
                let distance = self.distance(call, scope)?;
                return Ok(order_key(item, distance.into(), FieldType::Double, None));
            }
            Operand::Call(call) => return Err(self.unsupported_call(call)),
        };
        let resolved = self.field(scope, word)?;
        if !resolved.field.sortable {
            return Err(self.at(word.span, &Error::field_cannot_be("sorted", word)));
        }
        let (ranks, kind) = (ranks(resolved.field), resolved.field.kind);
        Ok(order_key(item, comparable(resolved), kind, ranks))
    }
}

/// `Id = …`, `Id IN (…)`, several of them with OR; an AND is as narrow as its narrowest part.
fn names_few_ids(condition: &Condition) -> bool {
    fn ids(condition: &Condition) -> Option<usize> {
        let is_id = |left: &Operand| matches!(left, Operand::Field(word) if word.is("Id"));
        match condition {
            Condition::Compare { left, comparison: Comparison::Equal, .. } if is_id(left) => Some(1),
            Condition::In { left, negated: false, values } if is_id(left) => Some(values.len()),
            Condition::Or(parts) => parts.iter().map(ids).sum(),
            Condition::And(parts) => parts.iter().filter_map(ids).min(),
            _ => None,
        }
    }
    ids(condition).is_some_and(|ids| ids <= MAX_FIELDS_LIMIT)
}

pub(super) fn order_key(item: &OrderItem, expr: Expr, kind: FieldType, ranks: Option<Ranks>) -> OrderKey {
    // References ignore NULLS LAST; page 46.
    let nulls_last = item.nulls_last.unwrap_or(false) && kind != FieldType::Reference;
    OrderKey { expr, descending: item.descending.unwrap_or(false), nulls_last, ranks }
}

pub(super) fn has_aggregates(query: &Query) -> bool {
    let Select::Items(items) = &query.select else { return false };
    items.iter().any(|item| matches!(item, SelectItem::Call { call, .. } if is_aggregate(call)))
}

/// A picklist's values with their places, sorted by value.
pub(super) fn ranks(field: &Field) -> Option<Ranks> {
    if field.kind != FieldType::Picklist || field.picklist_values.is_empty() {
        return None;
    }
    let values = field.picklist_values.iter().enumerate();
    let mut ranks: Vec<(Folded, usize)> =
        values.map(|(place, value)| (Folded::new(&value.value), place)).collect();
    ranks.sort_by(|(left, _), (right, _)| left.cmp(right));
    ranks.dedup_by(|(later, _), (earlier, _)| later == earlier);
    Some(ranks.into())
}

pub(super) fn is_aggregate(call: &Call) -> bool {
    // FORMAT(MIN(x)) is one too.
    Function::named(&call.name.text).is_some()
        || call
            .arguments
            .iter()
            .any(|argument| matches!(argument, Argument::Call(inner) if is_aggregate(inner)))
}

/// Items as they are gathered; a field selected twice is an error.
#[derive(Default)]
pub(super) struct SelectList {
    pub shape: Shape,
    seen: BTreeSet<String>,
    unnamed: usize,
}

impl SelectList {
    pub(super) fn unique(&mut self, full_name: &str) -> Bind<()> {
        if self.seen.insert(full_name.to_ascii_lowercase()) {
            return Ok(());
        }
        Err(Error::selected_twice(full_name).into())
    }

    /// The key of a function without an alias.
    pub(super) fn unnamed(&mut self) -> CompactString {
        self.unnamed += 1;
        format_compact!("expr{}", self.unnamed - 1)
    }

    pub fn add(&mut self, resolved: &Resolved<'_>) -> Bind<()> {
        self.unique(&resolved.full_name())?;
        let item =
            item(resolved.owner, resolved.field, resolved.name(), &resolved.path.slot, resolved.kind());
        self.place(resolved).push(item);
        Ok(())
    }

    fn add_own(&mut self, object: &Object, position: usize, field: &Field, seen: Option<usize>) -> Bind<()> {
        self.unique(field.name.as_str())?;
        let slot = match seen {
            Some(position) => Slot::Seen(position),
            None if field.kind == FieldType::Id => Slot::Id,
            None => Slot::Field(super::super::expr::Place::At(position)),
        };
        self.shape.items.push(item(object, field, field.name.as_str(), &slot, field.kind));
        Ok(())
    }

    /// The list that a path's field belongs to: its parents are opened where they are first mentioned.
    pub(super) fn place(&mut self, resolved: &Resolved<'_>) -> &mut Vec<Item> {
        let mut items = &mut self.shape.items;
        for (step, name) in resolved.path.steps.iter().zip(&resolved.parents) {
            let known = items.iter().position(|item| matches!(item, Item::Parent { key, .. } if key == name));
            let at = known.unwrap_or_else(|| {
                items.push(Item::Parent { key: name.clone(), step: step.clone(), shape: Shape::default() });
                items.len() - 1
            });
            match &mut items[at] {
                Item::Parent { shape, .. } => items = &mut shape.items,
                _ => unreachable!("the position was found by this pattern"),
            }
        }
        items
    }
}

fn item(object: &Object, field: &Field, key: &str, slot: &Slot, kind: FieldType) -> Item {
    if !kind.is_compound() {
        return Item::Field { key: key.into(), slot: slot.clone(), kind };
    }
    let prefix = field.name.as_str().trim_end_matches("__c").trim_end_matches("Address");
    let of_it = |part: &&(usize, &Field)| part.1.compound_field_name.as_ref() == Some(&field.name);
    let all: Vec<(usize, &Field)> = object.visible_fields().collect();
    let mut parts: Vec<(CompactString, usize, FieldType)> = all
        .iter()
        .filter(of_it)
        .map(|(position, part)| (part_key(part, prefix), *position, part.kind))
        .collect();
    parts.sort_by(|left, right| left.0.cmp(&right.0));
    Item::Compound { key: key.into(), parts }
}

/// `BillingPostalCode` is `postalCode` of `BillingAddress`; `Office__Latitude__s` is `latitude` of `Office__c`.
fn part_key(part: &Field, prefix: &str) -> CompactString {
    let name = part.name.as_str();
    let rest = name.strip_prefix(prefix).unwrap_or(name).trim_start_matches('_').trim_end_matches("__s");
    let mut key = CompactString::default();
    for (at, character) in rest.chars().enumerate() {
        key.push(if at == 0 { character.to_ascii_lowercase() } else { character });
    }
    key
}
