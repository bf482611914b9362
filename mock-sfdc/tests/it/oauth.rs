//! Logging in as clients do: by pages, by password, by refresh token; and what ends it again.

use mock_sfdc_org::{
    access::{PermittedUsers, Restriction, signature},
    settings::Edition,
};
use reqwest::header;
use serde_json::{Value, json};

use crate::{
    browser::{Browser, CHALLENGE, VERIFIER, between, keys, location, query, refused, text},
    people::{self, CALLBACK, CLIENT_ID, CLIENT_SECRET, PASSWORD, SECURITY_TOKEN, USERNAME},
};

#[tokio::test]
async fn a_person_logs_in_allows_and_the_app_gets_tokens() {
    let browser = Browser::new().await;
    let asked = [("state", "a b&c"), ("scope", "api refresh_token"), ("code_challenge", CHALLENGE)];
    let page = browser.authorize(&asked).await;
    assert_eq!(page.status(), 200);
    let consent = browser.log_in(page).await.text().await.unwrap();
    for seen in ["Referral Sync", USERNAME, "Manage user data via APIs", "Perform requests at any time"] {
        assert!(consent.contains(seen), "{seen} is not in {consent}");
    }
    let back = location(&browser.submit(&consent, &[("save", "Allow")]).await);
    assert!(back.starts_with(CALLBACK), "{back}");
    assert_eq!(query(&back, "state").as_deref(), Some("a b&c"));

    let (status, tokens) = browser.exchange(&query(&back, "code").unwrap(), Some(VERIFIER)).await;
    assert_eq!(status, 200, "{tokens}");
    assert_eq!(
        keys(&tokens),
        [
            "access_token",
            "refresh_token",
            "signature",
            "scope",
            "instance_url",
            "id",
            "token_type",
            "issued_at",
            "token_format",
            "api_instance_url"
        ]
    );
    assert_eq!(tokens["scope"], "api refresh_token");
    assert_eq!(tokens["instance_url"], browser.mock.url());
    let (id, issued_at) = (text(&tokens, "id"), text(&tokens, "issued_at"));
    assert_eq!(id, browser.url(&format!("/id/00D5g0000000001EAA/{}", browser.ada)));
    assert_eq!(tokens["signature"], signature(CLIENT_SECRET, &id, &issued_at));
    assert_eq!(browser.limits(&text(&tokens, "access_token")).await, 200);

    // Approved once: the second time there is no page at all.
    let again = browser.authorize(&[("scope", "api")]).await;
    assert!(query(&location(&again), "code").is_some());
    let asked = browser.authorize(&[("scope", "api"), ("prompt", "consent")]).await;
    assert!(asked.text().await.unwrap().contains("oaapprove"));
    let more = browser.authorize(&[("scope", "api web")]).await;
    assert!(more.text().await.unwrap().contains("oaapprove"));
    let other = browser.authorize(&[("prompt", "login"), ("login_hint", "bob@example.com")]).await;
    let other = other.text().await.unwrap();
    assert!(other.contains("value=\"bob@example.com\"") && other.contains("login_form"));
}

#[tokio::test]
async fn a_person_denies() {
    let browser = Browser::new().await;
    let consent = browser.log_in(browser.authorize(&[("state", "s")]).await).await.text().await.unwrap();
    let back = location(&browser.submit(&consent, &[("cancel", "Deny")]).await);
    let expected = "?error=access_denied&error_description=end-user+denied+authorization&state=s";
    assert_eq!(back, format!("{CALLBACK}{expected}"));
}

#[tokio::test]
async fn a_wrong_password_shows_the_page_again() {
    let browser = Browser::new().await;
    let page = browser.authorize(&[]).await.text().await.unwrap();
    let again = browser.submit(&page, &[("username", USERNAME), ("pw", "wrong")]).await.text().await.unwrap();
    assert!(again.contains("Please check your username and password."), "{again}");
    assert_eq!(
        between(&again, "name=\"startURL\" value=\"", "\""),
        between(&page, "name=\"startURL\" value=\"", "\"")
    );
}

#[tokio::test]
async fn a_login_leads_nowhere_else() {
    let browser = Browser::new().await;
    for start in ["https://evil.example/", "//evil.example/"] {
        let form = [("username", USERNAME), ("pw", PASSWORD), ("startURL", start)];
        let answer = browser.post("/login", &form).await;
        assert_eq!(location(&answer), browser.url("/login"));
    }
}

#[tokio::test]
async fn what_is_shown_and_not_redirected() {
    let browser = Browser::new().await;
    for (extra, error) in [
        ([("client_id", "nobody")], "error=invalid_client_id"),
        ([("client_id", "-")], "error=invalid_client_id"),
        ([("redirect_uri", "-")], "error=redirect_uri_missing"),
        (
            [("redirect_uri", "http://127.0.0.1:1717/other")],
            "error=redirect_uri_mismatch&amp;error_description=redirect_uri%20must%20match%20configuration",
        ),
    ] {
        let page = browser.authorize(&extra).await;
        assert_eq!(page.status(), 400);
        let page = page.text().await.unwrap();
        assert!(page.contains(error), "{error} is not in {page}");
    }
}

#[tokio::test]
async fn what_is_redirected_as_an_error() {
    let browser = Browser::new().await;
    people::change_app(&browser.mock, |app| app.pkce_required = true);
    let challenge = ("code_challenge", CHALLENGE);
    for (extra, error, description) in [
        (vec![], "invalid_request", "missing required code challenge"),
        (
            vec![challenge, ("response_type", "magic")],
            "unsupported_response_type",
            "response type not supported",
        ),
        (
            vec![challenge, ("response_type", "code_credentials")],
            "unsupported_response_type",
            "mock-sfdc does not emulate",
        ),
        (vec![challenge, ("scope", "api magic")], "invalid_scope", "requested scope is invalid"),
        (vec![challenge, ("scope", "visualforce")], "invalid_scope", "requested scope is invalid"),
        (vec![challenge, ("immediate", "true")], "immediate_unsuccessful", "immediate unsuccessful"),
        (vec![challenge, ("prompt", "none")], "invalid_request", "mock-sfdc does not emulate the prompt"),
        (vec![challenge, ("colour", "red")], "invalid_request", "mock-sfdc: no parameter \"colour\""),
        (vec![challenge, ("code_challenge_method", "S512")], "invalid_request", "code challenge method"),
    ] {
        let back = location(&browser.authorize(&extra).await);
        assert_eq!(query(&back, "error").as_deref(), Some(error), "{extra:?}");
        let found = query(&back, "error_description").unwrap();
        assert!(found.starts_with(description), "{extra:?}: {found}");
    }
}

#[tokio::test]
async fn a_code_needs_its_verifier_and_is_good_once() {
    let browser = Browser::new().await;
    let code = browser.code(&[("code_challenge", CHALLENGE), ("code_challenge_method", "S256")]).await;
    let missing = refused("invalid_grant", "code challenge given but verifier missing");
    assert_eq!(browser.exchange(&code, None).await, missing);
    assert_eq!(
        browser.exchange(&code, Some("wrong")).await,
        refused("invalid_grant", "invalid code verifier")
    );
    assert_eq!(browser.exchange(&code, Some(VERIFIER)).await.0, 200);
    let used = refused("invalid_grant", "expired authorization code");
    assert_eq!(browser.exchange(&code, Some(VERIFIER)).await, used);
    let invented = refused("invalid_grant", "invalid authorization code");
    assert_eq!(browser.exchange("aPrxnonsense", None).await, invented);
}

#[tokio::test]
async fn a_password_and_what_it_answers() {
    let browser = Browser::new().await;
    let (status, tokens) = browser.password(&format!("{PASSWORD}{SECURITY_TOKEN}")).await;
    assert_eq!(status, 200);
    assert!(tokens.get("refresh_token").is_none());
    assert_eq!(browser.limits(&text(&tokens, "access_token")).await, 200);
    let failure = refused("invalid_grant", "authentication failure");
    assert_eq!(browser.password("wrong").await, failure);
    assert_eq!(browser.password(PASSWORD).await, failure, "the security token is missing");
    let right = format!("{PASSWORD}{SECURITY_TOKEN}");
    for (restriction, error, description) in [
        (Restriction::Locked, "invalid_grant", "authentication failure"),
        (Restriction::PasswordExpired, "invalid_grant", "authentication failure"),
        (Restriction::IpRestricted, "invalid_grant", "ip restricted or invalid login hours"),
        (Restriction::RateLimited, "rate_limit_exceeded", "number of logins exceeded"),
    ] {
        people::change(&browser.mock, |access| access.restrict(USERNAME, Some(restriction)));
        assert_eq!(browser.password(&right).await, refused(error, description));
    }
    people::change(&browser.mock, |access| access.suspend(true));
    assert_eq!(
        browser.password(&right).await,
        refused("inactive_org", "org is locked, closed, or suspended")
    );
}

#[tokio::test]
async fn which_client_may_ask_for_which_grant() {
    let browser = Browser::new().await;
    let id = ("client_id", CLIENT_ID);
    let secret = ("client_secret", CLIENT_SECRET);
    let wrong = ("client_secret", "wrong");
    let grant = |name| ("grant_type", name);
    for (form, error, description) in [
        (vec![id], "unsupported_grant_type", "grant type not supported"),
        (vec![id, grant("magic")], "unsupported_grant_type", "grant type not supported"),
        (vec![grant("password")], "invalid_client_id", "client identifier invalid"),
        (vec![grant("password"), ("client_id", "nobody")], "invalid_client_id", "client identifier invalid"),
        (vec![grant("password"), id, wrong], "invalid_client", "invalid client credentials"),
        (vec![grant("refresh_token"), id, wrong], "invalid_client", "invalid client credentials"),
        (vec![grant("refresh_token"), id], "invalid_client", "invalid client credentials"),
        (
            vec![grant("refresh_token"), id, secret, ("refresh_token", "nonsense")],
            "invalid_grant",
            "expired access/refresh token",
        ),
        (
            vec![grant("client_credentials"), id, secret],
            "invalid_grant",
            "no client credentials user enabled",
        ),
    ] {
        assert_eq!(browser.token(&form).await, refused(error, description), "{form:?}");
    }
    for (form, named) in [
        (vec![grant("urn:ietf:params:oauth:grant-type:saml2-bearer")], "saml2-bearer"),
        (vec![grant("hybrid_refresh")], "hybrid_refresh"),
        (vec![grant("password"), id, secret, ("colour", "red")], "colour"),
    ] {
        let (status, answer) = browser.token(&form).await;
        assert_eq!(status, 400);
        assert!(text(&answer, "error_description").contains(named), "{answer}");
    }
}

#[tokio::test]
async fn client_credentials_run_as_their_user_by_basic_or_multipart() {
    let browser = Browser::new().await;
    people::change_app(&browser.mock, |app| app.run_as = Some(browser.ada));
    let url = browser.url("/services/oauth2/token");
    let basic = browser.http.post(&url).basic_auth(CLIENT_ID, Some(CLIENT_SECRET));
    let answer = basic.form(&[("grant_type", "client_credentials")]).send().await.unwrap();
    let tokens: Value = answer.json().await.unwrap();
    assert!(text(&tokens, "id").ends_with(&browser.ada.to_string()));
    assert!(tokens.get("refresh_token").is_none());

    let part = |name: &str, value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body = [
        part("grant_type", "client_credentials"),
        part("client_id", CLIENT_ID),
        part("client_secret", CLIENT_SECRET),
        "--b--\r\n".to_owned(),
    ];
    let multipart = browser.http.post(&url).header("content-type", "multipart/form-data; boundary=b");
    assert_eq!(multipart.body(body.concat()).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn formats_of_an_answer() {
    let browser = Browser::new().await;
    for (form, accept, kind, body) in [
        (
            ("format", "json"),
            "",
            "application/json",
            r#"{"error":"unsupported_grant_type","error_description":"grant type not supported"}"#,
        ),
        (
            ("format", "xml"),
            "application/json",
            "application/xml",
            r#"<?xml version="1.0" encoding="UTF-8"?><OAuth><error>unsupported_grant_type</error><error_description>grant type not supported</error_description></OAuth>"#,
        ),
        (
            ("state", ""),
            "application/xml",
            "application/xml",
            r#"<?xml version="1.0" encoding="UTF-8"?><OAuth><error>unsupported_grant_type</error><error_description>grant type not supported</error_description></OAuth>"#,
        ),
        (
            ("format", "urlencoded"),
            "",
            "application/x-www-form-urlencoded",
            "error=unsupported_grant_type&error_description=grant%20type%20not%20supported",
        ),
    ] {
        let request = browser.http.post(browser.url("/services/oauth2/token")).form(&[form]);
        let answer = request.header("accept", accept).send().await.unwrap();
        assert!(answer.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with(kind), "{form:?}");
        assert_eq!(answer.text().await.unwrap(), body);
    }
    let get = browser.http.get(browser.url("/services/oauth2/token")).send().await.unwrap();
    assert_eq!(get.json::<Value>().await.unwrap()["error_description"], "must use HTTP POST");
}

#[tokio::test]
async fn refreshing_with_and_without_rotation() {
    let browser = Browser::new().await;
    let first = browser.exchange(&browser.code(&[]).await, None).await.1;
    let refresh_token = text(&first, "refresh_token");
    let (status, second) = browser.refresh(&refresh_token).await;
    assert_eq!(status, 200);
    assert!(second.get("refresh_token").is_none());
    assert_eq!(browser.limits(&text(&second, "access_token")).await, 200);

    people::change_app(&browser.mock, |app| app.rotate_refresh_tokens = true);
    let third = browser.refresh(&refresh_token).await.1;
    let rotated = text(&third, "refresh_token");
    assert_ne!(rotated, refresh_token);
    let expired = refused("invalid_grant", "expired access/refresh token");
    assert_eq!(browser.refresh(&refresh_token).await, expired);
    assert_eq!(browser.refresh(&rotated).await, expired, "the whole family ended");
    assert_eq!(browser.limits(&text(&third, "access_token")).await, 401);
}

#[tokio::test]
async fn revoking() {
    let browser = Browser::new().await;
    let tokens = browser.exchange(&browser.code(&[]).await, None).await.1;
    let answer = browser.post("/services/oauth2/revoke", &[("token", &text(&tokens, "refresh_token"))]).await;
    assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (200, ""));
    assert_eq!(browser.limits(&text(&tokens, "access_token")).await, 401);

    let session = browser.session().await;
    let answer = browser.http.get(browser.url(&format!("/services/oauth2/revoke?token={session}"))).send();
    assert_eq!(answer.await.unwrap().status(), 200);
    assert_eq!(browser.limits(&session).await, 401);

    let answer = browser.post("/services/oauth2/revoke", &[("token", &session)]).await;
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.text().await.unwrap(), "error=invalid_token&error_description=invalid%20token");
}

#[tokio::test]
async fn introspection() {
    let browser = Browser::new().await;
    let tokens = browser.exchange(&browser.code(&[("scope", "api refresh_token")]).await, None).await.1;
    let look = async |token: &str, secret: &str| {
        let form = [("token", token), ("client_id", CLIENT_ID), ("client_secret", secret)];
        let answer = browser.post("/services/oauth2/introspect", &form).await;
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let (_, found) = look(&text(&tokens, "access_token"), CLIENT_SECRET).await;
    let order = ["active", "scope", "client_id", "username", "sub", "token_type", "exp", "iat", "nbf"];
    assert_eq!(keys(&found), order);
    assert_eq!(found["active"], true);
    assert_eq!(found["username"], USERNAME);
    assert_eq!(found["exp"].as_i64().unwrap() - found["iat"].as_i64().unwrap(), 7_200);
    let (_, found) = look(&text(&tokens, "refresh_token"), CLIENT_SECRET).await;
    assert_eq!(found["token_type"], "refresh_token");
    for token in ["nonsense", "", "00D5g0000000001!nonsense"] {
        assert_eq!(look(token, CLIENT_SECRET).await, (200, json!({ "active": false })));
    }
    let (status, found) = look("nonsense", "wrong").await;
    assert_eq!((status, found["error"].as_str()), (401, Some("invalid_client")));
}

#[tokio::test]
async fn the_identity_url_has_the_recorded_fields_in_the_recorded_order() {
    let browser = Browser::new().await;
    let token = browser.session().await;
    let (status, body) = browser.get(&format!("/id/00D5g0000000001EAA/{}", browser.ada), &token).await;
    assert_eq!(status, 200);
    let found: Value = serde_json::from_str(&body).unwrap();
    let posted = browser.http.post(browser.url(&format!("/id/00D5g0000000001EAA/{}", browser.ada)));
    assert_eq!(posted.bearer_auth(&token).send().await.unwrap().text().await.unwrap(), body);
    assert_eq!(found["display_name"], "Ada Lovelace");
    assert_eq!(found["utcOffset"], -28_800_000);
    assert_eq!(found["addr_zip"], Value::Null);
    assert_eq!(found["urls"]["rest"], browser.url("/services/data/v{version}/"));
    let Some(recorded) = shared("recorded/oauth/identity_url_response.ios_sdk.json") else { return };
    assert_eq!(keys(&found), keys(&recorded));
    assert_eq!(keys(&found["urls"]), keys(&recorded["urls"]));
}

#[tokio::test]
async fn identity_and_userinfo_refuse_with_a_bare_word() {
    let browser = Browser::new().await;
    let token = browser.session().await;
    let own = format!("/id/00D5g0000000001EAA/{}", browser.ada);
    for (path, token, status, word) in [
        (own.as_str(), "00D5g0000000001!gone", 403, "Bad_OAuth_Token"),
        ("/services/oauth2/userinfo", "nonsense", 403, "Bad_OAuth_Token"),
        ("/id/00D5g0000000001EAA/0055g0000000099AAA", &token, 404, "Bad_Id"),
        ("/id/00D5g0000000009AAA/0055g0000000001AAA", &token, 403, "Wrong_Org"),
    ] {
        assert_eq!(browser.get(path, token).await, (status, word.to_owned()), "{path}");
    }
    let nobody = browser.http.get(browser.url(&own)).send().await.unwrap();
    assert_eq!(
        (nobody.status().as_u16(), nobody.text().await.unwrap().as_str()),
        (403, "Missing_OAuth_Token")
    );
    let latest = browser.get(&format!("{own}?version=latest&oauth_token={token}"), &token).await.1;
    assert!(latest.contains("/services/data/v66.0/sobjects/"), "{latest}");
    let xml = browser.get(&format!("{own}?format=xml"), &token).await.1;
    assert!(
        xml.contains("<display_name>Ada Lovelace</display_name>")
            && xml.contains(r#"<addr_zip xsi:nil="true"/>"#),
        "{xml}"
    );
}

#[tokio::test]
async fn userinfo_tells_the_claims() {
    let browser = Browser::new().await;
    let token = browser.session().await;
    let body = browser.get("/services/oauth2/userinfo", &token).await.1;
    let posted = browser.post("/services/oauth2/userinfo", &[("access_token", &token)]).await;
    assert_eq!(posted.text().await.unwrap(), body);
    let found: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(found["preferred_username"], USERNAME);
    assert_eq!(found["address"], json!({ "locality": "London" }));
    assert!(text(&found, "sub").ends_with(&browser.ada.to_string()));
    assert_eq!(&keys(&found)[..4], ["sub", "user_id", "organization_id", "preferred_username"]);
}

#[tokio::test]
async fn the_discovery_document_is_the_recorded_one_with_own_addresses() {
    let browser = Browser::new().await;
    let body = browser.get("/.well-known/openid-configuration", "").await.1;
    let found: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(found["token_endpoint"], browser.url("/services/oauth2/token"));
    let Some(recorded) = shared("recorded/oauth/openid-configuration.json") else { return };
    let text = recorded.to_string().replace("https://login.salesforce.com", &browser.mock.url());
    assert_eq!(found, serde_json::from_str::<Value>(&text).unwrap());
    assert_eq!(keys(&found), keys(&recorded));
}

#[tokio::test]
async fn a_session_ends_by_the_orgs_clock_and_a_refresh_brings_another() {
    let browser = Browser::new().await;
    let tokens = browser.exchange(&browser.code(&[]).await, None).await.1;
    let token = text(&tokens, "access_token");
    let clock = browser.mock.tenant().org.clock().clone();
    clock.freeze();
    assert_eq!(browser.limits(&token).await, 200);
    clock.advance(119 * 60_000);
    assert_eq!(browser.limits(&token).await, 200);
    clock.advance(120 * 60_000);
    let (status, body) = browser.get("/services/data/v66.0/limits", &token).await;
    let expected = r#"[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]"#;
    assert_eq!((status, body.as_str()), (401, expected));
    let again = browser.refresh(&text(&tokens, "refresh_token")).await.1;
    assert_eq!(browser.limits(&text(&again, "access_token")).await, 200);
}

#[tokio::test]
async fn an_edition_without_the_api_lets_people_in_and_programs_not() {
    let browser = Browser::new().await;
    let token = browser.session().await;
    browser.mock.tenant().in_transaction(browser.ada, |tx| {
        tx.settings_mut().edition = Edition::Professional;
    });
    let (status, body) = browser.get("/services/data/v66.0/limits", &token).await;
    assert_eq!(status, 403);
    assert!(body.contains("API_DISABLED_FOR_ORG"), "{body}");
    assert_eq!(browser.password(&format!("{PASSWORD}{SECURITY_TOKEN}")).await.0, 200);
}

#[tokio::test]
async fn an_app_for_approved_users_asks_nobody_else() {
    let browser = Browser::new().await;
    people::change_app(&browser.mock, |app| {
        app.permitted_users = PermittedUsers::AdminApproved([browser.ada].into());
    });
    let back = browser.log_in(browser.authorize(&[]).await).await;
    assert!(query(&location(&back), "code").is_some(), "no consent page");
    people::change_app(&browser.mock, |app| {
        app.permitted_users = PermittedUsers::AdminApproved([].into());
    });
    let back = location(&browser.authorize(&[]).await);
    assert_eq!(query(&back, "error").as_deref(), Some("invalid_app_access"));
    let refusal = refused("invalid_app_access", "user is not admin approved to access this app");
    assert_eq!(browser.password(&format!("{PASSWORD}{SECURITY_TOKEN}")).await, refusal);
}

#[tokio::test]
async fn what_oauth_has_and_this_mock_has_not_is_named() {
    let browser = Browser::new().await;
    let (status, body) = browser.get("/services/oauth2/register", "").await;
    assert_eq!(status, 403);
    assert!(body.contains("does not emulate oauth.more") && body.contains("/register"), "{body}");
}

/// A recorded file beside the repository, or None after saying that the check is skipped.
fn shared(file: &str) -> Option<Value> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared");
    let folder = std::env::var("MOCK_SFDC_SHARED").unwrap_or_else(|_| beside.to_owned());
    let Ok(text) = std::fs::read_to_string(format!("{folder}/{file}")) else {
        eprintln!("skipped: {file} is not there (set MOCK_SFDC_SHARED)");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}
