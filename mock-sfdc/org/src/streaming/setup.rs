//! What of streaming depends on the edition, and what a test may set (`contract/streaming.md` section 7, `behaviour.md` section 10).

use crate::{
    limits::LimitSettings,
    settings::{Edition, Settings},
};

/// How much an org may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Allocations {
    pub push_topics: u32,
    /// Sessions at the same time, over all topics.
    pub clients: u32,
    /// Events in 24 hours.
    pub daily_events: u64,
    /// Subscriptions to one topic at the same time.
    pub subscriptions_per_topic: u32,
    pub generic_channels: u32,
    /// Platform events published in an hour.
    pub hourly_publications: u64,
    /// Platform and change events handed to subscribers in 24 hours.
    pub daily_deliveries: u64,
    /// Objects selected for change events, without an add-on.
    pub captured_objects: u32,
}

impl Allocations {
    #[must_use]
    pub fn of(edition: Edition) -> Self {
        let (push_topics, clients, daily_events) = match edition {
            Edition::Unlimited | Edition::Performance => (100, 2_000, 1_000_000),
            Edition::Enterprise => (50, 1_000, 200_000),
            // A free org.
            Edition::Developer => (40, 20, 10_000),
            Edition::Professional | Edition::Essentials | Edition::Group => (40, 20, 50_000),
        };
        let (generic_channels, hourly_publications, daily_deliveries) = match edition {
            Edition::Unlimited | Edition::Performance => (1_000, 250_000, 50_000),
            Edition::Enterprise => (1_000, 250_000, 25_000),
            _ => (200, 50_000, 10_000),
        };
        Self {
            push_topics,
            clients,
            daily_events,
            subscriptions_per_topic: clients,
            generic_channels,
            hourly_publications,
            daily_deliveries,
            captured_objects: 5,
        }
    }

    /// With what a test has set.
    fn limited(self, limits: &LimitSettings) -> Self {
        let clients = limits.streaming_clients.unwrap_or(self.clients);
        Self {
            push_topics: limits.push_topics.unwrap_or(self.push_topics),
            clients,
            daily_events: limits.daily_streaming_events.unwrap_or(self.daily_events),
            subscriptions_per_topic: limits.streaming_clients.unwrap_or(self.subscriptions_per_topic),
            ..self
        }
    }
}

/// What can be set for an org's streaming, mostly by tests.
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Setup {
    /// Instead of what the edition allows.
    pub allocations: Option<Allocations>,
    /// A session without its `BAYEUX_BROWSER` cookie is refused, as in a real org.
    pub cookies_required: bool,
    /// The oldest version behind `/cometd/`: 23 up to Spring '26, which is what this org is, 37 since Summer '26.
    pub oldest_version: u16,
    /// Events kept for replay in one channel, whatever their age. Beyond it the oldest go, and a subscriber that has not had
    /// them loses its session: it must never miss an event without being told.
    pub events_per_channel: usize,
    /// Replay ids grow by one to this many, so that nobody comes to rely on their being contiguous.
    pub longest_replay_step: u64,
    /// Decides the steps.
    pub replay_seed: u64,
    /// Whether a subscription to a generic channel that is not there makes it.
    pub dynamic_channels: bool,
    /// Changes of one transaction that are told one by one; of the others an overflow event tells.
    pub overflow_after: usize,
    /// Whether changes are told as gaps, as by an org that cannot tell their values.
    pub gaps: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            allocations: None,
            cookies_required: true,
            oldest_version: 23,
            events_per_channel: 100_000,
            longest_replay_step: 3,
            replay_seed: 0,
            dynamic_channels: false,
            overflow_after: 100_000,
            gaps: false,
        }
    }
}

impl Setup {
    #[must_use]
    pub fn allocations(&self, settings: &Settings) -> Allocations {
        self.allocations.unwrap_or_else(|| Allocations::of(settings.edition).limited(&settings.limits))
    }

    /// How far the replay id of the event with this number lies from the one before: `SplitMix64`, so that it is spread and
    /// repeatable.
    pub(super) fn replay_step(&self, number: u64) -> u64 {
        let mut mix = self.replay_seed.wrapping_add(number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        mix = (mix ^ (mix >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mix = (mix ^ (mix >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        1 + (mix ^ (mix >> 31)) % self.longest_replay_step.max(1)
    }
}
