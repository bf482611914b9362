//! The org as its callers see it: one binary, so that it is linked once.
#![allow(clippy::unwrap_used, reason = "a test may fail there")]

mod convert_lead;
mod currencies;
mod custom_fields;
mod formula;
mod formula_fields;
mod formula_readers;
mod image;
mod implicit;
mod merge;
mod order;
mod outbound;
mod permission_set_groups;
mod permissions;
mod person_accounts;
mod push_topics;
mod recycle_bin;
mod replication;
mod roll_ups;
mod row_locks;
mod rules;
mod save;
mod shares;
mod soql_carets;
mod soql_functions;
mod soql_fuzz;
mod soql_grammar;
mod soql_naive;
mod soql_random;
mod soql_semantics;
mod sosl;
mod standard_objects;
mod unit;
mod validation;
mod workflow;
mod world;
