//! What has to be sent to the org. A row is written with the change that asks for it, and marked `sending` on the disk
//! before anything goes out: whoever finds it so after a crash knows that an answer may have been lost.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::sqlite::SqliteRow;

use super::{
    Result, Tx,
    row::{Columns, millis},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutboxState {
    Pending,
    /// Being sent now, or was when the engine died.
    Sending,
    /// Sent, and no answer came: it is looked for in the org before it is sent again.
    Ambiguous,
    Done,
    /// Laid aside for a person: the org refused it, or it failed too often.
    Dead,
}

impl OutboxState {
    const ALL: [Self; 5] = [Self::Pending, Self::Sending, Self::Ambiguous, Self::Done, Self::Dead];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sending => "sending",
            Self::Ambiguous => "ambiguous",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OutboxItem {
    pub id: String,
    #[serde(skip)]
    pub account_id: String,
    /// What is sent: `referral_add`.
    pub kind: String,
    pub referral_id: String,
    pub state: OutboxState,
    pub attempts: i64,
    pub due_at: Timestamp,
    /// What came of it, in words.
    pub outcome: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

fn read(row: &SqliteRow) -> Result<OutboxItem> {
    Ok(OutboxItem {
        id: row.text("id")?,
        account_id: row.text("account_id")?,
        kind: row.text("kind")?,
        referral_id: row.text("referral_id")?,
        state: row.word("state", OutboxState::parse)?,
        attempts: row.number("attempts")?,
        due_at: row.time("due_at")?,
        outcome: row.text_or_null("outcome")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

impl Tx {
    pub async fn enqueue(&mut self, item: &OutboxItem) -> Result<()> {
        sqlx::query(
            "INSERT INTO outbox (id, account_id, kind, referral_id, state, attempts, due_at, outcome, created_at, \
             updated_at) VALUES (?,?,?,?,?,?,?,?,?,?)",
        )
        .bind(&item.id)
        .bind(&item.account_id)
        .bind(&item.kind)
        .bind(&item.referral_id)
        .bind(item.state.as_str())
        .bind(item.attempts)
        .bind(millis(item.due_at))
        .bind(&item.outcome)
        .bind(millis(item.created_at))
        .bind(millis(item.updated_at))
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    pub async fn update_outbox(&mut self, item: &OutboxItem) -> Result<()> {
        sqlx::query(
            "UPDATE outbox SET state = ?, attempts = ?, due_at = ?, outcome = ?, updated_at = ? WHERE id = ?",
        )
        .bind(item.state.as_str())
        .bind(item.attempts)
        .bind(millis(item.due_at))
        .bind(&item.outcome)
        .bind(millis(item.updated_at))
        .bind(&item.id)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// The account's oldest item that is due. Whoever asks holds the account's turn, so one that is `sending` was left so
    /// by an attempt that did not come to its end.
    pub async fn next_outbox(&mut self, account: &str, now: Timestamp) -> Result<Option<OutboxItem>> {
        let row = sqlx::query(
            "SELECT * FROM outbox WHERE account_id = ? AND state IN ('pending', 'sending', 'ambiguous') AND due_at <= ? \
             ORDER BY seq LIMIT 1",
        )
        .bind(account)
        .bind(millis(now))
        .fetch_optional(&mut *self.inner)
        .await?;
        row.as_ref().map(read).transpose()
    }

    /// At start, before anything is sent: what was being sent when the engine died has no answer.
    pub async fn sending_becomes_ambiguous(&mut self) -> Result<u64> {
        let done = sqlx::query("UPDATE outbox SET state = 'ambiguous' WHERE state = 'sending'")
            .execute(&mut *self.inner)
            .await?;
        Ok(done.rows_affected())
    }

    /// What waited for a connection need not wait any longer.
    pub async fn due_now(&mut self, account: &str, now: Timestamp) -> Result<()> {
        for sql in [
            "UPDATE outbox SET due_at = ? WHERE account_id = ? AND state IN ('pending', 'ambiguous')",
            "UPDATE sales_entry SET due_at = ? WHERE account_id = ? AND state = 'received'",
        ] {
            sqlx::query(sql).bind(millis(now)).bind(account).execute(&mut *self.inner).await?;
        }
        Ok(())
    }

    pub async fn outbox_item(&mut self, account: &str, id: &str) -> Result<Option<OutboxItem>> {
        let row = sqlx::query("SELECT * FROM outbox WHERE account_id = ? AND id = ?")
            .bind(account)
            .bind(id)
            .fetch_optional(&mut *self.inner)
            .await?;
        row.as_ref().map(read).transpose()
    }

    pub async fn outbox_of_referral(&mut self, referral: &str) -> Result<Option<OutboxItem>> {
        let row = sqlx::query("SELECT * FROM outbox WHERE referral_id = ? ORDER BY seq DESC LIMIT 1")
            .bind(referral)
            .fetch_optional(&mut *self.inner)
            .await?;
        row.as_ref().map(read).transpose()
    }

    pub async fn outbox(&mut self, account: &str, state: Option<OutboxState>) -> Result<Vec<OutboxItem>> {
        let rows = sqlx::query(
            "SELECT * FROM outbox WHERE account_id = ?1 AND (?2 IS NULL OR state = ?2) ORDER BY seq",
        )
        .bind(account)
        .bind(state.map(OutboxState::as_str))
        .fetch_all(&mut *self.inner)
        .await?;
        rows.iter().map(read).collect()
    }

    /// When the account's next item or entry will be due.
    pub async fn next_due(&mut self, account: &str) -> Result<Option<Timestamp>> {
        let row = sqlx::query(
            "SELECT min(due_at) AS due_at FROM (\
             SELECT due_at FROM outbox WHERE account_id = ?1 AND state IN ('pending', 'ambiguous') UNION ALL \
             SELECT due_at FROM sales_entry WHERE account_id = ?1 AND state = 'received')",
        )
        .bind(account)
        .fetch_one(&mut *self.inner)
        .await?;
        row.time_or_null("due_at")
    }
}
