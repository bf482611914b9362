//! What the journal does not show: passwords, secrets, codes and tokens. The beginning of a session id stays, because it
//! names the org.

use serde_json::Value;

use crate::call::pairs;

const HIDDEN: &str = "***";

const SECRETS: &[&str] = &[
    "access_token",
    "assertion",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "id_token",
    "password",
    "pw",
    "refresh_token",
    "sid",
    "token",
];

/// Elements of SOAP.
const SECRET_ELEMENTS: &[&str] = &["newPassword", "oldPassword", "password", "sessionId", "sessionIds"];

fn is_secret(name: &str) -> bool {
    SECRETS.iter().any(|secret| secret.eq_ignore_ascii_case(name))
}

/// A header's value.
#[must_use]
pub fn header(name: &str, value: &str) -> String {
    match name {
        "authorization" => match value.split_once(' ') {
            Some((scheme, token)) => format!("{scheme} {}", token_beginning(token)),
            None => HIDDEN.to_owned(),
        },
        "x-sfdc-session" => token_beginning(value),
        "cookie" | "set-cookie" | "x-mock-token" => HIDDEN.to_owned(),
        "location" | "referer" => uri(value),
        _ => value.to_owned(),
    }
}

fn token_beginning(token: &str) -> String {
    token.split_once('!').map_or_else(|| HIDDEN.to_owned(), |(org, _)| format!("{org}!{HIDDEN}"))
}

/// A path with its query.
#[must_use]
pub fn uri(text: &str) -> String {
    let Some((path, query)) = text.split_once(['?', '#']) else { return text.to_owned() };
    if pairs(query.as_bytes()).iter().any(|(name, _)| is_secret(name)) {
        format!("{path}?{}", form(query))
    } else {
        text.to_owned()
    }
}

/// A body: a form, JSON or XML without its secrets, anything else as it is.
#[must_use]
pub fn body(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    if text.starts_with('<') {
        return xml(&text);
    }
    if !SECRETS.iter().any(|secret| text.contains(secret)) {
        return text.into_owned();
    }
    if let Ok(mut json) = serde_json::from_slice::<Value>(bytes) {
        hide(&mut json);
        return json.to_string();
    }
    let looks_like_a_form = text.contains('=') && !text.contains(['<', '{', '\n']);
    if looks_like_a_form { form(&text) } else { text.into_owned() }
}

/// What stands within the elements goes; everything else stays to the letter.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.extend([before, "<"]);
        let Some((tag, after)) = after.split_once('>') else {
            rest = after;
            break;
        };
        out.extend([tag, ">"]);
        rest = after;
        let name = tag.split(|c: char| c.is_whitespace()).next().unwrap_or_default();
        let name = name.rsplit(':').next().unwrap_or_default();
        if SECRET_ELEMENTS.contains(&name) && !tag.starts_with('/') && !tag.ends_with('/') {
            let (value, behind) = after.split_at(after.find("</").unwrap_or(after.len()));
            let is_session = name.starts_with("session");
            out.push_str(&if is_session { token_beginning(value) } else { HIDDEN.to_owned() });
            rest = behind;
        }
    }
    out.push_str(rest);
    out
}

fn form(text: &str) -> String {
    let shown = pairs(text.as_bytes()).into_iter().map(|(name, value)| {
        let value = if is_secret(&name) { HIDDEN.to_owned() } else { value };
        (name, value)
    });
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(shown).finish()
}

fn hide(json: &mut Value) {
    match json {
        Value::Object(members) => {
            for (name, value) in members {
                if is_secret(name) && value.is_string() {
                    *value = Value::from(HIDDEN);
                } else {
                    hide(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        assert_eq!(header("authorization", "Bearer 00D5g0000000001!abc"), "Bearer 00D5g0000000001!***");
        assert_eq!(header("authorization", "Basic eA=="), "Basic ***");
        assert_eq!(header("cookie", "sid=abc"), "***");
        assert_eq!(
            header("location", "http://x.example/cb?code=abc&state=1"),
            "http://x.example/cb?code=***&state=1"
        );
        assert_eq!(body(b"grant_type=password&password=abc"), "grant_type=password&password=***");
        assert_eq!(
            body(br#"{"a":[{"access_token":"abc","scope":"api"}]}"#),
            r#"{"a":[{"access_token":"***","scope":"api"}]}"#
        );
    }

    #[test]
    fn elements_of_soap_are_not_shown() {
        assert_eq!(
            body(b"<a:sessionId>00D5g0000000001!abc</a:sessionId><b:password x=\"1\">p!q</b:password><Name>N</Name>"),
            "<a:sessionId>00D5g0000000001!***</a:sessionId><b:password x=\"1\">***</b:password><Name>N</Name>"
        );
        assert_eq!(body(b"<password><![CDATA[x]]></password>"), "<password>***</password>");
        for text in ["<password/>", "<a", "<a>1 > 0</a><!-- <x> -->", "<password>"] {
            assert_eq!(body(text.as_bytes()), text.replace("<password>", "<password>***"), "{text}");
        }
    }

    #[test]
    fn what_is_no_secret_stays_as_it_was() {
        for text in ["", "{\"Name\": \"Acme\"}", "a=1&b=2", "<xml/>"] {
            assert_eq!(body(text.as_bytes()), text);
        }
        assert_eq!(uri("/services/data/v66.0/query?q=SELECT+Id"), "/services/data/v66.0/query?q=SELECT+Id");
    }
}
