//! Record ids: fifteen base-62 characters, or eighteen with a checksum (`contract/behaviour.md` section 11).
//!
//! Salesforce accepts both lengths everywhere and answers with eighteen. The first fifteen are case-sensitive; the three
//! that follow repeat their case, so that programs which fold case can still tell ids apart.

use std::fmt;

/// The three characters that name an object, such as `00Q` for Lead.
pub type KeyPrefix = [u8; 3];

/// Salesforce's own order of the base-62 digits, seen in consecutive ids of recorded orgs.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECKSUM: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/// A record id. Ordered as its fifteen characters are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; 15]);

impl Id {
    /// Reads fifteen or eighteen characters; a wrong checksum is no id, as in a real org.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 15 && bytes.len() != 18 {
            return None;
        }
        let short: [u8; 15] = bytes[..15].try_into().ok()?;
        if !short.iter().all(u8::is_ascii_alphanumeric) {
            return None;
        }
        let id = Self(short);
        (bytes.len() == 15 || id.checksum()[..].eq_ignore_ascii_case(&bytes[15..])).then_some(id)
    }

    /// The id that stands `number` places behind the beginning of an object's range: prefix, pod, a reserved zero, nine digits.
    #[must_use]
    pub fn from_number(prefix: KeyPrefix, pod: [u8; 2], number: u64) -> Self {
        let mut bytes = [b'0'; 15];
        bytes[..3].copy_from_slice(&prefix);
        bytes[3..5].copy_from_slice(&pod);
        let mut rest = number;
        for slot in bytes[6..].iter_mut().rev() {
            *slot = DIGITS[usize::try_from(rest % 62).unwrap_or(0)];
            rest /= 62;
        }
        Self(bytes)
    }

    /// The number behind [`Id::from_number`], read back from the last nine digits.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0[6..].iter().fold(0, |sum, digit| {
            let value = match digit {
                b'0'..=b'9' => digit - b'0',
                b'A'..=b'Z' => digit - b'A' + 10,
                b'a'..=b'z' => digit - b'a' + 36,
                _ => 0,
            };
            sum * 62 + u64::from(value)
        })
    }

    #[must_use]
    pub fn prefix(self) -> KeyPrefix {
        [self.0[0], self.0[1], self.0[2]]
    }

    /// The fifteen-character form, which duplicate and cross-reference messages print.
    #[must_use]
    pub fn short(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    #[must_use]
    pub fn bytes(&self) -> &[u8; 15] {
        &self.0
    }

    /// The id of a component of metadata that is no row: made of its name, so that it stays the same whatever comes and goes beside
    /// it.
    #[must_use]
    pub fn of_component(prefix: KeyPrefix, pod: [u8; 2], kind: &str, full_name: &str) -> Self {
        // FNV-1a, cut to what nine digits of an id hold.
        let name = format!("{kind}:{}", full_name.to_lowercase());
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self::from_number(prefix, pod, hash % 1_000_000_000_000)
    }

    /// The eighteen characters, without an allocation: the hot path of every answer.
    #[must_use]
    pub fn long(&self) -> [u8; 18] {
        let mut all = [0; 18];
        all[..15].copy_from_slice(&self.0);
        all[15..].copy_from_slice(&self.checksum());
        all
    }

    fn checksum(&self) -> [u8; 3] {
        let mut sum = [0; 3];
        for (slot, block) in sum.iter_mut().zip(self.0.chunks_exact(5)) {
            let bits = block
                .iter()
                .enumerate()
                .fold(0_usize, |bits, (at, c)| bits | (usize::from(c.is_ascii_uppercase()) << at));
            *slot = CHECKSUM[bits];
        }
        sum
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.long()).unwrap_or_default())
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for Id {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Id {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("{text:?} is not a 15 or 18 character id")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_checksum_is_salesforces() {
        // Ids of public recordings and of the official samples.
        for long in ["001100000000001AAA", "0035400000hDwBhAAK", "0IFD0000000008jOAA", "5001X000008HDwPQAW"] {
            assert_eq!(Id::parse(&long[..15]).unwrap().to_string(), long);
            assert_eq!(Id::parse(long).unwrap().short(), &long[..15]);
        }
    }

    #[test]
    fn what_is_no_id() {
        for text in [
            "",
            "001",
            "0011000000000011",
            "001100000000001AAB",
            "00110000000000-",
            "001100000000001AAAA",
            "ü0110000000001",
        ] {
            assert_eq!(Id::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_checksum_repairs_folded_case_only_in_itself() {
        assert!(Id::parse("0035400000hDwBhaak").is_some());
    }

    proptest! {
        #[test]
        fn ids_round_trip(number in 0_u64..13_537_086_546_263_552, pod in "[0-9A-Za-z]{2}") {
            let id = Id::from_number(*b"00Q", pod.as_bytes().try_into().unwrap(), number);
            prop_assert_eq!(Id::parse(&id.to_string()), Some(id));
            prop_assert_eq!(Id::parse(id.short()), Some(id));
            prop_assert_eq!(id.number(), number);
        }

        #[test]
        fn ids_count_upwards(number in 0_u64..1_000_000_000) {
            prop_assert!(Id::from_number(*b"003", *b"0A", number) < Id::from_number(*b"003", *b"0A", number + 1));
        }
    }
}
