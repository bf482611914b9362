//! "Member Match" (RR-18): an event without a referral adds one to the member that the set-up's fields identify.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    config::{MemberKey, ReferralUpdate},
    target_match::Values,
};
use crate::{
    failure::{Failure, Result},
    store::{How, Link, Member, Origin, Referral, SalesEntry, Tx},
    sync::{relation::Object, status::Status},
};

/// The member that an event names, or why there is none.
#[derive(Debug)]
pub enum Named {
    Member(Box<Member>),
    Nobody(String),
}

pub async fn find(
    tx: &mut Tx,
    setup: &ReferralUpdate,
    entry: &SalesEntry,
    values: Values<'_>,
) -> Result<Named> {
    let account = &entry.account_id;
    if let Some(id) = &entry.corrections.member_id {
        let member = tx.member(account, id).await?.ok_or_else(|| Failure::no("member", id))?;
        return Ok(Named::Member(Box::new(member)));
    }
    if let Some(code) = &entry.corrections.referral_code {
        let found = tx.members_by_code(account, code).await?.pop();
        return Ok(match found {
            Some(member) => Named::Member(Box::new(member)),
            None => Named::Nobody(format!("no member has the referral code `{code}`")),
        });
    }
    let mut tried = Vec::new();
    for rule in &setup.member_match {
        let Some(value) = values.text(rule.object, &rule.field) else {
            tried.push(format!("{}.{} is empty", rule.object, rule.field));
            continue;
        };
        let (mut found, key) = match rule.matches {
            MemberKey::MemberId => (Vec::from_iter(tx.member(account, &value).await?), "Member ID"),
            MemberKey::Email => (tx.members_by_email(account, &value).await?, "email"),
            MemberKey::ExternalId => (tx.members_by_external_id(account, &value).await?, "External ID"),
            MemberKey::ReferralCode => (tx.members_by_code(account, &value).await?, "referral code"),
        };
        match found.len() {
            0 => tried.push(format!("no member has the {key} `{value}` of {}.{}", rule.object, rule.field)),
            1 => {
                return Ok(found
                    .pop()
                    .map_or_else(|| Named::Nobody(String::new()), |m| Named::Member(Box::new(m))));
            }
            several => tried.push(format!("{several} members have the {key} `{value}`")),
        }
    }
    if tried.is_empty() {
        tried.push("no member match is set up".to_owned());
    }
    Ok(Named::Nobody(tried.join("; ")))
}

/// Adds the referral that an event tells of, and links it to the triggering record, so that the next event of it is a direct
/// match. Nothing without a name and an email: nobody could be rewarded for that.
pub async fn add_referral(
    tx: &mut Tx,
    entry: &SalesEntry,
    trigger: Object,
    member: &Member,
    values: Values<'_>,
    new_id: String,
    now: Timestamp,
) -> Result<Option<Referral>> {
    let person = values.identity(trigger);
    if person.email.is_none() && person.last_name.is_none() {
        return Ok(None);
    }
    let phone_of = if trigger == Object::Lead { Object::Lead } else { Object::Contact };
    let referral = Referral {
        id: new_id,
        account_id: entry.account_id.clone(),
        program_id: member.program_id.clone(),
        member_id: Some(member.id.clone()),
        first_name: person.first_name.unwrap_or_default(),
        last_name: person.last_name.unwrap_or_default(),
        email: person.email,
        phone: values.text(phone_of, "Phone"),
        company: person.company,
        external_id: None,
        amount: None,
        note: None,
        status: Status::Pending,
        ever_qualified: false,
        origin: Origin::Salesforce,
        custom: BTreeMap::new(),
        created_at: now,
        updated_at: now,
    };
    tx.add_referral(&referral, &entry.id).await?;
    tx.add_link(&Link {
        account_id: entry.account_id.clone(),
        referral_id: referral.id.clone(),
        object: entry.object.clone(),
        id: entry.record_id.clone(),
        how: How::Found,
        echo: None,
        created_at: now,
    })
    .await?;
    Ok(Some(referral))
}
