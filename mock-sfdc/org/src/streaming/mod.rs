//! Channels and the events that are kept for replay.

/// Everything about streaming that an org remembers.
#[derive(Debug, Clone, Default)]
pub struct Streams {}
