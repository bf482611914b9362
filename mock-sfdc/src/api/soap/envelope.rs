//! Reading a SOAP request: its headers, which operation, with which arguments. The envelope is SOAP 1.1 and taken to the letter,
//! and namespaces say whose an operation and a header are. Further in they say nothing: no two elements of Salesforce's API differ by
//! their namespace alone, and arguments go by their place.

use mock_sfdc_org::error::Error;

use crate::xml::{self, Tag, Token};

const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
/// Who reads a header that names nobody.
const NEXT: &str = "http://schemas.xmlsoap.org/soap/actor/next";

/// No request of Salesforce's APIs nests deeper.
const MAX_DEPTH: usize = 32;

/// An element by its local name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    pub name: String,
    /// `xsi:nil="true"`.
    pub nil: bool,
    /// `xsi:type`, without its prefix.
    pub kind: Option<String>,
    pub text: String,
    pub children: Vec<Element>,
}

/// A request: the headers, and the child of the body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// Those of the API whose operation is called.
    pub headers: Vec<Element>,
    pub call: Element,
    /// That of the operation.
    pub namespace: String,
}

impl Element {
    /// The first child of this name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// What the child of this name says; an empty one says nothing.
    #[must_use]
    pub fn said(&self, name: &str) -> Option<&str> {
        self.child(name)
            .filter(|child| !child.nil)
            .map(|child| child.text.trim())
            .filter(|text| !text.is_empty())
    }

    /// All children of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The object of a record: its `type`, else the `xsi:type` that the enterprise API gives it.
    #[must_use]
    pub fn record_type(&self) -> Option<&str> {
        let by_kind = || self.kind.as_deref().filter(|kind| *kind != "sObject");
        self.said("type").or_else(by_kind)
    }

    /// Neither a text nor anything within it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nil || self.text.trim().is_empty() && self.children.is_empty()
    }

    /// `true` or `1`.
    #[must_use]
    pub fn is_true(&self, name: &str) -> bool {
        matches!(self.said(name), Some("true" | "1"))
    }
}

impl Request {
    /// `charset` is what the content type says.
    pub fn read(body: &[u8], charset: Option<&str>) -> Result<Self, Error> {
        let mut reading = Reading::default();
        xml::walk(body, charset, MAX_DEPTH, |token| reading.step(token))
            .map_err(|problem| Error::bad_envelope(&problem))?;
        reading.done()
    }

    #[must_use]
    pub fn argument(&self, name: &str) -> &str {
        self.call.child(name).map_or("", |child| child.text.as_str())
    }

    /// That of the `SessionHeader`.
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        self.header("SessionHeader").and_then(|header| header.said("sessionId"))
    }

    #[must_use]
    pub fn header(&self, name: &str) -> Option<&Element> {
        self.headers.iter().find(|header| header.name == name)
    }
}

/// A header, or the operation, and whose it is.
#[derive(Debug, Default)]
struct Block {
    namespace: String,
    must_understand: bool,
    element: Element,
}

/// Where in the envelope an element stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Part {
    #[default]
    Nowhere,
    Header,
    Body,
}

#[derive(Debug, Default)]
struct Reading {
    depth: usize,
    part: Part,
    headers: Vec<Block>,
    calls: Vec<Block>,
    /// From the block that is being read to the innermost element.
    open: Vec<Element>,
}

impl Reading {
    fn step(&mut self, token: Token<'_>) -> Result<(), String> {
        match token {
            Token::Open(tag) => {
                self.depth += 1;
                match self.depth {
                    1 => return envelope(&tag),
                    2 => self.part = self.part(&tag)?,
                    3 => self.begin(&tag),
                    _ => self.open.push(element(&tag)),
                }
            }
            Token::Text(text) => match self.open.last_mut() {
                Some(element) => element.text.push_str(text),
                None if text.trim().is_empty() => {}
                None => return Err(format!("the text {:?} is invalid at this location", text.trim())),
            },
            Token::Close => {
                self.depth -= 1;
                if let Some(ended) = self.open.pop() {
                    self.close(ended);
                }
            }
        }
        Ok(())
    }

    /// A header or none, then a body.
    fn part(&self, tag: &Tag<'_>) -> Result<Part, String> {
        match (tag.namespace, tag.name, self.part) {
            (SOAP, "Header", Part::Nowhere) => Ok(Part::Header),
            (SOAP, "Body", Part::Nowhere | Part::Header) => Ok(Part::Body),
            _ => Err(format!("Element {{{}}}{} invalid at this location", tag.namespace, tag.name)),
        }
    }

    fn begin(&mut self, tag: &Tag<'_>) {
        let of_soap = |name: &str| {
            let prefix = tag
                .attributes
                .iter()
                .find(|attribute| attribute.name == name && !attribute.prefix.is_empty());
            prefix.map(|attribute| attribute.value.as_str())
        };
        let for_us = of_soap("actor").is_none_or(|actor| actor.is_empty() || actor == NEXT);
        let block = Block {
            namespace: tag.namespace.to_owned(),
            must_understand: for_us && of_soap("mustUnderstand") == Some("1"),
            element: Element::default(),
        };
        if self.part == Part::Header {
            self.headers.push(block);
        } else {
            self.calls.push(block);
        }
        self.open.push(element(tag));
    }

    fn close(&mut self, ended: Element) {
        let blocks = if self.part == Part::Header { &mut self.headers } else { &mut self.calls };
        match (self.open.last_mut(), blocks.last_mut()) {
            (Some(parent), _) => parent.children.push(ended),
            (None, Some(block)) => block.element = ended,
            (None, None) => {}
        }
    }

    fn done(self) -> Result<Request, Error> {
        let mut calls = self.calls.into_iter();
        let call = calls.next().ok_or_else(|| Error::bad_envelope("it has no Body with an operation"))?;
        if let Some(second) = calls.next() {
            return Err(Error::misplaced_element(&second.namespace, &second.element.name));
        }
        let (own, foreign): (Vec<_>, Vec<_>) =
            self.headers.into_iter().partition(|header| header.namespace == call.namespace);
        if let Some(header) = foreign.iter().find(|header| header.must_understand) {
            return Err(Error::header_not_understood(&header.namespace, &header.element.name));
        }
        let headers: Vec<Element> = own.into_iter().map(|header| header.element).collect();
        let mut names: Vec<&str> = headers.iter().map(|header| header.name.as_str()).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Error::misplaced_element(&call.namespace, pair[0]));
        }
        Ok(Request { headers, call: call.element, namespace: call.namespace })
    }
}

fn envelope(tag: &Tag<'_>) -> Result<(), String> {
    if (tag.namespace, tag.name) == (SOAP, "Envelope") {
        return Ok(());
    }
    let found = format!("{}:{}", tag.namespace, tag.name);
    Err(format!("Unexpected element. Parser was expecting element '{SOAP}:Envelope' but found '{found}'"))
}

fn element(tag: &Tag<'_>) -> Element {
    let kind =
        tag.attributes.iter().find(|attribute| attribute.name == "type" && !attribute.prefix.is_empty());
    Element {
        name: tag.name.to_owned(),
        nil: tag.is_nil(),
        kind: kind.map(|attribute| local(&attribute.value)),
        ..Element::default()
    }
}

fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(header: &str, body: &str) -> String {
        format!(
            r#"<?xml version="1.0"?><e:Envelope xmlns:e="{SOAP}" xmlns="y"><e:Header>{header}</e:Header><e:Body>{body}</e:Body></e:Envelope>"#
        )
    }

    fn read(inner: &str) -> Result<Request, Error> {
        Request::read(document("<a><b>c</b></a>", inner).as_bytes(), None)
    }

    #[test]
    fn arguments_are_read_however_they_are_written() {
        for inner in [
            "<login><username>a&amp;b</username><password>p&#33;</password></login>",
            "<n1:login xmlns:n1=\"y\"><n1:username>a&amp;b</n1:username><n1:password>p!</n1:password></n1:login>",
            "<login>\n <username><![CDATA[a&b]]></username> <password><![CDATA[p]]><!-- x -->!</password>\n</login>",
        ] {
            let request = read(inner).unwrap();
            assert_eq!((request.call.name.as_str(), request.namespace.as_str()), ("login", "y"), "{inner}");
            assert_eq!(request.header("a").and_then(|header| header.said("b")), Some("c"));
            assert_eq!(
                (request.argument("username"), request.argument("password")),
                ("a&b", "p!"),
                "{inner}"
            );
        }
    }

    #[test]
    fn headers_of_others_are_left_alone_unless_they_must_be_understood() {
        for (header, answer) in [
            (r#"<x:a xmlns:x="x"/>"#, Some(0)),
            (r#"<a xmlns=""/>"#, Some(0)),
            (r#"<x:a xmlns:x="x" e:mustUnderstand="0"/><a/>"#, Some(1)),
            (r#"<x:a xmlns:x="x" e:mustUnderstand="1"/>"#, None),
            (r#"<x:a xmlns:x="x" e:mustUnderstand="1" e:actor="urn:another"/>"#, Some(0)),
            (r#"<a e:mustUnderstand="1"/>"#, Some(1)),
            ("<a/><a/>", None),
        ] {
            let request = Request::read(document(header, "<login/>").as_bytes(), None);
            assert_eq!(request.ok().map(|request| request.headers.len()), answer, "{header}");
        }
    }

    #[test]
    fn what_is_no_request() {
        let other = document("", "<login/>").replace(SOAP, "http://www.w3.org/2003/05/soap-envelope");
        let turned = format!("<e:Envelope xmlns:e='{SOAP}'><e:Body><a/></e:Body><e:Header/></e:Envelope>");
        let twice =
            format!("<e:Envelope xmlns:e='{SOAP}'><e:Body><a/></e:Body><e:Body><a/></e:Body></e:Envelope>");
        let beside = format!("<e:Envelope xmlns:e='{SOAP}'><a/><e:Body><a/></e:Body></e:Envelope>");
        for text in [
            "",
            "nonsense",
            "<a><b></a>",
            "<Envelope><Body><a/></Body></Envelope>",
            &other,
            &turned,
            &twice,
            &beside,
        ] {
            assert!(Request::read(text.as_bytes(), None).is_err(), "{text}");
        }
        let deep = "<a>".repeat(40) + &"</a>".repeat(40);
        for inner in ["", "text", "<a/>text", "<a/><b/>", "<a>&evil;</a>", &deep] {
            assert!(read(inner).is_err(), "{inner}");
        }
    }
}
