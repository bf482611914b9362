//! Step 7: a record that is new must find room, and so must what a file has grown by. Where storage cannot run out, all find it.

use super::{Save, SaveKind};
use crate::{
    error::Error,
    limits::{Storage, Stored},
};

pub(super) fn check(save: &mut Save<'_>) {
    if !save.tx.state().settings().limits.enforces_storage() || save.options.seeding {
        return;
    }
    let Some(Stored { storage, bytes }) = Stored::by(&save.object, &save.edit) else { return };
    let had = save.before.as_ref().and_then(|before| Stored::by(&save.object, before));
    let more = bytes.saturating_sub(had.map_or(0, |had| had.bytes));
    let grows = save.kind == SaveKind::Insert || (storage == Storage::Files && more > 0);
    if grows && storage.is_full(save.tx.state(), more) {
        save.errors.push(Error::storage_limit_exceeded());
    }
}
