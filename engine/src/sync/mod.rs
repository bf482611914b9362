//! What decides: pure functions over plain values, without a store, a network or a clock.
//!
//! Flows in `vendors/` fetch what a decision needs, ask here, and carry the answer out. Every rule of this folder can be
//! tested as a table or a property, and most are.

pub mod backoff;
pub mod duplicates;
pub mod echo;
pub mod grace;
pub mod mapping;
pub mod matching;
pub mod processing;
pub mod qualification;
pub mod relation;
pub mod status;
