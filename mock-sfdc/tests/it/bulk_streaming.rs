//! Uploads and results of the Bulk APIs that are larger than what a process may have in memory for them (`contract/bulk.md`).

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

use crate::{
    TOKEN, client,
    command::{self, Running},
    mock,
};

const INGEST: &str = "/services/data/v66.0/jobs/ingest";
const MB: usize = 1024 * 1024;

/// Sends a body in chunks, each made when the one before it is gone; the head of the answer.
fn send_in_chunks(url: &str, token: &str, path: &str, chunks: impl Iterator<Item = Vec<u8>>) -> String {
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "PUT {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\ncontent-type: text/csv\r\n\
         transfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    for chunk in chunks {
        write!(stream, "{:x}\r\n", chunk.len()).unwrap();
        stream.write_all(&chunk).unwrap();
        stream.write_all(b"\r\n").unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

async fn json(url: &str, token: &str, method: &str, path: &str, body: Value) -> Value {
    let request = client().request(method.parse().unwrap(), format!("{url}{path}")).bearer_auth(token);
    let request = request.header("content-type", "application/json").body(body.to_string());
    serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap()
}

/// A job that waits for its upload; its path.
async fn open(url: &str, token: &str) -> String {
    let job = json(url, token, "POST", INGEST, json!({"object": "Lead", "operation": "insert"})).await;
    format!("{INGEST}/{}", job["id"].as_str().unwrap())
}

/// A server of its own: what it has in memory is nobody else's.
struct Alone(Running);

impl Alone {
    fn start() -> Self {
        let env = std::env::temp_dir().join(format!("mock-sfdc-streaming-{}.env", std::process::id()));
        let running = command::serve(&[], &env);
        std::fs::remove_file(&env).unwrap();
        Self(running)
    }

    /// The most that it ever had in memory; unknown where the system does not tell.
    fn peak(&self) -> Option<usize> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok()? * 1024)
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        let _ = self.0.child.kill();
        let _ = self.0.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_megabytes_come_and_go_through_a_few() {
    const ROWS: usize = 4_000;
    let running = Alone::start();
    let (url, token) = (running.0.url.as_str(), running.0.token.as_str());
    let path = open(url, token).await;
    // Leads without a name: none of them is saved, so that the org does not grow.
    let text = "x".repeat(26_000);
    let rows = (0..ROWS).map(|at| format!("{at},{text}\n").into_bytes());
    let chunks = std::iter::once(b"Company,Description\n".to_vec()).chain(rows);
    let before = running.peak();
    let answer =
        tokio::task::block_in_place(|| send_in_chunks(url, token, &format!("{path}/batches"), chunks));
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    json(url, token, "PATCH", &path, json!({"state": "UploadComplete"})).await;
    let done = json(url, token, "GET", &path, Value::Null).await;
    assert_eq!(
        (&done["state"], &done["numberRecordsFailed"]),
        (&json!("JobComplete"), &json!(ROWS)),
        "{done}"
    );
    let request = client().get(format!("{url}{path}/failedResults")).bearer_auth(token);
    let mut answer = request.header("accept-encoding", "identity").send().await.unwrap();
    let (mut size, mut lines) = (0, 0);
    while let Some(chunk) = answer.chunk().await.unwrap() {
        size += chunk.len();
        lines += chunk.split(|byte| *byte == b'\n').count() - 1;
    }
    assert_eq!(lines, ROWS + 1);
    assert!(size > 100 * MB - 2 * MB, "{size}");
    if let (Some(before), Some(after)) = (before, running.peak()) {
        let grown = (after - before) / MB;
        // The allocator keeps some of what it had; who holds an upload and its results has 200 MB more.
        assert!(grown < 75, "{grown} MB more in memory than before, for {} MB sent", size / MB);
    }
}

#[tokio::test]
async fn rows_are_the_same_wherever_an_upload_is_cut() {
    let mock = mock().await;
    let (url, job) = (mock.url(), open(&mock.url(), TOKEN).await);
    // Quotes, line breaks and letters of several bytes, at all places of all views of the upload.
    let name = |at: usize| format!("Zoë \"{at}\"\n{}", "é".repeat(at * 37 % 1_000));
    let quoted = |text: String| format!("\"{}\"", text.replace('"', "\"\""));
    let rows = (0..600).map(|at| format!("{},Company {at}\n", quoted(name(at)))).collect::<Vec<_>>().concat();
    let csv = format!("Description,Company\n{rows}");
    assert!(csv.len() > 512 * 1024);
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(csv.as_bytes()).unwrap();
    let put = client().put(format!("{url}{job}/batches")).bearer_auth(TOKEN);
    let put = put.header("content-type", "text/csv").header("content-encoding", "gzip");
    assert_eq!(put.body(packed.finish().unwrap()).send().await.unwrap().status(), 201);
    json(&url, TOKEN, "PATCH", &job, json!({"state": "UploadComplete"})).await;
    let results = || client().get(format!("{url}{job}/failedResults")).bearer_auth(TOKEN);
    let plain = results().header("accept-encoding", "identity").send().await.unwrap();
    assert_eq!(plain.headers().get("content-length"), None, "it is made while it is sent");
    let failed = plain.text().await.unwrap();
    assert!(results().send().await.unwrap().text().await.unwrap() == failed, "packed on the way");
    let error = "\"REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --\"";
    let want = (0..600).map(|at| format!("\"\",{error},{},\"Company {at}\"\n", quoted(name(at))));
    let want = format!("\"sf__Id\",\"sf__Error\",Description,Company\n{}", want.collect::<Vec<_>>().concat());
    assert!(failed == want, "{failed:.2000}");
}
