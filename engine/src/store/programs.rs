//! Referral programs and their Referral Add set-up.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::sqlite::SqliteRow;

use super::{
    Result, Tx,
    row::{Columns, millis},
    taken,
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Program {
    pub id: String,
    #[serde(skip)]
    pub account_id: String,
    pub name: String,
    /// The Referral Add set-up as JSON; the product's module reads it.
    #[serde(skip)]
    pub referral_add: Option<String>,
    pub created_at: Timestamp,
}

fn read(row: &SqliteRow) -> Result<Program> {
    Ok(Program {
        id: row.text("id")?,
        account_id: row.text("account_id")?,
        name: row.text("name")?,
        referral_add: row.text_or_null("referral_add")?,
        created_at: row.time("created_at")?,
    })
}

impl Tx {
    pub async fn add_program(&mut self, program: &Program) -> Result<()> {
        sqlx::query("INSERT INTO program (id, account_id, name, created_at) VALUES (?,?,?,?)")
            .bind(&program.id)
            .bind(&program.account_id)
            .bind(&program.name)
            .bind(millis(program.created_at))
            .execute(&mut *self.inner)
            .await
            .map_err(taken(format!("a program `{}`", program.id)))?;
        Ok(())
    }

    pub async fn program(&mut self, account: &str, id: &str) -> Result<Option<Program>> {
        let row = sqlx::query("SELECT * FROM program WHERE account_id = ? AND id = ?")
            .bind(account)
            .bind(id)
            .fetch_optional(&mut *self.inner)
            .await?;
        row.as_ref().map(read).transpose()
    }

    pub async fn programs(&mut self, account: &str) -> Result<Vec<Program>> {
        let rows = sqlx::query("SELECT * FROM program WHERE account_id = ? ORDER BY rowid")
            .bind(account)
            .fetch_all(&mut *self.inner)
            .await?;
        rows.iter().map(read).collect()
    }

    pub async fn set_referral_add(&mut self, account: &str, program: &str, json: &str) -> Result<()> {
        sqlx::query("UPDATE program SET referral_add = ? WHERE account_id = ? AND id = ?")
            .bind(json)
            .bind(account)
            .bind(program)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }
}
