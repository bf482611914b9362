//! Jobs of the Bulk APIs 1.0 and 2.0 as state machines (`contract/bulk.md`): what makes a job, what is added to it, how work goes
//! on, what becomes of each record. Formats of uploads and of results are the faces' affair.

mod columns;
mod content;
mod divide;
mod image;
mod job;
mod jobs;
mod open;
mod outcomes;
mod pace;
mod progress;
mod query;
mod rows;
mod store;
mod words;
mod work;

pub(crate) use self::image::{BatchImage, JobImage, JobsImage, Kept};
pub use self::{
    columns::{Columns, Target},
    content::{Cell, Content, Names},
    image::Formats,
    job::{Batch, Job, Spec, Standing, Work},
    jobs::{DailyLimits, Jobs},
    open::{NewJob, abort, add_query, add_records, close, delete, find, open},
    outcomes::{Outcome, Outcomes},
    pace::{advance, catch_up, finish, polled, settle},
    progress::Progress,
    query::{Found, prepare},
    store::Store,
    words::{
        BatchState, ColumnDelimiter, ConcurrencyMode, ContentType, JobState, JobType, LineEnding, Operation,
    },
};
