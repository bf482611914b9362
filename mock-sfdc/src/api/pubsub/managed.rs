//! `ManagedSubscribe`: like `Subscribe`, but where it begins is what it has committed before. A commit that fails is told in a
//! response and ends nothing.

use std::sync::Arc;

use mock_sfdc_org::{
    id::Id,
    streaming::{self, ManagedState, ManagedSubscription, Place, Replay},
};
use tonic::Streaming;

use super::{
    caller::Caller,
    status::Refusal,
    stream::{Answered, Answers, answered, next},
    subscribe::Subscription,
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
) -> Answered<ManagedFetchResponse> {
    answered(caller, |caller, answers| serve(caller, requests, answers))
}

async fn serve(
    caller: Arc<Caller>,
    mut requests: Streaming<ManagedFetchRequest>,
    answers: Answers<ManagedFetchResponse>,
) -> Result<(), Refusal> {
    let Some(first) = next(&mut requests).await? else { return Err(Refusal::FirstRequest) };
    let managed = named(&caller, &first)?;
    let _active = Active::claim(&caller.tenant, &managed.full_name).ok_or(Refusal::ManagedActive)?;
    let place = managed.begin(&caller.state(), caller.now());
    let mut subscription = Subscription::begin(&caller, &managed.topic_name, Replay::New)?;
    subscription.place = Place::behind(place);
    ask(&mut subscription, first.num_requested)?;
    let mut news = caller.tenant.streaming.news();
    let mut last = caller.now();
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
        if let Some(batch) = subscription.next(&caller)? {
            answer = Some(ManagedFetchResponse { events: batch.events, ..response(&subscription) });
        } else {
            tokio::select! {
                request = next(&mut requests) => match request? {
                    Some(request) => {
                        let commit_response = more(&caller, &managed, &mut subscription, request)?;
                        answer = commit_response.map(|commit| ManagedFetchResponse {
                            commit_response: Some(commit),
                            ..response(&subscription)
                        });
                        last = if subscription.is_idle() { caller.now() } else { last };
                    }
                    None => return Ok(()),
                },
                _ = news.changed() => {}
                () = answers.closed() => return Ok(()),
                () = caller.tenant.wait_until(subscription.quiet_until(last)) => {
                    if subscription.is_idle() {
                        return Ok(());
                    }
                    answer = Some(response(&subscription));
                }
            }
        }
        caller.check()?;
        running(&caller, &managed.full_name)?;
        if let Some(answer) = answer {
            if answers.send(Ok(answer)).await.is_err() {
                return Ok(());
            }
            last = caller.now();
        }
    }
}

/// The subscription that the first request names, by one of the two; there is nothing yet that it could commit or refresh.
fn named(caller: &Caller, first: &ManagedFetchRequest) -> Result<ManagedSubscription, Refusal> {
    if first.commit_replay_id_request.is_some() {
        return Err(Refusal::ManagedCommitFirst);
    }
    if !first.auth_refresh.is_empty() {
        return Err(Refusal::ManagedRefreshFirst);
    }
    let state = caller.state();
    let known = state.streams().managed();
    let found = match (&*first.subscription_id, &*first.developer_name) {
        ("", "") => return Err(Refusal::ManagedUnnamed),
        ("", name) => known.by_name(name).ok_or(Refusal::ManagedNotFound { by_name: true }),
        (id, "") if !matches!(id.len(), 15 | 18) => return Err(Refusal::ManagedIdInvalid),
        (id, "") => {
            let found = Id::parse(id).and_then(|id| known.by_id(id));
            found.ok_or(Refusal::ManagedNotFound { by_name: false })
        }
        _ => return Err(Refusal::ManagedUnnamed),
    };
    let found = found?.clone();
    running(caller, &found.full_name)?;
    Ok(found)
}

/// A subscriber may ask for nothing, to commit what it has had.
fn ask(subscription: &mut Subscription, more: i32) -> Result<(), Refusal> {
    if more < 0 {
        return Err(Refusal::NumRequested { number: more, managed: true });
    }
    subscription.ask(more);
    Ok(())
}

fn running(caller: &Caller, name: &str) -> Result<(), Refusal> {
    match caller.state().streams().managed().by_name(name) {
        None => Err(Refusal::ManagedDeleted),
        Some(known) if known.state == ManagedState::Stop => Err(Refusal::ManagedStopped),
        Some(_) => Ok(()),
    }
}

/// A request for more, a commit, or both. It may name the subscription again, but no other.
fn more(
    caller: &Caller,
    managed: &ManagedSubscription,
    subscription: &mut Subscription,
    request: ManagedFetchRequest,
) -> Result<Option<CommitReplayResponse>, Refusal> {
    caller.refresh(&request.auth_refresh)?;
    let ManagedFetchRequest { subscription_id, developer_name, num_requested, auth_refresh, .. } = request;
    let pod = caller.state().settings().pod;
    let other_id = !subscription_id.is_empty() && Id::parse(&subscription_id) != Some(managed.id(pod));
    let other_name = !developer_name.is_empty() && developer_name != managed.full_name;
    let commit = request.commit_replay_id_request;
    let says_nothing = num_requested == 0 && commit.is_none() && auth_refresh.is_empty();
    if other_id || other_name || says_nothing {
        return Err(Refusal::ManagedRequest);
    }
    ask(subscription, num_requested)?;
    Ok(commit.map(|commit| committed(caller, managed, subscription, commit)))
}

fn committed(
    caller: &Caller,
    managed: &ManagedSubscription,
    subscription: &Subscription,
    commit: CommitReplayRequest,
) -> CommitReplayResponse {
    let CommitReplayRequest { commit_request_id, replay_id } = commit;
    let error = match to_commit(caller, managed, subscription, &replay_id) {
        Err(msg) => Some(Error { code: ErrorCode::Commit.into(), msg }),
        Ok(number) => {
            caller.tenant.in_transaction(caller.user(), |tx| {
                tx.streams_mut().managed_mut().commit(&managed.full_name, number);
            });
            None
        }
    };
    CommitReplayResponse { commit_request_id, replay_id, error, process_time: caller.now().millis() }
}

/// The place that may be committed: one that is kept, has been told in this stream, and does not lie before the last one.
fn to_commit(
    caller: &Caller,
    managed: &ManagedSubscription,
    subscription: &Subscription,
    replay_id: &[u8],
) -> Result<u64, String> {
    if replay_id.is_empty() {
        return Err("The commit request has no Replay ID.".to_owned());
    }
    let (state, now) = (caller.state(), caller.now());
    let number = replay_number(replay_id).filter(|number| {
        let kept = i64::try_from(*number).ok().map(Replay::After);
        kept.is_some_and(|replay| streaming::first_position(&state, &managed.topic_name, replay, now).is_ok())
    });
    let number = number.ok_or_else(|| Refusal::ReplayIdCorrupted.to_string())?;
    if number > subscription.place.replay_id() {
        return Err("The event with this Replay ID was not delivered yet.".to_owned());
    }
    let committed =
        state.streams().managed().by_name(&managed.full_name).and_then(ManagedSubscription::committed);
    if committed.is_some_and(|committed| number < committed) {
        return Err("The Replay ID is older than the one that is committed.".to_owned());
    }
    Ok(number)
}
