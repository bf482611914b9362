//! One event of a push topic to a thousand subscribers of long polling, each on a connection of its own: how long until the last one
//! has it. `cargo bench -p mock-sfdc --bench fanout` prints the line of `docs/PERFORMANCE.md`.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use mimalloc::MiMalloc;
use mock_sfdc::MockSfdc;
use mock_sfdc_org::{
    error::Error,
    save::{DmlOptions, Draft, coerce::Raw},
    state::Transaction,
    verbs,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc,
};

const SUBSCRIBERS: usize = 1_000;
const EVENTS: usize = 20;
const TOPIC: &str = "NewLeads";

/// The server's.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() {
    let mock = MockSfdc::start().await.expect("a free port");
    mock.org()
        .transact(mock.admin(), |tx| {
            let mut allocations = tx.state().streams().setup().allocations(tx.state().settings());
            allocations.clients = 2_000;
            allocations.subscriptions_per_topic = 2_000;
            allocations.daily_deliveries = 1_000_000;
            tx.streams_mut().setup_mut().allocations = Some(allocations);
            let query = "SELECT Id, LastName, Company FROM Lead";
            create(tx, "PushTopic", &[("Name", TOPIC), ("ApiVersion", "66.0"), ("Query", query)])
        })
        .expect("a push topic");
    let address: SocketAddr = mock.url().trim_start_matches("http://").parse().expect("an address");
    let (heard, mut arrivals) = mpsc::unbounded_channel();
    let mut listening = tokio::task::JoinSet::new();
    for _ in 0..SUBSCRIBERS {
        let subscriber = Subscriber::begin(address, mock.admin_token()).await;
        listening.spawn(subscriber.listen(heard.clone()));
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut worst = Vec::with_capacity(EVENTS);
    for number in 0..EVENTS {
        let began = Instant::now();
        publish(&mock, number);
        let mut last = began;
        for _ in 0..SUBSCRIBERS {
            last = last.max(arrivals.recv().await.expect("a subscriber"));
        }
        worst.push(last.duration_since(began));
        // They come back for the next one.
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    worst.sort();
    println!(
        "one event to {SUBSCRIBERS} subscribers, {EVENTS} times: the last one has it after {:.1} ms (median), {:.1} ms (worst)",
        worst[EVENTS / 2].as_secs_f64() * 1e3,
        worst[EVENTS - 1].as_secs_f64() * 1e3
    );
    listening.abort_all();
}

fn publish(mock: &MockSfdc, number: usize) {
    let name = format!("Lead {number}");
    let saved = mock
        .org()
        .transact(mock.admin(), |tx| create(tx, "Lead", &[("LastName", &name), ("Company", "Engines")]));
    saved.expect("the lead is in order");
}

fn create(tx: &mut Transaction, object: &str, fields: &[(&str, &str)]) -> Result<(), Vec<Error>> {
    let object = Arc::clone(tx.state().schema().object(object).expect("a standard object"));
    let mut draft = Draft::default();
    for (field, text) in fields {
        draft.set(&object, field, Raw::Text(text)).expect("a text fits");
    }
    verbs::create(tx, &object, draft, &DmlOptions::default()).map(drop)
}

/// One session on one kept-alive connection.
struct Subscriber {
    stream: TcpStream,
    buffer: Vec<u8>,
    head: String,
    id: String,
}

impl Subscriber {
    async fn begin(address: SocketAddr, token: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("a socket option");
        let head = format!(
            "POST /cometd/66.0 HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        );
        let mut new = Self { stream, buffer: Vec::with_capacity(4 * 1024), head, id: String::new() };
        let answer = new
            .send(r#"[{"channel":"/meta/handshake","version":"1.0","supportedConnectionTypes":["long-polling"]}]"#)
            .await;
        new.id = answer
            .split("\"clientId\":\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .expect("an id")
            .to_owned();
        let cookie = answer.lines().find_map(|line| line.split_once("BAYEUX_BROWSER=")).expect("a cookie").1;
        let cookie = cookie.split(';').next().unwrap_or_default();
        new.head += &["Cookie: BAYEUX_BROWSER=", cookie, "\r\n"].concat();
        new.connect().await;
        let subscribe = format!(
            r#"[{{"channel":"/meta/subscribe","clientId":"{}","subscription":"/topic/{TOPIC}"}}]"#,
            new.id
        );
        let answer = new.send(&subscribe).await;
        assert!(answer.contains("\"successful\":true"), "{answer}");
        new
    }

    async fn connect(&mut self) -> String {
        let message = format!(
            r#"[{{"channel":"/meta/connect","clientId":"{}","connectionType":"long-polling"}}]"#,
            self.id
        );
        self.send(&message).await
    }

    /// Tells when each event has come.
    async fn listen(mut self, heard: mpsc::UnboundedSender<Instant>) {
        loop {
            let answer = self.connect().await;
            if answer.contains("\"sobject\"") && heard.send(Instant::now()).is_err() {
                return;
            }
        }
    }

    async fn send(&mut self, body: &str) -> String {
        let request = format!("{}Content-Length: {}\r\n\r\n{body}", self.head, body.len());
        self.stream.write_all(request.as_bytes()).await.expect("sent");
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await.expect("an answer");
            assert!(read > 0, "the server closed the connection");
            if is_whole(&self.buffer) {
                return String::from_utf8_lossy(&self.buffer).into_owned();
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
