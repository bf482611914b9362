//! Step 16, cross-object updates: workflow has set fields of parents, and each parent goes through the save procedure.

use std::collections::BTreeMap;

use super::{DmlOptions, ParentUpdate, Save};
use crate::{id::Id, schema::ObjectIx, value::Value};

pub(super) fn run(save: &mut Save<'_>) {
    if save.parents.is_empty() {
        return;
    }
    save.store();
    let mut parents: BTreeMap<(ObjectIx, Id), Vec<(usize, Value)>> = BTreeMap::new();
    for ParentUpdate { object, parent, position, value } in save.parents.drain(..) {
        parents.entry((object, parent)).or_default().push((position, value));
    }
    let options = DmlOptions::default();
    for ((object, parent), values) in parents {
        let Some(object) = save.tx.state().schema().by_index(object).cloned() else { continue };
        let known = save.tx.state().table(object.index).get(parent);
        let news = known.is_some_and(|known| values.iter().any(|(at, value)| known.get(*at) != value));
        if !news {
            continue;
        }
        if let Err(errors) = super::resave(save.tx, &object, parent, values, &options) {
            save.errors = errors;
            return;
        }
    }
    // A parent of the record's own kind may be the record itself.
    save.reload();
}
