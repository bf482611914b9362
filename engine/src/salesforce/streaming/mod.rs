//! The Streaming API: `CometD` long polling (contract/streaming.md).
//!
//! A [`Stream`] survives a lost session, an expired token and a broken connection by itself, resuming after the last
//! event it delivered. It does not survive a replay id that has expired: that is [`super::ErrorKind::ReplayExpired`],
//! because only the caller can read by query what was missed.

mod bayeux;
mod channels;
mod cookies;
mod event;
mod outcome;
mod stream;

pub use event::{Change, Delivery, Event, Replay, Subscription};
pub use stream::Stream;
