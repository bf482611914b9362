//! The algorithms that matching methods are made of. Each takes two texts in lower case and gives 0 to 100.

use rphonetic::{DoubleMetaphone, Encoder};

use super::name_variants;

pub(super) fn exact(one: &str, other: &str) -> f64 {
    if one == other { 100.0 } else { 0.0 }
}

/// How many single changes make one of the other, against the longer one's length.
pub(super) fn edit_distance(one: &str, other: &str) -> f64 {
    strsim::normalized_levenshtein(one, other) * 100.0
}

pub(super) fn jaro_winkler(one: &str, other: &str) -> f64 {
    strsim::jaro_winkler(one, other) * 100.0
}

/// Two names that sound alike.
pub(super) fn metaphone(one: &str, other: &str) -> f64 {
    let (one, other) = (phonetic(one), phonetic(other));
    if !one.is_empty() && one == other { 100.0 } else { 0.0 }
}

/// How a name sounds, in a handful of letters.
pub(super) fn phonetic(text: &str) -> String {
    let letters = text.chars().filter(char::is_ascii_alphabetic).collect::<String>();
    DoubleMetaphone::default().encode(&letters).to_lowercase()
}

/// `j` and `jonathan`, `j r` and `john ronald`: each part is the other's first letter.
pub(super) fn initials(one: &str, other: &str) -> f64 {
    let (one, other) = (words(one), words(other));
    let fits = |a: &&str, b: &&str| {
        a == b || a.chars().count() == 1 && b.starts_with(*a) || b.chars().count() == 1 && a.starts_with(*b)
    };
    let all = !one.is_empty() && one.len() == other.len() && one.iter().zip(&other).all(|(a, b)| fits(a, b));
    if all { 100.0 } else { 0.0 }
}

/// `amd` and `advanced micro devices`.
pub(super) fn acronym(one: &str, other: &str) -> f64 {
    let short_of = |long: &str| {
        let words = words(long);
        (words.len() > 1).then(|| words.iter().filter_map(|word| word.chars().next()).collect::<String>())
    };
    let plain = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>();
    let found = short_of(one).is_some_and(|short| short == plain(other))
        || short_of(other).is_some_and(|short| short == plain(one));
    if found { 100.0 } else { 0.0 }
}

/// `bill` and `william`.
pub(super) fn name_variant(one: &str, other: &str) -> f64 {
    if name_variants::same_person(one, other) { 100.0 } else { 0.0 }
}

/// As [`edit_distance`], but a key beside the right one is half a mistake.
pub(super) fn keyboard_distance(one: &str, other: &str) -> f64 {
    let (one, other) = (one.chars().collect::<Vec<_>>(), other.chars().collect::<Vec<_>>());
    let longest = one.len().max(other.len());
    if longest == 0 {
        return 0.0;
    }
    let mut row = (0..=other.len()).map(count).collect::<Vec<_>>();
    for (i, a) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = count(i + 1);
        for (j, b) in other.iter().enumerate() {
            let swap = diagonal + mistake(*a, *b);
            diagonal = row[j + 1];
            row[j + 1] = swap.min(row[j + 1] + 1.0).min(row[j] + 1.0);
        }
    }
    (1.0 - row[other.len()] / count(longest)) * 100.0
}

/// Field lengths end at some hundred thousand: an `f64` counts that exactly.
fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

const KEYBOARD: [&str; 4] = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

fn mistake(one: char, other: char) -> f64 {
    if one == other {
        return 0.0;
    }
    let place = |key: char| KEYBOARD.iter().enumerate().find_map(|(row, keys)| Some((row, keys.find(key)?)));
    match (place(one), place(other)) {
        (Some((row, at)), Some((other_row, other_at)))
            if row.abs_diff(other_row) <= 1 && at.abs_diff(other_at) <= 1 =>
        {
            0.5
        }
        _ => 1.0,
    }
}

pub(super) fn words(text: &str) -> Vec<&str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Algorithm = fn(&str, &str) -> f64;

    fn rounded(score: f64) -> String {
        format!("{score:.0}")
    }

    #[test]
    fn the_published_samples_come_out() {
        // Help, "Matching Algorithms": the title of a vice president, and the acronym of a maker of processors.
        assert_eq!(rounded(edit_distance("vp sales", "vp of sales")), "73");
        assert_eq!(rounded(acronym("advanced micro devices", "amd")), "100");
        // The match keys of the standard rules.
        assert_eq!(phonetic("doe"), "t");
        assert_eq!(phonetic("benioff"), "pnf");
    }

    #[test]
    fn each_algorithm_tells_like_from_unlike() {
        let table: [(Algorithm, &str, &str, bool); 12] = [
            (exact, "ada", "ada", true),
            (exact, "ada", "adam", false),
            (metaphone, "smith", "smyth", true),
            (metaphone, "smith", "jones", false),
            (initials, "j", "jonathan", true),
            (initials, "j r", "john ronald", true),
            (initials, "k", "jonathan", false),
            (acronym, "ibm", "international business machines", true),
            (acronym, "ibm", "international paper", false),
            (name_variant, "bill", "william", true),
            (name_variant, "bill", "walter", false),
            (name_variant, "ada", "ada", true),
        ];
        for (algorithm, one, other, alike) in table {
            assert_eq!(algorithm(one, other) > 99.0, alike, "{one} {other}");
            assert_eq!(algorithm(other, one) > 99.0, alike, "{other} {one}");
        }
    }

    #[test]
    fn a_neighbouring_key_is_half_a_mistake() {
        assert_eq!(rounded(keyboard_distance("smith", "smith")), "100");
        assert_eq!(rounded(keyboard_distance("smith", "smuth")), "90");
        assert_eq!(rounded(keyboard_distance("smith", "smqth")), "80");
        assert_eq!(rounded(keyboard_distance("smith", "smit")), "80");
    }
}
