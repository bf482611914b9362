//! The vocabulary: all subjects, in the order in which `features/STEPS.md` shows them.

#![allow(clippy::unused_async, reason = "every step has one shape, whether it waits for something or not")]

mod assignment;
mod clock;
mod connection;
mod faults;
mod permissions;
mod queries;
mod records;
mod referrals;
mod sales_entries;
mod sessions;
mod setup;
mod streaming;
mod verbs;

use crate::registry::Subject;

pub const SUBJECTS: &[Subject] = &[
    records::SUBJECT,
    verbs::SUBJECT,
    queries::SUBJECT,
    clock::SUBJECT,
    assignment::SUBJECT,
    streaming::SUBJECT,
    sessions::SUBJECT,
    permissions::SUBJECT,
    faults::SUBJECT,
    connection::SUBJECT,
    setup::SUBJECT,
    referrals::SUBJECT,
    sales_entries::SUBJECT,
];
