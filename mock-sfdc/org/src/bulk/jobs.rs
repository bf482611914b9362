//! All jobs of an org, what the last 24 hours have cost, and how fast work goes.

use std::{collections::BTreeSet, sync::Arc};

use imbl::{OrdMap, Vector};

use super::{
    job::{Batch, Job, Spec, Standing, Work},
    progress::Progress,
    words::BatchState,
};
use crate::{clock::Clock, id::Id, value::DateTime};

const JOB: [u8; 3] = *b"750";
const BATCH: [u8; 3] = *b"751";
const DAY: i64 = 24 * 3_600_000;
/// Jobs that are over, and their results, are kept for a week.
const KEPT: i64 = 7 * DAY;

/// What an org allows in 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DailyLimits {
    /// Batches, of both APIs: 10,000 records of an upload to 2.0 are one.
    pub batches: usize,
    /// Queries of 2.0.
    pub queries: usize,
}

impl Default for DailyLimits {
    fn default() -> Self {
        Self { batches: 15_000, queries: 10_000 }
    }
}

/// When something was used, and how much of it.
pub(super) type Spent = Vector<(DateTime, usize)>;

#[derive(Debug, Clone)]
pub struct Jobs {
    all: OrdMap<Id, Arc<Job>>,
    pub(super) last_job: u64,
    pub(super) last_batch: u64,
    pub(super) progress: Progress,
    pub limits: DailyLimits,
    /// How many rows of a query of 2.0 one page has, when nobody says.
    pub page: usize,
    /// When batches came, and how many at once; of the last 24 hours.
    batches: Spent,
    queries: Spent,
    /// Batches that wait for a moment, and their jobs.
    due: OrdMap<(DateTime, Id), Id>,
    /// Of them, those that wait for rows: until when, and for which.
    blocked: OrdMap<Id, (DateTime, Arc<[Id]>)>,
}

impl Default for Jobs {
    fn default() -> Self {
        Self {
            all: OrdMap::new(),
            last_job: 0,
            last_batch: 0,
            progress: Progress::default(),
            limits: DailyLimits::default(),
            page: 50_000,
            batches: Vector::new(),
            queries: Vector::new(),
            due: OrdMap::new(),
            blocked: OrdMap::new(),
        }
    }
}

fn used(spent: &Spent, now: DateTime) -> usize {
    let since = now.millis() - DAY;
    spent.iter().rev().take_while(|(at, _)| at.millis() > since).map(|(_, count)| count).sum()
}

fn spend(spent: &mut Spent, now: DateTime, count: usize) {
    let since = now.millis() - DAY;
    while spent.front().is_some_and(|(at, _)| at.millis() <= since) {
        spent.pop_front();
    }
    spent.push_back((now, count));
}

impl Jobs {
    /// How fast work goes.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// From now on; what waits for a moment already still waits for it.
    pub fn set_progress(&mut self, progress: Progress) {
        self.progress = progress;
    }

    /// A job that is there; one that has been over for a week is not.
    #[must_use]
    pub fn find(&self, id: Id, now: DateTime) -> Option<&Arc<Job>> {
        self.all.get(&id).filter(|job| !is_forgotten(job, now))
    }

    /// Oldest first.
    #[must_use]
    pub fn all(&self, now: DateTime) -> impl DoubleEndedIterator<Item = &Arc<Job>> {
        self.all.values().filter(move |job| !is_forgotten(job, now))
    }

    /// All that have not been removed, be they forgotten or not.
    pub(crate) fn kept(&self) -> impl Iterator<Item = &Arc<Job>> {
        self.all.values()
    }

    /// One of them.
    pub(crate) fn kept_one(&self, id: Id) -> Option<&Arc<Job>> {
        self.all.get(&id)
    }

    pub(super) fn put(&mut self, job: Job) {
        self.all.insert(job.id, Arc::new(job));
    }

    /// When batches and queries came.
    pub(super) fn spent(&self) -> [&Spent; 2] {
        [&self.batches, &self.queries]
    }

    pub(super) fn set_spent(&mut self, [batches, queries]: [Spent; 2]) {
        (self.batches, self.queries) = (batches, queries);
    }

    #[must_use]
    pub fn batches_used(&self, now: DateTime) -> usize {
        used(&self.batches, now)
    }

    #[must_use]
    pub fn queries_used(&self, now: DateTime) -> usize {
        used(&self.queries, now)
    }

    pub(super) fn spend_batches(&mut self, now: DateTime, count: usize) {
        spend(&mut self.batches, now, count);
    }

    pub(super) fn spend_query(&mut self, now: DateTime) {
        spend(&mut self.queries, now, 1);
    }

    pub(super) fn open(&mut self, spec: Spec, user: Id, now: DateTime, pod: [u8; 2]) -> Id {
        let gone =
            self.all.values().filter(|job| is_forgotten(job, now)).map(|job| job.id).collect::<Vec<_>>();
        for id in gone {
            self.all.remove(&id);
        }
        self.last_job += 1;
        let id = Id::from_number(JOB, pod, self.last_job);
        let job = Job {
            id,
            spec: Arc::new(spec),
            created_by: user,
            created_at: now,
            modified_at: now,
            standing: Standing::Open,
            batches: Vector::new(),
        };
        self.put(job);
        id
    }

    pub(super) fn add(&mut self, job: Id, work: Work, now: DateTime, pod: [u8; 2]) -> Option<Id> {
        self.last_batch += 1;
        let id = Id::from_number(BATCH, pod, self.last_batch);
        let batch = Batch {
            id,
            state: BatchState::Queued,
            message: None,
            created_at: now,
            modified_at: now,
            work,
            processed: 0,
            failed: 0,
            took: 0,
            began_at: None,
            polls: 0,
            retries: 0,
            due: None,
        };
        let job = self.job_mut(job)?;
        job.modified_at = now;
        job.batches.push_back(Arc::new(batch));
        Some(id)
    }

    pub(super) fn job_mut(&mut self, id: Id) -> Option<&mut Job> {
        self.all.get_mut(&id).map(Arc::make_mut)
    }

    pub(super) fn batch_mut(&mut self, job: Id, id: Id) -> Option<&mut Batch> {
        let job = self.job_mut(job)?;
        let at = job.batches.iter().position(|batch| batch.id == id)?;
        job.batches.get_mut(at).map(Arc::make_mut)
    }

    pub(super) fn remove(&mut self, id: Id) {
        self.all.remove(&id);
    }

    /// Lets a batch wait for a moment.
    pub(super) fn wait(&mut self, job: Id, batch: Id, until: DateTime) {
        self.due.insert((until, batch), job);
        if let Some(batch) = self.batch_mut(job, batch) {
            batch.due = Some(until);
        }
    }

    /// Lets a batch wait until it can have these rows, or for a moment: then it has another go.
    pub(super) fn put_off(&mut self, job: Id, batch: Id, rows: Vec<Id>, until: DateTime) {
        self.wait(job, batch, until);
        self.blocked.insert(batch, (until, rows.into()));
        if let Some(batch) = self.batch_mut(job, batch) {
            batch.retries += 1;
        }
    }

    /// Whether a batch waits for rows.
    pub(super) fn is_put_off(&self, batch: Id) -> bool {
        self.blocked.contains_key(&batch)
    }

    /// The first batch whose rows nobody holds any more: since when it has waited, its job, itself.
    pub(super) fn first_freed(&self, held: &BTreeSet<Id>) -> Option<(DateTime, Id, Id)> {
        let freed = self.blocked.iter().find(|(_, (_, rows))| !rows.iter().any(|row| held.contains(row)));
        let (batch, (until, _)) = freed?;
        Some((*until, *self.due.get(&(*until, *batch))?, *batch))
    }

    /// The first batch whose moment has come: its job, itself.
    pub(super) fn first_due(&self, now: DateTime) -> Option<(DateTime, Id, Id)> {
        let ((at, batch), job) = self.due.get_min()?;
        (*at <= now).then_some((*at, *job, *batch))
    }

    pub(super) fn no_longer_due(&mut self, at: DateTime, batch: Id) {
        self.due.remove(&(at, batch));
        self.blocked.remove(&batch);
    }

    /// Whether [`super::catch_up`] may have anything to do.
    #[must_use]
    pub fn is_due(&self, clock: &Clock) -> bool {
        !self.blocked.is_empty() || self.due.get_min().is_some_and(|((at, _), _)| *at <= clock.now())
    }
}

fn is_forgotten(job: &Job, now: DateTime) -> bool {
    job.is_over() && now.millis() - job.modified_at.millis() > KEPT
}
