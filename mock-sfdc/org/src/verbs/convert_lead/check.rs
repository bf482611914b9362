//! What has to hold before anything is created: the lead, the combination of what is asked for, and the owner.

use std::sync::Arc;

use super::LeadConvert;
use crate::{
    error::Error,
    id::Id,
    schema::Object,
    state::{Shared, State},
    value::Value,
};

/// Salesforce's limit for the name that a caller gives.
const OPPORTUNITY_NAME: usize = 80;

/// The lead, which must not have been converted.
pub(super) fn lead(state: &State, request: &LeadConvert) -> Result<(Arc<Object>, Shared), Error> {
    let object = state.schema().object("Lead").ok_or_else(Error::invalid_cross_reference)?;
    let record = live(state, object, request.lead_id)?;
    let converted = object.field("IsConverted").is_some_and(|(position, _)| record.get(position).is_true());
    if converted { Err(Error::converted_lead()) } else { Ok((Arc::clone(object), record)) }
}

pub(super) fn request(state: &State, request: &LeadConvert) -> Result<(), Error> {
    if !is_converted_status(state, &request.converted_status) {
        return Err(Error::invalid_converted_status(&request.converted_status));
    }
    if request.opportunity_id.is_some() && request.opportunity_name.is_some() {
        return Err(Error::opportunity_id_and_name());
    }
    let opportunity = request.opportunity_id.is_some() || request.opportunity_name.is_some();
    if request.do_not_create_opportunity && opportunity {
        return Err(Error::opportunity_not_wanted());
    }
    if let Some(name) = request.opportunity_name.as_deref()
        && name.chars().count() > OPPORTUNITY_NAME
    {
        let max = u32::try_from(OPPORTUNITY_NAME).unwrap_or_default();
        return Err(Error::string_too_long("Opportunity Name", "Name", name, max));
    }
    if request.contact_id.is_some() && request.account_id.is_none() {
        return Err(Error::contact_needs_account());
    }
    if request.overwrite_lead_source && request.contact_id.is_none() {
        return Err(Error::lead_source_needs_contact());
    }
    for (name, id) in [("Account", request.account_id), ("Opportunity", request.opportunity_id)] {
        if let (Some(object), Some(id)) = (state.schema().object(name), id) {
            live(state, object, id)?;
        }
    }
    contact_of_account(state, request)
}

fn contact_of_account(state: &State, request: &LeadConvert) -> Result<(), Error> {
    let (Some(object), Some(id)) = (state.schema().object("Contact"), request.contact_id) else {
        return Ok(());
    };
    let contact = live(state, object, id)?;
    let account = object.field("AccountId").and_then(|(position, _)| contact.get(position).as_id());
    if account == request.account_id { Ok(()) } else { Err(Error::contact_of_another_account()) }
}

fn live(state: &State, object: &Object, id: Id) -> Result<Shared, Error> {
    let table = state.table(object.index);
    match table.get(id) {
        Some(record) => Ok(Shared::clone(record)),
        None if table.binned(id).is_some() => Err(Error::entity_is_deleted()),
        None => Err(Error::invalid_cross_reference()),
    }
}

/// Which statuses mean "converted" is set up: the rows of `LeadStatus` say so.
fn is_converted_status(state: &State, status: &str) -> bool {
    let Some(rows) = state.schema().object("LeadStatus") else { return false };
    let Some((converted_at, _)) = rows.field("IsConverted") else { return false };
    let names = ["ApiName", "MasterLabel"].into_iter().filter_map(|name| rows.field(name));
    names
        .flat_map(|(position, _)| state.lookup(rows, position, &Value::text(status)))
        .any(|row| row.get(converted_at).is_true())
}

/// Who will own what is created: a user, never a queue.
pub(super) fn owner(
    state: &State,
    object: &Object,
    lead: &Shared,
    request: &LeadConvert,
) -> Result<Id, Error> {
    let of_lead = object.field("OwnerId").and_then(|(position, _)| lead.get(position).as_id());
    let owner = request.owner_id.or(of_lead).ok_or_else(Error::converted_owner_must_be_a_user)?;
    let Some((kind, user)) = state.find(owner) else { return Err(Error::invalid_cross_reference()) };
    if !kind.name.is("User") {
        return Err(Error::converted_owner_must_be_a_user());
    }
    let active = kind.field("IsActive").is_none_or(|(position, _)| user.get(position).is_true());
    if active { Ok(owner) } else { Err(Error::inactive_owner()) }
}
