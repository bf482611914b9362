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
pub type Fault = Cow<'static, str>;

const UNESCAPED: &str = "Found unescaped quote. A value with quote should be within a quote";
const MORE_TEXT: &str = "Not expecting more text after end quote";
pub const UNCLOSED: &str = "EOF reached before closing an opened quote";

/// Where a value stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value {
    from: usize,
    to: usize,
    /// Whether quotes within are doubled.
    doubled: bool,
}

impl Value {
    /// As it was sent, without the quotes around it.
    #[must_use]
    pub fn bytes<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        &text[self.from..self.to]
    }

    #[must_use]
    pub fn text<'a>(&self, text: &'a [u8]) -> Cow<'a, str> {
        let text = String::from_utf8_lossy(self.bytes(text));
        if self.doubled { text.replace("\"\"", "\"").into() } else { text }
    }
}

impl End {
    /// In bytes.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Lf | Self::Cr => 1,
            Self::CrLf => 2,
            Self::Text => 0,
        }
    }
}

/// Reads the first record, hands over its values and answers how long it is, and how it ends.
pub fn read(bytes: &[u8], delimiter: u8, mut value: impl FnMut(Value)) -> Result<(usize, End), Fault> {
    let mut at = 0;
    loop {
        let quoted = bytes.get(at) == Some(&b'"');
        if quoted {
            let (to, doubled) = closing(bytes, at + 1)?;
            value(Value { from: at + 1, to, doubled });
            at = to + 1;
        } else {
            let rest = &bytes[at..];
            let length =
                rest.iter().position(|byte| *byte == delimiter || matches!(byte, b'\n' | b'\r' | b'"'));
            let length = length.unwrap_or(rest.len());
            if rest.get(length) == Some(&b'"') {
                return Err(UNESCAPED.into());
            }
            value(Value { from: at, to: at + length, doubled: false });
            at += length;
        }
        match (bytes.get(at), bytes.get(at + 1)) {
            (None, _) => return Ok((at, End::Text)),
            (Some(b'\n'), _) => return Ok((at + 1, End::Lf)),
            (Some(b'\r'), Some(b'\n')) => return Ok((at + 2, End::CrLf)),
            (Some(b'\r'), _) => return Ok((at + 1, End::Cr)),
            (Some(byte), _) if *byte == delimiter => at += 1,
            _ => return Err(MORE_TEXT.into()),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text_of: &str, delimiter: u8) -> Result<(Vec<String>, usize, End), Fault> {
        let mut found = Vec::new();
        let text = text_of.as_bytes();
        let (next, end) = read(text, delimiter, |value| found.push(value.text(text).into_owned()))?;
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
            (r#"a"b,c"#, b',', Err(UNESCAPED.into())),
            (r#"a, "b""#, b',', Err(UNESCAPED.into())),
            (r#""a"b"#, b',', Err(MORE_TEXT.into())),
            (r#""a" ,b"#, b',', Err(MORE_TEXT.into())),
            (r#""a"#, b',', Err(UNCLOSED.into())),
        ] {
            let got = values(text, delimiter);
            let want = want.map(|(values, next, end): (Vec<&str>, usize, End)| {
                (values.into_iter().map(str::to_owned).collect::<Vec<_>>(), next, end)
            });
            assert_eq!(got, want, "{text:?}");
        }
    }
}
