//! A fresh Salesforce in a test, from `MockSfdc::start()` to its first answer, against a fresh server of wiremock-rs: in one run, in turn.
//! `cargo bench -p mock-sfdc-yardstick --bench start` prints the line of `docs/PERFORMANCE.md`.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use mock_sfdc::MockSfdc;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

const ROUNDS: usize = 101;

#[tokio::main]
async fn main() {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let mock = MockSfdc::start().await.expect("a free port");
        first_answer(mock.url().trim_start_matches("http://").parse().expect("an address")).await;
        ours.push(began.elapsed());
        let began = Instant::now();
        let server = MockServer::builder().start().await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(200).set_body_string("[]"))
            .mount(&server)
            .await;
        first_answer(*server.address()).await;
        theirs.push(began.elapsed());
    }
    let (ours, theirs) = (median(ours), median(theirs));
    println!("| what | mock | wiremock | ratio |\n| --- | --- | --- | --- |");
    println!(
        "| a fresh server in a test, to its first answer | {ours:.2?} | {theirs:.2?} | {:.2} times as long |",
        ours.as_secs_f64() / theirs.as_secs_f64()
    );
}

async fn first_answer(address: SocketAddr) {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(b"GET /services/data HTTP/1.1\r\nHost: localhost\r\n\r\n").await.expect("sent");
    let mut head = [0; 12];
    stream.read_exact(&mut head).await.expect("an answer");
    assert_eq!(&head, b"HTTP/1.1 200");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
