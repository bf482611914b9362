//! Step 16: roll-up summary fields. When a child comes, goes, moves or changes, the parents that sum it up are saved with
//! the new sums; theirs in turn, so step 17 is the same again (`contract/behaviour.md` sections 1 and 6).

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{DmlOptions, Save};
use crate::{
    currency,
    error::Error,
    id::Id,
    rules::criteria::meets,
    schema::{Field, FieldType, Object, ObjectIx, RolledUp, SummaryOperation},
    state::{Record, State, Transaction},
    value::Value,
};

/// New values of one parent, by position.
type Sums = Vec<(usize, Value)>;

/// The stage: others see the child first, so that it is summed up with its fellows.
pub(super) fn run(save: &mut Save<'_>) {
    if save.object.rolled_up.is_empty() {
        return;
    }
    save.store();
    let (object, after) = (save.object.clone(), save.edit.build());
    if let Err(errors) = follow(save.tx, &object, save.before.as_ref(), Some(&after)) {
        save.errors = errors;
    }
}

/// What a summary field holds while there is nothing to sum up.
pub(super) fn of_nothing(field: &Field) -> Value {
    match field.roll_up.as_ref().map(|roll_up| roll_up.summary_operation) {
        Some(SummaryOperation::Count | SummaryOperation::Sum) => Value::Number(Decimal::ZERO),
        _ => Value::Null,
    }
}

/// Saves the parents that a record's change from `before` to `after` concerns; `None` means that it was not, or is not,
/// there. The record stands in the state as it is after. For records that nothing sums up it is one look.
pub(crate) fn follow(
    tx: &mut Transaction,
    object: &Object,
    before: Option<&Record>,
    after: Option<&Record>,
) -> Result<(), Vec<Error>> {
    follow_but(tx, object, before, after, &|_| false)
}

/// The same, but for parents that are taken care of.
pub(crate) fn follow_but(
    tx: &mut Transaction,
    object: &Object,
    before: Option<&Record>,
    after: Option<&Record>,
    but: &dyn Fn(Id) -> bool,
) -> Result<(), Vec<Error>> {
    if object.rolled_up.is_empty() {
        return Ok(());
    }
    let mut sums: BTreeMap<(ObjectIx, Id), Sums> = BTreeMap::new();
    for place in &object.rolled_up {
        let share =
            |record: Option<&Record>| record.and_then(|record| Share::of(tx.state(), object, place, record));
        let (was, is) = (share(before), share(after));
        if was == is {
            continue;
        }
        let mut parents = [&was, &is].into_iter().flatten().map(|share| share.parent).collect::<Vec<_>>();
        parents.dedup();
        for parent in parents.into_iter().filter(|parent| !but(*parent)) {
            let Some(row) = tx.state().table(place.parent).get(parent) else { continue };
            let of_parent = |share: &Option<Share>| {
                share.as_ref().filter(|share| share.parent == parent).map(|share| share.value.clone())
            };
            let known = row.get(place.field);
            let sum = moved(known, of_parent(&was), of_parent(&is), place)
                .unwrap_or_else(|| calculate(tx.state(), object, place, parent));
            if sum != *known {
                sums.entry((place.parent, parent)).or_default().push((place.field, sum));
            }
        }
    }
    save_parents(tx, sums)
}

/// Sums up anew for one parent: its children may have changed in number while it was away.
pub(crate) fn recalculate(tx: &mut Transaction, object: &Object, id: Id) -> Result<(), Vec<Error>> {
    let mut sums = Sums::new();
    for (position, field) in object.fields.iter().enumerate().filter(|(_, field)| field.roll_up.is_some()) {
        let child = field.roll_up.as_ref().and_then(|roll_up| {
            let (child, _) = roll_up.foreign_key()?;
            tx.state().schema().object(child)
        });
        let Some(child) = child else { continue };
        let feeds = |place: &&RolledUp| place.parent == object.index && place.field == position;
        let Some(place) = child.rolled_up.iter().find(feeds) else { continue };
        let sum = calculate(tx.state(), child, place, id);
        if tx.state().table(object.index).get(id).is_some_and(|row| *row.get(position) != sum) {
            sums.push((position, sum));
        }
    }
    if sums.is_empty() {
        return Ok(());
    }
    save_parents(tx, BTreeMap::from([((object.index, id), sums)]))
}

fn save_parents(tx: &mut Transaction, sums: BTreeMap<(ObjectIx, Id), Sums>) -> Result<(), Vec<Error>> {
    let options = DmlOptions { automatic: true, ..DmlOptions::default() };
    for ((parent, id), values) in sums {
        let Some(parent) = tx.state().schema().by_index(parent).cloned() else { continue };
        super::resave(tx, &parent, id, values, &options)?;
    }
    Ok(())
}

/// What one child adds to its parent's sum.
#[derive(Debug, PartialEq)]
struct Share {
    parent: Id,
    /// Null for a count.
    value: Value,
}

impl Share {
    fn of(state: &State, object: &Object, place: &RolledUp, record: &Record) -> Option<Self> {
        let parent = record.get(place.foreign_key).as_id()?;
        let items = &place.roll_up.summary_filter_items;
        let counts = items.is_empty() || meets(items, None, object, &record.edit(object.fields.len()));
        let value =
            || place.summarized.map_or(Value::Null, |at| amount(state, object, record, at, place, parent));
        counts.then(|| Self { parent, value: value() })
    }
}

/// What a child's field holds; an amount of money in its parent's currency.
fn amount(
    state: &State,
    child: &Object,
    record: &Record,
    position: usize,
    place: &RolledUp,
    parent: Id,
) -> Value {
    let value = record.get(position);
    let money = child.field_at(position).filter(|field| field.kind == FieldType::Currency);
    let (Some(field), Value::Number(amount), true) = (money, value, currency::is_multiple(state)) else {
        return value.clone();
    };
    let (Some(parents), Some(row)) =
        (state.schema().by_index(place.parent), state.table(place.parent).get(parent))
    else {
        return value.clone();
    };
    let from = currency::of_record(state, child, record);
    let to = currency::of_record(state, parents, row);
    let day = currency::day_of(child, record);
    let converted = currency::convert(state, *amount, &from, &to, day, field.scale.into());
    converted.map_or(Value::Null, Value::Number)
}

/// The sum after one child's share has changed, where that follows from the sum before; else all have to be looked at.
fn moved(known: &Value, was: Option<Value>, is: Option<Value>, place: &RolledUp) -> Option<Value> {
    let number = |value: Option<Value>| value.and_then(|value| value.as_number()).unwrap_or_default();
    match place.roll_up.summary_operation {
        SummaryOperation::Count => {
            let step = |there: bool| if there { Decimal::ONE } else { Decimal::ZERO };
            Some(Value::Number(known.as_number()? + step(is.is_some()) - step(was.is_some())))
        }
        SummaryOperation::Sum => Some(Value::Number(known.as_number()? + number(is) - number(was))),
        SummaryOperation::Min | SummaryOperation::Max => None,
    }
}

fn calculate(state: &State, child: &Object, place: &RolledUp, parent: Id) -> Value {
    let rows = state.lookup(child, place.foreign_key, &parent.into());
    let shares = rows.iter().filter_map(|row| Share::of(state, child, place, row)).map(|share| share.value);
    match place.roll_up.summary_operation {
        SummaryOperation::Count => Value::Number(shares.count().into()),
        SummaryOperation::Sum => Value::Number(shares.filter_map(|value| value.as_number()).sum()),
        SummaryOperation::Min => {
            shares.filter(|value| !value.is_null()).reduce(|a, b| least(a, b, true)).unwrap_or_default()
        }
        SummaryOperation::Max => {
            shares.filter(|value| !value.is_null()).reduce(|a, b| least(a, b, false)).unwrap_or_default()
        }
    }
}

/// The lesser of two values of one kind, or the greater.
fn least(one: Value, other: Value, lesser: bool) -> Value {
    let one_is_less = match (&one, &other) {
        (Value::Number(one), Value::Number(other)) => one <= other,
        (Value::Date(one), Value::Date(other)) => one <= other,
        (Value::DateTime(one), Value::DateTime(other)) => one <= other,
        _ => true,
    };
    if one_is_less == lesser { one } else { other }
}
