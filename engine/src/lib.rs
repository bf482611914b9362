//! The sync engine: what five products document about their Salesforce integration, over the real wire.
//!
//! It shares no code with the mock: everything here speaks to any Salesforce, and meets the mock on a socket only.

pub mod clock;
pub mod connection;
pub mod random;
pub mod salesforce;
pub mod secret;
