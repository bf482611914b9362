//! What goes wrong with metadata: the texts of Salesforce's Metadata and Tooling API, as far as public answers show them.

use super::{Error, ErrorCode};
use crate::id::Id;

impl Error {
    #[must_use]
    pub fn metadata_api_not_allowed() -> Self {
        let text =
            "use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions";
        Self::plain(ErrorCode::InsufficientAccess, text)
    }

    #[must_use]
    pub fn tooling_not_allowed() -> Self {
        Self::plain(ErrorCode::InsufficientAccess, "insufficient access rights on object id")
    }

    /// A create of what is there already.
    #[must_use]
    pub fn duplicate_component(kind: &str, full_name: &str) -> Self {
        let text = match full_name.split_once('.') {
            Some((object, field)) if kind == "CustomField" => {
                format!("There is already a field named {} on {object}.", field.trim_end_matches("__c"))
            }
            _ => "This Developer Name already exists or has been previously used.  Please choose a different name."
                .to_owned(),
        };
        Self::record(ErrorCode::DuplicateDeveloperName, text)
    }

    #[must_use]
    pub fn no_component(kind: &str, full_name: &str) -> Self {
        Self::record(ErrorCode::InvalidCrossReferenceKey, format!("no {kind} named {full_name} found"))
    }

    /// A component that cannot be what it is said to be.
    #[must_use]
    pub fn component_refused(why: &str) -> Self {
        Self::record(ErrorCode::FieldIntegrity, why)
    }

    #[must_use]
    pub fn component_without_name() -> Self {
        Self::record(ErrorCode::RequiredFieldMissing, "Required fields are missing: [FullName]")
    }

    #[must_use]
    pub fn unknown_metadata_type(kind: &str) -> Self {
        Self::plain(ErrorCode::InvalidType, format!("Unknown type:{kind}"))
    }

    /// A call takes so many components of a type.
    #[must_use]
    pub fn too_many_components(most: usize) -> Self {
        Self::plain(
            ErrorCode::LimitExceeded,
            format!("record limit reached. cannot submit more than {most} records into this operation"),
        )
    }

    #[must_use]
    pub fn unknown_async_process(id: &str) -> Self {
        let text = format!("invalid parameter value: {id} is no id of a deployment or retrieval of this org");
        Self::plain(ErrorCode::InvalidCrossReferenceKey, text)
    }

    #[must_use]
    pub fn metadata_needs_one_row() -> Self {
        let text = "When retrieving results with Metadata or FullName fields, the query qualifications must specify no more than one row for retrieval.";
        Self::plain(ErrorCode::MalformedQuery, text)
    }

    #[must_use]
    pub fn bad_archive(why: &str) -> Self {
        Self::plain(ErrorCode::InvalidOperation, format!("The archive cannot be read: {why}"))
    }

    #[must_use]
    pub fn already_done(id: Id) -> Self {
        Self::plain(ErrorCode::InvalidOperation, format!("Deployment {id} is already completed"))
    }
}
