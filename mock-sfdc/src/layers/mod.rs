//! What every request passes, outermost first. Each layer is a file; [`pass`] and [`admit`] are the list.

mod faults;
pub(crate) mod gzip;
mod headers;
mod journal;
mod limits;
mod media;
mod preconditions;
mod pretty;
mod row_locks;
pub(crate) mod session;
mod size;
mod strict;
mod version;

pub use faults::{Aftermath, settle};
pub(crate) use session::token;

use std::{any::Any, panic::AssertUnwindSafe};

use futures::FutureExt;
use mock_sfdc_org::error::Error;

use crate::{
    call::{Answer, Call},
    operation::Handler,
    reply::Reply,
};

/// Takes a request to its handler, and its answer back.
pub async fn pass(mut call: Call) -> Reply {
    journal::arrived(&mut call);
    // Whatever breaks is told, and the connection stays: a transaction that it broke has left nothing behind.
    let answer = AssertUnwindSafe(admit(&mut call)).catch_unwind().await;
    let answer = answer.unwrap_or_else(|broken| Err(Error::unknown_exception(&reason(&*broken))));
    let mut reply = answer.unwrap_or_else(|error| call.operation.face.render(&error, &call));
    limits::report(&call, &mut reply);
    media::encode(&call, &mut reply);
    pretty::lay_out(&call, &mut reply);
    headers::complete(&call, &mut reply);
    journal::answered(&call, &reply);
    gzip::encode(&call, &mut reply);
    reply
}

/// What a panic said.
fn reason(broken: &(dyn Any + Send)) -> String {
    let text = broken.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| broken.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it broke".to_owned())
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
    let _under_way = limits::count(call)?;
    strict::check(call)?;
    media::check(call)?;
    preconditions::check(call)?;
    let then = match faults::before(call).await {
        Ok(then) => then,
        Err(answer) => return answer,
    };
    let answer = row_locks::handle(call).await;
    faults::after(then, answer, call)
}

/// Takes a subrequest of a composite request to its handler. What its call has passed already it does not pass again: it comes
/// with the call's session, counts as no request of its own, and its answer stands within the call's.
pub fn pass_within(mut call: Call, aftermath: &mut Aftermath) -> Reply {
    journal::arrived(&mut call);
    let answer = admit_within(&mut call, aftermath);
    let reply = answer.unwrap_or_else(|error| call.operation.face.render(&error, &call));
    journal::answered(&call, &reply);
    reply
}

fn admit_within(call: &mut Call, aftermath: &mut Aftermath) -> Answer {
    version::check(call)?;
    strict::check(call)?;
    preconditions::check(call)?;
    if let Some(answer) = faults::before_within(call, aftermath) {
        return answer;
    }
    match call.operation.handler {
        Handler::Now(handler) => handler(call),
        Handler::Later(_) => {
            let path = call.uri.path();
            Err(Error::not_emulated(format_args!("{path} within a composite request")))
        }
    }
}
