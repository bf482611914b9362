//! Subrequests on their way through the operation table: the same rows, the same handlers, the same faults and a journal entry
//! each, as if they had come by themselves.

use std::{sync::Arc, time::Instant};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use indexmap::IndexMap;
use mock_sfdc_org::{Unit, error::Error};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::{
    call::{ApiVersion, Call, pairs},
    layers::{self, Aftermath},
    reply::Reply,
    route,
};

/// What a URI cannot hold. Clients write queries with plain spaces.
const NOT_IN_A_URI: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// These three are the outer request's, always.
pub const INHERITED: [HeaderName; 3] = [header::ACCEPT, header::AUTHORIZATION, header::CONTENT_TYPE];

/// One subrequest, its references filled in.
#[derive(Debug)]
pub struct Part {
    pub method: Method,
    /// Path and query, beginning with `/services/data/`.
    pub address: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// The subrequests of one call.
#[derive(Debug)]
pub struct Parts<'a> {
    outer: &'a Call,
    unit: Option<Arc<Unit>>,
    /// What faults on subrequests do to the call.
    pub aftermath: Aftermath,
}

impl<'a> Parts<'a> {
    #[must_use]
    pub fn of(outer: &'a Call) -> Self {
        Self { outer, unit: outer.unit.clone(), aftermath: Aftermath::default() }
    }

    /// From here on subrequests are part of this transaction; with `None` each has its own.
    pub fn within(&mut self, unit: Option<Arc<Unit>>) {
        self.unit = unit;
    }

    /// Whether a fault has ended the call: nothing more is to be asked.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.aftermath.instead.is_some()
    }

    /// What the handler of the subrequest answers.
    pub fn answer(&mut self, part: Part) -> Reply {
        let address = utf8_percent_encode(&part.address, NOT_IN_A_URI).to_string();
        let (path, query) = address.split_once('?').unwrap_or((&address, ""));
        // A query may be longer than any address: what would not fit into one stands only in `query`.
        let Ok(uri) = address.parse::<Uri>().or_else(|_| path.parse()) else {
            return crate::api::rest::error::render(&Error::resource_not_found(), self.outer);
        };
        let found = route::find(&part.method, uri.path());
        let outer = self.outer;
        let call = Call {
            operation: found.operation,
            server: outer.server.clone(),
            tenant: outer.tenant.clone(),
            org: outer.org.clone(),
            peer: outer.peer,
            session: outer.session.clone(),
            version: outer.server.newest,
            params: found.params,
            query: pairs(query.as_bytes()),
            method: part.method,
            uri,
            headers: part.headers,
            base: outer.base.clone(),
            body: part.body,
            upload: None,
            envelope: None,
            overflow: false,
            entry: 0,
            within: Some(outer.entry),
            at: outer.org().clock().now(),
            began: Instant::now(),
            allowed: found.allowed,
            unit: self.unit.clone(),
        };
        let refusal = Error::not_in_composite(call.method.as_str(), &part.address);
        let reply = layers::pass_within(call, &mut self.aftermath);
        // Files cannot stand in an answer.
        if is_json(&reply) { reply } else { crate::api::rest::error::render(&refusal, outer) }
    }
}

fn is_json(reply: &Reply) -> bool {
    let kind = reply.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    reply.body.is_empty() || kind.is_some_and(|kind| kind.starts_with("application/json"))
}

/// The headers of a subrequest: its own, and those that are always the outer request's.
pub fn headers(outer: &Call, own: &IndexMap<String, String>) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    for name in INHERITED {
        if let Some(value) = outer.headers.get(&name) {
            headers.insert(name, value.clone());
        }
    }
    for (name, value) in own {
        let known = name.parse::<HeaderName>().ok().zip(value.parse::<HeaderValue>().ok());
        let (header, value) = known.ok_or_else(|| Error::illegal_subrequest_header(name))?;
        if INHERITED.contains(&header) {
            return Err(Error::illegal_subrequest_header(name));
        }
        headers.insert(header, value);
    }
    Ok(headers)
}

/// The method of a subrequest; its case counts.
pub fn method(text: &str) -> Result<Method, Error> {
    match text {
        "GET" => Ok(Method::GET),
        "POST" => Ok(Method::POST),
        "PUT" => Ok(Method::PUT),
        "PATCH" => Ok(Method::PATCH),
        "DELETE" => Ok(Method::DELETE),
        _ => Err(Error::illegal_subrequest_method(text)),
    }
}

/// What follows the version in an address such as `/services/data/v66.0/sobjects/Account?fields=Name`, without the query: which
/// resource it is. And the version.
#[must_use]
pub fn resource(address: &str) -> Option<(ApiVersion, &str)> {
    let rest = address.strip_prefix("/services/data/")?;
    let (version, path) = rest.split_once('/')?;
    let path = path.split('?').next().unwrap_or_default();
    Some((ApiVersion::parse(version)?, path.trim_matches('/')))
}

/// Whether a path is one of these resources, or lies below it.
#[must_use]
pub fn is_below(path: &str, resources: &[&str]) -> bool {
    let below = |resource: &&str| {
        path.strip_prefix(resource).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    resources.iter().any(below)
}
