//! Requests of OAuth that are put in another way, and those that are put wrongly: who the client is, what a form is, formats
//! and callbacks.

use reqwest::{Method, header};
use serde_json::Value;

use crate::{
    browser::{Browser, location, query, text},
    people::{CLIENT_ID, CLIENT_SECRET, PASSWORD, SECURITY_TOKEN, USERNAME},
};

const TOKEN: &str = "/services/oauth2/token";

fn password() -> String {
    format!("{PASSWORD}{SECURITY_TOKEN}")
}

async fn tokens(browser: &Browser) -> Value {
    let code = browser.code(&[]).await;
    browser.exchange(&code, None).await.1
}

#[tokio::test]
async fn a_client_says_who_it_is_in_the_header_in_the_form_or_in_both() {
    let browser = Browser::new().await;
    let own = Some((CLIENT_ID, CLIENT_SECRET));
    for (basic, form, answer) in [
        (own, vec![], ""),
        (own, vec![("client_id", CLIENT_ID)], ""),
        (own, vec![("client_id", CLIENT_ID), ("client_secret", CLIENT_SECRET)], ""),
        (own, vec![("client_id", CLIENT_ID), ("client_secret", "other")], "invalid_client"),
        (own, vec![("client_id", "other")], "invalid_client"),
        (
            Some((CLIENT_ID, "other")),
            vec![("client_id", CLIENT_ID), ("client_secret", CLIENT_SECRET)],
            "invalid_client",
        ),
        (Some((CLIENT_ID, "")), vec![("client_secret", CLIENT_SECRET)], ""),
        (None, vec![("client_secret", CLIENT_SECRET)], "invalid_client_id"),
    ] {
        let mut fields = vec![("grant_type", "password"), ("username", USERNAME)];
        let password = password();
        fields.push(("password", &password));
        fields.extend(&form);
        let mut request = browser.http.post(browser.url(TOKEN)).form(&fields);
        if let Some((id, secret)) = basic {
            request = request.basic_auth(id, Some(secret));
        }
        let told: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(told["error"].as_str().unwrap_or_default(), answer, "{basic:?} {form:?}: {told}");
    }
}

#[tokio::test]
async fn a_basic_header_that_nobody_can_read() {
    let browser = Browser::new().await;
    for header in ["Basic %%%", "Basic YWJj", "Basic"] {
        let request = browser.http.post(browser.url(TOKEN)).header(header::AUTHORIZATION, header);
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", CLIENT_ID),
            ("client_secret", CLIENT_SECRET),
        ];
        let answer = request.form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{header}");
        assert_eq!(answer.json::<Value>().await.unwrap()["error"], "invalid_basic_auth_header", "{header}");
    }
}

#[tokio::test]
async fn a_form_is_what_says_that_it_is_one() {
    let browser = Browser::new().await;
    let password = password();
    let form = [
        ("grant_type", "password"),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("username", USERNAME),
        ("password", &password),
    ];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    for (kind, status) in [
        (Some("application/x-www-form-urlencoded"), 200),
        (Some("Application/X-WWW-Form-Urlencoded; charset=utf-8"), 200),
        (Some("text/plain"), 400),
        (Some("application/json"), 400),
        (None, 400),
    ] {
        let mut request = browser.http.post(browser.url(TOKEN)).body(body.clone());
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{kind:?}");
        let told: Value = answer.json().await.unwrap();
        if status == 400 {
            assert_eq!(told["error"], "unsupported_grant_type", "{kind:?}");
        }
    }
}

#[tokio::test]
async fn a_script_revokes_with_a_callback() {
    let browser = Browser::new().await;
    let access_token = text(&tokens(&browser).await, "access_token");
    let revoke = |token: String, callback: &'static str| {
        let url = browser.url("/services/oauth2/revoke");
        let request = browser.http.get(url).query(&[("token", token.as_str()), ("callback", callback)]);
        async move {
            let answer = request.send().await.unwrap();
            let kind = answer.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
            (answer.status().as_u16(), kind, answer.text().await.unwrap())
        }
    };
    let (status, kind, script) = revoke(access_token.clone(), "alert(1)//").await;
    assert_eq!((status, kind.starts_with("application/x-www-form-urlencoded")), (400, true), "{script}");
    let script = "application/javascript;charset=UTF-8";
    let done = revoke(access_token.clone(), "app.done").await;
    assert_eq!(done, (200, script.to_owned(), "app.done({});".to_owned()));
    let again = revoke(access_token, "done").await;
    assert_eq!(again, (200, script.to_owned(), r#"done({"error":"invalid_token"});"#.to_owned()));
    let other = revoke("nonsense".to_owned(), "done").await;
    assert_eq!(other.2, r#"done({"error":"unsupported_token_type"});"#);
}

#[tokio::test]
async fn an_ended_token_is_invalid_and_a_text_that_is_none_unsupported() {
    let browser = Browser::new().await;
    let tokens = tokens(&browser).await;
    for name in ["access_token", "refresh_token"] {
        let token = text(&tokens, name);
        let first = browser.post("/services/oauth2/revoke", &[("token", &token)]).await;
        assert_eq!(first.status(), 200, "{name}");
        let again = browser.post("/services/oauth2/revoke", &[("token", &token)]).await;
        assert_eq!(again.status(), 400, "{name}");
        assert_eq!(
            again.text().await.unwrap(),
            "error=invalid_token&error_description=invalid%20token",
            "{name}"
        );
    }
    for token in ["", "nonsense", "aPrx00D5g0000000001code"] {
        let answer = browser.post("/services/oauth2/revoke", &[("token", token)]).await;
        assert_eq!(answer.status(), 400, "{token}");
        let said = answer.text().await.unwrap();
        assert!(said.starts_with("error=unsupported_token_type&"), "{token}: {said}");
    }
}

#[tokio::test]
async fn an_identity_for_a_script_and_what_it_is_not_asked_for() {
    let browser = Browser::new().await;
    let tokens = tokens(&browser).await;
    let access_token = text(&tokens, "access_token");
    let look = |address: String, query: &'static [(&'static str, &'static str)]| {
        let request = browser.http.get(address).query(query).bearer_auth(&access_token);
        async move {
            let answer = request.send().await.unwrap();
            let kind = answer.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
            (answer.status().as_u16(), kind, answer.text().await.unwrap())
        }
    };
    let id = text(&tokens, "id");
    let (status, kind, script) = look(id.clone(), &[("format", "jsonp"), ("callback", "seen")]).await;
    assert_eq!((status, kind.as_str()), (200, "application/javascript;charset=UTF-8"));
    let inner = script.strip_prefix("seen(").and_then(|rest| rest.strip_suffix(");")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(inner).unwrap()["username"], USERNAME);

    let userinfo = browser.url("/services/oauth2/userinfo");
    for (address, query) in [
        (&id, &[("format", "jsonp")][..]),
        (&id, &[("format", "jsonp"), ("callback", "a b")]),
        (&id, &[("callback", "seen")]),
        (&id, &[("format", "urlencoded")]),
        (&id, &[("fields", "username")]),
        (&userinfo, &[("format", "xml")]),
        (&userinfo, &[("schema", "openid")]),
    ] {
        let (status, _, told) = look(address.clone(), query).await;
        assert_eq!(status, 400, "{address} {query:?}: {told}");
        assert!(told.starts_with(r#"{"error":"invalid_request""#), "{told}");
    }
    assert_eq!(look(userinfo, &[("format", "json")]).await.0, 200);
}

#[tokio::test]
async fn an_introspection_of_nothing() {
    let browser = Browser::new().await;
    let form = [("client_id", CLIENT_ID), ("client_secret", CLIENT_SECRET)];
    let answer = browser.post("/services/oauth2/introspect", &form).await;
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.json::<Value>().await.unwrap()["error"], "invalid_request");
}

#[tokio::test]
async fn what_a_request_for_a_code_says_must_be_understood() {
    let browser = Browser::new().await;
    for (extra, description) in [
        (("immediate", "perhaps"), "mock-sfdc"),
        (("code_challenge_method", "S256"), "missing required code challenge"),
    ] {
        let back = location(&browser.authorize(&[extra]).await);
        assert_eq!(query(&back, "error").as_deref(), Some("invalid_request"), "{extra:?}");
        assert!(query(&back, "error_description").unwrap().starts_with(description), "{back}");
    }
    let url = browser.url(&format!("/services/oauth2/authorize?{}", Browser::request(&[])));
    let head = browser.http.request(Method::HEAD, url).send().await.unwrap();
    assert_eq!(head.status(), 200, "a look at the page is no other method");
}

#[tokio::test]
async fn a_session_without_the_scope_api_is_refused_in_each_faces_words() {
    let browser = Browser::new().await;
    let code = browser.code(&[("scope", "id")]).await;
    let token = text(&browser.exchange(&code, None).await.1, "access_token");
    let soap = format!(
        r#"<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com"><e:Header><SessionHeader><sessionId>{token}</sessionId></SessionHeader></e:Header><e:Body><getUserInfo/></e:Body></e:Envelope>"#
    );
    let request = browser.http.post(browser.url("/services/Soap/u/60.0")).header("SOAPAction", "\"\"");
    let soap = request.header(header::CONTENT_TYPE, "text/xml").body(soap).send().await.unwrap();
    let soap = soap.text().await.unwrap();
    let url = browser.url("/services/async/60.0/job/750000000000001");
    let bulk = browser.http.get(url).header("X-SFDC-Session", &token).send().await.unwrap();
    let bulk = bulk.text().await.unwrap();
    for said in [soap, bulk] {
        assert!(said.contains("This session is not valid for use with the API<"), "{said}");
    }
    let rest = browser.http.get(browser.url("/services/data/v66.0/limits")).bearer_auth(&token);
    let rest = rest.send().await.unwrap().text().await.unwrap();
    assert!(rest.contains("This session is not valid for use with the REST API"), "{rest}");
}
