//! `@{ref.records[0].Id}`: what earlier subrequests answered, in the address and the body of later ones.

use std::borrow::Cow;

use indexmap::IndexMap;
use mock_sfdc_org::error::Error;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::value::RawValue;

use crate::call::ApiVersion;

/// Since this version a reference to a null field is null; before it, there is no value.
const NULLS_SINCE: ApiVersion = ApiVersion(52);

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The bodies that were answered so far, by reference id.
#[derive(Debug, Default)]
pub struct Answers {
    bodies: IndexMap<String, String>,
    nulls: bool,
}

impl Answers {
    /// As the version of the composite request has it.
    #[must_use]
    pub fn of(version: ApiVersion) -> Self {
        Self { bodies: IndexMap::new(), nulls: version >= NULLS_SINCE }
    }

    pub fn keep(&mut self, reference: &str, body: &[u8]) {
        self.bodies.insert(reference.to_owned(), String::from_utf8_lossy(body).into_owned());
    }

    /// The address with the values in place of the references.
    pub fn in_address(&self, address: &str) -> Result<String, Error> {
        fill(address, |reference| {
            let plain = text(self.find(reference)?);
            Ok(utf8_percent_encode(&plain, RESERVED).to_string())
        })
    }

    /// The same for a body. A string that is one reference and nothing else becomes the value itself, be it no string.
    pub fn in_body(&self, body: &str) -> Result<String, Error> {
        let mut filled = String::with_capacity(body.len());
        let mut rest = body;
        while let Some(start) = rest.find('"') {
            let (before, literal) = rest.split_at(start);
            let (literal, after) = literal.split_at(string_end(literal));
            filled.push_str(before);
            let is_key = after.trim_start().starts_with(':');
            match serde_json::from_str::<String>(literal) {
                Ok(text) if text.contains("@{") && !is_key => filled.push_str(&self.in_string(&text)?),
                _ => filled.push_str(literal),
            }
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    /// What stands in the place of a JSON string.
    fn in_string(&self, plain: &str) -> Result<String, Error> {
        if let Some(reference) = whole(plain) {
            return self.find(reference).map(str::to_owned);
        }
        let filled = fill(plain, |reference| Ok(text(self.find(reference)?)))?;
        Ok(serde_json::Value::String(filled).to_string())
    }

    /// The value as it was written, a scalar.
    fn find(&self, reference: &str) -> Result<&str, Error> {
        let (name, path) = split(reference);
        let found = self.bodies.get(name).and_then(|body| step(body, path));
        let scalar = found.filter(|raw| !raw.starts_with(['{', '[']) && (self.nulls || *raw != "null"));
        scalar.ok_or_else(|| Error::invalid_reference(reference, name))
    }
}

/// The reference ids that a text names.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split("@{").skip(1).filter_map(|part| Some(split(part.split_once('}')?.0).0))
}

/// `ref.records[0].Id` is `ref` and the way to go on.
fn split(reference: &str) -> (&str, &str) {
    reference.split_at(reference.find(['.', '[']).unwrap_or(reference.len()))
}

/// Follows `.name` and `[0]`.
fn step<'a>(json: &'a str, path: &str) -> Option<&'a str> {
    let json = json.trim();
    if path.is_empty() {
        return Some(json);
    }
    if let Some(rest) = path.strip_prefix('[') {
        let (index, rest) = rest.split_once(']')?;
        let items: Vec<&'a RawValue> = serde_json::from_str(json).ok()?;
        return step(items.get(index.parse::<usize>().ok()?)?.get(), rest);
    }
    let (name, rest) = split(path.strip_prefix('.')?);
    let members: IndexMap<Cow<'a, str>, &'a RawValue> = serde_json::from_str(json).ok()?;
    step(members.get(name)?.get(), rest)
}

/// A scalar as it stands within a text.
fn text(raw: &str) -> String {
    match raw {
        "null" => String::new(),
        _ => serde_json::from_str(raw).unwrap_or_else(|_| raw.to_owned()),
    }
}

/// The reference that a text consists of.
fn whole(text: &str) -> Option<&str> {
    text.strip_prefix("@{")?.strip_suffix('}').filter(|inside| !inside.contains('}'))
}

fn fill(text: &str, value: impl Fn(&str) -> Result<String, Error>) -> Result<String, Error> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, (reference, after))) =
        rest.split_once("@{").and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        filled.push_str(before);
        filled.push_str(&value(reference)?);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Where a JSON string ends that begins at the start of the text.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(version: u16) -> Answers {
        let mut answers = Answers::of(ApiVersion(version));
        answers.keep("one", br#"{"id":"001","n":12.50,"ok":true,"none":null,"a":{"b c":"x \"y\""}}"#);
        answers.keep("query", br#"{"records":[{"Id":"003"},{"Id":"004"}]}"#);
        answers.keep("list", br#"[{"id":"005"}]"#);
        answers
    }

    #[test]
    fn references_are_followed_and_keep_the_kind_of_the_value() {
        for (body, filled) in [
            (r#"{"A":"@{one.id}","B":"x"}"#, r#"{"A":"001","B":"x"}"#),
            (r#"{"A":"@{one.n}"}"#, r#"{"A":12.50}"#),
            (r#"{"A":"@{one.ok}","@{one.id}":1}"#, r#"{"A":true,"@{one.id}":1}"#),
            (r#"{"A":"@{one.none}"}"#, r#"{"A":null}"#),
            (r#"{"A":"@{query.records[1].Id}"}"#, r#"{"A":"004"}"#),
            (r#"{"A":"@{list[0].id}"}"#, r#"{"A":"005"}"#),
            (r#"{"A":"\"@{one.id}-@{one.n}@{one.none}\""}"#, r#"{"A":"\"001-12.50\""}"#),
            (r#"{"A":"@{one.a.b c}"}"#, r#"{"A":"x \"y\""}"#),
            (r#"{"A":"me@{home"}"#, r#"{"A":"me@{home"}"#),
        ] {
            assert_eq!(answers(66).in_body(body).unwrap(), filled, "{body}");
        }
        let address = "/services/data/v66.0/query?q=x'@{one.a.b c}'&a=@{one.id}";
        let filled = "/services/data/v66.0/query?q=x'x%20%22y%22'&a=001";
        assert_eq!(answers(66).in_address(address).unwrap(), filled);
    }

    #[test]
    fn what_is_not_there_is_named() {
        for reference in ["two.id", "one.Id", "one.a", "one", "query.records[2].Id", "query.records[x].Id"] {
            let error = answers(66).in_body(&format!(r#"{{"A":"@{{{reference}}}"}}"#)).unwrap_err();
            let name = reference.split(['.', '[']).next().unwrap();
            let message = format!("Invalid reference specified. No value for {reference} found in {name}.");
            assert!(error.message.starts_with(&message), "{}", error.message);
        }
        // Before version 52, a field that is null was no value.
        assert!(answers(51).in_body(r#"{"A":"@{one.none}"}"#).is_err());
    }

    #[test]
    fn a_text_tells_whom_it_depends_on() {
        let found: Vec<&str> = names("/a/@{one.id}/@{two[0].x}?q='@{three'").collect();
        assert_eq!(found, ["one", "two"]);
    }
}
