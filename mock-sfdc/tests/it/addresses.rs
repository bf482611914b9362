//! From where the users of a profile may log in, by each door.

use mock_sfdc::MockSfdc;
use mock_sfdc_org::{clock::Clock, value::DateTime};
use serde_json::json;

use crate::client;

/// Tests come from 127.0.0.1.
const ORG: &str = r#"{
  "organization": {"timeZone": "GMT"},
  "profiles": [
    {"name": "Here", "userPermissions": [{"name": "ApiEnabled", "enabled": true}], "loginIpRanges": [
      {"startAddress": "10.0.0.0", "endAddress": "10.255.255.255"}, {"startAddress": "127.0.0.1", "endAddress": "127.0.0.9"}]},
    {"name": "Elsewhere", "userPermissions": [{"name": "ApiEnabled", "enabled": true}],
      "loginIpRanges": [{"startAddress": "10.0.0.0", "endAddress": "10.255.255.255"}]},
    {"name": "Mondays", "userPermissions": [{"name": "ApiEnabled", "enabled": true}],
      "loginHours": {"mondayStart": 480, "mondayEnd": 1020}}
  ],
  "users": [
    {"username": "here@x.example", "password": "secret", "securityToken": "T", "lastName": "Here", "profile": "Here"},
    {"username": "elsewhere@x.example", "password": "secret", "securityToken": "T", "lastName": "Elsewhere", "profile": "Elsewhere"},
    {"username": "mondays@x.example", "password": "secret", "securityToken": "T", "lastName": "Mondays", "profile": "Mondays"},
    {"username": "any@x.example", "password": "secret", "securityToken": "T", "lastName": "Any"}
  ],
  "connectedApps": [{"name": "App", "clientId": "client", "clientSecret": "secret", "scopes": "api"}]
}"#;

async fn by_password(mock: &MockSfdc, user: &str) -> (u16, String) {
    let form = format!(
        "grant_type=password&client_id=client&client_secret=secret&username={user}%40x.example&password=secretT"
    );
    let request = client().post(format!("{}/services/oauth2/token", mock.url()));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn by_soap(mock: &MockSfdc, user: &str) -> String {
    let body = format!(
        r#"<se:Envelope xmlns:se="http://schemas.xmlsoap.org/soap/envelope/"><se:Body><login xmlns="urn:partner.soap.sforce.com"><username>{user}@x.example</username><password>secretT</password></login></se:Body></se:Envelope>"#
    );
    let request = client().post(format!("{}/services/Soap/u/59.0", mock.url()));
    let request = request.header("content-type", "text/xml").header("soapaction", "login").body(body);
    request.send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn logins_come_from_the_addresses_of_the_profile() {
    let state = mock_sfdc::fixtures::from_text("addresses", ORG, None).unwrap();
    let mock = MockSfdc::builder().state(state).start().await.unwrap();
    for (user, status) in [("here", 200), ("any", 200), ("elsewhere", 400)] {
        let (found, text) = by_password(&mock, user).await;
        assert_eq!(found, status, "{user}: {text}");
        if status == 400 {
            let said: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(
                said,
                json!({"error": "invalid_grant", "error_description": "ip restricted or invalid login hours"})
            );
        }
        let answer = by_soap(&mock, user).await;
        let refused = answer.contains("LOGIN_DURING_RESTRICTED_DOMAIN");
        assert_eq!(refused, status == 400, "{user}: {answer}");
    }
}

async fn status(mock: &MockSfdc, token: &str) -> u16 {
    let url = format!("{}/services/data/v66.0/sobjects", mock.url());
    client().get(url).bearer_auth(token).send().await.unwrap().status().as_u16()
}

fn token(mock: &MockSfdc, user: &str) -> String {
    let login = mock.org().snapshot().access().login(&format!("{user}@x.example")).unwrap().user;
    mock.tenant().admit(login)
}

#[tokio::test]
async fn every_request_comes_from_the_addresses_of_the_profile_where_the_org_says_so() {
    let state = mock_sfdc::fixtures::from_text("addresses", ORG, None).unwrap();
    let mock = MockSfdc::builder().state(state).start().await.unwrap();
    let (here, elsewhere) = (token(&mock, "here"), token(&mock, "elsewhere"));
    assert_eq!(status(&mock, &elsewhere).await, 200, "only logins are asked");
    let url = format!("{}/orgs/default/settings", mock.control_url());
    let change = client().patch(url).header("x-mock-token", mock.control_token());
    let change = change.body(json!({"enforceIpRangesEveryRequest": true}).to_string());
    assert_eq!(change.send().await.unwrap().status(), 200);
    assert_eq!(status(&mock, &elsewhere).await, 401);
    assert_eq!(status(&mock, &here).await, 200);
    assert_eq!(
        status(&mock, mock.admin_token()).await,
        200,
        "a profile without ranges lets its users be anywhere"
    );
}

#[tokio::test]
async fn a_session_ends_with_the_hours_of_the_profile() {
    let state = mock_sfdc::fixtures::from_text("addresses", ORG, None).unwrap();
    // A Monday.
    let clock = Clock::fixed(DateTime::parse("2026-03-02T16:00:00Z").unwrap());
    let mock = MockSfdc::builder().state(state).clock(clock).start().await.unwrap();
    let mondays = token(&mock, "mondays");
    assert_eq!(status(&mock, &mondays).await, 200);
    mock.clock().advance(60 * 60_000 - 1);
    assert_eq!(status(&mock, &mondays).await, 200);
    mock.clock().advance(1);
    assert_eq!(status(&mock, &mondays).await, 401, "it is five o'clock");
    assert_eq!(status(&mock, mock.admin_token()).await, 200);
}
