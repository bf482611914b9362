//! What is subscribed to, and what comes of it.

use jiff::Timestamp;

use crate::salesforce::record::Record;

/// From where a channel is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// Only what happens from now on (-1).
    New,
    /// Everything that is retained (-2).
    All,
    /// Everything after this event.
    After(i64),
}

impl Replay {
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::New => -1,
            Self::All => -2,
            Self::After(id) => id,
        }
    }
}

/// A channel such as `/topic/Leads`, and from where it is followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    pub channel: String,
    pub replay: Replay,
}

/// What happened to the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Created,
    Updated,
    Deleted,
    Undeleted,
}

/// One push topic event. Events may come twice; the replay id tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub channel: String,
    pub replay_id: i64,
    pub change: Change,
    pub created_date: Timestamp,
    /// The topic's selected fields; only the Id for a deleted record.
    pub sobject: Record,
}

/// What [`super::Stream::next`] yields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    Event(Event),
    /// The org does not let this user follow this channel; the others go on.
    SubscriptionRefused {
        channel: String,
        error: String,
    },
}
