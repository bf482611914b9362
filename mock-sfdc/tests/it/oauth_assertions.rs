//! What an app or an identity provider has signed: the JWT bearer flow, `client_assertion`, token exchange.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use mock_sfdc_org::access::{PermittedUsers, TokenExchangeHandler, approve};
use ring::{rand::SystemRandom, rsa::KeyPair, signature::RSA_PKCS1_SHA256};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, refused, text},
    people::{self, CLIENT_ID, USERNAME},
};

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// Made as the guide of Salesforce DX says it: without extensions, so it is of version 1.
const CERTIFICATE: &str = include_str!("keys/app.crt");

fn sign_with(algorithm: &str, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(&json!({ "alg": algorithm })), part(claims));
    let key = KeyPair::from_der(include_bytes!("keys/app.key.der")).unwrap();
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn sign(claims: &Value) -> String {
    sign_with("RS256", claims)
}

async fn browser() -> Browser {
    let browser = Browser::new().await;
    people::change_app(&browser.mock, |app| app.certificate = Some(CERTIFICATE.parse().unwrap()));
    browser
}

fn now(browser: &Browser) -> i64 {
    browser.mock.clock().now().millis() / 1_000
}

/// Good claims, but for what is said otherwise.
fn claims(browser: &Browser, other: &[(&str, Value)]) -> Value {
    let end = now(browser) + 180;
    let mut claims =
        json!({ "iss": CLIENT_ID, "sub": USERNAME, "aud": "https://login.salesforce.com", "exp": end });
    for (name, value) in other {
        claims[*name] = value.clone();
    }
    claims
}

async fn bear(browser: &Browser, assertion: &str) -> (u16, Value) {
    browser.token(&[("grant_type", JWT_BEARER), ("assertion", assertion)]).await
}

fn approve_before(browser: &Browser, scopes: &str) {
    let scopes = scopes.parse().unwrap();
    browser.mock.tenant().in_transaction(browser.ada, |tx| approve(tx, browser.ada, CLIENT_ID, scopes));
}

#[tokio::test]
async fn an_app_speaks_for_who_has_approved_it() {
    let browser = browser().await;
    approve_before(&browser, "api refresh_token");
    let base = browser.mock.url();
    let at = format!("{base}/services/oauth2/token");
    let end = now(&browser) + 180;
    for other in [
        vec![],
        vec![("exp", json!(end.to_string()))],
        vec![("exp", json!(end * 1_000 + 300))],
        vec![("aud", json!(base))],
        vec![("aud", json!("https://login.salesforce.com/"))],
        vec![("aud", json!([at]))],
        vec![("sub", Value::Null), ("prn", json!("ADA@example.com"))],
    ] {
        let (status, tokens) = bear(&browser, &sign(&claims(&browser, &other))).await;
        assert_eq!(status, 200, "{other:?}: {tokens}");
        assert_eq!(tokens["scope"], "api", "what was approved");
        assert!(tokens.get("refresh_token").is_none());
        assert_eq!(browser.limits(&text(&tokens, "access_token")).await, 200);
    }
}

#[tokio::test]
async fn why_an_assertion_is_refused() {
    let browser = browser().await;
    approve_before(&browser, "api refresh_token");
    let good = sign(&claims(&browser, &[]));
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let other_claims = sign(&claims(&browser, &[("sub", json!("bob@example.com"))]));
    let forged = format!("{}.{signature}", other_claims.rsplit_once('.').unwrap().0);
    let end = now(&browser);
    for (assertion, error, description) in [
        (String::new(), "invalid_grant", "invalid assertion"),
        ("nonsense".to_owned(), "invalid_grant", "invalid assertion"),
        (format!("{signed}."), "invalid_grant", "invalid assertion"),
        (forged, "invalid_grant", "invalid assertion"),
        (sign_with("none", &claims(&browser, &[])), "invalid_grant", "invalid assertion"),
        (
            sign(&claims(&browser, &[("iss", json!("nobody"))])),
            "invalid_client_id",
            "client identifier invalid",
        ),
        (sign(&claims(&browser, &[("exp", json!(end))])), "invalid_grant", "expired authorization code"),
        (sign(&claims(&browser, &[("exp", Value::Null)])), "invalid_grant", "expired authorization code"),
        (
            sign(&claims(&browser, &[("aud", json!("https://test.salesforce.com"))])),
            "invalid_grant",
            "audience is invalid",
        ),
        (other_claims, "invalid_grant", "user hasn't approved this consumer"),
    ] {
        assert_eq!(bear(&browser, &assertion).await, refused(error, description), "{assertion}");
    }
    people::change_app(&browser.mock, |app| app.certificate = None);
    assert_eq!(bear(&browser, &good).await, refused("invalid_grant", "invalid assertion"));
}

#[tokio::test]
async fn who_must_have_approved_before() {
    let browser = browser().await;
    let good = sign(&claims(&browser, &[]));
    let not_approved = refused("invalid_grant", "user hasn't approved this consumer");
    assert_eq!(bear(&browser, &good).await, not_approved);
    approve_before(&browser, "api");
    assert_eq!(bear(&browser, &good).await, not_approved, "without the right to come back");
    people::change_app(&browser.mock, |app| {
        app.permitted_users = PermittedUsers::AdminApproved([].into());
    });
    let not_admitted = refused("invalid_app_access", "user is not admin approved to access this app");
    assert_eq!(bear(&browser, &good).await, not_admitted);
    people::change_app(&browser.mock, |app| {
        app.permitted_users = PermittedUsers::AdminApproved([browser.ada].into());
    });
    let (status, tokens) = bear(&browser, &good).await;
    assert_eq!(
        (status, &tokens["scope"]),
        (200, &json!("id api web")),
        "the app's, an administrator approved"
    );
}

#[tokio::test]
async fn a_signed_assertion_stands_in_for_a_secret() {
    let browser = browser().await;
    let tokens = browser.exchange(&browser.code(&[]).await, None).await.1;
    let refresh_token = text(&tokens, "refresh_token");
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let refresh = async |assertion: &str, kind: &str| {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &refresh_token),
            ("client_assertion", assertion),
            ("client_assertion_type", kind),
        ];
        browser.token(&form).await
    };
    let good = sign(&claims(&browser, &[("sub", json!(CLIENT_ID))]));
    let (status, answer) = refresh(&good, kind).await;
    assert_eq!(status, 200, "{answer}");
    let as_ada = sign(&claims(&browser, &[]));
    let wrong = refused("invalid_client", "invalid client credentials");
    assert_eq!(refresh(&as_ada, kind).await, wrong, "it speaks for a user, not for the app");
    let unknown = refused("invalid_assertion_type", "specified assertion type is not supported");
    assert_eq!(refresh(&good, "saml").await, unknown);
}

#[tokio::test]
async fn an_identity_providers_token_for_one_of_ours() {
    let browser = browser().await;
    people::change_app(&browser.mock, |app| {
        let users =
            [("alice@idp".to_owned(), USERNAME.to_owned()), ("opaque".to_owned(), USERNAME.to_owned())];
        app.token_exchange_handlers.push(TokenExchangeHandler {
            name: "Corp".to_owned(),
            certificate: Some(CERTIFICATE.parse().unwrap()),
            users: users.into(),
        });
    });
    let id = ("client_id", CLIENT_ID);
    let exchange = async |token: &str, kind: &str, handler: Option<&str>| {
        let kind = format!("urn:ietf:params:oauth:token-type:{kind}");
        let mut form = vec![
            ("grant_type", TOKEN_EXCHANGE),
            id,
            ("client_secret", people::CLIENT_SECRET),
            ("subject_token", token),
            ("subject_token_type", &kind),
            ("scope", "api"),
        ];
        form.extend(handler.map(|name| ("token_handler", name)));
        browser.token(&form).await
    };
    let alice = sign(&json!({ "sub": "alice@idp", "exp": now(&browser) + 60 }));
    let mallory = sign(&json!({ "sub": "mallory@idp" }));
    for (token, kind, handler) in
        [(alice.as_str(), "jwt", None), (&alice, "id_token", Some("Corp")), ("opaque", "access_token", None)]
    {
        let (status, tokens) = exchange(token, kind, handler).await;
        assert_eq!(status, 200, "{kind}: {tokens}");
        assert_eq!(browser.limits(&text(&tokens, "access_token")).await, 200);
    }
    let invalid = refused("invalid_grant", "invalid subject token");
    assert_eq!(exchange(&mallory, "jwt", None).await, invalid);
    assert_eq!(exchange("unknown", "access_token", None).await, invalid);
    assert_eq!(exchange("opaque", "jwt", None).await, invalid);
    let missing = refused("invalid_request", "token exchange handler not found");
    assert_eq!(exchange(&alice, "jwt", Some("Other")).await, missing);
    let (status, answer) = exchange(&alice, "saml2", None).await;
    assert!(
        status == 400 && text(&answer, "error_description").contains("does not emulate SAML"),
        "{answer}"
    );
}
