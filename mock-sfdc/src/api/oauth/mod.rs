//! The OAuth 2.0 face (`contract/oauth.md`).

/// What it keeps per org between requests.
#[derive(Debug, Default)]
pub struct Live {}

pub use crate::api::not_emulated as not_yet;
