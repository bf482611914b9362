//! Texts to words, as a search engine sees them: runs of letters and digits, without case and accents. Scripts that write no
//! spaces give a word for each character.

/// The words of a text, in their order.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if is_alone(c) {
            close(&mut word, &mut words);
            words.push(c.to_string());
        } else if c.is_alphanumeric() {
            fold(c, &mut word);
        } else if !is_mark(c) {
            close(&mut word, &mut words);
        }
    }
    close(&mut word, &mut words);
    words
}

fn close(word: &mut String, words: &mut Vec<String>) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

/// Ideographs and kana.
#[must_use]
pub fn is_alone(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{2ffff}')
}

/// Accents that stand behind their letter.
#[must_use]
pub fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Lower case, without accent: `É` is `e`, `ß` is `ss`.
pub fn fold(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    for lower in c.to_lowercase() {
        match ACCENTED.iter().find(|(letters, _)| letters.contains(lower)) {
            Some((_, plain)) => out.push_str(plain),
            None if is_mark(lower) => {}
            None => out.push(lower),
        }
    }
}

/// Letters of Latin scripts with what they are without their accents.
const ACCENTED: [(&str, &str); 26] = [
    ("àáâãäåāăą", "a"),
    ("æ", "ae"),
    ("çćĉċč", "c"),
    ("ďđð", "d"),
    ("èéêëēĕėęě", "e"),
    ("ĝğġģ", "g"),
    ("ĥħ", "h"),
    ("ìíîïĩīĭįı", "i"),
    ("ĵ", "j"),
    ("ķ", "k"),
    ("ĺļľŀł", "l"),
    ("ñńņňŉ", "n"),
    ("òóôõöøōŏő", "o"),
    ("œ", "oe"),
    ("ŕŗř", "r"),
    ("śŝşšș", "s"),
    ("ß", "ss"),
    ("ţťŧț", "t"),
    ("þ", "th"),
    ("ùúûüũūŭůűų", "u"),
    ("ŵ", "w"),
    ("ýÿŷ", "y"),
    ("źżž", "z"),
    ("ĳ", "ij"),
    ("ŋ", "n"),
    ("ſ", "s"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fall_into_words() {
        for (text, expected) in [
            ("Ann Ames", "ann ames"),
            ("ann@acme.example", "ann acme example"),
            ("O'Neil-Smith, 3rd", "o neil smith 3rd"),
            ("Élodie MÜLLER Straße", "elodie muller strasse"),
            ("e\u{301}te", "ete"),
            ("東京 Tower", "東 京 tower"),
            ("ΟΔΟΣ", "οδοσ"),
            (" -- ", ""),
        ] {
            assert_eq!(words(text).join(" "), expected, "{text}");
        }
    }
}
