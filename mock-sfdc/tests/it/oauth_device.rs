//! The device flow: a code on a screen, a person in a browser, and a device that polls.

use serde_json::{Value, json};

use crate::{
    browser::{Browser, keys, refused, text},
    people::{self, CLIENT_ID, PASSWORD, USERNAME},
};

/// As `sf` posts it.
async fn multipart(browser: &Browser, fields: &[(&str, &str)]) -> (u16, Value) {
    let part = |(name, value): &(&str, &str)| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body = fields.iter().map(part).collect::<String>() + "--b--\r\n";
    let request = browser.http.post(browser.url("/services/oauth2/token"));
    let answer = request.header("content-type", "multipart/form-data; boundary=b").body(body).send();
    let answer = answer.await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn begin(browser: &Browser) -> Value {
    let fields = [("client_id", CLIENT_ID), ("response_type", "device_code"), ("scope", "api refresh_token")];
    let (status, codes) = multipart(browser, &fields).await;
    assert_eq!(status, 200, "{codes}");
    codes
}

async fn poll(browser: &Browser, codes: &Value) -> (u16, Value) {
    let code = text(codes, "device_code");
    multipart(browser, &[("client_id", CLIENT_ID), ("grant_type", "device"), ("code", &code)]).await
}

/// A person opens the page, logs in and enters the code; what is shown then.
async fn enter(browser: &Browser, code: &str) -> String {
    let page = browser.http.get(browser.url("/setup/connect")).send().await.unwrap().text().await.unwrap();
    let page = browser.submit(&page, &[("username", USERNAME), ("pw", PASSWORD)]).await;
    let page = browser.http.get(crate::browser::location(&page)).send().await.unwrap().text().await.unwrap();
    browser.submit(&page, &[("user_code", code)]).await.text().await.unwrap()
}

#[tokio::test]
async fn a_person_connects_a_device() {
    let browser = Browser::new().await;
    let clock = browser.mock.clock().clone();
    clock.freeze();
    let codes = begin(&browser).await;
    assert_eq!(keys(&codes), ["device_code", "user_code", "verification_uri", "interval"]);
    assert_eq!(codes["verification_uri"], browser.url("/setup/connect"));
    assert_eq!((codes["interval"].as_u64(), text(&codes, "user_code").len()), (Some(5), 8));
    let pending = refused("authorization_pending", "authorization pending");
    assert_eq!(poll(&browser, &codes).await, pending);
    assert_eq!(poll(&browser, &codes).await, refused("slow_down", "polling too frequently"));
    clock.advance(5_000);
    assert_eq!(poll(&browser, &codes).await, pending);

    let consent = enter(&browser, &text(&codes, "user_code").to_lowercase()).await;
    assert!(consent.contains("Referral Sync") && consent.contains("Manage user data via APIs"), "{consent}");
    let done = browser.submit(&consent, &[("save", "Allow")]).await.text().await.unwrap();
    assert!(done.contains("Connected"), "{done}");
    let (status, tokens) = poll(&browser, &codes).await;
    assert_eq!((status, &tokens["scope"]), (200, &json!("api refresh_token")), "{tokens}");
    assert_eq!(browser.limits(&text(&tokens, "access_token")).await, 200);
    assert_eq!(browser.refresh(&text(&tokens, "refresh_token")).await.0, 200);
    assert_eq!(poll(&browser, &codes).await, refused("invalid_grant", "invalid device code"), "good once");
}

#[tokio::test]
async fn a_person_denies_a_device() {
    let browser = Browser::new().await;
    let codes = begin(&browser).await;
    let consent = enter(&browser, &text(&codes, "user_code")).await;
    let done = browser.submit(&consent, &[("cancel", "Deny")]).await.text().await.unwrap();
    assert!(done.contains("Denied"), "{done}");
    let denied = refused("access_denied", "end-user denied authorization");
    assert_eq!(poll(&browser, &codes).await, denied);
}

#[tokio::test]
async fn a_code_that_nobody_knows_or_that_is_over() {
    let browser = Browser::new().await;
    let clock = browser.mock.clock().clone();
    clock.freeze();
    let codes = begin(&browser).await;
    let page = enter(&browser, "ABCDEFGH").await;
    assert!(page.contains("This code is not valid"), "{page}");
    clock.advance(10 * 60_000);
    assert_eq!(poll(&browser, &codes).await, refused("invalid_grant", "expired device code"));
    let again =
        browser.submit(&page, &[("user_code", &text(&codes, "user_code"))]).await.text().await.unwrap();
    assert!(again.contains("This code is not valid"), "{again}");
    let wrong = json!({ "device_code": "aPdv00D5g0000000001nonsense" });
    assert_eq!(poll(&browser, &wrong).await, refused("invalid_grant", "invalid device code"));
    people::change_app(&browser.mock, |app| app.scopes = "api".parse().unwrap());
    let fields = [("client_id", CLIENT_ID), ("response_type", "device_code"), ("scope", "full")];
    let refusal = refused("invalid_scope", "requested scope is invalid, unknown, or malformed");
    assert_eq!(multipart(&browser, &fields).await, refusal);
}
