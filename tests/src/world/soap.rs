//! The verbs that only SOAP has, as a user of the org calls them.

use serde_json::Value;

use super::salesforce::{Answer, Refusal};

/// An operation of the partner API behind a session.
#[must_use]
pub fn envelope(session: &str, operation: &str, arguments: &str) -> String {
    format!(
        r#"<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com"><e:Header><SessionHeader><sessionId>{session}</sessionId></SessionHeader></e:Header><e:Body><{operation}>{arguments}</{operation}></e:Body></e:Envelope>"#
    )
}

/// An element with a text.
#[must_use]
pub fn element(name: &str, text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    format!("<{name}>{text}</{name}>")
}

/// What became of the one thing that the operation was asked for.
#[must_use]
pub fn answer(text: &str) -> Answer {
    if let Some(fault) = between(text, "faultstring") {
        let (code, message) = fault.split_once(": ").unwrap_or(("", fault));
        return Answer::Refused(vec![refusal(code, message, Vec::new())]);
    }
    if between(text, "success") == Some("true") {
        return Answer::Ok(Value::String(text.to_owned()));
    }
    let errors = text.split("<errors>").skip(1).map(|error| {
        let said = |name| between(error, name).unwrap_or_default();
        let fields = between(error, "fields").map(str::to_owned).into_iter().collect();
        refusal(said("statusCode"), said("message"), fields)
    });
    Answer::Refused(errors.collect())
}

fn refusal(code: &str, message: &str, fields: Vec<String>) -> Refusal {
    let message = message.replace("&quot;", "\"").replace("&apos;", "'").replace("&lt;", "<");
    let message = message.replace("&gt;", ">").replace("&amp;", "&");
    Refusal { code: code.to_owned(), message, fields }
}

fn between<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    Some(rest.split_once("</")?.0)
}
