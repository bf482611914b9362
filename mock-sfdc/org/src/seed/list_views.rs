//! The list views that every object with a tab has from its first day.

use super::Planting;
use crate::{list_views, save::coerce::Raw, schema::PackageError};

/// Standard objects with a tab; custom ones have it when they have pages.
const TABS: [&str; 9] =
    ["Account", "Campaign", "Case", "Contact", "Contract", "Lead", "Opportunity", "Order", "Product2"];

pub fn plant(planting: &mut Planting<'_>) -> Result<(), PackageError> {
    let schema = planting.tx.state().schema().clone();
    let listed = schema.objects().filter(|object| {
        TABS.iter().any(|name| object.name.is(name))
            || object.custom && object.layoutable && object.name.as_str().ends_with("__c")
    });
    for object in listed {
        let owned = object.field("OwnerId").is_some();
        for (name, label) in list_views::names(object).iter().take(if owned { 2 } else { 1 }) {
            planting.set_up(
                "ListView",
                &[
                    ("Name", Raw::Text(&label.chars().take(40).collect::<String>())),
                    ("DeveloperName", Raw::Text(&name.chars().take(80).collect::<String>())),
                    ("SobjectType", Raw::Text(object.name.as_str())),
                    ("IsSoqlCompatible", Raw::Bool(true)),
                ],
            )?;
        }
    }
    Ok(())
}
