//! Step 5, for streaming channels only: what [`generic`] asks of them.

use super::{Save, SaveKind};
use crate::streaming::generic;

pub(super) fn check(save: &mut Save<'_>) {
    if save.is(generic::OBJECT) {
        let new = save.kind == SaveKind::Insert;
        save.errors = generic::validate(save.tx.state(), &save.object, &save.edit, new);
    }
}
