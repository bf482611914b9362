//! A page of 2,000 records by ten fields over the wire, against `serde_json` writing the same rows from memory: in one run, in turn.
//! `cargo bench -p mock-sfdc --bench page` prints the line of `docs/PERFORMANCE.md`.

use std::{
    hint::black_box,
    net::SocketAddr,
    time::{Duration, Instant},
};

use mimalloc::MiMalloc;
use mock_sfdc::MockSfdc;
use serde_json::Value;

mod plain;

use plain::{Connection, fill, request};

const LEADS: usize = 100_000;
const ROUNDS: usize = 60;
const QUERY: &str = "/query?q=SELECT+Id,FirstName,LastName,Company,Email,Phone,Title,City,Country,AnnualRevenue+FROM+Lead+LIMIT+2000";

/// The server's.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() {
    let mock = MockSfdc::start().await.expect("a free port");
    let address: SocketAddr = mock.url().trim_start_matches("http://").parse().expect("an address");
    let mut connection = Connection::open(address).await;
    fill(&mut connection, mock.admin_token(), LEADS).await;
    let query = request("GET", QUERY, mock.admin_token(), "");
    let answer = connection.send(&query).await;
    let body = answer.split_once("\r\n\r\n").expect("a body").1;
    let rows: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(rows["records"].as_array().map(Vec::len), Some(2_000));
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let began = Instant::now();
        connection.exchange(&query).await;
        ours.push(began.elapsed());
        let began = Instant::now();
        black_box(serde_json::to_vec(black_box(&rows)).expect("JSON"));
        theirs.push(began.elapsed());
    }
    let (ours, theirs) = (median(ours), median(theirs));
    println!("| what | mock | serde_json | rate |\n| --- | --- | --- | --- |");
    println!(
        "| 2,000 records by ten fields, {} bytes | {ours:.2?} | {theirs:.2?} | {:.2} of serde_json's |",
        body.len(),
        theirs.as_secs_f64() / ours.as_secs_f64()
    );
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
