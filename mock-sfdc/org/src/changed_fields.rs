//! Custom fields that become something else while records hold values of them: what stands in the way, and what must follow.
//! Which changes are thinkable at all is the schema's business.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::{
    removal::{FIELD, channels, fits, topics},
    rules::RulesImage,
    schema::{Field, FieldType, Object, Schema},
    state::{State, Transaction},
    value::{Value, shown},
};

/// A change that cannot be, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    pub object: String,
    pub field: String,
    pub why: String,
}

/// Takes another schema over, or says which of its fields do not fit what the org holds; then nothing is changed.
pub fn take_over(tx: &mut Transaction, schema: Schema) -> Result<(), Vec<Unfit>> {
    let changed = changed(tx.state().schema(), &schema);
    let unfit: Vec<Unfit> = changed
        .iter()
        .filter_map(|(object, at, after)| {
            let why = why_not(tx.state(), &schema, object, *at, after)?;
            Some(Unfit { object: object.name.to_string(), field: after.name.to_string(), why })
        })
        .collect();
    if !unfit.is_empty() {
        return Err(unfit);
    }
    let retyped = changed.iter().any(|(object, at, after)| object.fields[*at].kind != after.kind);
    let pod = tx.state().settings().pod;
    // Rules are bound to what a field was.
    let rules = retyped.then(|| RulesImage::of(tx.state()).into_rules(&schema, pod));
    tx.set_schema(schema);
    if let Some(Ok(rules)) = rules {
        *tx.rules_mut() = rules;
    }
    Ok(())
}

/// Custom fields that hold values and are other ones afterwards: the object as it is, the place, the field as it will be.
fn changed<'s>(before: &'s Schema, after: &'s Schema) -> Vec<(&'s Object, usize, &'s Field)> {
    let mut found = Vec::new();
    for object in before.objects() {
        let Some(then) = after.by_index(object.index) else { continue };
        for (at, (field, then)) in object.fields.iter().zip(&then.fields).enumerate() {
            if field.custom && !field.is_formula() && field.roll_up.is_none() && !same(field, then) {
                found.push((&**object, at, then));
            }
        }
    }
    found
}

/// Whether the two hold the same values.
fn same(before: &Field, after: &Field) -> bool {
    (before.kind, before.length, before.precision, before.scale, before.unique, before.case_sensitive)
        == (after.kind, after.length, after.precision, after.scale, after.unique, after.case_sensitive)
}

fn why_not(state: &State, schema: &Schema, object: &Object, at: usize, after: &Field) -> Option<String> {
    let before = &object.fields[at];
    let retyped = before.kind != after.kind;
    if retyped {
        let needed = topics(state, before.name.as_str(), FIELD)
            .and_then(|()| channels(state, schema, FIELD))
            .and_then(|()| fits(state, schema));
        if let Err(why) = needed {
            return Some(why);
        }
    }
    let table = state.table(object.index);
    let live = || table.rows().map(|row| row.get(at)).filter(|value| !value.is_null());
    // Whatever is in the recycle bin may come back.
    let binned = || table.bin().map(|binned| binned.record.get(at)).filter(|value| !value.is_null());
    if retyped && !holds_the_same(before, after) && live().chain(binned()).next().is_some() {
        return Some("Cannot change type due to existing data".to_owned());
    }
    if let Some(value) = live().chain(binned()).find(|value| !holds(after, value)) {
        return Some(format!("{} cannot hold what a record has in it: {}", after.name, shown(value)));
    }
    if after.unique && (!before.unique || after.case_sensitive != before.case_sensitive) {
        let mut known: BTreeSet<String> = BTreeSet::new();
        for value in live() {
            let text = shown(value);
            let key = if after.case_sensitive { text.clone() } else { text.to_lowercase() };
            if !known.insert(key) {
                return Some(format!("{} cannot be unique: several records have {text} in it", after.name));
            }
        }
    }
    None
}

/// Types whose values are written alike.
fn holds_the_same(before: &Field, after: &Field) -> bool {
    use FieldType as T;
    const TEXTS: &[T] = &[T::String, T::Textarea, T::Email, T::Phone, T::Url, T::Picklist, T::Multipicklist];
    const NUMBERS: &[T] = &[T::Double, T::Currency, T::Percent];
    [TEXTS, NUMBERS].iter().any(|kinds| kinds.contains(&before.kind) && kinds.contains(&after.kind))
}

/// Whether a value is neither too long nor too large.
fn holds(field: &Field, value: &Value) -> bool {
    match value {
        Value::Number(number) => {
            let digits = u32::from(field.precision).saturating_sub(field.scale.into());
            let limit = (1..=27).contains(&digits).then(|| 10_i128.pow(digits));
            // Decimal places that a field no longer shows are kept, as of values that come with more.
            limit.is_none_or(|limit| number.abs().trunc() < Decimal::from(limit))
        }
        _ => value
            .as_text()
            .is_none_or(|text| field.length == 0 || text.chars().count() <= field.length as usize),
    }
}
