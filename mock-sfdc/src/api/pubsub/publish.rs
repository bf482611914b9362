//! `Publish` and `PublishStream`: each event is a create of its object, and has a result of its own.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use mock_sfdc_org::{
    access::permissions::Right,
    save::{DmlOptions, Draft},
    schema::Object,
    state::Transaction,
    streaming::{Content, EventSchema, Place, operation_uuid},
    value::DateTime,
    verbs,
};
use tonic::Streaming;

use super::{
    avro,
    caller::Caller,
    status::Refusal,
    stream::{Answered, Answers, answered, next},
    topic,
    wire::{Error, ErrorCode, ProducerEvent, PublishRequest, PublishResponse, PublishResult, replay_bytes},
};

/// A stream without a valid request is closed after this (`contract/pubsub.md` section 2; another source says half an hour).
const SWEEPER: i64 = 70_000;

/// What one event may weigh.
const MOST_BYTES: usize = 1 << 20;

/// `Publish`: the first request and the last, so there is no token to take the place of that of its headers.
pub fn once(caller: &Caller, request: &PublishRequest) -> Result<PublishResponse, Refusal> {
    if !request.auth_refresh.is_empty() {
        return Err(Refusal::RefreshTooEarly);
    }
    publish(caller, request)
}

fn publish(caller: &Caller, request: &PublishRequest) -> Result<PublishResponse, Refusal> {
    let topic = &request.topic_name;
    if topic.is_empty() {
        return Err(Refusal::TopicEmpty { publishing: true });
    }
    topic::address(caller, topic)?;
    let object = topic::object(caller, topic).filter(|object| object.is_platform_event());
    let object = object.filter(|object| caller.viewer().allows(object.index, Right::Create));
    let object = object.ok_or_else(|| Refusal::TopicForbidden(topic.clone()))?;
    if request.events.is_empty() {
        return Err(Refusal::NoEvents);
    }
    let state = caller.state();
    let schema =
        EventSchema::of(state.schema(), &object).ok_or_else(|| Refusal::TopicNotFound(topic.clone()))?;
    let last = state.streams().channel(topic).map_or(0, |channel| channel.last());
    let taken = caller.tenant.org.transact_as(caller.user(), |tx| {
        let one = |event| take_in(tx, &object, &schema, event);
        Ok::<_, std::convert::Infallible>(request.events.iter().map(one).collect::<Vec<_>>())
    });
    let Ok(taken) = taken;
    let mut places = places(caller, topic, last);
    let mut result = |(event, outcome): (&ProducerEvent, &Result<String, String>)| match outcome {
        Ok(uuid) => PublishResult {
            replay_id: places
                .get_mut(uuid)
                .and_then(VecDeque::pop_front)
                .map(replay_bytes)
                .unwrap_or_default(),
            error: None,
            correlation_key: uuid.clone(),
        },
        Err(problem) => PublishResult {
            replay_id: Vec::new(),
            error: Some(Error { code: ErrorCode::Publish.into(), msg: problem.clone() }),
            correlation_key: event.id.clone(),
        },
    };
    let results = request.events.iter().zip(&taken).map(&mut result).collect();
    Ok(PublishResponse { results, schema_id: schema.id, rpc_id: caller.rpc_id.clone() })
}

/// Creates the event; the id by which publisher and subscriber know it, or what is wrong.
fn take_in(
    tx: &mut Transaction,
    object: &Arc<Object>,
    schema: &EventSchema,
    event: &ProducerEvent,
) -> Result<String, String> {
    if event.schema_id != schema.id {
        return Err(format!("The schema id {:?} is not that of {}.", event.schema_id, schema.name));
    }
    if event.payload.len() > MOST_BYTES {
        return Err(format!("The event has {} bytes; the most are {MOST_BYTES}.", event.payload.len()));
    }
    let values = avro::read(schema, &event.payload).map_err(|wrong| wrong.0)?;
    let mut draft = Draft::default();
    // Who and when is the bus's to say, whatever the publisher had to send there.
    let own = values.into_iter().filter(|(at, _)| object.fields[*at].createable);
    for (position, value) in own.filter(|(_, value)| !value.is_null()) {
        draft.put(position, value);
    }
    tx.name_next_event(Some(event.id.as_str()).filter(|name| !name.is_empty()));
    // Fields that the definition requires may be empty here, unlike over REST and SOAP.
    let options = DmlOptions { incomplete: true, ..DmlOptions::default() };
    let created = verbs::create(tx, object, draft, &options);
    match created {
        Ok(_) if !event.id.is_empty() => Ok(event.id.clone()),
        Ok(id) => Ok(operation_uuid(tx.state().settings(), id)),
        Err(errors) => Err(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")),
    }
}

/// Where the events behind a place of a topic stand, by their ids; a publisher may give one id to several.
fn places(caller: &Caller, topic: &str, behind: u64) -> BTreeMap<String, VecDeque<u64>> {
    let state = caller.state();
    let Some(channel) = state.streams().channel(topic) else { return BTreeMap::new() };
    let place = |event: &Arc<mock_sfdc_org::streaming::Event>| match &event.content {
        Content::Platform(platform) => Some((platform.uuid.to_string(), event.replay_id)),
        _ => None,
    };
    let mut places: BTreeMap<_, VecDeque<_>> = BTreeMap::new();
    for (id, at) in channel.after(Place::behind(behind), caller.now()).filter_map(place) {
        places.entry(id).or_default().push_back(at);
    }
    places
}

/// Answers each request of a stream; the first error ends it.
pub fn stream(caller: Arc<Caller>, requests: Streaming<PublishRequest>) -> Answered<PublishResponse> {
    answered(caller, |caller, answers| serve(caller, requests, answers))
}

async fn serve(
    caller: Arc<Caller>,
    mut requests: Streaming<PublishRequest>,
    answers: Answers<PublishResponse>,
) -> Result<(), Refusal> {
    let mut topic = String::new();
    let mut last = caller.now();
    loop {
        let deadline = DateTime::from_millis(last.millis() + SWEEPER);
        let mut request = tokio::select! {
            request = next(&mut requests) => match request? {
                Some(request) => request,
                None => return Ok(()),
            },
            () = answers.closed() => return Ok(()),
            () = caller.tenant.wait_until(deadline) => return Err(Refusal::SweeperTimeout),
        };
        if topic.is_empty() && !request.auth_refresh.is_empty() {
            return Err(Refusal::RefreshTooEarly);
        }
        caller.refresh(&request.auth_refresh)?;
        caller.check()?;
        if topic.is_empty() {
            topic.clone_from(&request.topic_name);
        } else if request.topic_name.is_empty() {
            request.topic_name.clone_from(&topic);
        } else if request.topic_name != topic {
            return Err(Refusal::TopicMismatch { publishing: true });
        }
        // A token by itself is no publication: it does not hold the stream.
        if request.events.is_empty() && !request.auth_refresh.is_empty() {
            continue;
        }
        if answers.send(Ok(publish(&caller, &request)?)).await.is_err() {
            return Ok(());
        }
        last = caller.now();
    }
}
