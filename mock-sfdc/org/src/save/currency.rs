//! Step 2 and 7 in an org of several currencies: the currency of a new record, and what follows from a currency or a rate that
//! is new.

use super::{Save, SaveKind, prices};
use crate::{
    currency::{ISO_CODE, codes, is_multiple, of_user},
    state::{Record, Transaction},
    value::Value,
};

/// What is priced in the currency of its parent.
const LINES: [(&str, &str); 3] =
    [("OpportunityLineItem", "OpportunityId"), ("QuoteLineItem", "QuoteId"), ("OrderItem", "OrderId")];

/// A line is in the currency of its parent, another new record in that of its creator unless it says so.
pub(super) fn choose(save: &mut Save<'_>) {
    if save.kind == SaveKind::Update || save.object.field(ISO_CODE).is_none() || !is_multiple(save.tx.state())
    {
        return;
    }
    let parent =
        LINES.iter().find(|(name, _)| save.is(name)).and_then(|(_, field)| save.value(field).as_id());
    if let Some(parent) = parent {
        let code = prices::field_of(save.tx.state(), parent, ISO_CODE);
        save.set(ISO_CODE, code);
    }
    if save.value(ISO_CODE).is_null() {
        let code = of_user(save.tx.state(), save.tx.user());
        save.set(ISO_CODE, code.as_str());
    }
}

/// A currency that is new is offered by every picklist of currencies; a rate by date ends the one before it.
pub(super) fn follow(save: &mut Save<'_>) {
    if save.is("CurrencyType") && save.kind == SaveKind::Insert {
        save.store();
        let codes = codes(save.tx.state());
        let schema = save.tx.state().schema().with_currencies(&codes);
        save.tx.set_schema(schema);
    }
    if save.is("DatedConversionRate") {
        save.store();
        let code = save.value("IsoCode").clone();
        set_ends(save.tx, &code);
        save.reload();
    }
}

/// Each rate of a currency ends where the next begins, the last one never.
fn set_ends(tx: &mut Transaction, code: &Value) {
    let Some(object) = tx.state().schema().object("DatedConversionRate").cloned() else { return };
    let (Some((code_at, _)), Some((start_at, _)), Some((next_at, _))) =
        (object.field("IsoCode"), object.field("StartDate"), object.field("NextStartDate"))
    else {
        return;
    };
    let start = |row: &Record| match row.get(start_at) {
        Value::Date(date) => Some(*date),
        _ => None,
    };
    let mut rows = tx.state().lookup(&object, code_at, code);
    rows.sort_by_key(|row| start(row));
    for (at, row) in rows.iter().enumerate() {
        let next = rows.get(at + 1).and_then(&start);
        let next = Value::from(next.unwrap_or(jiff::civil::date(9999, 12, 31)));
        if *row.get(next_at) != next {
            let mut edit = row.edit(object.fields.len());
            edit.set(next_at, next);
            tx.put(&object, &edit);
        }
    }
}
