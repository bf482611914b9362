//! XML for those who ask for it.

use crate::{
    TOKEN, client, mock,
    wire::{ask, create, send},
};

const XML: [(&str, &str); 1] = [("accept", "application/xml")];

#[tokio::test]
async fn answers_are_xml_by_header_and_by_suffix() {
    let mock = mock().await;
    let id = create(&mock, "Account", r#"{"Name":"A & B"}"#).await;
    let head = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    let url = format!("/services/data/v66.0/sobjects/Account/{id}");
    for (path, headers, body) in [
        (
            "/v66.0/query?q=SELECT+Name,Phone+FROM+Account".to_owned(),
            &XML[..],
            format!(
                r#"<QueryResult xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><totalSize>1</totalSize><done>true</done><records type="Account" url="{url}"><Name>A &amp; B</Name><Phone xsi:nil="true"/></records></QueryResult>"#
            ),
        ),
        (
            format!("/v66.0/sobjects/Account/{id}.xml?fields=Name"),
            &[],
            format!(r#"<Account type="Account" url="{url}"><Name>A &amp; B</Name></Account>"#),
        ),
        (
            "/v66.0/sobjects/Nope/describe".to_owned(),
            &XML[..],
            "<Errors><Error><errorCode>NOT_FOUND</errorCode><message>The requested resource does not exist</message></Error></Errors>".to_owned(),
        ),
    ] {
        let answer = send(&mock, "GET", &path, headers, "").await;
        assert_eq!(answer.headers()["content-type"], "application/xml;charset=UTF-8");
        assert_eq!(answer.text().await.unwrap(), format!("{head}{body}"), "{path}");
    }
    let pretty = [XML[0], ("x-prettyprint", "1")];
    let laid_out =
        send(&mock, "GET", &format!("/v66.0/sobjects/Account/{id}?fields=Name,Phone"), &pretty, "").await;
    let text = laid_out.text().await.unwrap();
    assert!(text.ends_with("\n  <Name>A &amp; B</Name>\n  <Phone xsi:nil=\"true\"/>\n</Account>"), "{text}");
    let limits = send(&mock, "GET", "/v66.0/limits", &XML, "").await.text().await.unwrap();
    assert!(limits.starts_with(&format!("{head}<LimitsSnapshot>")), "{limits}");
    let (_, json) = ask(&mock, "GET", "/v66.0/query.json?q=SELECT+Name+FROM+Account", "").await;
    assert!(json.starts_with("{\"totalSize\":1,"), "{json}");
}

#[tokio::test]
async fn records_may_come_as_xml() {
    let mock = mock().await;
    let post = |path: &'static str, kind: &'static str, body: &'static str| {
        let request = client().post(format!("{}/services/data{path}", mock.url())).bearer_auth(TOKEN);
        request.header("content-type", kind).header("accept", "application/xml").body(body).send()
    };
    let body = r#"<?xml version="1.0" encoding="utf-8" ?><Account><Name>Express</Name><NumberOfEmployees>7</NumberOfEmployees></Account>"#;
    let answer = post("/v66.0/sobjects/Account", "application/xml", body).await.unwrap();
    assert_eq!(answer.status(), 201);
    let text = answer.text().await.unwrap();
    assert!(
        text.contains("<Result><id>001") && text.ends_with("</id><success>true</success></Result>"),
        "{text}"
    );
    let rows = ask(&mock, "GET", "/v66.0/query?q=SELECT+Name,NumberOfEmployees+FROM+Account", "").await.1;
    assert!(rows.contains(r#""Name":"Express","NumberOfEmployees":7"#), "{rows}");

    for (kind, body, status, code) in [
        ("text/xml", "<Account><Name>", 400, "XML_PARSER_ERROR"),
        ("text/xml", "<!DOCTYPE x><Account/>", 400, "XML_PARSER_ERROR"),
        ("text/csv", "Name\nA\n", 415, "UNSUPPORTED_MEDIA_TYPE"),
    ] {
        let answer = post("/v66.0/sobjects/Account", kind, body).await.unwrap();
        assert_eq!(answer.status(), status, "{body}");
        assert!(answer.text().await.unwrap().contains(&format!("<errorCode>{code}</errorCode>")), "{body}");
    }
}

#[tokio::test]
async fn a_client_that_takes_neither_is_told() {
    let mock = mock().await;
    let answer = send(&mock, "GET", "/v66.0/limits", &[("accept", "text/plain")], "").await;
    assert_eq!(
        (answer.status().as_u16(), answer.text().await.unwrap().as_str()),
        (406, r#"[{"message":"Accept type text/plain not supported","errorCode":"NOT_ACCEPTABLE"}]"#)
    );
}

#[tokio::test]
async fn an_answer_is_well_formed_whatever_a_record_has_in_it() {
    let mock = mock().await;
    create(&mock, "Account", r#"{"Name":"a\u0000b\u001fc\ufffe<"}"#).await;
    let path = "/v66.0/query?q=SELECT+Name+FROM+Account";
    let text = send(&mock, "GET", path, &XML, "").await.text().await.unwrap();
    assert!(text.contains("<Name>a\u{fffd}b\u{fffd}c\u{fffd}&lt;</Name>"), "{text}");
    // JSON has a way to write them.
    let (_, text) = ask(&mock, "GET", path, "").await;
    assert!(text.contains(r#""Name":"a\u0000b\u001fc"#), "{text}");
}
