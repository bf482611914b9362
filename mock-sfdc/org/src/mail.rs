//! Mails that the org has sent. Nothing leaves the process: a test reads them here.

use crate::{id::Id, value::DateTime};

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum MailKind {
    /// A record was assigned to somebody by an assignment rule.
    Assignment,
    /// A lead was converted, and its new owner was to be told.
    LeadConversion,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    #[serde(serialize_with = "crate::mail::as_zulu")]
    pub at: DateTime,
    pub kind: MailKind,
    pub to: Vec<String>,
    pub subject: String,
    pub body: String,
    /// The record that it is about.
    pub related: Option<Id>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn as_zulu<S: serde::Serializer>(at: &DateTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_zulu())
}
