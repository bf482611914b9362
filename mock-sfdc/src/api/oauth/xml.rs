//! The little XML that the OAuth endpoints answer with when asked to.

use serde_json::{Map, Value};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

/// A root with one element for each text.
#[must_use]
pub fn flat(root: &str, pairs: &[(&str, &str)]) -> String {
    let mut text = format!("{HEAD}<{root}>");
    for (name, value) in pairs {
        element(&mut text, name, &escaped(value));
    }
    text + "</" + root + ">"
}

/// A root with an object's members, nested as they are.
#[must_use]
pub fn nested(root: &str, object: &Map<String, Value>) -> String {
    let namespace = r#"xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance""#;
    format!("{HEAD}<{root} {namespace}>{}</{root}>", members(object))
}

fn members(object: &Map<String, Value>) -> String {
    let mut text = String::new();
    for (name, value) in object {
        match value {
            Value::Null => {
                for part in ["<", name, r#" xsi:nil="true"/>"#] {
                    text.push_str(part);
                }
            }
            Value::Object(inner) => element(&mut text, name, &members(inner)),
            Value::String(plain) => element(&mut text, name, &escaped(plain)),
            other => element(&mut text, name, &other.to_string()),
        }
    }
    text
}

fn element(text: &mut String, name: &str, content: &str) {
    for part in ["<", name, ">", content, "</", name, ">"] {
        text.push_str(part);
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
