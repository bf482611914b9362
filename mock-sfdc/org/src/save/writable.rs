//! Step 2, first half: only fields that the caller may write are written. Also loads the request's values over the record.

use super::{Save, SaveKind};
use crate::{
    access::permissions::FieldAccess,
    error::Error,
    schema::{Field, Object},
};

/// What an insert may bring by itself when the user has "Set Audit Fields upon Record Creation".
const AUDIT: [&str; 4] = ["CreatedById", "CreatedDate", "LastModifiedById", "LastModifiedDate"];

pub(super) fn check(save: &mut Save<'_>) {
    if save.options.seeding {
        return;
    }
    let object = save.object.clone();
    if let Some(unseen) = save.given.iter().find(|at| access(save, &object, **at) == FieldAccess::Hidden) {
        if let Some(field) = object.field_at(*unseen) {
            save.errors.push(Error::no_such_column_on(field.name.as_str(), object.name.as_str()));
        }
        return;
    }
    let refused = save
        .given
        .iter()
        .filter_map(|position| Some((*position, object.field_at(*position)?)))
        .filter(|(position, field)| {
            let allowed = match save.kind {
                SaveKind::Insert => field.createable || may_set_audit(save, field),
                SaveKind::Update => field.updateable,
            };
            !allowed || access(save, &object, *position) == FieldAccess::ReadOnly
        })
        .map(|(_, field)| field.name.as_str())
        .collect::<Vec<_>>();
    if !refused.is_empty() {
        save.errors.push(Error::not_writeable(&refused));
    }
}

fn access(save: &Save<'_>, object: &Object, position: usize) -> FieldAccess {
    save.viewer.as_ref().map_or(FieldAccess::Editable, |viewer| viewer.field(object.index, position))
}

fn may_set_audit(save: &Save<'_>, field: &Field) -> bool {
    AUDIT.iter().any(|name| field.name.is(name)) && save.tx.user_may("CreateAuditFields")
}
