//! The client for Salesforce's wire: OAuth tokens, REST, Streaming. Works against any org; knows no product.
//!
//! It decides nothing about records: which to read or write is the caller's. It decides everything about the wire:
//! one token refresh at a time, bounded retries, what an answer that never came means.

pub mod auth;
mod client;
pub mod error;
mod http;
mod record;
pub mod rest;
pub mod retry;
mod session;
pub mod soql;
pub mod streaming;
mod version;

pub use auth::{ConnectedApp, OAuth, TokenSet};
pub use client::{ApiUsage, Client, Settings};
pub use error::{ApiError, Effect, Error, ErrorKind, RetryClass, Sent};
pub use http::{Http, HttpOptions, http_client};
pub use record::{Fields, Record};
pub use rest::{AutoAssign, Deletion, Upserted, WriteOptions};
pub use retry::RetryPolicy;
pub use session::{Access, Custody, CustodyError, Session};
pub use version::ApiVersion;

pub type Result<T, E = Error> = std::result::Result<T, E>;
