//! What every request passes, outermost first. Each layer is a file; this is the list.

mod headers;
mod limits;
mod pretty;
pub(crate) mod session;
mod strict;
mod version;

use crate::{
    call::{Answer, Call},
    operation::Handler,
    reply::Reply,
};

/// Takes a request through all layers to its handler, and its answer back.
pub async fn pass(mut call: Call) -> Reply {
    let answer = admit_and_handle(&mut call).await;
    let mut reply = answer.unwrap_or_else(|error| call.operation.face.render(&error, &call));
    limits::report(&call, &mut reply);
    pretty::lay_out(&call, &mut reply);
    headers::complete(&call, &mut reply);
    reply
}

async fn admit_and_handle(call: &mut Call) -> Answer {
    version::check(call)?;
    session::check(call)?;
    limits::count(call)?;
    strict::check(call)?;
    match call.operation.handler {
        Handler::Now(handler) => handler(call),
        Handler::Later(handler) => handler(call).await,
    }
}
