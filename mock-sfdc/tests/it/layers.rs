//! What every request passes, and in which order.

use mock_sfdc::MockSfdc;
use reqwest::Method;

use crate::{TOKEN, client, mock};

async fn ask(
    mock: &MockSfdc,
    method: &str,
    path: &str,
    authorization: &str,
) -> (u16, String, reqwest::header::HeaderMap) {
    let mut request = client().request(method.parse::<Method>().unwrap(), format!("{}{path}", mock.url()));
    if !authorization.is_empty() {
        request = request.header("authorization", authorization);
    }
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    (status, answer.text().await.unwrap(), headers)
}

#[tokio::test]
async fn errors_come_in_the_order_of_the_layers() {
    let mock = mock().await;
    let good = &format!("Bearer {TOKEN}");
    for (method, path, authorization, status, body) in [
        (
            "GET",
            "/nowhere",
            "",
            404,
            r#"[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]"#,
        ),
        (
            "GET",
            "/services/data/v99.0/limits",
            "",
            404,
            r#"[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]"#,
        ),
        (
            "GET",
            "/services/data/v30.0/limits",
            "",
            410,
            r#"[{"message":"API version v30.0 is retired. Versions 31.0 and later are supported.","errorCode":"GONE"}]"#,
        ),
        (
            "GET",
            "/services/data/v6.0/limits",
            "",
            404,
            r#"[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]"#,
        ),
        (
            "GET",
            "/services/data/66/limits",
            "",
            404,
            r#"[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]"#,
        ),
        (
            "GET",
            "/services/data/v66.0/limits",
            "",
            401,
            r#"[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]"#,
        ),
        (
            "GET",
            "/services/data/v66.0/limits",
            "Basic eA==",
            401,
            r#"[{"message":"INVALID_HEADER_TYPE","errorCode":"INVALID_AUTH_HEADER"}]"#,
        ),
        (
            "GET",
            "/services/data/v66.0/nowhere",
            "",
            401,
            r#"[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]"#,
        ),
        (
            "GET",
            "/services/data/v66.0/nowhere",
            good,
            404,
            r#"[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]"#,
        ),
        (
            "PATCH",
            "/services/data/v66.0/sobjects/Account",
            good,
            405,
            r#"[{"errorCode":"METHOD_NOT_ALLOWED","message":"HTTP Method 'PATCH' not allowed. Allowed are HEAD,GET,POST"}]"#,
        ),
        (
            "GET",
            "/services/data/v66.0/sobjects?limt=1",
            good,
            400,
            r#"[{"message":"mock-sfdc: rest.sobjects has no parameter \"limt\"; known: none","errorCode":"INVALID_INPUT"}]"#,
        ),
    ] {
        let (found, text, _) = ask(&mock, method, path, authorization).await;
        assert_eq!((found, text.as_str()), (status, body), "{method} {path}");
    }
}

#[tokio::test]
async fn what_is_not_emulated_says_so_and_counts() {
    let mock = mock().await;
    let (status, text, headers) =
        ask(&mock, "POST", "/services/data/v66.0/wave/lenses", &format!("OAuth {TOKEN}")).await;
    assert_eq!(status, 403);
    assert!(text.contains("does not emulate rest.wave"), "{text}");
    assert_eq!(headers["sforce-limit-info"], "api-usage=1/15000");
    assert_eq!(headers["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn answers_carry_the_orgs_time_and_no_limit_before_a_session() {
    let mock = mock().await;
    mock.clock().freeze_at(mock_sfdc_org::value::DateTime::parse("2026-11-22T03:29:01Z").unwrap());
    let (_, _, headers) = ask(&mock, "GET", "/services/data/v99.0/limits", "").await;
    assert_eq!(headers["date"], "Sun, 22 Nov 2026 03:29:01 GMT");
    assert_eq!(headers["x-robots-tag"], "none");
    assert_eq!(headers["x-sfdc-request-id"], headers["x-request-id"]);
    assert_eq!(headers["x-request-id"].len(), 32);
    assert!(headers.get("sforce-limit-info").is_none());
    assert!(headers.get("vary").is_none(), "errors do not vary");
}

#[tokio::test]
async fn a_lenient_server_ignores_unknown_parameters_and_notes_them() {
    let mock = MockSfdc::builder().lenient(true).start().await.unwrap();
    let bearer = format!("Bearer {}", mock.admin_token());
    let (status, _, _) = ask(&mock, "GET", "/services/data/v66.0/sobjects?limt=1", &bearer).await;
    assert_eq!(status, 200);
    assert_eq!(mock.journal().entries()[0].ignored, ["limt"]);
}

#[tokio::test]
async fn a_post_can_stand_in_for_a_patch() {
    let mock = MockSfdc::start().await.unwrap();
    let url = format!("{}/services/data/v66.0/sobjects/Lead/00Q5g0000000001EAA", mock.url());
    for request in [
        client().post(format!("{url}?_HttpMethod=PATCH")),
        client().post(&url).header("x-http-method-override", "PATCH"),
    ] {
        let request = request.bearer_auth(mock.admin_token()).header("content-type", "application/json");
        assert_eq!(request.body(r#"{"Rating":"Hot"}"#).send().await.unwrap().status(), 204);
    }
    mock.expect("rest.sobject.update").times(2);
}

#[tokio::test]
async fn versions_after_the_newest_are_served_when_a_server_is_told_to() {
    let mock = MockSfdc::builder().newest_version(68).start().await.unwrap();
    let get = async |path: &str| {
        let answer = client().get(format!("{}{path}", mock.url())).bearer_auth(mock.admin_token());
        let answer = answer.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (_, versions) = get("/services/data").await;
    assert!(
        versions.ends_with(r#"{"label":"Winter '27","url":"/services/data/v68.0","version":"68.0"}]"#),
        "{versions}"
    );
    let (status, found) = get("/services/data/v68.0/query?q=SELECT+Id+FROM+User+LIMIT+1").await;
    assert_eq!(status, 200, "{found}");
    assert!(found.contains("/services/data/v68.0/sobjects/User/"), "{found}");
    assert_eq!(get("/services/data/v69.0/limits").await.0, 404);
    assert_eq!(get("/services/wsdl/partner?version=68.0").await.0, 200);
}

#[tokio::test]
async fn a_version_of_a_package_is_refused_by_name() {
    let mock = mock().await;
    let limits = format!("{}/services/data/v66.0/limits", mock.url());
    let request = client().get(limits).bearer_auth(TOKEN).header("x-sfdc-packageversion-acme", "1.2");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 403);
    let text = answer.text().await.unwrap();
    assert!(text.contains("does not emulate the header x-sfdc-packageversion-acme"), "{text}");
}
