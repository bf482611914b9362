//! How much a batch, a record and a field may be (`contract/bulk.md` section 1, limits), in the sentences of Salesforce's own reader.

use std::time::Duration;

use mock_sfdc::MockSfdc;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{TOKEN, client, mock};

const INGEST: &str = "/services/data/v66.0/jobs/ingest";
const ASYNC: &str = "/services/async/66.0/job";

async fn json(mock: &MockSfdc, method: &str, path: &str, kind: &str, body: String) -> Value {
    let request = client().request(method.parse().unwrap(), format!("{}{path}", mock.url()));
    let request = request.bearer_auth(TOKEN).header("x-sfdc-session", TOKEN).header("content-type", kind);
    let text = request.body(body).send().await.unwrap().text().await.unwrap();
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}

/// Why a job of 2.0 with this upload fails; nothing where it does not.
async fn upload(mock: &MockSfdc, csv: String) -> Value {
    let job = json!({"object": "Account", "operation": "insert"}).to_string();
    let job = json(mock, "POST", INGEST, "application/json", job).await;
    let path = format!("{INGEST}/{}", job["id"].as_str().unwrap());
    json(mock, "PUT", &format!("{path}/batches"), "text/csv", csv).await;
    let complete = json!({"state": "UploadComplete"}).to_string();
    json(mock, "PATCH", &path, "application/json", complete).await;
    json(mock, "GET", &path, "", String::new()).await["errorMessage"].clone()
}

/// Why a batch of 1.0 in JSON fails.
async fn batch(mock: &MockSfdc, records: String) -> Value {
    let job = json!({"operation": "insert", "object": "Account", "contentType": "JSON"}).to_string();
    let job = json(mock, "POST", ASYNC, "application/json", job).await;
    let path = format!("{ASYNC}/{}/batch", job["id"].as_str().unwrap());
    let batch = json(mock, "POST", &path, "application/json", records).await;
    if batch["id"].is_null() {
        return batch;
    }
    let path = format!("{path}/{}", batch["id"].as_str().unwrap());
    json(mock, "GET", &path, "", String::new()).await["stateMessage"].clone()
}

#[tokio::test]
async fn fields_and_records_have_a_largest_size() {
    let mock = mock().await;
    // Characters count, not bytes.
    let field = |length: usize| "é".repeat(length);
    let row = |fields: usize, length: usize| vec![field(length); fields].join(",");
    let names = |fields: usize| (0..fields).map(|at| format!("F{at}")).collect::<Vec<_>>().join(",");
    let csv = |text: &str| Value::String(format!("InvalidBatch : Failed to parse CSV. {text}"));
    let unknown = json!("InvalidBatch : Field name not found : F0");
    for (fields, length, fault) in [
        (1, 32_000, unknown.clone()),
        (1, 32_001, csv("Exceeded max field size: 32001")),
        (20, 20_000, unknown.clone()),
        (
            20,
            20_001,
            csv(
                "Exceeded max length for one record: 400020. Max length for one record should be less than or equal to 400000",
            ),
        ),
        (5_000, 0, unknown),
        (5_001, 0, csv("Exceeded max number of columns per record : 5000")),
    ] {
        let text = format!("{}\n{}\n", names(fields), row(fields, length));
        assert_eq!(upload(&mock, text).await, fault, "{fields} fields of {length} characters");
    }
    let long = format!("{}\nx\n", "N".repeat(32_001));
    assert_eq!(upload(&mock, long).await, csv("Exceeded max field size: 32001"));
    let long = format!("{}\n", vec!["Name"; 6_500].join(","));
    assert_eq!(upload(&mock, long).await, csv("Exceeded max number of columns per record : 5000"));
    let long = format!("{}\n", vec!["LongerName"; 3_000].join(","));
    assert_eq!(
        upload(&mock, long).await,
        "InvalidBatch : Failed to parse CSV header. It is longer than 32000 characters"
    );
    let open = format!("Name\n\"{}", "x".repeat(9_000_000));
    let told = upload(&mock, open).await;
    assert!(told.as_str().unwrap().contains("Exceeded max length for one record"), "{told}");
    let json = json!([{"Name": "A"}, {"Name": field(32_001)}]).to_string();
    assert_eq!(
        batch(&mock, json).await,
        "InvalidBatch : Failed to parse JSON. Record 2: Exceeded max field size: 32001"
    );
}

#[tokio::test]
async fn a_batch_has_ten_thousand_records_and_ten_million_characters() {
    let mock = mock().await;
    let records = vec![r#"{"Nothing":"x"}"#; 10_001].join(",");
    assert_eq!(
        batch(&mock, format!("[{records}]")).await,
        "InvalidBatch : Exceeded number of records: 10002. Number of records should be less than or equal to 10001"
    );
    // Ten million characters and one, in a third more bytes than that many characters have.
    let text = "é".repeat(20_000);
    let record = format!(r#"{{"Nothing":"{text}"}},"#);
    let full = format!("[{}", record.repeat(499));
    let left = 10_000_000 - full.chars().count() - r#"{"Nothing":""}]"#.len();
    let filled = |more: usize| format!(r#"{full}{{"Nothing":"{}"}}]"#, "x".repeat(left + more));
    assert_eq!(batch(&mock, filled(0)).await, "InvalidBatch : Field name not found : Nothing");
    assert_eq!(
        batch(&mock, filled(1)).await,
        json!({"exceptionCode": "ClientInputError", "exceptionMessage": "Failed to read request. Exceeded max size limit of 10000000"})
    );
}

/// What is answered to a request that announces so many bytes and sends the first of them.
async fn announced(
    mock: &MockSfdc,
    method: &str,
    path: &str,
    kind: &str,
    bytes: usize,
    sent: &str,
) -> String {
    let address = mock.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {TOKEN}\r\nx-sfdc-session: {TOKEN}\r\n\
         content-type: {kind}\r\ncontent-length: {bytes}\r\n\r\n{sent}"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while !answer.windows(4).any(|four| four == b"\r\n\r\n") {
        let read = timeout(Duration::from_secs(20), stream.read(&mut buffer)).await;
        let read = read.expect("an answer before the body has come").unwrap();
        assert!(read > 0, "the connection ends without an answer");
        answer.extend_from_slice(&buffer[..read]);
    }
    String::from_utf8_lossy(&answer).lines().next().unwrap().to_owned()
}

#[tokio::test]
async fn what_is_announced_as_too_large_is_refused_before_it_comes() {
    let mock = mock().await;
    let job = json!({"object": "Account", "operation": "insert"}).to_string();
    let job = json(&mock, "POST", INGEST, "application/json", job).await;
    let path = format!("{INGEST}/{}/batches", job["id"].as_str().unwrap());
    let most = 150 * 1024 * 1024;
    let told = announced(&mock, "PUT", &path, "text/csv", most + 1, "Name\nA").await;
    assert_eq!(told, "HTTP/1.1 400 Bad Request", "as any request of REST that is too large");
    // Nothing of it counts: the job is still waiting for its upload.
    let state =
        json(&mock, "GET", &format!("{INGEST}/{}", job["id"].as_str().unwrap()), "", String::new()).await;
    assert_eq!(state["state"], "Open");
    let job = json!({"operation": "insert", "object": "Account", "contentType": "CSV"}).to_string();
    let job = json(&mock, "POST", ASYNC, "application/json", job).await;
    let path = format!("{ASYNC}/{}/batch", job["id"].as_str().unwrap());
    let told = announced(&mock, "POST", &path, "text/csv", most, "Name\nA").await;
    assert_eq!(told, "HTTP/1.1 400 Bad Request", "as a batch of too many characters");
    let told =
        announced(&mock, "POST", "/services/data/v66.0/sobjects/Account", "application/json", most, "{")
            .await;
    assert_eq!(told, "HTTP/1.1 400 Bad Request");
}
