//! When batches move on: at once, by the clock, by questions, or by hand ([`Progress`]). What is done with them then is
//! [`super::work`]'s. A batch that meets a locked row has another go when the row is free, or after a while.

use std::convert::Infallible;

use super::{
    job::{Job, Standing},
    progress::Progress,
    words::{BatchState, ConcurrencyMode, JobType},
    work::{begin, work},
};
use crate::{id::Id, org::Org, state::Transaction, value::DateTime};

/// Whether a batch may be worked on now.
pub(super) fn is_ready(job: &Job, batch: Id) -> bool {
    may_work(job)
        && !is_out_of_turn(job, batch)
        && job.batch(batch).is_some_and(|batch| !batch.state.is_terminal())
}

/// Whether there is work on a job, if any of its batches is ready.
pub(super) fn may_work(job: &Job) -> bool {
    match job.standing {
        Standing::Open => job.spec.kind == JobType::Classic,
        Standing::Closed => true,
        Standing::Aborted => false,
    }
}

/// Whether a serial job has earlier batches that are not over.
fn is_out_of_turn(job: &Job, batch: Id) -> bool {
    let mut before = job.batches.iter().take_while(|before| before.id != batch);
    job.spec.concurrency == ConcurrencyMode::Serial
        && job.standing != Standing::Aborted
        && before.any(|batch| !batch.state.is_terminal())
}

fn ready_batches(job: &Job) -> Vec<Id> {
    job.batches.iter().map(|batch| batch.id).filter(|batch| is_ready(job, *batch)).collect()
}

/// Does what a job has been given, if work is done at once. Whoever completed it waits for this.
pub fn settle(org: &Org, job: Id) {
    if org.snapshot().bulk().progress() == Progress::AtOnce {
        finish(org, job);
    }
}

/// Does everything that a job has been given.
pub fn finish(org: &Org, job: Id) {
    let org = &org.at_once();
    loop {
        let state = org.snapshot();
        let Some(found) = state.bulk().find(job, org.clock().now()) else { return };
        let mut ready = ready_batches(found);
        ready.retain(|batch| !state.bulk().is_put_off(*batch));
        if ready.is_empty() {
            return;
        }
        for batch in ready {
            work(org, job, batch, usize::MAX);
        }
    }
}

/// Does what the clock has made due: a batch gets under way after half of its time, and is done after all of it.
pub fn catch_up(org: &Org) {
    let org = &org.at_once();
    loop {
        let (state, now) = (org.snapshot(), org.clock().now());
        let held = org.usage().row_locks.all().unwrap_or_default();
        let due = state.bulk().first_due(now).or_else(|| state.bulk().first_freed(&held));
        let Some((at, job, batch)) = due else { return };
        let found = state.bulk().find(job, now);
        let user = found.map_or_else(|| crate::seed::administrator(state.settings()), |job| job.created_by);
        let state_of = |job: &std::sync::Arc<Job>| job.batch(batch).map(|batch| batch.state);
        let under_way = found.and_then(state_of) == Some(BatchState::InProgress);
        let ready = found.is_some_and(|job| is_ready(job, batch));
        let waits_its_turn = found.is_some_and(|job| is_out_of_turn(job, batch));
        let Ok(()) = org.transact(user, |tx| {
            let half = half_of(tx.state().bulk().progress());
            tx.bulk_mut().no_longer_due(at, batch);
            if waits_its_turn {
                tx.bulk_mut().wait(job, batch, DateTime::from_millis(now.millis() + half.max(1)));
            } else if ready && !under_way {
                begin(tx, job, batch);
                tx.bulk_mut().wait(job, batch, DateTime::from_millis(at.millis() + half));
            }
            Ok::<_, Infallible>(())
        });
        if ready && under_way {
            work(org, job, batch, usize::MAX);
            // Those that had to wait for it.
            settle(org, job);
        }
    }
}

fn half_of(progress: Progress) -> i64 {
    match progress {
        Progress::After { millis } => i64::from(millis) / 2,
        _ => 0,
    }
}

/// Somebody asks how a job, or one batch of it, goes. Where work goes by questions, this one counts.
pub fn polled(org: &Org, job: Id, only: Option<Id>) {
    let org = &org.at_once();
    let state = org.snapshot();
    let Progress::Polls { polls: most } = state.bulk().progress() else { return };
    let Some(found) = state.bulk().find(job, org.clock().now()) else { return };
    let batches = ready_batches(found);
    for batch in batches.into_iter().filter(|batch| only.is_none_or(|only| only == *batch)) {
        let polls = org.transact(found.created_by, |tx| {
            let Some(batch) = tx.bulk_mut().batch_mut(job, batch) else { return Ok(0) };
            batch.polls += 1;
            Ok::<_, Infallible>(batch.polls)
        });
        let Ok(polls) = polls;
        if polls > most {
            work(org, job, batch, usize::MAX);
        } else if polls > 1 {
            let Ok(()) = org.transact(found.created_by, |tx| {
                begin(tx, job, batch);
                Ok::<_, Infallible>(())
            });
        }
    }
}

/// Moves a job on by hand: what is queued gets under way; what is under way is done, or so many of its records.
pub fn advance(org: &Org, job: Id, records: Option<usize>) {
    let org = &org.at_once();
    let state = org.snapshot();
    let Some(found) = state.bulk().find(job, org.clock().now()) else { return };
    for batch in ready_batches(found) {
        let queued = found.batch(batch).is_some_and(|batch| batch.state == BatchState::Queued);
        if queued && records.is_none() {
            let Ok(()) = org.transact(found.created_by, |tx| {
                begin(tx, job, batch);
                Ok::<_, Infallible>(())
            });
        } else {
            work(org, job, batch, records.unwrap_or(usize::MAX));
        }
    }
}

/// Lets a batch that may be worked on wait for its time, if it has one.
pub(super) fn schedule(tx: &mut Transaction, job: Id, batch: Id) {
    if let Progress::After { millis } = tx.state().bulk().progress() {
        let until = DateTime::from_millis(tx.now().millis() + i64::from(millis) / 2);
        tx.bulk_mut().wait(job, batch, until);
    }
}
