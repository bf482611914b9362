//! The limits of which this org counts the use, as `/limits` lists them. Faces add those that nothing here uses up.

use super::Storage;
use crate::{Org, streaming::Allocations};

/// One row of `/limits`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    pub name: &'static str,
    pub max: u64,
    pub remaining: u64,
}

impl Limit {
    fn new(name: &'static str, max: u64, used: u64) -> Self {
        Self { name, max, remaining: max.saturating_sub(used) }
    }
}

/// Each limit that the org counts, by name. How many streaming clients are connected only the face knows.
#[must_use]
pub fn list(org: &Org, streaming_clients: u64) -> Vec<Limit> {
    let (state, now) = (org.snapshot(), org.clock().now());
    let settings = state.settings();
    let Allocations { clients, daily_events, .. } = state.streams().setup().allocations(settings);
    let storage = |name, storage: Storage| Limit {
        name,
        max: storage.most(&state),
        remaining: storage.remaining(&state),
    };
    let rows = |object: &str| {
        let object = state.schema().object(object);
        object.map_or(0, |object| u64::try_from(state.table(object.index).len()).unwrap_or(u64::MAX))
    };
    let (jobs, count) = (state.bulk(), |number: usize| u64::try_from(number).unwrap_or(u64::MAX));
    let (batches, queries) = (jobs.limits.batches, jobs.limits.queries);
    let mut limits = vec![
        Limit::new("DailyApiRequests", settings.daily_api_requests, org.usage().api_requests.used(now)),
        Limit::new("DailyBulkApiBatches", count(batches), count(jobs.batches_used(now))),
        Limit::new("DailyBulkV2QueryJobs", count(queries), count(jobs.queries_used(now))),
        Limit::new("DailyStreamingApiEvents", daily_events, state.streams().events_of_the_day(now)),
        Limit::new("PermissionSets", 1_500, rows("PermissionSet")),
        Limit::new("StreamingApiConcurrentClients", clients.into(), streaming_clients),
        storage("DataStorageMB", Storage::Data),
        storage("FileStorageMB", Storage::Files),
    ];
    limits.sort_by_key(|limit| limit.name);
    limits
}
