//! Values as REST writes them, straight into bytes: answers of thousands of rows never become trees (`contract/rest.md` section 1).

use mock_sfdc_org::{
    id::Id,
    schema::{Field, FieldType},
    value::{Value, time_text, write_double, write_int},
};

/// Appends a JSON string.
pub fn string(out: &mut Vec<u8>, text: &str) {
    if has_special(text.as_bytes()) {
        // Writing to a Vec cannot fail.
        let _ = serde_json::to_writer(out, text);
        return;
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

/// Whether there is a byte to be escaped. Most texts are shorter than what a compiler makes wide loops for.
fn has_special(text: &[u8]) -> bool {
    let (words, rest) = text.as_chunks::<8>();
    let last = rest.iter().fold(u64::from_le_bytes([b' '; 8]), |word, byte| word << 8 | u64::from(*byte));
    words.iter().fold(special_in(last), |found, word| found | special_in(u64::from_le_bytes(*word))) != 0
}

/// Not zero where one of eight bytes is a control character, a quote or a backslash.
fn special_in(word: u64) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHEST: u64 = ONES << 7;
    let is_zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let is_control = word.wrapping_sub(ONES * 0x20) & !word;
    let is = |byte: u8| is_zero(word ^ (ONES * u64::from(byte)));
    (is_control | is(b'"') | is(b'\\')) & HIGHEST
}

/// Appends `"key":` for a name of the API, in which nothing has to be escaped.
pub fn key(out: &mut Vec<u8>, name: &str) {
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

/// Appends a comma, unless the object or array has just begun.
pub fn comma(out: &mut Vec<u8>) {
    if !matches!(out.last(), Some(b'{' | b'[')) {
        out.push(b',');
    }
}

/// Appends `"00Q…"`, eighteen characters.
pub fn id(out: &mut Vec<u8>, id: Id) {
    out.push(b'"');
    out.extend_from_slice(&id.long());
    out.push(b'"');
}

/// Appends a stored value of a field. A checkbox has no null; a blob is not written here, since REST answers its address.
pub fn value(out: &mut Vec<u8>, value: &Value, kind: FieldType) {
    match value {
        Value::Null if kind == FieldType::Boolean => out.extend_from_slice(b"false"),
        Value::Null | Value::Blob(_) => out.extend_from_slice(b"null"),
        Value::Bool(flag) => out.extend_from_slice(if *flag { b"true" } else { b"false" }),
        Value::Text(text) => string(out, text),
        Value::Id(one) => id(out, *one),
        Value::Number(number) => {
            let mut text = String::with_capacity(16);
            if matches!(kind, FieldType::Int | FieldType::Long) {
                write_int(*number, &mut text);
            } else {
                write_double(*number, &mut text);
            }
            out.extend_from_slice(text.as_bytes());
        }
        Value::DateTime(at) => {
            let mut text = String::with_capacity(30);
            at.write_rest(&mut text);
            string(out, &text);
        }
        Value::Date(date) => string(out, &date.to_string()),
        Value::Time(time) => string(out, &time_text(*time)),
    }
}

/// [`value`] for a field.
pub fn field(out: &mut Vec<u8>, stored: &Value, field: &Field) {
    value(out, stored, field.kind);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_bytes_are_found_wherever_they_stand() {
        for length in 0..20 {
            assert!(!has_special(&vec![b'~'; length]) && !has_special(&vec![0xff; length]));
            for (at, byte) in (0..length).flat_map(|at| (0..=u8::MAX).map(move |byte| (at, byte))) {
                let mut text = vec![b' '; length];
                text[at] = byte;
                let special = byte < 0x20 || byte == b'"' || byte == b'\\';
                assert_eq!(has_special(&text), special, "{byte} at {at} of {length}");
            }
        }
    }

    #[test]
    fn strings_are_escaped_as_json_asks() {
        for text in ["plain", "with \"quotes\"", "back\\slash", "line\nfeed", "bell\u{7}", "über 🦀"] {
            let mut out = Vec::new();
            string(&mut out, text);
            assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
        }
    }
}
