//! `X-PrettyPrint: 1` lays out JSON answers for a person to read.

use http::header;

use crate::{api::rest::pretty::pretty, call::Call, reply::Reply};

pub fn lay_out(call: &Call, reply: &mut Reply) {
    let wanted = call.header("x-prettyprint") == Some("1");
    let is_json = reply
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/json"));
    if wanted && is_json {
        reply.body = pretty(&reply.body).into();
    }
}
