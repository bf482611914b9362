//! The Streaming face: `CometD` long polling (`contract/streaming.md`).

/// What it keeps per org between requests.
#[derive(Debug, Default)]
pub struct Live {}

pub use crate::api::not_emulated as not_yet;
