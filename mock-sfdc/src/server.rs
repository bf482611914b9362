//! A connection: reads requests whole, finds their org and their operation, and sends them through the layers.

use std::{
    net::IpAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::{
    body::{Body, Frame, Incoming, SizeHint},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch,
};

use crate::{
    api::{soap, soap::envelope::Request as Envelope, streaming},
    call::{ApiVersion, Call, pairs},
    hosts::Host,
    layers,
    layers::token,
    listen::Addresses,
    multipart::is_form,
    operation::Face,
    orgs::{Orgs, Tenant},
    reply::{Line, Reply},
    route::{self, Found},
    tls,
};

/// Everything that one listening process knows.
#[derive(Debug)]
pub struct Server {
    pub orgs: Orgs,
    pub control_token: String,
    /// Unknown query parameters are ignored, as Salesforce does, instead of refused.
    pub lenient: bool,
    /// The last version that is served; those after 66.0 do what it does.
    pub newest: ApiVersion,
    pub addresses: Addresses,
}

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("a fault cut the connection")]
struct Cut;

/// How a connection comes in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Incomer {
    pub scheme: &'static str,
    /// Where it comes from; unknown when it is gone already.
    pub peer: Option<IpAddr>,
}

impl Server {
    #[must_use]
    pub fn serves(&self, version: ApiVersion) -> bool {
        (ApiVersion::OLDEST..=self.newest).contains(&version)
    }

    /// Serves one connection, until it ends or `stop` says so.
    pub(crate) async fn serve<S>(
        self: Arc<Self>,
        stream: S,
        incomer: Incomer,
        mut stop: watch::Receiver<bool>,
    ) where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let service = service_fn(|request| Arc::clone(&self).answer(incomer, request));
        let connection =
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => {}
            done = connection => if let Err(error) = done {
                tracing::debug!(%error, "connection ended");
            },
        }
    }

    /// The certificate that clients have to trust, where this server has one.
    #[must_use]
    pub fn ca_pem(&self) -> Option<String> {
        self.addresses.tls.or(self.addresses.proxy).or(self.addresses.pubsub).and_then(|_| tls::ca_pem().ok())
    }

    async fn answer(
        self: Arc<Self>,
        incomer: Incomer,
        request: Request<Incoming>,
    ) -> Result<Response<Whole>, Cut> {
        let (head, body) = request.into_parts();
        let began = Instant::now();
        let found = route::find(&head.method, head.uri.path());
        let (body, overflow) = read_body(body, found.operation.most_body(is_form(&head.headers))).await?;
        let head_only = head.method == Method::HEAD;
        let call = Call { overflow, began, ..self.call(incomer, head, found, body) };
        call.tenant.org.catch_up();
        let reply = layers::pass(call).await;
        if reply.line == Line::Cut { Err(Cut) } else { Ok(response(reply, head_only)) }
    }

    /// `found` is the row of the request's own method.
    fn call(
        self: Arc<Self>,
        incomer: Incomer,
        head: http::request::Parts,
        found: Found,
        body: Bytes,
    ) -> Call {
        let mut query = pairs(head.uri.query().unwrap_or_default().as_bytes());
        let (meant, found) = match tunnelled(&head, &mut query) {
            Some(meant) => {
                let found = route::find(&meant, head.uri.path());
                (meant, found)
            }
            None => (head.method.clone(), found),
        };
        let envelope = (found.operation.face == Face::Soap).then(|| soap::open(&head.headers, &body));
        let request = envelope.as_ref().and_then(|envelope| envelope.as_ref().ok());
        let tenant = self.tenant(&head.headers, &query, &body, request);
        let operation = match (found.operation.face, &envelope) {
            (Face::Streaming, _) => streaming::operation(found.operation, &body),
            (Face::Soap, Some(Ok(request))) if meant == Method::POST => soap::operation(&found, request),
            _ => found.operation,
        };
        Call {
            operation,
            org: tenant.org.attempt(),
            tenant,
            session: None,
            version: self.newest,
            params: found.params,
            query,
            method: meant,
            base: self.base(incomer.scheme, &head.headers),
            peer: incomer.peer,
            uri: head.uri,
            headers: head.headers,
            body,
            allowed: found.allowed,
            envelope,
            unit: None,
            overflow: false,
            entry: 0,
            within: None,
            began: Instant::now(),
            server: self,
        }
    }

    /// By the token or SOAP's session id, by what a form carries (codes, refresh tokens), by the host's first label, by the
    /// username of a login; else the default org.
    fn tenant(
        &self,
        headers: &HeaderMap,
        query: &[(String, String)],
        body: &[u8],
        envelope: Option<&Envelope>,
    ) -> Arc<Tenant> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let by_token = || {
            let token = header("authorization").and_then(token).or_else(|| header("x-sfdc-session"));
            self.orgs.mentioned_in(token?)
        };
        let by_query = || {
            let named = |name: &str| ["code", "token", "access_token"].contains(&name);
            query.iter().filter(|(name, _)| named(name)).find_map(|(_, value)| self.orgs.mentioned_in(value))
        };
        let by_form = || {
            let kind = header("content-type")?;
            let form = kind.starts_with("application/x-www-form-urlencoded")
                || kind.starts_with("multipart/form-data");
            form.then(|| self.orgs.mentioned_in(std::str::from_utf8(body).ok()?)).flatten()
        };
        let by_username = || {
            let form = header("content-type")?.starts_with("application/x-www-form-urlencoded");
            let fields = if form { pairs(body) } else { Vec::new() };
            let (_, username) = fields.iter().find(|(name, _)| name == "username" || name == "un")?;
            self.orgs.with_user(username)
        };
        let by_session = || self.orgs.mentioned_in(envelope?.session_id()?);
        let by_login = || self.orgs.with_user(envelope?.argument("username"));
        let by_host = || Host::read(header("host")?).org(&self.orgs);
        by_token()
            .or_else(by_session)
            .or_else(by_query)
            .or_else(by_form)
            .or_else(by_host)
            .or_else(by_username)
            .or_else(by_login)
            .unwrap_or_else(|| self.orgs.default())
    }

    fn base(&self, scheme: &str, headers: &HeaderMap) -> String {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let scheme = header("x-forwarded-proto").unwrap_or(scheme);
        match header("host") {
            // Some clients write the usual port, and would be told another address than they know.
            Some(host) if scheme == "https" => format!("{scheme}://{}", host.trim_end_matches(":443")),
            Some(host) => format!("{scheme}://{host}"),
            None => format!("{scheme}://{}", self.addresses.plain),
        }
    }
}

/// The body in one piece, in memory of its own size; whether it was larger than `most`.
async fn read_body(body: Incoming, most: usize) -> Result<(Bytes, bool), Cut> {
    let said = usize::try_from(body.size_hint().exact().unwrap_or(0)).unwrap_or(most);
    let mut whole = Vec::with_capacity(said.min(most));
    let mut body = Limited::new(body, most);
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => whole.extend_from_slice(frame.data_ref().map_or(&[][..], |data| &data[..])),
            Err(error) if error.is::<LengthLimitError>() => return Ok((Bytes::new(), true)),
            // The caller hung up in the middle of the body.
            Err(_) => return Err(Cut),
        }
    }
    whole.shrink_to_fit();
    Ok((whole.into(), false))
}

/// The method that a POST stands in for, for callers whose HTTP has no PATCH (`contract/rest.md` section 1). The parameter
/// is Salesforce's documented way, the header a common one.
fn tunnelled(head: &http::request::Parts, query: &mut Vec<(String, String)>) -> Option<Method> {
    if head.method != Method::POST {
        return None;
    }
    let at = query.iter().position(|(name, _)| name == "_HttpMethod");
    let by_parameter = at.map(|at| query.remove(at).1);
    let by_header = || Some(head.headers.get("x-http-method-override")?.to_str().ok()?.to_owned());
    by_parameter.or_else(by_header)?.to_ascii_uppercase().parse().ok()
}

fn response(reply: Reply, head_only: bool) -> Response<Whole> {
    let body = if head_only { Bytes::new() } else { reply.body };
    let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
    let sent = if reply.line == Line::Truncated { body.slice(..body.len() / 2) } else { body };
    let mut response = Response::new(Whole { left: length, data: Some(sent) });
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    response
}

/// A body of known length; when less data comes than was promised, the connection breaks off there.
#[derive(Debug)]
struct Whole {
    left: u64,
    data: Option<Bytes>,
}

impl Body for Whole {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        let next = match self.data.take().filter(|data| !data.is_empty()) {
            Some(data) => {
                self.left -= u64::try_from(data.len()).unwrap_or(0);
                Some(Ok(Frame::data(data)))
            }
            None if self.left > 0 => Some(Err(Cut)),
            None => None,
        };
        Poll::Ready(next)
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
