//! XML as REST writes and reads it (`contract/rest.md` section 1). Confirmed are the root of `/limits` and the form of errors;
//! the others follow the same rule: a member is an element, an array repeats it, `attributes` are attributes.

use mock_sfdc_org::error::Error;
use serde_json::{Map, Value};

use crate::{
    xml::{self, Tag, Token},
    xml_text::escape,
};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
const XSI: &str = r#" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance""#;
/// No record nests deeper.
const MAX_DEPTH: usize = 32;

/// The root of an operation's answer, and what an item is called where the answer is a list.
fn root(operation: &str) -> (&'static str, &'static str) {
    match operation {
        "rest.versions" => ("Versions", "Version"),
        "rest.resources" => ("Resources", "Resource"),
        "rest.limits" => ("LimitsSnapshot", "Limit"),
        "rest.sobjects" => ("DescribeGlobal", "sobjects"),
        "rest.sobject.describe" => ("DescribeSObject", "fields"),
        "rest.query" | "rest.query.more" | "rest.query.all" | "rest.query.all.more" => {
            ("QueryResult", "records")
        }
        "rest.search" | "rest.parameterizedSearch" | "rest.parameterizedSearch.post" => {
            ("SearchResults", "searchRecords")
        }
        "rest.recent" => ("RecentItems", "RecentItem"),
        _ => ("Result", "Item"),
    }
}

/// The JSON answer of an operation as XML. A record's root is its object.
#[must_use]
pub fn write(operation: &str, json: &[u8], success: bool) -> String {
    let value: Value = serde_json::from_slice(json).unwrap_or(Value::Null);
    let (name, item) = if success { root(operation) } else { ("Errors", "Error") };
    let of_record = value.pointer("/attributes/type").and_then(Value::as_str);
    let name = of_record.filter(|name| is_name(name)).unwrap_or(name);
    let mut body = String::new();
    match &value {
        Value::Array(items) => {
            let wrapped = Map::from_iter([(item.to_owned(), Value::Array(items.clone()))]);
            element(&mut body, name, &Value::Object(wrapped));
        }
        _ => element(&mut body, name, &value),
    }
    if body.contains(" xsi:nil=") {
        body.insert_str(1 + name.len(), XSI);
    }
    format!("{HEAD}{body}")
}

fn element(out: &mut String, name: &str, value: &Value) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| element(out, name, item)),
        Value::Null => tag(out, name, " xsi:nil=\"true\"", None),
        Value::Object(members) => {
            let mut attributes = String::new();
            if let Some(Value::Object(found)) = members.get("attributes") {
                for (key, value) in found {
                    let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
                    attributes.extend([" ", key, "=\"", escape(&text).as_ref(), "\""]);
                }
            }
            let mut inner = String::new();
            for (key, value) in members.iter().filter(|(key, _)| *key != "attributes") {
                element(&mut inner, key, value);
            }
            tag(out, name, &attributes, Some(&inner));
        }
        Value::String(text) => tag(out, name, "", Some(escape(text).as_ref())),
        other => tag(out, name, "", Some(&other.to_string())),
    }
}

/// A key that is no name in XML (a connected app of several words) has its odd characters written as `_`.
fn tag(out: &mut String, name: &str, attributes: &str, inner: Option<&str>) {
    let safe: String = if is_name(name) {
        name.to_owned()
    } else {
        format!("_{}", name.replace(|c: char| !c.is_alphanumeric(), "_"))
    };
    match inner {
        Some(inner) => out.extend(["<", &safe, attributes, ">", inner, "</", &safe, ">"]),
        None => out.extend(["<", &safe, attributes, "/>"]),
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// An element on its way: its name, whether it is nil, its text and its members.
#[derive(Default)]
struct Open {
    name: String,
    nil: bool,
    text: String,
    members: Map<String, Value>,
}

impl Open {
    fn of(tag: &Tag<'_>) -> Self {
        let mut open = Self { name: tag.name.to_owned(), nil: tag.is_nil(), ..Self::default() };
        let kind =
            tag.attributes.iter().find(|attribute| attribute.name == "type" && attribute.prefix.is_empty());
        if let Some(kind) = kind {
            let kind = Map::from_iter([("type".to_owned(), Value::from(kind.value.as_str()))]);
            open.members.insert("attributes".to_owned(), Value::Object(kind));
        }
        open
    }

    fn value(self) -> Value {
        match self {
            Self { nil: true, .. } => Value::Null,
            Self { members, text, .. } if members.is_empty() => Value::String(text),
            Self { members, .. } => Value::Object(members),
        }
    }

    fn add(&mut self, child: Self) -> Result<(), String> {
        let name = child.name.clone();
        match self.members.insert(name.clone(), child.value()) {
            None => Ok(()),
            Some(_) => Err(format!("the element {name} stands twice")),
        }
    }
}

/// A record in XML as the JSON that says the same. The root's name says nothing: the address does.
pub fn read(body: &[u8]) -> Result<Vec<u8>, Error> {
    if body.is_empty() {
        return Err(Error::empty_body());
    }
    let mut document = Open::default();
    let mut open: Vec<Open> = Vec::new();
    let step = |token: Token<'_>| {
        match token {
            Token::Open(tag) => open.push(Open::of(&tag)),
            Token::Text(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(text);
                }
            }
            Token::Close => {
                let ended = open.pop().unwrap_or_default();
                open.last_mut().unwrap_or(&mut document).add(ended)?;
            }
        }
        Ok(())
    };
    xml::walk(body, None, MAX_DEPTH, step).map_err(|problem| Error::xml(&problem))?;
    match document.members.into_iter().next() {
        Some((_, Value::Object(mut members))) => {
            members.shift_remove("attributes");
            Ok(Value::Object(members).to_string().into_bytes())
        }
        _ => Ok(b"{}".to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(xml: &str) -> Result<String, Error> {
        read(xml.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn records_are_read() {
        let xml = r#"<?xml version="1.0"?><Contact xmlns:xsi="x" type="Contact"><LastName>A&amp;B &#33;</LastName>
            <Email xsi:nil="true"/><Phone></Phone><Owner type="User"><Username>u</Username></Owner></Contact>"#;
        assert_eq!(
            json(xml).unwrap(),
            r#"{"LastName":"A&B !","Email":null,"Phone":"","Owner":{"attributes":{"type":"User"},"Username":"u"}}"#
        );
        assert_eq!(json("<Account/>").unwrap(), "{}");
        let deep = "<a>".repeat(40);
        for bad in [
            "",
            "{}",
            "<a>",
            "<a><b></a>",
            "<a><b/><b/></a>",
            "<!DOCTYPE a><a/>",
            "<a>&e;</a>",
            "<a/>b",
            "<a/><b/>",
            "<p:a/>",
            &deep,
        ] {
            assert!(json(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn answers_are_written() {
        let written = |operation, json: &str, success| write(operation, json.as_bytes(), success);
        assert_eq!(
            written("rest.limits", r#"{"A":{"Max":1,"My App":{"Max":2}}}"#, true),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><LimitsSnapshot><A><Max>1</Max><_My_App><Max>2</Max></_My_App></A></LimitsSnapshot>"
        );
        assert_eq!(
            written(
                "rest.query",
                r#"{"done":true,"records":[{"attributes":{"type":"A","url":"/x"},"N":null},{"N":"<"}]}"#,
                true
            ),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><QueryResult xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><done>true</done><records type=\"A\" url=\"/x\"><N xsi:nil=\"true\"/></records><records><N>&lt;</N></records></QueryResult>"
        );
        assert_eq!(
            written("x", r#"[{"errorCode":"NOT_FOUND","message":"m","fields":["A","B"]}]"#, false),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Errors><Error><errorCode>NOT_FOUND</errorCode><message>m</message><fields>A</fields><fields>B</fields></Error></Errors>"
        );
    }
}
