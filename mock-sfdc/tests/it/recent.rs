//! What a user has looked at.

use serde_json::Value;

use crate::{
    mock,
    wire::{ask, create, send},
};

const LOOK: (&str, &str) = ("Sforce-Mru", "updateMru=true");

#[tokio::test]
async fn what_was_looked_at_is_recent_and_nothing_else() {
    let mock = mock().await;
    assert_eq!(ask(&mock, "GET", "/v66.0/recent", "").await, (200, "[]".to_owned()));
    let plain = create(&mock, "Account", r#"{"Name":"Plain"}"#).await;
    let made = send(&mock, "POST", "/v66.0/sobjects/Account", &[LOOK], r#"{"Name":"Made"}"#).await;
    let made = made.text().await.unwrap().split('"').nth(3).unwrap().to_owned();
    let contact = create(&mock, "Contact", r#"{"FirstName":"Ada","LastName":"Lovelace"}"#).await;
    mock.clock().freeze();
    mock.clock().advance(60_000);
    send(&mock, "GET", &format!("/v66.0/sobjects/Contact/{contact}"), &[LOOK], "").await;
    mock.clock().advance(60_000);
    ask(&mock, "GET", "/v66.0/query?q=SELECT+Id+FROM+Account+WHERE+Name='Plain'+FOR+VIEW", "").await;

    let item = |object: &str, id: &str, name: &str| {
        format!(
            r#"{{"attributes":{{"type":"{object}","url":"/services/data/v66.0/sobjects/{object}/{id}"}},"Id":"{id}","Name":"{name}"}}"#
        )
    };
    let (plain_item, made_item) = (item("Account", &plain, "Plain"), item("Account", &made, "Made"));
    let contact_item = item("Contact", &contact, "Ada Lovelace");
    let all = format!("[{plain_item},{contact_item},{made_item}]");
    assert_eq!(ask(&mock, "GET", "/v66.0/recent", "").await, (200, all));
    assert_eq!(
        ask(&mock, "GET", "/v66.0/recent?limit=2", "").await,
        (200, format!("[{plain_item},{contact_item}]"))
    );
    let (_, basic) = ask(&mock, "GET", "/v66.0/sobjects/Account", "").await;
    let basic: Value = serde_json::from_str(&basic).unwrap();
    assert_eq!(basic["recentItems"].to_string(), format!("[{plain_item},{made_item}]"));

    assert_eq!(ask(&mock, "DELETE", &format!("/v66.0/sobjects/Account/{plain}"), "").await.0, 204);
    assert_eq!(ask(&mock, "GET", "/v66.0/recent", "").await, (200, format!("[{contact_item},{made_item}]")));
    let row = format!("/v66.0/sobjects/Account/{made}");
    let bad = send(&mock, "GET", &row, &[("Sforce-Mru", "yes")], "").await;
    assert_eq!(
        bad.text().await.unwrap(),
        r#"[{"message":"Sforce-Mru is updateMru=true or updateMru=false, not \"yes\"","errorCode":"INVALID_INPUT"}]"#
    );
}
