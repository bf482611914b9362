//! Errors that only SOAP has (`contract/soap.md` sections 5 and 6).

use super::{Error, ErrorCode};

impl Error {
    /// Salesforce's own library logs in anew when it reads "Illegal Session" (`contract/soap.md` section 2).
    #[must_use]
    pub fn soap_session_invalid() -> Self {
        Self::plain(ErrorCode::InvalidSessionId, "Invalid Session ID found in SessionHeader: Illegal Session")
    }

    #[must_use]
    pub fn soap_login_not_available(version: &str) -> Self {
        let message = format!(
            "The SOAP Login operation is not available in the API version specified ({version}). Refer to the documentation \
             for supported versions."
        );
        Self::plain(ErrorCode::InvalidOperation, message)
    }

    /// A request that is none: SOAP's own fault, without a detail.
    #[must_use]
    pub fn soap_client(message: impl Into<String>) -> Self {
        Self::plain(ErrorCode::SoapClient, message)
    }

    /// A SOAP body that cannot be read.
    #[must_use]
    pub fn bad_envelope(why: &str) -> Self {
        Self::soap_client(format!("The body is no SOAP envelope: {why}"))
    }

    /// An element that no WSDL has.
    #[must_use]
    pub fn no_soap_operation(namespace: &str, name: &str) -> Self {
        Self::soap_client(format!(
            "No operation available for request {{{namespace}}}{name}, please check the WSDL for the service."
        ))
    }

    /// An element where no WSDL has one.
    #[must_use]
    pub fn misplaced_element(namespace: &str, name: &str) -> Self {
        Self::soap_client(format!("Element {{{namespace}}}{name} invalid at this location"))
    }

    /// A header of somebody else's that may not be passed over.
    #[must_use]
    pub fn header_not_understood(namespace: &str, name: &str) -> Self {
        Self::soap_client(format!("the header {{{namespace}}}{name} must be understood and is not"))
    }

    /// A text that is no value of its type.
    #[must_use]
    pub fn soap_value_invalid(value: &str, kind: &str) -> Self {
        Self::soap_client(format!("'{value}' is not a valid value for the type xsd:{kind}"))
    }

    #[must_use]
    pub fn too_many_records(most: usize) -> Self {
        let message = format!("record limit reached. cannot submit more than {most} records into this call");
        Self::plain(ErrorCode::ExceededIdLimit, message)
    }

    #[must_use]
    pub fn too_many_types(most: usize) -> Self {
        let message = format!("a call describes at most {most} objects");
        Self::plain(ErrorCode::ExceededMaxTypesLimit, message)
    }

    #[must_use]
    pub fn invalid_query_options(found: &str) -> Self {
        let message = format!("QueryOptions takes a batchSize from 200 to 2000, not {found:?}");
        Self::plain(ErrorCode::InvalidBatchSize, message)
    }

    #[must_use]
    pub fn bad_field_list(list: &str) -> Self {
        Self::plain(ErrorCode::InvalidField, format!("fieldList takes names of fields, not {list:?}"))
    }

    /// A record that does not say of which object it is.
    #[must_use]
    pub fn no_concrete_type() -> Self {
        Self::plain(ErrorCode::InvalidType, "Must send a concrete entity type.")
    }

    #[must_use]
    pub fn id_in_insert() -> Self {
        let message = "cannot specify Id in an insert call";
        Self::on_fields(ErrorCode::InvalidFieldForInsertUpdate, message, ["Id"])
    }

    /// The field that an upsert goes by does not identify records.
    #[must_use]
    pub fn not_an_external_id(field: &str, object: &str) -> Self {
        let message = format!(
            "Field name provided, {field} does not match an External ID, Salesforce Id, or indexed field for {object}"
        );
        Self::plain(ErrorCode::InvalidField, message)
    }

    #[must_use]
    pub fn external_id_missing(field: &str) -> Self {
        Self::on_fields(ErrorCode::MissingArgument, format!("{field} not specified"), [field])
    }

    #[must_use]
    pub fn external_id_twice(key: &str) -> Self {
        Self::record(ErrorCode::DuplicateValue, format!("Duplicate external id specified: {key}"))
    }

    /// A parent in a record stands for itself by one field of its own.
    /// A record that says two things of one field.
    #[must_use]
    pub fn field_twice(name: &str) -> Self {
        Self::plain(ErrorCode::InvalidField, format!("{name} is specified more than once"))
    }

    #[must_use]
    pub fn parent_needs_one_key(relationship: &str) -> Self {
        let message = format!("{relationship} must be named by exactly one of its fields");
        Self::plain(ErrorCode::InvalidField, message)
    }
}
