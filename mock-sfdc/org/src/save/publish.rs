//! What becomes of a platform event instead of a save: its fields are checked as those of a record are, and then it is
//! published. Rules, triggers and workflow have no part in it, and no row is left.

use std::sync::Arc;

use super::{Save, Stage, defaults, formats, references, required, writable};
use crate::{
    error::Error,
    id::Id,
    streaming::{self, Published},
};

const STAGES: &[Stage] =
    &[writable::check, defaults::fill, formats::check, references::check, required::check];

/// Checks and publishes an event, and gives its id.
pub(crate) fn publish(mut save: Save<'_>) -> Result<Id, Vec<Error>> {
    streaming::check_allocation(save.tx, save.tx.published()).map_err(|error| vec![error])?;
    for stage in STAGES {
        stage(&mut save);
        if !save.errors.is_empty() {
            return Err(std::mem::take(&mut save.errors));
        }
    }
    let (id, at, user) = (save.edit.id(), save.tx.now(), save.tx.user());
    save.set("CreatedDate", at);
    save.set("CreatedById", user);
    let event = Published {
        object: Arc::clone(&save.object),
        record: save.edit.build(),
        at,
        name: save.tx.take_event_name(),
    };
    // What an API asks for is out at once; a trigger's event goes by its definition.
    let by_trigger = !save.tx.saving().is_empty();
    save.tx.publish(event, by_trigger && save.object.publish_after_commit);
    Ok(id)
}
