//! Requests as tests write them: method, path behind `/services/data`, body; status and text.

use mock_sfdc::MockSfdc;
use reqwest::{Method, Response};

use crate::{TOKEN, client};

pub async fn send(
    mock: &MockSfdc,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Response {
    let method: Method = method.parse().unwrap();
    let url = format!("{}/services/data{path}", mock.url());
    let mut request = client().request(method, url).bearer_auth(TOKEN);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if !body.is_empty() {
        request = request.header("content-type", "application/json").body(body.to_owned());
    }
    request.send().await.unwrap()
}

/// Status and body.
pub async fn ask(mock: &MockSfdc, method: &str, path: &str, body: &str) -> (u16, String) {
    let answer = send(mock, method, path, &[], body).await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

pub async fn create(mock: &MockSfdc, object: &str, body: &str) -> String {
    let (status, text) = ask(mock, "POST", &format!("/v66.0/sobjects/{object}"), body).await;
    assert_eq!(status, 201, "{text}");
    text.split('"').nth(3).unwrap().to_owned()
}

pub async fn query(mock: &MockSfdc, soql: &str) -> String {
    let url = format!("/v66.0/query?q={}", soql.replace('%', "%25").replace(' ', "+").replace('\'', "%27"));
    ask(mock, "GET", &url, "").await.1
}

/// What a query of one column finds, in its order.
pub async fn column(mock: &MockSfdc, soql: &str) -> Vec<String> {
    let (status, text) = ask(mock, "GET", &format!("/v66.0/query?q={}", soql.replace(' ', "+")), "").await;
    assert_eq!(status, 200, "{text}");
    let body: serde_json::Value = serde_json::from_str(&text).unwrap();
    let last =
        |record: &serde_json::Value| record.as_object().unwrap().values().next_back().unwrap().to_string();
    body["records"].as_array().unwrap().iter().map(|record| last(record).replace('"', "")).collect()
}
