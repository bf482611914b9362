//! What the benches share: the plainest HTTP client there can be, and leads in bulk.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A whole request, ready to be sent.
pub fn request(method: &str, path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} /services/data/v66.0{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Creates leads of ten filled fields over the wire, two hundred a request; no assignment rule looks at them.
pub async fn fill(connection: &mut Connection, token: &str, leads: usize) {
    for begin in (0..leads).step_by(200) {
        let records: Vec<String> = (begin..leads.min(begin + 200))
            .map(|n| {
                format!(
                    r#"{{"attributes":{{"type":"Lead"}},"FirstName":"Ada","LastName":"Lovelace {n}","Company":"Engines {n}","Email":"ada{n}@bench.example","Phone":"+44 20 {n}","Title":"Countess","City":"London","Country":"UK","AnnualRevenue":{n},"Industry":"Energy"}}"#
                )
            })
            .collect();
        let body = format!(r#"{{"allOrNone":true,"records":[{}]}}"#, records.join(","));
        let answer = connection.send(&request("POST", "/composite/sobjects", token, &body)).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"success\":true"), "{answer:.400}");
    }
}

/// One kept-alive connection of the plainest client there can be.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("a socket option");
        Self { stream, buffer: Vec::with_capacity(16 * 1024) }
    }

    pub async fn send(&mut self, request: &[u8]) -> String {
        self.exchange(request).await;
        String::from_utf8_lossy(&self.buffer).into_owned()
    }

    /// Sends a request and reads its whole answer into the buffer; an answer that is no success ends the bench, whose figures
    /// would be those of refusals.
    pub async fn exchange(&mut self, request: &[u8]) {
        self.stream.write_all(request).await.expect("sent");
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await.expect("an answer");
            assert!(read > 0, "the server closed the connection");
            if is_whole(&self.buffer) {
                assert!(
                    self.buffer.starts_with(b"HTTP/1.1 2"),
                    "no success: {}",
                    String::from_utf8_lossy(&self.buffer)
                );
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
