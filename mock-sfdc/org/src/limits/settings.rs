//! What a test may set of an org's limits. What is not set is as the edition has it.

use crate::settings::{Edition, Settings};

/// Each limit that is not said here is the edition's. API requests a day are a setting of their own
/// ([`Settings::daily_api_requests`]).
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LimitSettings {
    /// Requests of 20 seconds and more at the same time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concurrent_long_requests: Option<u32>,
    /// How long a transaction waits for a locked row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_lock_wait_seconds: Option<u32>,
    /// Characters of a query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_characters: Option<u32>,
    /// Fields that a query selects; without it as many as there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_fields: Option<u32>,
    /// Comparisons in a query's conditions; without it as many as the text holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_conditions: Option<u32>,
    /// Records in one call that takes several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records_per_call: Option<u32>,
    /// Push topics of the org.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub push_topics: Option<u32>,
    /// Streaming sessions at the same time, over all topics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub streaming_clients: Option<u32>,
    /// Streaming events in 24 hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub daily_streaming_events: Option<u64>,
    /// Whether saves are refused beyond the storage that the edition has. What is set below is enforced by being set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_enforced: Option<bool>,
    /// Megabytes of records; `/limits` always shows the figure.
    #[serde(rename = "dataStorageMB", skip_serializing_if = "Option::is_none")]
    pub data_storage_mb: Option<u64>,
    /// Megabytes of files, in the same way.
    #[serde(rename = "fileStorageMB", skip_serializing_if = "Option::is_none")]
    pub file_storage_mb: Option<u64>,
}

impl LimitSettings {
    /// What is said in `more` goes before what is said here.
    #[must_use]
    pub fn with(&self, more: &Self) -> Self {
        Self {
            concurrent_long_requests: more.concurrent_long_requests.or(self.concurrent_long_requests),
            row_lock_wait_seconds: more.row_lock_wait_seconds.or(self.row_lock_wait_seconds),
            query_characters: more.query_characters.or(self.query_characters),
            query_fields: more.query_fields.or(self.query_fields),
            query_conditions: more.query_conditions.or(self.query_conditions),
            records_per_call: more.records_per_call.or(self.records_per_call),
            push_topics: more.push_topics.or(self.push_topics),
            streaming_clients: more.streaming_clients.or(self.streaming_clients),
            daily_streaming_events: more.daily_streaming_events.or(self.daily_streaming_events),
            storage_enforced: more.storage_enforced.or(self.storage_enforced),
            data_storage_mb: more.data_storage_mb.or(self.data_storage_mb),
            file_storage_mb: more.file_storage_mb.or(self.file_storage_mb),
        }
    }

    /// Whether storage can run out at all.
    #[must_use]
    pub fn enforces_storage(&self) -> bool {
        self.storage_enforced == Some(true)
            || self.data_storage_mb.is_some()
            || self.file_storage_mb.is_some()
    }

    #[must_use]
    pub fn row_lock_wait_millis(&self) -> i64 {
        i64::from(self.row_lock_wait_seconds.unwrap_or(10)) * 1000
    }

    #[must_use]
    pub fn records_per_call(&self) -> usize {
        self.records_per_call.map_or(200, |most| usize::try_from(most).unwrap_or(usize::MAX))
    }
}

impl Settings {
    /// Requests of 20 seconds and more at the same time.
    #[must_use]
    pub fn concurrent_long_requests(&self) -> u32 {
        let usual = if self.edition == Edition::Developer && !self.sandbox { 5 } else { 25 };
        self.limits.concurrent_long_requests.unwrap_or(usual)
    }

    /// Megabytes of records.
    #[must_use]
    pub fn data_storage_mb(&self) -> u64 {
        let usual = match self.edition {
            _ if self.sandbox => 200,
            Edition::Developer => 5,
            _ => 10_240,
        };
        self.limits.data_storage_mb.unwrap_or(usual)
    }

    /// Megabytes of files.
    #[must_use]
    pub fn file_storage_mb(&self) -> u64 {
        let usual = match self.edition {
            _ if self.sandbox => 200,
            Edition::Developer => 20,
            Edition::Essentials | Edition::Group => 1_024,
            _ => 10_240,
        };
        self.limits.file_storage_mb.unwrap_or(usual)
    }
}
