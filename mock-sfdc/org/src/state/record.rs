//! One row: its id and the values of the fields that are filled, by field position.
//!
//! Most fields of most records are empty, so only filled ones take room: a bitmap says which, and a value stands at the
//! place that counts the bits before it. Checkboxes, of which every record has many, are bits themselves.

use std::fmt;

use triomphe::ThinArc;

use crate::{
    id::Id,
    value::{DateTime, Value},
};

/// What 64 positions hold: two bits each, so that one look tells all of them.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Word {
    /// There is a value; of a checkbox: it is checked.
    set: u64,
    /// It is a checkbox with a value.
    checkbox: u64,
}

/// What one position holds.
enum Kept {
    Nothing,
    Checkbox(bool),
    /// The place among the values.
    Value(usize),
}

impl Word {
    /// Positions whose values stand in the list.
    fn listed(self) -> u64 {
        self.set & !self.checkbox
    }
}

/// Two words cover what most orgs have many of; wider objects spill.
#[derive(Debug, Clone, PartialEq)]
enum Words {
    Inline([Word; INLINE]),
    Wide(Box<[Word]>),
}

const INLINE: usize = 2;

impl Words {
    fn new(width: usize) -> Self {
        let words = width.div_ceil(64);
        if words <= INLINE {
            Self::Inline([Word::default(); INLINE])
        } else {
            Self::Wide(vec![Word::default(); words].into())
        }
    }

    fn all(&self) -> &[Word] {
        match self {
            Self::Inline(words) => words,
            Self::Wide(words) => words,
        }
    }

    fn at(&self, position: usize) -> Kept {
        let (place, bit) = (position / 64, 1_u64 << (position % 64));
        let words = self.all();
        let Some(word) = words.get(place) else { return Kept::Nothing };
        if word.checkbox & bit != 0 {
            return Kept::Checkbox(word.set & bit != 0);
        }
        if word.set & bit == 0 {
            return Kept::Nothing;
        }
        let before: u32 = words[..place].iter().map(|word| word.listed().count_ones()).sum();
        Kept::Value((before + (word.listed() & (bit - 1)).count_ones()) as usize)
    }
}

/// What stands in front of the values.
#[derive(Debug, Clone, PartialEq)]
struct Head {
    name: Named,
    words: Words,
}

/// The id of a record. It is the value of the first field of nearly every object, so that it need not stand there again.
#[derive(Debug, Clone, PartialEq)]
enum Named {
    /// A [`Value::Id`], to be looked at.
    First(Value),
    Apart(Id),
}

/// A stored record. It never changes: a save makes another one. The state, its forks, the log and running queries share it, so
/// this is a handle, and a clone counts a reference. All of a record lies in one piece of memory: a walk waits for that once.
#[derive(Clone, PartialEq)]
pub struct Record(ThinArc<Head, Value>);

/// A record that somebody else has, too.
pub type Shared = Record;

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Record").field(&self.id()).field(&self.values()).finish()
    }
}

const EMPTY: Value = Value::Null;
const CHECKED: Value = Value::Bool(true);
const UNCHECKED: Value = Value::Bool(false);

impl Record {
    #[must_use]
    pub fn id(&self) -> Id {
        match &self.0.header.header.name {
            Named::First(Value::Id(id)) | Named::Apart(id) => *id,
            Named::First(_) => unreachable!("a record is named by an id"),
        }
    }

    fn words(&self) -> &Words {
        &self.0.header.header.words
    }

    fn values(&self) -> &[Value] {
        &self.0.slice
    }

    /// Whether both are one piece of memory.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.0.heap_ptr() == other.0.heap_ptr()
    }

    /// Looks at both ends of the record, so that what follows does not wait for memory. The answer means nothing.
    #[must_use]
    pub(crate) fn touch(&self) -> usize {
        let last = self.values().last().is_some_and(Value::is_null);
        self.values().len() ^ usize::from(last)
    }

    /// The value at a field position; null where nothing is stored.
    #[must_use]
    pub fn get(&self, position: usize) -> &Value {
        match self.words().at(position) {
            Kept::Nothing if position == 0 => self.first(),
            Kept::Nothing => &EMPTY,
            Kept::Checkbox(true) => &CHECKED,
            Kept::Checkbox(false) => &UNCHECKED,
            Kept::Value(at) => &self.values()[at],
        }
    }

    /// The value at the first position where none is kept.
    fn first(&self) -> &Value {
        match &self.0.header.header.name {
            Named::First(id) => id,
            Named::Apart(_) => &EMPTY,
        }
    }

    /// The filled positions with their values, in the object's field order.
    pub fn filled(&self) -> impl Iterator<Item = (usize, &Value)> {
        let first = matches!(self.0.header.header.name, Named::First(_)).then_some(0);
        let positions = self.words().all().iter().enumerate().flat_map(|(at, word)| {
            let filled = word.set | word.checkbox;
            (0..64).filter(move |bit| filled & (1 << bit) != 0).map(move |bit| at * 64 + bit)
        });
        first.into_iter().chain(positions).map(|position| (position, self.get(position)))
    }

    /// All values by position, to be changed and built again.
    #[must_use]
    pub fn edit(&self, width: usize) -> Edit {
        let mut values = blank(width);
        for (position, value) in self.filled() {
            if let Some(slot) = values.get_mut(position) {
                *slot = value.clone();
            }
        }
        Edit { id: self.id(), values }
    }

    /// Positions at which two versions of a record differ.
    #[must_use]
    pub fn changed_positions(&self, other: &Self, width: usize) -> Vec<usize> {
        (0..width).filter(|position| self.get(*position) != other.get(*position)).collect()
    }
}

/// Made one by one: a clone of each would have to ask what it is.
fn blank(width: usize) -> Vec<Value> {
    std::iter::repeat_with(|| Value::Null).take(width).collect()
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
        Self { id, values: blank(width) }
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
        let mut words = Words::new(self.values.len());
        let bits: &mut [Word] = match &mut words {
            Words::Inline(words) => words,
            Words::Wide(words) => words,
        };
        let named_first = self.values.first().is_some_and(|value| value.as_id() == Some(self.id));
        let name = if named_first { Named::First(self.id.into()) } else { Named::Apart(self.id) };
        let kept = self.values.iter().enumerate().skip(usize::from(named_first));
        let is_listed = |value: &Value| !matches!(value, Value::Null | Value::Bool(_));
        let mut values = Vec::with_capacity(kept.clone().filter(|(_, value)| is_listed(value)).count());
        for (position, value) in kept {
            let (word, bit) = (&mut bits[position / 64], 1 << (position % 64));
            match value {
                Value::Null => {}
                Value::Bool(checked) => {
                    word.checkbox |= bit;
                    word.set |= if *checked { bit } else { 0 };
                }
                value => {
                    word.set |= bit;
                    values.push(value.clone());
                }
            }
        }
        Record(ThinArc::from_header_and_iter(Head { name, words }, values.into_iter()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![any::<bool>().prop_map(Value::Bool), "[a-z]{1,30}".prop_map(|text| text.as_str().into())]
    }

    #[test]
    fn what_stands_in_front_of_the_values_is_small() {
        assert_eq!(size_of::<Head>(), 64);
    }

    proptest! {
        #[test]
        fn a_record_gives_back_what_was_put_in(
            values in proptest::collection::vec(proptest::option::of(value()), 0..260),
            named_first in any::<bool>(),
        ) {
            let id = Id::from_number(*b"00Q", *b"00", 1);
            let mut edit = Edit::new(id, values.len());
            for (position, value) in values.iter().enumerate() {
                edit.set(position, value.clone().unwrap_or_default());
            }
            if named_first {
                edit.set(0, id);
            }
            let values = edit.values.clone();
            let record = edit.build();
            for (position, value) in values.iter().enumerate() {
                prop_assert_eq!(record.get(position), value);
            }
            let filled = values.iter().enumerate().filter(|(_, value)| !value.is_null());
            prop_assert_eq!(record.filled().collect::<Vec<_>>(), filled.collect::<Vec<_>>());
            prop_assert_eq!(record.id(), id);
            prop_assert_eq!(record.edit(values.len()), edit);
            prop_assert!(record.get(values.len() + 200).is_null());
        }
    }
}
