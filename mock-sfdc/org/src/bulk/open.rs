//! What whoever has a job does to it: open it, add to it, close it, abort it, delete it.

use std::sync::Arc;

use super::{
    content::Content,
    job::{Job, Spec, Standing, Work, viewer},
    outcomes::Outcomes,
    pace, query,
    store::Store,
    words::{
        BatchState, ColumnDelimiter, ConcurrencyMode, ContentType, JobState, JobType, LineEnding, Operation,
    },
};
use crate::{
    access::permissions::Viewer,
    error::Error,
    id::Id,
    save::AssignmentRuleChoice,
    schema::{Object, Schema},
    state::{State, Transaction},
    value::DateTime,
};

/// So many records of an upload to 2.0 are one batch of the day's.
const RECORDS_A_BATCH: usize = 10_000;

/// A job as it is asked for.
#[derive(Debug, Clone)]
pub struct NewJob {
    pub kind: JobType,
    pub operation: Operation,
    pub object: String,
    pub external_id: Option<String>,
    pub assignment_rule: Option<String>,
    pub content: ContentType,
    pub concurrency: ConcurrencyMode,
    pub line_ending: LineEnding,
    pub delimiter: ColumnDelimiter,
    pub api_version: u16,
    pub chunk_size: Option<usize>,
    pub start_row: Option<Id>,
    pub chunk_parent: Option<String>,
    pub retries: bool,
    pub namespace: Option<String>,
    pub origin: String,
}

/// A job that is there.
#[must_use]
pub fn find(state: &State, id: Id, now: DateTime) -> Option<Arc<Job>> {
    state.bulk().find(id, now).cloned()
}

/// Opens a job.
pub fn open(tx: &mut Transaction, new: NewJob) -> Result<Id, Error> {
    let viewer = viewer(tx.state(), tx.user(), new.namespace.as_deref());
    let spec = check(tx.state(), &viewer, new)?;
    let (user, now, pod) = (tx.user(), tx.now().whole_seconds(), tx.state().settings().pod);
    Ok(tx.bulk_mut().open(spec, user, now, pod))
}

fn check(state: &State, viewer: &Viewer, new: NewJob) -> Result<Spec, Error> {
    let found = viewer.schema().object(&new.object);
    let object = found.ok_or_else(|| Error::unable_to_find_object(&new.object))?;
    if new.operation == Operation::HardDelete && !viewer.may("BulkApiHardDelete") {
        return Err(Error::hard_delete_not_allowed());
    }
    let external_id = match (new.operation, new.external_id.filter(|name| !name.is_empty())) {
        (Operation::Upsert, None) => return Err(Error::blank_external_id(object.name.as_str())),
        (Operation::Upsert, Some(name)) => {
            let known = object
                .field(&name)
                .filter(|(_, field)| field.id_lookup || field.external_id || name.eq_ignore_ascii_case("Id"));
            let refused = || Error::no_such_external_id(&name, object.name.as_str());
            Some(known.ok_or_else(refused)?.1.name.as_str().to_owned())
        }
        _ => None,
    };
    let assignment = match new.assignment_rule.filter(|text| !text.is_empty()) {
        None => AssignmentRuleChoice::None,
        Some(text) => {
            let rule = Id::parse(&text).filter(|id| state.rules().assignment_rule(*id).is_some());
            AssignmentRuleChoice::Rule(rule.ok_or_else(|| Error::invalid_assignment_rule(&text))?)
        }
    };
    Ok(Spec {
        kind: new.kind,
        operation: new.operation,
        object: object.name.as_str().to_owned(),
        external_id,
        assignment,
        content: new.content,
        concurrency: new.concurrency,
        line_ending: new.line_ending,
        delimiter: new.delimiter,
        api_version: new.api_version,
        chunk_size: new.chunk_size,
        start_row: new.start_row,
        chunk_field: new
            .chunk_parent
            .map(|parent| chunk_parent(viewer.schema(), object, &parent))
            .transpose()?,
        retries: new.retries,
        namespace: new.namespace,
        origin: new.origin,
    })
}

/// The field of shares or history that names the record that they belong to.
fn chunk_parent(schema: &Schema, object: &Object, parent: &str) -> Result<String, Error> {
    let belongs = ["Share", "History"].iter().any(|kind| object.name.as_str().ends_with(kind));
    let parent = schema.object(parent).ok_or_else(|| Error::unable_to_find_object(parent))?;
    let mut fields = object.fields.iter().filter(|_| belongs);
    let field = fields.find(|field| matches!(&*field.reference_to, [to] if *to == parent.name));
    let refused = || Error::no_chunk_parent(object.name.as_str(), parent.name.as_str());
    Ok(field.ok_or_else(refused)?.name.as_str().to_owned())
}

/// Adds records to an open job: a batch of 1.0, or the upload of 2.0. What becomes of them will be kept in `results`.
pub fn add_records(
    tx: &mut Transaction,
    job: Id,
    content: Arc<dyn Content>,
    results: Arc<dyn Store>,
) -> Result<Id, Error> {
    let found = open_job(tx, job)?;
    let classic = found.spec.kind == JobType::Classic;
    if !classic && !found.batches.is_empty() {
        return Err(Error::uploaded_already());
    }
    let batches = if classic { 1 } else { content.records().div_ceil(RECORDS_A_BATCH) };
    spend(tx, batches)?;
    add(tx, job, Work::Records { content, at: 0, outcomes: Outcomes::new(results) }, classic)
}

/// Adds a query to an open job.
pub fn add_query(tx: &mut Transaction, job: Id, soql: &str) -> Result<Id, Error> {
    let found = open_job(tx, job)?;
    let classic = found.spec.kind == JobType::Classic;
    if classic {
        spend(tx, 1)?;
    } else {
        let (most, now) = (tx.state().bulk().limits.queries, tx.now());
        if tx.state().bulk().queries_used(now) >= most {
            return Err(Error::too_many_bulk_queries(most));
        }
        tx.bulk_mut().spend_query(now);
        let viewer = found.spec.viewer(tx.state(), tx.user());
        query::prepare(soql, &viewer, found.spec.api_version, false)?;
    }
    add(tx, job, Work::Query { soql: soql.into(), found: None }, classic)
}

fn add(tx: &mut Transaction, job: Id, work: Work, at_once: bool) -> Result<Id, Error> {
    let (now, pod) = (tx.now().whole_seconds(), tx.state().settings().pod);
    let batch = tx.bulk_mut().add(job, work, now, pod).ok_or_else(Error::resource_not_found)?;
    if at_once {
        pace::schedule(tx, job, batch);
    }
    Ok(batch)
}

fn open_job(tx: &Transaction, job: Id) -> Result<Arc<Job>, Error> {
    let found = find(tx.state(), job, tx.now()).ok_or_else(Error::resource_not_found)?;
    if found.standing == Standing::Open { Ok(found) } else { Err(Error::job_is_not_open()) }
}

fn spend(tx: &mut Transaction, batches: usize) -> Result<(), Error> {
    let now = tx.now();
    let jobs = tx.state().bulk();
    if jobs.batches_used(now) + batches > jobs.limits.batches {
        return Err(Error::too_many_batches());
    }
    tx.bulk_mut().spend_batches(now, batches);
    Ok(())
}

/// Says that nothing more will come. Of 2.0, work begins with it.
pub fn close(tx: &mut Transaction, job: Id) -> Result<(), Error> {
    let found = find(tx.state(), job, tx.now()).ok_or_else(Error::resource_not_found)?;
    if found.standing != Standing::Open {
        return Err(Error::job_state_forbids("Closing", word(found.state())));
    }
    if found.spec.kind == JobType::Ingest && found.batches.is_empty() {
        return Err(Error::nothing_uploaded());
    }
    stand(tx, job, Standing::Closed);
    if found.spec.kind != JobType::Classic {
        for batch in &found.batches {
            pace::schedule(tx, job, batch.id);
        }
    }
    Ok(())
}

/// Ends a job before its time. What is saved stays; what waits is not processed.
pub fn abort(tx: &mut Transaction, job: Id) -> Result<(), Error> {
    let found = find(tx.state(), job, tx.now()).ok_or_else(Error::resource_not_found)?;
    let state = found.state();
    if state.is_terminal() {
        return Err(Error::job_state_forbids("Aborting", word(state)));
    }
    stand(tx, job, Standing::Aborted);
    let now = tx.now();
    for batch in found.batches.iter().filter(|batch| !batch.state.is_terminal()) {
        if let Some(batch) = tx.bulk_mut().batch_mut(job, batch.id) {
            batch.state = BatchState::NotProcessed;
            batch.modified_at = now;
        }
    }
    Ok(())
}

/// How the sentence about a state calls it.
fn word(state: JobState) -> &'static str {
    match state {
        JobState::JobComplete => "Completed",
        other => other.as_str(),
    }
}

fn stand(tx: &mut Transaction, job: Id, standing: Standing) {
    let now = tx.now();
    if let Some(job) = tx.bulk_mut().job_mut(job) {
        job.standing = standing;
        job.modified_at = now;
    }
}

/// Forgets a job that is over, with its results.
pub fn delete(tx: &mut Transaction, job: Id) -> Result<(), Error> {
    let found = find(tx.state(), job, tx.now()).ok_or_else(Error::resource_not_found)?;
    // UploadComplete too, says the guide: such an upload is never processed.
    let state = found.state();
    let waits = state == JobState::UploadComplete && found.spec.kind == JobType::Ingest;
    if !state.is_terminal() && !waits {
        return Err(Error::job_is_not_terminated());
    }
    tx.bulk_mut().remove(job);
    Ok(())
}
