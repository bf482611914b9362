//! `/meta/connect`: answered at once the first time, later held until there is an event or time is up.

use std::{sync::Arc, time::Duration};

use mock_sfdc_org::streaming::{Content, Event, Refusal};
use tokio::time::Instant;

use super::{
    clients::{Client, End, Look},
    event,
    message::Message,
    replies::{Advice, HOLD, connect_refused, connected},
};
use crate::call::Call;

/// Ends a connect whatever becomes of its request: a client that hangs up is away from then on.
struct Connect<'a> {
    call: &'a Call,
    client: &'a Client,
    number: u64,
}

impl Drop for Connect<'_> {
    fn drop(&mut self) {
        self.client.end_connect(self.number, self.call.org().clock().now());
    }
}

/// The events, if there are any, and then the reply. A connect that shares its request with other messages is never held.
pub async fn answer(call: &Call, message: &Message, client: &Client, alone: bool) -> Vec<String> {
    let state = call.org().snapshot();
    let now = call.org().clock().now();
    let allowed = state.streams().setup().allocations(state.settings()).daily_events;
    if state.streams().events_of_the_day(now) >= allowed {
        return vec![connect_refused(message, &Refusal::DailyEvents)];
    }
    let number = client.begin_connect();
    let connect = Connect { call, client, number };
    let first = number == 1;
    let hold = if first || !alone { 0 } else { message.timeout().unwrap_or(HOLD).clamp(0, HOLD) };
    let look = wait(&connect, hold).await;
    let reply = || connected(message, &client.id, first.then_some(Advice::Retry));
    match look {
        Look::Nothing | Look::Superseded => vec![reply()],
        Look::Events(events) => {
            let state = call.org().snapshot();
            let viewer = state.viewer(client.user);
            let on_the_bus = |(_, event): &&(String, Arc<Event>)| {
                matches!(event.content, Content::Platform(_) | Content::Change(_))
            };
            let many = events.iter().filter(on_the_bus).count();
            let allowed = state.streams().setup().allocations(state.settings()).daily_deliveries;
            if many > 0 && !call.tenant.streaming.bus.deliver(many, allowed, call.org().clock().now()) {
                return vec![connect_refused(message, &Refusal::DailyEvents)];
            }
            let write = |(channel, event): &(String, Arc<Event>)| {
                let told = || event::json(event, &state, &viewer, channel, client.version);
                event.is_for(&state, &viewer).then(told)
            };
            events.iter().filter_map(write).chain([reply()]).collect()
        }
        Look::Over(End::Disconnected) => vec![connected(message, &client.id, Some(Advice::Never))],
        Look::Over(End::Lost) => {
            call.tenant.streaming.remove(client, End::Lost);
            vec![connect_refused(message, &Refusal::UnknownClient)]
        }
    }
}

/// Until there is something, or `hold` milliseconds have passed: of the org's clock or, should that stand still, of real time,
/// so that no client of a frozen org runs into its own timeout.
async fn wait(connect: &Connect<'_>, hold: i64) -> Look {
    let org = connect.call.org();
    let mut news = connect.call.tenant.streaming.news();
    let org_end = org.clock().now().millis() + hold;
    let real_end = Instant::now() + Duration::from_millis(hold.unsigned_abs());
    loop {
        news.mark_unchanged();
        let changed = connect.client.changed.notified();
        tokio::pin!(changed);
        changed.as_mut().enable();
        let now = org.clock().now();
        let look = connect.client.look(connect.number, &org.snapshot(), now);
        let left = org_end - now.millis();
        if !matches!(look, Look::Nothing) || left <= 0 || Instant::now() >= real_end {
            return look;
        }
        let flows = !org.clock().is_frozen();
        let by_org = Instant::now() + Duration::from_millis(left.unsigned_abs());
        let end = if flows { real_end.min(by_org) } else { real_end };
        tokio::select! {
            _ = news.changed() => {}
            () = &mut changed => {}
            () = tokio::time::sleep_until(end) => {}
        }
    }
}
