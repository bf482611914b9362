//! `/composite`: up to 25 subrequests behind each other, each for itself or all together.

use http::{Method, StatusCode};
use mock_sfdc_org::error::Error;
use serde::Deserialize;

use super::{
    REQUEST,
    part::{self, Parts},
    series::{self, Series, Subrequest},
    since,
};
use crate::{
    api::rest::{body, shape::objects},
    call::{Answer, Call},
    layers::{self, Aftermath},
    reply::Reply,
};

const MOST: usize = 25;
/// So many of them may be queries or collections.
const MOST_HEAVY: usize = 5;
const HEAVY: &[&str] = &["query", "queryAll", "composite/sobjects"];

/// `{"allOrNone": false, "compositeRequest": […]}`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body<'a> {
    /// Null is false, as in collections.
    #[serde(default)]
    all_or_none: Option<bool>,
    /// Whether Salesforce may work on several at once. Here they come one by one, which is an order that it may choose too.
    #[serde(default, rename = "collateSubrequests")]
    _collate_subrequests: Option<bool>,
    #[serde(borrow, deserialize_with = "objects")]
    composite_request: Vec<Subrequest<'a>>,
}

/// `POST`
pub async fn send(call: &Call) -> Answer {
    let (reply, aftermath) = answered(call)?;
    layers::settle(aftermath, call, reply).await
}

fn answered(call: &Call) -> Result<(Reply, Aftermath), Error> {
    since(call, REQUEST)?;
    let body: Body<'_> = body::parsed(call)?;
    let series = Series::read(call, body.composite_request, allows)?;
    if series.len() > MOST {
        return Err(Error::too_many_subrequests(MOST));
    }
    if series.resources().filter(|(_, _, path)| part::is_below(path, HEAVY)).count() > MOST_HEAVY {
        return Err(Error::too_many_heavy_subrequests(MOST_HEAVY));
    }
    let mut parts = Parts::of(call);
    let outcomes = if body.all_or_none.unwrap_or_default() {
        series.together(call, &mut parts)?.0
    } else {
        series.one_by_one(call, &mut parts)
    };
    let mut out = vec![b'{'];
    series::write(&mut out, &outcomes);
    out.push(b'}');
    Ok((Reply::json(StatusCode::OK, out), parts.aftermath))
}

/// The resources that a composite request may ask for.
fn allows(_: &Method, path: &str) -> bool {
    part::is_below(path, &["sobjects", "query", "queryAll", "composite/sobjects"])
}
