//! Path segments that cannot change the meaning of a path.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::salesforce::error::Error;

/// Everything but RFC 3986's unreserved characters.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// The name of an object or a field.
pub(super) fn name<'a>(operation: &'static str, name: &'a str) -> Result<&'a str, Error> {
    let fits = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
    if fits {
        Ok(name)
    } else {
        Err(Error::refused(operation, format!("`{name}` is no name of an object or field")))
    }
}

/// An id. Anything else in its place would be read as the name of an external id field.
pub(super) fn id<'a>(operation: &'static str, id: &'a str) -> Result<&'a str, Error> {
    let fits = matches!(id.len(), 15 | 18) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if fits {
        Ok(id)
    } else {
        Err(Error::refused(operation, format!("`{id}` is no record id (15 or 18 characters)")))
    }
}

/// A value of an external id field. An empty one would address the object itself, dots the path above.
pub(super) fn value(operation: &'static str, value: &str) -> Result<String, Error> {
    if value.trim().is_empty() || value == "." || value == ".." {
        return Err(Error::refused(operation, format!("`{value}` cannot stand as an external id in a path")));
    }
    Ok(encode(value))
}
