//! `Subscribe`: events as many as were asked for, each stream at its own pace. Nothing is queued for it: like a session of
//! long polling, a stream is a place in its channel, and the few answers that wait for a slow reader are bounded.

use std::sync::Arc;

use mock_sfdc_org::{
    access::permissions::Viewer,
    state::State,
    streaming::{self, Address, Content, Event, Place, Replay},
    value::DateTime,
};
use tonic::Streaming;

use super::{
    avro,
    caller::Caller,
    status::Refusal,
    stream::{Answered, Answers, answered, next},
    topic,
    wire::{
        ConsumerEvent, FetchRequest, FetchResponse, ProducerEvent, ReplayPreset, replay_bytes, replay_number,
    },
};

/// With nothing to tell, an empty response says so within this time (`contract/pubsub.md` section 2).
const KEEPALIVE: i64 = 270_000;

/// With nothing left to send, the next request must come within this time, or the stream is over.
const IDLE: i64 = 60_000;

/// What a client can have asked for at once, whatever it has asked for; and the events in one response.
const MOST_EVENTS: i32 = 100;

/// Pub/Sub has no versions: every event is told.
const ANY_VERSION: u16 = u16::MAX;

/// A place in a channel, and how many events may still be sent.
#[derive(Debug)]
pub struct Subscription {
    pub topic: String,
    address: Address,
    pub place: Place,
    generation: u64,
    pub pending: i32,
}

/// The next events of a subscription, written.
#[derive(Debug)]
pub struct Batch {
    pub events: Vec<ConsumerEvent>,
}

impl Subscription {
    /// Begins where the first request says.
    pub fn begin(caller: &Caller, topic: &str, replay: Replay) -> Result<Self, Refusal> {
        let address = topic::address(caller, topic)?;
        let (state, viewer) = (caller.state(), caller.viewer());
        streaming::may_hear(&state, &address, &viewer)
            .map_err(|refused| Refusal::of_topic(refused, topic))?;
        // What a keepalive of an empty channel has told comes back as a place.
        let replay = if replay == Replay::After(0) { Replay::All } else { replay };
        let first = streaming::first_position(&state, topic, replay, caller.now())
            .map_err(|refused| Refusal::of_topic(refused, topic))?;
        let generation = state.streams().generation();
        Ok(Self { topic: topic.to_owned(), address, place: Place::behind(first), generation, pending: 0 })
    }

    /// More may be sent.
    pub fn ask(&mut self, more: i32) {
        self.pending = self.pending.saturating_add(more).min(MOST_EVENTS);
    }

    /// How long a stream may be quiet on which something happened last at this moment.
    pub fn quiet_until(&self, last: DateTime) -> DateTime {
        let patience = if self.is_idle() { IDLE } else { KEEPALIVE };
        DateTime::from_millis(last.millis() + patience)
    }

    /// Nothing is left to be sent: the client must ask for more.
    pub const fn is_idle(&self) -> bool {
        self.pending == 0
    }

    /// What there is to send now, if anything.
    pub fn next(&mut self, caller: &Caller) -> Result<Option<Batch>, Refusal> {
        let most = usize::try_from(self.pending).unwrap_or(0);
        let (state, now) = (caller.state(), caller.now());
        if self.generation != state.streams().generation() {
            return Err(Refusal::Unavailable);
        }
        if most == 0 {
            return Ok(None);
        }
        let found = streaming::pending(&state, &self.address, self.place, now, ANY_VERSION, most);
        let (events, place) = found.map_err(|_| Refusal::Overflow)?;
        self.place = place;
        let viewer = caller.viewer();
        let told = events.iter().filter(|event| event.is_for(&state, &viewer));
        let events = told.map(|event| written(event, &state, &self.topic, &viewer)).collect::<Vec<_>>();
        if events.is_empty() {
            return Ok(None);
        }
        let allowed = state.streams().setup().allocations(state.settings()).daily_deliveries;
        if !caller.tenant.streaming.bus.deliver(events.len(), allowed, now) {
            return Err(Refusal::DeliveryLimit);
        }
        self.pending -= i32::try_from(events.len()).unwrap_or(self.pending);
        Ok(Some(Batch { events }))
    }
}

fn written(event: &Event, state: &State, topic: &str, viewer: &Viewer) -> ConsumerEvent {
    let (id, schema_id, payload) = match &event.content {
        Content::Platform(platform) => {
            (platform.uuid.to_string(), platform.schema.id.clone(), avro::platform(platform))
        }
        Content::Change(change) => {
            let id = format!("{}-{}", change.header.transaction_key, change.header.sequence_number);
            (id, change.schema.id.clone(), avro::change(&change.telling(state, topic, viewer)))
        }
        // Their channels are no topics here.
        Content::Push(_) | Content::Generic(_) => Default::default(),
    };
    let producer = ProducerEvent { id, schema_id, payload, headers: Vec::new() };
    ConsumerEvent { event: Some(producer), replay_id: replay_bytes(event.replay_id) }
}

/// Answers a stream of requests until either side ends it.
pub fn stream(caller: Arc<Caller>, requests: Streaming<FetchRequest>) -> Answered<FetchResponse> {
    answered(caller, |caller, answers| serve(caller, requests, answers))
}

async fn serve(
    caller: Arc<Caller>,
    mut requests: Streaming<FetchRequest>,
    answers: Answers<FetchResponse>,
) -> Result<(), Refusal> {
    let Some(first) = next(&mut requests).await? else { return Err(Refusal::FirstRequest) };
    caller.refresh(&first.auth_refresh)?;
    let mut subscription = Subscription::begin(&caller, &first.topic_name, replay(&first)?)?;
    ask(&mut subscription, first.num_requested)?;
    let mut news = caller.tenant.streaming.news();
    let mut last = caller.now();
    let response = |subscription: &Subscription, events| FetchResponse {
        events,
        latest_replay_id: replay_bytes(subscription.place.replay_id()),
        rpc_id: caller.rpc_id.clone(),
        pending_num_requested: subscription.pending,
    };
    loop {
        news.mark_unchanged();
        if let Some(batch) = subscription.next(&caller)? {
            caller.check()?;
            if answers.send(Ok(response(&subscription, batch.events))).await.is_err() {
                return Ok(());
            }
            last = caller.now();
            continue;
        }
        tokio::select! {
            request = next(&mut requests) => match request? {
                Some(request) => {
                    more(&caller, &mut subscription, &request)?;
                    last = if subscription.is_idle() { caller.now() } else { last };
                }
                None => return Ok(()),
            },
            _ = news.changed() => caller.check()?,
            () = answers.closed() => return Ok(()),
            () = caller.tenant.wait_until(subscription.quiet_until(last)) => {
                caller.check()?;
                let ended = subscription.is_idle()
                    || answers.send(Ok(response(&subscription, Vec::new()))).await.is_err();
                if ended {
                    return Ok(());
                }
                last = caller.now();
            }
        }
    }
}

fn ask(subscription: &mut Subscription, more: i32) -> Result<(), Refusal> {
    if more <= 0 {
        return Err(Refusal::NumRequested { number: more, managed: false });
    }
    subscription.ask(more);
    Ok(())
}

/// Requests after the first name the same topic or none; what they say of replay is ignored.
fn more(caller: &Caller, subscription: &mut Subscription, request: &FetchRequest) -> Result<(), Refusal> {
    caller.refresh(&request.auth_refresh)?;
    if !request.topic_name.is_empty() && request.topic_name != subscription.topic {
        return Err(Refusal::TopicMismatch { publishing: false });
    }
    if request.num_requested == 0 && !request.auth_refresh.is_empty() {
        return Ok(());
    }
    ask(subscription, request.num_requested)
}

fn replay(request: &FetchRequest) -> Result<Replay, Refusal> {
    match ReplayPreset::try_from(request.replay_preset) {
        Ok(ReplayPreset::Latest) => Ok(Replay::New),
        Ok(ReplayPreset::Earliest) => Ok(Replay::All),
        Ok(ReplayPreset::Custom) if request.replay_id.is_empty() => Err(Refusal::ReplayIdMissing),
        Ok(ReplayPreset::Custom) => {
            let number = replay_number(&request.replay_id).and_then(|number| i64::try_from(number).ok());
            number.map(Replay::After).ok_or(Refusal::ReplayIdCorrupted)
        }
        Err(_) => Err(Refusal::ReplayIdMissing),
    }
}
