//! Reading a SOAP request: its headers, which operation, with which arguments. No DTD, no entities but XML's own, bounded
//! depth. Prefixes say nothing here: no two elements of Salesforce's API differ by their namespace alone.

use mock_sfdc_org::error::Error;
use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
};

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

/// A request: the headers, and the first child of the body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    pub headers: Vec<Element>,
    pub call: Element,
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
    pub fn read(body: &[u8]) -> Result<Self, Error> {
        let text = std::str::from_utf8(body).map_err(|_| Error::bad_envelope("it is no UTF-8"))?;
        let mut reader = Reader::from_str(text);
        let mut open = vec![Element::default()];
        loop {
            match reader.read_event().map_err(|error| Error::bad_envelope(&error.to_string()))? {
                Event::Start(start) => {
                    open.push(element(&start));
                    if open.len() > MAX_DEPTH + 1 {
                        return Err(Error::bad_envelope("it nests too deeply"));
                    }
                }
                Event::Empty(start) => close(&mut open, element(&start)),
                Event::End(_) => {
                    let ended = open.pop().unwrap_or_default();
                    close(&mut open, ended);
                }
                Event::Text(text) => append(&mut open, &text.xml10_content()),
                Event::CData(text) => append(&mut open, &text.xml10_content()),
                Event::GeneralRef(entity) => append(&mut open, &resolved(&entity)?),
                Event::DocType(_) => return Err(Error::bad_envelope("a DTD is not allowed")),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
        }
        let root = open.into_iter().next().unwrap_or_default();
        Self::of(root).ok_or_else(|| Error::bad_envelope("it has no Envelope with a Body with an operation"))
    }

    fn of(mut root: Element) -> Option<Self> {
        let at = root.children.iter().position(|child| child.name == "Envelope")?;
        let mut request = Self::default();
        for part in root.children.swap_remove(at).children {
            match part.name.as_str() {
                "Header" => request.headers = part.children,
                "Body" => request.call = part.children.into_iter().next()?,
                _ => {}
            }
        }
        (!request.call.name.is_empty()).then_some(request)
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

fn element(start: &BytesStart<'_>) -> Element {
    let mut element = Element { name: local(start.name().as_ref()), ..Element::default() };
    for attribute in start.attributes().flatten() {
        match attribute.key.local_name().as_ref() {
            "nil" => element.nil = matches!(&*attribute.value, "true" | "1"),
            "type" => element.kind = Some(local(&attribute.value)),
            _ => {}
        }
    }
    element
}

fn close(open: &mut [Element], ended: Element) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(ended);
    }
}

fn append(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or_default().to_owned()
}

fn resolved(entity: &BytesRef<'_>) -> Result<String, Error> {
    let unknown = || Error::bad_envelope("it uses an entity that is not XML's own");
    if let Some(character) = entity.resolve_char_ref().map_err(|_| unknown())? {
        return Ok(character.to_string());
    }
    resolve_predefined_entity(&entity.xml10_content()).map(str::to_owned).ok_or_else(unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(inner: &str) -> Result<Request, Error> {
        Request::read(
            format!(r#"<?xml version="1.0"?><e:Envelope xmlns:e="x"><e:Header><a>b</a></e:Header><e:Body>{inner}</e:Body></e:Envelope>"#)
                .as_bytes(),
        )
    }

    #[test]
    fn arguments_are_read_however_they_are_written() {
        for inner in [
            "<login><username>a&amp;b</username><password>p&#33;</password></login>",
            "<n1:login xmlns:n1=\"y\"><n1:username>a&amp;b</n1:username><n1:password>p!</n1:password></n1:login>",
            "<login>\n <username><![CDATA[a&b]]></username> <password><![CDATA[p!]]></password>\n</login>",
        ] {
            let request = read(inner).unwrap();
            assert_eq!(request.call.name, "login", "{inner}");
            assert_eq!(
                (request.argument("username"), request.argument("password")),
                ("a&b", "p!"),
                "{inner}"
            );
        }
    }

    #[test]
    fn what_is_no_request() {
        let deep = "<a>".repeat(40);
        for text in ["", "nonsense", "<a><b></a>", "<Envelope><Body/></Envelope>", deep.as_str()] {
            assert!(Request::read(text.as_bytes()).is_err(), "{text}");
        }
        assert!(read("<login><username>&evil;</username></login>").is_err());
        assert!(
            Request::read(b"<!DOCTYPE x [<!ENTITY e \"e\">]><Envelope><Body><login/></Body></Envelope>")
                .is_err()
        );
    }
}
