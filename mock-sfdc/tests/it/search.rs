//! Searches and plans over the wire (`contract/rest.md` section 2).

use mock_sfdc::MockSfdc;

use crate::{TOKEN, client, mock};

async fn get(mock: &MockSfdc, path: &str, query: &[(&str, &str)]) -> (u16, String) {
    let url = format!("{}/services/data{path}", mock.url());
    let answer = client().get(url).query(query).bearer_auth(TOKEN).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn post(mock: &MockSfdc, path: &str, body: &'static str) -> (u16, String) {
    let url = format!("{}/services/data{path}", mock.url());
    let request = client().post(url).bearer_auth(TOKEN).header("content-type", "application/json");
    let answer = request.body(body).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

const FOUND: &str = r#"{"attributes":{"type":"Account","url":"/services/data/v66.0/sobjects/Account/0015g0000000001AAA"},"Id":"0015g0000000001AAA"}"#;

#[tokio::test]
async fn a_search_answers_rows_of_several_objects() {
    let mock = mock().await;
    for (object, body) in
        [("Account", r#"{"Name":"Acme Tools"}"#), ("Lead", r#"{"LastName":"Acme","Company":"Sons"}"#)]
    {
        let path = if object == "Account" { "/v66.0/sobjects/Account" } else { "/v66.0/sobjects/Lead" };
        assert_eq!(post(&mock, path, body).await.0, 201);
    }
    let search = [("q", "FIND {acme} RETURNING Account, Lead(LastName)")];
    let (status, body) = get(&mock, "/v66.0/search/", &search).await;
    assert_eq!(
        (status, body.as_str()),
        (
            200,
            format!(
                r#"{{"searchRecords":[{FOUND},{{"attributes":{{"type":"Lead","url":"/services/data/v66.0/sobjects/Lead/00Q5g0000000001EAA"}},"LastName":"Acme"}}]}}"#
            )
            .as_str()
        )
    );
    let (_, old) = get(&mock, "/v36.0/search", &[("q", "FIND {tools} RETURNING Account")]).await;
    assert_eq!(old, format!("[{}]", FOUND.replace("v66.0", "v36.0")));

    let parameters = [
        ("q", "acme"),
        ("sobject", "Account"),
        ("Account.fields", "id"),
        ("in", "NAME"),
        ("overallLimit", "1"),
    ];
    let expected = format!(r#"{{"searchRecords":[{FOUND}]}}"#);
    assert_eq!(get(&mock, "/v66.0/parameterizedSearch", &parameters).await, (200, expected.clone()));
    let body = r#"{"q":"acme","in":"ALL","sobjects":[{"name":"Account","fields":["id"],"limit":5}]}"#;
    assert_eq!(post(&mock, "/v66.0/parameterizedSearch", body).await, (200, expected));
}

#[tokio::test]
async fn searches_that_cannot_be_are_refused() {
    let mock = mock().await;
    for (path, query, status, body) in [
        (
            "/v66.0/search",
            ("q", "FIND acme"),
            400,
            r#"[{"message":"No search term found. The search term must be enclosed in braces.","errorCode":"MALFORMED_SEARCH"}]"#,
        ),
        (
            "/v66.0/parameterizedSearch",
            ("q", "a"),
            400,
            r#"[{"message":"search term must be longer than one character: a","errorCode":"MALFORMED_SEARCH"}]"#,
        ),
        (
            "/v66.0/parameterizedSearch",
            ("in", "SOME"),
            400,
            r#"[{"message":"in takes ALL, NAME, EMAIL, PHONE or SIDEBAR","errorCode":"INVALID_SEARCH"}]"#,
        ),
        (
            "/v66.0/parameterizedSearch",
            ("division", "x"),
            403,
            r#"[{"message":"mock-sfdc does not emulate parameterizedSearch?division=; see docs/FIDELITY.md for what it does","errorCode":"FUNCTIONALITY_NOT_ENABLED"}]"#,
        ),
    ] {
        assert_eq!(get(&mock, path, &[query]).await, (status, body.to_owned()), "{path} {query:?}");
    }
    assert_eq!(get(&mock, "/v66.0/search/elsewhere", &[]).await.0, 403);
}

#[tokio::test]
async fn a_plan_names_its_index() {
    let mock = mock().await;
    assert_eq!(post(&mock, "/v66.0/sobjects/Account", r#"{"Name":"Acme"}"#).await.0, 201);
    let (status, body) = get(
        &mock,
        "/v66.0/query",
        &[("explain", "SELECT Id FROM Account WHERE Name = 'Acme' AND Site = 'x'")],
    )
    .await;
    assert_eq!(status, 200, "{body}");
    let json: serde_json::Value = serde_json::from_str(&body).unwrap();
    let plan = &json["plans"][0];
    assert_eq!(plan["leadingOperationType"], "TableScan");
    assert_eq!(json["plans"][1]["fields"], serde_json::json!(["Name"]));
    assert_eq!(plan["sobjectType"], "Account");
    assert_eq!(plan["sobjectCardinality"], 1);
    assert_eq!(plan["notes"][0]["fields"], serde_json::json!(["Site"]));
    assert_eq!(json["sourceQuery"], "SELECT Id FROM Account WHERE Name = 'Acme' AND Site = 'x'");
    assert_eq!(get(&mock, "/v66.0/query", &[("explain", "00O5g0000000001")]).await.0, 403);
    assert_eq!(get(&mock, "/v66.0/query", &[("explain", "SELECT FROM")]).await.0, 400);
}

#[tokio::test]
async fn for_view_is_remembered() {
    let mock = mock().await;
    assert_eq!(post(&mock, "/v66.0/sobjects/Account", r#"{"Name":"Acme"}"#).await.0, 201);
    assert_eq!(get(&mock, "/v66.0/query", &[("q", "SELECT Id FROM Account FOR VIEW")]).await.0, 200);
    let (_, body) = get(&mock, "/v66.0/query", &[("q", "SELECT Id, Type FROM RecentlyViewed")]).await;
    assert_eq!(
        body,
        r#"{"totalSize":1,"done":true,"records":[{"attributes":{"type":"RecentlyViewed","url":"/services/data/v66.0/sobjects/RecentlyViewed/0015g0000000001AAA"},"Id":"0015g0000000001AAA","Type":"Account"}]}"#
    );
}
