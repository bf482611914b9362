//! Errors of merging and of lead conversion (`contract/behaviour.md` sections 4 and 5). Texts without a source are our own
//! sentences; `docs/FIDELITY.md` lists them.

use super::{Error, ErrorCode};
use crate::id::Id;

impl Error {
    #[must_use]
    pub fn nothing_to_merge() -> Self {
        Self::record(ErrorCode::MergeFailed, "no records to merge")
    }

    #[must_use]
    pub fn too_many_to_merge(most: usize) -> Self {
        Self::record(ErrorCode::MergeFailed, format!("a merge takes a master and up to {most} other records"))
    }

    #[must_use]
    pub fn merged_twice(id: Id) -> Self {
        Self::record(ErrorCode::InvalidMergeRecord, format!("the record stands in the merge twice: {id}"))
    }

    /// Of another object, or a person where the master is a business.
    #[must_use]
    pub fn not_mergeable_with(id: Id) -> Self {
        Self::record(
            ErrorCode::InvalidMergeRecord,
            format!("the record cannot be merged with the master: {id}"),
        )
    }

    #[must_use]
    pub fn merge_makes_a_circle(field: &str) -> Self {
        Self::on_fields(
            ErrorCode::MergeFailed,
            "the merge would make the record its own parent, directly or by others",
            [field],
        )
    }

    /// Confirmed: `contract/soap.md` section 6.
    #[must_use]
    pub fn invalid_converted_status(status: &str) -> Self {
        Self::on_fields(ErrorCode::InvalidStatus, format!("invalid convertedStatus: {status}"), ["Status"])
    }

    /// The text is known, its code is not.
    #[must_use]
    pub fn converted_owner_must_be_a_user() -> Self {
        Self::record(
            ErrorCode::UnknownException,
            "Converted objects can only be owned by users.  If the lead is not owned by a user, you must specify a user for \
             the Owner field.",
        )
    }

    #[must_use]
    pub fn opportunity_id_and_name() -> Self {
        Self::record(
            ErrorCode::InvalidInput,
            "opportunityId and opportunityName exclude each other in a lead conversion",
        )
    }

    #[must_use]
    pub fn opportunity_not_wanted() -> Self {
        Self::record(
            ErrorCode::InvalidInput,
            "opportunityId and opportunityName must be empty when doNotCreateOpportunity is true",
        )
    }

    #[must_use]
    pub fn contact_needs_account() -> Self {
        Self::record(ErrorCode::InvalidInput, "accountId is required when contactId is given")
    }

    #[must_use]
    pub fn lead_source_needs_contact() -> Self {
        Self::record(ErrorCode::InvalidInput, "contactId is required when overwriteLeadSource is true")
    }

    #[must_use]
    pub fn contact_of_another_account() -> Self {
        Self::record(ErrorCode::InvalidCrossReferenceKey, "the contact does not belong to the account")
    }

    #[must_use]
    pub fn lead_convert_limit(most: usize) -> Self {
        Self::plain(ErrorCode::ExceededLeadConvertLimit, format!("a call converts at most {most} leads"))
    }

    /// An invocable action without something that it needs.
    #[must_use]
    pub fn action_input_missing(name: &str) -> Self {
        Self::record(ErrorCode::MissingArgument, format!("Missing required input parameter: {name}"))
    }

    #[must_use]
    pub fn too_many_addresses(most: usize) -> Self {
        Self::record(ErrorCode::LimitExceeded, format!("emailSimple takes at most {most} addresses"))
    }

    /// Confirmed, as the one below: `contract/behaviour.md` section 2.1.
    #[must_use]
    pub fn not_a_lead() -> Self {
        Self::record(
            ErrorCode::UnknownException,
            "Something's not right with one or more the specified LeadIds. Check the IDs and try again.",
        )
    }

    #[must_use]
    pub fn lead_is_deleted() -> Self {
        Self::record(
            ErrorCode::EntityIsDeleted,
            "One or more of the specified LeadIds were deleted. Check the IDs and try again.",
        )
    }
}
