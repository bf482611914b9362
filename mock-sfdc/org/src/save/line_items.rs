//! Products on opportunities, quotes and orders: their prices, and the totals of what they stand on.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{DmlOptions, Draft, Save, SaveKind, prices::field_of};
use crate::{
    error::Error,
    id::Id,
    schema::Object,
    state::{Shared, State, Transaction},
    value::Value,
    verbs,
};

/// An object whose rows are products on something, and the reference to that.
const LINES: [(&str, &str); 3] =
    [("OpportunityLineItem", "OpportunityId"), ("QuoteLineItem", "QuoteId"), ("OrderItem", "OrderId")];

fn line_of(object: &Object) -> Option<&'static str> {
    LINES.iter().find(|(name, _)| object.name.is(name)).map(|(_, reference)| *reference)
}

pub(super) fn fill(save: &mut Save<'_>) {
    let Some(reference) = line_of(&save.object) else { return };
    let Some(parent) = save.value(reference).as_id() else { return };
    if save.kind == SaveKind::Insert && !place(save, parent) {
        return;
    }
    price(save);
}

/// Finds the price book entry, which must be of the parent's price book, and copies what it says of the product.
fn place(save: &mut Save<'_>, parent: Id) -> bool {
    let state = save.tx.state();
    let book = field_of(state, parent, "Pricebook2Id");
    let mut entry = save.value("PricebookEntryId").as_id();
    if let (None, Some(product), Some(book)) = (entry, save.value("Product2Id").as_id(), book.as_id()) {
        entry = entry_for(state, book, product);
    }
    let Some(entry) = entry else {
        save.errors.push(Error::integrity(
            "field integrity exception: PricebookEntryId, unknown (versions 3.0 and higher must specify pricebook entry id; others must specify product id)",
            &["PricebookEntryId", "unknown"],
        ));
        return false;
    };
    let of_entry = |field: &str| field_of(state, entry, field);
    if !of_entry("IsActive").is_true() && !save.options.seeding {
        save.errors.push(Error::integrity(
            "field integrity exception: PricebookEntryId (pricebook entry is inactive)",
            &["PricebookEntryId"],
        ));
        return false;
    }
    let own = of_entry("Pricebook2Id");
    if !book.is_null() && own != book {
        save.errors.push(Error::integrity(
            "field integrity exception: PricebookEntryId (pricebook entry is in a different pricebook than the one assigned to the opportunity)",
            &["PricebookEntryId"],
        ));
        return false;
    }
    let name = format!(
        "{} {}",
        field_of(state, parent, "Name").as_text().unwrap_or_default(),
        of_entry("Name").as_text().unwrap_or_default()
    );
    let (product, list, code) = (of_entry("Product2Id"), of_entry("UnitPrice"), of_entry("ProductCode"));
    save.set("PricebookEntryId", entry);
    save.set("Product2Id", product);
    save.set("ListPrice", list);
    save.set("ProductCode", code);
    if save.is("OpportunityLineItem") {
        save.set("Name", name.trim());
    }
    if save.is("OrderItem") {
        let quantity = save.value("Quantity").clone();
        save.set("AvailableQuantity", quantity);
    }
    true
}

fn entry_for(state: &State, book: Id, product: Id) -> Option<Id> {
    let object = state.schema().object("PricebookEntry")?;
    let (book_at, _) = object.field("Pricebook2Id")?;
    let (product_at, _) = object.field("Product2Id")?;
    let entries = state.lookup(object, product_at, &product.into());
    entries.iter().find(|entry| entry.get(book_at).as_id() == Some(book)).map(Shared::id)
}

/// `TotalPrice` is what `Quantity`, `UnitPrice` and `Discount` make; where only the total is said, the unit price follows.
fn price(save: &mut Save<'_>) {
    let total_given = save.is_given("TotalPrice") && !save.value("TotalPrice").is_null();
    let unit_given = save.is_given("UnitPrice") && !save.value("UnitPrice").is_null();
    if total_given && unit_given && !save.options.seeding {
        save.errors.push(Error::integrity(
            "field integrity exception: unknown (only one of unit price or total price may be specified)",
            &["unknown"],
        ));
        return;
    }
    let number = |field: &str| save.value(field).as_number();
    let Some(quantity) = number("Quantity") else { return };
    let rest = Decimal::ONE - number("Discount").unwrap_or_default() / Decimal::ONE_HUNDRED;
    if total_given {
        let total = number("TotalPrice").unwrap_or_default();
        let divisor = quantity * rest;
        if !divisor.is_zero() {
            save.set("UnitPrice", Value::Number((total / divisor).round_dp(2)));
        }
        return;
    }
    if save.kind == SaveKind::Insert && !unit_given {
        if save.is("OrderItem") {
            let list = save.value("ListPrice").clone();
            save.set("UnitPrice", list);
        } else if !save.options.seeding {
            save.errors.push(Error::required_fields_missing(&["UnitPrice"]));
            return;
        }
    }
    let unit = save.value("UnitPrice").as_number().unwrap_or_default();
    save.set("Subtotal", Value::Number((quantity * unit).round_dp(2)));
    save.set("TotalPrice", Value::Number((quantity * unit * rest).round_dp(2)));
}

/// Step 16: what the line stands on shows the sum of its lines.
pub(super) fn total(save: &mut Save<'_>) {
    let Some(reference) = line_of(&save.object) else { return };
    let Some(parent) = save.value(reference).as_id() else { return };
    save.store();
    let object = save.object.clone();
    if let Err(errors) = sum_up(save.tx, &object, reference, parent) {
        save.errors.extend(errors);
    }
}

/// After a line has gone: what it stood on shows the sum of the others.
pub(crate) fn deleted(
    tx: &mut Transaction,
    object: &Arc<Object>,
    record: &Shared,
) -> Result<(), verbs::Errors> {
    let Some(reference) = line_of(object) else { return Ok(()) };
    let parent = object.field(reference).and_then(|(position, _)| record.get(position).as_id());
    parent.map_or(Ok(()), |parent| sum_up(tx, object, reference, parent))
}

fn sum_up(
    tx: &mut Transaction,
    lines: &Arc<Object>,
    reference: &str,
    parent: Id,
) -> Result<(), verbs::Errors> {
    let state = tx.state();
    let Some((object, _)) = state.find(parent).map(|(object, record)| (Arc::clone(object), record)) else {
        return Ok(());
    };
    let Some((link, _)) = lines.field(reference) else { return Ok(()) };
    let rows = state.lookup(lines, link, &parent.into());
    let sum = |field: &str| -> Decimal {
        let at = lines.field(field).map(|(at, _)| at);
        at.map(|at| rows.iter().filter_map(|row| row.get(at).as_number()).sum()).unwrap_or_default()
    };
    let book = rows.first().and_then(|row| {
        let entry = row.get(lines.field("PricebookEntryId")?.0).as_id()?;
        Some(field_of(state, entry, "Pricebook2Id"))
    });
    let number = |value: Decimal| Value::Number(value);
    let total = sum("TotalPrice");
    let mut values: Vec<(&str, Value)> = if object.name.is("Opportunity") {
        vec![
            ("Amount", number(total)),
            ("TotalOpportunityQuantity", number(sum("Quantity"))),
            ("HasOpportunityLineItem", (!rows.is_empty()).into()),
        ]
    } else if object.name.is("Quote") {
        let more = ["Tax", "ShippingHandling"];
        let more: Decimal = more.iter().filter_map(|field| field_of(state, parent, field).as_number()).sum();
        vec![
            ("Subtotal", number(sum("Subtotal"))),
            ("TotalPrice", number(total)),
            ("GrandTotal", number(total + more)),
            ("LineItemCount", Value::Number(rows.len().into())),
        ]
    } else {
        vec![("TotalAmount", number(total))]
    };
    if let Some(book) = book.filter(|_| field_of(state, parent, "Pricebook2Id").is_null()) {
        values.push(("Pricebook2Id", book));
    }
    let mut draft = Draft::default();
    for (field, value) in values {
        if let Some((position, _)) = object.field(field) {
            draft.put(position, value);
        }
    }
    verbs::update(tx, &object, parent, draft, &DmlOptions::seeding()).map(|_| ())
}
