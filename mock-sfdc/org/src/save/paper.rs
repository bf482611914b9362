//! What Salesforce fills in on contracts, orders, quotes and assets.

use jiff::ToSpan;

use super::{Save, SaveKind, prices::field_of};
use crate::{error::Error, value::Value};

pub(super) fn contract(save: &mut Save<'_>) {
    let end = match (save.value("StartDate"), save.value("ContractTerm").as_number()) {
        (Value::Date(start), Some(months)) => i32::try_from(months)
            .ok()
            .and_then(|months| start.checked_add(months.months()).ok()?.checked_sub(1.day()).ok()),
        _ => None,
    };
    save.set("EndDate", end.map_or(Value::Null, Value::Date));
    status(save, "ContractStatus");
}

pub(super) fn order(save: &mut Save<'_>) {
    status(save, "OrderStatus");
    if save.value("TotalAmount").is_null() {
        save.set("TotalAmount", Value::Number(0.into()));
    }
}

/// The code behind a status, and who activated the record when.
fn status(save: &mut Save<'_>, rows: &str) {
    let label = save.value("Status").clone();
    let code = {
        let state = save.tx.state();
        let Some(object) = state.schema().object(rows) else { return };
        let (Some((label_at, _)), Some((code_at, _))) =
            (object.field("MasterLabel"), object.field("StatusCode"))
        else {
            return;
        };
        let row = state.lookup(object, label_at, &label).into_iter().next();
        row.map(|row| row.get(code_at).clone()).unwrap_or_default()
    };
    let activated = code.as_text() == Some("Activated");
    if activated && save.value("ActivatedDate").is_null() {
        let (now, user) = (save.tx.now().whole_seconds(), save.tx.user());
        save.set("ActivatedDate", now);
        save.set("ActivatedById", user);
    }
    save.set("StatusCode", code);
}

pub(super) fn quote(save: &mut Save<'_>) {
    if save.kind == SaveKind::Insert {
        for field in ["Subtotal", "TotalPrice", "LineItemCount"] {
            if save.value(field).is_null() {
                save.set(field, Value::Number(0.into()));
            }
        }
    }
    if let Some(opportunity) = save.value("OpportunityId").as_id() {
        let account = field_of(save.tx.state(), opportunity, "AccountId");
        save.set("AccountId", account);
    }
    let sum = ["TotalPrice", "Tax", "ShippingHandling"]
        .iter()
        .filter_map(|field| save.value(field).as_number())
        .sum();
    save.set("GrandTotal", Value::Number(sum));
    save.set("CanCreateQuoteLineItems", true);
}

pub(super) fn asset(save: &mut Save<'_>) {
    if save.value("AccountId").is_null() && save.value("ContactId").is_null() {
        save.errors.push(Error::asset_needs_somebody());
        return;
    }
    let (root, level) = match save.value("ParentId").as_id() {
        None => (Value::Id(save.edit.id()), 1.into()),
        Some(parent) => {
            let state = save.tx.state();
            let level = field_of(state, parent, "AssetLevel").as_number().unwrap_or(1.into());
            (field_of(state, parent, "RootAssetId"), level + rust_decimal::Decimal::ONE)
        }
    };
    save.set("RootAssetId", root);
    save.set("AssetLevel", Value::Number(level));
    let code =
        save.value("Product2Id").as_id().map(|product| field_of(save.tx.state(), product, "ProductCode"));
    save.set("ProductCode", code.unwrap_or_default());
}
