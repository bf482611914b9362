//! Managed event subscriptions: the org remembers how far a subscriber has come. In metadata's words
//! `ManagedEventSubscription` (`contract/pubsub.md` section 2).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Address, Replay, first_position, may_subscribe};
use crate::{
    id::{Id, KeyPrefix},
    state::State,
    value::DateTime,
};

/// The beginning of their ids.
const PREFIX: KeyPrefix = *b"18x";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ManagedReplay {
    Latest,
    Earliest,
}

impl ManagedReplay {
    const fn replay(self) -> Replay {
        match self {
            Self::Latest => Replay::New,
            Self::Earliest => Replay::All,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ManagedState {
    Run,
    Stop,
}

/// One managed subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ManagedSubscription {
    /// Its developer name.
    pub full_name: String,
    #[serde(default)]
    pub label: Option<String>,
    pub topic_name: String,
    /// Where a subscriber begins that has committed nothing yet.
    #[serde(default = "latest")]
    pub default_replay: ManagedReplay,
    /// Where it begins when what it has committed is no longer kept.
    #[serde(default = "latest")]
    pub error_recovery_replay: ManagedReplay,
    #[serde(default = "run")]
    pub state: ManagedState,
    /// Counted from 1; the org gives it.
    #[serde(default)]
    number: u64,
    /// The last replay id that was committed.
    #[serde(default)]
    committed: Option<u64>,
}

const fn latest() -> ManagedReplay {
    ManagedReplay::Latest
}

const fn run() -> ManagedState {
    ManagedState::Run
}

/// All of an org, by their developer names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagedSubscriptions(BTreeMap<String, ManagedSubscription>);

impl ManagedSubscription {
    #[must_use]
    pub fn id(&self, pod: [u8; 2]) -> Id {
        Id::from_number(PREFIX, pod, self.number)
    }

    #[must_use]
    pub fn committed(&self) -> Option<u64> {
        self.committed
    }

    /// The place at which a subscriber begins now.
    #[must_use]
    pub fn begin(&self, state: &State, now: DateTime) -> u64 {
        let from = |replay| first_position(state, &self.topic_name, replay, now);
        let committed = self.committed.and_then(|id| i64::try_from(id).ok());
        let first = match committed {
            None => from(self.default_replay.replay()),
            Some(id) => from(Replay::After(id)).or_else(|_| from(self.error_recovery_replay.replay())),
        };
        first.unwrap_or(0)
    }
}

impl ManagedSubscriptions {
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&ManagedSubscription> {
        self.0.get(name)
    }

    #[must_use]
    pub fn by_id(&self, id: Id) -> Option<&ManagedSubscription> {
        self.0.values().find(|known| known.number == id.number() && id.prefix() == PREFIX)
    }

    pub fn all(&self) -> impl Iterator<Item = &ManagedSubscription> {
        self.0.values()
    }

    /// Puts a subscription in the place of the one with its name, whose place it keeps.
    pub(crate) fn put(&mut self, mut subscription: ManagedSubscription) {
        let known = self.0.get(&subscription.full_name);
        let last = self.0.values().map(|known| known.number).max().unwrap_or(0);
        subscription.number = known.map_or(last + 1, |known| known.number);
        subscription.committed = known.and_then(|known| known.committed);
        self.0.insert(subscription.full_name.clone(), subscription);
    }

    /// Remembers how far a subscriber has come.
    pub fn commit(&mut self, name: &str, replay_id: u64) {
        if let Some(known) = self.0.get_mut(name) {
            known.committed = Some(replay_id);
        }
    }
}

/// Whether the org has the topic of a subscription.
pub(crate) fn check(state: &State, subscription: &ManagedSubscription) -> Result<(), String> {
    let topic = &subscription.topic_name;
    let address = Address::parse(topic).map_err(|refused| refused.to_string())?;
    let on_the_bus = topic.starts_with("/event/") || topic.starts_with("/data/");
    if !on_the_bus || may_subscribe(state, &address).is_err() {
        return Err(format!("the org has no topic {topic:?}"));
    }
    Ok(())
}
