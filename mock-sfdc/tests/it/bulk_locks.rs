//! Batches that meet rows which somebody else has locked (`contract/bulk.md` section 1, states).

use mock_sfdc::MockSfdc;
use serde_json::{Value, json};

use crate::{TOKEN, client, mock};

const INGEST: &str = "/services/data/v66.0/jobs/ingest";
const ASYNC: &str = "/services/async/66.0/job";

async fn text(mock: &MockSfdc, method: &str, path: &str, kind: &str, body: String) -> String {
    let request = client().request(method.parse().unwrap(), format!("{}{path}", mock.url()));
    let request = if path.starts_with("/_mock") {
        request.header("x-mock-token", mock.control_token())
    } else {
        request.bearer_auth(TOKEN).header("x-sfdc-session", TOKEN)
    };
    request.header("content-type", kind).body(body).send().await.unwrap().text().await.unwrap()
}

async fn json(mock: &MockSfdc, method: &str, path: &str, body: Value) -> Value {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let text = text(mock, method, path, "application/json", body).await;
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}

async fn lead(mock: &MockSfdc, name: &str) -> String {
    let lead = json!({"LastName": name, "Company": "Engines"});
    let made = json(mock, "POST", "/services/data/v66.0/sobjects/Lead", lead).await;
    made["id"].as_str().unwrap().to_owned()
}

/// A job that gives two leads a title, complete; its path.
async fn update(mock: &MockSfdc, leads: [&str; 2]) -> String {
    let job = json(mock, "POST", INGEST, json!({"object": "Lead", "operation": "update"})).await;
    let path = format!("{INGEST}/{}", job["id"].as_str().unwrap());
    let csv = format!("Id,Title\n{},Countess\n{},Countess\n", leads[0], leads[1]);
    text(mock, "PUT", &format!("{path}/batches"), "text/csv", csv).await;
    json(mock, "PATCH", &path, json!({"state": "UploadComplete"})).await;
    path
}

/// State, records done, records failed, retries.
async fn told(mock: &MockSfdc, path: &str) -> (String, [u64; 3]) {
    let job = json(mock, "GET", path, Value::Null).await;
    let numbers = ["numberRecordsProcessed", "numberRecordsFailed", "retries"];
    (job["state"].as_str().unwrap().to_owned(), numbers.map(|name| job[name].as_u64().unwrap()))
}

fn is(state: &str, numbers: [u64; 3]) -> (String, [u64; 3]) {
    (state.to_owned(), numbers)
}

async fn lock(mock: &MockSfdc, record: &str) {
    let held = json(mock, "POST", "/_mock/orgs/default/locks", json!({"records": [record]})).await;
    assert!(held["lock"].is_u64(), "{held}");
}

async fn release(mock: &MockSfdc) {
    json(mock, "DELETE", "/_mock/orgs/default/locks", Value::Null).await;
}

#[tokio::test]
async fn a_job_goes_on_when_the_row_is_free() {
    let mock = mock().await;
    mock.org().clock().freeze();
    let (free, locked) = (lead(&mock, "Free").await, lead(&mock, "Locked").await);
    lock(&mock, &locked).await;
    let job = update(&mock, [&free, &locked]).await;
    assert_eq!(told(&mock, &job).await, is("InProgress", [0, 0, 1]));
    let path = format!("/services/data/v66.0/sobjects/Lead/{free}?fields=Title");
    assert_eq!(json(&mock, "GET", &path, Value::Null).await["Title"], Value::Null, "all of the chunk waits");
    release(&mock).await;
    assert_eq!(told(&mock, &job).await, is("JobComplete", [2, 0, 1]));
    assert_eq!(json(&mock, "GET", &path, Value::Null).await["Title"], "Countess");
}

#[tokio::test]
async fn a_job_gives_up_after_ten_retries() {
    let mock = mock().await;
    mock.org().clock().freeze();
    let (free, locked) = (lead(&mock, "Free").await, lead(&mock, "Locked").await);
    lock(&mock, &locked).await;
    let job = update(&mock, [&free, &locked]).await;
    for retries in 1..=10 {
        assert_eq!(told(&mock, &job).await, is("InProgress", [0, 0, retries]));
        mock.org().clock().advance(9_999);
        assert_eq!(told(&mock, &job).await, is("InProgress", [0, 0, retries]));
        mock.org().clock().advance(1);
    }
    assert_eq!(told(&mock, &job).await, is("JobComplete", [2, 1, 10]));
    let failed = text(&mock, "GET", &format!("{job}/failedResults"), "", String::new()).await;
    assert_eq!(
        failed.lines().nth(1).unwrap(),
        format!(
            "\"{locked}\",\"UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record or 1 records: {}:--\",\"{locked}\",\"Countess\"",
            &locked[..15]
        )
    );
}

#[tokio::test]
async fn batches_of_1_0_wait_too_unless_their_job_says_otherwise() {
    let mock = mock().await;
    mock.org().clock().freeze();
    let locked = lead(&mock, "Locked").await;
    lock(&mock, &locked).await;
    let made = async |header: Option<&str>| {
        let job = json!({"operation": "update", "object": "Lead", "contentType": "JSON", "concurrencyMode": "Serial"});
        let request = client().post(format!("{}{ASYNC}", mock.url())).header("x-sfdc-session", TOKEN);
        let mut request = request.header("content-type", "application/json").body(job.to_string());
        if let Some(value) = header {
            request = request.header("sforce-disable-batch-retry", value);
        }
        serde_json::from_str::<Value>(&request.send().await.unwrap().text().await.unwrap()).unwrap()
    };
    for header in [None, Some("FALSE")] {
        let job = made(header).await;
        let path = format!("{ASYNC}/{}", job["id"].as_str().unwrap());
        let batches = format!("{path}/batch");
        json(&mock, "POST", &batches, json!([{"Id": locked, "Title": "Countess"}])).await;
        json(&mock, "POST", &batches, json!([{"Id": locked, "Title": "Queen"}])).await;
        let states = async || {
            let all = json(&mock, "GET", &batches, Value::Null).await;
            [0, 1].map(|at| all["batchInfo"][at]["state"].as_str().unwrap().to_owned())
        };
        assert_eq!(states().await, ["InProgress", "Queued"], "{header:?}");
        assert_eq!(json(&mock, "GET", &path, Value::Null).await["numberRetries"], 1);
        release(&mock).await;
        assert_eq!(states().await, ["Completed", "Completed"], "{header:?}");
        lock(&mock, &locked).await;
    }
    let job = made(Some("TRUE")).await;
    let batches = format!("{ASYNC}/{}/batch", job["id"].as_str().unwrap());
    let batch = json(&mock, "POST", &batches, json!([{"Id": locked, "Title": "Duchess"}])).await;
    let result = format!("{batches}/{}/result", batch["id"].as_str().unwrap());
    let result = json(&mock, "GET", &result, Value::Null).await;
    assert_eq!(result[0]["errors"][0]["statusCode"], "UNABLE_TO_LOCK_ROW", "{result}");
    let wrong = made(Some("maybe")).await;
    assert_eq!(wrong["exceptionCode"], "ClientInputError", "{wrong}");
}
