//! The tables of an org, by object. They stand in groups, so that a transaction which writes to one of hundreds of tables
//! counts the references of its neighbours and of the groups, and not of all. The few that were written last stand apart: the next
//! transaction, which writes to one of them as a rule, counts theirs only.

use std::sync::Arc;

use super::table::Table;
use crate::schema::{Object, ObjectIx};

const GROUP: usize = 8;
/// So many stand apart.
const APART: usize = 4;

#[derive(Debug, Clone, Default)]
pub(super) struct Tables {
    groups: Arc<Vec<Group>>,
    /// The last one first. What stands in its place in the groups is old.
    apart: [Option<(ObjectIx, Arc<Table>)>; APART],
}

type Group = Arc<Vec<Arc<Table>>>;

impl Tables {
    /// Of an object of the schema whose tables these are.
    pub fn get(&self, object: ObjectIx) -> &Table {
        let apart = self.apart.iter().flatten().find(|(known, _)| *known == object);
        apart.map_or_else(|| &*self.groups[group(object)][place(object)], |(_, table)| table)
    }

    pub fn get_mut(&mut self, object: ObjectIx) -> &mut Table {
        let known = self.apart.iter().position(|apart| matches!(apart, Some((known, _)) if *known == object));
        // The first one gives way to it, and the last one goes back into its group.
        let from = known.unwrap_or(APART - 1);
        self.apart[..=from].rotate_right(1);
        if let Some((old, back)) = self.apart[0].take_if(|(first, _)| *first != object) {
            *self.place_mut(old) = back;
        }
        let from_group = || (object, Arc::clone(&self.groups[group(object)][place(object)]));
        let (_, table) = self.apart[0].get_or_insert_with(from_group);
        Arc::make_mut(table)
    }

    fn place_mut(&mut self, object: ObjectIx) -> &mut Arc<Table> {
        &mut Arc::make_mut(&mut Arc::make_mut(&mut self.groups)[group(object)])[place(object)]
    }

    /// Makes room for an object that is new, in the order of their indexes, and follows one that has grown.
    pub fn grow(&mut self, object: &Object) {
        let (group, place) = (group(object.index), place(object.index));
        if self.groups.get(group).is_some_and(|tables| place < tables.len()) {
            self.get_mut(object.index).add_indexes(object);
            return;
        }
        let groups = Arc::make_mut(&mut self.groups);
        if groups.len() <= group {
            groups.resize_with(group + 1, Group::default);
        }
        Arc::make_mut(&mut groups[group]).push(Arc::new(Table::for_object(object)));
    }
}

fn group(object: ObjectIx) -> usize {
    object.position() / GROUP
}

fn place(object: ObjectIx) -> usize {
    object.position() % GROUP
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::schema::Schema;

    proptest! {
        #[test]
        fn each_table_keeps_what_was_written_to_it(writes in prop::collection::vec(0_u16..20, 0..60)) {
            let (schema, mut tables) = (Schema::standard(), Tables::default());
            schema.objects().for_each(|object| tables.grow(object));
            let mut model = BTreeMap::new();
            for object in writes {
                let kept = (tables.clone(), model.clone());
                tables.get_mut(ObjectIx(object)).next_number();
                *model.entry(object).or_default() += 1;
                for (tables, model) in [(&tables, &model), (&kept.0, &kept.1)] {
                    for object in 0..20 {
                        let numbers: u64 = model.get(&object).copied().unwrap_or(0);
                        prop_assert_eq!(tables.get(ObjectIx(object)).counters().0, numbers);
                    }
                }
            }
        }
    }
}
