//! From where the users of a profile may log in, by each door.

use mock_sfdc::MockSfdc;
use serde_json::json;

use crate::client;

/// Tests come from 127.0.0.1.
const ORG: &str = r#"{
  "profiles": [
    {"name": "Here", "loginIpRanges": [
      {"startAddress": "10.0.0.0", "endAddress": "10.255.255.255"}, {"startAddress": "127.0.0.1", "endAddress": "127.0.0.9"}]},
    {"name": "Elsewhere", "loginIpRanges": [{"startAddress": "10.0.0.0", "endAddress": "10.255.255.255"}]}
  ],
  "users": [
    {"username": "here@x.example", "password": "secret", "securityToken": "T", "lastName": "Here", "profile": "Here"},
    {"username": "elsewhere@x.example", "password": "secret", "securityToken": "T", "lastName": "Elsewhere", "profile": "Elsewhere"},
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
