//! What a browser brings home: tokens behind the `#`, id tokens, and a session of its own.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::header;
use ring::{
    digest,
    signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents},
};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, CHALLENGE, VERIFIER, location, query, text},
    people::{self, CALLBACK, CLIENT_SECRET},
};

/// The pairs behind the `#`, in their order.
fn fragment(location: &str) -> Vec<(String, String)> {
    let (_, fragment) = location.split_once('#').unwrap_or_else(|| panic!("no fragment in {location}"));
    url::form_urlencoded::parse(fragment.as_bytes()).into_owned().collect()
}

fn value(pairs: &[(String, String)], name: &str) -> String {
    pairs
        .iter()
        .find(|(known, _)| known == name)
        .unwrap_or_else(|| panic!("no {name} in {pairs:?}"))
        .1
        .clone()
}

/// The whole dance of the user-agent flow, to the address that it ends at.
async fn agent(browser: &Browser, extra: &[(&str, &str)]) -> String {
    let asked = [&[("response_type", "token")], extra].concat();
    let consent = browser.log_in(browser.authorize(&asked).await).await.text().await.unwrap();
    location(&browser.submit(&consent, &[("save", "Allow")]).await)
}

#[tokio::test]
async fn the_user_agent_flow_puts_the_tokens_behind_the_address() {
    let browser = Browser::new().await;
    let back = agent(&browser, &[("state", "a b"), ("scope", "api refresh_token")]).await;
    assert!(back.starts_with(&format!("{CALLBACK}#access_token=00D")), "{back}");
    let pairs = fragment(&back);
    let names: Vec<_> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    let order =
        ["access_token", "instance_url", "id", "issued_at", "signature", "scope", "token_type", "state"];
    assert_eq!(names, order, "a page of another site gets no refresh token");
    assert_eq!(value(&pairs, "state"), "a b");
    assert_eq!(browser.limits(&value(&pairs, "access_token")).await, 200);
    let (id, issued_at) = (value(&pairs, "id"), value(&pairs, "issued_at"));
    assert_eq!(value(&pairs, "signature"), mock_sfdc_org::access::signature(CLIENT_SECRET, &id, &issued_at));
}

#[tokio::test]
async fn an_app_with_a_scheme_of_its_own_may_come_back() {
    for callback in ["sfdc://oauth/done", "https://login.salesforce.com/services/oauth2/success"] {
        let browser = Browser::new().await;
        people::change_app(&browser.mock, |app| app.callback_urls.push(callback.to_owned()));
        let back = agent(&browser, &[("redirect_uri", callback)]).await;
        let token = value(&fragment(&back), "refresh_token");
        assert_eq!(browser.refresh(&token).await.0, 200, "{callback}");
    }
}

#[tokio::test]
async fn refusals_of_the_user_agent_flow_stand_behind_the_hash() {
    let browser = Browser::new().await;
    let token = ("response_type", "token");
    let consent = browser.log_in(browser.authorize(&[token, ("state", "s")]).await).await;
    let back = location(&browser.submit(&consent.text().await.unwrap(), &[("cancel", "Deny")]).await);
    let denied = "#error=access_denied&error_description=end-user+denied+authorization&state=s";
    assert_eq!(back, format!("{CALLBACK}{denied}"));
    let hybrid = location(&browser.authorize(&[("response_type", "hybrid_token")]).await);
    let refusal = fragment(&hybrid);
    assert_eq!(value(&refusal, "error"), "unsupported_response_type");
    assert!(value(&refusal, "error_description").contains("does not emulate response_type"), "{hybrid}");
}

/// The claims of an id token whose signature is that of `/id/keys`.
async fn claims(browser: &Browser, id_token: &str) -> Value {
    let keys: Value = serde_json::from_str(&browser.get("/id/keys", "").await.1).unwrap();
    let key = &keys["keys"][0];
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let [header, claims, signature] = id_token.split('.').collect::<Vec<_>>()[..] else {
        panic!("{id_token}")
    };
    let head: Value = serde_json::from_slice(&decode(header)).unwrap();
    assert_eq!((&head["alg"], &head["kid"]), (&json!("RS256"), &key["kid"]));
    let (n, e) = (decode(&text(key, "n")), decode(&text(key, "e")));
    let signed = format!("{header}.{claims}");
    RsaPublicKeyComponents { n, e }
        .verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &decode(signature))
        .unwrap();
    serde_json::from_slice(&decode(claims)).unwrap()
}

#[tokio::test]
async fn who_asks_for_openid_gets_an_id_token() {
    let browser = Browser::new().await;
    people::change_app(&browser.mock, |app| app.scopes = "api openid refresh_token".parse().unwrap());
    let asked = [("scope", "openid api refresh_token"), ("nonce", "n-1"), ("code_challenge", CHALLENGE)];
    let (status, tokens) = browser.exchange(&browser.code(&asked).await, Some(VERIFIER)).await;
    assert_eq!(status, 200, "{tokens}");
    let found = claims(&browser, &text(&tokens, "id_token")).await;
    let issued = text(&tokens, "issued_at").parse::<i64>().unwrap() / 1_000;
    let hash = digest::digest(&digest::SHA256, text(&tokens, "access_token").as_bytes());
    let expected = json!({
        "at_hash": URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]),
        "sub": tokens["id"],
        "aud": people::CLIENT_ID,
        "iss": browser.mock.url(),
        "exp": issued + 120,
        "iat": issued,
        "nonce": "n-1",
    });
    assert_eq!(found, expected);
    let again = browser.refresh(&text(&tokens, "refresh_token")).await.1;
    assert_eq!(claims(&browser, &text(&again, "id_token")).await["sub"], tokens["id"]);
    let plain =
        browser.exchange(&browser.code(&[("scope", "api"), ("prompt", "consent login")]).await, None).await;
    assert!(plain.1.get("id_token").is_none(), "nobody asked for it");
}

#[tokio::test]
async fn the_user_agent_flow_gives_an_id_token_where_it_is_asked_to() {
    for (response_type, given) in [("token id_token", true), ("token", false)] {
        let browser = Browser::new().await;
        people::change_app(&browser.mock, |app| app.scopes = "api openid".parse().unwrap());
        let back = agent(&browser, &[("response_type", response_type), ("nonce", "n")]).await;
        let pairs = fragment(&back);
        assert_eq!(pairs.iter().any(|(name, _)| name == "id_token"), given, "{response_type}");
        if given {
            assert_eq!(claims(&browser, &value(&pairs, "id_token")).await["nonce"], "n");
        }
    }
}

#[tokio::test]
async fn the_front_door_lets_a_browser_in_once() {
    let browser = Browser::new().await;
    let token = browser.session().await;
    let path = "/services/oauth2/singleaccess?redirect_uri=lightning%2Fpage%2Fhome";
    let (status, body) = browser.get(path, &token).await;
    assert_eq!(status, 200, "{body}");
    let door = text(&serde_json::from_str(&body).unwrap(), "frontdoor_uri");
    assert!(door.starts_with(&browser.url("/secur/frontdoor.jsp?otp=")), "{door}");
    let entered = browser.http.get(&door).send().await.unwrap();
    assert_eq!(location(&entered), browser.url("/lightning/page/home"));
    let home = browser.http.get(browser.url("/login")).send().await.unwrap().text().await.unwrap();
    assert!(home.contains("You are logged in"), "{home}");

    let left = browser.http.get(browser.url("/secur/logout.jsp")).send().await.unwrap();
    assert_eq!(location(&left), browser.url("/login"));
    let page = browser.http.get(browser.url("/login")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("login_form"), "{page}");
    let again = browser.http.get(&door).send().await.unwrap();
    assert!(again.text().await.unwrap().contains("login_form"), "the password was used up");

    let asked = browser.http.post(browser.url(path)).bearer_auth(&token).send().await.unwrap();
    let again: Value = asked.json().await.unwrap();
    assert_ne!(text(&again, "frontdoor_uri"), door);
    let entered = browser.post("/secur/frontdoor.jsp", &[("sid", &token), ("retURL", "/login")]).await;
    assert!(entered.headers()[header::SET_COOKIE].to_str().unwrap().starts_with("sid=00D"));
    let by_session = browser.url(&format!("/secur/frontdoor.jsp?sid={token}&retURL=%2Flogin"));
    let entered = browser.http.get(by_session).send().await.unwrap();
    assert!(entered.headers()[header::SET_COOKIE].to_str().unwrap().starts_with("sid=00D"));
    assert_eq!(browser.limits(&token).await, 200, "the session of the API is another one");
}

#[tokio::test]
async fn the_front_door_wants_the_scope_web() {
    let browser = Browser::new().await;
    let tokens = browser.exchange(&browser.code(&[("scope", "api")]).await, None).await.1;
    let token = text(&tokens, "access_token");
    let refused = browser.get("/services/oauth2/singleaccess", &token).await;
    assert_eq!(refused, (403, "Invalid_Scope".to_owned()));
    let unknown = browser.get("/services/oauth2/singleaccess", "00D5g0000000001!nonsense").await;
    assert_eq!(unknown, (403, "Bad_OAuth_Token".to_owned()));
    let other = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
    let page = other.get(browser.url(&format!("/secur/frontdoor.jsp?sid={token}"))).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("login_form"));
}

#[tokio::test]
async fn the_salesforce_cli_needs_no_app_of_the_org() {
    let browser = Browser::new().await;
    let callback = "http://localhost:1717/OauthRedirect";
    let asked = [
        ("client_id", "PlatformCLI"),
        ("redirect_uri", callback),
        ("scope", "refresh_token api web"),
        ("prompt", "login"),
        ("code_challenge", CHALLENGE),
    ];
    let consent = browser.log_in(browser.authorize(&asked).await).await.text().await.unwrap();
    assert!(consent.contains("Salesforce CLI"), "{consent}");
    let back = location(&browser.submit(&consent, &[("save", "Allow")]).await);
    let code = query(&back, "code").unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("client_id", "PlatformCLI"),
        ("client_secret", ""),
        ("redirect_uri", callback),
        ("code_verifier", VERIFIER),
    ];
    let (status, tokens) = browser.token(&form).await;
    assert_eq!(status, 200, "{tokens}");
    assert_eq!(tokens["scope"], "api web refresh_token");
    let (status, body) = browser.get("/services/oauth2/userinfo", &text(&tokens, "access_token")).await;
    assert_eq!(status, 200, "{body}");
}

#[tokio::test]
async fn success_is_a_page() {
    let browser = Browser::new().await;
    let (status, page) = browser.get("/services/oauth2/success", "").await;
    assert!(status == 200 && page.contains("Access allowed"), "{status} {page}");
}
