//! Several currencies in one org (`Feature::MultiCurrency`): each has a rate, its units for one of the corporate currency;
//! opportunities and their products have rates by date besides, where there are any.

use std::sync::Arc;

use compact_str::CompactString;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::{
    id::Id,
    schema::Object,
    settings::Feature,
    state::{Record, State},
    value::Value,
};

/// The field that says in which currency the amounts of a record are.
pub const ISO_CODE: &str = "CurrencyIsoCode";

/// Whose amounts go by the rates of a day: the objects, and where their day stands.
const DATED: [(&str, &str); 2] = [("Opportunity", "CloseDate"), ("OpportunityLineItem", "ServiceDate")];

/// Whether the org has currencies to convert between.
#[must_use]
pub fn is_multiple(state: &State) -> bool {
    state.settings().features.contains(&Feature::MultiCurrency)
}

/// The currency that rates are relative to.
#[must_use]
pub fn corporate(state: &State) -> CompactString {
    state.settings().currency.as_str().into()
}

/// The currency that a user thinks in.
#[must_use]
pub fn of_user(state: &State, user: Id) -> CompactString {
    let own = state.find(user).and_then(|(object, record)| {
        let (position, _) = object.field("DefaultCurrencyIsoCode")?;
        record.get(position).as_text().map(CompactString::from)
    });
    own.unwrap_or_else(|| corporate(state))
}

/// The currency of a record's amounts.
#[must_use]
pub fn of_record(state: &State, object: &Object, record: &Record) -> CompactString {
    let said = object.field(ISO_CODE).and_then(|(position, _)| record.get(position).as_text());
    said.map_or_else(|| corporate(state), CompactString::from)
}

/// The codes of the currencies that the org has, in the order in which they came.
#[must_use]
pub fn codes(state: &State) -> Vec<String> {
    let Some((object, position)) = column(state, "CurrencyType", "IsoCode") else { return Vec::new() };
    let rows = state.table(object.index).rows();
    rows.filter_map(|row| row.get(position).as_text().map(ToOwned::to_owned)).collect()
}

/// Units of a currency for one of the corporate one; `None`: the org has no such currency.
#[must_use]
pub fn rate(state: &State, code: &str, on: Option<Date>) -> Option<Decimal> {
    on.and_then(|day| dated_rate(state, code, day)).or_else(|| {
        let (object, position) = column(state, "CurrencyType", "IsoCode")?;
        let row = state.lookup(object, position, &code.into()).into_iter().next()?;
        row.get(object.field("ConversionRate")?.0).as_number()
    })
}

/// The rate of the last change on that day or before it.
fn dated_rate(state: &State, code: &str, day: Date) -> Option<Decimal> {
    let (object, position) = column(state, "DatedConversionRate", "IsoCode")?;
    let (start, _) = object.field("StartDate")?;
    let (rate, _) = object.field("ConversionRate")?;
    let began = |row: &Record| match row.get(start) {
        Value::Date(date) => Some(*date),
        _ => None,
    };
    let rows = state.lookup(object, position, &code.into());
    let last = rows
        .iter()
        .filter(|row| began(row).is_some_and(|start| start <= day))
        .max_by_key(|row| began(row))?;
    last.get(rate).as_number()
}

/// The day whose rates count for a record; none for those of today.
#[must_use]
pub fn day_of(object: &Object, record: &Record) -> Option<Date> {
    let (_, field) = DATED.iter().find(|(name, _)| object.name.is(name))?;
    match record.get(object.field(field)?.0) {
        Value::Date(date) => Some(*date),
        _ => None,
    }
}

/// An amount in another currency, to as many places as the field that it comes from has.
#[must_use]
pub fn convert(
    state: &State,
    amount: Decimal,
    from: &str,
    to: &str,
    on: Option<Date>,
    scale: u32,
) -> Option<Decimal> {
    if from.eq_ignore_ascii_case(to) {
        return Some(amount);
    }
    let corporate = amount.checked_div(rate(state, from, on)?)?;
    let amount = corporate.checked_mul(rate(state, to, on)?)?;
    Some(
        amount
            .round_dp_with_strategy(scale, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
            .normalize(),
    )
}

fn column<'a>(state: &'a State, object: &str, field: &str) -> Option<(&'a Arc<Object>, usize)> {
    let object = state.schema().object(object)?;
    object.field(field).map(|(position, _)| (object, position))
}
