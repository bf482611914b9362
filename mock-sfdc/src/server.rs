//! The socket: accepts connections, reads requests whole, finds their org and their operation, and sends them through the layers.

use std::{io, net::SocketAddr, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};

use crate::{
    call::{ApiVersion, Call, pairs},
    layers,
    layers::session::token,
    orgs::{Orgs, Tenant},
    reply::{Line, Reply},
    route,
};

/// Larger than any body that Salesforce accepts over REST (`contract/rest.md`: 50 MB for blobs are not emulated).
pub const MAX_BODY: usize = 16 * 1024 * 1024;

/// Everything that one listening process knows.
#[derive(Debug)]
pub struct Server {
    pub orgs: Orgs,
    pub control_token: String,
    /// Unknown query parameters are ignored, as Salesforce does, instead of refused.
    pub lenient: bool,
    pub address: SocketAddr,
}

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("a fault cut the connection")]
struct Cut;

impl Server {
    /// Serves until `stop` says so, then finishes nothing: connections that are held are dropped.
    pub async fn run(self: Arc<Self>, listener: TcpListener, stop: watch::Receiver<bool>) {
        let mut stopped = stop.clone();
        loop {
            tokio::select! {
                _ = stopped.wait_for(|stop| *stop) => return,
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        tokio::spawn(Arc::clone(&self).connection(stream, stop.clone()));
                    }
                    // Out of descriptors and the like: others may close theirs.
                    Err(error) => tracing::warn!(%error, "cannot accept a connection"),
                },
            }
        }
    }

    async fn connection(self: Arc<Self>, stream: TcpStream, mut stop: watch::Receiver<bool>) {
        // Answers are small and wait for nothing.
        let _ = stream.set_nodelay(true);
        let service = service_fn(|request| Arc::clone(&self).answer(request));
        let connection =
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => {}
            done = connection => if let Err(error) = done {
                tracing::debug!(%error, "connection ended");
            },
        }
    }

    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Cut> {
        let (head, body) = request.into_parts();
        let body = Limited::new(body, MAX_BODY).collect().await.map(http_body_util::Collected::to_bytes);
        let head_only = head.method == Method::HEAD;
        let call = self.call(head, body.unwrap_or_default());
        let reply = layers::pass(call).await;
        if reply.line == Line::Cut { Err(Cut) } else { Ok(response(reply, head_only)) }
    }

    fn call(self: Arc<Self>, head: http::request::Parts, body: Bytes) -> Call {
        let query = pairs(head.uri.query().unwrap_or_default().as_bytes());
        let found = route::find(&head.method, head.uri.path());
        let tenant = self.tenant(&head.headers, &query, &body);
        Call {
            operation: found.operation,
            tenant,
            session: None,
            version: ApiVersion::NEWEST,
            params: found.params,
            query,
            method: head.method,
            base: self.base(&head.headers),
            uri: head.uri,
            headers: head.headers,
            body,
            allowed: found.allowed,
            server: self,
        }
    }

    /// By the token, by what a form carries (codes, refresh tokens), by the host's first label; else the first org.
    fn tenant(&self, headers: &HeaderMap, query: &[(String, String)], body: &[u8]) -> Arc<Tenant> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let by_token = || self.orgs.mentioned_in(header("authorization").and_then(token)?);
        let by_query = || {
            let named = |name: &str| ["code", "token", "access_token"].contains(&name);
            query.iter().filter(|(name, _)| named(name)).find_map(|(_, value)| self.orgs.mentioned_in(value))
        };
        let by_form = || {
            let form = header("content-type")?.starts_with("application/x-www-form-urlencoded");
            form.then(|| self.orgs.mentioned_in(std::str::from_utf8(body).ok()?)).flatten()
        };
        let by_host = || self.orgs.named(header("host")?.split(['.', ':']).next()?);
        by_token().or_else(by_query).or_else(by_form).or_else(by_host).unwrap_or_else(|| self.orgs.default())
    }

    fn base(&self, headers: &HeaderMap) -> String {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let scheme = header("x-forwarded-proto").unwrap_or("http");
        match header("host") {
            Some(host) => format!("{scheme}://{host}"),
            None => format!("{scheme}://{}", self.address),
        }
    }
}

fn response(reply: Reply, head_only: bool) -> Response<Full<Bytes>> {
    let body = if head_only { Bytes::new() } else { reply.body };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    response
}

/// Binds; the port may be 0.
pub async fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address).await
}
