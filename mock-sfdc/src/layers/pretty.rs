//! `X-PrettyPrint: 1` lays out answers of REST for a person to read, JSON and XML.

use crate::{
    api::rest::pretty::{pretty, pretty_xml},
    call::Call,
    header,
    operation::Face,
    reply::Reply,
};

pub fn lay_out(call: &Call, reply: &mut Reply) {
    let wanted = call.header(&header::PRETTY_PRINT) == Some("1");
    if !wanted || call.operation.face != Face::Rest {
        return;
    }
    match reply.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()) {
        Some(kind) if kind.starts_with("application/json") => reply.body = pretty(&reply.body).into(),
        Some(kind) if kind.starts_with("application/xml") => reply.body = pretty_xml(&reply.body).into(),
        _ => {}
    }
}
