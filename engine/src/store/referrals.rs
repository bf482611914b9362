//! Referrals, and the history of their statuses.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use sqlx::sqlite::SqliteRow;

use super::{
    Result, Tx,
    row::{Columns, json_text, millis},
    taken,
};
use crate::sync::{matching::normal, status::Status};

/// Where a referral was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    Product,
    Salesforce,
}

impl Origin {
    fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Salesforce => "salesforce",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Product, Self::Salesforce].into_iter().find(|origin| origin.as_str() == text)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Referral {
    pub id: String,
    #[serde(skip)]
    pub account_id: String,
    pub program_id: String,
    pub member_id: Option<String>,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub company: Option<String>,
    pub external_id: Option<String>,
    pub amount: Option<String>,
    pub note: Option<String>,
    pub status: Status,
    pub ever_qualified: bool,
    pub origin: Origin,
    pub custom: BTreeMap<String, String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct HistoryLine {
    pub at: Timestamp,
    pub from: Option<Status>,
    pub to: Status,
    /// Who or what changed it: `product`, `duplicate`, or the id of a Sales Entry.
    pub cause: String,
}

fn read(row: &SqliteRow) -> Result<Referral> {
    Ok(Referral {
        id: row.text("id")?,
        account_id: row.text("account_id")?,
        program_id: row.text("program_id")?,
        member_id: row.text_or_null("member_id")?,
        first_name: row.text("first_name")?,
        last_name: row.text("last_name")?,
        email: row.text_or_null("email")?,
        phone: row.text_or_null("phone")?,
        company: row.text_or_null("company")?,
        external_id: row.text_or_null("external_id")?,
        amount: row.text_or_null("amount")?,
        note: row.text_or_null("note")?,
        status: row.word("status", Status::parse)?,
        ever_qualified: row.flag("ever_qualified")?,
        origin: row.word("origin", Origin::parse)?,
        custom: row.json("custom")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

impl Tx {
    /// Adds a referral, with the first line of its history.
    pub async fn add_referral(&mut self, referral: &Referral, cause: &str) -> Result<()> {
        sqlx::query(
            "INSERT INTO referral (id, account_id, program_id, member_id, first_name, last_name, name_key, email, email_key, \
             phone, company, \
             external_id, amount, note, status, ever_qualified, origin, custom, created_at, updated_at) \
             VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        )
        .bind(&referral.id)
        .bind(&referral.account_id)
        .bind(&referral.program_id)
        .bind(&referral.member_id)
        .bind(&referral.first_name)
        .bind(&referral.last_name)
        .bind(normal(&referral.last_name))
        .bind(&referral.email)
        .bind(referral.email.as_deref().map(normal))
        .bind(&referral.phone)
        .bind(&referral.company)
        .bind(&referral.external_id)
        .bind(&referral.amount)
        .bind(&referral.note)
        .bind(referral.status.as_str())
        .bind(i64::from(referral.ever_qualified))
        .bind(referral.origin.as_str())
        .bind(json_text("referral.custom", &referral.custom)?)
        .bind(millis(referral.created_at))
        .bind(millis(referral.updated_at))
        .execute(&mut *self.inner)
        .await
        .map_err(taken(format!("a referral `{}`", referral.id)))?;
        self.add_history(&referral.id, referral.created_at, None, referral.status, cause).await
    }

    /// Writes what may change in a referral, except its status.
    pub async fn update_referral(&mut self, referral: &Referral) -> Result<()> {
        sqlx::query(
            "UPDATE referral SET first_name = ?, last_name = ?, name_key = ?, email = ?, email_key = ?, phone = ?, company = ?, external_id = ?, \
             amount = ?, note = ?, custom = ?, updated_at = ? WHERE id = ?",
        )
        .bind(&referral.first_name)
        .bind(&referral.last_name)
        .bind(normal(&referral.last_name))
        .bind(&referral.email)
        .bind(referral.email.as_deref().map(normal))
        .bind(&referral.phone)
        .bind(&referral.company)
        .bind(&referral.external_id)
        .bind(&referral.amount)
        .bind(&referral.note)
        .bind(json_text("referral.custom", &referral.custom)?)
        .bind(millis(referral.updated_at))
        .bind(&referral.id)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Moves a referral to another status and notes it in its history. The caller has asked the status machine.
    pub async fn set_status(
        &mut self,
        referral: &mut Referral,
        to: Status,
        at: Timestamp,
        cause: &str,
    ) -> Result<()> {
        let from = referral.status;
        referral.status = to;
        referral.ever_qualified |= to == Status::Qualified;
        referral.updated_at = at;
        sqlx::query("UPDATE referral SET status = ?, ever_qualified = ?, updated_at = ? WHERE id = ?")
            .bind(to.as_str())
            .bind(i64::from(referral.ever_qualified))
            .bind(millis(at))
            .bind(&referral.id)
            .execute(&mut *self.inner)
            .await?;
        self.add_history(&referral.id, at, Some(from), to, cause).await
    }

    async fn add_history(
        &mut self,
        referral: &str,
        at: Timestamp,
        from: Option<Status>,
        to: Status,
        cause: &str,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO status_history (referral_id, at, from_status, to_status, cause) VALUES (?,?,?,?,?)",
        )
        .bind(referral)
        .bind(millis(at))
        .bind(from.map(Status::as_str))
        .bind(to.as_str())
        .bind(cause)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    pub async fn history(&mut self, referral: &str) -> Result<Vec<HistoryLine>> {
        let rows = sqlx::query("SELECT * FROM status_history WHERE referral_id = ? ORDER BY seq")
            .bind(referral)
            .fetch_all(&mut *self.inner)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(HistoryLine {
                    at: row.time("at")?,
                    from: row.text_or_null("from_status")?.as_deref().and_then(Status::parse),
                    to: row.word("to_status", Status::parse)?,
                    cause: row.text("cause")?,
                })
            })
            .collect()
    }

    pub async fn referral(&mut self, account: &str, id: &str) -> Result<Option<Referral>> {
        let row = sqlx::query("SELECT * FROM referral WHERE account_id = ? AND id = ? COLLATE NOCASE")
            .bind(account)
            .bind(id.trim())
            .fetch_optional(&mut *self.inner)
            .await?;
        row.as_ref().map(read).transpose()
    }

    pub async fn referrals(&mut self, account: &str, status: Option<Status>) -> Result<Vec<Referral>> {
        let rows = sqlx::query(
            "SELECT * FROM referral WHERE account_id = ?1 AND (?2 IS NULL OR status = ?2) ORDER BY rowid",
        )
        .bind(account)
        .bind(status.map(Status::as_str))
        .fetch_all(&mut *self.inner)
        .await?;
        rows.iter().map(read).collect()
    }

    pub async fn referrals_by_external_id(&mut self, account: &str, external: &str) -> Result<Vec<Referral>> {
        let rows =
            sqlx::query("SELECT * FROM referral WHERE account_id = ? AND external_id = ? ORDER BY rowid")
                .bind(account)
                .bind(external.trim())
                .fetch_all(&mut *self.inner)
                .await?;
        rows.iter().map(read).collect()
    }

    /// Those that fuzzy matching has to look at: the same email or the same last name. The comparison itself is
    /// [`sync::matching`](crate::sync::matching)'s.
    pub async fn referrals_for_matching(
        &mut self,
        account: &str,
        email: Option<&str>,
        last_name: Option<&str>,
    ) -> Result<Vec<Referral>> {
        let rows = sqlx::query(
            "SELECT * FROM referral WHERE account_id = ?1 AND \
             (email_key = ?2 OR name_key = ?3) ORDER BY rowid",
        )
        .bind(account)
        .bind(email.map(normal))
        .bind(last_name.map(normal))
        .fetch_all(&mut *self.inner)
        .await?;
        rows.iter().map(read).collect()
    }
}
