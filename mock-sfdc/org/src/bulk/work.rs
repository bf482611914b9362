//! Work on a batch: a chunk at a time, each in a transaction of its own, so that others come in between and the job can be
//! aborted on the way.

use std::{cell::RefCell, convert::Infallible, io, sync::Arc};

use super::{
    columns::{Columns, not_found},
    content::{Content, Names},
    divide,
    job::{Job, Work},
    outcomes::Outcome,
    pace::{is_ready, schedule},
    query, rows,
    words::{BatchState, JobType},
};
use crate::{
    id::Id,
    org::Org,
    schema::{Object, Schema},
    state::{Savepoint, Transaction},
    value::DateTime,
};

/// How far one step came.
enum Step {
    /// So many records are done, and there are more.
    More(usize),
    Over,
}

/// Says that a batch is under way.
pub(super) fn begin(tx: &mut Transaction, job: Id, batch: Id) {
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
pub(super) fn work(org: &Org, job: Id, batch: Id, most: usize) {
    let mut left = most;
    while left > 0 {
        let state = org.snapshot();
        let Some(found) = state.bulk().find(job, org.clock().now()) else { return };
        let user = found.created_by;
        drop(state);
        let step = org.transact_as(user, |tx| Ok::<_, Infallible>(step(tx, job, batch, left)));
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

fn records(tx: &mut Transaction, job: &Job, batch: Id, content: &dyn Content, at: u64, most: usize) -> Step {
    let state = tx.state();
    let viewer = job.spec.viewer(state, job.created_by);
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
    // Without locks there is nothing to go back for.
    let before = tx.has_locks().then(|| tx.savepoint());
    let reached = RefCell::new(Ok(at));
    let read = || {
        let mut rows = Vec::with_capacity(rows::CHUNK.min(most));
        let mut known = None;
        let read = content.read(at, rows::CHUNK.min(most), &mut |names, cells| {
            if let Some(columns) = bound(&mut known, job, &object, schema, names) {
                rows.push(columns.row(schema, &object, cells));
            }
        });
        // Half a chunk is none.
        let rows = if read.is_ok() { rows } else { Vec::new() };
        drop(reached.replace(read));
        rows
    };
    let outcomes = rows::save(tx, &object, &job.spec, read);
    if let Some(before) = before
        && put_off(tx, job, batch, before)
    {
        return Step::Over;
    }
    match reached.into_inner() {
        Ok(next) => note(tx, job.id, batch, next, &outcomes, content.records()),
        Err(error) => fail(tx, job.id, batch, &lost(&error)),
    }
}

/// How often a batch has another go.
const MOST_RETRIES: u32 = 10;

/// Whether the batch waits for rows that somebody holds: then nothing of this chunk was done.
fn put_off(tx: &mut Transaction, job: &Job, batch: Id, before: Savepoint) -> bool {
    let rows = tx.take_blocked();
    let retries = job.batch(batch).map_or(0, |batch| batch.retries);
    if rows.is_empty() || !job.spec.retries || retries >= MOST_RETRIES {
        return false;
    }
    tx.roll_back_to(before);
    let wait = tx.state().settings().limits.row_lock_wait_millis();
    let until = DateTime::from_millis(tx.now().millis() + wait);
    tx.bulk_mut().put_off(job.id, batch, rows, until);
    true
}

/// Records of a batch of 1.0.
const MOST_RECORDS: usize = 10_000;

fn wrong_number(records: usize) -> Option<String> {
    match records {
        0 => Some("InvalidBatch : Records not found".to_owned()),
        1..=MOST_RECORDS => None,
        // Salesforce's reader counts the header, and whatever format a batch has, its sentence does.
        _ => Some(format!(
            "InvalidBatch : Exceeded number of records: {}. Number of records should be less than or equal to {}",
            records + 1,
            MOST_RECORDS + 1
        )),
    }
}

/// The meaning of these names; of those that came before if they are the same.
fn bound<'a>(
    known: &'a mut Option<Columns>,
    job: &Job,
    object: &Object,
    schema: &Schema,
    names: &Names,
) -> Option<&'a Columns> {
    if known.as_ref().is_none_or(|known| !Arc::ptr_eq(&known.names, names)) {
        *known = Columns::bind(schema, object, &job.spec, names).ok();
    }
    known.as_ref()
}

/// A name that means nothing fails a batch before any of its records is touched.
fn check_names(job: &Job, object: &Object, schema: &Schema, content: &dyn Content) -> Result<(), String> {
    for names in content.names() {
        let columns = Columns::bind(schema, object, &job.spec, names)?;
        if let Some(name) = columns.missing(&job.spec).filter(|_| content.is_table()) {
            return Err(not_found(name));
        }
    }
    Ok(())
}

/// Writes down what became of a chunk.
fn note(tx: &mut Transaction, job: Id, batch: Id, next: u64, chunk: &[Outcome], of: usize) -> Step {
    let now = tx.now();
    let done = chunk.len();
    let jobs = tx.bulk_mut();
    if let Some(job) = jobs.job_mut(job) {
        job.modified_at = now;
    }
    let Some(noted) = jobs.batch_mut(job, batch) else { return Step::Over };
    noted.processed += done;
    noted.failed += chunk.iter().filter(|outcome| matches!(outcome, Outcome::Failed { .. })).count();
    noted.modified_at = now;
    noted.took = noted.began_at.map_or(0, |began| now.millis() - began.millis());
    if let Work::Records { at, outcomes, .. } = &mut noted.work {
        *at = next;
        if let Err(error) = if done > 0 { outcomes.push(chunk) } else { Ok(()) } {
            return fail(tx, job, batch, &lost(&error));
        }
    }
    if done == 0 || noted.processed >= of {
        noted.state = BatchState::Completed;
        return Step::Over;
    }
    Step::More(done)
}

/// Why a batch fails whose store does.
fn lost(error: &io::Error) -> String {
    format!("mock-sfdc cannot keep this batch: {error}")
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
