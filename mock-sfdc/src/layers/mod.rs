//! What every request passes, outermost first. Each layer is a file; [`pass`] and [`admit`] are the list.

mod faults;
pub(crate) mod gzip;
mod headers;
mod journal;
mod limits;
mod media;
mod preconditions;
mod pretty;
pub(crate) mod session;
mod size;
mod strict;
mod version;

pub(crate) use session::token;

use crate::{
    call::{Answer, Call},
    operation::Handler,
    reply::Reply,
};

/// Takes a request to its handler, and its answer back.
pub async fn pass(mut call: Call) -> Reply {
    journal::arrived(&mut call);
    let answer = admit(&mut call).await;
    let mut reply = answer.unwrap_or_else(|error| call.operation.face.render(&error, &call));
    limits::report(&call, &mut reply);
    media::encode(&call, &mut reply);
    pretty::lay_out(&call, &mut reply);
    headers::complete(&call, &mut reply);
    journal::answered(&call, &reply);
    gzip::encode(&call, &mut reply);
    reply
}

/// What must be right before an operation runs, in the order in which Salesforce complains. Faults stand innermost: a
/// request that is refused for a mistake of its own does not use one up.
async fn admit(call: &mut Call) -> Answer {
    if let Some(refusal) = size::check(call) {
        return Ok(refusal);
    }
    gzip::decode(call)?;
    version::check(call)?;
    session::check(call)?;
    limits::count(call)?;
    strict::check(call)?;
    media::check(call)?;
    preconditions::check(call)?;
    let then = match faults::before(call).await {
        Ok(then) => then,
        Err(answer) => return answer,
    };
    let answer = match call.operation.handler {
        Handler::Now(handler) => handler(call),
        Handler::Later(handler) => handler(call).await,
    };
    faults::after(then, answer, call)
}
