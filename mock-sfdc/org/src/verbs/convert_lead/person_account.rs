//! A lead without a company becomes a person account, in an org that has them (`contract/behaviour.md` section 4.3).

use super::{
    Conversion, LeadConvert,
    mapping::{self, Target},
};
use crate::{id::Id, state::Transaction, verbs::Errors};

/// Fields of the contact that have the same name on a person account; all others begin with `Person`.
const SAME: [&str; 6] = ["Description", "FirstName", "LastName", "MiddleName", "Salutation", "Suffix"];

/// Account and contact, which are one; nothing for a lead of a company, or in an org of businesses.
pub(super) fn of(
    tx: &mut Transaction,
    conversion: &Conversion,
    request: &LeadConvert,
) -> Result<Option<(Id, Id)>, Errors> {
    let object = mapping::object(tx.state(), Target::Account)?;
    let contact_at = object.field("PersonContactId").map(|(position, _)| position);
    let (Some(contact_at), true) = (contact_at, conversion.value("Company").is_null()) else {
        return Ok(None);
    };
    let mut values = mapping::values(tx.state(), conversion, Target::Account);
    let person = mapping::values(tx.state(), conversion, Target::Contact);
    for (field, value) in person.into_pairs() {
        // Phone and fax are the account's own.
        if SAME.contains(&field.as_str()) {
            values.put(&field, value);
        } else if !matches!(field.as_str(), "Phone" | "Fax") {
            let stem = field.strip_suffix("__c");
            values.put(&stem.map_or_else(|| format!("Person{field}"), |stem| format!("{stem}__pc")), value);
        }
    }
    let options = conversion.options(request.bypass_account_dedupe_check);
    let id = conversion.make(
        tx,
        Target::Account,
        request.account_id,
        values,
        &request.account_record,
        &options,
    )?;
    let contact = tx.state().table(object.index).get(id).and_then(|record| record.get(contact_at).as_id());
    Ok(contact.map(|contact| (id, contact)))
}
