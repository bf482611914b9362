//! "Referral Target Match" and "Additional Matching" (RR-17, RR-19), and the fuzzy match after them: which referral is an
//! event about?
//!
//! In this order: what a person set on the entry; a field of the set-up that holds the Referral ID or External ID; a record that
//! is linked to a referral (the engine created or found it); then the fuzzy match. Links count for the triggering record and for
//! the related ones that the relation table gave, except the account: that one belongs to many.

use serde_json::Value;

use super::{
    config::{AdditionalMatching, ReferralKey, ReferralUpdate},
    relations::{ACCOUNT_CONTACTS, read_value},
};
use crate::{
    failure::{Failure, Result},
    store::{Corrections, EntryValues, Referral, SalesEntry, Tx},
    sync::{
        mapping::as_text,
        matching::{Candidate, Fuzzy, Identity, fuzzy},
        processing::Found,
        relation::Object,
    },
};

/// An event's values with a person's corrections over them.
#[derive(Debug, Clone, Copy)]
pub struct Values<'a> {
    pub values: &'a EntryValues,
    pub corrections: &'a Corrections,
}

impl<'a> Values<'a> {
    #[must_use]
    pub fn raw(&self, object: Object, field: &str) -> Option<&'a Value> {
        read_value(self.values, &self.corrections.values, object, field)
    }

    pub fn text(&self, object: Object, field: &str) -> Option<String> {
        self.raw(object, field).and_then(as_text)
    }

    /// The person and the company that the event is about.
    #[must_use]
    pub fn identity(&self, trigger: Object) -> Identity {
        let person = if trigger == Object::Lead { Object::Lead } else { Object::Contact };
        let company =
            if trigger == Object::Lead { (Object::Lead, "Company") } else { (Object::Account, "Name") };
        Identity {
            email: self.text(person, "Email"),
            first_name: self.text(person, "FirstName"),
            last_name: self.text(person, "LastName"),
            company: self.text(company.0, company.1),
        }
    }

    /// The other contacts of the account, when the set-up includes them.
    fn account_contacts(&self) -> Vec<Identity> {
        let contacts = self.values.get(ACCOUNT_CONTACTS).and_then(Option::as_ref);
        let text = |contact: &Value, field: &str| contact.get(field).and_then(as_text);
        contacts
            .into_iter()
            .flat_map(|contacts| contacts.values())
            .map(|contact| Identity {
                email: text(contact, "Email"),
                first_name: text(contact, "FirstName"),
                last_name: text(contact, "LastName"),
                company: self.text(Object::Account, "Name"),
            })
            .collect()
    }
}

/// How the event's referrals were found, and which they are. More than one only with the contacts of the account included.
pub async fn find(
    tx: &mut Tx,
    setup: &ReferralUpdate,
    entry: &SalesEntry,
    trigger: Object,
    values: Values<'_>,
) -> Result<(Found, Vec<Referral>)> {
    if let Some(id) = &entry.corrections.referral_id {
        let referral =
            tx.referral(&entry.account_id, id).await?.ok_or_else(|| Failure::no("referral", id))?;
        return Ok((Found::ByHand, vec![referral]));
    }
    if let Some((by, referral)) = by_key(tx, setup, &entry.account_id, values).await? {
        return Ok((Found::Direct { by }, vec![referral]));
    }
    if let Some(referral) = by_link(tx, entry, trigger, values).await? {
        return Ok((Found::Direct { by: "the link to its record".to_owned() }, vec![referral]));
    }
    by_identity(tx, &entry.account_id, trigger, values).await
}

async fn by_key(
    tx: &mut Tx,
    setup: &ReferralUpdate,
    account: &str,
    values: Values<'_>,
) -> Result<Option<(String, Referral)>> {
    let targets = setup.target_match.iter().map(|entry| (entry.object, &entry.field, entry.matches));
    let lead = |entry: &AdditionalMatching| (Object::Lead, entry.matches);
    let additional =
        setup.additional_matching.iter().map(|entry| (lead(entry).0, &entry.field, lead(entry).1));
    for (object, field, key) in targets.chain(additional) {
        let Some(value) = values.text(object, field) else { continue };
        let (found, name) = match key {
            ReferralKey::ReferralId => (tx.referral(account, &value).await?, "Referral ID"),
            ReferralKey::ExternalId => {
                let mut found = tx.referrals_by_external_id(account, &value).await?;
                // Two referrals with one External ID: nothing direct about it, let the other ways decide.
                (if found.len() == 1 { found.pop() } else { None }, "External ID")
            }
        };
        if let Some(referral) = found {
            return Ok(Some((format!("{name} in {object}.{field}"), referral)));
        }
    }
    Ok(None)
}

async fn by_link(
    tx: &mut Tx,
    entry: &SalesEntry,
    trigger: Object,
    values: Values<'_>,
) -> Result<Option<Referral>> {
    let mut records = vec![(trigger, entry.record_id.clone())];
    for object in [Object::Contact, Object::Opportunity] {
        if let (true, Some(id)) = (object != trigger, values.text(object, "Id")) {
            records.push((object, id));
        }
    }
    for (object, id) in records {
        for link in tx.links_of_record(&entry.account_id, object.as_str(), &id).await? {
            if let Some(referral) = tx.referral(&entry.account_id, &link.referral_id).await? {
                return Ok(Some(referral));
            }
        }
    }
    Ok(None)
}

async fn by_identity(
    tx: &mut Tx,
    account: &str,
    trigger: Object,
    values: Values<'_>,
) -> Result<(Found, Vec<Referral>)> {
    let mut people = vec![values.identity(trigger)];
    people.extend(values.account_contacts());
    let mut found: Vec<(Referral, &'static str)> = Vec::new();
    for person in people {
        match by_person(tx, account, &person).await? {
            Fuzzy::None => {}
            Fuzzy::Several(referrals) => return Ok((Found::Ambiguous { referrals }, Vec::new())),
            Fuzzy::One { id, by } => {
                let known = found.iter().any(|(referral, _)| referral.id == id);
                if let (false, Some(referral)) = (known, tx.referral(account, &id).await?) {
                    found.push((referral, by));
                }
            }
        }
    }
    let Some((_, by)) = found.first() else { return Ok((Found::Nobody, Vec::new())) };
    Ok((Found::Fuzzy { by: (*by).to_owned() }, found.into_iter().map(|(referral, _)| referral).collect()))
}

async fn by_person(tx: &mut Tx, account: &str, person: &Identity) -> Result<Fuzzy> {
    let referrals =
        tx.referrals_for_matching(account, person.email.as_deref(), person.last_name.as_deref()).await?;
    let candidates: Vec<Candidate> = referrals
        .into_iter()
        .map(|referral| Candidate {
            id: referral.id,
            identity: Identity {
                email: referral.email,
                first_name: Some(referral.first_name),
                last_name: Some(referral.last_name),
                company: referral.company,
            },
        })
        .collect();
    Ok(fuzzy(person, &candidates))
}
