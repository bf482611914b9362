//! The mock over the wire against a bare axum handler that answers the same bytes: both on this machine, interleaved in one
//! run, told as ratios. `cargo bench -p mock-sfdc --bench wire` prints the table of `docs/PERFORMANCE.md`.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, body::Body, response::Response};
use mock_sfdc::MockSfdc;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const CONNECTIONS: usize = 32;
const ROUNDS: usize = 12;
const ROUND: Duration = Duration::from_millis(250);

#[tokio::main]
async fn main() {
    let mock = MockSfdc::start().await.expect("a free port");
    let address: SocketAddr = mock.url().trim_start_matches("http://").parse().expect("an address");
    let workloads = workloads(&mock, address).await;
    println!("| what, {CONNECTIONS} connections | mock a second | bare a second | throughput | p99 |");
    println!("| --- | --- | --- | --- | --- |");
    for (name, request) in workloads {
        compare(name, address, request).await;
    }
}

/// Whole requests, ready to be sent.
async fn workloads(mock: &MockSfdc, address: SocketAddr) -> Vec<(&'static str, Arc<[u8]>)> {
    let token = mock.admin_token();
    let request = |method: &str, path: &str, body: &str| -> Arc<[u8]> {
        format!(
            "{method} /services/data/v66.0{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
        .into()
    };
    let lead = r#"{"FirstName":"Ada","LastName":"Lovelace","Company":"Engines","Email":"ada@bench.example"}"#;
    let mut connection = Connection::open(address).await;
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

/// One kept-alive connection of the plainest client there can be.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("a socket option");
        Self { stream, buffer: Vec::with_capacity(16 * 1024) }
    }

    async fn send(&mut self, request: &[u8]) -> String {
        self.exchange(request).await;
        String::from_utf8_lossy(&self.buffer).into_owned()
    }

    /// Sends a request and reads its whole answer into the buffer.
    async fn exchange(&mut self, request: &[u8]) {
        self.stream.write_all(request).await.expect("sent");
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await.expect("an answer");
            assert!(read > 0, "the server closed the connection");
            if is_whole(&self.buffer) {
                return;
            }
        }
    }
}

fn is_whole(answer: &[u8]) -> bool {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
    let length = head
        .split("content-length: ")
        .nth(1)
        .and_then(|rest| rest.lines().next()?.trim().parse::<usize>().ok());
    answer.len() >= end + 4 + length.unwrap_or(0)
}
