//! Person accounts (`contract/behaviour.md` section 12): an account that is a person has a contact behind it, which follows it.
//! Rules run for the account; the contact is written without any.
//!
//! Whether an account is a person is settled when it is made, by its record type, and where none is named, by its having a
//! last name; `person_switch` is what changes it.

use std::sync::Arc;

use super::{Save, SaveKind, person_switch};
use crate::{
    error::Error,
    id::Id,
    rules::record_types::profile_of,
    schema::{Object, person_name},
    state::{Edit, Record},
    value::Value,
};

pub(super) const CONTACT: &str = "PersonContactId";

/// Fields of the contact that have the same name on a person account; all others begin with `Person`.
pub(crate) const SAME: [&str; 9] =
    ["Description", "FirstName", "LastName", "MiddleName", "Salutation", "Suffix", "Phone", "Fax", "OwnerId"];

/// What only people have.
pub(super) fn is_of_people(field: &str) -> bool {
    let named = ["FirstName", "LastName", "MiddleName", "Salutation", "Suffix"];
    named.contains(&field) || (field.starts_with("Person") && field != CONTACT) || field.ends_with("__pc")
}

fn has_people(save: &Save<'_>) -> bool {
    save.is("Account") && save.object.field(CONTACT).is_some()
}

/// Step 2, before the record type is chosen: a new account with a last name takes a person's.
pub(super) fn choose_type(save: &mut Save<'_>) {
    if !has_people(save) || save.kind == SaveKind::Update || !save.value("RecordTypeId").is_null() {
        return;
    }
    if save.value("LastName").is_null() {
        return;
    }
    let profile = profile_of(save.tx.state(), save.tx.user());
    let found = save.tx.state().rules().record_types().person_default(profile, &save.object);
    if let Some(id) = found {
        save.set("RecordTypeId", id);
    }
}

/// Step 2, behind it: a person has no company's name, and a company no person's.
pub(super) fn check(save: &mut Save<'_>) {
    if !has_people(save) {
        return;
    }
    let person = is_person(save);
    save.set("IsPersonAccount", person);
    let switches = person_switch::is_one(save);
    if switches && person {
        person_switch::to_person(save);
        return;
    }
    let object = Arc::clone(&save.object);
    let bad = save
        .given
        .iter()
        .filter(|position| !matches!(save.edit.get(**position), Value::Null | Value::Bool(false)))
        .filter_map(|position| object.field_at(*position))
        .map(|field| field.name.as_str())
        .filter(|name| if person { *name == "Name" } else { is_of_people(name) })
        .collect::<Vec<_>>();
    if !bad.is_empty() && !save.options.seeding {
        save.errors.push(Error::bad_field_names("Account", &bad));
    } else if switches {
        person_switch::to_business(save);
    }
}

fn is_person(save: &Save<'_>) -> bool {
    let types = save.tx.state().rules().record_types();
    match save.value("RecordTypeId").as_id().and_then(|id| types.get(id)) {
        Some(chosen) => chosen.is_person(),
        None => !save.value("LastName").is_null(),
    }
}

/// Step 5: the name that an account must have, if it has none.
pub(super) fn missing_name(save: &Save<'_>) -> Option<&'static str> {
    if !has_people(save) {
        return None;
    }
    let name = if save.value("IsPersonAccount").is_true() { "LastName" } else { "Name" };
    save.value(name).is_null().then_some(name)
}

/// Whether the full name is made of its parts.
pub(super) fn is_named_by_parts(save: &Save<'_>) -> bool {
    !has_people(save) || save.value("IsPersonAccount").is_true()
}

/// Step 7: the contact is made, or becomes as the account is.
pub(super) fn follow(save: &mut Save<'_>) {
    if !has_people(save) {
        return;
    }
    if !save.value("IsPersonAccount").is_true() {
        if person_switch::is_one(save) {
            person_switch::let_go(save);
        }
        return;
    }
    let Some(contacts) = save.tx.state().schema().object("Contact").cloned() else { return };
    let known = save.value(CONTACT).as_id();
    let stored = known.and_then(|id| save.tx.state().table(contacts.index).get(id).cloned());
    let id = stored.as_ref().map(Record::id).or(known);
    let id = id.unwrap_or_else(|| save.tx.next_id(&contacts));
    let mut contact = stored
        .as_ref()
        .map_or_else(|| Edit::new(id, contacts.fields.len()), |row| row.edit(contacts.fields.len()));
    fill(&mut contact, &contacts, save);
    save.set(CONTACT, id);
    // The account first: whoever sees the contact finds its account.
    save.store();
    if stored.is_none_or(|stored| stored != contact.build()) {
        save.tx.put(&contacts, &contact);
    }
}

fn fill(contact: &mut Edit, contacts: &Object, save: &Save<'_>) {
    for (position, field) in contacts.fields.iter().enumerate() {
        let name = field.name.as_str();
        let value = match name {
            "AccountId" => Value::from(save.edit.id()),
            "IsPersonAccount" => Value::from(true),
            "Name" | "CreatedDate" | "CreatedById" | "LastModifiedDate" | "LastModifiedById"
            | "SystemModstamp" => save.value(name).clone(),
            _ => match account_field(&save.object, name) {
                Some(at) => save.edit.get(at).clone(),
                None if contact.get(position).is_null()
                    && field.kind == crate::schema::FieldType::Boolean =>
                {
                    Value::from(false)
                }
                None => continue,
            },
        };
        contact.set(position, value);
    }
}

/// Where an account keeps this field of its contact.
pub(super) fn account_field(accounts: &Object, field: &str) -> Option<usize> {
    let named = if SAME.contains(&field) {
        field.to_owned()
    } else {
        person_name(field).unwrap_or_else(|| format!("Person{field}"))
    };
    accounts.field(&named).map(|(position, _)| position)
}

/// The contact of a person account is no record of its own: it changes and goes with its account.
pub(crate) fn is_person_contact(object: &Object, record: &Record) -> bool {
    object.name.is("Contact")
        && object.field("IsPersonAccount").is_some_and(|(position, _)| record.get(position).is_true())
}

/// The contact behind a person account.
pub(crate) fn contact_of(object: &Object, account: &Record) -> Option<Id> {
    object.field(CONTACT).and_then(|(position, _)| account.get(position).as_id())
}
