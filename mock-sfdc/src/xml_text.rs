//! Texts as XML can hold them. A record may have characters in it that XML has no way to write, not even by their numbers; a reader
//! of XML gets the character that stands for unreadable ones.

use std::borrow::Cow;

/// The text with its marks escaped, and well-formed whatever is in it.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_written) {
        return quick_xml::escape::escape(text);
    }
    let readable = text.chars().map(|c| if is_written(c) { c } else { '\u{fffd}' }).collect::<String>();
    Cow::Owned(quick_xml::escape::escape(&readable).into_owned())
}

/// The characters of XML: 1.0, production 2.
pub const fn is_written(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_has_no_character_for_is_unreadable() {
        assert_eq!(escape("a\tb\n<&>\u{85}é"), "a\tb\n&lt;&amp;&gt;\u{85}é");
        assert_eq!(escape("a\0b\u{1f}<\u{ffff}"), "a\u{fffd}b\u{fffd}&lt;\u{fffd}");
        assert!(matches!(escape("plain"), Cow::Borrowed("plain")));
    }
}
