//! From a record to its parents and its children by the address.

use crate::{
    mock,
    wire::{ask, column, create},
};

const NOT_THERE: &str = r#"[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]"#;

#[tokio::test]
async fn parents_up_to_five_levels_and_one_set_of_children() {
    let mock = mock().await;
    let mut ids: Vec<String> = Vec::new();
    for at in 0..7 {
        let parent = ids.last().map(|id| format!(r#","ParentId":"{id}""#)).unwrap_or_default();
        ids.push(create(&mock, "Account", &format!(r#"{{"Name":"A{at}"{parent}}}"#)).await);
    }
    let contact = |name: &str| format!(r#"{{"LastName":"{name}","AccountId":"{}"}}"#, ids[6]);
    let (ada, bob) =
        (create(&mock, "Contact", &contact("Ada")).await, create(&mock, "Contact", &contact("Bob")).await);
    let account = |at: usize| {
        let id = &ids[at];
        format!(
            r#"{{"attributes":{{"type":"Account","url":"/services/data/v66.0/sobjects/Account/{id}"}},"Name":"A{at}"}}"#
        )
    };
    let child = |id: &str, name: &str| {
        format!(
            r#"{{"attributes":{{"type":"Contact","url":"/services/data/v66.0/sobjects/Contact/{id}"}},"LastName":"{name}"}}"#
        )
    };
    let children =
        format!(r#"{{"totalSize":2,"done":true,"records":[{},{}]}}"#, child(&ada, "Ada"), child(&bob, "Bob"));
    let from_ada = format!("/v66.0/sobjects/Contact/{ada}");
    let top = format!("/v66.0/sobjects/Account/{}", ids[0]);
    for (path, status, body) in [
        (format!("{from_ada}/Account?fields=Name"), 200, account(6)),
        (format!("{from_ada}/account/parent/Parent/Parent/Parent?fields=Name"), 200, account(2)),
        (
            format!("{from_ada}/Account/Parent/Parent/Parent/Parent/Parent?fields=Name"),
            400,
            r#"[{"message":"A path goes up at most 5 relationships","errorCode":"LIMIT_EXCEEDED"}]"#.to_owned(),
        ),
        (format!("{from_ada}/Account/Contacts?fields=LastName"), 200, children.clone()),
        (format!("/v66.0/sobjects/Account/{}/Contacts/?fields=LastName", ids[6]), 200, children),
        (format!("{top}/Contacts"), 200, r#"{"totalSize":0,"done":true,"records":[]}"#.to_owned()),
        (format!("{top}/Parent"), 404, NOT_THERE.to_owned()),
        (format!("{top}/Nothing"), 404, NOT_THERE.to_owned()),
        (format!("{top}/Contacts/Account"), 404, NOT_THERE.to_owned()),
        (
            format!("{from_ada}/Account?fields=Nothing"),
            400,
            r#"[{"message":"No such column 'Nothing' on sobject of type Account","errorCode":"INVALID_FIELD"}]"#
                .to_owned(),
        ),
        (
            format!("{from_ada}/Account/Contacts?fields=Nothing"),
            400,
            r#"[{"message":"No such column 'Nothing' on sobject of type Contact","errorCode":"INVALID_FIELD"}]"#
                .to_owned(),
        ),
    ] {
        assert_eq!(ask(&mock, "GET", &path, "").await, (status, body), "{path}");
    }
    // Without fields there are all of them.
    let (_, text) = ask(&mock, "GET", &format!("{from_ada}/Account"), "").await;
    assert!(text.contains(r#""ParentId":"#) && text.contains(r#""BillingAddress":"#), "{text}");
    let (_, text) = ask(&mock, "GET", &format!("/v66.0/sobjects/Account/{}/Contacts", ids[6]), "").await;
    assert!(text.contains(r#""MailingAddress":null"#) && text.contains(r#""OwnerId":"#), "{text}");
}

#[tokio::test]
async fn a_parent_is_changed_and_deleted_by_way_of_its_child() {
    let mock = mock().await;
    let account = create(&mock, "Account", r#"{"Name":"Old"}"#).await;
    let contact = create(&mock, "Contact", &format!(r#"{{"LastName":"Ada","AccountId":"{account}"}}"#)).await;
    let other = create(&mock, "Contact", r#"{"LastName":"Bob"}"#).await;
    let by_way = format!("/v66.0/sobjects/Contact/{contact}/Account");
    assert_eq!(ask(&mock, "PATCH", &by_way, r#"{"Name":"New"}"#).await, (204, String::new()));
    assert_eq!(column(&mock, "SELECT Name FROM Account").await, ["New"]);
    for method in ["PATCH", "DELETE"] {
        let body = if method == "PATCH" { "{}" } else { "" };
        let (status, text) =
            ask(&mock, method, &format!("/v66.0/sobjects/Account/{account}/Contacts"), body).await;
        let expected = format!(
            r#"[{{"errorCode":"METHOD_NOT_ALLOWED","message":"HTTP Method '{method}' not allowed. Allowed are HEAD,GET"}}]"#
        );
        assert_eq!((status, text), (405, expected));
        let missing = format!("/v66.0/sobjects/Contact/{other}/Account");
        assert_eq!(ask(&mock, method, &missing, body).await, (404, NOT_THERE.to_owned()));
    }
    let top = create(&mock, "Account", r#"{"Name":"Top"}"#).await;
    let tie = format!(r#"{{"ParentId":"{top}"}}"#);
    assert_eq!(ask(&mock, "PATCH", &by_way, &tie).await.0, 204);
    let two_up = format!("{by_way}/Parent");
    assert_eq!(ask(&mock, "PATCH", &two_up, r#"{"Name":"Newer"}"#).await, (204, String::new()));
    assert_eq!(column(&mock, "SELECT Name FROM Account ORDER BY Name").await, ["New", "Newer"]);
    assert_eq!(ask(&mock, "DELETE", &two_up, "").await, (204, String::new()));
    assert_eq!(column(&mock, "SELECT Name FROM Account").await, ["New"]);
    assert_eq!(ask(&mock, "DELETE", &by_way, "").await, (204, String::new()));
    assert!(column(&mock, "SELECT Id FROM Account").await.is_empty());
}

#[tokio::test]
async fn fields_of_parents_stand_in_the_list_of_fields() {
    let mock = mock().await;
    let account = create(&mock, "Account", r#"{"Name":"Acme"}"#).await;
    let contact = create(&mock, "Contact", &format!(r#"{{"LastName":"Ada","AccountId":"{account}"}}"#)).await;
    let row = format!("/v66.0/sobjects/Contact/{contact}");
    assert_eq!(
        ask(&mock, "GET", &format!("{row}?fields=LastName,Account.Name"), "").await,
        (
            200,
            format!(
                r#"{{"attributes":{{"type":"Contact","url":"/services/data/v66.0/sobjects/Contact/{contact}"}},"LastName":"Ada","Account":{{"attributes":{{"type":"Account","url":"/services/data/v66.0/sobjects/Account/{account}"}},"Name":"Acme"}}}}"#
            )
        )
    );
    for list in ["Account.Nothing", "Nothing.Name", "Account.Name,(SELECT+Id+FROM+Cases)"] {
        let (status, text) = ask(&mock, "GET", &format!("{row}?fields={list}"), "").await;
        assert!(status == 400 && text.contains("INVALID_FIELD"), "{list}: {text}");
    }
}
