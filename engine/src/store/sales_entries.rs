//! Sales Entries: one per event of the org, kept whatever becomes of it (RR-26). An entry in the state `received` is at the
//! same time the engine's note that this event still has to be processed.

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sqlx::sqlite::SqliteRow;

use super::{
    Result, Tx,
    row::{Columns, json_text, millis},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// Stored, not processed yet.
    Received,
    Processed,
    /// It could not be processed; correct it and retry.
    Failed,
    /// A process rule asks for a person.
    Review,
    /// A person laid it aside.
    Dismissed,
}

impl EntryState {
    const ALL: [Self; 5] = [Self::Received, Self::Processed, Self::Failed, Self::Review, Self::Dismissed];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Processed => "processed",
            Self::Failed => "failed",
            Self::Review => "review",
            Self::Dismissed => "dismissed",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What the org sent, by object: the fields of the one record that the relation table gives, or null.
pub type EntryValues = IndexMap<String, Option<Map<String, Value>>>;

/// What a person changed in an entry before a retry.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Corrections {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral_code: Option<String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[schema(value_type = Object)]
    pub values: IndexMap<String, Map<String, Value>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct SalesEntry {
    pub id: String,
    #[serde(skip)]
    pub account_id: String,
    /// The object whose record triggered the event.
    pub object: String,
    pub record_id: String,
    /// `created` or `updated`.
    pub event_type: String,
    /// `stream`, or `poll` when the stream had lost it.
    pub via: String,
    /// When it happened, by the org.
    pub org_time: Option<Timestamp>,
    #[serde(skip)]
    pub modified_by: Option<String>,
    #[serde(skip)]
    pub modstamp: Option<String>,
    #[serde(skip)]
    pub fingerprint: Option<String>,
    pub received_at: Timestamp,
    pub updated_at: Timestamp,
    pub state: EntryState,
    pub reason: Option<String>,
    /// How its referral was found.
    pub matched_by: Option<String>,
    pub referral_id: Option<String>,
    pub member_id: Option<String>,
    /// The engine's own write, reported back.
    pub echo: bool,
    #[schema(value_type = Object)]
    pub values: Option<EntryValues>,
    pub corrections: Corrections,
    pub attempts: i64,
    pub due_at: Timestamp,
}

fn read(row: &SqliteRow) -> Result<SalesEntry> {
    let values = match row.text_or_null("values_json")? {
        Some(_) => Some(row.json("values_json")?),
        None => None,
    };
    Ok(SalesEntry {
        id: row.text("id")?,
        account_id: row.text("account_id")?,
        object: row.text("org_object")?,
        record_id: row.text("org_id")?,
        event_type: row.text("event_type")?,
        via: row.text("via")?,
        org_time: row.time_or_null("org_time")?,
        modified_by: row.text_or_null("modified_by")?,
        modstamp: row.text_or_null("org_modstamp")?,
        fingerprint: row.text_or_null("fingerprint")?,
        received_at: row.time("received_at")?,
        updated_at: row.time("updated_at")?,
        state: row.word("state", EntryState::parse)?,
        reason: row.text_or_null("reason")?,
        matched_by: row.text_or_null("matched_by")?,
        referral_id: row.text_or_null("referral_id")?,
        member_id: row.text_or_null("member_id")?,
        echo: row.flag("echo")?,
        values,
        corrections: row.json("corrections")?,
        attempts: row.number("attempts")?,
        due_at: row.time("due_at")?,
    })
}

impl Tx {
    pub async fn add_entry(&mut self, entry: &SalesEntry) -> Result<()> {
        sqlx::query(
            "INSERT INTO sales_entry (id, account_id, org_object, org_id, event_type, via, org_time, modified_by, \
             org_modstamp, received_at, updated_at, state, echo, corrections, attempts, due_at) \
             VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        )
        .bind(&entry.id)
        .bind(&entry.account_id)
        .bind(&entry.object)
        .bind(&entry.record_id)
        .bind(&entry.event_type)
        .bind(&entry.via)
        .bind(entry.org_time.map(millis))
        .bind(&entry.modified_by)
        .bind(&entry.modstamp)
        .bind(millis(entry.received_at))
        .bind(millis(entry.updated_at))
        .bind(entry.state.as_str())
        .bind(i64::from(entry.echo))
        .bind(json_text("sales_entry.corrections", &entry.corrections)?)
        .bind(entry.attempts)
        .bind(millis(entry.due_at))
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    pub async fn update_entry(&mut self, entry: &SalesEntry) -> Result<()> {
        let values =
            entry.values.as_ref().map(|values| json_text("sales_entry.values", values)).transpose()?;
        sqlx::query(
            "UPDATE sales_entry SET org_modstamp = ?, modified_by = ?, fingerprint = ?, updated_at = ?, state = ?, \
             reason = ?, matched_by = ?, referral_id = ?, member_id = ?, echo = ?, values_json = ?, corrections = ?, \
             attempts = ?, due_at = ? WHERE id = ?",
        )
        .bind(&entry.modstamp)
        .bind(&entry.modified_by)
        .bind(&entry.fingerprint)
        .bind(millis(entry.updated_at))
        .bind(entry.state.as_str())
        .bind(&entry.reason)
        .bind(&entry.matched_by)
        .bind(&entry.referral_id)
        .bind(&entry.member_id)
        .bind(i64::from(entry.echo))
        .bind(values)
        .bind(json_text("sales_entry.corrections", &entry.corrections)?)
        .bind(entry.attempts)
        .bind(millis(entry.due_at))
        .bind(&entry.id)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    pub async fn entry(&mut self, account: &str, id: &str) -> Result<Option<SalesEntry>> {
        let row = sqlx::query("SELECT * FROM sales_entry WHERE account_id = ? AND id = ?")
            .bind(account)
            .bind(id)
            .fetch_optional(&mut *self.inner)
            .await?;
        row.as_ref().map(read).transpose()
    }

    pub async fn entries(&mut self, account: &str, state: Option<EntryState>) -> Result<Vec<SalesEntry>> {
        let rows = sqlx::query(
            "SELECT * FROM sales_entry WHERE account_id = ?1 AND (?2 IS NULL OR state = ?2) ORDER BY seq",
        )
        .bind(account)
        .bind(state.map(EntryState::as_str))
        .fetch_all(&mut *self.inner)
        .await?;
        rows.iter().map(read).collect()
    }

    /// The account's oldest entry that is due. An entry whose record has an older one waiting waits too: events of one
    /// record are processed in their order.
    pub async fn next_entry(&mut self, account: &str, now: Timestamp) -> Result<Option<SalesEntry>> {
        let row = sqlx::query(
            "SELECT * FROM sales_entry e WHERE account_id = ?1 AND state = 'received' AND due_at <= ?2 \
             AND NOT EXISTS (SELECT 1 FROM sales_entry o WHERE o.account_id = e.account_id \
             AND o.org_object = e.org_object AND o.org_id = e.org_id AND o.seq < e.seq AND o.state = 'received') \
             ORDER BY seq LIMIT 1",
        )
        .bind(account)
        .bind(millis(now))
        .fetch_optional(&mut *self.inner)
        .await?;
        row.as_ref().map(read).transpose()
    }

    /// The newest entry of a record.
    pub async fn last_entry_of(
        &mut self,
        account: &str,
        object: &str,
        id: &str,
    ) -> Result<Option<SalesEntry>> {
        let row = sqlx::query(
            "SELECT * FROM sales_entry WHERE account_id = ? AND org_object = ? AND org_id = ? ORDER BY seq DESC LIMIT 1",
        )
        .bind(account)
        .bind(object)
        .bind(id)
        .fetch_optional(&mut *self.inner)
        .await?;
        row.as_ref().map(read).transpose()
    }
}
