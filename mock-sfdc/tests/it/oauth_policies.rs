//! What an administrator sets about a connected app: whom it is for, from where, how long, and what it may ask.

use mock_sfdc_org::access::{ConnectedApp, IpRelaxation, PermittedUsers, Restriction};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, refused, text},
    people::{self, CLIENT_ID, PASSWORD, SECURITY_TOKEN, USERNAME, seed},
    soap,
};

async fn by_password(browser: &Browser) -> (u16, Value) {
    browser.password(&format!("{PASSWORD}{SECURITY_TOKEN}")).await
}

#[tokio::test]
async fn an_app_for_the_users_of_a_profile_or_a_permission_set() {
    let browser = Browser::new().await;
    let state = browser.mock.org().snapshot();
    let (object, ada) = state.find(browser.ada).unwrap();
    let profile = ada.get(object.field("ProfileId").unwrap().0).as_id().unwrap();
    let set = seed(&browser.mock, "PermissionSet", &[("Name", "Sales"), ("Label", "Sales")]);
    let only = |id| {
        people::change_app(&browser.mock, |app| {
            app.permitted_users = PermittedUsers::AdminApproved([id].into());
        });
    };
    let refusal = refused("invalid_app_access", "user is not admin approved to access this app");
    only(set);
    assert_eq!(by_password(&browser).await, refusal);
    let row = [("AssigneeId", browser.ada.to_string()), ("PermissionSetId", set.to_string())];
    let row: Vec<_> = row.iter().map(|(name, value)| (*name, value.as_str())).collect();
    seed(&browser.mock, "PermissionSetAssignment", &row);
    assert_eq!(by_password(&browser).await.0, 200);
    only(profile);
    assert_eq!(by_password(&browser).await.0, 200);
}

#[tokio::test]
async fn an_app_may_be_let_in_from_anywhere() {
    let browser = Browser::new().await;
    people::change(&browser.mock, |access| access.restrict(USERNAME, Some(Restriction::IpRestricted)));
    let refusal = refused("invalid_grant", "ip restricted or invalid login hours");
    assert_eq!(by_password(&browser).await, refusal);
    people::change_app(&browser.mock, |app| app.ip_relaxation = IpRelaxation::Relax);
    assert_eq!(by_password(&browser).await.0, 200);
    people::change(&browser.mock, |access| access.restrict(USERNAME, Some(Restriction::Locked)));
    assert_eq!(by_password(&browser).await, refused("invalid_grant", "authentication failure"));
}

#[tokio::test]
async fn an_apps_sessions_last_as_it_says() {
    let browser = Browser::new().await;
    people::change_app(&browser.mock, |app| app.session_minutes = Some(15));
    let clock = browser.mock.clock().clone();
    clock.freeze();
    let token = browser.session().await;
    clock.advance(14 * 60_000);
    assert_eq!(browser.limits(&token).await, 200);
    clock.advance(15 * 60_000);
    assert_eq!(browser.limits(&token).await, 401);
}

#[tokio::test]
async fn only_an_app_with_that_right_introspects_the_tokens_of_others() {
    let browser = Browser::new().await;
    let other = ConnectedApp::new("Watcher", "watcher", "its secret", "");
    people::change(&browser.mock, |access| access.add_app(other.clone()));
    let token = browser.session().await;
    let look = async || {
        let form = [("token", token.as_str()), ("client_id", "watcher"), ("client_secret", "its secret")];
        browser.post("/services/oauth2/introspect", &form).await.json::<Value>().await.unwrap()
    };
    assert_eq!(look().await, json!({ "active": false }));
    let other = ConnectedApp { introspects_all_tokens: true, ..other };
    people::change(&browser.mock, |access| access.add_app(other));
    let found = look().await;
    assert_eq!((&found["active"], &found["client_id"]), (&json!(true), &json!(CLIENT_ID)));
}

#[tokio::test]
async fn a_refresh_without_a_secret_where_the_app_allows_it() {
    let browser = Browser::new().await;
    let tokens = browser.exchange(&browser.code(&[]).await, None).await.1;
    let token = text(&tokens, "refresh_token");
    let form = [("grant_type", "refresh_token"), ("client_id", CLIENT_ID), ("refresh_token", &token)];
    assert_eq!(browser.token(&form).await, refused("invalid_client", "invalid client credentials"));
    people::change_app(&browser.mock, |app| app.secret_required_for_refresh = Some(false));
    assert_eq!(browser.token(&form).await.0, 200);
}

#[tokio::test]
async fn apps_are_made_and_taken_away_over_the_control_api() {
    let browser = Browser::new().await;
    let url = format!("{}/orgs/default/connectedApps", browser.mock.control_url());
    let ask = async |method: reqwest::Method, path: &str, body: Value| {
        let request = browser.http.request(method, format!("{url}{path}")).json(&body);
        let answer = request.header("x-mock-token", browser.mock.control_token()).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_str::<Value>(&answer.text().await.unwrap()).unwrap_or_default())
    };
    let app = json!({
        "name": "Night job", "clientId": "night", "clientSecret": "owl", "scopes": "api", "runAs": USERNAME,
        "profiles": ["System Administrator"], "certificate": include_str!("keys/app.crt"), "sessionMinutes": 30,
    });
    let (status, made) = ask(reqwest::Method::POST, "", app.clone()).await;
    assert_eq!((status, &made["runAs"]), (201, &json!(browser.ada)), "{made}");
    let form = [("grant_type", "client_credentials"), ("client_id", "night"), ("client_secret", "owl")];
    let (status, tokens) = browser.token(&form).await;
    assert_eq!(status, 200, "{tokens}");
    let token = text(&tokens, "access_token");
    assert_eq!(browser.limits(&token).await, 200);
    let listed = ask(reqwest::Method::GET, "", Value::Null).await.1;
    let ids: Vec<_> =
        listed["connectedApps"].as_array().unwrap().iter().map(|app| &app["clientId"]).collect();
    assert_eq!(ids, [CLIENT_ID, "night"], "the Salesforce CLI's is nobody's");
    assert_eq!(ask(reqwest::Method::DELETE, "/night", Value::Null).await.0, 204);
    assert_eq!(browser.limits(&token).await, 401, "its sessions went with it");
    assert_eq!(ask(reqwest::Method::DELETE, "/night", Value::Null).await.0, 404);
    for (key, value, said) in [
        ("runAs", json!("nobody@example.com"), "runAs: demo has no user \"nobody@example.com\""),
        ("profiles", json!(["Pilots"]), "profiles: there is no profile \"Pilots\""),
        ("certificate", json!("pem"), "not an X.509 certificate in PEM"),
        ("scopes", json!("apis"), "\"apis\" is no scope"),
        ("colour", json!("red"), "unknown field `colour`"),
    ] {
        let mut wrong = app.clone();
        wrong[key] = value;
        let (status, answer) = ask(reqwest::Method::POST, "", wrong).await;
        assert!(status == 400 && answer.to_string().replace("\\\"", "\"").contains(said), "{key}: {answer}");
    }
}

#[tokio::test]
async fn a_token_reaches_what_its_scopes_say() {
    let browser = Browser::new().await;
    people::change_app(&browser.mock, |app| app.scopes = "api id web".parse().unwrap());
    let password = format!("{PASSWORD}{SECURITY_TOKEN}");
    for (scope, api, identity, door) in
        [("api", true, true, false), ("id", false, true, false), ("web", false, false, true)]
    {
        let form = [
            ("grant_type", "password"),
            ("client_id", CLIENT_ID),
            ("client_secret", people::CLIENT_SECRET),
            ("username", USERNAME),
            ("password", &password),
            ("scope", scope),
        ];
        let token = text(&browser.token(&form).await.1, "access_token");
        let (status, body) = browser.get("/services/data/v66.0/limits", &token).await;
        assert_eq!(status == 200, api, "{scope}: {body}");
        assert_eq!(
            body.contains("This session is not valid for use with the REST API"),
            !api,
            "{scope}: {body}"
        );
        let (status, body) = soap::call(&browser.mock, &token, "", "<getServerTimestamp/>").await;
        assert_eq!(status == 200, api, "{scope}: {body}");
        let shake = json!([{
            "channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"],
        }]);
        let request =
            browser.http.post(browser.url("/cometd/66.0/handshake")).bearer_auth(&token).json(&shake);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer[0]["successful"], api, "{scope}: {answer}");
        let invalid = (403, "Invalid_Scope".to_owned());
        let found = browser.get("/services/oauth2/userinfo", &token).await;
        assert_eq!(found != invalid, identity, "{scope}: {found:?}");
        let found = browser.get("/services/oauth2/singleaccess", &token).await;
        assert_eq!(found != invalid, door, "{scope}: {found:?}");
    }
}

#[tokio::test]
async fn what_stands_in_the_way_of_a_login_is_set_over_the_control_api() {
    let browser = Browser::new().await;
    let url = format!("{}/orgs/default/users", browser.mock.control_url());
    let restrict = async |username: &str, body: Value| {
        let request = browser.http.patch(format!("{url}/{username}")).json(&body);
        let answer = request.header("x-mock-token", browser.mock.control_token()).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let (status, answer) = restrict(USERNAME, json!({ "restriction": "rateLimited" })).await;
    assert_eq!((status, answer), (200, json!({ "username": USERNAME, "restriction": "rateLimited" })));
    assert_eq!(by_password(&browser).await, refused("rate_limit_exceeded", "number of logins exceeded"));
    assert_eq!(restrict(USERNAME, json!({ "restriction": null })).await.0, 200);
    assert_eq!(by_password(&browser).await.0, 200);
    assert_eq!(restrict(USERNAME, json!({})).await.0, 400);
    assert_eq!(restrict(USERNAME, json!({ "restriction": "shy" })).await.0, 400);
    assert_eq!(restrict("nobody@example.com", json!({ "restriction": null })).await.0, 404);
}
