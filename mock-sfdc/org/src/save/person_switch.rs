//! A business account that becomes a person's, or the reverse: an update to a record type of the other family (the SOAP API
//! guide's considerations of person account record types). Validation rules and workflow do not run for it.
//!
//! A business turns into the one contact that it has, which becomes the contact behind the person. A person's contact becomes
//! a contact like others, of the same account.

use super::{
    Save, SaveKind,
    person::{CONTACT, account_field, is_of_people},
};
use crate::{
    error::Error,
    schema::{FieldType, Object},
    state::Shared,
    value::Value,
};

/// What both have in common, and must have alike.
const ALIKE: [&str; 2] = ["OwnerId", "CurrencyIsoCode"];

/// Whether this save moves the account to the other family.
pub(super) fn is_one(save: &Save<'_>) -> bool {
    let Some((position, _)) = save.object.field("IsPersonAccount") else { return false };
    let before = save.before.as_ref().filter(|_| save.kind == SaveKind::Update && save.is("Account"));
    before.is_some_and(|before| before.get(position).is_true() != save.edit.get(position).is_true())
}

/// A business becomes a person.
pub(super) fn to_person(save: &mut Save<'_>) {
    let others = save.given.iter().filter_map(|position| save.object.field_at(*position));
    let others = others.map(|field| field.name.as_str()).filter(|name| *name != "RecordTypeId");
    let others = others.collect::<Vec<_>>();
    if !others.is_empty() {
        save.errors.push(Error::bad_field_names("Account", &others));
        return;
    }
    let Some(contacts) = save.tx.state().schema().object("Contact").cloned() else { return };
    let contact = match only_contact(save, &contacts) {
        Ok(contact) => contact,
        Err(why) => {
            save.errors.push(Error::cannot_become_a_person(why));
            return;
        }
    };
    let object = std::sync::Arc::clone(&save.object);
    for (position, field) in contacts.fields.iter().enumerate() {
        let Some(at) = account_field(&object, field.name.as_str()) else { continue };
        if save.edit.get(at).is_null() {
            save.edit.set(at, contact.get(position).clone());
        }
    }
    save.set(CONTACT, contact.id());
}

/// The contact that the account turns into, or what stands in the way.
fn only_contact(save: &Save<'_>, contacts: &Object) -> Result<Shared, &'static str> {
    let (account, id) = (&save.object, save.edit.id());
    let value = |contact: &Shared, field: &str| {
        contacts.field(field).map_or(Value::Null, |(position, _)| contact.get(position).clone())
    };
    let found = contacts.field("AccountId").map(|(at, _)| save.tx.state().lookup(contacts, at, &id.into()));
    let found = found.unwrap_or_default();
    let [contact] = found.as_slice() else { return Err("it must have exactly one contact") };
    if !save.value("ParentId").is_null() {
        return Err("it must have no parent account");
    }
    if !value(contact, "ReportsToId").is_null() {
        return Err("its contact must report to nobody");
    }
    let differs =
        |field: &&str| account.field(field).is_some() && *save.value(field) != value(contact, field);
    if ALIKE.iter().any(differs) {
        return Err("it and its contact must have the same owner and currency");
    }
    Ok(Shared::clone(contact))
}

/// A person becomes a business of the same name: what only people have is emptied.
pub(super) fn to_business(save: &mut Save<'_>) {
    let object = std::sync::Arc::clone(&save.object);
    for (position, field) in
        object.fields.iter().enumerate().filter(|(_, field)| is_of_people(field.name.as_str()))
    {
        let empty = if field.kind == FieldType::Boolean { Value::Bool(false) } else { Value::Null };
        save.edit.set(position, empty);
    }
}

/// Step 7: the contact of somebody who is a person no more.
pub(super) fn let_go(save: &mut Save<'_>) {
    let Some(contacts) = save.tx.state().schema().object("Contact").cloned() else { return };
    let contact = save.value(CONTACT).as_id();
    let contact = contact.and_then(|id| save.tx.state().table(contacts.index).get(id).cloned());
    save.set(CONTACT, Value::Null);
    save.store();
    if let (Some(contact), Some((position, _))) = (contact, contacts.field("IsPersonAccount")) {
        let mut edit = contact.edit(contacts.fields.len());
        edit.set(position, false);
        save.tx.put(&contacts, &edit);
    }
}
