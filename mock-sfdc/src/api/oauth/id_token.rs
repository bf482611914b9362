//! Id tokens, and the key that they are checked with (`/id/keys`).
//!
//! Every mock signs with the same key: clients may keep what `/id/keys` has told them, over a restart and between two mocks.
//! It is in everybody's hands, so a signature proves nothing but that a client checks it.

use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::StatusCode;
use mock_sfdc_org::access::{ConnectedApp, Scopes, Tokens};
use ring::{
    digest,
    rand::SystemRandom,
    rsa::{KeyPair, PublicKeyComponents},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use serde_json::{Value, json};

use super::{granted::identity_url, jwt};
use crate::{
    call::{Answer, Call},
    orgs::Tenant,
    reply::Reply,
};

const KEY_ID: &str = "188";
/// Two minutes, as a new connected app has it.
const LIFETIME_SECONDS: i64 = 120;

static KEY: LazyLock<Option<KeyPair>> =
    LazyLock::new(|| KeyPair::from_der(include_bytes!("keys/id_tokens.der")).ok());

/// `GET /id/keys`.
pub fn keys(_: &Call) -> Answer {
    let keys = KEY.iter().map(|pair| {
        let key = PublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        json!({
            "kty": "RSA",
            "n": URL_SAFE_NO_PAD.encode(key.n),
            "e": URL_SAFE_NO_PAD.encode(key.e),
            "alg": "RS256",
            "use": "sig",
            "kid": KEY_ID,
        })
    });
    let keys = json!({ "keys": keys.collect::<Vec<_>>() });
    Ok(Reply::json(StatusCode::OK, keys.to_string()))
}

/// The id token that goes with an access token; none where nobody asked for `openid`.
#[must_use]
pub fn of(call: &Call, tenant: &Tenant, app: &ConnectedApp, tokens: &Tokens) -> Option<String> {
    if !tokens.scopes.has(Scopes::OPENID) {
        return None;
    }
    let issued_at = tokens.issued_at.millis().div_euclid(1_000);
    let mut claims = json!({
        "at_hash": half_hash(&tokens.access_token),
        "sub": identity_url(call, tenant, tokens.user),
        "aud": app.client_id,
        "iss": call.base,
        "exp": issued_at + LIFETIME_SECONDS,
        "iat": issued_at,
    });
    if let Some(nonce) = &tokens.nonce {
        claims["nonce"] = json!(nonce);
    }
    sign(&jwt::unsigned(&json!({ "kid": KEY_ID, "typ": "JWT", "alg": "RS256" }), &claims))
}

fn sign(text: &str) -> Option<String> {
    let pair = KEY.as_ref()?;
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).ok()?;
    Some(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// The left half of the token's hash, as `OpenID` Connect has it.
fn half_hash(token: &str) -> Value {
    let hash = digest::digest(&digest::SHA256, token.as_bytes());
    json!(URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]))
}
