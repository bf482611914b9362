//! The rows of one object: live ones with their indexes, deleted ones in the recycle bin beside them.

use imbl::OrdMap;

use super::{
    index::{Index, is_indexed},
    record::{Record, Shared},
    recycle_bin::Binned,
    rows::Rows,
};
use crate::{id::Id, schema::Object};

/// One object's data. Cloning is cheap: everything inside is shared.
#[derive(Debug, Clone, Default)]
pub struct Table {
    rows: Rows,
    bin: OrdMap<Id, Binned>,
    /// With the position of their field, in its order.
    indexes: Vec<(usize, Index)>,
    /// How many ids were given out.
    numbers: u64,
    /// The last value of each auto-number field, by position.
    auto_numbers: OrdMap<usize, u64>,
}

impl Table {
    #[must_use]
    pub fn for_object(object: &Object) -> Self {
        let mut table = Self::default();
        table.add_indexes(object);
        table
    }

    /// Starts an index for each indexed field that has none: when the object is new, or has gained fields.
    pub(super) fn add_indexes(&mut self, object: &Object) {
        for (position, field) in object.fields.iter().enumerate() {
            if is_indexed(field) && self.index(position).is_none() {
                let mut index = Index::default();
                for record in self.rows.iter() {
                    index.insert(record.get(position), record.id());
                }
                self.indexes.push((position, index));
            }
        }
        self.indexes.sort_by_key(|(position, _)| *position);
    }

    #[must_use]
    pub fn get(&self, id: Id) -> Option<&Shared> {
        self.rows.get(id)
    }

    #[must_use]
    pub fn binned(&self, id: Id) -> Option<&Binned> {
        self.bin.get(&id)
    }

    /// Live rows in order of id, which is the order of their creation.
    #[must_use]
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &Shared> {
        self.rows.iter()
    }

    /// Live rows from one id to another, both included, in order of id.
    pub fn rows_between(&self, low: Option<Id>, high: Option<Id>) -> impl Iterator<Item = &Shared> {
        self.rows.between(low, high)
    }

    pub fn bin(&self) -> impl Iterator<Item = &Binned> {
        self.bin.values()
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.len() == 0
    }

    #[must_use]
    pub fn index(&self, position: usize) -> Option<&Index> {
        let at = self.indexes.binary_search_by_key(&position, |(position, _)| *position).ok()?;
        Some(&self.indexes[at].1)
    }

    /// How many ids were given out, and the last auto-numbers.
    pub(crate) fn counters(&self) -> (u64, &OrdMap<usize, u64>) {
        (self.numbers, &self.auto_numbers)
    }

    pub(crate) fn set_counters(&mut self, numbers: u64, auto_numbers: OrdMap<usize, u64>) {
        (self.numbers, self.auto_numbers) = (numbers, auto_numbers);
    }

    pub(super) fn next_number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    pub(super) fn next_auto_number(&mut self, position: usize) -> u64 {
        let next = self.auto_numbers.get(&position).copied().unwrap_or(0) + 1;
        self.auto_numbers.insert(position, next);
        next
    }

    /// Stores a new row or a new version of one.
    pub(crate) fn put(&mut self, record: Record) -> (Option<Shared>, Shared) {
        let before = self.rows.insert(Shared::clone(&record));
        for (position, index) in &mut self.indexes {
            let new = record.get(*position);
            match &before {
                Some(old) if old.get(*position) == new => {}
                Some(old) => {
                    index.remove(old.get(*position), record.id());
                    index.insert(new, record.id());
                }
                None => index.insert(new, record.id()),
            }
        }
        (before, record)
    }

    pub(super) fn take(&mut self, id: Id) -> Option<Shared> {
        let record = self.rows.remove(id)?;
        for (position, index) in &mut self.indexes {
            index.remove(record.get(*position), id);
        }
        Some(record)
    }

    pub(crate) fn throw_in_bin(&mut self, binned: Binned) {
        self.bin.insert(binned.record.id(), binned);
    }

    pub(super) fn take_from_bin(&mut self, id: Id) -> Option<Binned> {
        self.bin.remove(&id)
    }
}
