//! Amounts in another currency: `convertCurrency`, `USD5000`, FORMAT, and what ORDER BY and aggregates compare
//! (`contract/soql.md` section 2). Only in an org that has several.

use compact_str::CompactString;

use super::expr::{Fetched, Found, Path, Place, Slot};
use crate::{currency, id::Id, locale::Locale, state::State, value::Value};

/// Into which currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Into {
    /// That rates are relative to: what ORDER BY and aggregates go by.
    Corporate,
    Code(CompactString),
}

/// An amount of a record, at the end of a path, in some currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Money {
    pub amount: Path,
    pub scale: u8,
    pub to: Into,
}

impl Money {
    /// The amount, converted; null stays null, and so does what no rate is known for.
    pub fn convert<'a>(&self, state: &'a State, from: Found<'a>) -> Fetched<'a> {
        let mut here = from;
        for step in &self.amount.steps {
            match step.follow(state, here) {
                Some(found) => here = found,
                None => return Fetched::Null,
            }
        }
        let to = match &self.to {
            Into::Corporate => currency::corporate(state),
            Into::Code(code) => code.clone(),
        };
        convert(&self.amount.slot, self.scale, state, here, &to)
    }
}

fn convert<'a>(slot: &Slot, scale: u8, state: &'a State, here: Found<'a>, to: &str) -> Fetched<'a> {
    let Fetched::Value(Value::Number(amount)) = slot.get(state, here) else { return Fetched::Null };
    let Some(object) = state.schema().by_index(here.object) else { return Fetched::Null };
    let own = currency::of_record(state, object, here.record);
    let day = currency::day_of(object, here.record);
    let converted = currency::convert(state, *amount, &own, to, day, scale.into());
    converted.map_or(Fetched::Null, Fetched::Real)
}

/// An amount as SELECT shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    pub position: usize,
    pub scale: u8,
    /// `convertCurrency`: in the currency of who asks.
    pub converted: bool,
    /// `FORMAT`
    pub formatted: bool,
}

impl Shown {
    pub fn value(self, state: &State, here: Found<'_>, user: Id, locale: Option<&Locale>) -> Value {
        let slot = Slot::Field(Place::At(self.position));
        let own_amount = slot.get(state, here).to_value();
        let users = currency::of_user(state, user);
        let converted = convert(&slot, self.scale, state, here, &users).to_value();
        let Some(locale) = locale.filter(|_| self.formatted) else {
            return if self.converted { converted } else { own_amount };
        };
        let write =
            |value: &Value, code: &str| value.as_number().map(|amount| locale.amount_of(amount, code));
        let text = if self.converted {
            write(&converted, &users)
        } else {
            let object = state.schema().by_index(here.object);
            let own = object
                .map_or_else(|| users.clone(), |object| currency::of_record(state, object, here.record));
            let in_own = write(&own_amount, &own);
            // As pages show it: the record's own amount, and in parentheses what it is to the reader.
            match (in_own, write(&converted, &users)) {
                (Some(in_own), Some(in_users)) if own != users => Some(format!("{in_own} ({in_users})")),
                (in_own, _) => in_own,
            }
        };
        text.map_or(Value::Null, Value::text)
    }
}
