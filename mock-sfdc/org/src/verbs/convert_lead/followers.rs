//! What belonged to the lead and follows it: campaign members, activities, notes, attachments; and the contact's role in the
//! opportunity (`contract/behaviour.md` section 4.4).

use std::sync::Arc;

use super::Conversion;
use crate::{
    id::Id,
    save::Draft,
    schema::Object,
    state::{Edit, Shared, Transaction},
    value::Value,
    verbs::{
        Errors, create,
        delete::{set_lookup, throw_away},
    },
};

/// Rows of an object whose field points to `id`.
fn rows(tx: &Transaction, name: &str, field: &str, id: Id) -> Option<(Arc<Object>, usize, Vec<Shared>)> {
    let object = Arc::clone(tx.state().schema().object(name)?);
    let (position, _) = object.field(field)?;
    let rows = tx.state().lookup(&object, position, &id.into());
    Some((object, position, rows))
}

/// Members become the contact's, and remember the lead. Where the contact is a member already, the lead's row goes.
pub(super) fn campaign_members(tx: &mut Transaction, lead: Id, contact: Id) {
    let Some((object, _, members)) = rows(tx, "CampaignMember", "LeadId", lead) else { return };
    let (Some((contact_at, _)), Some((campaign_at, _))) =
        (object.field("ContactId"), object.field("CampaignId"))
    else {
        return;
    };
    for member in members {
        let others = tx.state().lookup(&object, contact_at, &contact.into());
        if others.iter().any(|other| other.get(campaign_at) == member.get(campaign_at)) {
            throw_away(tx, &object, member.edit(object.fields.len()), member.id(), Vec::new());
            continue;
        }
        let mut edit = member.edit(object.fields.len());
        set(&object, &mut edit, "ContactId", contact.into());
        set(&object, &mut edit, "LeadOrContactId", contact.into());
        set(&object, &mut edit, "Type", "Contact".into());
        put(tx, &object, edit);
    }
}

/// Tasks and events become the contact's, and belong to the opportunity, or to the account where there is none. Open ones
/// of the user who converts go to the new owner.
pub(super) fn activities(
    tx: &mut Transaction,
    conversion: &Conversion,
    contact: Id,
    account: Id,
    opportunity: Option<Id>,
) {
    for name in ["Task", "Event"] {
        let Some((object, _, activities)) = rows(tx, name, "WhoId", conversion.lead.id()) else { continue };
        for activity in activities {
            let mut edit = activity.edit(object.fields.len());
            set(&object, &mut edit, "WhoId", contact.into());
            set(&object, &mut edit, "AccountId", account.into());
            let what = object.field("WhatId").map(|(position, _)| position);
            if what.is_some_and(|position| edit.get(position).is_null()) {
                set(&object, &mut edit, "WhatId", opportunity.unwrap_or(account).into());
            }
            let mine = object.field("OwnerId").is_some_and(|(at, _)| edit.get(at).as_id() == Some(tx.user()));
            if mine && is_open(tx, &object, &activity) {
                set(&object, &mut edit, "OwnerId", conversion.owner.into());
            }
            let (now, user) = (tx.now().whole_seconds(), tx.user());
            set(&object, &mut edit, "LastModifiedDate", now.into());
            set(&object, &mut edit, "LastModifiedById", user.into());
            put(tx, &object, edit);
        }
    }
}

/// A task that is not closed, an event that is not over.
fn is_open(tx: &Transaction, object: &Object, activity: &Shared) -> bool {
    if let Some((position, _)) = object.field("IsClosed") {
        return !activity.get(position).is_true();
    }
    let end = object.field("EndDateTime").and_then(|(position, _)| activity.get(position).as_datetime());
    end.is_none_or(|end| end > tx.now())
}

/// Notes and attachments hang on the contact from now on.
pub(super) fn notes(tx: &mut Transaction, lead: Id, contact: Id) {
    for name in ["Note", "Attachment"] {
        let Some((object, position, found)) = rows(tx, name, "ParentId", lead) else { continue };
        for row in found {
            set_lookup(tx, &object, &row, position, contact.into());
        }
    }
}

/// The contact has a part in the opportunity: the primary one, unless somebody else has that.
pub(super) fn contact_role(
    tx: &mut Transaction,
    conversion: &Conversion,
    opportunity: Id,
    contact: Id,
) -> Result<(), Errors> {
    let Some((object, deal_at, roles)) = rows(tx, "OpportunityContactRole", "OpportunityId", opportunity)
    else {
        return Ok(());
    };
    let (Some((contact_at, _)), Some((primary_at, _))) =
        (object.field("ContactId"), object.field("IsPrimary"))
    else {
        return Ok(());
    };
    if roles.iter().any(|role| role.get(contact_at).as_id() == Some(contact)) {
        return Ok(());
    }
    let primary = !roles.iter().any(|role| role.get(primary_at).is_true());
    let mut draft = Draft::default();
    draft.put(deal_at, opportunity.into());
    draft.put(contact_at, contact.into());
    draft.put(primary_at, primary.into());
    create(tx, &object, draft, &conversion.options).map(|_| ())
}

fn set(object: &Object, edit: &mut Edit, field: &str, value: Value) {
    if let Some((position, _)) = object.field(field) {
        edit.set(position, value);
    }
}

fn put(tx: &mut Transaction, object: &Object, mut edit: Edit) {
    let now = tx.now().whole_seconds();
    edit.stamp(object.field("SystemModstamp").map(|(position, _)| position), now);
    tx.put(object, &edit);
}
