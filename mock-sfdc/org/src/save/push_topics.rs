//! Step 5, for push topics only: their query and the rest of what [`push_topic`] asks of them.

use super::{Save, SaveKind};
use crate::streaming::push_topic;

pub(super) fn check(save: &mut Save<'_>) {
    if save.is(push_topic::OBJECT) {
        let new = save.kind == SaveKind::Insert;
        save.errors = push_topic::validate(save.tx.state(), &save.object, &save.edit, new);
    }
}
