//! Secondary indexes: which records carry a value in a field.
//!
//! An entry is a 64-bit key and an id, 24 bytes whatever the text: a hash for texts and ids (so a hit is compared with the
//! record itself), an order-preserving number for moments and dates (so ranges can be walked).

use std::hash::{DefaultHasher, Hash, Hasher};

use super::runs::Runs;
use crate::{id::Id, schema::Field, schema::FieldType, value::Value};

/// The index of one field.
#[derive(Debug, Clone, Default)]
pub struct Index {
    entries: Runs,
}

/// Lowest and highest id, to bound a walk over one key.
const FIRST: fn() -> Id = || Id::from_number(*b"000", *b"00", 0);
const LAST: fn() -> Id = || Id::from_number(*b"zzz", *b"zz", u64::MAX);

impl Index {
    pub(super) fn insert(&mut self, value: &Value, id: Id) {
        if let Some(key) = key(value) {
            self.entries.insert((key, id));
        }
    }

    pub(super) fn remove(&mut self, value: &Value, id: Id) {
        if let Some(key) = key(value) {
            self.entries.remove((key, id));
        }
    }

    /// Ids of records that may hold `value`, in order of id. A hash can collide: compare with the record.
    pub fn candidates(&self, value: &Value) -> impl Iterator<Item = Id> + '_ {
        key(value).into_iter().flat_map(|key| self.entries.range((key, FIRST())..=(key, LAST())))
    }

    /// Ids in order of the value, between two inclusive bounds; only for ordered kinds (see [`is_ordered`]).
    pub fn range(&self, from: Option<&Value>, to: Option<&Value>) -> impl Iterator<Item = Id> + '_ {
        let low = from.and_then(key).unwrap_or(u64::MIN);
        let high = to.and_then(key).unwrap_or(u64::MAX);
        self.entries.range((low, FIRST())..=(high, LAST()))
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Fields that Salesforce indexes too: names, external ids, unique fields, lookups, mail addresses and the sync stamp.
#[must_use]
pub fn is_indexed(field: &Field) -> bool {
    let name = field.name.as_str();
    if field.kind == FieldType::Reference {
        // Nobody looks records up by who touched them last, and every save would pay for it.
        return !matches!(name, "CreatedById" | "LastModifiedById");
    }
    field.kind != FieldType::Id
        && (field.external_id
            || field.unique
            || field.id_lookup
            || field.name_field
            || field.kind == FieldType::Email
            || name == "SystemModstamp")
}

/// Whether the index of a field can be walked in order of the value.
#[must_use]
pub fn is_ordered(kind: FieldType) -> bool {
    matches!(kind, FieldType::Datetime | FieldType::Date)
}

fn key(value: &Value) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    match value {
        Value::Null | Value::Blob(_) | Value::Bool(_) => return None,
        Value::DateTime(at) => return Some(ordered(at.millis())),
        Value::Date(date) => {
            return Some(ordered(
                i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day()),
            ));
        }
        Value::Text(text) if text.is_ascii() => hash_text(text.as_bytes(), &mut hasher),
        Value::Text(text) => hash_text(text.to_lowercase().as_bytes(), &mut hasher),
        Value::Number(number) => number.normalize().hash(&mut hasher),
        Value::Time(time) => time.hash(&mut hasher),
        Value::Id(id) => id.bytes().hash(&mut hasher),
    }
    Some(hasher.finish())
}

/// Without regard to the case of ASCII letters, eight bytes at a time.
fn hash_text(bytes: &[u8], hasher: &mut DefaultHasher) {
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        word.make_ascii_lowercase();
        hasher.write_u64(u64::from_le_bytes(word));
    }
    hasher.write_usize(bytes.len());
}

/// Maps signed order to unsigned order.
fn ordered(number: i64) -> u64 {
    number.cast_unsigned() ^ (1 << 63)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::DateTime;

    fn id(number: u64) -> Id {
        Id::from_number(*b"00Q", *b"00", number)
    }

    #[test]
    fn texts_are_found_whatever_their_case() {
        let mut index = Index::default();
        index.insert(&Value::from("Ada@Example.com"), id(1));
        index.insert(&Value::from("grace@example.com"), id(2));
        assert_eq!(index.candidates(&Value::from("ada@example.COM")).collect::<Vec<_>>(), [id(1)]);
        index.remove(&Value::from("ADA@example.com"), id(1));
        assert_eq!(index.candidates(&Value::from("ada@example.com")).count(), 0);
    }

    #[test]
    fn moments_are_walked_in_order() {
        let mut index = Index::default();
        for (number, millis) in [(1, 500), (2, -3), (3, 10)] {
            index.insert(&Value::DateTime(DateTime::from_millis(millis)), id(number));
        }
        let from = Value::DateTime(DateTime::from_millis(-3));
        let to = Value::DateTime(DateTime::from_millis(10));
        assert_eq!(index.range(Some(&from), Some(&to)).collect::<Vec<_>>(), [id(2), id(3)]);
        assert_eq!(index.range(Some(&to), Some(&from)).count(), 0);
        assert_eq!(index.range(None, None).count(), 3);
    }
}
