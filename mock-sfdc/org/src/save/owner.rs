//! Owners must be able to own: an active user, or a queue that holds this object.

use super::{Save, SaveKind};
use crate::{error::Error, id::Id, state::State};

pub(super) fn check(save: &mut Save<'_>) {
    if save.options.seeding || !save.brings(save.object.places.owner) {
        return;
    }
    if save.kind == SaveKind::Insert && save.value("OwnerId").is_null() {
        save.errors.push(Error::blank_owner());
    }
    if let Some(owner) = save.value("OwnerId").as_id()
        && let Err(error) = may_own(save.tx.state(), owner, save.object.name.as_str())
        && !(error == Error::inactive_owner() && save.tx.user_may("UpdateWithInactiveOwner"))
    {
        save.errors.push(error);
    }
}

pub(super) fn may_own(state: &State, owner: Id, object: &str) -> Result<(), Error> {
    let Some((kind, record)) = state.find(owner) else { return Ok(()) };
    if kind.name.is("User") {
        let active = kind.field("IsActive").is_none_or(|(position, _)| record.get(position).is_true());
        return if active { Ok(()) } else { Err(Error::inactive_owner()) };
    }
    if queue_holds(state, owner, object) { Ok(()) } else { Err(Error::queue_not_for(object)) }
}

/// Whether a group is a queue for this object: a `QueueSobject` row says so.
pub(crate) fn queue_holds(state: &State, queue: Id, object: &str) -> bool {
    let Some(rows) = state.schema().object("QueueSobject") else { return false };
    let (Some((queue_at, _)), Some((type_at, _))) = (rows.field("QueueId"), rows.field("SobjectType")) else {
        return false;
    };
    state
        .lookup(rows, queue_at, &queue.into())
        .iter()
        .any(|row| row.get(type_at).as_text().is_some_and(|name| name.eq_ignore_ascii_case(object)))
}
