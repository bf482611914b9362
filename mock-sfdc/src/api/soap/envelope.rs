//! Reading a SOAP request: which operation, with which arguments. No DTD, no entities but XML's own, bounded depth.

use mock_sfdc_org::error::Error;
use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesRef, Event},
};

/// No request of Salesforce's APIs nests deeper.
const MAX_DEPTH: usize = 32;
/// Envelope, body, operation, argument.
const ARGUMENT: usize = 4;

/// A request, as far as `login` needs it: plain arguments by their names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// The local name of the first child of the body.
    pub operation: String,
    arguments: Vec<(String, String)>,
}

impl Request {
    pub fn read(body: &[u8]) -> Result<Self, Error> {
        let text = std::str::from_utf8(body).map_err(|_| Error::bad_envelope("it is no UTF-8"))?;
        let mut reader = Reader::from_str(text);
        let mut request = Self::default();
        let mut path: Vec<String> = Vec::new();
        loop {
            match reader.read_event().map_err(|error| Error::bad_envelope(&error.to_string()))? {
                Event::Start(start) => {
                    path.push(local(start.name().as_ref()));
                    if path.len() > MAX_DEPTH {
                        return Err(Error::bad_envelope("it nests too deeply"));
                    }
                    request.begin(&path);
                }
                Event::Empty(start) => {
                    path.push(local(start.name().as_ref()));
                    request.begin(&path);
                    path.pop();
                }
                Event::End(_) => {
                    path.pop();
                }
                Event::Text(text) => request.append(&path, &text.xml10_content()),
                Event::CData(text) => request.append(&path, &text.xml10_content()),
                Event::GeneralRef(entity) => request.append(&path, &resolved(&entity)?),
                Event::DocType(_) => return Err(Error::bad_envelope("a DTD is not allowed")),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
        }
        if request.operation.is_empty() {
            return Err(Error::bad_envelope("it has no Envelope with a Body with an operation"));
        }
        Ok(request)
    }

    #[must_use]
    pub fn argument(&self, name: &str) -> &str {
        self.arguments.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text)
    }

    fn begin(&mut self, path: &[String]) {
        if !in_body(path) {
            return;
        }
        if path.len() == ARGUMENT - 1 && self.operation.is_empty() {
            self.operation.clone_from(&path[ARGUMENT - 2]);
        }
        if path.len() == ARGUMENT {
            self.arguments.push((path[ARGUMENT - 1].clone(), String::new()));
        }
    }

    fn append(&mut self, path: &[String], text: &str) {
        if in_body(path)
            && path.len() == ARGUMENT
            && let Some((_, argument)) = self.arguments.last_mut()
        {
            argument.push_str(text);
        }
    }
}

fn in_body(path: &[String]) -> bool {
    matches!(path, [envelope, body, ..] if envelope == "Envelope" && body == "Body")
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
            assert_eq!(request.operation, "login", "{inner}");
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
