//! Errors of mails that clients send. Most of the sentences are those that Apex developers quote (`docs/FIDELITY.md`).

use super::{Error, ErrorCode};
use crate::id::Id;

impl Error {
    #[must_use]
    pub fn mail_address_invalid(field: &str, address: &str) -> Self {
        let message = format!("Email address is invalid: {address}");
        Self::on_fields(ErrorCode::InvalidEmailAddress, message, [field, address])
    }

    #[must_use]
    pub fn mail_without_recipient() -> Self {
        Self::record(ErrorCode::RequiredFieldMissing, "Add a recipient to send an email.")
    }

    #[must_use]
    pub fn mail_without_body() -> Self {
        let message = "Missing body, need at least one of html or plainText";
        Self::record(ErrorCode::RequiredFieldMissing, message)
    }

    #[must_use]
    pub fn mail_template_without_target() -> Self {
        let message = "Missing targetObjectId with template";
        Self::on_fields(ErrorCode::RequiredFieldMissing, message, ["targetObjectId"])
    }

    /// An id of another object than the field takes, or of no record.
    #[must_use]
    pub fn mail_id_invalid(field: &str, id: Id) -> Self {
        let message = format!("Invalid entity type or id for {field}: {id}");
        Self::on_fields(ErrorCode::InvalidIdField, message, [field.to_owned(), id.to_string()])
    }

    #[must_use]
    pub fn mail_target_without_address(id: Id) -> Self {
        let message = format!("targetObjectId has no email address: {id}");
        Self::on_fields(ErrorCode::RequiredFieldMissing, message, ["targetObjectId"])
    }

    #[must_use]
    pub fn mail_to_user_about(what: Id) -> Self {
        let message = "WhatId is not available for sending emails to UserIds.";
        Self::on_fields(ErrorCode::InvalidIdField, message, ["whatId".to_owned(), what.to_string()])
    }

    #[must_use]
    pub fn mail_to_user_as_activity() -> Self {
        let message = "saveAsActivity must be false when sending mail to users.";
        Self::on_fields(ErrorCode::InvalidSaveAsActivityFlag, message, ["saveAsActivity", "true"])
    }

    #[must_use]
    pub fn too_many_mails(most: usize) -> Self {
        let message = format!("a call sends at most {most} messages");
        Self::plain(ErrorCode::EmailBatchSizeLimitExceeded, message)
    }
}
