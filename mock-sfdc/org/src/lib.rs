//! A Salesforce org without a network: its data, its rules, its order of execution, its queries and its events.
//!
//! The org knows no wire, no machine clock and no randomness of its own: time, seeds and faults are injected, so that two
//! runs of a test see the same ids, the same moments and the same errors. Faces (REST, SOAP, Bulk, Streaming, OAuth) live
//! in `mock-sfdc`; they translate and decide nothing.

// Whether a state may be sent between threads is asked through all that it is made of, down to the values of a record: rustdoc asks so.
#![recursion_limit = "256"]

pub mod access;
pub mod actions;
pub mod approval;
pub mod bulk;
pub mod changed_fields;
pub mod clock;
pub mod currency;
pub mod duplicates;
pub mod error;
pub mod formula;
mod held;
pub mod hooks;
pub mod id;
pub mod image;
pub mod layout;
pub mod limits;
pub mod list_views;
pub mod locale;
pub mod mail;
pub mod name;
pub mod near;
pub mod nearest;
mod org;
pub mod outbound;
pub mod quick_actions;
pub mod related;
pub mod removal;
pub mod replication;
pub mod rules;
pub mod save;
pub mod schema;
pub mod seed;
pub mod settings;
pub mod soql;
pub mod sosl;
pub mod state;
pub mod streaming;
pub mod striped;
pub mod time_triggers;
mod unit;
pub mod value;
pub mod verbs;

pub use held::HeldTransaction;
pub use org::{Kept, Org, Random, Snapshot};
pub use unit::{Unit, Work};
