//! `/meta/subscribe` and `/meta/unsubscribe`: one reply for each channel.

use mock_sfdc_org::streaming::{self, Address, Refusal, generic};

use super::{clients::Client, message::Message, replies::plain};
use crate::call::Call;

pub fn subscribe(call: &Call, message: &Message, client: &Client) -> Vec<String> {
    each(message, |subscription| add(call, message, client, subscription))
}

pub fn unsubscribe(message: &Message, client: &Client) -> Vec<String> {
    each(message, |subscription| {
        client.unsubscribe(subscription);
        Ok(())
    })
}

fn each(message: &Message, act: impl Fn(&str) -> Result<(), Refusal>) -> Vec<String> {
    let subscriptions = message.subscriptions();
    if subscriptions.is_empty() {
        return vec![plain(message, None, Err(&Refusal::ChannelNotSpecified))];
    }
    let one = |subscription| plain(message, Some(subscription), act(subscription).as_ref().copied());
    subscriptions.into_iter().map(one).collect()
}

/// A generic channel that is not there is made by its first subscriber, where the org lets it.
fn make_channel(call: &Call, address: &Address, client: &Client) -> Result<(), Refusal> {
    let state = call.org().snapshot();
    let missing = address.channel.starts_with(generic::CHANNEL_PREFIX)
        && generic::channel(&state, &address.channel).is_none();
    if !missing || !state.streams().setup().dynamic_channels {
        return Ok(());
    }
    call.tenant.in_transaction(client.user, |tx| generic::make_dynamic(tx, &address.channel))
}

fn add(call: &Call, message: &Message, client: &Client, subscription: &str) -> Result<(), Refusal> {
    let address = Address::parse(subscription)?;
    make_channel(call, &address, client)?;
    let state = call.org().snapshot();
    let now = call.org().clock().now();
    streaming::may_subscribe(&state, &address)?;
    streaming::may_hear(&state, &address, &state.viewer(client.user))?;
    let allocations = state.streams().setup().allocations(state.settings());
    if state.streams().events_of_the_day(now) >= allocations.daily_events {
        return Err(Refusal::DailyEvents);
    }
    let replay = message.replay(subscription)?;
    if client.is_subscribed(subscription) {
        // Once more: it keeps its place, unless it asks for another one.
        if replay.is_none() {
            return Ok(());
        }
    } else if call.tenant.streaming.subscribers(&address.channel)
        >= allocations.subscriptions_per_topic as usize
    {
        return Err(Refusal::TooManySubscriptions);
    }
    let position = streaming::first_position(&state, &address.channel, replay.unwrap_or_default(), now)?;
    client.subscribe(subscription, address, position)
}
