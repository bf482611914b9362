//! A connection: reads requests, finds their org and their operation, and sends them through the layers.

use std::{io, net::IpAddr, sync::Arc, time::Instant};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use mock_sfdc_org::error::Error;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch,
};

use crate::{
    api::{soap, soap::envelope::Request as Envelope, streaming},
    arrival,
    call::{ApiVersion, Call, pairs, unkept},
    hosts::Host,
    layers,
    layers::token,
    listen::Addresses,
    multipart::is_form,
    operation::Face,
    orgs::{Orgs, Tenant},
    reply::Line,
    route::{self, Found},
    sending::{self, Cut, Sent},
    spool::{Spool, Spools},
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
    /// What is too large for memory.
    pub spools: Arc<Spools>,
}

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
    ) -> Result<Response<Sent>, Cut> {
        let (head, body) = request.into_parts();
        let began = Instant::now();
        let found = route::find(&head.method, head.uri.path());
        let spools = found.operation.takes_uploads().then_some(&self.spools);
        let most = found.operation.most_body(is_form(&head.headers));
        let arrived = arrival::read(body, most, spools).await.ok_or(Cut)?;
        let head_only = head.method == Method::HEAD;
        let (overflow, upload) = (arrived.overflow, arrived.upload.map(kept));
        let call = Call { upload, overflow, began, ..self.call(incomer, head, found, arrived.body) };
        call.tenant.org.catch_up();
        let reply = layers::pass(call).await;
        if reply.line == Line::Cut { Err(Cut) } else { Ok(sending::response(reply, head_only)) }
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
            upload: None,
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

fn kept(upload: io::Result<Spool>) -> Result<Arc<Spool>, Error> {
    upload.map(Arc::new).map_err(unkept)
}
