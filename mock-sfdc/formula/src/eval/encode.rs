//! Texts for pages and addresses.

use std::fmt::Write as _;

use rust_decimal::Decimal;

pub(super) fn hyperlink(url: &str, text: &str, target: Option<&str>) -> String {
    let target = target.filter(|target| !target.is_empty()).unwrap_or("_blank");
    format!("<a href=\"{url}\" target=\"{target}\">{text}</a>")
}

pub(super) fn image(url: &str, alternate: &str, height: Option<Decimal>, width: Option<Decimal>) -> String {
    let size = match (height, width) {
        (Some(height), Some(width)) => format!(" style=\"height:{height}px; width:{width}px;\""),
        _ => String::new(),
    };
    format!("<img src=\"{url}\" alt=\"{alternate}\"{size} border=\"0\"/>")
}

/// Fifteen characters become eighteen: the three that follow tell which of the others are capitals.
pub(super) fn case_safe(id: &str) -> String {
    const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    let mut out = id.to_owned();
    if id.len() != 15 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return out;
    }
    for five in id.as_bytes().chunks(5) {
        let bits = five.iter().rev().fold(0, |bits, byte| bits << 1 | usize::from(byte.is_ascii_uppercase()));
        out.push(char::from(DIGITS[bits]));
    }
    out
}

pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

pub(super) fn javascript(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '<' => out.push_str("\\u003C"),
            '>' => out.push_str("\\u003E"),
            c => out.push(c),
        }
    }
    out
}

/// As a form's value: a space is a plus.
pub(super) fn url(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            byte => {
                // Writing to a String cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
