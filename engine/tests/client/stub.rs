//! A server on loopback whose answers a test writes byte by byte, broken ones included.

use std::future::Future;
use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

/// A request as it came in.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    /// With its query.
    pub path: String,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn form(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(&self.body)
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

/// What the stub does with a request.
#[derive(Debug, Clone)]
pub enum Reply {
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// Reads the request and closes without a word.
    Hangup,
    /// Promises more than it sends.
    Truncated {
        status: u16,
        body: String,
    },
    /// Never answers.
    Silence,
}

impl Reply {
    pub fn json(status: u16, body: impl Into<String>) -> Self {
        Self::Answer {
            status,
            headers: vec![("Content-Type", "application/json;charset=UTF-8".into())],
            body: body.into(),
        }
    }

    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::json(status, format!(r#"[{{"message":"{message}","errorCode":"{code}"}}]"#))
    }

    pub fn expired() -> Self {
        Self::error(401, "INVALID_SESSION_ID", "Session expired or invalid")
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name, value.to_owned()));
        }
        self
    }
}

type Handler = dyn Fn(Request) -> BoxFuture<'static, Reply> + Send + Sync;

pub struct Stub {
    pub url: Url,
    log: Arc<Mutex<Vec<Request>>>,
    task: JoinHandle<()>,
}

impl Stub {
    /// Answers each request with what `handler` makes of it.
    pub async fn start<F, R>(handler: F) -> Self
    where
        F: Fn(Request) -> R + Send + Sync + 'static,
        R: Future<Output = Reply> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let handler: Arc<Handler> = Arc::new(move |request| Box::pin(handler(request)));
        let task = tokio::spawn({
            let log = Arc::clone(&log);
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(serve(stream, Arc::clone(&handler), Arc::clone(&log)));
                }
            }
        });
        Self { url, log, task }
    }

    /// Answers in this order, whatever is asked; a request too many hangs up.
    pub async fn scripted(replies: impl IntoIterator<Item = Reply>) -> Self {
        let replies = Arc::new(Mutex::new(replies.into_iter().collect::<std::collections::VecDeque<_>>()));
        Self::start(move |_| {
            let reply = replies.lock().unwrap().pop_front().unwrap_or(Reply::Hangup);
            async move { reply }
        })
        .await
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Request> {
        self.log.lock().unwrap().clone()
    }

    /// `METHOD path` of every request so far.
    pub fn lines(&self) -> Vec<String> {
        self.requests().iter().map(|request| format!("{} {}", request.method, request.path)).collect()
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, handler: Arc<Handler>, log: Arc<Mutex<Vec<Request>>>) {
    while let Some(request) = read(&mut stream).await {
        log.lock().unwrap().push(request.clone());
        let (status, headers, body, promised) = match handler(request).await {
            Reply::Hangup => return,
            Reply::Silence => std::future::pending().await,
            Reply::Answer { status, headers, body } => (status, headers, body.clone(), body.len()),
            Reply::Truncated { status, body } => (status, Vec::new(), body.clone(), body.len() + 100),
        };
        let length = if status == 204 { String::new() } else { format!("Content-Length: {promised}\r\n") };
        let headers: String =
            headers.iter().map(|(name, value)| [name, ": ", value, "\r\n"].concat()).collect();
        let answer = format!("HTTP/1.1 {status} Whatever\r\n{length}{headers}\r\n{body}");
        if stream.write_all(answer.as_bytes()).await.is_err() || promised != body.len() {
            return;
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(position) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break position + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
    let mut lines = head.lines();
    let mut words = lines.next()?.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length: usize = length.map_or(0, |(_, value)| value.parse().unwrap());
    while bytes.len() < head_end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some(Request { method, path, headers, body: bytes[head_end..].to_vec() })
}
