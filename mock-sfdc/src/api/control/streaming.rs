//! `/_mock/orgs/{org}/streaming`: the org's streaming set-up, and its subscribers.

use mock_sfdc_org::{
    seed,
    streaming::{Allocations, EventChannel, ManagedSubscription},
};
use serde::Deserialize;
use serde_json::json;

use super::{nothing_more, ok, org, read, wrong};
use crate::{
    call::{Answer, Call},
    orgs::Tenant,
};

/// What is not named stays.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Changes {
    push_topics: Option<u32>,
    clients: Option<u32>,
    daily_events: Option<u64>,
    subscriptions_per_topic: Option<u32>,
    cookies_required: Option<bool>,
    oldest_version: Option<u16>,
    events_per_channel: Option<usize>,
    longest_replay_step: Option<u64>,
    generic_channels: Option<u32>,
    hourly_publications: Option<u64>,
    daily_deliveries: Option<u64>,
    captured_objects: Option<u32>,
    dynamic_channels: Option<bool>,
    overflow_after: Option<usize>,
    gaps: Option<bool>,
    /// Objects of `/data/ChangeEvents`, instead of those that are there.
    change_data_capture: Option<Vec<String>>,
    /// Each in the place of the one with its name.
    platform_event_channels: Option<Vec<EventChannel>>,
    /// Each in the place of the one with its name; what it has committed stays.
    managed_event_subscriptions: Option<Vec<ManagedSubscription>>,
}

fn shown(tenant: &Tenant) -> Answer {
    let state = tenant.org.snapshot();
    let setup = state.streams().setup();
    let allocations = setup.allocations(state.settings());
    let Allocations { push_topics, clients, daily_events, subscriptions_per_topic, .. } = allocations;
    ok(&json!({
        "pushTopics": push_topics,
        "clients": clients,
        "dailyEvents": daily_events,
        "subscriptionsPerTopic": subscriptions_per_topic,
        "cookiesRequired": setup.cookies_required,
        "oldestVersion": setup.oldest_version,
        "eventsPerChannel": setup.events_per_channel,
        "longestReplayStep": setup.longest_replay_step,
        "genericChannels": allocations.generic_channels,
        "hourlyPublications": allocations.hourly_publications,
        "dailyDeliveries": allocations.daily_deliveries,
        "capturedObjects": allocations.captured_objects,
        "dynamicChannels": setup.dynamic_channels,
        "overflowAfter": setup.overflow_after,
        "gaps": setup.gaps,
        "changeDataCapture": state.streams().event_channels().captured().collect::<Vec<_>>(),
        "managedEventSubscriptions": state.streams().managed().all().collect::<Vec<_>>(),
        "platformEventChannels": state.streams().event_channels().all().collect::<Vec<_>>(),
        "clientsConnected": tenant.streaming.client_count(),
        "eventsOfTheDay": state.streams().events_of_the_day(tenant.org.clock().now()),
    }))
}

pub fn get(call: &Call) -> Answer {
    shown(&*org(call)?)
}

pub fn change(call: &Call) -> Answer {
    let (tenant, changes): (_, Changes) = (org(call)?, read(call)?);
    if changes.events_per_channel == Some(0) || changes.longest_replay_step == Some(0) {
        return Err(wrong("eventsPerChannel and longestReplayStep are at least 1"));
    }
    let administrator = seed::administrator(tenant.org.snapshot().settings());
    let channels = changes
        .change_data_capture
        .map(EventChannel::standard)
        .into_iter()
        .chain(changes.platform_event_channels.unwrap_or_default());
    tenant.org.transact(administrator, |tx| {
        let mut allocations = tx.state().streams().setup().allocations(tx.state().settings());
        let before = allocations;
        allocations.push_topics = changes.push_topics.unwrap_or(before.push_topics);
        allocations.clients = changes.clients.unwrap_or(before.clients);
        allocations.daily_events = changes.daily_events.unwrap_or(before.daily_events);
        allocations.subscriptions_per_topic =
            changes.subscriptions_per_topic.unwrap_or(before.subscriptions_per_topic);
        allocations.generic_channels = changes.generic_channels.unwrap_or(before.generic_channels);
        allocations.hourly_publications = changes.hourly_publications.unwrap_or(before.hourly_publications);
        allocations.daily_deliveries = changes.daily_deliveries.unwrap_or(before.daily_deliveries);
        allocations.captured_objects = changes.captured_objects.unwrap_or(before.captured_objects);
        let setup = tx.streams_mut().setup_mut();
        if allocations != before {
            setup.allocations = Some(allocations);
        }
        setup.cookies_required = changes.cookies_required.unwrap_or(setup.cookies_required);
        setup.oldest_version = changes.oldest_version.unwrap_or(setup.oldest_version);
        setup.events_per_channel = changes.events_per_channel.unwrap_or(setup.events_per_channel);
        setup.longest_replay_step = changes.longest_replay_step.unwrap_or(setup.longest_replay_step);
        setup.dynamic_channels = changes.dynamic_channels.unwrap_or(setup.dynamic_channels);
        setup.overflow_after = changes.overflow_after.unwrap_or(setup.overflow_after);
        setup.gaps = changes.gaps.unwrap_or(setup.gaps);
        channels.into_iter().try_for_each(|channel| tx.set_event_channel(channel).map_err(wrong))?;
        let managed = changes.managed_event_subscriptions.unwrap_or_default();
        managed.into_iter().try_for_each(|managed| tx.set_managed_subscription(managed).map_err(wrong))
    })?;
    shown(&tenant)
}

/// Every subscriber loses its session: it hears `403::Unknown client`.
pub fn drop_clients(call: &Call) -> Answer {
    org(call)?.streaming.drop_clients();
    nothing_more()
}
