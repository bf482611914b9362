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

/// A body: a form or JSON without its secrets, anything else as it is.
#[must_use]
pub fn body(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
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
    fn what_is_no_secret_stays_as_it_was() {
        for text in ["", "{\"Name\": \"Acme\"}", "a=1&b=2", "<xml/>"] {
            assert_eq!(body(text.as_bytes()), text);
        }
        assert_eq!(uri("/services/data/v66.0/query?q=SELECT+Id"), "/services/data/v66.0/query?q=SELECT+Id");
    }
}
