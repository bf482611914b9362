//! Which changes and events a fixture has told. Last of all: what a seed does is nobody's news.

use super::{Planting, format::Fixture};
use crate::{schema::PackageError, streaming::EventChannel};

pub fn plant(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    let captured = &fixture.change_data_capture;
    if !captured.is_empty() {
        put(planting, "changeDataCapture", EventChannel::standard(captured.iter().cloned()))?;
    }
    for (at, channel) in fixture.platform_event_channels.iter().enumerate() {
        put(planting, &format!("platformEventChannels[{at}]"), channel.clone())?;
    }
    for (at, managed) in fixture.managed_event_subscriptions.iter().enumerate() {
        let path = format!("managedEventSubscriptions[{at}]");
        let put = planting.tx.set_managed_subscription(managed.clone());
        put.map_err(|problem| planting.source.mistake(&path, problem))?;
    }
    Ok(())
}

fn put(planting: &mut Planting<'_>, path: &str, channel: EventChannel) -> Result<(), PackageError> {
    planting.tx.set_event_channel(channel).map_err(|problem| planting.source.mistake(path, problem))
}
