//! JSON Web Tokens (RFC 7519): assertions of clients taken apart, and the signed text of claims of our own.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use mock_sfdc_org::{access::Assertion, value::DateTime};
use serde_json::{Map, Value};

/// Year 9999: clients that write milliseconds mean later still.
const LAST_SECOND: i64 = 253_402_207_200;

/// Takes a text apart; whether it is to be believed is the org's to say. `None`: it is no JWT.
#[must_use]
pub fn read(text: &str) -> Option<Assertion> {
    let (signed, signature) = text.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let (header, claims) = (object(header)?, object(claims)?);
    let word = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let subject = [word("sub"), word("prn")].into_iter().find(|word| !word.is_empty());
    let audience = match claims.get("aud") {
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(one)) => vec![one.clone()],
        _ => Vec::new(),
    };
    let by_rs256 = header.get("alg").and_then(Value::as_str) == Some("RS256");
    Some(Assertion {
        issuer: word("iss"),
        subject: subject.unwrap_or_default(),
        audience,
        expires_at: claims.get("exp").and_then(seconds),
        signed: signed.as_bytes().to_vec(),
        signature: by_rs256.then(|| decode(signature)).flatten(),
    })
}

/// A number, or a number in quotes: simple-salesforce sends that.
fn seconds(value: &Value) -> Option<DateTime> {
    let number = match value {
        Value::String(text) => text.trim().parse().ok()?,
        other => other.as_f64()?,
    };
    #[expect(clippy::cast_possible_truncation, reason = "beyond the last second it is the last second")]
    let whole = (number.floor() as i64).clamp(0, LAST_SECOND);
    Some(DateTime::from_millis(whole * 1_000))
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&decode(part)?).ok()
}

fn decode(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()
}

/// Header and claims, ready to be signed.
#[must_use]
pub fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn taken_apart(claims: &Value) -> Assertion {
        read(&(unsigned(&json!({ "alg": "RS256" }), claims) + ".c2ln")).unwrap()
    }

    #[test]
    fn claims_are_read_as_clients_write_them() {
        let at = |seconds| Some(DateTime::from_millis(seconds * 1_000));
        for (exp, end) in [
            (json!(1_700_000_000), at(1_700_000_000)),
            (json!("1700000000"), at(1_700_000_000)),
            (json!(1_700_000_000.9), at(1_700_000_000)),
            (json!(1_700_000_000_300_u64), at(LAST_SECOND)),
            (json!("soon"), None),
            (Value::Null, None),
        ] {
            assert_eq!(taken_apart(&json!({ "exp": exp })).expires_at, end, "{exp}");
        }
        let one = taken_apart(&json!({ "iss": "app", "prn": "ada", "aud": ["a", "b"] }));
        assert_eq!((one.issuer.as_str(), one.subject.as_str()), ("app", "ada"));
        assert_eq!(one.audience, ["a", "b"]);
        assert_eq!(one.signature.as_deref(), Some(&b"sig"[..]));
    }

    #[test]
    fn what_is_no_jwt_and_what_is_not_signed() {
        for text in ["", "a.b", "a.b.c", "..", "eyJhIjoxfQ.bm8.x"] {
            assert!(read(text).is_none(), "{text}");
        }
        let unsigned = unsigned(&json!({ "alg": "none" }), &json!({})) + ".";
        assert_eq!(read(&unsigned).unwrap().signature, None);
    }
}
