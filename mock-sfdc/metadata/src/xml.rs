//! Reading a metadata file: a tree of elements, each with its line. No DTD, no entities but XML's own, bounded depth and size.
//! A second step gives an element the shape that the org's rules are read from: [`Element::to_json`].

use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
};
use serde_json::{Map, Value};

use crate::words;

/// No metadata type nests deeper than a dozen.
const MOST_DEPTH: usize = 40;
/// The largest profiles have some ten thousand elements.
const MOST_ELEMENTS: usize = 400_000;

/// An element. Of its attributes only two say anything in metadata: `xsi:nil`, which leaves the element out, and `xsi:type`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    pub name: String,
    /// From 1.
    pub line: usize,
    pub text: String,
    pub children: Vec<Element>,
    /// `xsi:type` without its prefix.
    pub kind: Option<String>,
    /// `xsi:nil`: as if it were not there.
    pub nil: bool,
}

/// Why a file is no metadata.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct XmlError {
    pub line: usize,
    pub problem: String,
}

/// Reads a whole file.
pub fn parse(bytes: &[u8]) -> Result<Element, XmlError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        XmlError { line, problem: "this is no UTF-8".to_owned() }
    })?;
    let mut reader = Reader::from_str(text);
    let mut lines = Lines { text, at: 0, line: 1 };
    let mut open: Vec<Element> = Vec::new();
    let mut root: Option<Element> = None;
    let mut count = 0_usize;
    loop {
        let began = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let event = reader.read_event();
        let line = lines.line_at(began);
        let fail = |problem: String| XmlError { line, problem };
        let event = event.map_err(|error| fail(error.to_string()))?;
        match event {
            Event::Start(start) => {
                count += 1;
                if open.len() >= MOST_DEPTH || count > MOST_ELEMENTS {
                    return Err(fail("too deep or too large for metadata".to_owned()));
                }
                if root.is_some() {
                    return Err(fail("a second element stands beside the first".to_owned()));
                }
                open.push(begin(&start, line));
            }
            Event::Empty(start) => {
                count += 1;
                if count > MOST_ELEMENTS {
                    return Err(fail("too deep or too large for metadata".to_owned()));
                }
                close(begin(&start, line), &mut open, &mut root).map_err(fail)?;
            }
            Event::End(_) => {
                let Some(element) = open.pop() else {
                    return Err(fail("an end without its start".to_owned()));
                };
                close(element, &mut open, &mut root).map_err(fail)?;
            }
            Event::Text(text) => append(&mut open, &text.xml10_content()).map_err(fail)?,
            Event::CData(text) => append(&mut open, &text.xml10_content()).map_err(fail)?,
            Event::GeneralRef(entity) => {
                let text =
                    resolved(&entity).ok_or_else(|| fail("an entity that is not XML's own".to_owned()))?;
                append(&mut open, &text).map_err(fail)?;
            }
            Event::DocType(_) => return Err(fail("a DTD is not allowed".to_owned())),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => {
                return match (open.pop(), root) {
                    (Some(element), _) => {
                        Err(fail(format!("<{}> of line {} is not closed", element.name, element.line)))
                    }
                    (None, Some(root)) => Ok(root),
                    (None, None) => Err(fail("there is no element".to_owned())),
                };
            }
        }
    }
}

fn begin(start: &BytesStart<'_>, line: usize) -> Element {
    let name = start.name();
    let local = name.as_ref().rsplit(':').next().unwrap_or_default().to_owned();
    let (mut nil, mut kind) = (false, None);
    for attribute in start.attributes().flatten() {
        let key: &str = attribute.key.as_ref();
        match key.rsplit(':').next() {
            Some("nil") => nil = matches!(&*attribute.value, "true" | "1"),
            Some("type") => kind = attribute.value.rsplit(':').next().map(str::to_owned),
            _ => {}
        }
    }
    Element { name: local, line, nil, kind, ..Element::default() }
}

fn close(element: Element, open: &mut [Element], root: &mut Option<Element>) -> Result<(), String> {
    match (open.last_mut(), root.is_some()) {
        (Some(_), _) if element.nil => {}
        (Some(parent), _) => parent.children.push(element),
        (None, false) => *root = Some(element),
        (None, true) => return Err("a second element stands beside the first".to_owned()),
    }
    Ok(())
}

fn append(open: &mut [Element], text: &str) -> Result<(), String> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err("text stands outside of all elements".to_owned()),
    }
    Ok(())
}

fn resolved(entity: &BytesRef<'_>) -> Option<String> {
    if let Some(character) = entity.resolve_char_ref().ok()? {
        return Some(character.to_string());
    }
    resolve_predefined_entity(&entity.xml10_content()).map(str::to_owned)
}

/// Counts lines once, while the reader goes on.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn line_at(&mut self, position: usize) -> usize {
        let end = position.min(self.text.len());
        if end > self.at {
            let between = &self.text.as_bytes()[self.at..end];
            self.line += between.split(|byte| *byte == b'\n').count() - 1;
            self.at = end;
        }
        self.line
    }
}

impl Element {
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of a child, without the space around it; `None` where it is missing or empty.
    #[must_use]
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }

    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.text_of(name).and_then(words::flag).unwrap_or(false)
    }

    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        self.text_of(name)?.parse().ok()
    }

    /// The element that JSON in metadata's own words stands for: [`Element::to_json`] turned round. Null is nothing.
    #[must_use]
    pub fn of_json(name: &str, value: &Value) -> Self {
        let mut element = Self { name: name.to_owned(), ..Self::default() };
        match value {
            Value::Null | Value::Array(_) => {}
            Value::Object(members) => {
                for (name, value) in members {
                    match value {
                        Value::Null => {}
                        Value::Array(list) => {
                            element.children.extend(list.iter().map(|one| Self::of_json(name, one)));
                        }
                        one => element.children.push(Self::of_json(name, one)),
                    }
                }
            }
            Value::String(text) => element.text.clone_from(text),
            other => element.text = other.to_string(),
        }
        element
    }

    /// The element as JSON in metadata's own words: a list where the element may stand several times, a boolean or a number
    /// where metadata has one, and a text elsewhere.
    #[must_use]
    pub fn to_json(&self) -> Value {
        if self.children.is_empty() {
            return words::scalar(&self.name, self.text.trim());
        }
        let mut members = Map::new();
        for child in &self.children {
            let value = child.to_json();
            if words::repeats(&self.name, &child.name) {
                match members.entry(child.name.clone()).or_insert_with(|| Value::Array(Vec::new())) {
                    Value::Array(list) => list.push(value),
                    other => *other = value,
                }
            } else {
                members.insert(child.name.clone(), value);
            }
        }
        Value::Object(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_knows_its_lines() {
        let text = "<?xml version=\"1.0\"?>\n<A xmlns=\"x\">\n  <b>1 &lt; 2</b>\n  <c/>\n  <b><![CDATA[<x>]]></b></A>\n";
        let root = parse(text.as_bytes()).unwrap();
        assert_eq!((root.name.as_str(), root.line), ("A", 2));
        let seen: Vec<(&str, usize, &str)> = root
            .children
            .iter()
            .map(|child| (child.name.as_str(), child.line, child.text.as_str()))
            .collect();
        assert_eq!(seen, [("b", 3, "1 < 2"), ("c", 4, ""), ("b", 5, "<x>")]);
    }

    #[test]
    fn what_is_no_metadata_is_told_with_its_line() {
        let deep = "<a>".repeat(100);
        for (text, line, said) in [
            ("", 1, "no element"),
            ("text", 1, "outside"),
            ("<a>\n<b></a>", 2, ""),
            ("<a>\n\n<b>", 3, "not closed"),
            ("<a/>\n<b/>", 2, "second"),
            ("<a>\n&evil;</a>", 2, "entity"),
            ("<!DOCTYPE a [<!ENTITY e \"e\">]><a/>", 1, "DTD"),
            (deep.as_str(), 1, "too deep"),
        ] {
            let error = parse(text.as_bytes()).unwrap_err();
            assert!(error.line == line && error.problem.contains(said), "{text}: {error}");
        }
        assert_eq!(parse(b"<a>\n\xff</a>").unwrap_err().line, 2);
    }

    #[test]
    fn a_rule_becomes_json_in_its_own_words() {
        let root = parse(
            b"<assignmentRule><fullName>true</fullName><active>true</active><ruleEntry><assignedTo>Q</assignedTo>\
              <criteriaItems><field>Lead.City</field><operation>equals</operation><value>true</value></criteriaItems>\
              </ruleEntry></assignmentRule>",
        )
        .unwrap();
        assert_eq!(
            root.to_json(),
            serde_json::json!({"fullName": "true", "active": true, "ruleEntry": [{"assignedTo": "Q",
                "criteriaItems": [{"field": "Lead.City", "operation": "equals", "value": "true"}]}]})
        );
    }
}
