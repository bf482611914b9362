//! How far the engine has read: the replay id of a channel, and the org's time up to which changes are known.

use jiff::Timestamp;

use super::{
    Result, Tx,
    row::{Columns, millis},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The last event of the channel that is stored here.
    pub replay_id: Option<i64>,
    /// When (by the org) the engine began to listen; nothing older is fetched.
    pub since: Timestamp,
    /// Up to when (by the org) changes are known.
    pub high_water: Timestamp,
    /// Events may have been missed: fetch changes since the high-water mark.
    pub must_poll: bool,
}

impl Tx {
    pub async fn cursor(&mut self, account: &str, name: &str) -> Result<Option<Cursor>> {
        use sqlx::Row;
        let row = sqlx::query("SELECT * FROM cursor WHERE account_id = ? AND name = ?")
            .bind(account)
            .bind(name)
            .fetch_optional(&mut *self.inner)
            .await?;
        row.map(|row| {
            Ok(Cursor {
                replay_id: row.try_get("replay_id")?,
                since: row.time("since")?,
                high_water: row.time("high_water")?,
                must_poll: row.flag("must_poll")?,
            })
        })
        .transpose()
    }

    pub async fn set_cursor(&mut self, account: &str, name: &str, cursor: &Cursor) -> Result<()> {
        sqlx::query(
            "INSERT INTO cursor (account_id, name, replay_id, since, high_water, must_poll) VALUES (?,?,?,?,?,?) \
             ON CONFLICT (account_id, name) DO UPDATE SET replay_id = excluded.replay_id, since = excluded.since, \
             high_water = excluded.high_water, must_poll = excluded.must_poll",
        )
        .bind(account)
        .bind(name)
        .bind(cursor.replay_id)
        .bind(millis(cursor.since))
        .bind(millis(cursor.high_water))
        .bind(i64::from(cursor.must_poll))
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }
}
