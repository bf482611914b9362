//! `LIKE`: `%` for any characters, `_` for one, both literal behind a backslash; case does not count.

use super::collation::Folded;
use super::parser::decode;

/// A pattern, compiled once and matched against many rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Like {
    shape: Shape,
}

/// What people write nearly always has no `_` and its `%` at the ends: those forms are matched without looking back.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    Exact(Folded),
    Prefix(Folded),
    Suffix(Folded),
    Contains(Folded),
    Pieces(Box<[Piece]>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Any,
    One,
    /// In lower case.
    Character(char),
}

impl Like {
    /// `raw` is the literal as written in the query: an escaped `%` must stay apart from a plain one.
    #[must_use]
    pub fn compile(raw: &str) -> Self {
        let pieces = pieces(raw);
        let literal = |pieces: &[Piece]| {
            let characters = pieces.iter().map(|piece| match piece {
                Piece::Character(character) => Some(*character),
                _ => None,
            });
            characters.collect::<Option<String>>().map(|text| Folded::new(&text))
        };
        let ends = |pieces: &[Piece]| {
            let inner = pieces.strip_prefix(&[Piece::Any]);
            let both = inner.and_then(|inner| inner.strip_suffix(&[Piece::Any]));
            if let Some(text) = literal(pieces) {
                return Some(Shape::Exact(text));
            }
            if let Some(text) = both.and_then(literal) {
                return Some(Shape::Contains(text));
            }
            if let Some(text) = inner.and_then(literal) {
                return Some(Shape::Suffix(text));
            }
            pieces.strip_suffix(&[Piece::Any]).and_then(literal).map(Shape::Prefix)
        };
        Self { shape: ends(&pieces).unwrap_or_else(|| Shape::Pieces(pieces.into())) }
    }

    /// Matches one text only.
    #[must_use]
    pub fn exactly(text: &str) -> Self {
        Self { shape: Shape::Exact(Folded::new(text)) }
    }

    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        if !text.is_ascii() {
            return self.matches_lower(&text.to_lowercase());
        }
        let bytes = text.as_bytes();
        let same = |part: Option<&[u8]>, folded: &Folded| {
            part.is_some_and(|part| part.eq_ignore_ascii_case(folded.as_str().as_bytes()))
        };
        match &self.shape {
            Shape::Exact(folded) => folded.is(text),
            Shape::Prefix(folded) => same(bytes.get(..folded.as_str().len()), folded),
            Shape::Suffix(folded) => {
                let start = bytes.len().checked_sub(folded.as_str().len());
                same(start.map(|start| &bytes[start..]), folded)
            }
            Shape::Contains(folded) => contains(bytes, folded.as_str().as_bytes()),
            Shape::Pieces(pieces) => wildcard(pieces, text.chars().map(|c| c.to_ascii_lowercase())),
        }
    }

    fn matches_lower(&self, text: &str) -> bool {
        match &self.shape {
            Shape::Exact(folded) => text == folded.as_str(),
            Shape::Prefix(folded) => text.starts_with(folded.as_str()),
            Shape::Suffix(folded) => text.ends_with(folded.as_str()),
            Shape::Contains(folded) => text.contains(folded.as_str()),
            Shape::Pieces(pieces) => wildcard(pieces, text.chars()),
        }
    }
}

fn pieces(raw: &str) -> Vec<Piece> {
    // Decoding leaves `\%` and `\_` as they are, and makes one backslash of two: which is told apart here by hiding
    // escaped backslashes behind a character that no text holds.
    const BACKSLASH: char = '\u{FFFF}';
    let hidden = raw.replace(r"\\", "\u{FFFF}");
    let text = decode(&hidden).to_lowercase();
    let mut pieces = Vec::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let piece = match character {
            '%' if pieces.last() == Some(&Piece::Any) => continue,
            '%' => Piece::Any,
            '_' => Piece::One,
            '\\' => Piece::Character(characters.next().unwrap_or('\\')),
            BACKSLASH => Piece::Character('\\'),
            other => Piece::Character(other),
        };
        pieces.push(piece);
    }
    pieces
}

/// `needle` is in lower case.
fn contains(text: &[u8], needle: &[u8]) -> bool {
    let Some((first, rest)) = needle.split_first() else { return true };
    let Some(last) = text.len().checked_sub(needle.len()) else { return false };
    (0..=last).any(|at| {
        text[at].to_ascii_lowercase() == *first && text[at + 1..at + needle.len()].eq_ignore_ascii_case(rest)
    })
}

/// Greedy, with one point to go back to: the last `%`. Linear in practice, quadratic at worst.
fn wildcard(pieces: &[Piece], text: impl Iterator<Item = char> + Clone) -> bool {
    let mut text = text;
    let mut at = 0;
    let mut back: Option<(usize, _)> = None;
    loop {
        let before = text.clone();
        let Some(character) = text.next() else { break };
        match pieces.get(at) {
            Some(Piece::Any) => {
                at += 1;
                back = Some((at, before.clone()));
                text = before;
            }
            Some(Piece::One) => at += 1,
            Some(Piece::Character(expected)) if *expected == character => at += 1,
            _ => {
                let Some((after, resume)) = &mut back else { return false };
                resume.next();
                at = *after;
                text = resume.clone();
            }
        }
    }
    pieces[at..].iter().all(|piece| *piece == Piece::Any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_documented() {
        for (pattern, text, expected) in [
            ("abc", "ABC", true),
            ("abc", "abcd", false),
            ("a%", "Apple", true),
            ("a%", "", false),
            ("%", "", true),
            ("%%", "x", true),
            ("%son", "Johnson", true),
            ("%son", "Sonja", false),
            ("%HN%", "Johnson", true),
            ("%hn%", "hn", true),
            ("%hn%", "h", false),
            ("J_hn", "john", true),
            ("J_hn", "jhn", false),
            ("_", "é", true),
            ("m%ller", "MÜLLER", true),
            ("%ü%", "MÜLLER", true),
            ("MÜ%", "müller", true),
            ("a%b%c", "axxbyybzzc", true),
            ("a%b%c", "axxbyyb", false),
            ("%a_c%", "xxabcxx", true),
            (r"100\%", "100%", true),
            (r"100\%", "1000", false),
            (r"a\_b", "a_b", true),
            (r"a\_b", "axb", false),
            (r"a\\%", r"a\b", true),
            (r"a\\%", "a%", false),
            (r"O\'N%", "o'neil", true),
        ] {
            assert_eq!(Like::compile(pattern).matches(text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn bad_patterns_stay_quick() {
        let like = Like::compile(&format!("{}b", "a%_".repeat(200)));
        assert!(!like.matches(&"a".repeat(10_000)));
    }
}
