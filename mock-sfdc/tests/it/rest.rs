//! The REST face, byte by byte (`contract/rest.md`, `contract/errors.md`).

use crate::{
    TOKEN, client, mock,
    wire::{ask, create, query, send},
};

const ACCOUNT: &str = "0015g0000000001AAA";

#[tokio::test]
async fn a_record_is_created_read_changed_and_deleted() {
    let mock = mock().await;
    let answer = send(
        &mock,
        "POST",
        "/v66.0/sobjects/account",
        &[],
        r#"{"Name":"Acme","NumberOfEmployees":7,"AnnualRevenue":12.50}"#,
    )
    .await;
    assert_eq!(answer.headers()["location"], format!("/services/data/v66.0/sobjects/Account/{ACCOUNT}"));
    assert_eq!(answer.headers()["content-type"], "application/json;charset=UTF-8");
    assert_eq!(answer.headers()["sforce-limit-info"], "api-usage=1/15000");
    assert_eq!(answer.text().await.unwrap(), format!(r#"{{"id":"{ACCOUNT}","success":true,"errors":[]}}"#));

    let row = format!("/v66.0/sobjects/Account/{ACCOUNT}");
    let fields = "?fields=Name,AnnualRevenue,numberofemployees,BillingAddress,ParentId,IsDeleted";
    assert_eq!(
        ask(&mock, "GET", &format!("{row}{fields}"), "").await.1,
        format!(
            r#"{{"attributes":{{"type":"Account","url":"/services/data/v66.0/sobjects/Account/{ACCOUNT}"}},"Name":"Acme","AnnualRevenue":12.5,"NumberOfEmployees":7,"BillingAddress":null,"ParentId":null,"IsDeleted":false}}"#
        )
    );
    let patch = r#"{"Name":"Acme 2","BillingCity":"Paris","AnnualRevenue":null}"#;
    assert_eq!(ask(&mock, "PATCH", &row, patch).await, (204, String::new()));
    assert_eq!(
        ask(&mock, "GET", &format!("{row}{fields}"), "").await.1,
        format!(
            r#"{{"attributes":{{"type":"Account","url":"/services/data/v66.0/sobjects/Account/{ACCOUNT}"}},"Name":"Acme 2","AnnualRevenue":null,"NumberOfEmployees":7,"BillingAddress":{{"city":"Paris","country":null,"geocodeAccuracy":null,"latitude":null,"longitude":null,"postalCode":null,"state":null,"street":null}},"ParentId":null,"IsDeleted":false}}"#
        )
    );
    assert_eq!(ask(&mock, "DELETE", &row, "").await, (204, String::new()));
    let gone = r#"[{"message":"entity is deleted","errorCode":"ENTITY_IS_DELETED","fields":[]}]"#;
    for method in ["GET", "PATCH", "DELETE"] {
        let body = if method == "PATCH" { "{}" } else { "" };
        assert_eq!(ask(&mock, method, &row, body).await, (404, gone.to_owned()), "{method}");
    }
}

/// Method, path and body; status and answer.
const WRONG: [(&str, &str, &str, u16, &str); 16] = [
    (
        "POST",
        "/v66.0/sobjects/Lead",
        r#"{"FirstName":"Ada"}"#,
        400,
        r#"[{"message":"Required fields are missing: [LastName, Company]","errorCode":"REQUIRED_FIELD_MISSING","fields":["LastName","Company"]}]"#,
    ),
    (
        "POST",
        "/v66.0/sobjects/Account",
        r#"{"FavoritePet__c":"Dog"}"#,
        400,
        r#"[{"message":"No such column 'FavoritePet__c' on sobject of type Account","errorCode":"INVALID_FIELD"}]"#,
    ),
    (
        "POST",
        "/v66.0/sobjects/Nothing",
        r#"{"Name":"A"}"#,
        404,
        r#"[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]"#,
    ),
    (
        "POST",
        "/v66.0/sobjects/Account",
        r#"{"Name":"A","Id":"001000000000001AAA"}"#,
        400,
        r#"[{"message":"Unable to create/update fields: Id. Please check the security settings of this field and verify that it is read/write for your profile or permission set.","errorCode":"INVALID_FIELD_FOR_INSERT_UPDATE","fields":["Id"]}]"#,
    ),
    (
        "POST",
        "/v66.0/sobjects/Opportunity",
        r#"{"Name":"A","CloseDate":"soon","StageName":"X"}"#,
        400,
        r#"[{"message":"Cannot deserialize instance of date from VALUE_STRING value soon or request may be missing a required field at [line:1, column:25]","errorCode":"JSON_PARSER_ERROR"}]"#,
    ),
    (
        "POST",
        "/v66.0/sobjects/Account",
        r#"{"Name":["A"]}"#,
        400,
        r#"[{"message":"Cannot deserialize instance of string from START_ARRAY value [ or request may be missing a required field at [line:1, column:9]","errorCode":"JSON_PARSER_ERROR"}]"#,
    ),
    (
        "POST",
        "/v66.0/sobjects/Account",
        r#"{"NumberOfEmployees":1.5,"Name":"A"}"#,
        400,
        r#"[{"message":"Cannot deserialize instance of int from VALUE_NUMBER_FLOAT value 1.5 or request may be missing a required field at [line:1, column:22]","errorCode":"JSON_PARSER_ERROR"}]"#,
    ),
    (
        "PATCH",
        "/v66.0/sobjects/Account/0015g0000000001AAB",
        "{}",
        400,
        r#"[{"message":"Record ID: id value of incorrect type: 0015g0000000001AAB","errorCode":"MALFORMED_ID","fields":["Id"]}]"#,
    ),
    (
        "GET",
        "/v66.0/sobjects/Account/23foo",
        "",
        404,
        r#"[{"message":"Provided external ID field does not exist or is not accessible: 23foo","errorCode":"NOT_FOUND"}]"#,
    ),
    (
        "GET",
        "/v66.0/sobjects/Account/0015g0000000099AAA",
        "",
        404,
        r#"[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]"#,
    ),
    (
        "GET",
        "/v66.0/sobjects/Account/Pet__c/7",
        "",
        404,
        r#"[{"message":"Provided external ID field does not exist or is not accessible: Pet__c","errorCode":"NOT_FOUND"}]"#,
    ),
    (
        "PUT",
        "/v66.0/sobjects/Account",
        "{}",
        405,
        r#"[{"errorCode":"METHOD_NOT_ALLOWED","message":"HTTP Method 'PUT' not allowed. Allowed are HEAD,GET,POST"}]"#,
    ),
    (
        "GET",
        "/v66.0/query",
        "",
        400,
        r#"[{"message":"A query string has to be specified","errorCode":"MALFORMED_QUERY"}]"#,
    ),
    (
        "GET",
        "/v66.0/query?q=SELEKT+Id",
        "",
        400,
        r#"[{"message":"unexpected token: 'SELEKT'","errorCode":"MALFORMED_QUERY"}]"#,
    ),
    (
        "GET",
        "/v66.0/query?q=SELECT+Bacon__c+FROM+Account+LIMIT+2",
        "",
        400,
        r#"[{"message":"\nSELECT Bacon__c FROM Account LIMIT 2\n       ^\nERROR at Row:1:Column:8\nNo such column 'Bacon__c' on entity 'Account'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.","errorCode":"INVALID_FIELD"}]"#,
    ),
    (
        "GET",
        "/v66.0/query/01g5g0000000001AAA-2000",
        "",
        400,
        r#"[{"message":"invalid query locator","errorCode":"INVALID_QUERY_LOCATOR"}]"#,
    ),
];

#[tokio::test]
async fn what_is_wrong_is_told_in_salesforces_words() {
    let mock = mock().await;
    create(&mock, "Account", r#"{"Name":"Acme"}"#).await;
    for (method, path, body, status, text) in WRONG {
        assert_eq!(ask(&mock, method, path, body).await, (status, text.to_owned()), "{method} {path} {body}");
    }
}

#[tokio::test]
async fn bodies_that_are_none_are_refused() {
    let mock = mock().await;
    let address = format!("{}/services/data/v66.0/sobjects/Account", mock.url());
    for (kind, body, status, code) in [
        ("application/json", "", 400, "JSON_PARSER_ERROR"),
        ("application/json", "{", 400, "JSON_PARSER_ERROR"),
        ("application/json", "{x}", 400, "JSON_PARSER_ERROR"),
        ("application/json", "[]", 400, "JSON_PARSER_ERROR"),
        ("text/plain", r#"{"Name":"A"}"#, 415, "UNSUPPORTED_MEDIA_TYPE"),
    ] {
        let answer = client()
            .post(&address)
            .bearer_auth(TOKEN)
            .header("content-type", kind)
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), status, "{kind} {body}");
        assert!(answer.text().await.unwrap().contains(code), "{kind} {body}");
    }
}

#[tokio::test]
async fn an_upsert_creates_updates_or_names_all_matches() {
    let mock = mock().await;
    let path = "/v66.0/sobjects/Contact/Email/ada@example.com";
    let (status, text) = ask(&mock, "PATCH", path, r#"{"LastName":"Lovelace"}"#).await;
    assert_eq!(
        (status, text.as_str()),
        (201, r#"{"id":"0035g0000000001AAA","success":true,"errors":[],"created":true}"#)
    );
    let (status, text) = ask(&mock, "PATCH", path, r#"{"FirstName":"Ada"}"#).await;
    assert_eq!(
        (status, text.as_str()),
        (200, r#"{"id":"0035g0000000001AAA","success":true,"errors":[],"created":false}"#)
    );
    assert_eq!(
        ask(&mock, "PATCH", &path.replace("66", "45"), r#"{"FirstName":"A."}"#).await,
        (204, String::new())
    );
    create(&mock, "Contact", r#"{"LastName":"Other","Email":"ada@example.com"}"#).await;
    let both = r#"["/services/data/v66.0/sobjects/Contact/0035g0000000001AAA","/services/data/v66.0/sobjects/Contact/0035g0000000002AAA"]"#;
    for (method, body) in [("GET", ""), ("PATCH", "{}"), ("DELETE", "")] {
        assert_eq!(ask(&mock, method, path, body).await, (300, both.to_owned()), "{method}");
    }
    let absent = path.replace("ada", "nobody");
    assert_eq!(ask(&mock, "PATCH", &format!("{absent}?updateOnly=true"), r#"{"LastName":"X"}"#).await.0, 404);
}

#[tokio::test]
async fn rows_come_with_parents_and_children() {
    let mock = mock().await;
    let account = create(&mock, "Account", r#"{"Name":"Acme"}"#).await;
    let contact =
        create(&mock, "Contact", &format!(r#"{{"LastName":"Lovelace","AccountId":"{account}"}}"#)).await;
    let alone = create(&mock, "Contact", r#"{"LastName":"Zuse"}"#).await;
    let attributes = |object: &str, id: &str| {
        format!(r#""attributes":{{"type":"{object}","url":"/services/data/v66.0/sobjects/{object}/{id}"}}"#)
    };
    assert_eq!(
        query(&mock, "SELECT LastName, Account.Name FROM Contact ORDER BY LastName").await,
        format!(
            r#"{{"totalSize":2,"done":true,"records":[{{{},"LastName":"Lovelace","Account":{{{},"Name":"Acme"}}}},{{{},"LastName":"Zuse","Account":null}}]}}"#,
            attributes("Contact", &contact),
            attributes("Account", &account),
            attributes("Contact", &alone),
        )
    );
    assert_eq!(
        query(&mock, "SELECT Name, (SELECT LastName FROM Contacts), (SELECT Id FROM Cases) FROM Account")
            .await,
        format!(
            r#"{{"totalSize":1,"done":true,"records":[{{{},"Name":"Acme","Contacts":{{"totalSize":1,"done":true,"records":[{{{},"LastName":"Lovelace"}}]}},"Cases":null}}]}}"#,
            attributes("Account", &account),
            attributes("Contact", &contact),
        )
    );
    assert_eq!(
        query(&mock, "SELECT COUNT() FROM Contact").await,
        r#"{"totalSize":2,"done":true,"records":[]}"#
    );
    assert_eq!(
        query(&mock, "SELECT COUNT(Id) FROM Contact").await,
        r#"{"totalSize":1,"done":true,"records":[{"attributes":{"type":"AggregateResult"},"expr0":2}]}"#
    );
}

#[tokio::test]
async fn a_long_result_is_read_page_by_page() {
    let mock = mock().await;
    for number in 0..450 {
        create(&mock, "Account", &format!(r#"{{"Name":"{number}"}}"#)).await;
    }
    let headers = [("sforce-query-options", "batchSize=200")];
    let mut next = "/v66.0/query?q=SELECT+Name+FROM+Account".to_owned();
    let mut sizes = Vec::new();
    loop {
        let page: serde_json::Value = send(&mock, "GET", &next, &headers, "").await.json().await.unwrap();
        assert_eq!(page["totalSize"], 450);
        sizes.push(page["records"].as_array().unwrap().len());
        match page["nextRecordsUrl"].as_str() {
            Some(url) => next = url.strip_prefix("/services/data").unwrap().to_owned(),
            None => break,
        }
        if sizes.len() == 1 {
            create(&mock, "Account", r#"{"Name":"late"}"#).await;
        }
    }
    assert_eq!(sizes, [200, 200, 50], "and what came later is not in it");
    let all = send(&mock, "GET", "/v66.0/queryAll?q=SELECT+Name+FROM+Account", &headers, "").await;
    let all: serde_json::Value = all.json().await.unwrap();
    let locator = all["nextRecordsUrl"].as_str().unwrap().rsplit('/').next().unwrap();
    let rest = ask(&mock, "GET", &format!("/v66.0/queryAll/{locator}"), "").await;
    assert!(rest.0 == 200 && rest.1.starts_with(r#"{"totalSize":451,"done":false,"#), "{}", rest.1);
    mock.tenant().org.clock().advance(16 * 60 * 1000);
    assert_eq!(
        ask(&mock, "GET", &next, "").await.1,
        r#"[{"message":"invalid query locator","errorCode":"INVALID_QUERY_LOCATOR"}]"#
    );
}

#[tokio::test]
async fn deleted_records_are_seen_by_query_all_only() {
    let mock = mock().await;
    let id = create(&mock, "Account", r#"{"Name":"Acme"}"#).await;
    ask(&mock, "DELETE", &format!("/v66.0/sobjects/Account/{id}"), "").await;
    assert_eq!(query(&mock, "SELECT Id FROM Account").await, r#"{"totalSize":0,"done":true,"records":[]}"#);
    let (_, all) = ask(&mock, "GET", "/v66.0/queryAll?q=SELECT+Name,IsDeleted+FROM+Account", "").await;
    assert!(all.ends_with(r#""Name":"Acme","IsDeleted":true}]}"#), "{all}");
}

#[tokio::test]
async fn pretty_print_is_jacksons() {
    let mock = mock().await;
    let answer =
        send(&mock, "GET", "/v66.0/query?q=SELECT+Id+FROM+Account", &[("x-prettyprint", "1")], "").await;
    assert_eq!(
        answer.text().await.unwrap(),
        "{\n  \"totalSize\" : 0,\n  \"done\" : true,\n  \"records\" : [ ]\n}"
    );
}

#[tokio::test]
async fn versions_and_describes() {
    let mock = mock().await;
    let (_, versions) = ask(&mock, "GET", "", "").await;
    assert!(
        versions.starts_with(r#"[{"label":"Summer '14","url":"/services/data/v31.0","version":"31.0"},"#),
        "{versions}"
    );
    let (_, resources) = ask(&mock, "GET", "/v66.0", "").await;
    assert!(resources.contains(r#""query":"/services/data/v66.0/query""#), "{resources}");
    assert!(!resources.contains("tooling"), "what is refused is not offered: {resources}");
    let (_, describe) = ask(&mock, "GET", "/v66.0/sobjects/lead/describe", "").await;
    let describe: serde_json::Value = serde_json::from_str(&describe).unwrap();
    assert_eq!(describe["name"], "Lead");
    assert_eq!(describe["fields"][0]["name"], "Id");
    let (_, global) = ask(&mock, "GET", "/v66.0/sobjects", "").await;
    assert!(global.starts_with(r#"{"encoding":"UTF-8","maxBatchSize":200,"sobjects":["#));
    let (_, basic) = ask(&mock, "GET", "/v66.0/sobjects/Lead", "").await;
    assert!(
        basic.starts_with(r#"{"objectDescribe":{"#) && basic.ends_with(r#""recentItems":[]}"#),
        "{basic}"
    );
}

#[tokio::test]
async fn parents_can_be_named_by_a_field_of_theirs() {
    let mock = mock().await;
    let boss = create(&mock, "Contact", r#"{"LastName":"Boss","Email":"boss@example.com"}"#).await;
    let id =
        create(&mock, "Contact", r#"{"LastName":"Worker","ReportsTo":{"Email":"boss@example.com"}}"#).await;
    let (_, row) = ask(&mock, "GET", &format!("/v66.0/sobjects/Contact/{id}?fields=ReportsToId"), "").await;
    assert!(row.contains(&boss), "{row}");
    let (status, text) = ask(
        &mock,
        "POST",
        "/v66.0/sobjects/Contact",
        r#"{"LastName":"W","ReportsTo":{"Email":"nobody@example.com"}}"#,
    )
    .await;
    assert_eq!(status, 400);
    assert!(
        text.contains(
            "Foreign key external ID: nobody@example.com not found for field Email in entity Contact"
        ),
        "{text}"
    );
}
