//! A connection: reads requests, finds their org and their operation, and sends them through the layers.

use std::{io, net::IpAddr, sync::Arc, time::Instant};

use http::{HeaderMap, HeaderName, Method, Request, Response};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use mock_sfdc_org::{error::Error, near::Near};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::{
    api::{soap, soap::envelope::Request as Envelope, streaming},
    arrival::{self, Arrived},
    call::{ApiVersion, Call, pairs, unkept},
    header::{AUTHORIZATION, CONTENT_TYPE, FORWARDED_PROTO, HOST, METHOD_OVERRIDE, SESSION},
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

    /// Serves one connection until it ends.
    pub(crate) async fn serve<S>(self: Arc<Self>, stream: S, incomer: Incomer)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let server = Near::new(self);
        let service = service_fn(|request| answer(server.clone(), incomer, request));
        // The date of an answer is the org's.
        let mut http = hyper::server::conn::http1::Builder::new();
        http.auto_date_header(false);
        if let Err(error) = http.serve_connection(TokioIo::new(stream), service).await {
            tracing::debug!(%error, "connection ended");
        }
    }

    /// The certificate that clients have to trust, where this server has one.
    #[must_use]
    pub fn ca_pem(&self) -> Option<String> {
        self.addresses.tls.or(self.addresses.proxy).or(self.addresses.pubsub).and_then(|_| tls::ca_pem().ok())
    }

    /// By the token or SOAP's session id, by what a form carries (codes, refresh tokens), by the host's first label, by the
    /// username of a login; else the default org.
    fn tenant(
        &self,
        headers: &HeaderMap,
        query: &[(String, String)],
        body: &[u8],
        envelope: Option<&Envelope>,
    ) -> Near<Tenant> {
        let header = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let by_token = || {
            let token = header(&AUTHORIZATION).and_then(token).or_else(|| header(&SESSION));
            self.orgs.near(token?)
        };
        let by_query = || {
            let named = |name: &str| ["code", "token", "access_token"].contains(&name);
            query.iter().filter(|(name, _)| named(name)).find_map(|(_, value)| self.orgs.near(value))
        };
        let by_form = || {
            let kind = header(&CONTENT_TYPE)?;
            let form = kind.starts_with("application/x-www-form-urlencoded")
                || kind.starts_with("multipart/form-data");
            form.then(|| self.orgs.near(std::str::from_utf8(body).ok()?)).flatten()
        };
        let by_username = || {
            let form = header(&CONTENT_TYPE)?.starts_with("application/x-www-form-urlencoded");
            let fields = if form { pairs(body) } else { Vec::new() };
            let (_, username) = fields.iter().find(|(name, _)| name == "username" || name == "un")?;
            self.orgs.with_user(username).map(Near::new)
        };
        let by_session = || self.orgs.near(envelope?.session_id()?);
        let by_login = || self.orgs.with_user(envelope?.argument("username")).map(Near::new);
        let by_host = || Host::read(header(&HOST)?).org(&self.orgs).map(Near::new);
        by_token()
            .or_else(by_session)
            .or_else(by_query)
            .or_else(by_form)
            .or_else(by_host)
            .or_else(by_username)
            .or_else(by_login)
            .unwrap_or_else(|| Near::new(self.orgs.default()))
    }

    fn base(&self, scheme: &str, headers: &HeaderMap) -> String {
        let header = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let scheme = header(&FORWARDED_PROTO).unwrap_or(scheme);
        match header(&HOST) {
            // Some clients write the usual port, and would be told another address than they know.
            Some(host) if scheme == "https" => format!("{scheme}://{}", host.trim_end_matches(":443")),
            Some(host) => format!("{scheme}://{host}"),
            None => format!("{scheme}://{}", self.addresses.plain),
        }
    }
}

/// Answers one request of a connection.
async fn answer(
    server: Near<Server>,
    incomer: Incomer,
    request: Request<Incoming>,
) -> Result<Response<Sent>, Cut> {
    let (head, body) = request.into_parts();
    let began = Instant::now();
    let found = route::find(&head.method, head.uri.path());
    let spools = found.operation.takes_uploads().then_some(&server.spools);
    let most = found.operation.most_body(is_form(&head.headers));
    let arrived = arrival::read(body, most, spools).await.ok_or(Cut)?;
    let head_only = head.method == Method::HEAD;
    let call = call(server, incomer, head, found, arrived, began);
    call.tenant.org.catch_up();
    let reply = layers::pass(call).await;
    if reply.line == Line::Cut { Err(Cut) } else { Ok(sending::response(reply, head_only)) }
}

/// `found` is the row of the request's own method.
fn call(
    server: Near<Server>,
    incomer: Incomer,
    head: http::request::Parts,
    found: Found,
    arrived: Arrived,
    began: Instant,
) -> Call {
    let body = arrived.body;
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
    let tenant = server.tenant(&head.headers, &query, &body, request);
    let operation = match (found.operation.face, &envelope) {
        (Face::Streaming, _) => streaming::operation(found.operation, &body),
        (Face::Soap, Some(Ok(request))) if meant == Method::POST => soap::operation(&found, request),
        _ => found.operation,
    };
    Call {
        operation,
        at: tenant.org.clock().now(),
        org: tenant.attempt(),
        tenant,
        session: None,
        version: server.newest,
        params: found.params,
        query,
        method: meant,
        base: server.base(incomer.scheme, &head.headers),
        peer: incomer.peer,
        uri: head.uri,
        headers: head.headers,
        body,
        allowed: found.allowed,
        envelope,
        unit: None,
        upload: arrived.upload.map(kept),
        overflow: arrived.overflow,
        entry: 0,
        within: None,
        began,
        server,
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
    let by_header = || Some(head.headers.get(&METHOD_OVERRIDE)?.to_str().ok()?.to_owned());
    by_parameter.or_else(by_header)?.to_ascii_uppercase().parse().ok()
}

fn kept(upload: io::Result<Spool>) -> Result<Arc<Spool>, Error> {
    upload.map(Arc::new).map_err(unkept)
}
