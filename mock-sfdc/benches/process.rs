//! The server as a process: from its start to its first answer, and the memory that it takes idle and with 100,000 leads.
//! `cargo bench -p mock-sfdc --bench process` prints the lines of `docs/PERFORMANCE.md`. Linux only: memory is read off `/proc`.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

mod plain;

use plain::{Connection, fill, request};

const STARTS: usize = 11;
const LEADS: usize = 100_000;

#[tokio::main]
async fn main() {
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let (mut server, took, _) = started().await;
        starts.push(took);
        stop(&mut server);
    }
    starts.sort();
    println!("| what | figure |\n| --- | --- |");
    println!("| process start to first answer, demo org | {:.1?} |", starts[STARTS / 2]);
    let (mut server, _, address) = started().await;
    println!("| resident memory, idle | {} MB |", megabytes(&server));
    let mut connection = Connection::open(address).await;
    let token = token(address).await;
    fill(&mut connection, &token, LEADS).await;
    come_to_rest(&mut connection, &token).await;
    println!("| resident memory with 100,000 leads | {} MB |", megabytes(&server));
    stop(&mut server);
}

/// The allocator gives back what was freed some time later, while it is asked for more.
async fn come_to_rest(connection: &mut Connection, token: &str) {
    let query = request("GET", "/query?q=SELECT+Id,Name+FROM+Lead+LIMIT+2000", token, "");
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let answer = connection.send(&query).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer:.200}");
    }
}

/// A server of its own that has given its first answer.
async fn started() -> (Child, Duration, SocketAddr) {
    let port =
        TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let began = Instant::now();
    let server = Command::new(env!("CARGO_BIN_EXE_mock-sfdc"))
        .args(["--port", &port.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a process");
    while tokio::net::TcpStream::connect(address).await.is_err() {
        std::hint::spin_loop();
    }
    let answer =
        Connection::open(address).await.send(b"GET /services/data HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer:.200}");
    (server, began.elapsed(), address)
}

/// A session of the demo org's administrator, by the password that the server prints.
async fn token(address: SocketAddr) -> String {
    let form = "grant_type=password&client_id=3MVG9DemoClientId&client_secret=demoClientSecret&username=admin%40demo.example\
                &password=demo-password-1demoSecurityToken1";
    let head = String::from_utf8(request("POST", "", "", form)).expect("a request");
    let head = head.replace("/services/data/v66.0", "/services/oauth2/token");
    let head = head.replace("application/json", "application/x-www-form-urlencoded");
    let answer = Connection::open(address).await.send(head.as_bytes()).await;
    let found = answer.split_once("\"access_token\":\"").and_then(|(_, rest)| rest.split('"').next());
    found.unwrap_or_else(|| panic!("a token: {answer:.400}")).to_owned()
}

fn megabytes(server: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).expect("/proc");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).expect("a number")
        / 1024
}

fn stop(server: &mut Child) {
    server.kill().and_then(|()| server.wait()).expect("it ends");
}
