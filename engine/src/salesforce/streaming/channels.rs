//! Where each channel stands: followed or to be subscribed, and after which event.

use super::event::{Event, Replay, Subscription};

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// To be subscribed in the current session.
    Due,
    Followed,
    /// The org does not allow it; not asked for again.
    Refused,
}

#[derive(Debug)]
pub(super) struct Channel {
    pub name: String,
    pub replay: Replay,
    state: State,
    followed_before: bool,
    /// Events may have passed unseen; said once the channel is followed again.
    gap: bool,
}

#[derive(Debug)]
pub(super) struct Channels(Vec<Channel>);

impl Channels {
    pub fn new(subscriptions: Vec<Subscription>) -> Self {
        let channel = |subscription: Subscription| Channel {
            name: subscription.channel,
            replay: subscription.replay,
            state: State::Due,
            followed_before: false,
            gap: false,
        };
        Self(subscriptions.into_iter().map(channel).collect())
    }

    /// The next channel to subscribe in this session.
    pub fn due(&self) -> Option<usize> {
        self.0.iter().position(|channel| channel.state == State::Due)
    }

    pub fn get(&self, position: usize) -> &Channel {
        &self.0[position]
    }

    pub fn all_refused(&self) -> bool {
        self.0.iter().all(|channel| channel.state == State::Refused)
    }

    /// The session is gone: everything that was followed is due again. A channel that follows new events only, and
    /// has seen none yet, has no place to resume at: what happened in between is lost to the stream.
    pub fn session_lost(&mut self) {
        for channel in &mut self.0 {
            if channel.state != State::Refused {
                channel.state = State::Due;
                channel.gap |= channel.followed_before && channel.replay == Replay::New;
            }
        }
    }

    /// Subscribed. True when events may have passed unseen before.
    pub fn followed(&mut self, position: usize) -> bool {
        let channel = &mut self.0[position];
        channel.state = State::Followed;
        channel.followed_before = true;
        std::mem::take(&mut channel.gap)
    }

    pub fn refused(&mut self, position: usize) {
        self.0[position].state = State::Refused;
    }

    /// The place to resume at is no longer retained: follows new events, so that none is lost from here on.
    pub fn expired(&mut self, position: usize) {
        let channel = &mut self.0[position];
        channel.replay = Replay::New;
        channel.gap = true;
    }

    /// An event was handed to the caller. Events that come twice do not move the place back.
    pub fn delivered(&mut self, event: &Event) {
        let same = |channel: &&mut Channel| channel.name == event.channel;
        // A filtered subscription may be answered under the topic's bare name.
        let bare = |channel: &&mut Channel| channel.name.split('?').next() == Some(event.channel.as_str());
        let position = self.0.iter_mut().find(same);
        let channel = match position {
            Some(channel) => Some(channel),
            None => self.0.iter_mut().find(bare),
        };
        if let Some(channel) = channel {
            channel.replay = match channel.replay {
                Replay::After(id) => Replay::After(id.max(event.replay_id)),
                Replay::New | Replay::All => Replay::After(event.replay_id),
            };
        }
    }
}
