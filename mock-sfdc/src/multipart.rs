//! `multipart/form-data` (RFC 7578): the parts of a body that has been read whole. Nothing is copied: bodies are files.

use http::{HeaderMap, header};

const KIND: &str = "multipart/form-data";

/// One part.
#[derive(Debug, PartialEq, Eq)]
pub struct Part<'a> {
    pub name: String,
    pub file_name: Option<String>,
    /// `None` where the part does not say.
    pub kind: Option<String>,
    pub body: &'a [u8],
}

/// Whether a request says that it brings a form.
#[must_use]
pub fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default();
    kind.trim().eq_ignore_ascii_case(KIND)
}

/// The parts of `body`, when `content_type` says that it has any. What stands before the first boundary and behind the
/// last one is no part; a part without a name is none either.
#[must_use]
pub fn parts<'a>(content_type: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case(KIND) {
        return None;
    }
    let delimiter = format!("--{}", parameter(parameters, "boundary")?);
    let mut parts = Vec::new();
    let mut at = next(body, 0, delimiter.as_bytes())?;
    loop {
        let begin = at + delimiter.len();
        if body.get(begin..).is_none_or(|rest| rest.starts_with(b"--")) {
            return Some(parts);
        }
        let Some(end) = next(body, begin, delimiter.as_bytes()) else { return Some(parts) };
        parts.extend(part(&body[begin..end]));
        at = end;
    }
}

/// Where the delimiter stands next: at the beginning of a line.
fn next(body: &[u8], from: usize, delimiter: &[u8]) -> Option<usize> {
    let mut at = from;
    loop {
        at += find(body.get(at..)?, delimiter)?;
        if at == 0 || body[at - 1] == b'\n' {
            return Some(at);
        }
        at += 1;
    }
}

/// Head lines, an empty line, and the body up to the line break that belongs to the delimiter.
fn part(text: &[u8]) -> Option<Part<'_>> {
    let gap = find(text, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&text[..gap]);
    let body = text[gap + 4..].strip_suffix(b"\r\n").unwrap_or(&text[gap + 4..]);
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let disposition = header("content-disposition")?;
    Some(Part {
        name: parameter(&disposition, "name")?,
        file_name: parameter(&disposition, "filename"),
        kind: header("content-type"),
        body,
    })
}

/// The value of `name=value` or `name="value"` behind a semicolon.
fn parameter(text: &str, name: &str) -> Option<String> {
    let mut quoted = false;
    let mut pieces = text.split(|c| {
        quoted ^= c == '"';
        c == ';' && !quoted
    });
    pieces.find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// Files are searched, so the first byte is looked for before the rest is compared.
fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut at = 0;
    loop {
        at += text.get(at..)?.iter().position(|byte| *byte == first)?;
        if text[at..].starts_with(wanted) {
            return Some(at);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACED: &str = "multipart/form-data; boundary=\"x y\"";

    #[test]
    fn parts_keep_their_bytes() {
        let body = b"preamble\r\n--x y\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x y\r\n\
            content-type: text/plain\r\ncontent-disposition: form-data; name=b; filename=\"f;1.txt\"\r\n\r\n\
            \xff--x y\r\n\r\n--x y--\r\nepilogue";
        let found = parts(SPACED, body).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].name.as_str(), found[0].body), ("a", &b"1"[..]));
        assert_eq!(
            (found[1].file_name.as_deref(), found[1].kind.as_deref()),
            (Some("f;1.txt"), Some("text/plain"))
        );
        assert_eq!(found[1].body, b"\xff--x y\r\n");
    }

    #[test]
    fn other_bodies_have_none() {
        for (kind, body) in [
            ("application/json", "{}"),
            ("multipart/form-data", "--x\r\n\r\n--x--"),
            ("multipart/form-data; boundary=x", "nothing"),
        ] {
            assert_eq!(parts(kind, body.as_bytes()), None, "{kind}");
        }
        assert_eq!(parts("multipart/form-data; boundary=x", b"--x--"), Some(vec![]));
    }
}
