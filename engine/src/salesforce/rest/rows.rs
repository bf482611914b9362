//! Single records: get, create, update, delete, upsert; and which changed in a span of time.

use jiff::Timestamp;
use reqwest::Method;
use serde::Deserialize;

use super::answer::parse;
use super::path;
use crate::salesforce::client::{Call, Client};
use crate::salesforce::error::{Effect, Error, ErrorKind};
use crate::salesforce::record::{Fields, Record, timestamp};

/// The `Sforce-Auto-Assign` header: what assignment rules do to a lead or case that is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AutoAssign {
    /// No header; REST then takes the active rule.
    #[default]
    Default,
    On,
    Off,
    /// This rule, active or not.
    Rule(String),
}

/// What may accompany a write.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WriteOptions {
    pub auto_assign: AutoAssign,
    /// Saves in spite of a duplicate rule that only alerts.
    pub allow_duplicates: bool,
}

impl WriteOptions {
    fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = Vec::new();
        let assign = match &self.auto_assign {
            AutoAssign::Default => None,
            AutoAssign::On => Some("TRUE".to_owned()),
            AutoAssign::Off => Some("FALSE".to_owned()),
            AutoAssign::Rule(id) => Some(id.clone()),
        };
        headers.extend(assign.map(|value| ("Sforce-Auto-Assign", value)));
        if self.allow_duplicates {
            headers.push(("Sforce-Duplicate-Rule-Header", "allowSave=true".to_owned()));
        }
        headers
    }
}

/// What an upsert did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upserted {
    /// Absent when an old version answers an update with 204 and says no more.
    pub id: Option<String>,
    pub created: bool,
}

/// What a delete found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletion {
    Deleted,
    /// Somebody, perhaps an earlier try of this very call, was faster.
    WasDeleted,
}

/// Ids that were created or changed, and up to when that is the whole truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdatedRecords {
    pub ids: Vec<String>,
    pub latest_date_covered: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedRecord {
    pub id: String,
    pub deleted_at: Timestamp,
}

/// Ids that were deleted, and up to when that is the whole truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedRecords {
    pub records: Vec<DeletedRecord>,
    pub earliest_date_available: Timestamp,
    pub latest_date_covered: Timestamp,
}

#[derive(Deserialize)]
struct Saved {
    id: Option<String>,
    created: Option<bool>,
}

impl Client {
    /// The named fields of a record; `None` when there is no such record, or no longer.
    pub async fn retrieve(&self, object: &str, id: &str, fields: &[&str]) -> Result<Option<Record>, Error> {
        const OPERATION: &str = "rest.retrieve";
        let mut path = self.row(OPERATION, object, id)?;
        for (position, field) in fields.iter().enumerate() {
            path.push_str(if position == 0 { "?fields=" } else { "," });
            path.push_str(path::name(OPERATION, field)?);
        }
        match self.call(&Call::get(OPERATION, path)).await {
            Ok(answer) => parse(OPERATION, Effect::Read, &answer).map(Some),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Creates a record and returns its id. An [`super::super::RetryClass::Ambiguous`] error means: it may exist.
    pub async fn create(
        &self,
        object: &str,
        fields: &Fields,
        options: &WriteOptions,
    ) -> Result<String, Error> {
        const OPERATION: &str = "rest.create";
        let path = self.data_path(&format!("/sobjects/{}", path::name(OPERATION, object)?));
        let answer =
            self.call(&write(OPERATION, Effect::Create, Method::POST, path, fields, options)?).await?;
        let saved: Saved = parse(OPERATION, Effect::Create, &answer)?;
        saved
            .id
            .ok_or_else(|| Error::malformed(OPERATION, Effect::Create, "created, but the answer has no id"))
    }

    pub async fn update(
        &self,
        object: &str,
        id: &str,
        fields: &Fields,
        options: &WriteOptions,
    ) -> Result<(), Error> {
        const OPERATION: &str = "rest.update";
        let path = self.row(OPERATION, object, id)?;
        self.call(&write(OPERATION, Effect::Idempotent, Method::PATCH, path, fields, options)?).await?;
        Ok(())
    }

    pub async fn delete(&self, object: &str, id: &str) -> Result<Deletion, Error> {
        const OPERATION: &str = "rest.delete";
        let path = self.row(OPERATION, object, id)?;
        let call = Call { effect: Effect::Idempotent, method: Method::DELETE, ..Call::get(OPERATION, path) };
        match self.call(&call).await {
            Ok(_) => Ok(Deletion::Deleted),
            Err(error) if error.has_code("ENTITY_IS_DELETED") => Ok(Deletion::WasDeleted),
            Err(error) => Err(error),
        }
    }

    /// Creates or updates by an external id; the field itself must not stand among `fields`.
    pub async fn upsert(
        &self,
        object: &str,
        external_id_field: &str,
        value: &str,
        fields: &Fields,
        options: &WriteOptions,
    ) -> Result<Upserted, Error> {
        const OPERATION: &str = "rest.upsert";
        if fields.get(external_id_field).is_some() {
            let reason = format!(
                "{external_id_field} stands in the path of the upsert, it must not stand in its body"
            );
            return Err(Error::refused(OPERATION, reason));
        }
        let path = self.data_path(&format!(
            "/sobjects/{}/{}/{}",
            path::name(OPERATION, object)?,
            path::name(OPERATION, external_id_field)?,
            path::value(OPERATION, value)?
        ));
        let answer =
            self.call(&write(OPERATION, Effect::Idempotent, Method::PATCH, path, fields, options)?).await?;
        if answer.status == 204 {
            return Ok(Upserted { id: None, created: false });
        }
        let saved: Saved = parse(OPERATION, Effect::Idempotent, &answer)?;
        // Old versions leave `created` out of a 201.
        Ok(Upserted { id: saved.id, created: saved.created.unwrap_or(answer.status == 201) })
    }

    /// Which records were created or changed in the span (at most 30 days back, whole minutes).
    pub async fn get_updated(
        &self,
        object: &str,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<UpdatedRecords, Error> {
        const OPERATION: &str = "rest.get_updated";
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Body {
            ids: Vec<String>,
            latest_date_covered: String,
        }
        let answer =
            self.call(&Call::get(OPERATION, self.span(OPERATION, object, "updated", from, to)?)).await?;
        let body: Body = parse(OPERATION, Effect::Read, &answer)?;
        Ok(UpdatedRecords {
            ids: body.ids,
            latest_date_covered: instant(OPERATION, &body.latest_date_covered)?,
        })
    }

    /// Which records were deleted in the span (at most 15 days back, whole minutes).
    pub async fn get_deleted(
        &self,
        object: &str,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<DeletedRecords, Error> {
        const OPERATION: &str = "rest.get_deleted";
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Item {
            id: String,
            deleted_date: String,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Body {
            deleted_records: Vec<Item>,
            earliest_date_available: String,
            latest_date_covered: String,
        }
        let answer =
            self.call(&Call::get(OPERATION, self.span(OPERATION, object, "deleted", from, to)?)).await?;
        let body: Body = parse(OPERATION, Effect::Read, &answer)?;
        let record = |item: Item| {
            let deleted_at = instant(OPERATION, &item.deleted_date)?;
            Ok(DeletedRecord { id: item.id, deleted_at })
        };
        Ok(DeletedRecords {
            records: body.deleted_records.into_iter().map(record).collect::<Result<_, Error>>()?,
            earliest_date_available: instant(OPERATION, &body.earliest_date_available)?,
            latest_date_covered: instant(OPERATION, &body.latest_date_covered)?,
        })
    }

    fn row(&self, operation: &'static str, object: &str, id: &str) -> Result<String, Error> {
        let object = path::name(operation, object)?;
        Ok(self.data_path(&format!("/sobjects/{object}/{}", path::id(operation, id)?)))
    }

    fn span(
        &self,
        operation: &'static str,
        object: &str,
        kind: &str,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<String, Error> {
        let date = |at: Timestamp| path::encode(&at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string());
        let object = path::name(operation, object)?;
        Ok(self.data_path(&format!("/sobjects/{object}/{kind}/?start={}&end={}", date(from), date(to))))
    }
}

fn write(
    operation: &'static str,
    effect: Effect,
    method: Method,
    path: String,
    fields: &Fields,
    options: &WriteOptions,
) -> Result<Call, Error> {
    let body = serde_json::to_vec(fields).map_err(|error| Error::refused(operation, error.to_string()))?;
    Ok(Call { operation, effect, method, path, headers: options.headers(), body: Some(body) })
}

/// No such record, or one that is deleted; not a URL that leads nowhere, which is a mistake of ours.
fn is_absent(error: &Error) -> bool {
    let not_found = matches!(error.kind, ErrorKind::Api { status: 404, .. });
    not_found && (error.has_code("NOT_FOUND") || error.has_code("ENTITY_IS_DELETED"))
}

fn instant(operation: &'static str, text: &str) -> Result<Timestamp, Error> {
    timestamp(text)
        .ok_or_else(|| Error::malformed(operation, Effect::Read, format!("`{text}` is no dateTime")))
}
