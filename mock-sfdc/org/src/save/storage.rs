//! Step 7: a record that is new must find room, and so must a file. Where no test has set how much there is, all find it.

use super::{Save, SaveKind};
use crate::{error::Error, limits::Stored};

pub(super) fn check(save: &mut Save<'_>) {
    let limits = &save.tx.state().settings().limits;
    let unlimited = limits.data_storage_mb.is_none() && limits.file_storage_mb.is_none();
    if unlimited || save.options.seeding || save.kind == SaveKind::Update {
        return;
    }
    let Some(Stored { storage, bytes }) = Stored::by(&save.object, &save.edit) else { return };
    if storage.is_full(save.tx.state(), bytes) {
        save.errors.push(Error::storage_limit_exceeded());
    }
}
