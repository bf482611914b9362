//! `ManagedSubscribe`: like `Subscribe`, but where it begins is what it has committed before. A commit that fails is told in a
//! response and ends nothing.

use std::sync::Arc;

use mock_sfdc_org::{
    id::Id,
    streaming::{self, ManagedState, ManagedSubscription, Place, Replay},
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};

use super::{
    WAITING,
    caller::Caller,
    status::Refusal,
    subscribe::{Subscription, later},
    wire::{
        CommitReplayRequest, CommitReplayResponse, Error, ErrorCode, ManagedFetchRequest,
        ManagedFetchResponse, replay_bytes, replay_number,
    },
};
use crate::api::streaming::Active;

/// Answers a stream of requests until either side ends it.
pub fn stream(
    caller: Arc<Caller>,
    requests: Streaming<ManagedFetchRequest>,
) -> ReceiverStream<Result<ManagedFetchResponse, Status>> {
    let (answers, receiver) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        if let Err(refusal) = serve(&caller, requests, &answers).await {
            let _ = answers.send(Err(refusal.into_status(&caller.rpc_id))).await;
        }
    });
    ReceiverStream::new(receiver)
}

async fn serve(
    caller: &Caller,
    mut requests: Streaming<ManagedFetchRequest>,
    answers: &mpsc::Sender<Result<ManagedFetchResponse, Status>>,
) -> Result<(), Refusal> {
    let Ok(Some(first)) = requests.message().await else { return Err(Refusal::FirstRequest) };
    let managed = named(caller, &first)?;
    let _active = Active::claim(&caller.tenant, &managed.full_name).ok_or(Refusal::ManagedActive)?;
    let place = managed.begin(&caller.state(), caller.now());
    let mut subscription = Subscription::begin(caller, &managed.topic_name, Replay::New)?;
    subscription.place = Place::behind(place);
    subscription.ask(first.num_requested)?;
    let mut news = caller.tenant.streaming.news();
    let mut quiet_until = later(caller);
    let response = |subscription: &Subscription| ManagedFetchResponse {
        events: Vec::new(),
        latest_replay_id: replay_bytes(subscription.place.replay_id()),
        rpc_id: caller.rpc_id.clone(),
        pending_num_requested: subscription.pending,
        commit_response: None,
    };
    loop {
        news.mark_unchanged();
        let mut answer = None;
        if let Some(batch) = subscription.next(caller)? {
            answer = Some(ManagedFetchResponse { events: batch.events, ..response(&subscription) });
        } else {
            tokio::select! {
                request = requests.message() => match request {
                    Ok(Some(request)) => {
                        let commit_response = more(caller, &managed, &mut subscription, request)?;
                        answer = commit_response.map(|commit| ManagedFetchResponse {
                            commit_response: Some(commit),
                            ..response(&subscription)
                        });
                    }
                    _ => return Ok(()),
                },
                _ = news.changed() => {}
                () = answers.closed() => return Ok(()),
                () = caller.tenant.wait_until(quiet_until) => answer = Some(response(&subscription)),
            }
        }
        caller.check()?;
        running(caller, &managed.full_name)?;
        if let Some(answer) = answer {
            if answers.send(Ok(answer)).await.is_err() {
                return Ok(());
            }
            quiet_until = later(caller);
        }
    }
}

/// The subscription that the first request names.
fn named(caller: &Caller, first: &ManagedFetchRequest) -> Result<ManagedSubscription, Refusal> {
    let state = caller.state();
    let known = state.streams().managed();
    let by_name = first.subscription_id.is_empty();
    let found = match (&*first.subscription_id, &*first.developer_name) {
        ("", "") => return Err(Refusal::ManagedUnnamed),
        ("", name) => known.by_name(name),
        (id, _) => Id::parse(id).and_then(|id| known.by_id(id)),
    };
    let found = found.ok_or(Refusal::ManagedNotFound { by_name })?.clone();
    running(caller, &found.full_name)?;
    Ok(found)
}

fn running(caller: &Caller, name: &str) -> Result<(), Refusal> {
    match caller.state().streams().managed().by_name(name) {
        None => Err(Refusal::ManagedDeleted),
        Some(known) if known.state == ManagedState::Stop => Err(Refusal::ManagedStopped),
        Some(_) => Ok(()),
    }
}

/// A request for more, a commit, or both.
fn more(
    caller: &Caller,
    managed: &ManagedSubscription,
    subscription: &mut Subscription,
    request: ManagedFetchRequest,
) -> Result<Option<CommitReplayResponse>, Refusal> {
    caller.refresh(&request.auth_refresh)?;
    let ManagedFetchRequest { subscription_id, developer_name, num_requested, auth_refresh, .. } = request;
    if !subscription_id.is_empty() || !developer_name.is_empty() && developer_name != managed.full_name {
        return Err(Refusal::ManagedFirst);
    }
    let commit = request.commit_replay_id_request;
    if num_requested != 0 || commit.is_none() && auth_refresh.is_empty() {
        subscription.ask(num_requested)?;
    }
    Ok(commit.map(|commit| committed(caller, managed, commit)))
}

fn committed(
    caller: &Caller,
    managed: &ManagedSubscription,
    commit: CommitReplayRequest,
) -> CommitReplayResponse {
    let CommitReplayRequest { commit_request_id, replay_id } = commit;
    let (state, now) = (caller.state(), caller.now());
    let number = replay_number(&replay_id).filter(|number| {
        let kept = i64::try_from(*number).ok().map(Replay::After);
        kept.is_some_and(|replay| streaming::first_position(&state, &managed.topic_name, replay, now).is_ok())
    });
    let error = match number {
        None => Some(Error { code: ErrorCode::Commit.into(), msg: Refusal::ReplayIdCorrupted.to_string() }),
        Some(number) => {
            caller.tenant.in_transaction(caller.user(), |tx| {
                tx.streams_mut().managed_mut().commit(&managed.full_name, number);
            });
            None
        }
    };
    CommitReplayResponse { commit_request_id, replay_id, error, process_time: now.millis() }
}
