//! XML that a client has sent, by the letter: one root, tags that fit, prefixes and characters that there are. No DTD, no entities
//! but XML's own, bounded depth. What its reader lets pass, a real server does not.

use std::borrow::Cow;

use quick_xml::{
    NsReader,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
    name::ResolveResult,
};

use crate::xml_text::is_written;

/// An element that begins.
#[derive(Debug)]
pub struct Tag<'a> {
    /// Without its prefix.
    pub name: &'a str,
    /// Empty where it has none.
    pub namespace: &'a str,
    pub attributes: Vec<Attribute>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    pub prefix: String,
    pub name: String,
    pub value: String,
}

/// A step through a document.
#[derive(Debug)]
pub enum Token<'a> {
    Open(Tag<'a>),
    Text(&'a str),
    Close,
}

impl Tag<'_> {
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|attribute| attribute.name == name);
        found.map(|attribute| attribute.value.as_str())
    }

    /// `xsi:nil="true"`.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        matches!(self.attribute("nil"), Some("true" | "1"))
    }
}

/// Walks through a document. `charset` is what the request's content type says.
pub fn walk(
    bytes: &[u8],
    charset: Option<&str>,
    most_depth: usize,
    mut step: impl FnMut(Token<'_>) -> Result<(), String>,
) -> Result<(), String> {
    let text = decoded(bytes, charset)?;
    let text = text.trim_start();
    if let Some(letter) = text.chars().find(|letter| !is_written(*letter)) {
        return Err(format!("the character U+{:04X} is none of XML", u32::from(letter)));
    }
    let mut reader = NsReader::from_str(text);
    let (mut depth, mut rooted) = (0_usize, false);
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) => {
                begins(&mut rooted, depth)?;
                depth += 1;
                if depth > most_depth {
                    return Err("it nests too deeply".to_owned());
                }
                open(&reader, &start, &mut step)?;
            }
            Event::Empty(start) => {
                begins(&mut rooted, depth)?;
                if depth == most_depth {
                    return Err("it nests too deeply".to_owned());
                }
                open(&reader, &start, &mut step)?;
                step(Token::Close)?;
            }
            Event::End(_) => {
                depth -= 1;
                step(Token::Close)?;
            }
            Event::Text(text) if depth == 0 && text.trim().is_empty() => {}
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) if depth == 0 => {
                return Err(OUTSIDE.to_owned());
            }
            Event::Text(text) => step(Token::Text(&text.xml10_content()))?,
            Event::CData(text) => step(Token::Text(&text.xml10_content()))?,
            Event::GeneralRef(entity) => step(Token::Text(&resolved(&entity)?))?,
            Event::DocType(_) => return Err("a DTD is not allowed".to_owned()),
            Event::Decl(declaration) => {
                declaration.version().map_err(|error| error.to_string())?;
                declaration.encoding().transpose().map_err(|error| error.to_string())?;
            }
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    match (depth, rooted) {
        (0, true) => Ok(()),
        (0, false) => Err("it has no element".to_owned()),
        _ => Err("it ends before its elements do".to_owned()),
    }
}

fn begins(rooted: &mut bool, depth: usize) -> Result<(), String> {
    if depth == 0 && std::mem::replace(rooted, true) {
        return Err("a second root stands behind the first".to_owned());
    }
    Ok(())
}

fn open(
    reader: &NsReader<&[u8]>,
    start: &BytesStart<'_>,
    step: &mut impl FnMut(Token<'_>) -> Result<(), String>,
) -> Result<(), String> {
    let (namespace, name) = reader.resolver().resolve_element(start.name());
    let undeclared = |prefix: &str| format!("the prefix {prefix} is not declared");
    let namespace = match &namespace {
        ResolveResult::Bound(namespace) => namespace.as_ref(),
        ResolveResult::Unbound => "",
        ResolveResult::Unknown(prefix) => return Err(undeclared(prefix)),
    };
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let prefix = attribute.key.prefix().map(|prefix| prefix.as_ref().to_owned()).unwrap_or_default();
        if prefix == "xmlns" || attribute.key.as_ref() == "xmlns" {
            continue;
        }
        if let (ResolveResult::Unknown(prefix), _) = reader.resolver().resolve_attribute(attribute.key) {
            return Err(undeclared(&prefix));
        }
        let value = quick_xml::escape::unescape(&attribute.value).map_err(|_| NO_ENTITY.to_owned())?;
        attributes.push(Attribute {
            prefix,
            name: attribute.key.local_name().as_ref().to_owned(),
            value: value.into_owned(),
        });
    }
    step(Token::Open(Tag { name: name.as_ref(), namespace, attributes }))
}

/// What is wrong with text in front of the root or behind it.
pub const OUTSIDE: &str = "text stands outside of the root";
const NO_ENTITY: &str = "it uses an entity that is not XML's own";

fn resolved(entity: &BytesRef<'_>) -> Result<String, String> {
    let unknown = || NO_ENTITY.to_owned();
    if let Some(letter) = entity.resolve_char_ref().map_err(|_| unknown())? {
        return if is_written(letter) { Ok(letter.to_string()) } else { Err(unknown()) };
    }
    resolve_predefined_entity(&entity.xml10_content()).map(str::to_owned).ok_or_else(unknown)
}

/// The text: by its byte order mark, else by the charset of the content type, else by its declaration, else UTF-8.
fn decoded<'a>(bytes: &'a [u8], charset: Option<&str>) -> Result<Cow<'a, str>, String> {
    let utf8 = |bytes: &'a [u8]| {
        std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| "it is no UTF-8".to_owned())
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => return utf8(rest),
        [0xFF, 0xFE, rest @ ..] => return utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => return utf16(rest, u16::from_be_bytes),
        _ => {}
    }
    let name = charset.map(str::to_owned).or_else(|| declared(bytes)).unwrap_or_default();
    match name.trim().to_ascii_lowercase().as_str() {
        "" | "utf-8" | "utf8" | "us-ascii" => utf8(bytes),
        "iso-8859-1" => Ok(bytes.iter().map(|byte| char::from(*byte)).collect()),
        "utf-16le" => utf16(bytes, u16::from_le_bytes),
        "utf-16" | "utf-16be" => utf16(bytes, u16::from_be_bytes),
        _ => Err(format!("the encoding {name} is not read here, UTF-8, UTF-16 and ISO-8859-1 are")),
    }
}

fn utf16<'a>(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'a, str>, String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let text = char::decode_utf16(units).collect::<Result<String, _>>();
    text.ok().filter(|_| rest.is_empty()).map(Cow::Owned).ok_or_else(|| "it is no UTF-16".to_owned())
}

/// The encoding of `<?xml version="1.0" encoding="..."?>`.
fn declared(bytes: &[u8]) -> Option<String> {
    let end = bytes.windows(2).position(|pair| pair == b"?>")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?.trim_start().strip_prefix("<?xml")?;
    let value = head.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quoted = |quote: char| value.strip_prefix(quote)?.split(quote).next();
    quoted('"').or_else(|| quoted('\'')).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told_as(bytes: &[u8], charset: Option<&str>) -> Result<String, String> {
        let mut out = String::new();
        walk(bytes, charset, 4, |token| {
            match token {
                Token::Open(tag) => {
                    out.extend(["<", tag.namespace, "|", tag.name]);
                    for attribute in &tag.attributes {
                        out.extend([" ", &attribute.name, "=", &attribute.value]);
                    }
                    out.push('>');
                }
                Token::Text(text) => out.push_str(text),
                Token::Close => out.push('/'),
            }
            Ok(())
        })?;
        Ok(out)
    }

    fn told(text: &str) -> Result<String, String> {
        told_as(text.as_bytes(), None)
    }

    #[test]
    fn documents_are_told_with_their_namespaces() {
        for (text, answer) in [
            ("<a/>", "<|a>/"),
            ("<a xmlns='u'><b/></a>", "<u|a><u|b>//"),
            ("<p:a xmlns:p='u' xmlns='v'><b p:c='1' d='&lt;'/></p:a>", "<u|a><v|b c=1 d=<>//"),
            ("\u{feff}<?xml version='1.0'?>\n<!-- x --><a>b<!-- c -->d<?pi e?>f</a>\n<?end?>", "<|a>bdf/"),
            ("<a><![CDATA[<&]]>&amp;&#33;&#x21;</a>", "<|a><&&!!/"),
            ("<a><a><a><a/></a></a></a>", "<|a><|a><|a><|a>////"),
        ] {
            assert_eq!(told(text).as_deref(), Ok(answer), "{text}");
        }
    }

    #[test]
    fn what_is_no_document() {
        for text in [
            "",
            " ",
            "text",
            "<a/>text",
            "text<a/>",
            "<a/><b/>",
            "<a>",
            "<a><b></a>",
            "<a",
            "</a>",
            "<p:a/>",
            "<a p:b='1'/>",
            "<a b='1' b='2'/>",
            "<a b=1/>",
            "<a b='&e;'/>",
            "<a>&e;</a>",
            "<a>&#0;</a>",
            "<a>\u{1}</a>",
            "<?xml version=\"1.0\" encoding=\u{201c}UTF-8\u{201d}?><a/>",
            "<?xml encoding=UTF-8?><a/>",
            "<!DOCTYPE a><a/>",
            "<a/><![CDATA[x]]>",
            "<a><a><a><a><a/></a></a></a></a>",
            "<a><a><a><a><a></a></a></a></a></a>",
        ] {
            assert!(told(text).is_err(), "{text}: {:?}", told(text));
        }
    }

    #[test]
    fn encodings() {
        let utf16 = |text: &str, unit: fn(u16) -> [u8; 2], mark: &[u8]| {
            [mark.to_vec(), text.encode_utf16().flat_map(unit).collect()].concat()
        };
        let little = utf16("<a>é</a>", u16::to_le_bytes, b"\xFF\xFE");
        assert_eq!(told_as(&little, None).as_deref(), Ok("<|a>é/"));
        let big = utf16("<a>é</a>", u16::to_be_bytes, b"\xFE\xFF");
        assert_eq!(told_as(&big, Some("utf-8")).as_deref(), Ok("<|a>é/"));
        assert_eq!(told_as(&big[2..], Some("UTF-16")).as_deref(), Ok("<|a>é/"));
        assert!(told_as(&big[..big.len() - 1], None).is_err());
        let latin = b"<?xml version=\"1.0\" encoding='ISO-8859-1'?><a>\xE9</a>";
        assert_eq!(told_as(latin, None).as_deref(), Ok("<|a>é/"));
        assert!(told_as(latin, Some("UTF-8")).is_err(), "the content type goes before the declaration");
        assert_eq!(told_as(b"<a>\xE9</a>", Some("iso-8859-1")).as_deref(), Ok("<|a>é/"));
        for name in ["windows-1251", "bogus"] {
            assert!(told_as(b"<a/>", Some(name)).unwrap_err().contains(name));
        }
    }

    /// Pieces of documents, whole ones and broken ones, as anybody may send them.
    fn anything() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            Just("<?xml version=\"1.0\" encoding=".to_owned()),
            Just("?>".to_owned()),
            Just("<a xmlns:p='u'>".to_owned()),
            Just("</a>".to_owned()),
            Just("<p:b c=\"&amp;\"/>".to_owned()),
            Just("<![CDATA[".to_owned()),
            Just("]]>".to_owned()),
            "[\"'&;#x<>/!-]{1,3}",
            "\\PC{0,4}",
        ];
        let text = prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat().into_bytes());
        prop_oneof![4 => text, 1 => prop::collection::vec(any::<u8>(), 0..40)]
    }

    proptest! {
        #[test]
        fn whatever_is_sent_is_read_or_refused(bytes in anything(), charset in prop::option::of("utf-16|iso-8859-1|x")) {
            let mut open = 0_i32;
            let read = walk(&bytes, charset.as_deref(), 4, |token| {
                open += match token { Token::Open(_) => 1, Token::Close => -1, Token::Text(_) => 0 };
                Ok(())
            });
            prop_assert!(read.is_err() || open == 0);
        }
    }
}
