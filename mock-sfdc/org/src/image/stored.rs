//! What the pieces of a state look like: what is written of each, and the keys under which parts stand.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::row::RowImage;
use crate::{
    id::Id,
    name::Name,
    schema::{GlobalValueSet, Object},
    state::ChangeKind,
    streaming::EventImage,
    value::DateTime,
};

pub(super) const SETTINGS: &str = "settings";
pub(super) const ACCESS: &str = "access";
pub(super) const RULES: &str = "rules";
pub(super) const STREAMS: &str = "streams";
pub(super) const LOG: &str = "log";
pub(super) const SCHEMA: &str = "schema";
pub(super) const VIEWS: &str = "views";
pub(super) const OUTBOUND: &str = "outbound";
pub(super) const TIME_TRIGGERS: &str = "timeTriggers";

/// A record, and what its deletion did, if it was deleted.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Stored {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Deletion>,
    #[serde(flatten)]
    pub row: RowImage,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Deletion {
    pub at: DateTime,
    pub with: Id,
    /// Object, record and field of each lookup that was emptied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emptied: Vec<(Name, Id, Name)>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Counters {
    pub ids: u64,
    /// By field.
    pub auto_numbers: BTreeMap<String, u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct LogImage {
    pub next_seq: u64,
    pub transactions: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChangeImage {
    pub at: DateTime,
    pub transaction: u64,
    pub user: Id,
    pub kind: ChangeKind,
    pub object: Name,
    pub id: Id,
    pub before: Option<RowImage>,
    pub after: Option<RowImage>,
    pub silent: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct StoredEvent {
    pub event: EventImage,
    pub object: Option<Name>,
    pub record: Option<RowImage>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SchemaImage {
    pub namespace: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub value_sets: Vec<GlobalValueSet>,
}

/// Numbers in keys sort as they count.
pub(super) fn numbered(number: u64) -> String {
    format!("{number:020}")
}

pub(super) fn row_key(object: &Object, id: Id) -> String {
    format!("{}/{id}", object.name)
}
