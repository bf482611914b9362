//! Work on a batch: a chunk at a time, each in a transaction of its own, so that others come in between and the job can be
//! aborted on the way. Nobody waits here for a locked row: it fails its record.

use std::sync::Arc;

use super::{
    columns::{Columns, not_found},
    content::{Content, Names},
    divide,
    job::{Job, Outcome, Standing, Work},
    progress::Progress,
    query, rows,
    words::{BatchState, ConcurrencyMode, JobType},
};
use crate::{id::Id, org::Org, state::Transaction, value::DateTime};

/// How far one step came.
enum Step {
    /// So many records are done, and there are more.
    More(usize),
    Over,
}

/// Whether a batch may be worked on now.
fn is_ready(job: &Job, batch: Id) -> bool {
    let standing = match job.standing {
        Standing::Open => job.spec.kind == JobType::Classic,
        Standing::Closed => true,
        Standing::Aborted => false,
    };
    let in_turn = job.spec.concurrency == ConcurrencyMode::Parallel
        || job.batches.iter().take_while(|before| before.id != batch).all(|batch| batch.state.is_terminal());
    standing && in_turn && job.batch(batch).is_some_and(|batch| !batch.state.is_terminal())
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
        let ready = ready_batches(found);
        if ready.is_empty() {
            return;
        }
        for batch in ready {
            work(org, job, batch, usize::MAX);
        }
    }
}

/// Does what the clock has made due.
pub fn catch_up(org: &Org) {
    let org = &org.at_once();
    loop {
        let state = org.snapshot();
        let now = org.clock().now();
        let Some((at, job, batch)) = state.bulk().first_due(now) else { return };
        let ready = state.bulk().find(job, now).is_some_and(|job| is_ready(job, batch));
        let user = state.bulk().find(job, now).map_or_else(|| admin(org), |job| job.created_by);
        let under_way = job_batch_state(org, job, batch) == Some(BatchState::InProgress);
        let _ = org.transact(user, |tx| {
            tx.bulk_mut().no_longer_due(at, batch);
            if ready && !under_way {
                begin(tx, job, batch);
                let half = half_of(tx.state().bulk().progress());
                tx.bulk_mut().wait(job, batch, DateTime::from_millis(at.millis() + half));
            }
            Ok::<_, std::convert::Infallible>(())
        });
        if ready && under_way {
            work(org, job, batch, usize::MAX);
        }
    }
}

fn half_of(progress: Progress) -> i64 {
    match progress {
        Progress::After { millis } => i64::from(millis) / 2,
        _ => 0,
    }
}

fn admin(org: &Org) -> Id {
    crate::seed::administrator(org.snapshot().settings())
}

fn job_batch_state(org: &Org, job: Id, batch: Id) -> Option<BatchState> {
    let state = org.snapshot();
    let found = state.bulk().find(job, org.clock().now())?;
    found.batch(batch).map(|batch| batch.state)
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
            Ok::<_, std::convert::Infallible>(batch.polls)
        });
        let Ok(polls) = polls;
        if polls > most {
            work(org, job, batch, usize::MAX);
        } else if polls > 1 {
            let Ok(()) = org.transact(found.created_by, |tx| {
                begin(tx, job, batch);
                Ok::<_, std::convert::Infallible>(())
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
                Ok::<_, std::convert::Infallible>(())
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

fn begin(tx: &mut Transaction, job: Id, batch: Id) {
    let now = tx.now();
    let jobs = tx.bulk_mut();
    if let Some(batch) = jobs.batch_mut(job, batch).filter(|batch| batch.state == BatchState::Queued) {
        batch.state = BatchState::InProgress;
        batch.modified_at = now;
        batch.began_at = Some(now);
    }
    if let Some(job) = jobs.job_mut(job) {
        job.modified_at = now;
    }
}

/// Works on a batch until so many records are done, or all.
fn work(org: &Org, job: Id, batch: Id, most: usize) {
    let mut left = most;
    while left > 0 {
        let state = org.snapshot();
        let Some(found) = state.bulk().find(job, org.clock().now()) else { return };
        let user = found.created_by;
        drop(state);
        let step = org.transact_as(user, |tx| Ok::<_, std::convert::Infallible>(step(tx, job, batch, left)));
        match step {
            Ok(Step::More(done)) => left = left.saturating_sub(done),
            Ok(Step::Over) => return,
        }
    }
}

fn step(tx: &mut Transaction, job_id: Id, batch_id: Id, most: usize) -> Step {
    let job = tx.state().bulk().find(job_id, tx.now()).filter(|job| is_ready(job, batch_id)).cloned();
    let Some(job) = job else { return Step::Over };
    tx.set_origin(&*job.spec.origin);
    begin(tx, job_id, batch_id);
    let Some(batch) = job.batch(batch_id).cloned() else { return Step::Over };
    match &batch.work {
        Work::Query { soql, .. } => {
            if divided(tx, &job, batch_id, soql) {
                return Step::Over;
            }
            let found = query::run(tx, &job, soql);
            query::finish(tx, &job, batch_id, found);
            Step::Over
        }
        Work::Records { content, at, .. } => {
            let (content, at) = (Arc::clone(content), *at);
            drop(batch);
            records(tx, &job, batch_id, content.as_ref(), at, most)
        }
    }
}

/// Whether other batches have come in the place of this one.
fn divided(tx: &mut Transaction, job: &Job, batch: Id, soql: &str) -> bool {
    // What cannot be read fails when it is run.
    let Ok(Some(parts)) = divide::parts(tx, job, soql) else { return false };
    let (now, pod) = (tx.now(), tx.state().settings().pod);
    for part in parts {
        let work = Work::Query { soql: part.into(), found: None };
        if let Some(added) = tx.bulk_mut().add(job.id, work, now.whole_seconds(), pod) {
            schedule(tx, job.id, added);
        }
    }
    if let Some(batch) = tx.bulk_mut().batch_mut(job.id, batch) {
        batch.state = BatchState::NotProcessed;
        batch.modified_at = now;
    }
    true
}

fn records(
    tx: &mut Transaction,
    job: &Job,
    batch: Id,
    content: &dyn Content,
    at: usize,
    most: usize,
) -> Step {
    let state = tx.state();
    let viewer = state.viewer(job.created_by);
    let schema = viewer.schema();
    let Some(object) = schema.object(&job.spec.object).cloned() else {
        return fail(
            tx,
            job.id,
            batch,
            &format!("InvalidBatch : Unable to find object: {}", job.spec.object),
        );
    };
    if let Some(fault) = content.fault() {
        return fail(tx, job.id, batch, fault);
    }
    if job.spec.kind == JobType::Classic
        && let Some(fault) = wrong_number(content.records())
    {
        return fail(tx, job.id, batch, &fault);
    }
    if at == 0
        && let Err(fault) = check_names(job, &object, schema, content)
    {
        return fail(tx, job.id, batch, &fault);
    }
    let next = std::cell::Cell::new(at);
    let read = || {
        let mut rows = Vec::with_capacity(rows::CHUNK.min(most));
        let mut known = None;
        next.set(content.read(at, rows::CHUNK.min(most), &mut |names, cells| {
            if let Some(columns) = bound(&mut known, job, &object, schema, names) {
                rows.push(columns.row(schema, &object, cells));
            }
        }));
        rows
    };
    let outcomes = rows::save(tx, &object, &job.spec, read);
    let next = next.get();
    note(tx, job.id, batch, next, outcomes, content.records())
}

/// Records of a batch of 1.0.
const MOST_RECORDS: usize = 10_000;

fn wrong_number(records: usize) -> Option<String> {
    match records {
        0 => Some("InvalidBatch : Records not found".to_owned()),
        1..=MOST_RECORDS => None,
        _ => Some(format!("InvalidBatch : Too many records in a batch: {records}, at most {MOST_RECORDS}")),
    }
}

/// The meaning of these names; of those that came before if they are the same.
fn bound<'a>(
    known: &'a mut Option<Columns>,
    job: &Job,
    object: &crate::schema::Object,
    schema: &crate::schema::Schema,
    names: &Names,
) -> Option<&'a Columns> {
    if known.as_ref().is_none_or(|known| !Arc::ptr_eq(&known.names, names)) {
        *known = Columns::bind(schema, object, &job.spec, names).ok();
    }
    known.as_ref()
}

/// A name that means nothing fails a batch before any of its records is touched.
fn check_names(
    job: &Job,
    object: &crate::schema::Object,
    schema: &crate::schema::Schema,
    content: &dyn Content,
) -> Result<(), String> {
    if let Some(header) = content.header() {
        let columns = Columns::bind(schema, object, &job.spec, header)?;
        return columns.missing(&job.spec).map_or(Ok(()), |name| Err(not_found(name)));
    }
    let (mut last, mut fault): (Option<Names>, Option<String>) = (None, None);
    content.read(0, usize::MAX, &mut |names, _| {
        if fault.is_none() && last.as_ref().is_none_or(|last| !Arc::ptr_eq(last, names)) {
            fault = Columns::bind(schema, object, &job.spec, names).err();
            last = Some(Arc::clone(names));
        }
    });
    fault.map_or(Ok(()), Err)
}

/// Writes down what became of a chunk.
fn note(tx: &mut Transaction, job: Id, batch: Id, next: usize, chunk: Vec<Outcome>, of: usize) -> Step {
    let now = tx.now();
    let done = chunk.len();
    let jobs = tx.bulk_mut();
    if let Some(job) = jobs.job_mut(job) {
        job.modified_at = now;
    }
    let Some(batch) = jobs.batch_mut(job, batch) else { return Step::Over };
    batch.processed += done;
    batch.failed += chunk.iter().filter(|outcome| matches!(outcome, Outcome::Failed { .. })).count();
    batch.modified_at = now;
    batch.took = batch.began_at.map_or(0, |began| now.millis() - began.millis());
    if let Work::Records { at, outcomes, .. } = &mut batch.work {
        *at = next;
        if done > 0 {
            outcomes.push_back(chunk.into());
        }
    }
    if done == 0 || batch.processed >= of {
        batch.state = BatchState::Completed;
        return Step::Over;
    }
    Step::More(done)
}

/// The batch fails as a whole; nothing of it was saved.
fn fail(tx: &mut Transaction, job: Id, batch: Id, message: &str) -> Step {
    let now = tx.now();
    let jobs = tx.bulk_mut();
    if let Some(batch) = jobs.batch_mut(job, batch) {
        batch.state = BatchState::Failed;
        batch.message = Some(message.to_owned());
        batch.modified_at = now;
    }
    if let Some(job) = jobs.job_mut(job) {
        job.modified_at = now;
    }
    Step::Over
}
