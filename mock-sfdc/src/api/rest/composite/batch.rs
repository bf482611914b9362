//! `/composite/batch`: up to 25 subrequests that know nothing of each other.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use mock_sfdc_org::error::Error;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    BATCH,
    part::{self, Part, Parts},
    series, since,
};
use crate::{
    api::rest::{body, error, json, shape::objects},
    call::{Answer, Call},
    layers::{self, Aftermath},
    reply::Reply,
};

const MOST: usize = 25;
/// The resources that a batch may ask for.
const RESOURCES: &[&str] =
    &["limits", "sobjects", "query", "queryAll", "search", "connect", "chatter", "actions"];

/// `{"haltOnError": false, "batchRequests": […]}`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body<'a> {
    #[serde(default)]
    halt_on_error: bool,
    #[serde(borrow, deserialize_with = "objects")]
    batch_requests: Vec<Subrequest<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Subrequest<'a> {
    method: String,
    /// `v66.0/sobjects/Account/001…`, or with `/services/data/` before it.
    #[serde(borrow)]
    url: Cow<'a, str>,
    #[serde(borrow, default)]
    rich_input: Option<&'a RawValue>,
}

/// `POST`
pub async fn send(call: &Call) -> Answer {
    let (reply, aftermath) = answered(call)?;
    layers::settle(aftermath, call, reply).await
}

fn answered(call: &Call) -> Result<(Reply, Aftermath), Error> {
    since(call, BATCH)?;
    let body: Body<'_> = body::parsed(call)?;
    if body.batch_requests.len() > MOST {
        return Err(Error::too_many_subrequests(MOST));
    }
    // What is wrong in form is refused before anything is done.
    let subrequests = body
        .batch_requests
        .iter()
        .map(|subrequest| subrequest.part(call))
        .collect::<Result<Vec<Part>, Error>>()?;
    let mut parts = Parts::of(call);
    let mut results: Vec<Reply> = Vec::with_capacity(subrequests.len());
    for part in subrequests {
        if parts.is_over() {
            break;
        }
        let halted = body.halt_on_error && results.iter().any(is_error);
        let reply = if halted { error::render(&Error::batch_halted(), call) } else { parts.answer(part) };
        results.push(reply);
    }
    Ok((Reply::json(StatusCode::OK, written(&results)), parts.aftermath))
}

impl Subrequest<'_> {
    fn part(&self, call: &Call) -> Result<Part, Error> {
        let url = self.url.trim_start_matches('/');
        let url = url.strip_prefix("services/data/").unwrap_or(url);
        let address = format!("/services/data/{url}");
        let known = part::resource(&address);
        let (version, path) = known.ok_or_else(|| Error::illegal_subrequest_url(&self.url, "vXX.X/"))?;
        if version < BATCH || version > call.version {
            return Err(Error::illegal_batch_version(version, call.version));
        }
        if !part::is_below(path, RESOURCES) {
            return Err(Error::not_in_batch(&self.url));
        }
        let method = part::method(&self.method)?;
        let body =
            self.rich_input.map_or_else(Bytes::new, |body| Bytes::copy_from_slice(body.get().as_bytes()));
        Ok(Part { headers: headers(call, &method), method, address, body })
    }
}

/// A batch has no headers of its own for a subrequest: those of the call are meant for all. Not its conditions, which are about
/// one resource.
fn headers(call: &Call, method: &Method) -> HeaderMap {
    let mut headers = call.headers.clone();
    for name in
        [header::IF_MATCH, header::IF_NONE_MATCH, header::IF_MODIFIED_SINCE, header::IF_UNMODIFIED_SINCE]
    {
        headers.remove(name);
    }
    if *method == Method::GET {
        headers.remove(header::CONTENT_TYPE);
    }
    headers
}

fn is_error(reply: &Reply) -> bool {
    reply.status.is_client_error() || reply.status.is_server_error()
}

/// `{"hasErrors":false,"results":[{"statusCode":200,"result":{…}}]}`
fn written(results: &[Reply]) -> Vec<u8> {
    let has_errors = results.iter().any(is_error);
    let mut out = format!("{{\"hasErrors\":{has_errors},\"results\":[").into_bytes();
    for reply in results {
        json::comma(&mut out);
        out.extend_from_slice(format!("{{\"statusCode\":{},\"result\":", reply.status.as_u16()).as_bytes());
        series::write_body(&mut out, reply);
        out.push(b'}');
    }
    out.extend_from_slice(b"]}");
    out
}
