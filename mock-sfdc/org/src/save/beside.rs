//! Records that the system writes beside the one that is saved: history, totals of a parent. Nothing is asked of them.

use std::sync::Arc;

use crate::{
    id::Id,
    schema::Object,
    state::{Edit, Transaction},
    value::Value,
};

/// Writes a row with its audit fields.
pub(crate) fn insert(tx: &mut Transaction, object: &Arc<Object>, values: Vec<(&str, Value)>) -> Id {
    let id = tx.next_id(object);
    let mut edit = Edit::new(id, object.fields.len());
    let (now, user) = (tx.now().whole_seconds(), tx.user());
    let audit: [(&str, Value); 7] = [
        ("Id", id.into()),
        ("IsDeleted", false.into()),
        ("CreatedDate", now.into()),
        ("CreatedById", user.into()),
        ("LastModifiedDate", now.into()),
        ("LastModifiedById", user.into()),
        ("SystemModstamp", now.into()),
    ];
    for (name, value) in audit.into_iter().chain(values) {
        if let Some((position, _)) = object.field(name) {
            edit.set(position, value);
        }
    }
    tx.put(object, &edit);
    id
}
