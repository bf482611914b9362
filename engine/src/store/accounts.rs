//! Referral Rock accounts: the tenants of the engine.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::sqlite::SqliteRow;

use super::{
    Result, Tx,
    row::{Columns, millis},
    taken,
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Account {
    pub id: String,
    pub name: String,
    pub created_at: Timestamp,
    #[serde(skip)]
    pub last_entry_received: Option<Timestamp>,
    /// The Referral Update set-up as JSON; the product's module reads it.
    #[serde(skip)]
    pub referral_update: Option<String>,
}

fn read(row: &SqliteRow) -> Result<Account> {
    Ok(Account {
        id: row.text("id")?,
        name: row.text("name")?,
        created_at: row.time("created_at")?,
        last_entry_received: row.time_or_null("last_entry_received")?,
        referral_update: row.text_or_null("referral_update")?,
    })
}

impl Tx {
    pub async fn add_account(&mut self, account: &Account) -> Result<()> {
        sqlx::query("INSERT INTO account (id, name, created_at) VALUES (?, ?, ?)")
            .bind(&account.id)
            .bind(&account.name)
            .bind(millis(account.created_at))
            .execute(&mut *self.inner)
            .await
            .map_err(taken(format!("an account `{}`", account.id)))?;
        Ok(())
    }

    pub async fn account(&mut self, id: &str) -> Result<Option<Account>> {
        let row = sqlx::query("SELECT * FROM account WHERE id = ?")
            .bind(id)
            .fetch_optional(&mut *self.inner)
            .await?;
        row.as_ref().map(read).transpose()
    }

    pub async fn accounts(&mut self) -> Result<Vec<Account>> {
        let rows = sqlx::query("SELECT * FROM account ORDER BY rowid").fetch_all(&mut *self.inner).await?;
        rows.iter().map(read).collect()
    }

    pub async fn set_referral_update(&mut self, account: &str, json: &str) -> Result<()> {
        sqlx::query("UPDATE account SET referral_update = ? WHERE id = ?")
            .bind(json)
            .bind(account)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    pub async fn entry_was_received(&mut self, account: &str, at: Timestamp) -> Result<()> {
        sqlx::query("UPDATE account SET last_entry_received = ? WHERE id = ?")
            .bind(millis(at))
            .bind(account)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }
}
