//! Price book entries: a product has a standard price before it has any other, and one price a price book.

use std::sync::Arc;

use super::{Save, SaveKind};
use crate::{
    currency::ISO_CODE,
    error::Error,
    id::Id,
    schema::Object,
    state::{Shared, State},
    value::Value,
};

pub(super) fn entry(save: &mut Save<'_>) {
    let (Some(book), Some(product)) = (save.value("Pricebook2Id").as_id(), save.value("Product2Id").as_id())
    else {
        // What is missing is told by the check of required fields.
        return;
    };
    let object = save.object.clone();
    if save.kind == SaveKind::Insert {
        let others = entries_of(save.tx.state(), &object, product);
        // One price a book, and a currency where there are several.
        let currency = save.value(ISO_CODE).clone();
        let same = |other: &Shared| {
            at(&object, other, "Pricebook2Id").as_id() == Some(book)
                && at(&object, other, ISO_CODE) == currency
        };
        if others.iter().any(same) {
            save.errors.push(Error::price_exists());
            return;
        }
        if !is_standard(save.tx.state(), book) && standard_price(save.tx.state(), &object, product).is_none()
        {
            save.errors.push(Error::no_standard_price());
            return;
        }
    }
    if save.value("UseStandardPrice").is_true() && !is_standard(save.tx.state(), book) {
        let standard = standard_price(save.tx.state(), &object, product).unwrap_or_default();
        if save.is_given("UnitPrice")
            && !save.value("UnitPrice").is_null()
            && *save.value("UnitPrice") != standard
        {
            save.errors.push(Error::integrity("field integrity exception: []", &[]));
            return;
        }
        save.set("UnitPrice", standard);
    }
    for (own, of_product) in [("Name", "Name"), ("ProductCode", "ProductCode")] {
        let value = field_of(save.tx.state(), product, of_product);
        save.set(own, value);
    }
}

/// Entries that use the standard price follow it.
pub(super) fn follow(save: &mut Save<'_>) {
    if !save.is("PricebookEntry") {
        return;
    }
    let (Some(book), Some(product)) = (save.value("Pricebook2Id").as_id(), save.value("Product2Id").as_id())
    else {
        return;
    };
    if save.kind == SaveKind::Insert || !save.is_changed("UnitPrice") || !is_standard(save.tx.state(), book) {
        return;
    }
    let object = save.object.clone();
    let price = save.value("UnitPrice").clone();
    let Some((position, _)) = object.field("UnitPrice") else { return };
    for other in entries_of(save.tx.state(), &object, product) {
        if other.id() != save.edit.id() && at(&object, &other, "UseStandardPrice").is_true() {
            let mut edit = other.edit(object.fields.len());
            edit.set(position, price.clone());
            edit.stamp(object.field("SystemModstamp").map(|(at, _)| at), save.tx.now().whole_seconds());
            save.tx.put(&object, &edit);
        }
    }
}

fn entries_of(state: &State, object: &Object, product: Id) -> Vec<Shared> {
    object.field("Product2Id").map(|(at, _)| state.lookup(object, at, &product.into())).unwrap_or_default()
}

fn standard_price(state: &State, object: &Arc<Object>, product: Id) -> Option<Value> {
    let entry = entries_of(state, object, product).into_iter().find(|entry| {
        at(object, entry, "Pricebook2Id").as_id().is_some_and(|book| is_standard(state, book))
    })?;
    Some(at(object, &entry, "UnitPrice"))
}

fn is_standard(state: &State, book: Id) -> bool {
    field_of(state, book, "IsStandard").is_true()
}

fn at(object: &Object, record: &Shared, field: &str) -> Value {
    object.field(field).map(|(position, _)| record.get(position).clone()).unwrap_or_default()
}

/// A field of a record of whatever object.
pub(super) fn field_of(state: &State, id: Id, field: &str) -> Value {
    state.find(id).map(|(object, record)| at(object, record, field)).unwrap_or_default()
}
