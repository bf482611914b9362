//! Errors of composite requests, collections and trees (`contract/rest.md` section 3). Where a text has no source it is our own
//! sentence; `docs/FIDELITY.md` lists them.

use std::fmt;

use super::{Error, ErrorCode};

/// What a reference id may consist of: of the guide, word for word.
fn reference_id_rule(found: &str) -> String {
    format!(
        "Provided referenceId ('{found}') must start with a letter or a number, and it can contain only letters, numbers and \
         underscores ('_')."
    )
}

impl Error {
    /// Of all subrequests but the one that failed.
    #[must_use]
    pub fn transaction_halted() -> Self {
        Self::routing(
            ErrorCode::ProcessingHalted,
            "The transaction was rolled back since another operation in the same transaction failed.",
        )
    }

    /// Of a subrequest that refers to what no other has answered.
    #[must_use]
    pub fn invalid_reference(reference: &str, name: &str) -> Self {
        let rule = reference_id_rule(reference);
        let message =
            format!("Invalid reference specified. No value for {reference} found in {name}. {rule}");
        Self::routing(ErrorCode::ProcessingHalted, message)
    }

    #[must_use]
    pub fn illegal_reference_id(found: &str) -> Self {
        Self::json(reference_id_rule(found))
    }

    #[must_use]
    pub fn reference_id_twice(found: &str) -> Self {
        Self::json(format!("referenceId '{found}' stands in the request twice"))
    }

    #[must_use]
    pub fn illegal_subrequest_method(found: &str) -> Self {
        Self::json(format!("method is one of POST, PUT, PATCH, GET and DELETE, not '{found}'"))
    }

    #[must_use]
    pub fn illegal_subrequest_url(found: &str, beginning: &str) -> Self {
        Self::json(format!("url begins with {beginning}, which '{found}' does not"))
    }

    #[must_use]
    pub fn illegal_subrequest_header(found: &str) -> Self {
        Self::json(format!(
            "httpHeaders of a subrequest cannot have '{found}': Accept, Authorization and Content-Type are those of the request"
        ))
    }

    /// A resource that composite requests do not support, or a graph not.
    #[must_use]
    pub fn not_in_composite(method: &str, url: &str) -> Self {
        let message = format!("The composite resource does not support {method} {url}");
        Self::routing(ErrorCode::ProcessingHalted, message)
    }

    #[must_use]
    pub fn not_in_batch(url: &str) -> Self {
        Self::plain(ErrorCode::InvalidBatchRequest, format!("The batch resource does not support {url}"))
    }

    #[must_use]
    pub fn illegal_batch_version(found: impl fmt::Display, newest: impl fmt::Display) -> Self {
        let message = format!(
            "The version of a batch's subrequest is v34.0 or later and at most {newest}, not {found}"
        );
        Self::plain(ErrorCode::InvalidBatchRequest, message)
    }

    /// Confirmed by the guide.
    #[must_use]
    pub fn batch_halted() -> Self {
        Self::routing(ErrorCode::BatchProcessingHalted, "Batch processing halted per request")
    }

    #[must_use]
    pub fn too_many_subrequests(most: usize) -> Self {
        Self::plain(ErrorCode::LimitExceeded, format!("A request takes at most {most} subrequests"))
    }

    #[must_use]
    pub fn too_many_heavy_subrequests(most: usize) -> Self {
        let message = format!("At most {most} subrequests of a request are queries or sObject Collections");
        Self::plain(ErrorCode::LimitExceeded, message)
    }

    #[must_use]
    pub fn illegal_graph_id(found: &str) -> Self {
        Self::json(format!(
            "graphId '{found}' must be unique, start with a letter or a number, be shorter than 40 characters and have no '.'"
        ))
    }

    #[must_use]
    pub fn graph_limit(what: &str, most: usize) -> Self {
        Self::plain(ErrorCode::LimitExceeded, format!("A graph request has at most {most} {what}"))
    }

    /// Of the graphs that are not tried any more.
    #[must_use]
    pub fn graphs_halted(most: usize) -> Self {
        let message = format!("More than {most} graphs of the request failed; this one was not processed.");
        Self::routing(ErrorCode::ProcessingHalted, message)
    }

    /// The text is Apex's for the same limit.
    #[must_use]
    pub fn too_many_chunks(most: usize) -> Self {
        let message = format!(
            "Cannot have more than {most} chunks in a single operation. Please rearrange the data to reduce chunking."
        );
        Self::plain(ErrorCode::LimitExceeded, message)
    }

    #[must_use]
    pub fn record_without_type() -> Self {
        Self::json("The attributes of a record must have a type.")
    }

    #[must_use]
    pub fn record_of_another_type(found: &str, wanted: &str) -> Self {
        Self::record(ErrorCode::InvalidType, format!("A record of {wanted} stands here, not of {found}"))
    }

    #[must_use]
    pub fn missing_external_id(field: &str) -> Self {
        Self::record(ErrorCode::MissingArgument, format!("{field} not specified"))
    }

    #[must_use]
    pub fn duplicate_external_id_in_list(value: &str) -> Self {
        Self::record(ErrorCode::DuplicateValue, format!("Duplicate external id specified: {value}"))
    }

    /// Of a list of ids to be deleted; confirmed by the guide.
    #[must_use]
    pub fn malformed_id(found: &str) -> Self {
        Self::record(ErrorCode::MalformedId, format!("malformed id {found}"))
    }

    #[must_use]
    pub fn missing_parameter(name: &str) -> Self {
        Self::plain(ErrorCode::MissingArgument, format!("The parameter {name} is required"))
    }

    #[must_use]
    pub fn illegal_flag(name: &str, found: &str) -> Self {
        let message = format!("{name} is true or false, not {found:?}");
        Self::plain(ErrorCode::IllegalQueryParameterValue, message)
    }

    #[must_use]
    pub fn relationships_too_far_up(most: usize) -> Self {
        Self::plain(ErrorCode::LimitExceeded, format!("A path goes up at most {most} relationships"))
    }

    #[must_use]
    pub fn illegal_number(name: &str, found: &str) -> Self {
        Self::plain(ErrorCode::IllegalQueryParameterValue, format!("{name} is a number, not {found:?}"))
    }

    #[must_use]
    pub fn bad_mru_header(found: &str) -> Self {
        let message = format!("Sforce-Mru is updateMru=true or updateMru=false, not {found:?}");
        Self::plain(ErrorCode::InvalidInput, message)
    }

    /// As clients have seen it.
    #[must_use]
    pub fn tree_without_reference() -> Self {
        Self::plain(ErrorCode::InvalidInput, "Include a reference ID for each record in the request.")
    }

    /// As clients have seen it.
    #[must_use]
    pub fn tree_with_reference_twice() -> Self {
        Self::record(ErrorCode::InvalidInput, "Duplicate ReferenceId provided in the request.")
    }

    /// As clients have seen it.
    #[must_use]
    pub fn tree_without_type() -> Self {
        Self::record(ErrorCode::InvalidInput, "Include an entity type for each record in the request.")
    }

    #[must_use]
    pub fn tree_too_deep(most: usize) -> Self {
        Self::plain(ErrorCode::LimitExceeded, format!("A tree has at most {most} levels"))
    }

    #[must_use]
    pub fn tree_with_too_many_types(most: usize) -> Self {
        Self::plain(ErrorCode::LimitExceeded, format!("Trees have records of at most {most} types"))
    }
}
