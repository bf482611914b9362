//! What befell a record in one transaction, however often that touched it, is one change.

use std::collections::BTreeMap;

use super::{Change, ChangeKind};
use crate::id::Id;

/// Joins the changes of each record, in the order in which records were first touched.
pub(super) fn merge(pending: Vec<Change>) -> Vec<Change> {
    if pending.len() < 2 {
        return pending;
    }
    let mut place: BTreeMap<Id, usize> = BTreeMap::new();
    let mut merged: Vec<Option<Change>> = Vec::with_capacity(pending.len());
    for change in pending {
        match place.get(&change.id).copied() {
            Some(at) if merged[at].is_some() => {
                merged[at] = merged[at].take().and_then(|first| join(first, change));
            }
            _ => {
                place.insert(change.id, merged.len());
                merged.push(Some(change));
            }
        }
    }
    merged.into_iter().flatten().collect()
}

/// First and then: one change, or none where both cancel out.
fn join(first: Change, then: Change) -> Option<Change> {
    use ChangeKind::{Created, Deleted, Purged, Undeleted, Updated};
    let kind = match (first.kind, then.kind) {
        (Created, Updated) => Created,
        (Created, Deleted | Purged) => {
            // Born and gone in one transaction: the bin keeps it, the world never saw it.
            return (then.kind == Deleted).then_some(Change { before: None, ..then });
        }
        (Undeleted, Updated) => Undeleted,
        (_, kind) => kind,
    };
    let silent = first.silent && then.silent;
    Some(Change { kind, before: first.before, after: then.after, silent, ..first })
}
