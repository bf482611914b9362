//! "Referral Fields to Update" (RR-16): after a status-change event the mapped org fields are written to the referral.
//!
//! Null leaves the referral's field as it is: the document has null stand for "not available" (no related record, several of
//! them, a path through a relationship), which is no reason to forget what is known.

use super::{
    config::{FieldToUpdate, ReferralField},
    target_match::Values,
};
use crate::store::Referral;

/// Writes the mapped values into the referral; returns the fields that changed.
pub fn apply(referral: &mut Referral, mapping: &[FieldToUpdate], values: Values<'_>) -> Vec<String> {
    let mut changed = Vec::new();
    for entry in mapping {
        let Some(value) = values.text(entry.object, &entry.field) else { continue };
        let before = write(referral, &entry.referral_field, value.clone());
        if before.as_deref() != Some(value.as_str()) {
            changed.push(name(&entry.referral_field).to_owned());
        }
    }
    changed
}

fn write(referral: &mut Referral, field: &ReferralField, value: String) -> Option<String> {
    match field {
        ReferralField::FirstName => Some(std::mem::replace(&mut referral.first_name, value)),
        ReferralField::LastName => Some(std::mem::replace(&mut referral.last_name, value)),
        ReferralField::Email => referral.email.replace(value),
        ReferralField::Phone => referral.phone.replace(value),
        ReferralField::Company => referral.company.replace(value),
        ReferralField::ExternalId => referral.external_id.replace(value),
        ReferralField::Amount => referral.amount.replace(value),
        ReferralField::Note => referral.note.replace(value),
        ReferralField::Custom(name) => referral.custom.insert(name.clone(), value),
    }
}

fn name(field: &ReferralField) -> &str {
    match field {
        ReferralField::FirstName => "first_name",
        ReferralField::LastName => "last_name",
        ReferralField::Email => "email",
        ReferralField::Phone => "phone",
        ReferralField::Company => "company",
        ReferralField::ExternalId => "external_id",
        ReferralField::Amount => "amount",
        ReferralField::Note => "note",
        ReferralField::Custom(name) => name,
    }
}
