//! Which events have been stored already: delivered twice, an event is stored once.

use jiff::Timestamp;

use super::{Result, Tx, row::millis};

impl Tx {
    /// Notes an event; `false` if it was noted before.
    pub async fn note_event(
        &mut self,
        account: &str,
        channel: &str,
        key: &str,
        entry_id: &str,
        at: Timestamp,
    ) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO inbox (account_id, channel, event_key, entry_id, received_at) VALUES (?,?,?,?,?) \
             ON CONFLICT DO NOTHING",
        )
        .bind(account)
        .bind(channel)
        .bind(key)
        .bind(entry_id)
        .bind(millis(at))
        .execute(&mut *self.inner)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
