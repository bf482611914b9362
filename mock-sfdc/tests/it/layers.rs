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
        ask(&mock, "POST", "/services/data/v66.0/composite/tree/Account", &format!("OAuth {TOKEN}")).await;
    assert_eq!(status, 403);
    assert!(text.contains("does not emulate rest.composite"), "{text}");
    assert_eq!(headers["sforce-limit-info"], "api-usage=1/15000");
    assert_eq!(headers["x-content-type-options"], "nosniff");
}
