//! Step 2: lookup filters. Asked of a lookup that is set, and of one whose filter names a field that changes
//! (`FIELD_FILTER_VALIDATION_EXCEPTION`); optional filters are hints for people.

use std::{cmp::Ordering, sync::Arc};

use super::Save;
use crate::{
    error::Error,
    rules::criteria::{CriteriaItem, FilterOperation, meets},
    schema::{LookupFilter, LookupFilterItem, Object},
    state::{Edit, State},
    value::Value,
};

pub(super) fn check(save: &mut Save<'_>) {
    if !save.object.has_lookup_filters || save.options.seeding {
        return;
    }
    let object = Arc::clone(&save.object);
    for (position, field) in object.fields.iter().enumerate() {
        let Some(filter) =
            field.lookup_filter.as_deref().filter(|filter| filter.active && !filter.is_optional)
        else {
            continue;
        };
        let asked =
            save.is_changed(field.name.as_str()) || filter.sources().any(|source| save.is_changed(source));
        let Some(target) = save.edit.get(position).as_id().filter(|_| asked) else { continue };
        let Some((kind, record)) = save.tx.state().find(target) else { continue };
        let looked_up = (Arc::clone(kind), record.edit(kind.fields.len()));
        if !passes(filter, save, &looked_up) {
            let error = Error::lookup_filter(filter.error_message.as_deref(), field.name.as_str());
            save.errors.push(error);
        }
    }
}

type Side = (Arc<Object>, Edit);

fn passes(filter: &LookupFilter, save: &Save<'_>, target: &Side) -> bool {
    let item = |at: usize| filter.filter_items.get(at).is_some_and(|item| item_passes(item, save, target));
    match &filter.boolean_filter {
        Some(logic) => logic.holds(&item),
        None => (0..filter.filter_items.len()).all(item),
    }
}

fn item_passes(item: &LookupFilterItem, save: &Save<'_>, target: &Side) -> bool {
    let Some((side, field)) = follow(&item.field, save, target) else { return false };
    let Some(other) = &item.value_field else {
        let line =
            CriteriaItem { field, operation: item.operation, value: item.value.clone(), value_field: None };
        return meets(&[line], None, &side.0, &side.1);
    };
    let Some((other, other_field)) = follow(other, save, target) else { return false };
    let at = |side: &Side, field: &str| side.0.field(field).map(|(position, _)| side.1.get(position).clone());
    let (Some(left), Some(right)) = (at(&side, &field), at(&other, &other_field)) else { return false };
    compares(item.operation, &left, &right)
}

/// Where a path begins and ends: `$Source.Account.Industry`, `$User.Email`, `Contact.AccountId`. The record, and its field.
fn follow(path: &str, save: &Save<'_>, target: &Side) -> Option<(Side, String)> {
    let (start, mut rest) = path.split_once('.')?;
    let state = save.tx.state();
    let mut here = match start {
        "$Source" => (Arc::clone(&save.object), save.edit.clone()),
        "$User" => side(state, save.tx.user())?,
        "$Profile" | "$UserRole" => step(state, &side(state, save.tx.user())?, &start[1..])?,
        _ => target.clone(),
    };
    while let Some((relationship, field)) = rest.split_once('.') {
        here = step(state, &here, relationship)?;
        rest = field;
    }
    Some((here, rest.to_owned()))
}

fn step(state: &State, from: &Side, relationship: &str) -> Option<Side> {
    let (position, _) = from.0.parent_relationship(relationship)?;
    side(state, from.1.get(position).as_id()?)
}

fn side(state: &State, id: crate::id::Id) -> Option<Side> {
    let (object, record) = state.find(id)?;
    Some((Arc::clone(object), record.edit(object.fields.len())))
}

fn compares(operation: FilterOperation, left: &Value, right: &Value) -> bool {
    use FilterOperation as Op;
    let order = order(left, right);
    let text = |value: &Value| value.as_text().unwrap_or_default().to_lowercase();
    match operation {
        Op::Equals => left.same(right, false),
        Op::NotEqual => !left.same(right, false),
        Op::LessThan => order == Some(Ordering::Less),
        Op::GreaterThan => order == Some(Ordering::Greater),
        Op::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        Op::GreaterOrEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        Op::Contains => text(left).contains(&text(right)),
        Op::NotContain => !text(left).contains(&text(right)),
        Op::StartsWith => text(left).starts_with(&text(right)),
        Op::Includes => includes(left, right),
        Op::Excludes => !includes(left, right),
        // A distance: no lookup filter has one.
        Op::Within => false,
    }
}

fn includes(left: &Value, right: &Value) -> bool {
    let (Some(all), Some(one)) = (left.as_text(), right.as_text()) else { return false };
    all.split(';').any(|part| part.eq_ignore_ascii_case(one))
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::DateTime(left), Value::DateTime(right)) => Some(left.cmp(right)),
        _ => Some(left.as_text()?.to_lowercase().cmp(&right.as_text()?.to_lowercase())),
    }
}
