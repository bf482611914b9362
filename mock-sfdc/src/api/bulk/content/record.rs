//! One record of a CSV text. Rules and sentences are those of Salesforce's own reader: a quote opens a value only as its first
//! character, is doubled within, and nothing but a delimiter may follow the one that closes; a carriage return ends a record as a
//! line feed does; a line with nothing on it is no record.

use std::borrow::Cow;

/// How a record ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Lf,
    CrLf,
    Cr,
    /// With the text.
    Text,
}

/// What is wrong with a text.
pub type Fault = &'static str;

const UNESCAPED: Fault = "Found unescaped quote. A value with quote should be within a quote";
const MORE_TEXT: Fault = "Not expecting more text after end quote";
const UNCLOSED: Fault = "EOF reached before closing an opened quote";

/// Reads the record that begins at `at`, hands over its values and answers where it ended, and how. A value is a place in the
/// text; `true` says that quotes within are doubled.
pub fn read<'a>(
    bytes: &'a [u8],
    at: usize,
    delimiter: u8,
    mut value: impl FnMut(&'a [u8], bool),
) -> Result<(usize, End), Fault> {
    let mut at = at;
    loop {
        let quoted = bytes.get(at) == Some(&b'"');
        if quoted {
            let (end, doubled) = closing(bytes, at + 1)?;
            value(&bytes[at + 1..end], doubled);
            at = end + 1;
        } else {
            let rest = &bytes[at..];
            let length =
                rest.iter().position(|byte| *byte == delimiter || matches!(byte, b'\n' | b'\r' | b'"'));
            let length = length.unwrap_or(rest.len());
            if rest.get(length) == Some(&b'"') {
                return Err(UNESCAPED);
            }
            value(&rest[..length], false);
            at += length;
        }
        match (bytes.get(at), bytes.get(at + 1)) {
            (None, _) => return Ok((at, End::Text)),
            (Some(b'\n'), _) => return Ok((at + 1, End::Lf)),
            (Some(b'\r'), Some(b'\n')) => return Ok((at + 2, End::CrLf)),
            (Some(b'\r'), _) => return Ok((at + 1, End::Cr)),
            (Some(byte), _) if *byte == delimiter => at += 1,
            _ => return Err(MORE_TEXT),
        }
    }
}

/// Where the quote stands that closes a value, and whether there are doubled ones before it.
fn closing(bytes: &[u8], from: usize) -> Result<(usize, bool), Fault> {
    let (mut at, mut doubled) = (from, false);
    loop {
        let length = bytes[at..].iter().position(|byte| *byte == b'"').ok_or(UNCLOSED)?;
        at += length;
        if bytes.get(at + 1) != Some(&b'"') {
            return Ok((at, doubled));
        }
        doubled = true;
        at += 2;
    }
}

/// Where the next record begins: lines with nothing on them are passed over.
#[must_use]
pub fn skip_empty(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b'\n' | b'\r')) {
        at += 1;
    }
    at
}

/// The value that stands at a place.
#[must_use]
pub fn text(bytes: &[u8], doubled: bool) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(bytes);
    if doubled { text.replace("\"\"", "\"").into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text_of: &str, delimiter: u8) -> Result<(Vec<String>, usize, End), Fault> {
        let mut found = Vec::new();
        let (next, end) = read(text_of.as_bytes(), 0, delimiter, |bytes, doubled| {
            found.push(text(bytes, doubled).into_owned());
        })?;
        Ok((found, next, end))
    }

    #[test]
    fn records_are_read_as_salesforce_reads_them() {
        for (text, delimiter, want) in [
            ("a,b\nc", b',', Ok((vec!["a", "b"], 4, End::Lf))),
            ("a;b\r\nc", b';', Ok((vec!["a", "b"], 5, End::CrLf))),
            ("a\rb", b',', Ok((vec!["a"], 2, End::Cr))),
            ("a,", b',', Ok((vec!["a", ""], 2, End::Text))),
            (",,", b',', Ok((vec!["", "", ""], 2, End::Text))),
            (r#""a,b","c""d""#, b',', Ok((vec!["a,b", "c\"d"], 12, End::Text))),
            ("\"a\nb\"\n", b',', Ok((vec!["a\nb"], 6, End::Lf))),
            (r#"a"b,c"#, b',', Err(UNESCAPED)),
            (r#"a, "b""#, b',', Err(UNESCAPED)),
            (r#""a"b"#, b',', Err(MORE_TEXT)),
            (r#""a" ,b"#, b',', Err(MORE_TEXT)),
            (r#""a"#, b',', Err(UNCLOSED)),
        ] {
            let got = values(text, delimiter);
            let want = want.map(|(values, next, end): (Vec<&str>, usize, End)| {
                (values.into_iter().map(str::to_owned).collect::<Vec<_>>(), next, end)
            });
            assert_eq!(got, want, "{text:?}");
        }
    }
}
