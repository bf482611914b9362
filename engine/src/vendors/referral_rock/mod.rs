//! Referral Rock: one file per heading of its document on Salesforce.

pub mod config;
