//! Referral Rock, "Automate your referral program with Salesforce CRM": one file per heading of that document.
//!
//! Two integrations over one connection: Referral Add (a referral of the product becomes a Lead or Contact) and
//! Referral Update (a change in the org makes a Sales Entry, which moves a referral). Nothing of an event flows back to
//! the org.
//!
//! Where the document is silent, the choice stands in the file of its heading; the larger ones:
//! - the four options for an email that is there already, and which record counts: [`crate::sync::duplicates`]
//! - what a fuzzy match is: [`crate::sync::matching`]
//! - how an opportunity and a contact are related: [`crate::sync::relation`]
//! - null from the org leaves the referral's field as it is: [`fields_to_update`]
//! - a person's approval settles the process rules, not the status machine: [`crate::sync::processing`]

pub mod config;
pub mod connecting;
pub mod diagnosis;
pub mod fields_to_update;
pub mod following;
pub mod member_match;
pub mod permissions;
pub mod prerequisites;
pub mod push_topics;
pub mod referral_add;
pub mod relations;
pub mod sales_entries;
pub mod sales_receiver;
pub mod target_match;

#[cfg(test)]
mod tests;
