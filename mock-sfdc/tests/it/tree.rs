//! `/composite/tree`, byte by byte (`contract/rest.md` section 3).

use crate::{
    mock,
    wire::{ask, column},
};

const ACCOUNTS: &str = "/v66.0/composite/tree/Account";

#[tokio::test]
async fn records_come_with_their_children_level_by_level() {
    let mock = mock().await;
    let body = r#"{"records":[
        {"attributes":{"type":"Account","referenceId":"ref1"},"name":"One",
         "Contacts":{"records":[
            {"attributes":{"type":"Contact","referenceId":"ref2"},"lastname":"Smith"},
            {"attributes":{"type":"Contact","referenceId":"ref3"},"lastname":"Evans"}]},
         "Opportunities":{"records":[
            {"attributes":{"type":"Opportunity","referenceId":"ref5"},"Name":"Deal","StageName":"Prospecting","CloseDate":"2026-12-31"}]}},
        {"attributes":{"type":"Account","referenceId":"ref4"},"name":"Two",
         "Contacts":{"records":[{"attributes":{"type":"Contact","referenceId":"ref6"},"lastname":"Young"}]}}]}"#;
    let (status, text) = ask(&mock, "POST", ACCOUNTS, body).await;
    assert_eq!(status, 201, "{text}");
    assert_eq!(
        text,
        r#"{"hasErrors":false,"results":[{"referenceId":"ref1","id":"0015g0000000001AAA"},{"referenceId":"ref4","id":"0015g0000000002AAA"},{"referenceId":"ref2","id":"0035g0000000001AAA"},{"referenceId":"ref3","id":"0035g0000000002AAA"},{"referenceId":"ref6","id":"0035g0000000003AAA"},{"referenceId":"ref5","id":"0065g0000000001AAA"}]}"#
    );
    let of = column(&mock, "SELECT LastName FROM Contact WHERE Account.Name='One' ORDER BY LastName").await;
    assert_eq!(of, ["Evans", "Smith"]);
    assert_eq!(column(&mock, "SELECT AccountId FROM Opportunity").await, ["0015g0000000001AAA"]);
}

#[tokio::test]
async fn one_mistake_undoes_all_and_only_mistakes_are_told() {
    let mock = mock().await;
    let contact = |reference: &str, rest: &str| {
        format!(r#"{{"attributes":{{"type":"Contact","referenceId":"{reference}"}},{rest}}}"#)
    };
    let tree = |children: &[String]| {
        format!(
            r#"{{"records":[{{"attributes":{{"type":"Account","referenceId":"a"}},"Name":"One","Contacts":{{"records":[{}]}}}}]}}"#,
            children.join(",")
        )
    };
    for (body, status, text) in [
        (
            tree(&[
                contact("b", r#""LastName":"X","Email":"123""#),
                contact("c", r#""LastName":"Y""#),
                contact("d", r#""FirstName":"Z""#),
            ]),
            400,
            r#"{"hasErrors":true,"results":[{"referenceId":"b","errors":[{"statusCode":"INVALID_EMAIL_ADDRESS","message":"Email: invalid email address: 123","fields":["Email"]}]},{"referenceId":"d","errors":[{"statusCode":"REQUIRED_FIELD_MISSING","message":"Required fields are missing: [LastName]","fields":["LastName"]}]}]}"#,
        ),
        (
            tree(&[contact("a", r#""LastName":"X""#)]),
            400,
            r#"{"hasErrors":true,"results":[{"referenceId":"a","errors":[{"statusCode":"INVALID_INPUT","message":"Duplicate ReferenceId provided in the request.","fields":[]}]},{"referenceId":"a","errors":[{"statusCode":"INVALID_INPUT","message":"Duplicate ReferenceId provided in the request.","fields":[]}]}]}"#,
        ),
        (
            tree(&[r#"{"attributes":{"referenceId":"b"},"LastName":"X"}"#.to_owned()]),
            400,
            r#"{"hasErrors":true,"results":[{"referenceId":"b","errors":[{"statusCode":"INVALID_INPUT","message":"Include an entity type for each record in the request.","fields":[]}]}]}"#,
        ),
        (
            tree(&[r#"{"attributes":{"type":"Contact"},"LastName":"X"}"#.to_owned()]),
            403,
            r#"[{"message":"Include a reference ID for each record in the request.","errorCode":"INVALID_INPUT"}]"#,
        ),
        (
            tree(&(0..200).map(|at| contact(&format!("c{at}"), r#""LastName":"X""#)).collect::<Vec<_>>()),
            400,
            r#"[{"message":"record limit reached. cannot submit more than 200 records into this call","errorCode":"EXCEEDED_ID_LIMIT"}]"#,
        ),
    ] {
        assert_eq!(ask(&mock, "POST", ACCOUNTS, &body).await, (status, text.to_owned()));
    }
    assert!(column(&mock, "SELECT Id FROM Account").await.is_empty());
}
