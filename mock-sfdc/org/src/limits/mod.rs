//! Limits that count (`contract/behaviour.md` section 10): what an org may use, what is used of it, and what is told when it
//! has run out. What an administrator could read on the page of an edition is in [`LimitSettings`]; what requests use up while
//! they run is in [`Usage`], beside the state, because no snapshot and no rollback gives a spent request back.
//!
//! Not here: what streaming allows (`streaming::Allocations`), and the sizes that a query's grammar has (`soql`).

mod api_requests;
mod list;
mod long_requests;
mod query;
mod row_locks;
mod settings;
mod storage;

pub(crate) use self::query::QuerySize;
pub use self::{
    api_requests::ApiRequests,
    list::{Limit, list},
    long_requests::{LongRequests, UnderWay},
    row_locks::{HeldRows, RowLocks},
    settings::LimitSettings,
    storage::{Storage, Stored},
};

/// What requests use up while they run.
#[derive(Debug, Default)]
pub struct Usage {
    pub api_requests: ApiRequests,
    pub long_requests: LongRequests,
    pub row_locks: std::sync::Arc<RowLocks>,
}
