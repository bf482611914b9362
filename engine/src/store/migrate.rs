//! The list of changes that brought the tables to their present form; applied at start, each in its own transaction.

use sqlx::Row;

use super::{Result, Store, StoreError};

/// In order, for ever: a change that has been released is never edited, the next one is added.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_first.sql"),
    include_str!("../../migrations/0002_missing_permissions.sql"),
];

impl Store {
    pub(super) async fn migrate(&self) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::raw_sql(
            "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT",
        )
        .execute(&mut *tx.inner)
        .await?;
        let found = tx.meta("version").await?;
        let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
        if found > known {
            return Err(StoreError::Newer { found, known });
        }
        for (version, script) in (1_i64..).zip(MIGRATIONS) {
            if version > found {
                sqlx::raw_sql(*script).execute(&mut *tx.inner).await?;
                tx.set_meta("version", version).await?;
            }
        }
        tx.commit().await
    }

    /// How often this store has been started, this time included: ids drawn after a restart from the same seed must
    /// differ from those before.
    pub async fn count_start(&self) -> Result<u64> {
        let mut tx = self.write().await?;
        let starts = tx.meta("starts").await? + 1;
        tx.set_meta("starts", starts).await?;
        tx.commit().await?;
        Ok(starts.unsigned_abs())
    }
}

impl super::Tx {
    async fn meta(&mut self, key: &str) -> Result<i64> {
        let row = sqlx::query("SELECT value FROM meta WHERE key = ?")
            .bind(key)
            .fetch_optional(&mut *self.inner)
            .await?;
        row.map_or(Ok(0), |row| Ok(row.try_get(0)?))
    }

    async fn set_meta(&mut self, key: &str, value: i64) -> Result<()> {
        sqlx::query("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
            .bind(key)
            .bind(value)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }
}
