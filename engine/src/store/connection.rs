//! The Salesforce connection of an account, and authorizations that a person has not finished yet.
//!
//! Tokens and verifiers arrive here encrypted; this file never sees them in the clear.

use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;

use super::{
    Result, Tx,
    row::{Columns, json_text, millis},
    taken,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionRow {
    pub account_id: String,
    pub org_id: String,
    pub org_name: String,
    pub edition: String,
    pub is_sandbox: bool,
    pub user_id: String,
    pub username: String,
    pub login_url: String,
    pub instance_url: String,
    /// The encrypted tokens.
    pub secret: Vec<u8>,
    /// Why the connection does not work at present, in words for a person.
    pub problem: Option<String>,
    pub connected_at: Timestamp,
    pub last_contact: Option<Timestamp>,
    /// What the user was not allowed when the org was connected.
    pub missing_permissions: Vec<String>,
}

/// A person was sent to Salesforce's login page and has not come back yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    pub state: String,
    pub account_id: String,
    pub login_url: String,
    /// The encrypted PKCE verifier.
    pub secret: Vec<u8>,
    pub expires_at: Timestamp,
}

fn read(row: &SqliteRow) -> Result<ConnectionRow> {
    use sqlx::Row;
    Ok(ConnectionRow {
        account_id: row.text("account_id")?,
        org_id: row.text("org_id")?,
        org_name: row.text("org_name")?,
        edition: row.text("edition")?,
        is_sandbox: row.flag("is_sandbox")?,
        user_id: row.text("user_id")?,
        username: row.text("username")?,
        login_url: row.text("login_url")?,
        instance_url: row.text("instance_url")?,
        secret: row.try_get("secret")?,
        problem: row.text_or_null("problem")?,
        connected_at: row.time("connected_at")?,
        last_contact: row.time_or_null("last_contact")?,
        missing_permissions: row.json("missing_permissions")?,
    })
}

impl Tx {
    /// Binds an org to an account, replacing the account's earlier connection. An org that another account holds is
    /// [`StoreError::Taken`](super::StoreError::Taken) (RR-04).
    pub async fn connect(&mut self, row: &ConnectionRow) -> Result<()> {
        sqlx::query(
            "INSERT INTO connection (account_id, org_id, org_name, edition, is_sandbox, user_id, username, login_url, \
             instance_url, secret, problem, connected_at, last_contact, missing_permissions) \
             VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?) \
             ON CONFLICT (account_id) DO UPDATE SET org_id = excluded.org_id, org_name = excluded.org_name, \
             edition = excluded.edition, is_sandbox = excluded.is_sandbox, user_id = excluded.user_id, \
             username = excluded.username, login_url = excluded.login_url, instance_url = excluded.instance_url, \
             secret = excluded.secret, problem = excluded.problem, connected_at = excluded.connected_at, \
             last_contact = excluded.last_contact, missing_permissions = excluded.missing_permissions",
        )
        .bind(&row.account_id)
        .bind(&row.org_id)
        .bind(&row.org_name)
        .bind(&row.edition)
        .bind(i64::from(row.is_sandbox))
        .bind(&row.user_id)
        .bind(&row.username)
        .bind(&row.login_url)
        .bind(&row.instance_url)
        .bind(&row.secret)
        .bind(&row.problem)
        .bind(millis(row.connected_at))
        .bind(row.last_contact.map(millis))
        .bind(json_text("missing_permissions", &row.missing_permissions)?)
        .execute(&mut *self.inner)
        .await
        .map_err(taken(format!("a connection to the org {}", row.org_id)))?;
        Ok(())
    }

    pub async fn connection(&mut self, account: &str) -> Result<Option<ConnectionRow>> {
        let row = sqlx::query("SELECT * FROM connection WHERE account_id = ?")
            .bind(account)
            .fetch_optional(&mut *self.inner)
            .await?;
        row.as_ref().map(read).transpose()
    }

    pub async fn connections(&mut self) -> Result<Vec<ConnectionRow>> {
        let rows = sqlx::query("SELECT * FROM connection ORDER BY rowid").fetch_all(&mut *self.inner).await?;
        rows.iter().map(read).collect()
    }

    /// Which account holds this org?
    pub async fn holder_of_org(&mut self, org_id: &str) -> Result<Option<String>> {
        let row = sqlx::query("SELECT account_id FROM connection WHERE org_id = ?")
            .bind(org_id)
            .fetch_optional(&mut *self.inner)
            .await?;
        row.map(|row| row.text("account_id")).transpose()
    }

    /// Lets the org go, with everything that means something only in that org: links, places in its streams. Sales
    /// entries and referrals stay.
    pub async fn disconnect(&mut self, account: &str) -> Result<()> {
        for sql in [
            "DELETE FROM connection WHERE account_id = ?",
            "DELETE FROM cursor WHERE account_id = ?",
            "DELETE FROM inbox WHERE account_id = ?",
        ] {
            sqlx::query(sql).bind(account).execute(&mut *self.inner).await?;
        }
        Ok(())
    }

    /// Stores refreshed tokens, unless the account has been connected anew in the meantime: those are others.
    pub async fn set_secret(&mut self, account: &str, connected_at: Timestamp, secret: &[u8]) -> Result<()> {
        sqlx::query("UPDATE connection SET secret = ? WHERE account_id = ? AND connected_at = ?")
            .bind(secret)
            .bind(account)
            .bind(millis(connected_at))
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    pub async fn set_problem(&mut self, account: &str, connected_at: Timestamp, problem: &str) -> Result<()> {
        sqlx::query("UPDATE connection SET problem = ? WHERE account_id = ? AND connected_at = ?")
            .bind(problem)
            .bind(account)
            .bind(millis(connected_at))
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    pub async fn org_was_reached(&mut self, account: &str, at: Timestamp) -> Result<()> {
        sqlx::query("UPDATE connection SET last_contact = ?, problem = NULL WHERE account_id = ?")
            .bind(millis(at))
            .bind(account)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    pub async fn begin_authorization(&mut self, authorization: &Authorization) -> Result<()> {
        sqlx::query(
            "INSERT INTO authorization (state, account_id, login_url, secret, expires_at) VALUES (?,?,?,?,?)",
        )
        .bind(&authorization.state)
        .bind(&authorization.account_id)
        .bind(&authorization.login_url)
        .bind(&authorization.secret)
        .bind(millis(authorization.expires_at))
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Takes an authorization out: a state is good for one return.
    pub async fn take_authorization(&mut self, state: &str) -> Result<Option<Authorization>> {
        use sqlx::Row;
        let row = sqlx::query("DELETE FROM authorization WHERE state = ? RETURNING *")
            .bind(state)
            .fetch_optional(&mut *self.inner)
            .await?;
        row.map(|row| {
            Ok(Authorization {
                state: row.text("state")?,
                account_id: row.text("account_id")?,
                login_url: row.text("login_url")?,
                secret: row.try_get("secret")?,
                expires_at: row.time("expires_at")?,
            })
        })
        .transpose()
    }
}
