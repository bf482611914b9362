//! The products that keep themselves in step with a Salesforce org: one folder each, one file per heading of the
//! product's document, and a `config.rs` that holds what its set-up screens let a customer choose.

pub mod referral_rock;
