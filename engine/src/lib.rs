//! The sync engine: what products document about their Salesforce integration, carried out against any org that speaks
//! Salesforce's wire. It shares no code with the mock, and meets it on a socket only.
//!
//! - `salesforce/` the client for the wire; `connection/` the browser's side of OAuth
//! - `store/` everything that survives a restart, and all SQL
//! - `sync/` what decides, as pure functions
//! - `vendors/<product>/` one file per heading of the product's document
//! - `api/` the product's side over HTTP
//!
//! Arrows: `api`, `runner` -> `vendors` -> `sync`, `store`, `salesforce`. Nothing here is global: many engines live in one
//! process.

pub mod api;
pub mod clock;
pub mod config;
pub mod connection;
pub mod context;
mod engine;
pub mod failure;
pub mod random;
pub mod runner;
pub mod salesforce;
pub mod secret;
pub mod store;
pub mod sync;
pub mod vendors;

pub use engine::{Engine, Seed, StartError};
