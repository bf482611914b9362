//! Bulk API 2.0: 100,000 leads over the wire, from `UploadComplete` to `JobComplete`, and what the process keeps of them.
//! `cargo bench -p mock-sfdc --bench bulk` prints the row of `docs/PERFORMANCE.md`; `MOCK_SFDC_BENCH_ROWS` sets another number.

use std::time::{Duration, Instant};

use mimalloc::MiMalloc;
use mock_sfdc::MockSfdc;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

const ROUNDS: usize = 5;

/// The server's.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let rows =
        std::env::var("MOCK_SFDC_BENCH_ROWS").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000);
    println!("| leads | upload | rows a second | resident, before and after | of the upload's bytes |");
    println!("| --- | --- | --- | --- | --- |");
    for _ in 0..ROUNDS {
        round(rows).await;
    }
}

async fn round(rows: usize) {
    let mock = MockSfdc::start().await.expect("a free port");
    let client = Client::new();
    let ask = async |method: Method, path: &str, kind: &str, body: Vec<u8>| {
        let request = client
            .request(method, format!("{}/services/data/v66.0/jobs/ingest{path}", mock.url()))
            .bearer_auth(mock.admin_token())
            .header("content-type", kind)
            .body(body);
        request.send().await.expect("an answer")
    };
    let job = json!({"object": "Lead", "operation": "insert"}).to_string().into_bytes();
    let job: Value = ask(Method::POST, "", "application/json", job).await.json().await.expect("a job");
    let path = format!("/{}", job["id"].as_str().expect("an id"));
    let csv = leads(rows);
    let size = csv.len();
    let began = Instant::now();
    let uploaded = ask(Method::PUT, &format!("{path}/batches"), "text/csv", csv).await;
    assert_eq!(uploaded.status(), StatusCode::CREATED);
    let upload = began.elapsed();
    let before = resident();
    let began = Instant::now();
    let complete = json!({"state": "UploadComplete"}).to_string().into_bytes();
    ask(Method::PATCH, &path, "application/json", complete).await;
    let took = began.elapsed();
    let done: Value = ask(Method::GET, &path, "", Vec::new()).await.json().await.expect("a job");
    assert_eq!(
        (done["state"].as_str(), done["numberRecordsFailed"].as_u64()),
        (Some("JobComplete"), Some(0))
    );
    let after = resident();
    println!(
        "| {rows} | {} MB in {} | {:.0} | {} MB, {} MB | {:.1} |",
        size >> 20,
        millis(upload),
        per_second(rows, took),
        before >> 20,
        after >> 20,
        ratio(after.saturating_sub(before), size)
    );
}

#[allow(clippy::cast_precision_loss, reason = "figures for people")]
fn per_second(rows: usize, took: Duration) -> f64 {
    rows as f64 / took.as_secs_f64()
}

#[allow(clippy::cast_precision_loss, reason = "figures for people")]
fn ratio(grown: usize, size: usize) -> f64 {
    grown as f64 / size as f64
}

fn millis(took: Duration) -> String {
    format!("{} ms", took.as_millis())
}

fn leads(rows: usize) -> Vec<u8> {
    let mut csv =
        b"FirstName,LastName,Company,Email,Phone,Title,LeadSource,Status,City,NumberOfEmployees\n".to_vec();
    for at in 0..rows {
        csv.extend_from_slice(
            format!(
                "Ada{at},Lovelace{at},Engines {},ada{at}@bench.example,+44 20 {at:07},Countess,Web,Open - Not Contacted,London,{}\n",
                at % 1000,
                at % 500
            )
            .as_bytes(),
        );
    }
    csv
}

/// Bytes that this process, client and server, has in memory; 0 where the system does not tell.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    pages.and_then(|text| text.split(' ').nth(1)?.parse::<usize>().ok()).unwrap_or(0) * 4096
}
