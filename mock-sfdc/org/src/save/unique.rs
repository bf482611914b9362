//! Step 7: fields whose values may stand in one record only. Deleted records do not count.

use super::Save;
use crate::error::Error;

pub(super) fn check(save: &mut Save<'_>) {
    let object = save.object.clone();
    for position in object.places.unique.iter().copied() {
        let field = &object.fields[position];
        let value = save.edit.get(position);
        if value.is_null() || save.before.as_ref().is_some_and(|before| before.get(position) == value) {
            continue;
        }
        let others = save.tx.state().lookup(&object, position, value);
        if let Some(other) = others.iter().find(|other| other.id() != save.edit.id()) {
            let seen =
                save.viewer.as_ref().is_none_or(|viewer| viewer.sees(save.tx.state(), object.index, other));
            save.errors.push(if seen {
                Error::duplicate_value(field.name.as_str(), other.id())
            } else {
                Error::duplicate_of_unseen()
            });
        }
    }
}
