//! Errors of the Bulk APIs (`contract/bulk.md`). A job of 1.0 says `InvalidJob`, one of 2.0 `INVALIDJOB`: one code here, spelt by
//! the face. Texts without a source are our own sentences; `docs/FIDELITY.md` lists them.

use super::{Error, ErrorCode};
use crate::id::Id;

impl ErrorCode {
    /// As Bulk API 1.0 spells it.
    #[must_use]
    pub const fn in_bulk_1(self) -> &'static str {
        match self {
            Self::BulkClientInputError | Self::JsonParserError => "ClientInputError",
            Self::BulkExceededQuota | Self::RequestLimitExceeded | Self::LimitExceeded => "ExceededQuota",
            Self::BulkFeatureNotEnabled
            | Self::FunctionalityNotEnabled
            | Self::ApiDisabledForOrg
            | Self::ApiCurrentlyDisabled => "FeatureNotEnabled",
            Self::BulkInvalidBatch => "InvalidBatch",
            Self::BulkInvalidJob | Self::InvalidAssignmentRule => "InvalidJob",
            Self::BulkInvalidJobState => "InvalidJobState",
            Self::BulkInvalidUrl | Self::NotFound | Self::MethodNotAllowed => "InvalidUrl",
            Self::BulkInvalidXml => "InvalidXML",
            Self::BulkUnsupportedContentType | Self::UnsupportedMediaType => "UnsupportedContentType",
            Self::InvalidSessionId => "InvalidSessionId",
            Self::BulkInvalidVersion | Self::UnsupportedApiVersion | Self::Gone => "InvalidVersion",
            _ => "Unknown",
        }
    }
}

/// Of jobs and batches.
impl Error {
    fn bulk(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::routing(code, message)
    }

    #[must_use]
    pub fn unable_to_find_object(name: &str) -> Self {
        Self::bulk(ErrorCode::BulkInvalidJob, format!("Unable to find object: {name}"))
    }

    #[must_use]
    pub fn invalid_job_id(text: &str) -> Self {
        Self::bulk(ErrorCode::BulkInvalidJob, format!("Invalid job id: {text}"))
    }

    #[must_use]
    pub fn invalid_batch_id(text: &str) -> Self {
        Self::bulk(ErrorCode::BulkInvalidBatch, format!("Invalid batch id: {text}"))
    }

    #[must_use]
    pub fn invalid_result_id(text: &str) -> Self {
        Self::bulk(ErrorCode::BulkInvalidBatch, format!("Invalid result id: {text}"))
    }

    #[must_use]
    pub fn blank_external_id(object: &str) -> Self {
        let message =
            format!("External ID was blank for {object}. An External ID must be specified for upsert.");
        Self::bulk(ErrorCode::BulkInvalidJob, message)
    }

    #[must_use]
    pub fn no_such_external_id(field: &str, object: &str) -> Self {
        let message = format!(
            "Field name provided, {field} does not match an External ID, Salesforce Id, or indexed field for {object}"
        );
        Self::bulk(ErrorCode::BulkInvalidJob, message)
    }

    #[must_use]
    pub fn hard_delete_not_allowed() -> Self {
        let message = "hardDelete operation requires special user profile permission, please contact your system administrator";
        Self::bulk(ErrorCode::BulkFeatureNotEnabled, message)
    }

    /// A member of a job that is missing, or a value that is none of its own.
    #[must_use]
    pub fn bad_job_value(member: &str, value: Option<&str>) -> Self {
        let message = match value {
            Some(value) => format!("Unable to parse Job: {value:?} is no value of {member}"),
            None => format!("Unable to parse Job: {member} is missing"),
        };
        Self::bulk(ErrorCode::BulkInvalidJob, message)
    }

    /// A member of a job that nobody knows.
    #[must_use]
    pub fn unknown_job_member(member: &str) -> Self {
        Self::bulk(ErrorCode::BulkInvalidJob, format!("Unable to parse Job: unknown member {member:?}"))
    }

    #[must_use]
    pub fn unreadable_job(why: &str) -> Self {
        Self::bulk(ErrorCode::BulkInvalidJob, format!("Unable to parse Job: {why}"))
    }

    /// `Aborting already Completed Job not allowed`: the contract's own sentence, for other verbs and states too.
    #[must_use]
    pub fn job_state_forbids(doing: &str, state: &str) -> Self {
        Self::bulk(ErrorCode::BulkInvalidJobState, format!("{doing} already {state} Job not allowed"))
    }

    #[must_use]
    pub fn job_is_not_terminated() -> Self {
        let message = "Error encountered when deleting the job because the job is not terminated";
        Self::bulk(ErrorCode::ApiError, message)
    }

    #[must_use]
    pub fn job_is_not_open() -> Self {
        Self::bulk(ErrorCode::BulkInvalidJobState, "Job not in Open state: no data can be added")
    }

    #[must_use]
    pub fn uploaded_already() -> Self {
        Self::bulk(ErrorCode::BulkInvalidJobState, "Data has been uploaded already: a job takes one upload")
    }

    #[must_use]
    pub fn nothing_uploaded() -> Self {
        Self::bulk(ErrorCode::BulkInvalidJobState, "No data has been uploaded: there is nothing to process")
    }

    #[must_use]
    pub fn job_is_not_complete(state: &str) -> Self {
        Self::bulk(ErrorCode::BulkInvalidJobState, format!("The job is not complete: its state is {state}"))
    }

    #[must_use]
    pub fn records_not_processed() -> Self {
        Self::bulk(ErrorCode::BulkInvalidBatch, "Records not processed")
    }

    #[must_use]
    pub fn batch_not_completed() -> Self {
        Self::bulk(ErrorCode::BulkInvalidBatch, "Batch not completed")
    }

    #[must_use]
    pub fn unsupported_content_type(found: &str) -> Self {
        let message = format!("Unsupported content type: {found}");
        Self::bulk(ErrorCode::BulkUnsupportedContentType, message)
    }

    /// A request that holds nothing, or what cannot be read.
    #[must_use]
    pub fn client_input(why: impl Into<String>) -> Self {
        Self::bulk(ErrorCode::BulkClientInputError, why)
    }

    #[must_use]
    pub fn invalid_xml(why: impl Into<String>) -> Self {
        Self::bulk(ErrorCode::BulkInvalidXml, why)
    }

    #[must_use]
    pub fn too_many_batches() -> Self {
        Self::bulk(ErrorCode::BulkExceededQuota, "ApiBatchItems Limit exceeded.")
    }

    #[must_use]
    pub fn too_many_bulk_queries(most: usize) -> Self {
        let message = format!("Max bulk v2 query jobs ({most}) per 24 hrs has been exceeded ({most})");
        Self::bulk(ErrorCode::LimitExceeded, message)
    }

    /// The machine has no room for what was sent, or for what became of it.
    #[must_use]
    pub fn store_failed(why: &str) -> Self {
        let message = format!("mock-sfdc cannot keep the data, or read it again: {why}");
        Self::bulk(ErrorCode::UnknownException, message)
    }

    #[must_use]
    pub fn upload_too_large(most: usize) -> Self {
        Self::client_input(format!("Maximum size of an upload exceeded: {most} bytes"))
    }

    /// As clients of 1.0 report it.
    #[must_use]
    pub fn batch_too_large(most: usize) -> Self {
        Self::client_input(format!("Failed to read request. Exceeded max size limit of {most}"))
    }

    #[must_use]
    pub fn no_chunk_parent(object: &str, parent: &str) -> Self {
        let message = format!(
            "Invalid value of Sforce-Enable-PKChunking: {object} is no sharing or history of {parent}"
        );
        Self::client_input(message)
    }

    #[must_use]
    pub fn not_in_bulk_query(what: &str) -> Self {
        Self::bulk(ErrorCode::ApiError, format!("{what} not supported in Bulk Query"))
    }

    /// Results are read in the version that their job was made in.
    #[must_use]
    pub fn bulk_version_differs(made_in: u16) -> Self {
        let message = format!("The API version of the request is not that of the job: {made_in}.0");
        Self::bulk(ErrorCode::BulkInvalidVersion, message)
    }

    #[must_use]
    pub fn bulk_session_invalid() -> Self {
        Self::plain(ErrorCode::InvalidSessionId, "Invalid session id")
    }
}

/// Of records.
impl Error {
    #[must_use]
    pub fn external_id_not_specified(field: &str) -> Self {
        Self::on_fields(ErrorCode::MissingArgument, format!("{field} not specified"), [field])
    }

    #[must_use]
    pub fn missing_delete_id() -> Self {
        Self::record(ErrorCode::MissingArgument, "Id not specified in a delete call")
    }

    #[must_use]
    pub fn duplicate_id(id: Id) -> Self {
        Self::record(ErrorCode::DuplicateValue, format!("Duplicate id specified: {id}"))
    }

    #[must_use]
    pub fn duplicate_external_id(field: &str, value: &str) -> Self {
        let message = format!("Duplicate external id specified: {value}");
        Self::on_fields(ErrorCode::DuplicateValue, message, [field])
    }
}
