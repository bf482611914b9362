//! A hash table for groups: keys are tuples of values where they are stored, and nothing is copied to look one up.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::expr::Fetched;
use super::order::compare_values;
use crate::value::Value;

/// A hash table of key tuples that point into rows; texts are one whatever their case. Keys are numbered as they come.
pub struct KeyTable<'a> {
    width: usize,
    /// Number of a key plus one; 0 is free. A power of two in length.
    slots: Vec<u32>,
    hashes: Vec<u64>,
    keys: Vec<Fetched<'a>>,
}

impl<'a> KeyTable<'a> {
    pub fn new(width: usize) -> Self {
        Self { width, slots: vec![0; 16], hashes: Vec::new(), keys: Vec::new() }
    }

    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    pub fn keys(&self, at: usize) -> &[Fetched<'a>] {
        &self.keys[at * self.width..(at + 1) * self.width]
    }

    /// The number of the key, and whether it is new.
    pub fn insert(&mut self, key: &[Fetched<'a>]) -> (usize, bool) {
        let hash = key.iter().fold(0xcbf2_9ce4_8422_2325, |hash, part| hash_value(hash, *part));
        let mut at = self.home(hash);
        while let Some(number) = self.slots[at].checked_sub(1) {
            let number = number as usize;
            let same = |(left, right): (&Fetched<'_>, &Fetched<'_>)| same_value(*left, *right);
            if self.hashes[number] == hash && self.keys(number).iter().zip(key).all(same) {
                return (number, false);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        let number = self.len();
        self.slots[at] = u32::try_from(number + 1).unwrap_or(u32::MAX);
        self.hashes.push(hash);
        self.keys.extend_from_slice(key);
        if self.len() * 2 > self.slots.len() {
            self.grow();
        }
        (number, true)
    }

    fn home(&self, hash: u64) -> usize {
        let mixed = hash ^ (hash >> 29);
        usize::try_from(mixed & (self.slots.len() as u64 - 1)).unwrap_or(0)
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        self.slots.clear();
        self.slots.resize(size, 0);
        for number in 0..self.len() {
            let mut at = self.home(self.hashes[number]);
            while self.slots[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = u32::try_from(number + 1).unwrap_or(u32::MAX);
        }
    }
}

fn mix(hash: u64, word: u64) -> u64 {
    (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
}

fn hash_value(hash: u64, value: Fetched<'_>) -> u64 {
    if let Some(text) = value.text() {
        if text.is_ascii() {
            return mix(hash_lower(hash, text.as_bytes()), text.len() as u64);
        }
        let lower = text.to_lowercase();
        return mix(hash_lower(hash, lower.as_bytes()), lower.len() as u64);
    }
    match value {
        Fetched::Id(id) => hash_lower(hash, id.bytes()),
        Fetched::Whole(number) => mix(hash, number.cast_unsigned()),
        Fetched::Day(day) => hash_day(hash, day),
        Fetched::Value(Value::Date(day)) => hash_day(hash, *day),
        Fetched::Value(Value::Number(number)) => hash_number(hash, *number),
        Fetched::Real(number) => hash_number(hash, number),
        Fetched::Value(Value::DateTime(moment)) => mix(hash, moment.millis().cast_unsigned()),
        Fetched::Value(Value::Bool(value)) => mix(hash, u64::from(*value) + 1),
        _ => mix(hash, 0x5bd1),
    }
}

fn hash_number(hash: u64, number: Decimal) -> u64 {
    let bytes = number.normalize().serialize();
    bytes
        .chunks_exact(8)
        .fold(hash, |hash, chunk| mix(hash, chunk.iter().fold(0, |word, byte| word << 8 | u64::from(*byte))))
}

fn hash_day(hash: u64, day: Date) -> u64 {
    let parts = [i64::from(day.year()), i64::from(day.month()), i64::from(day.day())];
    parts.into_iter().fold(hash, |hash, part| mix(hash, part.cast_unsigned()))
}

/// Eight bytes at a time, with the case bit of letters set; what else that bit makes equal is told apart by comparing.
fn hash_lower(hash: u64, bytes: &[u8]) -> u64 {
    bytes.chunks(8).fold(hash, |hash, chunk| {
        mix(hash, chunk.iter().fold(0, |word, byte| word << 8 | u64::from(*byte | 0x20)))
    })
}

fn same_value(left: Fetched<'_>, right: Fetched<'_>) -> bool {
    match (left.text(), right.text()) {
        (Some(left), Some(right)) if left.is_ascii() && right.is_ascii() => left.eq_ignore_ascii_case(right),
        (Some(left), Some(right)) => left.to_lowercase() == right.to_lowercase(),
        (None, None) if left.is_null() || right.is_null() => left.is_null() && right.is_null(),
        (None, None) => compare_values(left, right).is_eq(),
        _ => false,
    }
}
