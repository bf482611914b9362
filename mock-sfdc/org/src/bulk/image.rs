//! Jobs as an image keeps them ([`crate::image`]): what each was made to be, how far its batches are, and, by themselves, what was
//! sent and what became of it. What a query has found is a moment of the org, which no image has: such a batch comes back failed, and
//! says why.

use std::sync::Arc;

use imbl::Vector;
use serde::{Deserialize, Serialize};

use super::{
    content::Content,
    job::{Batch, Job, Spec, Standing, Work},
    jobs::{DailyLimits, Jobs},
    outcomes::Outcomes,
    pace::may_work,
    progress::Progress,
    store::Store,
    words::BatchState,
};
use crate::{id::Id, value::DateTime};

const FOUND_IS_LOST: &str = "mock-sfdc does not keep what a query has found: run it again";

/// Who has room for uploads and can read them: the face.
pub trait Formats: std::fmt::Debug + Send + Sync {
    /// An empty place.
    fn store(&self) -> Arc<dyn Store>;

    /// What was sent to such a job.
    fn content(&self, spec: &Spec, sent: Arc<dyn Store>) -> Arc<dyn Content>;
}

/// What a batch was sent, and what became of it.
#[derive(Debug)]
pub(crate) struct Kept {
    pub content: Arc<dyn Content>,
    pub outcomes: Outcomes,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct JobsImage {
    last_job: u64,
    last_batch: u64,
    progress: Progress,
    limits: DailyLimits,
    page: usize,
    batches: Vec<(DateTime, usize)>,
    queries: Vec<(DateTime, usize)>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct JobImage {
    pub spec: Spec,
    created_by: Id,
    created_at: DateTime,
    modified_at: DateTime,
    standing: Standing,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct BatchImage {
    state: BatchState,
    message: Option<String>,
    created_at: DateTime,
    modified_at: DateTime,
    processed: usize,
    failed: usize,
    took: i64,
    began_at: Option<DateTime>,
    polls: u32,
    retries: u32,
    due: Option<DateTime>,
    work: WorkImage,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum WorkImage {
    Records { at: u64 },
    Query { soql: String },
}

impl JobsImage {
    pub fn of(jobs: &Jobs) -> Self {
        let [batches, queries] = jobs.spent();
        Self {
            last_job: jobs.last_job,
            last_batch: jobs.last_batch,
            progress: jobs.progress,
            limits: jobs.limits,
            page: jobs.page,
            batches: batches.iter().copied().collect(),
            queries: queries.iter().copied().collect(),
        }
    }
}

impl JobImage {
    pub fn of(job: &Job) -> Self {
        Self {
            spec: Spec::clone(&job.spec),
            created_by: job.created_by,
            created_at: job.created_at,
            modified_at: job.modified_at,
            standing: job.standing,
        }
    }
}

impl BatchImage {
    pub fn of(batch: &Batch) -> Self {
        Self {
            state: batch.state,
            message: batch.message.clone(),
            created_at: batch.created_at,
            modified_at: batch.modified_at,
            processed: batch.processed,
            failed: batch.failed,
            took: batch.took,
            began_at: batch.began_at,
            polls: batch.polls,
            retries: batch.retries,
            due: batch.due,
            work: match &batch.work {
                Work::Records { at, .. } => WorkImage::Records { at: *at },
                Work::Query { soql, .. } => WorkImage::Query { soql: soql.to_string() },
            },
        }
    }

    /// Whether records were sent, and not a query.
    pub fn has_records(&self) -> bool {
        matches!(self.work, WorkImage::Records { .. })
    }

    fn into_batch(self, id: Id, kept: Option<Kept>) -> Option<Batch> {
        let work = match (self.work, kept) {
            (WorkImage::Records { at }, Some(Kept { content, outcomes })) => {
                Work::Records { content, at, outcomes }
            }
            (WorkImage::Records { .. }, None) => return None,
            (WorkImage::Query { soql }, _) => Work::Query { soql: soql.into(), found: None },
        };
        let mut batch = Batch {
            id,
            state: self.state,
            message: self.message,
            created_at: self.created_at,
            modified_at: self.modified_at,
            work,
            processed: self.processed,
            failed: self.failed,
            took: self.took,
            began_at: self.began_at,
            polls: self.polls,
            retries: self.retries,
            due: self.due,
        };
        if matches!(batch.work, Work::Query { .. }) && batch.state == BatchState::Completed {
            batch.state = BatchState::Failed;
            batch.message = Some(FOUND_IS_LOST.to_owned());
        }
        Some(batch)
    }
}

impl Jobs {
    pub(crate) fn take_image(&mut self, image: JobsImage) {
        self.last_job = image.last_job;
        self.last_batch = image.last_batch;
        self.progress = image.progress;
        self.limits = image.limits;
        self.page = image.page;
        self.set_spent([image.batches, image.queries].map(|spent| spent.into_iter().collect()));
    }

    pub(crate) fn take_job(&mut self, id: Id, image: JobImage) {
        let job = Job {
            id,
            spec: Arc::new(image.spec),
            created_by: image.created_by,
            created_at: image.created_at,
            modified_at: image.modified_at,
            standing: image.standing,
            batches: Vector::new(),
        };
        self.put(job);
    }

    /// Takes back a batch of a job that is there, behind those that it has; whether it could. One that was worked on when the image
    /// was made is due at once.
    pub(crate) fn take_batch(&mut self, job: Id, id: Id, image: BatchImage, kept: Option<Kept>) -> bool {
        let Some(batch) = image.into_batch(id, kept) else { return false };
        let (over, due, modified) = (batch.state.is_terminal(), batch.due, batch.modified_at);
        let Some(owner) = self.job_mut(job) else { return false };
        owner.batches.push_back(Arc::new(batch));
        let at_work = may_work(owner);
        let at_once = at_work && self.progress == Progress::AtOnce;
        if let Some(until) = due.or(at_once.then_some(modified)).filter(|_| !over) {
            self.wait(job, id, until);
        }
        true
    }
}
