//! The mock over the wire against a bare axum handler that answers the same bytes: both on this machine, interleaved in one
//! run, told as ratios. `cargo bench -p mock-sfdc --bench wire` prints the table of `docs/PERFORMANCE.md`; words behind `--`
//! choose rows by their beginning: `GET PATCH indexed POST`.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, body::Body, response::Response};
use mimalloc::MiMalloc;
use mock_sfdc::MockSfdc;
use tokio::net::TcpListener;

mod plain;

use plain::{Connection, fill};

const CONNECTIONS: usize = 32;
/// What the org holds while it is measured.
const LEADS: usize = 100_000;
const ROUNDS: usize = 12;
const ROUND: Duration = Duration::from_millis(250);

/// The server's.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() {
    let mock = MockSfdc::start().await.expect("a free port");
    let address: SocketAddr = mock.url().trim_start_matches("http://").parse().expect("an address");
    // Millions of requests in one frozen day: an org that refuses them would be measured at refusing.
    let raised = mock.org().transact(mock.admin(), |tx| {
        tx.settings_mut().daily_api_requests = u64::MAX;
        Ok::<_, Infallible>(())
    });
    raised.expect("a setting");
    let workloads = workloads(&mock, address).await;
    println!("| what, {CONNECTIONS} connections | mock a second | bare a second | throughput | p99 |");
    println!("| --- | --- | --- | --- | --- |");
    let chosen: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wanted = |name: &str| chosen.is_empty() || chosen.iter().any(|word| name.starts_with(word.as_str()));
    for (name, request) in workloads.into_iter().filter(|(name, _)| wanted(name)) {
        compare(name, address, request).await;
    }
}

/// Whole requests, ready to be sent.
async fn workloads(mock: &MockSfdc, address: SocketAddr) -> Vec<(&'static str, Arc<[u8]>)> {
    let token = mock.admin_token();
    let request = |method: &str, path: &str, body: &str| -> Arc<[u8]> {
        plain::request(method, path, token, body).into()
    };
    let lead = r#"{"FirstName":"Ada","LastName":"Lovelace","Company":"Engines","Email":"ada@bench.example"}"#;
    let mut connection = Connection::open(address).await;
    fill(&mut connection, token, LEADS).await;
    let created = connection.send(&request("POST", "/sobjects/Lead", lead)).await;
    let id = created.split("\"id\":\"").nth(1).and_then(|rest| rest.get(..18)).expect("an id").to_owned();
    vec![
        ("GET a row", request("GET", &format!("/sobjects/Lead/{id}"), "")),
        ("PATCH", request("PATCH", &format!("/sobjects/Lead/{id}"), r#"{"Title":"Countess"}"#)),
        (
            "indexed query of one record",
            request("GET", &format!("/query?q=SELECT+Id,Name,Email+FROM+Lead+WHERE+Id='{id}'"), ""),
        ),
        ("POST", request("POST", "/sobjects/Lead", r#"{"LastName":"Lovelace","Company":"Engines"}"#)),
    ]
}

async fn compare(name: &str, mock: SocketAddr, request: Arc<[u8]>) {
    let answer = Connection::open(mock).await.send(&request).await;
    let bare = bare(answer).await;
    let (mut ours, mut theirs) = (Measured::default(), Measured::default());
    for round in 0..ROUNDS {
        // Who goes first changes: whatever the machine does between two rounds hits both alike.
        let order = if round % 2 == 0 { [true, false] } else { [false, true] };
        for is_mock in order {
            let (address, into) = if is_mock { (mock, &mut ours) } else { (bare, &mut theirs) };
            into.add(load(address, &request).await);
        }
    }
    println!(
        "| {name} | {:.0} | {:.0} | {:.2} of bare | {:.1} times bare |",
        ours.rate(),
        theirs.rate(),
        ours.rate() / theirs.rate(),
        ours.p99() / theirs.p99()
    );
}

#[derive(Default)]
struct Measured {
    micros: Vec<f64>,
    seconds: f64,
}

impl Measured {
    fn add(&mut self, micros: Vec<f64>) {
        self.micros.extend(micros);
        self.seconds += ROUND.as_secs_f64();
    }

    #[allow(clippy::cast_precision_loss, reason = "a count of requests")]
    fn rate(&self) -> f64 {
        self.micros.len() as f64 / self.seconds
    }

    fn p99(&self) -> f64 {
        let mut sorted = self.micros.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() * 99 / 100).copied().unwrap_or_default()
    }
}

/// All connections ask as fast as they are answered, for one round.
async fn load(address: SocketAddr, request: &Arc<[u8]>) -> Vec<f64> {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..CONNECTIONS {
        let request = Arc::clone(request);
        tasks.spawn(async move {
            let mut connection = Connection::open(address).await;
            let mut micros = Vec::new();
            let end = Instant::now() + ROUND;
            while Instant::now() < end {
                let began = Instant::now();
                connection.exchange(&request).await;
                micros.push(began.elapsed().as_secs_f64() * 1e6);
            }
            micros
        });
    }
    tasks.join_all().await.concat()
}

/// A server that answers these bytes, whatever it is asked.
async fn bare(answer: String) -> SocketAddr {
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status: u16 = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    let mut headers = Vec::new();
    for line in head.lines().skip(1) {
        if let Some((name, value)) = line.split_once(": ")
            && !name.eq_ignore_ascii_case("content-length")
            && !name.eq_ignore_ascii_case("date")
        {
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
    let shared = Arc::new((status, headers, body.to_owned()));
    let app = Router::new().fallback(move |_: axum::body::Bytes| {
        let shared = Arc::clone(&shared);
        async move {
            let mut answer = Response::builder().status(shared.0);
            for (name, value) in &shared.1 {
                answer = answer.header(name, value);
            }
            answer.body(Body::from(shared.2.clone())).expect("a response")
        }
    });
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}
