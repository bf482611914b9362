//! What an address of rows says beside the row: parameters, conditions, the field Id as a key.

use crate::{
    mock,
    wire::{ask, create, send},
};

#[tokio::test]
async fn a_record_is_created_at_the_address_of_its_id_field() {
    let mock = mock().await;
    let answer = send(&mock, "POST", "/v66.0/sobjects/account/Id", &[], r#"{"Name":"New"}"#).await;
    assert_eq!(answer.status(), 201);
    let place = answer.headers()["location"].to_str().unwrap().to_owned();
    let text = answer.text().await.unwrap();
    assert!(text.starts_with(r#"{"id":"001"#) && text.ends_with(r#","success":true,"errors":[]}"#), "{text}");
    let (status, text) = ask(&mock, "GET", place.strip_prefix("/services/data").unwrap(), "").await;
    assert_eq!(status, 200, "{text}");
    // It is no key of a record that is not named, and nothing else is created at such an address.
    for (method, address, status, said) in [
        ("PATCH", "Id", 404, "Provided external ID field does not exist or is not accessible: Id"),
        ("GET", "Id", 404, "Provided external ID field does not exist or is not accessible: Id"),
        ("POST", "Name", 405, "HTTP Method 'POST' not allowed. Allowed are HEAD,GET,PATCH,DELETE"),
        ("POST", "001000000000001", 405, "Allowed are HEAD,GET,PATCH,DELETE"),
        ("PUT", "001000000000001", 405, "Allowed are HEAD,GET,PATCH,DELETE"),
    ] {
        let path = format!("/v66.0/sobjects/Account/{address}");
        let (found, text) = ask(&mock, method, &path, r#"{"Name":"New"}"#).await;
        assert_eq!((found, text.contains(said)), (status, true), "{method} {address}: {text}");
    }
}

#[tokio::test]
async fn fields_are_asked_for_once() {
    let mock = mock().await;
    let id = create(&mock, "Account", r#"{"Name":"Once"}"#).await;
    let (_, text) =
        ask(&mock, "GET", &format!("/v66.0/sobjects/Account/{id}?fields=name,NAME,,Name"), "").await;
    assert_eq!(text.matches("Once").count(), 1, "{text}");
    let (_, all) = ask(&mock, "GET", &format!("/v66.0/sobjects/Account/{id}"), "").await;
    let (_, text) = ask(&mock, "GET", &format!("/v66.0/sobjects/Account/{id}?fields="), "").await;
    assert_eq!(text, all);
    let body = format!(r#"{{"ids":["{id}"],"fields":[]}}"#);
    let (status, text) = ask(&mock, "POST", "/v66.0/composite/sobjects/Account", &body).await;
    assert_eq!((status, text.contains("fields is required")), (400, true), "{text}");
}

#[tokio::test]
async fn update_only_is_true_or_false() {
    let mock = mock().await;
    let path = "/v66.0/sobjects/Contact/Email/new@example.com?updateOnly";
    let (status, text) = ask(&mock, "PATCH", &format!("{path}=yes"), r#"{"LastName":"x"}"#).await;
    assert_eq!((status, text.contains("ILLEGAL_QUERY_PARAMETER_VALUE")), (400, true), "{text}");
    assert_eq!(ask(&mock, "PATCH", &format!("{path}=true"), r#"{"LastName":"x"}"#).await.0, 404);
    assert_eq!(ask(&mock, "PATCH", &format!("{path}=false"), r#"{"LastName":"x"}"#).await.0, 201);
}

#[tokio::test]
async fn a_write_that_is_for_a_record_without_a_tag_finds_none() {
    let mock = mock().await;
    let account = create(&mock, "Account", r#"{"Name":"Guarded"}"#).await;
    let address = format!("/v66.0/sobjects/Account/{account}");
    let guarded = |tag: &'static str| [("if-none-match", tag)];
    assert_eq!(send(&mock, "PATCH", &address, &guarded("*"), r#"{"Name":"x"}"#).await.status(), 412);
    assert_eq!(send(&mock, "DELETE", &address, &guarded("*"), "").await.status(), 412);
    assert_eq!(send(&mock, "PATCH", &address, &guarded("\"other\""), r#"{"Name":"x"}"#).await.status(), 204);
    // Other rows have no tag that could be compared.
    let contact = create(&mock, "Contact", r#"{"LastName":"x"}"#).await;
    let address = format!("/v66.0/sobjects/Contact/{contact}");
    assert_eq!(send(&mock, "PATCH", &address, &guarded("*"), r#"{"LastName":"y"}"#).await.status(), 403);
}

#[tokio::test]
async fn nobody_has_looked_at_a_list_view() {
    let mock = mock().await;
    let (status, text) = ask(&mock, "GET", "/v66.0/sobjects/Account/listviews/recent", "").await;
    assert_eq!(status, 200);
    assert_eq!(
        text,
        r#"{"done":true,"listviews":[],"nextRecordsUrl":null,"size":0,"sobjectType":"Account"}"#
    );
}

#[tokio::test]
async fn an_address_that_is_no_text_names_nothing() {
    let mock = mock().await;
    let path = "/v66.0/sobjects/Contact/Email/%FF%FE";
    let (status, text) = ask(&mock, "PATCH", path, r#"{"LastName":"x"}"#).await;
    assert_eq!((status, text.contains("The requested resource does not exist")), (404, true), "{text}");
}

#[tokio::test]
async fn a_date_in_a_header_is_one_whatever_it_guards() {
    let mock = mock().await;
    let dated = |date: &'static str| [("if-modified-since", date)];
    let body = r#"{"Name":"x"}"#;
    assert_eq!(send(&mock, "POST", "/v66.0/sobjects/Account", &dated("soon"), body).await.status(), 400);
    let told = dated("Wed, 01 Jan 2031 10:00:00 GMT");
    assert_eq!(send(&mock, "POST", "/v66.0/sobjects/Account", &told, body).await.status(), 201);
}
