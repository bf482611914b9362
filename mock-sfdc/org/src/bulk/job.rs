//! A job and its batches. Bulk API 2.0 shows no batches, but a job of it is one all the same: its upload, or its query, is the
//! one batch that it has, and the job's state follows from it.

use std::sync::Arc;

use imbl::Vector;
use serde::{Deserialize, Serialize};

use super::{
    content::Content,
    outcomes::Outcomes,
    query::Found,
    words::{
        BatchState, ColumnDelimiter, ConcurrencyMode, ContentType, JobState, JobType, LineEnding, Operation,
    },
};
use crate::{access::permissions::Viewer, id::Id, save::AssignmentRuleChoice, state::State, value::DateTime};

/// What a job was made to be.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Spec {
    pub kind: JobType,
    pub operation: Operation,
    /// In the object's own spelling.
    pub object: String,
    /// In the field's own spelling; of upserts only.
    pub external_id: Option<String>,
    pub assignment: AssignmentRuleChoice,
    pub content: ContentType,
    pub concurrency: ConcurrencyMode,
    pub line_ending: LineEnding,
    pub delimiter: ColumnDelimiter,
    /// `66`
    pub api_version: u16,
    /// Rows a chunk, where a query of 1.0 is to be divided by the primary key.
    pub chunk_size: Option<usize>,
    /// The field whose values are divided, where it is not the row's own id: of shares and history.
    pub chunk_field: Option<String>,
    /// Where division begins.
    pub start_row: Option<Id>,
    /// Whether a batch that meets a locked row has another go.
    pub retries: bool,
    /// Names of this namespace are found without it.
    pub namespace: Option<String>,
    /// How change events name the API.
    pub origin: String,
}

/// What the one who made a job has said since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    Open,
    /// Nothing more will come: closed, or its upload complete.
    Closed,
    Aborted,
}

#[derive(Debug, Clone)]
pub struct Job {
    /// `750…`
    pub id: Id,
    pub spec: Arc<Spec>,
    pub created_by: Id,
    pub created_at: DateTime,
    pub modified_at: DateTime,
    pub standing: Standing,
    pub batches: Vector<Arc<Batch>>,
}

/// What a batch is about.
#[derive(Debug, Clone)]
pub enum Work {
    Records {
        content: Arc<dyn Content>,
        /// The place of the first record that nothing was done with.
        at: u64,
        /// What became of the records before it.
        outcomes: Outcomes,
    },
    Query {
        soql: Arc<str>,
        found: Option<Arc<Found>>,
    },
}

#[derive(Debug, Clone)]
pub struct Batch {
    /// `751…`
    pub id: Id,
    pub state: BatchState,
    /// Why it failed.
    pub message: Option<String>,
    pub created_at: DateTime,
    pub modified_at: DateTime,
    pub work: Work,
    pub processed: usize,
    pub failed: usize,
    /// Milliseconds of the org's clock between the first record and the last.
    pub took: i64,
    /// When its work began.
    pub began_at: Option<DateTime>,
    /// How often somebody has asked how it goes.
    pub polls: u32,
    /// How often it had another go, since it had met a locked row.
    pub retries: u32,
    /// When it is to be done, where that is a matter of time.
    pub due: Option<DateTime>,
}

impl Spec {
    /// The user whose job it is, for whom names are as the job has them.
    #[must_use]
    pub fn viewer(&self, state: &State, user: Id) -> Arc<Viewer> {
        viewer(state, user, self.namespace.as_deref())
    }
}

pub(super) fn viewer(state: &State, user: Id, namespace: Option<&str>) -> Arc<Viewer> {
    let viewer = state.viewer(user);
    namespace.map_or_else(|| Arc::clone(&viewer), |namespace| Arc::new(viewer.in_namespace(namespace)))
}

impl Job {
    /// As the job's API tells it.
    #[must_use]
    pub fn state(&self) -> JobState {
        let classic = self.spec.kind == JobType::Classic;
        match (self.standing, self.batches.front()) {
            (Standing::Aborted, _) => JobState::Aborted,
            (Standing::Open, _) => JobState::Open,
            (Standing::Closed, _) if classic => JobState::Closed,
            (Standing::Closed, None) => JobState::JobComplete,
            (Standing::Closed, Some(batch)) => match batch.state {
                BatchState::Queued => JobState::UploadComplete,
                BatchState::InProgress => JobState::InProgress,
                BatchState::Completed => JobState::JobComplete,
                BatchState::Failed => JobState::Failed,
                BatchState::NotProcessed => JobState::Aborted,
            },
        }
    }

    #[must_use]
    pub fn batch(&self, id: Id) -> Option<&Arc<Batch>> {
        self.batches.iter().find(|batch| batch.id == id)
    }

    /// Whether its batches have all come to an end.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.standing != Standing::Open && self.batches.iter().all(|batch| batch.state.is_terminal())
    }

    #[must_use]
    pub fn count(&self, state: BatchState) -> usize {
        self.batches.iter().filter(|batch| batch.state == state).count()
    }

    #[must_use]
    pub fn processed(&self) -> usize {
        self.batches.iter().map(|batch| batch.processed).sum()
    }

    #[must_use]
    pub fn failed(&self) -> usize {
        self.batches.iter().map(|batch| batch.failed).sum()
    }

    #[must_use]
    pub fn retries(&self) -> u32 {
        self.batches.iter().map(|batch| batch.retries).sum()
    }

    #[must_use]
    pub fn took(&self) -> i64 {
        self.batches.iter().map(|batch| batch.took).sum()
    }
}

impl Batch {
    /// What became of its records so far.
    #[must_use]
    pub fn outcomes(&self) -> Option<&Outcomes> {
        match &self.work {
            Work::Records { outcomes, .. } => Some(outcomes),
            Work::Query { .. } => None,
        }
    }

    #[must_use]
    pub fn content(&self) -> Option<&Arc<dyn Content>> {
        match &self.work {
            Work::Records { content, .. } => Some(content),
            Work::Query { .. } => None,
        }
    }

    /// What its query found, once it has run.
    #[must_use]
    pub fn found(&self) -> Option<&Arc<Found>> {
        match &self.work {
            Work::Query { found, .. } => found.as_ref(),
            Work::Records { .. } => None,
        }
    }
}
