//! Errors of a save (`contract/errors.md` section 4). `label` is what the message names, `field` what `fields` lists.

use super::{Error, ErrorCode};
use crate::{duplicates::DuplicateResult, id::Id, schema::Field};

impl Error {
    #[must_use]
    pub fn no_such_column_on(field: &str, object: &str) -> Self {
        Self::plain(ErrorCode::InvalidField, format!("No such column '{field}' on sobject of type {object}"))
    }

    #[must_use]
    pub fn required_fields_missing(fields: &[&str]) -> Self {
        let message = format!("Required fields are missing: [{}]", fields.join(", "));
        Self::on_fields(ErrorCode::RequiredFieldMissing, message, fields.iter().copied())
    }

    #[must_use]
    pub fn bad_restricted_picklist(label: &str, field: &str, value: &str) -> Self {
        let message = format!("{label}: bad value for restricted picklist field: {value}");
        Self::on_fields(ErrorCode::InvalidOrNullForRestrictedPicklist, message, [field])
    }

    #[must_use]
    pub fn string_too_long(label: &str, field: &str, value: &str, max: u32) -> Self {
        let message = format!("{label}: data value too large: {value} (max length={max})");
        Self::on_fields(ErrorCode::StringTooLong, message, [field])
    }

    #[must_use]
    pub fn invalid_email(label: &str, field: &str, value: &str) -> Self {
        let message = format!("{label}: invalid email address: {value}");
        Self::on_fields(ErrorCode::InvalidEmailAddress, message, [field])
    }

    #[must_use]
    pub fn number_outside_range(label: &str, field: &str, value: &str) -> Self {
        let message = format!("{label}: value outside of valid range on numeric field: {value}");
        Self::on_fields(ErrorCode::NumberOutsideValidRange, message, [field])
    }

    #[must_use]
    pub fn date_out_of_range(label: &str, field: &str, shown: &str) -> Self {
        Self::on_fields(ErrorCode::FieldIntegrity, format!("{label}: invalid date: {shown}"), [field])
    }

    /// A lookup that is set by a field of its parent and by an id at once.
    #[must_use]
    pub fn parent_named_twice(relationship: &str, field: &str) -> Self {
        let message = format!(
            "Cannot specify both an external ID reference {relationship} and a salesforce id, {field}"
        );
        Self::on_fields(ErrorCode::InvalidField, message, [field])
    }

    #[must_use]
    pub fn value_not_of_type(label: &str, field: &str, value: &str) -> Self {
        let message = format!("{label}: value not of required type: {value}");
        Self::on_fields(ErrorCode::InvalidTypeOnFieldInRecord, message, [field])
    }

    /// A reference field whose text is no id, or the id of another object.
    #[must_use]
    pub fn malformed_reference(label: &str, field: &str, value: &str) -> Self {
        let message = format!("{label}: id value of incorrect type: {value}");
        Self::on_fields(ErrorCode::MalformedId, message, [field])
    }

    #[must_use]
    pub fn malformed_record_id(value: &str) -> Self {
        Self::on_fields(
            ErrorCode::MalformedId,
            format!("Record ID: id value of incorrect type: {value}"),
            ["Id"],
        )
    }

    #[must_use]
    pub fn record_type_not_for_user(id: &str) -> Self {
        let message = format!("Record Type ID: this ID value isn't valid for the user: {id}");
        Self::on_fields(ErrorCode::InvalidCrossReferenceKey, message, ["RecordTypeId"])
    }

    /// A file that is larger than its object takes: attachments 25 MB, documents 5 MB.
    #[must_use]
    pub fn file_too_large(object: &str, most: usize) -> Self {
        let code = match object {
            "Document" => ErrorCode::MaximumSizeOfDocument,
            _ => ErrorCode::MaximumSizeOfAttachment,
        };
        Self::on_fields(code, format!("{object} exceeds the maximum size of {most} bytes"), ["Body"])
    }

    /// A price in a price book before the product has a standard price.
    #[must_use]
    pub fn no_standard_price() -> Self {
        Self::record(ErrorCode::StandardPriceNotDefined, "No standard price defined for this product")
    }

    #[must_use]
    pub fn price_exists() -> Self {
        Self::record(ErrorCode::DuplicateValue, "This price definition already exists in this price book")
    }

    #[must_use]
    pub fn asset_needs_somebody() -> Self {
        let message = "Every asset needs an account, a contact, or both.";
        Self::on_fields(ErrorCode::FieldIntegrity, message, ["AccountId", "ContactId"])
    }

    #[must_use]
    pub fn duplicate_value(field: &str, other: Id) -> Self {
        let message =
            format!("duplicate value found: {field} duplicates value on record with id: {}", other.short());
        Self::record(ErrorCode::DuplicateValue, message)
    }

    /// A lookup that points at a record outside of its filter. An administrator may have written another text.
    #[must_use]
    pub fn lookup_filter(message: Option<&str>, field: &str) -> Self {
        let message = message.unwrap_or("Value does not exist or does not match filter criteria.");
        Self::on_fields(ErrorCode::FieldFilterValidation, message, [field])
    }

    /// A lookup that points at the record it stands in.
    #[must_use]
    pub fn self_reference(label: &str, field: &str) -> Self {
        let message = format!("{label}: a record cannot refer to itself");
        Self::on_fields(ErrorCode::FieldIntegrity, message, [field])
    }

    #[must_use]
    pub fn invalid_cross_reference() -> Self {
        Self::record(ErrorCode::InvalidCrossReferenceKey, "invalid cross reference id")
    }

    #[must_use]
    pub fn entity_is_deleted() -> Self {
        Self::record(ErrorCode::EntityIsDeleted, "entity is deleted")
    }

    #[must_use]
    pub fn not_writeable(fields: &[&str]) -> Self {
        let message = format!(
            "Unable to create/update fields: {}. Please check the security settings of this field and verify that it is \
             read/write for your profile or permission set.",
            fields.join(", ")
        );
        Self::on_fields(ErrorCode::InvalidFieldForInsertUpdate, message, fields.iter().copied())
    }

    /// Fields that the kind of the record does not have: a person's of a business account.
    #[must_use]
    pub fn bad_field_names(object: &str, fields: &[&str]) -> Self {
        let message = format!("{object}: bad field names on insert/update call: {}", fields.join(", "));
        Self::on_fields(ErrorCode::InvalidFieldForInsertUpdate, message, fields.iter().copied())
    }

    /// What keeps a business account from becoming a person's. The words are ours.
    #[must_use]
    pub fn cannot_become_a_person(why: &str) -> Self {
        let message = format!("the account can not become a person account: {why}");
        Self::on_fields(ErrorCode::FieldIntegrity, message, ["RecordTypeId"])
    }

    /// The contact of a person account, by itself.
    #[must_use]
    pub fn contact_of_a_person() -> Self {
        let message = "the contact of a person account is changed and deleted by its account";
        Self::record(ErrorCode::InvalidOperation, message)
    }

    #[must_use]
    pub fn converted_lead() -> Self {
        Self::record(ErrorCode::CannotUpdateConvertedLead, "cannot reference converted lead")
    }

    #[must_use]
    pub fn inactive_owner() -> Self {
        Self::record(ErrorCode::InactiveOwnerOrUser, "operation performed with inactive user")
    }

    #[must_use]
    pub fn blank_owner() -> Self {
        let message = "Owner ID: owner cannot be blank";
        Self::on_fields(ErrorCode::InvalidCrossReferenceKey, message.to_owned(), ["OwnerId"])
    }

    #[must_use]
    pub fn queue_not_for(object: &str) -> Self {
        Self::on_fields(
            ErrorCode::FieldIntegrity,
            format!("Queue not associated with this SObject type: {object}"),
            ["OwnerId"],
        )
    }

    /// The key of an upsert stands in the address, and there only.
    #[must_use]
    pub fn external_id_in_body(field: &str) -> Self {
        let message = format!("The {field} field should not be specified in the sobject data.");
        Self::plain(ErrorCode::InvalidField, message)
    }

    /// No approval process takes the record.
    #[must_use]
    pub fn no_applicable_process() -> Self {
        Self::record(ErrorCode::NoApplicableProcess, "No applicable approval process was found.")
    }

    #[must_use]
    pub fn illegal_action(found: &str) -> Self {
        Self::plain(
            ErrorCode::InvalidInput,
            format!("actionType is Submit, Approve or Reject, not {found:?}"),
        )
    }

    #[must_use]
    pub fn no_approval_process(name: &str) -> Self {
        Self::plain(ErrorCode::InvalidInput, format!("there is no approval process {name}"))
    }

    /// One option of an owner change that counts only with another.
    #[must_use]
    pub fn owner_change_needs(option: &str, other: &str) -> Self {
        Self::plain(ErrorCode::InvalidOperation, format!("{option} takes {other} with it"))
    }

    /// The object as such does not allow the verb (a describe says so: createable, updateable, deletable).
    #[must_use]
    pub fn verb_not_allowed(object: &str, verb: &str) -> Self {
        Self::record(
            ErrorCode::InvalidTypeForOperation,
            format!("entity type {object} does not support {verb}"),
        )
    }

    #[must_use]
    pub fn integrity(message: impl Into<String>, fields: &[&str]) -> Self {
        Self::on_fields(ErrorCode::FieldIntegrity, message, fields.iter().copied())
    }

    #[must_use]
    pub fn rolled_back() -> Self {
        Self::record(
            ErrorCode::AllOrNoneOperationRolledBack,
            "Record rolled back because not all records were valid and the request was using AllOrNone header",
        )
    }

    #[must_use]
    pub fn delete_failed(name: &str, related: &str, children: &[String]) -> Self {
        let list = children.iter().flat_map(|child| [child.as_str(), "\n"]).collect::<String>();
        let message = format!(
            "Your attempt to delete {name} could not be completed because it is associated with the following {related}.: {list}"
        );
        Self::record(ErrorCode::DeleteFailed, message)
    }

    #[must_use]
    pub fn not_in_recycle_bin() -> Self {
        Self::record(ErrorCode::UndeleteFailed, "Entity is not in the recycle bin")
    }

    /// A master, or another parent whose deletion cascades, is gone: the child does not come back without it.
    #[must_use]
    pub fn parent_is_deleted() -> Self {
        Self::record(ErrorCode::UndeleteFailed, "The parent of the record is deleted: undelete the parent")
    }

    /// A parent named by an external id and by its own as well.
    #[must_use]
    pub fn reference_twice(field: &Field) -> Self {
        let (relationship, name) =
            (field.relationship_name.as_ref().map_or("", |name| name.as_str()), &field.name);
        let message = format!(
            "Cannot specify both an external ID reference {relationship} and a salesforce id, {name}"
        );
        Self::on_fields(ErrorCode::InvalidField, message, [] as [&str; 0])
    }

    /// A parent named by an external id that no record has.
    #[must_use]
    pub fn foreign_key_not_found(field: &str, value: &str, object: &str) -> Self {
        let message = format!(
            "Foreign key external ID: {} not found for field {field} in entity {object}",
            value.to_lowercase()
        );
        Self::on_fields(ErrorCode::InvalidField, message, [] as [&str; 0])
    }

    #[must_use]
    pub fn missing_update_id() -> Self {
        Self::record(ErrorCode::MissingArgument, "Id not specified in an update call")
    }

    #[must_use]
    pub fn several_external_id_matches(field: &str, found: &[Id]) -> Self {
        let list = found.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let message = format!("{field}: more than one record found for external id field: [{list}]");
        Self::on_fields(ErrorCode::DuplicateExternalId, message, [field])
    }

    #[must_use]
    pub fn invalid_assignment_rule(id: &str) -> Self {
        Self::plain(ErrorCode::InvalidAssignmentRule, format!("invalid assignment rule id: {id}"))
    }

    /// The text of a validation rule or of `addError`, at a field or at the whole record.
    #[must_use]
    pub fn custom_validation(message: &str, field: Option<&str>) -> Self {
        Self::on_fields(ErrorCode::FieldCustomValidation, message, field)
    }

    /// A validation rule whose formula has no value for the record.
    #[must_use]
    pub fn validation_formula_invalid(rule: &str, reason: &str) -> Self {
        let message = format!("Validation Formula \"{rule}\" Invalid ({reason})");
        Self::record(ErrorCode::FormulaExpressionInvalid, message)
    }

    /// A trigger ended with an exception.
    #[must_use]
    pub fn trigger_exception(trigger: &str, event: &str, exception: &str) -> Self {
        let message = format!("{trigger}: execution of {event}\n\ncaused by: {exception}");
        Self::record(ErrorCode::CannotInsertUpdateActivateEntity, message)
    }

    /// Triggers that save records whose triggers save records.
    #[must_use]
    pub fn trigger_depth_exceeded(object: &str, id: Id) -> Self {
        let message = format!("maximum trigger depth exceeded\n{object} trigger event for {id}");
        Self::record(ErrorCode::CannotInsertUpdateActivateEntity, message)
    }

    /// Somebody holds this row, and has not let it go in time.
    #[must_use]
    pub fn unable_to_lock_row(id: Id) -> Self {
        let message =
            format!("unable to obtain exclusive access to this record or 1 records: {}", id.short());
        Self::record(ErrorCode::UnableToLockRow, message)
    }

    /// Data storage or file storage is full.
    #[must_use]
    pub fn storage_limit_exceeded() -> Self {
        Self::record(ErrorCode::StorageLimitExceeded, "storage limit exceeded")
    }

    /// A duplicate rule refused the save. As recorded, the answer has no list of fields.
    #[must_use]
    pub fn duplicates_detected(found: DuplicateResult) -> Self {
        let message = found.error_message.clone();
        Self { duplicates: Some(Box::new(found)), ..Self::plain(ErrorCode::DuplicatesDetected, message) }
    }
}
