//! The tables of an org, by object. They stand in groups, so that a transaction which writes to one of a hundred tables
//! counts the references of its neighbours and of the groups, and not of all.

use std::sync::Arc;

use super::table::Table;
use crate::schema::{Object, ObjectIx};

const GROUP: usize = 8;

#[derive(Debug, Clone, Default)]
pub(super) struct Tables {
    groups: Arc<Vec<Group>>,
}

type Group = Arc<Vec<Arc<Table>>>;

impl Tables {
    /// Of an object of the schema whose tables these are.
    pub fn get(&self, object: ObjectIx) -> &Table {
        let at = usize::from(object.0);
        &self.groups[at / GROUP][at % GROUP]
    }

    pub fn get_mut(&mut self, object: ObjectIx) -> &mut Table {
        let at = usize::from(object.0);
        Arc::make_mut(&mut Arc::make_mut(&mut Arc::make_mut(&mut self.groups)[at / GROUP])[at % GROUP])
    }

    /// Makes room for an object that is new, in the order of their indexes, and follows one that has grown.
    pub fn grow(&mut self, object: &Object) {
        let at = usize::from(object.index.0);
        let groups = Arc::make_mut(&mut self.groups);
        if groups.len() * GROUP <= at {
            groups.resize_with(at / GROUP + 1, Group::default);
        }
        let group = Arc::make_mut(&mut groups[at / GROUP]);
        if let Some(table) = group.get_mut(at % GROUP) {
            Arc::make_mut(table).add_indexes(object);
        } else {
            group.push(Arc::new(Table::for_object(object)));
        }
    }
}
