//! One row: its id and the values of the fields that are filled, by field position.
//!
//! Most fields of most records are empty, so only filled ones take room: a bitmap says which, and a value stands at the
//! place that counts the bits before it.

use std::sync::Arc;

use crate::{
    id::Id,
    value::{DateTime, Value},
};

/// Positions of fields that are filled. Three words cover all standard objects; wider ones spill.
#[derive(Debug, Clone, PartialEq)]
enum Filled {
    Inline([u64; 3]),
    Wide(Box<[u64]>),
}

impl Filled {
    fn words(&self) -> &[u64] {
        match self {
            Self::Inline(words) => words,
            Self::Wide(words) => words,
        }
    }

    /// Where the value of `position` stands among the filled ones.
    fn rank(&self, position: usize) -> Option<usize> {
        let (word, bit) = (position / 64, position % 64);
        let words = self.words();
        let here = *words.get(word)?;
        if here & (1 << bit) == 0 {
            return None;
        }
        let before: u32 = words[..word].iter().map(|word| word.count_ones()).sum();
        Some((before + (here & ((1 << bit) - 1)).count_ones()) as usize)
    }
}

/// A stored record. It never changes: a save makes another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    id: Id,
    filled: Filled,
    values: Box<[Value]>,
}

/// Records are shared between the state, its forks, the log and running queries.
pub type Shared = Arc<Record>;

const EMPTY: Value = Value::Null;

impl Record {
    #[must_use]
    pub fn id(&self) -> Id {
        self.id
    }

    /// The value at a field position; null where nothing is stored.
    #[must_use]
    pub fn get(&self, position: usize) -> &Value {
        self.filled.rank(position).map_or(&EMPTY, |at| &self.values[at])
    }

    /// The filled positions with their values, in the object's field order.
    pub fn filled(&self) -> impl Iterator<Item = (usize, &Value)> {
        let positions = self.filled.words().iter().enumerate().flat_map(|(at, word)| {
            (0..64).filter(move |bit| word & (1 << bit) != 0).map(move |bit| at * 64 + bit)
        });
        positions.zip(self.values.iter())
    }

    /// All values by position, to be changed and built again.
    #[must_use]
    pub fn edit(&self, width: usize) -> Edit {
        let mut values = vec![Value::Null; width];
        for (position, value) in self.filled() {
            if let Some(slot) = values.get_mut(position) {
                *slot = value.clone();
            }
        }
        Edit { id: self.id, values }
    }

    /// Positions at which two versions of a record differ.
    #[must_use]
    pub fn changed_positions(&self, other: &Self, width: usize) -> Vec<usize> {
        (0..width).filter(|position| self.get(*position) != other.get(*position)).collect()
    }
}

/// A record on its way through a save: every position at hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    id: Id,
    values: Vec<Value>,
}

impl Edit {
    #[must_use]
    pub fn new(id: Id, width: usize) -> Self {
        Self { id, values: vec![Value::Null; width] }
    }

    #[must_use]
    pub fn id(&self) -> Id {
        self.id
    }

    #[must_use]
    pub fn get(&self, position: usize) -> &Value {
        self.values.get(position).unwrap_or(&EMPTY)
    }

    pub fn set(&mut self, position: usize, value: impl Into<Value>) {
        if let Some(slot) = self.values.get_mut(position) {
            *slot = value.into();
        }
    }

    /// Stamps `at` where the object has the field.
    pub fn stamp(&mut self, position: Option<usize>, at: DateTime) {
        if let Some(position) = position {
            self.set(position, at);
        }
    }

    #[must_use]
    pub fn build(&self) -> Record {
        let words = self.values.len().div_ceil(64);
        let mut filled =
            if words <= 3 { Filled::Inline([0; 3]) } else { Filled::Wide(vec![0; words].into()) };
        let bits: &mut [u64] = match &mut filled {
            Filled::Inline(words) => words,
            Filled::Wide(words) => words,
        };
        let mut values = Vec::with_capacity(self.values.len());
        for (position, value) in self.values.iter().enumerate() {
            if !value.is_null() {
                bits[position / 64] |= 1 << (position % 64);
                values.push(value.clone());
            }
        }
        Record { id: self.id, filled, values: values.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_record_gives_back_what_was_put_in(values in proptest::collection::vec(proptest::option::of("[a-z]{1,30}"), 0..260)) {
            let id = Id::from_number(*b"00Q", *b"00", 1);
            let mut edit = Edit::new(id, values.len());
            for (position, value) in values.iter().enumerate() {
                edit.set(position, value.as_deref().unwrap_or(""));
            }
            let record = edit.build();
            for (position, value) in values.iter().enumerate() {
                prop_assert_eq!(record.get(position).as_text(), value.as_deref());
            }
            prop_assert_eq!(record.filled().count(), values.iter().flatten().count());
            prop_assert_eq!(record.edit(values.len()), edit);
            prop_assert!(record.get(values.len() + 200).is_null());
        }
    }
}
