//! Subrequests behind each other, of which later ones use what earlier ones answered: the body of a composite request, and of
//! each graph.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use indexmap::IndexMap;
use mock_sfdc_org::error::Error;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    part::{self, Part, Parts},
    references::{self, Answers},
};
use crate::{
    api::rest::{error, json},
    call::{ApiVersion, Call},
    reply::Reply,
};

/// Since this version a reference id of other characters is refused; before it, nothing could refer to it.
const IDS_ARE_CHECKED_SINCE: ApiVersion = ApiVersion(52);

/// As it is written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Subrequest<'a> {
    method: String,
    url: String,
    reference_id: String,
    #[serde(default)]
    http_headers: Option<IndexMap<String, String>>,
    #[serde(borrow, default)]
    body: Option<&'a RawValue>,
}

/// Read and found well-formed.
#[derive(Debug)]
struct Step<'a> {
    reference: String,
    method: Method,
    url: String,
    headers: HeaderMap,
    body: Option<&'a RawValue>,
}

/// Whether a resource may be asked for within the request: its method and its path behind the version.
pub type Allows = fn(&Method, &str) -> bool;

#[derive(Debug)]
pub struct Series<'a> {
    steps: Vec<Step<'a>>,
    version: ApiVersion,
    allows: Allows,
}

/// What became of a subrequest.
#[derive(Debug)]
pub struct Outcome {
    reference: String,
    reply: Reply,
}

impl<'a> Series<'a> {
    /// A mistake in the form of a subrequest is one of the whole request.
    pub fn read(call: &Call, subrequests: Vec<Subrequest<'a>>, allows: Allows) -> Result<Self, Error> {
        let mut steps: Vec<Step<'a>> = Vec::with_capacity(subrequests.len());
        for subrequest in subrequests {
            let Subrequest { method, url, reference_id: reference, http_headers, body } = subrequest;
            if call.version >= IDS_ARE_CHECKED_SINCE && !is_reference_id(&reference) {
                return Err(Error::illegal_reference_id(&reference));
            }
            if steps.iter().any(|step| step.reference == reference) {
                return Err(Error::reference_id_twice(&reference));
            }
            if part::resource(&url).is_none() {
                return Err(Error::illegal_subrequest_url(&url, "/services/data/vXX.X/"));
            }
            let headers = part::headers(call, &http_headers.unwrap_or_default())?;
            steps.push(Step { reference, method: part::method(&method)?, url, headers, body });
        }
        Ok(Self { steps, version: call.version, allows })
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Method, version and path of each.
    pub fn resources(&self) -> impl Iterator<Item = (&Method, ApiVersion, &str)> {
        self.steps.iter().filter_map(|step| {
            let (version, path) = part::resource(&step.url)?;
            Some((&step.method, version, path))
        })
    }

    /// How long the longest chain of subrequests is of which each refers to the one before.
    #[must_use]
    pub fn depth(&self) -> usize {
        let mut depths: IndexMap<&str, usize> = IndexMap::new();
        for step in &self.steps {
            let body = step.body.map_or("", RawValue::get);
            let before = references::names(&step.url)
                .chain(references::names(body))
                .filter_map(|name| depths.get(name))
                .max()
                .copied();
            depths.insert(&step.reference, before.unwrap_or(0) + 1);
        }
        depths.into_values().max().unwrap_or(0)
    }

    /// Each in a transaction of its own. What depends on one that failed is not tried.
    #[must_use]
    pub fn one_by_one(&self, call: &Call, parts: &mut Parts<'_>) -> Vec<Outcome> {
        let mut answers = Answers::of(self.version);
        let mut outcomes = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            if !parts.is_over() {
                outcomes.push(self.take(step, call, &mut answers, parts));
            }
        }
        outcomes
    }

    /// All in one transaction. Where one fails, nothing of it stays, and all others say so; whether it went well.
    pub fn together(&self, call: &Call, parts: &mut Parts<'_>) -> Result<(Vec<Outcome>, bool), Error> {
        let mut answers = Answers::of(self.version);
        let mut outcomes = Vec::with_capacity(self.steps.len());
        let kept = call.org.unit(call.user()?, |unit| {
            parts.within(Some(Arc::clone(unit)));
            for step in &self.steps {
                let outcome = self.take(step, call, &mut answers, parts);
                let failed = is_failure(step, &outcome.reply);
                outcomes.push(outcome);
                if failed || parts.is_over() {
                    return Err(());
                }
            }
            Ok(())
        });
        parts.within(None);
        if kept.is_ok() {
            return Ok((outcomes, true));
        }
        let culprit = outcomes.pop();
        let mut halted = self.halted(call, &Error::transaction_halted());
        if let Some(culprit) = culprit {
            let at = outcomes.len();
            halted[at] = culprit;
        }
        Ok((halted, false))
    }

    /// As if none had been tried.
    #[must_use]
    pub fn halted(&self, call: &Call, why: &Error) -> Vec<Outcome> {
        let outcome =
            |step: &Step<'_>| Outcome { reference: step.reference.clone(), reply: error::render(why, call) };
        self.steps.iter().map(outcome).collect()
    }

    fn take(&self, step: &Step<'a>, call: &Call, answers: &mut Answers, parts: &mut Parts<'_>) -> Outcome {
        let part = self.part(step, answers);
        let reply = part.map_or_else(|error| error::render(&error, call), |part| parts.answer(part));
        answers.keep(&step.reference, &reply.body);
        Outcome { reference: step.reference.clone(), reply }
    }

    fn part(&self, step: &Step<'a>, answers: &Answers) -> Result<Part, Error> {
        let address = answers.in_address(&step.url)?;
        let path = part::resource(&address).map_or("", |(_, path)| path);
        if !(self.allows)(&step.method, path) {
            return Err(Error::not_in_composite(step.method.as_str(), &address));
        }
        let body = match step.body {
            Some(body) => Bytes::from(answers.in_body(body.get())?),
            None => Bytes::new(),
        };
        Ok(Part { method: step.method.clone(), address, headers: step.headers.clone(), body })
    }
}

/// Letters, digits and underscores, the first none of these.
fn is_reference_id(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.bytes().all(known) && text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
}

/// Whether the answer keeps a transaction from standing: an error, or a record of a collection that failed.
fn is_failure(step: &Step<'_>, reply: &Reply) -> bool {
    #[derive(Deserialize)]
    struct Row {
        success: bool,
    }
    if !reply.status.is_success() {
        return reply.status != StatusCode::NOT_MODIFIED;
    }
    let path = part::resource(&step.url).map_or("", |(_, path)| path);
    if step.method == Method::GET || !part::is_below(path, &["composite/sobjects"]) {
        return false;
    }
    let rows: Result<Vec<Row>, _> = serde_json::from_slice(&reply.body);
    rows.is_ok_and(|rows| rows.iter().any(|row| !row.success))
}

/// `"compositeResponse":[{"body":…,"httpHeaders":{…},"httpStatusCode":201,"referenceId":"a"}]`
pub fn write(out: &mut Vec<u8>, outcomes: &[Outcome]) {
    out.extend_from_slice(b"\"compositeResponse\":[");
    for Outcome { reference, reply } in outcomes {
        json::comma(out);
        out.extend_from_slice(b"{\"body\":");
        write_body(out, reply);
        out.extend_from_slice(b",\"httpHeaders\":{");
        write_headers(out, &reply.headers);
        out.extend_from_slice(
            format!("}},\"httpStatusCode\":{},\"referenceId\":", reply.status.as_u16()).as_bytes(),
        );
        json::string(out, reference);
        out.push(b'}');
    }
    out.push(b']');
}

/// Of the headers where a record is, and which version of it was read; the moment of its last change only beside a tag.
fn write_headers(out: &mut Vec<u8>, headers: &HeaderMap) {
    let modified = headers.get(header::ETAG).and_then(|_| headers.get(header::LAST_MODIFIED));
    for (name, value) in [
        ("Location", headers.get(header::LOCATION)),
        ("ETag", headers.get(header::ETAG)),
        ("Last-Modified", modified),
    ] {
        if let Some(value) = value.and_then(|value| value.to_str().ok()) {
            json::comma(out);
            json::key(out, name);
            json::string(out, value);
        }
    }
}

/// The JSON that was answered; null for nothing.
pub fn write_body(out: &mut Vec<u8>, reply: &Reply) {
    if reply.body.is_empty() {
        out.extend_from_slice(b"null");
    } else {
        out.extend_from_slice(&reply.body);
    }
}
