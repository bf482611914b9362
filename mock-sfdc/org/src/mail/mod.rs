//! Mails that the org has sent. Nothing leaves the process: a test reads them here.

mod message;
pub(crate) mod template;

pub use self::message::{EmailMessage, send};

use crate::{id::Id, value::DateTime};

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MailKind {
    /// A record was given to somebody, by an assignment rule or by a field update that is to tell its new owner.
    Assignment,
    /// A lead was converted, and its new owner was to be told.
    LeadConversion,
    /// A lead or a case was answered by an auto-response rule.
    AutoResponse,
    /// An e-mail alert of a workflow rule.
    Alert,
    /// A task was given to somebody by a workflow rule.
    Task,
    /// A client sent it.
    Message,
}

/// A file that goes with a mail.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    pub name: String,
    pub content_type: Option<String>,
    /// In base64.
    pub body: String,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    #[serde(serialize_with = "crate::mail::as_zulu", deserialize_with = "crate::mail::from_zulu")]
    pub at: DateTime,
    pub kind: MailKind,
    /// Where a rule or the sending user says so: `Support <support@acme.example>`.
    pub from: Option<String>,
    pub reply_to: Option<String>,
    pub to: Vec<String>,
    pub cc: Vec<String>,
    #[serde(default)]
    pub bcc: Vec<String>,
    pub subject: String,
    pub body: String,
    /// Where there is one beside the plain text.
    #[serde(default)]
    pub html_body: Option<String>,
    /// The template as the rule names it, whether or not the org has it.
    pub template: Option<String>,
    /// The record that it is about.
    pub related: Option<Id>,
    #[serde(default)]
    pub attachments: Vec<Attachment>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn as_zulu<S: serde::Serializer>(at: &DateTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_zulu())
}

fn from_zulu<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<DateTime, D::Error> {
    use serde::Deserialize as _;
    let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
    DateTime::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("{text:?} is no moment")))
}
