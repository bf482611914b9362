//! What the engine tells people: log lines and notifications.

use jiff::Timestamp;
use serde::Serialize;

use super::{
    Result, Tx,
    row::{Columns, millis},
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LogLine {
    pub at: Timestamp,
    /// `info`, `warning` or `error`.
    pub level: String,
    /// What it is about: an id, or a part of the engine.
    pub subject: String,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Notification {
    pub at: Timestamp,
    pub entry_id: Option<String>,
    pub text: String,
}

/// What one answer holds at most.
const NEWEST: i64 = 1000;

impl Tx {
    pub async fn log(
        &mut self,
        account: &str,
        at: Timestamp,
        level: &str,
        subject: &str,
        text: &str,
    ) -> Result<()> {
        sqlx::query("INSERT INTO log (account_id, at, level, subject, text) VALUES (?,?,?,?,?)")
            .bind(account)
            .bind(millis(at))
            .bind(level)
            .bind(subject)
            .bind(text)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    pub async fn log_lines(&mut self, account: &str) -> Result<Vec<LogLine>> {
        let rows = sqlx::query(
            "SELECT * FROM (SELECT * FROM log WHERE account_id = ? ORDER BY seq DESC LIMIT ?) ORDER BY seq",
        )
        .bind(account)
        .bind(NEWEST)
        .fetch_all(&mut *self.inner)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(LogLine {
                    at: row.time("at")?,
                    level: row.text("level")?,
                    subject: row.text("subject")?,
                    text: row.text("text")?,
                })
            })
            .collect()
    }

    pub async fn notify(
        &mut self,
        account: &str,
        at: Timestamp,
        entry: Option<&str>,
        text: &str,
    ) -> Result<()> {
        sqlx::query("INSERT INTO notification (account_id, at, entry_id, text) VALUES (?,?,?,?)")
            .bind(account)
            .bind(millis(at))
            .bind(entry)
            .bind(text)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    pub async fn notifications(&mut self, account: &str) -> Result<Vec<Notification>> {
        let rows = sqlx::query(
            "SELECT * FROM (SELECT * FROM notification WHERE account_id = ? ORDER BY seq DESC LIMIT ?) ORDER BY seq",
        )
        .bind(account)
        .bind(NEWEST)
        .fetch_all(&mut *self.inner)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Notification {
                    at: row.time("at")?,
                    entry_id: row.text_or_null("entry_id")?,
                    text: row.text("text")?,
                })
            })
            .collect()
    }
}
