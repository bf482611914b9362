//! Which record of the org belongs to which referral, and the mark by which an own update is recognised.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::sqlite::SqliteRow;

use super::{
    Result, Tx,
    row::{Columns, millis},
};

/// How a link came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The engine created the record.
    Created,
    /// The record was there: found by email, or by the event it triggered.
    Found,
    /// The record denied the referral.
    Denied,
}

impl How {
    fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Found => "found",
            Self::Denied => "denied",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Created, Self::Found, Self::Denied].into_iter().find(|how| how.as_str() == text)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Link {
    #[serde(skip)]
    pub account_id: String,
    #[serde(skip)]
    pub referral_id: String,
    /// `Lead`, `Contact`, …
    pub object: String,
    /// The record's id in the org.
    pub id: String,
    pub how: How,
    /// The stamp of the engine's own update that has not been reported back yet.
    #[serde(skip)]
    pub echo: Option<String>,
    #[serde(skip)]
    pub created_at: Timestamp,
}

fn read(row: &SqliteRow) -> Result<Link> {
    Ok(Link {
        account_id: row.text("account_id")?,
        referral_id: row.text("referral_id")?,
        object: row.text("org_object")?,
        id: row.text("org_id")?,
        how: row.word("how", How::parse)?,
        echo: row.text_or_null("echo")?,
        created_at: row.time("created_at")?,
    })
}

impl Tx {
    /// Links; a link that is there keeps how it came to be.
    pub async fn add_link(&mut self, link: &Link) -> Result<()> {
        sqlx::query(
            "INSERT INTO link (account_id, referral_id, org_object, org_id, how, echo, created_at) \
             VALUES (?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET echo = coalesce(excluded.echo, echo)",
        )
        .bind(&link.account_id)
        .bind(&link.referral_id)
        .bind(&link.object)
        .bind(&link.id)
        .bind(link.how.as_str())
        .bind(&link.echo)
        .bind(millis(link.created_at))
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    pub async fn links_of_referral(&mut self, referral: &str) -> Result<Vec<Link>> {
        let rows = sqlx::query("SELECT * FROM link WHERE referral_id = ? ORDER BY rowid")
            .bind(referral)
            .fetch_all(&mut *self.inner)
            .await?;
        rows.iter().map(read).collect()
    }

    /// The links of an org record, the newest first.
    pub async fn links_of_record(&mut self, account: &str, object: &str, id: &str) -> Result<Vec<Link>> {
        let rows = sqlx::query(
            "SELECT * FROM link WHERE account_id = ? AND org_object = ? AND org_id = ? ORDER BY rowid DESC",
        )
        .bind(account)
        .bind(object)
        .bind(id)
        .fetch_all(&mut *self.inner)
        .await?;
        rows.iter().map(read).collect()
    }

    /// Uses up the mark of an own update.
    pub async fn clear_echo(&mut self, link: &Link) -> Result<()> {
        sqlx::query(
            "UPDATE link SET echo = NULL WHERE account_id = ? AND org_object = ? AND org_id = ? AND referral_id = ?",
        )
        .bind(&link.account_id)
        .bind(&link.object)
        .bind(&link.id)
        .bind(&link.referral_id)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }
}
