//! How auto-numbers are written: `INV-{YYYY}{MM}-{0000}`. One place for the number, and the parts of the day on which the
//! record is made, in the org's time zone (unconfirmed: see `docs/FIDELITY.md`).

use std::fmt::Write as _;

use jiff::civil::Date;

/// Salesforce's own limit on the digits of the number.
const MOST_DIGITS: usize = 10;

/// What is wrong with a display format, if anything.
pub(super) fn check(format: &str) -> Result<(), String> {
    let mut numbers = 0;
    for part in parts(format) {
        match part {
            Part::Text(text) if text.contains(['{', '}']) => {
                return Err(format!("displayFormat `{format}`: a brace without its other half"));
            }
            Part::Text(_) => {}
            Part::Braces(inner) if inner.bytes().all(|digit| digit == b'0') && !inner.is_empty() => {
                numbers += 1;
                if inner.len() > MOST_DIGITS {
                    return Err(format!("displayFormat `{format}`: {MOST_DIGITS} digits at most"));
                }
            }
            Part::Braces("YYYY" | "YY" | "MM" | "DD") => {}
            Part::Braces(inner) => {
                return Err(format!(
                    "displayFormat `{format}`: {{{inner}}} is neither {{0}}, {{YYYY}}, {{YY}}, {{MM}} nor {{DD}}"
                ));
            }
        }
    }
    match numbers {
        1 => Ok(()),
        0 => {
            Err(format!("displayFormat `{format}` has no place for the number, for instance `INV-{{0000}}`"))
        }
        _ => Err(format!("displayFormat `{format}` has {numbers} places for the number")),
    }
}

/// The text of a number that was given on this day. A standard format whose digits are not all zero (`{00001000}` of cases)
/// counts on from that number.
#[must_use]
pub fn display(format: &str, number: u64, today: impl Fn() -> Date) -> String {
    let mut out = String::with_capacity(format.len() + 4);
    for part in parts(format) {
        // Writing to a String cannot fail.
        let _ = match part {
            Part::Text(text) => out.write_str(text),
            Part::Braces("YYYY") => write!(out, "{:04}", today().year()),
            Part::Braces("YY") => write!(out, "{:02}", today().year().rem_euclid(100)),
            Part::Braces("MM") => write!(out, "{:02}", today().month()),
            Part::Braces("DD") => write!(out, "{:02}", today().day()),
            Part::Braces(digits) => {
                let base: u64 = digits.parse().unwrap_or(0);
                write!(out, "{:0width$}", base + number, width = digits.len())
            }
        };
    }
    out
}

enum Part<'a> {
    Text(&'a str),
    Braces(&'a str),
}

fn parts(format: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = format;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(after) = rest.strip_prefix('{')
            && let Some((inner, tail)) = after.split_once('}')
        {
            rest = tail;
            return Some(Part::Braces(inner));
        }
        // A brace at the very start is one without its other half: text.
        let end =
            rest.char_indices().skip(1).find(|(_, letter)| *letter == '{').map_or(rest.len(), |(at, _)| at);
        let (text, tail) = rest.split_at(end);
        rest = tail;
        Some(Part::Text(text))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_their_format() {
        let day = Date::constant(2026, 3, 5);
        for (format, number, text) in [
            ("INV-{0000}", 7, "INV-0007"),
            ("INV-{0000}", 12345, "INV-12345"),
            ("{00001000}", 1, "00001001"),
            ("A{0}-x", 12, "A12-x"),
            ("{YYYY}{MM}{DD}/{000}", 3, "20260305/003"),
            ("é{YY}-{00}", 3, "é26-03"),
        ] {
            assert_eq!(display(format, number, || day), text);
        }
    }

    #[test]
    fn a_wrong_format_says_what_is_wrong() {
        for (format, said) in [
            ("INV", "no place for the number"),
            ("{0}{00}", "2 places"),
            ("{MON}{0}", "{MON} is neither"),
            ("{0}{", "a brace without"),
            ("}{0}", "a brace without"),
            ("{00000000000}", "10 digits"),
        ] {
            assert!(check(format).unwrap_err().contains(said), "{format}");
        }
        assert_eq!(check("A-{YYYY}-{0000}"), Ok(()));
    }
}
