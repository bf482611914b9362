//! API names: of objects, fields, relationships, picklist keys.
//!
//! Salesforce compares them without regard to (ASCII) case and answers in the spelling of the definition,
//! whatever the spelling of the request was (contract/rest.md section 1, "attributes"). [`Name`] is that
//! rule as a type: it keeps its spelling, and compares, hashes and orders without case.
//! Values of records are not names: their collation is the query's business.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::Arc;

use indexmap::{Equivalent, IndexMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An API name. Cloning it is one reference count.
#[derive(Clone)]
pub struct Name(Arc<str>);

/// A name as a request spells it: looks up a map keyed by [`Name`] without allocating.
///
/// ```
/// use mock_sfdc_org::name::{Name, NameMap, NameRef};
/// let map: NameMap<u8> = [(Name::new("AccountId"), 1)].into_iter().collect();
/// assert_eq!(map.get(&NameRef("ACCOUNTID")), Some(&1));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NameRef<'a>(pub &'a str);

/// A map keyed by names. They hash themselves, so that its hasher has nothing to add.
pub type NameMap<V> = IndexMap<Name, V, BuildHasherDefault<NameHasher>>;

/// Takes the hash that a name makes of itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct NameHasher(u64);

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = self.0.rotate_left(5) ^ hash;
    }

    fn finish(&self) -> u64 {
        // A product has its best bits above; maps read the lowest and the highest.
        self.0 ^ self.0.rotate_right(29)
    }
}

impl Name {
    #[must_use]
    pub fn new(spelling: &str) -> Self {
        Self(Arc::from(spelling))
    }

    /// The name in the spelling of its definition.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Does a request that says `other` mean this name?
    #[must_use]
    pub fn is(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }

    /// `__c` and its relatives: a name that an org or a package added.
    #[must_use]
    pub fn is_custom(&self) -> bool {
        let bytes = self.0.as_bytes();
        bytes.len() > 3 && bytes[bytes.len() - 3..].eq_ignore_ascii_case(b"__c")
    }
}

/// Eight lower-case bytes at a time: every request looks dozens of names up.
fn hash_ignoring_case(text: &str) -> u64 {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let whole = words.iter().map(|word| u64::from_le_bytes(word.map(|byte| byte.to_ascii_lowercase())));
    let rest = rest.iter().fold(0, |rest, byte| rest << 8 | u64::from(byte.to_ascii_lowercase()));
    whole.chain([rest]).fold(text.len() as u64, |hash, word| {
        (hash.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95)
    })
}

/// Order of names without case, for lists that Salesforce answers sorted.
#[must_use]
pub fn compare_ignoring_case(left: &str, right: &str) -> Ordering {
    left.bytes().map(|b| b.to_ascii_lowercase()).cmp(right.bytes().map(|b| b.to_ascii_lowercase()))
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.0)
    }
}

impl Eq for Name {}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.is(other)
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.is(other)
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        compare_ignoring_case(&self.0, &other.0)
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(hash_ignoring_case(&self.0));
    }
}

impl Hash for NameRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(hash_ignoring_case(self.0));
    }
}

impl Equivalent<Name> for NameRef<'_> {
    fn equivalent(&self, key: &Name) -> bool {
        key.is(self.0)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl From<&str> for Name {
    fn from(spelling: &str) -> Self {
        Self::new(spelling)
    }
}

impl From<String> for Name {
    fn from(spelling: String) -> Self {
        Self(Arc::from(spelling))
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer).map(|spelling| Self::new(&spelling))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_count_and_the_spelling_stays() {
        let name = Name::new("HasOptedOutOfEmail");
        assert_eq!(name, Name::new("hasoptedoutofemail"));
        assert_eq!(name, "HASOPTEDOUTOFEMAIL");
        assert_eq!(name.to_string(), "HasOptedOutOfEmail");
        assert_ne!(name, "HasOptedOutOfFax");
    }

    #[test]
    fn a_map_finds_any_spelling() {
        let map: NameMap<u8> = [(Name::new("Email"), 1), (Name::new("Title"), 2)].into_iter().collect();
        assert_eq!(map.get(&NameRef("eMAIL")), Some(&1));
        assert_eq!(map.get(&NameRef("Emails")), None);
    }

    #[test]
    fn order_ignores_case() {
        let mut names = vec![Name::new("b"), Name::new("A"), Name::new("a__c"), Name::new("C")];
        names.sort();
        assert_eq!(names, vec!["A", "a__c", "b", "C"]);
    }

    #[test]
    fn custom_names_end_in_the_suffix() {
        assert!(Name::new("Region__c").is_custom());
        assert!(Name::new("Region__C").is_custom());
        assert!(!Name::new("Region").is_custom());
        assert!(!Name::new("__c").is_custom());
    }
}
