//! Members: the people who refer.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use sqlx::sqlite::SqliteRow;

use super::{
    Result, Tx,
    row::{Columns, json_text, millis},
    taken,
};
use crate::sync::matching::normal;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Member {
    pub id: String,
    #[serde(skip)]
    pub account_id: String,
    pub program_id: String,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub external_id: Option<String>,
    pub referral_code: String,
    pub custom: BTreeMap<String, String>,
    pub created_at: Timestamp,
}

impl Member {
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }
}

fn read(row: &SqliteRow) -> Result<Member> {
    Ok(Member {
        id: row.text("id")?,
        account_id: row.text("account_id")?,
        program_id: row.text("program_id")?,
        first_name: row.text("first_name")?,
        last_name: row.text("last_name")?,
        email: row.text_or_null("email")?,
        phone: row.text_or_null("phone")?,
        external_id: row.text_or_null("external_id")?,
        referral_code: row.text("referral_code")?,
        custom: row.json("custom")?,
        created_at: row.time("created_at")?,
    })
}

impl Tx {
    /// Adds a member, or writes over the one with its id.
    pub async fn put_member(&mut self, member: &Member) -> Result<()> {
        sqlx::query(
            "INSERT INTO member (id, account_id, program_id, first_name, last_name, email, email_key, phone, external_id, \
             referral_code, custom, created_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?) \
             ON CONFLICT (id) DO UPDATE SET program_id = excluded.program_id, first_name = excluded.first_name, \
             last_name = excluded.last_name, email = excluded.email, email_key = excluded.email_key, phone = excluded.phone, \
             external_id = excluded.external_id, referral_code = excluded.referral_code, custom = excluded.custom",
        )
        .bind(&member.id)
        .bind(&member.account_id)
        .bind(&member.program_id)
        .bind(&member.first_name)
        .bind(&member.last_name)
        .bind(&member.email)
        .bind(member.email.as_deref().map(normal))
        .bind(&member.phone)
        .bind(&member.external_id)
        .bind(&member.referral_code)
        .bind(json_text("member.custom", &member.custom)?)
        .bind(millis(member.created_at))
        .execute(&mut *self.inner)
        .await
        .map_err(taken(format!("a member with the referral code `{}`", member.referral_code)))?;
        Ok(())
    }

    pub async fn member(&mut self, account: &str, id: &str) -> Result<Option<Member>> {
        let row = sqlx::query("SELECT * FROM member WHERE account_id = ? AND id = ?")
            .bind(account)
            .bind(id)
            .fetch_optional(&mut *self.inner)
            .await?;
        row.as_ref().map(read).transpose()
    }

    pub async fn members(&mut self, account: &str) -> Result<Vec<Member>> {
        let rows = sqlx::query("SELECT * FROM member WHERE account_id = ? ORDER BY rowid")
            .bind(account)
            .fetch_all(&mut *self.inner)
            .await?;
        rows.iter().map(read).collect()
    }

    pub async fn delete_member(&mut self, account: &str, id: &str) -> Result<bool> {
        let done = sqlx::query("DELETE FROM member WHERE account_id = ? AND id = ?")
            .bind(account)
            .bind(id)
            .execute(&mut *self.inner)
            .await
            .map_err(taken("a member with referrals".to_owned()))?;
        Ok(done.rows_affected() == 1)
    }

    pub async fn members_by_email(&mut self, account: &str, email: &str) -> Result<Vec<Member>> {
        let rows = sqlx::query("SELECT * FROM member WHERE account_id = ? AND email_key = ? ORDER BY rowid")
            .bind(account)
            .bind(normal(email))
            .fetch_all(&mut *self.inner)
            .await?;
        rows.iter().map(read).collect()
    }

    pub async fn members_by_external_id(&mut self, account: &str, external: &str) -> Result<Vec<Member>> {
        let rows =
            sqlx::query("SELECT * FROM member WHERE account_id = ? AND external_id = ? ORDER BY rowid")
                .bind(account)
                .bind(external.trim())
                .fetch_all(&mut *self.inner)
                .await?;
        rows.iter().map(read).collect()
    }

    pub async fn members_by_code(&mut self, account: &str, code: &str) -> Result<Vec<Member>> {
        let rows = sqlx::query("SELECT * FROM member WHERE account_id = ? AND referral_code = ?")
            .bind(account)
            .bind(code.trim())
            .fetch_all(&mut *self.inner)
            .await?;
        rows.iter().map(read).collect()
    }
}
