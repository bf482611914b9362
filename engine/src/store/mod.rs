//! Everything that survives a restart, and all SQL of the engine: one file per subject.
//!
//! A business change, what has to be sent because of it, the links it makes and the place in the stream that it came
//! from commit in one transaction ([`Tx`]). `SQLite` in a file, write-ahead log, every commit on the disk before it is
//! acknowledged: a `kill -9` loses nothing that was answered. A second backend is a second copy of this folder.

mod accounts;
mod connection;
mod cursors;
mod inbox;
mod journal;
mod links;
mod members;
mod migrate;
mod outbox;
mod programs;
mod referrals;
mod row;
mod sales_entries;

use std::{path::Path, time::Duration};

use sqlx::{
    Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub use self::{
    accounts::Account,
    connection::{Authorization, ConnectionRow},
    cursors::Cursor,
    journal::{LogLine, Notification},
    links::{How, Link},
    members::Member,
    outbox::{OutboxItem, OutboxState},
    programs::Program,
    referrals::{HistoryLine, Origin, Referral},
    sales_entries::{Corrections, EntryState, EntryValues, SalesEntry},
};

/// How long a writer waits for another one before it gives up.
const BUSY: Duration = Duration::from_secs(20);
/// `SQLite` has one writer; the others are for readers that must not wait for it.
const CONNECTIONS: u32 = 4;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the store failed: {0}")]
    Sql(#[from] sqlx::Error),
    #[error("the store holds {what} that cannot be read: {why}")]
    Corrupt { what: &'static str, why: String },
    #[error("there is already {what}")]
    Taken { what: String },
    #[error("{what} is still in use")]
    InUse { what: String },
    #[error("the store was written by a newer engine (its version is {found}, this engine knows {known})")]
    Newer { found: i64, known: i64 },
}

pub type Result<T> = std::result::Result<T, StoreError>;

/// The engine's database.
#[derive(Debug, Clone)]
pub struct Store {
    pool: SqlitePool,
}

/// One transaction. Dropped without [`commit`](Tx::commit), it never was.
#[derive(Debug)]
pub struct Tx {
    inner: Transaction<'static, Sqlite>,
}

impl Store {
    /// Opens (and, when it is not there, makes) the file, and brings it to this engine's version.
    pub async fn open(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY);
        let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS).connect_with(options).await?;
        let store = Self { pool };
        store.migrate().await?;
        Ok(store)
    }

    /// Starts a transaction that will write. It takes `SQLite`'s write lock now, not at its first write: a lock that
    /// has to be upgraded in the middle can fail at once instead of waiting.
    pub async fn write(&self) -> Result<Tx> {
        Ok(Tx { inner: self.pool.begin_with("BEGIN IMMEDIATE").await? })
    }

    /// Starts a transaction that only reads: one consistent view.
    pub async fn read(&self) -> Result<Tx> {
        Ok(Tx { inner: self.pool.begin().await? })
    }

    /// Closes the file; what was committed is there for the next one who opens it.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

impl Tx {
    pub async fn commit(self) -> Result<()> {
        Ok(self.inner.commit().await?)
    }
}

/// Turns a violated key into words; anything else stays what it was.
fn taken(what: impl Into<String>) -> impl FnOnce(sqlx::Error) -> StoreError {
    move |error| match error.as_database_error() {
        Some(database) if database.is_unique_violation() => StoreError::Taken { what: what.into() },
        Some(database) if database.is_foreign_key_violation() => StoreError::InUse { what: what.into() },
        _ => StoreError::Sql(error),
    }
}

#[cfg(test)]
mod tests;
