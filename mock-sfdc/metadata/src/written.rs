//! Metadata as Salesforce writes it: `fullName` first, everything else by the alphabet, four blanks a step.

use quick_xml::escape::escape;
use serde_json::{Map, Value};

/// The namespace of all metadata.
pub const NAMESPACE: &str = "http://soap.sforce.com/2006/04/metadata";

/// A whole file.
#[must_use]
pub fn file(kind: &str, said: &Value) -> String {
    let mut out = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{kind} xmlns=\"{NAMESPACE}\">\n");
    if let Value::Object(members) = said {
        members_of(members, 1, &mut out);
    }
    out.push_str("</");
    out.push_str(kind);
    out.push_str(">\n");
    out
}

/// The members of a component without anything between them, as SOAP answers hold them.
#[must_use]
pub fn compact(said: &Value) -> String {
    let mut out = String::new();
    if let Value::Object(members) = said {
        for (name, value) in sorted(members) {
            each(value, &mut |one| {
                out.extend(["<", name, ">"]);
                match one {
                    Value::Object(_) => out.push_str(&compact(one)),
                    other => out.push_str(&escape(text(other).as_str())),
                }
                out.extend(["</", name, ">"]);
            });
        }
    }
    out
}

fn members_of(members: &Map<String, Value>, depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    for (name, value) in sorted(members) {
        each(value, &mut |one| {
            out.extend([indent.as_str(), "<", name, ">"]);
            match one {
                Value::Object(inner) => {
                    out.push('\n');
                    members_of(inner, depth + 1, out);
                    out.push_str(&indent);
                }
                other => out.push_str(&escape(text(other).as_str())),
            }
            out.extend(["</", name, ">\n"]);
        });
    }
}

fn sorted(members: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let mut all: Vec<(&str, &Value)> = members.iter().map(|(name, value)| (name.as_str(), value)).collect();
    all.sort_by_key(|(name, _)| (*name != "fullName", *name));
    all
}

fn each(value: &Value, write: &mut dyn FnMut(&Value)) {
    match value {
        Value::Null => {}
        Value::Array(list) => list.iter().for_each(write),
        one => write(one),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_file_stands_as_salesforce_writes_it() {
        let said = json!({"label": "A & B", "fields": [{"type": "Text", "fullName": "X__c", "length": 3}], "none": null});
        assert_eq!(
            file("CustomObject", &said),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CustomObject xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n    \
             <fields>\n        <fullName>X__c</fullName>\n        <length>3</length>\n        <type>Text</type>\n    </fields>\n    \
             <label>A &amp; B</label>\n</CustomObject>\n"
        );
        assert_eq!(
            compact(&said),
            "<fields><fullName>X__c</fullName><length>3</length><type>Text</type></fields><label>A &amp; B</label>"
        );
    }
}
