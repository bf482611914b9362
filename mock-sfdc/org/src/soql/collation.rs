//! How texts compare: equal without regard to case, ordered by their upper-case form (English locale; `contract/soql.md`
//! section 2). ASCII, which is nearly everything, is compared byte by byte and never copied.

use std::cmp::Ordering;

/// A text of a query in lower case, made once and compared with many rows. Lower case, because the indexes hash it so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Folded(Box<str>);

impl Folded {
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.to_lowercase().into())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Is `text` the same text, whatever its case?
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        if text.is_ascii() {
            // Lower case of ASCII is ASCII of the same length.
            return text.len() == self.0.len() && text.eq_ignore_ascii_case(&self.0);
        }
        text.to_lowercase() == *self.0
    }

    /// Where `text` stands to this one, in the order of lower-case bytes: for searches in sorted lists.
    #[must_use]
    pub fn compare(&self, text: &str) -> Ordering {
        if text.is_ascii() {
            return self.0.bytes().cmp(text.bytes().map(|b| b.to_ascii_lowercase()));
        }
        (*self.0).cmp(text.to_lowercase().as_str())
    }
}

/// The order in which ORDER BY and `<` see two texts.
#[must_use]
pub fn collate(left: &str, right: &str) -> Ordering {
    if left.is_ascii() && right.is_ascii() {
        return left
            .bytes()
            .map(|b| b.to_ascii_uppercase())
            .cmp(right.bytes().map(|b| b.to_ascii_uppercase()));
    }
    left.chars().flat_map(char::to_uppercase).cmp(right.chars().flat_map(char::to_uppercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equality_ignores_case_in_every_script() {
        for (one, other, same) in [
            ("Smith", "SMITH", true),
            ("Smith", "Smithe", false),
            ("MÜLLER", "Müller", true),
            ("ΟΔΟΣ", "οδος", true),
            ("", "", true),
            ("a", "à", false),
        ] {
            assert_eq!(Folded::new(one).is(other), same, "{one} {other}");
            assert_eq!(Folded::new(one).compare(other) == Ordering::Equal, same, "{one} {other}");
        }
    }

    #[test]
    fn order_is_that_of_upper_case() {
        // In ASCII the underscore stands between upper and lower case.
        assert_eq!(collate("a_b", "aab"), Ordering::Greater);
        assert_eq!(collate("smith", "SMITH"), Ordering::Equal);
        assert_eq!(collate("Zoe", "Émile"), Ordering::Less);
        assert_eq!(collate("a", "ab"), Ordering::Less);
    }
}
