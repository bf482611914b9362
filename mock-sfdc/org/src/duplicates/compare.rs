//! Matching methods: which algorithms compare a field, how their scores become one, and the threshold
//! (`contract/behaviour.md` section 7.3, and the help's table of matching methods).

use super::{
    matching_rule::MatchingMethod,
    similarity::{
        acronym, edit_distance, exact, initials, jaro_winkler, keyboard_distance, metaphone, name_variant,
        words,
    },
};

type Algorithm = fn(&str, &str) -> f64;

impl MatchingMethod {
    /// The score from which two values match, of 100.
    fn threshold(self) -> f64 {
        match self {
            Self::Exact => 100.0,
            Self::FirstName | Self::City => 85.0,
            Self::LastName => 90.0,
            Self::CompanyName => 70.0,
            Self::Title => 50.0,
            Self::Phone | Self::Street | Self::Zip => 80.0,
        }
    }

    /// The best of these counts. Sections of phones and addresses are weighted instead.
    fn algorithms(self) -> &'static [Algorithm] {
        match self {
            Self::FirstName => &[exact, initials, jaro_winkler, metaphone, name_variant],
            Self::LastName => &[exact, keyboard_distance, metaphone],
            Self::CompanyName | Self::Title => &[exact, acronym, edit_distance],
            Self::City => &[exact, edit_distance],
            Self::Exact | Self::Phone | Self::Street | Self::Zip => &[exact],
        }
    }

    /// The score of two filled values, if it reaches the threshold.
    pub(super) fn matches(self, one: &str, other: &str) -> Option<f64> {
        let (one, other) = (one.trim().to_lowercase(), other.trim().to_lowercase());
        let score = match self {
            Self::Phone => phone(&one, &other),
            Self::Street => street(&one, &other),
            Self::Zip => zip(&one, &other),
            Self::CompanyName => best(self.algorithms(), &company(&one), &company(&other)),
            _ => best(self.algorithms(), &one, &other),
        };
        (score >= self.threshold()).then_some(score)
    }
}

fn best(algorithms: &[Algorithm], one: &str, other: &str) -> f64 {
    algorithms.iter().map(|algorithm| algorithm(one, other)).fold(0.0, f64::max)
}

/// Words that say what kind of company it is, not which.
const LEGAL_FORMS: &[&str] = &[
    "ag",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "inc",
    "incorporated",
    "kg",
    "limited",
    "llc",
    "llp",
    "ltd",
    "plc",
    "pty",
    "sa",
    "sarl",
    "spa",
    "the",
];

fn company(name: &str) -> String {
    let telling = words(name).into_iter().filter(|word| !LEGAL_FORMS.contains(word)).collect::<Vec<_>>();
    if telling.is_empty() { name.to_owned() } else { telling.join(" ") }
}

/// Digits of a phone number in four sections with their weights: country 10, area 50, exchange 30, line 10.
fn phone(one: &str, other: &str) -> f64 {
    let (one, other) = (digits(one), digits(other));
    if one == other {
        return 100.0;
    }
    let sections = |text: &str| -> Option<[String; 4]> {
        let local = text.len().checked_sub(10)?;
        let (country, rest) = text.split_at(local);
        // Without a country it is this one.
        let country = if country.is_empty() { "1" } else { country };
        Some([country.to_owned(), rest[..3].to_owned(), rest[3..6].to_owned(), rest[6..].to_owned()])
    };
    match (sections(&one), sections(&other)) {
        (Some(one), Some(other)) => weighted(one.iter().zip(&other), &[10.0, 50.0, 30.0, 10.0]),
        _ => 0.0,
    }
}

/// The first five digits of a ZIP weigh 90, its other four 10.
fn zip(one: &str, other: &str) -> f64 {
    let plain = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>();
    let (one, other) = (plain(one), plain(other));
    let split = |text: &str| {
        let at = text.char_indices().nth(5).map_or(text.len(), |(at, _)| at);
        [text[..at].to_owned(), text[at..].to_owned()]
    };
    weighted(split(&one).iter().zip(&split(&other)), &[90.0, 10.0])
}

const STREET_KINDS: &[(&str, &str)] = &[
    ("st", "street"),
    ("str", "street"),
    ("ave", "avenue"),
    ("av", "avenue"),
    ("rd", "road"),
    ("blvd", "boulevard"),
    ("dr", "drive"),
    ("ln", "lane"),
    ("ct", "court"),
    ("pl", "place"),
    ("sq", "square"),
    ("hwy", "highway"),
];

/// Number 20, name 50, kind of street 15, suite 15; names are compared by edit distance, the rest exactly.
fn street(one: &str, other: &str) -> f64 {
    if one == other {
        return 100.0;
    }
    let (one, other) = (address(one), address(other));
    let name = edit_distance(&one[1], &other[1]) * 0.5;
    let rest = [(0, 20.0), (2, 15.0), (3, 15.0)];
    name + rest.iter().filter(|(at, _)| one[*at] == other[*at]).map(|(_, weight)| weight).sum::<f64>()
}

/// Number, name, kind, suite.
fn address(text: &str) -> [String; 4] {
    let mut parts = [const { String::new() }; 4];
    let mut name = Vec::new();
    let mut suite = false;
    for word in words(text) {
        let kind = STREET_KINDS.iter().find(|(short, long)| *short == word || *long == word);
        if matches!(word, "suite" | "ste" | "unit" | "apt" | "apartment" | "floor") {
            suite = true;
        } else if suite {
            parts[3].push_str(word);
        } else if let Some((_, long)) = kind {
            (*long).clone_into(&mut parts[2]);
        } else if parts[0].is_empty() && word.starts_with(|letter: char| letter.is_ascii_digit()) {
            word.clone_into(&mut parts[0]);
        } else {
            name.push(word);
        }
    }
    parts[1] = name.join(" ");
    parts
}

fn weighted<'a>(sections: impl Iterator<Item = (&'a String, &'a String)>, weights: &[f64]) -> f64 {
    sections.zip(weights).filter(|((one, other), _)| one == other).map(|(_, weight)| weight).sum()
}

pub(super) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::MatchingMethod as M;

    #[test]
    fn methods_match_what_means_the_same() {
        let table = [
            (M::Exact, "Ada@Example.com", "ada@example.com", true),
            (M::Exact, "salesforce.com", "Salesforce", false),
            (M::FirstName, "Bill", "William", true),
            (M::FirstName, "J", "John", true),
            (M::FirstName, "Jon", "John", true),
            (M::FirstName, "Ada", "Grace", false),
            (M::LastName, "Smith", "Smyth", true),
            (M::LastName, "Lovelace", "Hopper", false),
            (M::CompanyName, "Acme Inc.", "ACME", true),
            (M::CompanyName, "IBM", "International Business Machines Corp", true),
            (M::CompanyName, "Acme", "Globex", false),
            (M::Phone, "1-415-555-1234", "(415) 555-9999", true),
            (M::Phone, "415-555-1234", "415-666-1234", false),
            (M::Phone, "415-555-1234", "212-555-1234", false),
            (M::City, "San Francisco", "San Fransisco", true),
            (M::City, "Berlin", "Bern", false),
            (M::Street, "123 Market St", "123 Market Street", true),
            (M::Street, "123 Market St", "9 Mission Street", false),
            (M::Zip, "94105-1234", "94105", true),
            (M::Zip, "94105", "94106", false),
            (M::Title, "VP Sales", "VP of Sales", true),
            (M::Title, "VP Sales", "Gardener", false),
        ];
        for (method, one, other, alike) in table {
            assert_eq!(method.matches(one, other).is_some(), alike, "{method:?} {one} | {other}");
            assert_eq!(method.matches(other, one).is_some(), alike, "{method:?} {other} | {one}");
        }
    }

    #[test]
    fn nothing_is_too_short_or_too_strange() {
        for method in [M::Phone, M::Street, M::Zip, M::CompanyName, M::FirstName, M::LastName] {
            for (one, other) in [("", "x"), ("日本", "日本語"), ("ß", "1"), ("é", "éé"), ("12345é", "12345")]
            {
                let _ = method.matches(one, other);
                let _ = method.matches(other, one);
            }
        }
    }
}
