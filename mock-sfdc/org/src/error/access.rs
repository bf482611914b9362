//! Errors of permissions (`contract/errors.md` section 4, `contract/behaviour.md` section 9).

use super::{Error, ErrorCode};
use crate::id::Id;

impl Error {
    /// The user has no right to do this to this row: by its object, or by sharing.
    #[must_use]
    pub fn insufficient_access() -> Self {
        Self::record(ErrorCode::InsufficientAccessOrReadonly, "insufficient access rights on object id")
    }

    /// The user may not create rows of this object.
    #[must_use]
    pub fn cannot_be_inserted(object: &str) -> Self {
        let message = format!("entity type cannot be inserted: {object}");
        Self::record(ErrorCode::CannotInsertUpdateActivateEntity, message)
    }

    /// A reference to a row that the user may not see, or a master that the user may not change.
    #[must_use]
    pub fn insufficient_access_on_reference(id: Id) -> Self {
        let message = format!("insufficient access rights on cross-reference id: {}", id.short());
        Self::record(ErrorCode::InsufficientAccessOnCrossReference, message)
    }

    /// The other record is one that the user may not see.
    #[must_use]
    pub fn duplicate_of_unseen() -> Self {
        Self::record(
            ErrorCode::DuplicateValue,
            "duplicate value found: <unknown> duplicates value on record with id: <unknown>",
        )
    }

    #[must_use]
    pub fn owner_must_read() -> Self {
        Self::on_fields(
            ErrorCode::TransferRequiresRead,
            "The new owner must have read permission",
            ["OwnerId"],
        )
    }

    /// A permission set group's own permission set and what hangs on it, written by hand.
    #[must_use]
    pub fn set_of_a_group() -> Self {
        let message = "the permission set of a permission set group follows the sets of the group: change those instead, and \
                       assign the group by PermissionSetGroupId";
        Self::record(ErrorCode::InsufficientAccessOrReadonly, message)
    }

    /// Known: a share that gives no more than everybody has.
    #[must_use]
    pub fn trivial_share(field: &str, level: &str, usual: &str) -> Self {
        let why = format!("trivial share level {level}, for organization with default level {usual}");
        Self::share_level(field, &why)
    }

    #[must_use]
    pub fn share_level(field: &str, why: &str) -> Self {
        Self::on_fields(
            ErrorCode::FieldIntegrity,
            format!("field integrity exception: {field} ({why})"),
            [field],
        )
    }

    /// A new share for a reason that only the org itself has.
    #[must_use]
    pub fn share_cause(cause: &str) -> Self {
        Self::share_level("RowCause", &format!("{cause} is not given by hand; Manual is"))
    }

    #[must_use]
    pub fn share_not_by_hand() -> Self {
        let message = "a share that a rule, a team or an owner makes is not changed by hand";
        Self::record(ErrorCode::InsufficientAccessOrReadonly, message)
    }

    #[must_use]
    pub fn share_not_deletable() -> Self {
        let message = "a share that a rule, a team or an owner makes is not deleted by hand";
        Self::record(ErrorCode::DeleteFailed, message)
    }

    /// Without View All, an upsert could make a second record of one that the user does not see.
    #[must_use]
    pub fn upsert_needs_view_all() -> Self {
        Self::record(
            ErrorCode::InsufficientAccess,
            "Upsert requires view all data on a non-unique custom index",
        )
    }
}
