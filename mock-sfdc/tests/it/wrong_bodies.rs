//! Bodies that are not what a resource takes: each is refused, with the place where it goes wrong, and nothing is done.

use serde_json::{Value, json};

use crate::{
    mock,
    wire::{ask, column, create, query, send},
};

fn code(text: &str) -> String {
    let said: Value = serde_json::from_str(text).unwrap_or_default();
    said[0]["errorCode"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn an_array_is_never_taken_for_an_object() {
    let mock = mock().await;
    let row = "/services/data/v66.0/sobjects/Account";
    for (method, path, body) in [
        (
            "POST",
            "/composite",
            format!(
                r#"[false,true,[{{"method":"POST","url":"{row}","referenceId":"a","body":{{"Name":"x"}}}}]]"#
            ),
        ),
        (
            "POST",
            "/composite",
            format!(r#"{{"compositeRequest":[["POST","{row}","a",{{}},{{"Name":"x"}}]]}}"#),
        ),
        (
            "POST",
            "/composite/batch",
            r#"{"batchRequests":[["POST","v66.0/sobjects/Account",{"Name":"x"}]]}"#.to_owned(),
        ),
        (
            "POST",
            "/composite/batch",
            r#"[false,[{"method":"POST","url":"v66.0/sobjects/Account","richInput":{"Name":"x"}}]]"#
                .to_owned(),
        ),
        (
            "POST",
            "/composite/graph",
            format!(
                r#"{{"graphs":[["1",[{{"method":"POST","url":"{row}","referenceId":"a","body":{{"Name":"x"}}}}]]]}}"#
            ),
        ),
        (
            "POST",
            "/composite/sobjects",
            r#"[false,[{"attributes":{"type":"Account"},"Name":"x"}]]"#.to_owned(),
        ),
        ("POST", "/composite/sobjects/Account", r#"[["001000000000001"],["Id"]]"#.to_owned()),
        (
            "POST",
            "/composite/tree/Account",
            r#"[[{"attributes":{"type":"Account","referenceId":"a"},"Name":"x"}]]"#.to_owned(),
        ),
        ("POST", "/parameterizedSearch", r#"["Grill"]"#.to_owned()),
        ("POST", "/parameterizedSearch", r#"{"q":"Grill","sobjects":[["Account",["Id"],1]]}"#.to_owned()),
        ("POST", "/process/approvals", r#"{"requests":[["Submit"]]}"#.to_owned()),
        ("POST", "/actions/standard/emailSimple", r#"{"inputs":[["a@example.com"]]}"#.to_owned()),
    ] {
        let (status, text) = ask(&mock, method, &format!("/v66.0{path}"), &body).await;
        assert_eq!((status, code(&text).as_str()), (400, "JSON_PARSER_ERROR"), "{path} {body}: {text}");
        assert!(text.contains("START_ARRAY value ["), "{text}");
    }
    // Of a collection it is the record that is wrong.
    let (_, text) = ask(
        &mock,
        "POST",
        "/v66.0/composite/sobjects",
        r#"{"records":[{"attributes":["Account"],"Name":"x"}]}"#,
    )
    .await;
    assert!(text.contains("instance of attributes from START_ARRAY"), "{text}");
    assert!(query(&mock, "SELECT Id FROM Account WHERE Name = 'x'").await.starts_with(r#"{"totalSize":0"#));
}

#[tokio::test]
async fn what_is_of_another_kind_is_told_in_the_words_of_the_parser() {
    let mock = mock().await;
    for (path, body, said) in [
        (
            "/composite",
            r#"{"allOrNone":"yes","compositeRequest":[]}"#,
            "Cannot deserialize instance of boolean from VALUE_STRING value yes or request may be missing a required field at [line:1, column:18]",
        ),
        ("/composite", r#"{"compositeRequest":{}}"#, "instance of list from START_OBJECT value {"),
        ("/composite", "{}", r#"Missing required field \"compositeRequest\""#),
        ("/composite/sobjects", r#"{"records":[],"halt":1}"#, r#"Unrecognized field \"halt\""#),
        ("/process/rules", r#"{"contextIds":[5]}"#, "instance of string from VALUE_NUMBER_INT value 5"),
        (
            "/parameterizedSearch",
            r#"{"q":null,"overallLimit":-1}"#,
            "instance of int from VALUE_NUMBER_INT value -1",
        ),
    ] {
        let (status, text) = ask(&mock, "POST", &format!("/v66.0{path}"), body).await;
        assert_eq!((status, code(&text).as_str()), (400, "JSON_PARSER_ERROR"), "{path} {body}: {text}");
        assert!(text.contains(said), "{path} {body}: {text}");
    }
    // A body that is not said to be JSON is none.
    let form = send(&mock, "POST", "/v66.0/parameterizedSearch", &[("content-type", "text/plain")], "").await;
    assert_eq!(form.status(), 415);
}

#[tokio::test]
async fn half_a_surrogate_pair_does_not_empty_a_field() {
    let mock = mock().await;
    let id = create(&mock, "Account", r#"{"Name":"Whole","Description":"kept"}"#).await;
    let address = format!("/v66.0/sobjects/Account/{id}");
    let (status, text) = ask(&mock, "PATCH", &address, r#"{"Description":"\ud83d"}"#).await;
    assert_eq!((status, code(&text).as_str()), (400, "JSON_PARSER_ERROR"), "{text}");
    assert_eq!(column(&mock, "SELECT Description FROM Account WHERE Name = 'Whole'").await, ["kept"]);
}

#[tokio::test]
async fn a_number_that_no_field_holds_is_out_of_range() {
    let mock = mock().await;
    for (number, shown) in [("1e30", "1.0E30"), ("-2.5E300", "-2.5E300"), (r#""1e30""#, "1.0E30")] {
        let body = format!(r#"{{"Name":"x","AnnualRevenue":{number}}}"#);
        let (status, text) = ask(&mock, "POST", "/v66.0/sobjects/Account", &body).await;
        assert_eq!(status, 400);
        assert!(
            text.contains(&format!("Annual Revenue: value outside of valid range on numeric field: {shown}")),
            "{text}"
        );
    }
    // More than a double holds is no number.
    let (_, text) =
        ask(&mock, "POST", "/v66.0/sobjects/Account", r#"{"Name":"x","AnnualRevenue":1e400}"#).await;
    assert_eq!(code(&text), "JSON_PARSER_ERROR", "{text}");
    create(&mock, "Account", r#"{"Name":"Little","AnnualRevenue":1e-40}"#).await;
    assert_eq!(column(&mock, "SELECT AnnualRevenue FROM Account WHERE Name = 'Little'").await, ["0.0"]);
}

#[tokio::test]
async fn what_a_record_says_of_itself_must_be_true() {
    let mock = mock().await;
    for attributes in [r#"{"type":"Contact"}"#, r#""Account""#, "5", r#"["Account"]"#] {
        let body = format!(r#"{{"attributes":{attributes},"Name":"x"}}"#);
        let (status, text) = ask(&mock, "POST", "/v66.0/sobjects/Account", &body).await;
        assert_eq!(status, 400, "{text}");
    }
    let id =
        create(&mock, "Account", r#"{"attributes":{"type":"account","url":"/any"},"Name":"Parent"}"#).await;
    // A parent twice over: the code and the words that clients were told.
    let body = format!(r#"{{"LastName":"x","AccountId":"{id}","Account":{{"Id":"{id}"}}}}"#);
    let (status, text) = ask(&mock, "POST", "/v66.0/sobjects/Contact", &body).await;
    let said = "Cannot specify both an external ID reference Account and a salesforce id, AccountId";
    assert_eq!((status, code(&text).as_str()), (400, "INVALID_FIELD"), "{text}");
    assert!(text.contains(said), "{text}");
    let body = format!(r#"{{"LastName":"x","Account":{{"attributes":5,"Id":"{id}"}}}}"#);
    let (status, text) = ask(&mock, "POST", "/v66.0/sobjects/Contact", &body).await;
    assert_eq!((status, code(&text).as_str()), (400, "JSON_PARSER_ERROR"), "{text}");
}

#[tokio::test]
async fn a_quick_action_takes_what_it_knows() {
    let mock = mock().await;
    let account = create(&mock, "Account", r#"{"Name":"x"}"#).await;
    let contact = create(&mock, "Contact", r#"{"LastName":"x"}"#).await;
    for (body, wanted) in [
        (json!({"contextId": 5, "record": {"Subject": "x"}}), "JSON_PARSER_ERROR"),
        (json!({"contextId": account, "record": {"Subject": "x"}, "more": 1}), "JSON_PARSER_ERROR"),
        // The action of accounts is started from an account.
        (json!({"contextId": contact, "record": {"Subject": "x"}}), "INVALID_CROSS_REFERENCE_KEY"),
    ] {
        let path = "/v66.0/sobjects/Account/quickActions/LogACall";
        let (status, text) = ask(&mock, "POST", path, &body.to_string()).await;
        assert_eq!((status, code(&text).as_str()), (400, wanted), "{body}: {text}");
    }
    assert!(query(&mock, "SELECT Id FROM Task").await.starts_with(r#"{"totalSize":0"#));
}

#[tokio::test]
async fn a_moment_outside_of_the_calendar_is_no_date() {
    let mock = mock().await;
    for (day, shown) in [
        ("9999-12-31", Some("Fri Dec 31 00:00:00 GMT 9999")),
        ("1699-12-31", Some("Thu Dec 31 00:00:00 GMT 1699")),
        ("4001-01-01", Some("Mon Jan 01 00:00:00 GMT 4001")),
        ("1700-01-01", None),
        ("4000-12-31", None),
    ] {
        let body = format!(r#"{{"LastName":"x","Birthdate":"{day}"}}"#);
        let (status, text) = ask(&mock, "POST", "/v66.0/sobjects/Contact", &body).await;
        let Some(shown) = shown else {
            assert_eq!(status, 201, "{day}: {text}");
            continue;
        };
        assert_eq!((status, code(&text).as_str()), (400, "FIELD_INTEGRITY_EXCEPTION"), "{day}: {text}");
        assert!(text.contains(&format!("Birthdate: invalid date: {shown}")), "{text}");
        assert!(text.contains(r#""fields":["Birthdate"]"#), "{text}");
    }
    let body = r#"{"Subject":"x","ReminderDateTime":"4001-01-01T10:20:30Z"}"#;
    let (_, text) = ask(&mock, "POST", "/v66.0/sobjects/Task", body).await;
    assert!(text.contains("invalid date: Mon Jan 01 10:20:30 GMT 4001"), "{text}");
}

#[tokio::test]
async fn numbers_as_large_as_can_be_break_nothing() {
    let mock = crate::lists::mock().await;
    for (path, wanted) in [
        ("ui-api/lookups/Contact/AccountId?page=", 400),
        ("ui-api/lookups/Contact/AccountId?pageSize=", 400),
        ("ui-api/list-info/Account?pageSize=2000&pageToken=", 200),
        ("ui-api/list-records/Account/AllAccounts?pageToken=", 400),
        ("search/suggestions?q=har&sobject=Account&limit=", 200),
        ("parameterizedSearch?q=har&overallLimit=", 200),
        ("recent?limit=", 200),
        ("query?q=SELECT+Id+FROM+Account+LIMIT+", 200),
    ] {
        let (status, text) = ask(&mock, "GET", &format!("/v66.0/{path}{}", u64::MAX), "").await;
        assert_eq!(status, wanted, "{path}: {text}");
    }
}
