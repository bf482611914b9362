//! The outermost layer: every request is written down when it arrives and again when it is answered, whatever happens between.

use bytes::Bytes;
use mock_sfdc_org::id::Id;

use crate::{
    api::soap,
    call::Call,
    journal::{Answered, Entry},
    operation::Face,
    reply::{Line, Reply},
};

pub fn arrived(call: &mut Call) {
    // The control API asks about the journal; its own requests would only be in the way.
    if call.operation.face == Face::Control {
        return;
    }
    let entry = Entry {
        seq: 0,
        within: call.within,
        at: call.org().clock().now(),
        operation: call.operation.name,
        object: object(call),
        method: call.method.clone(),
        uri: call.uri.path_and_query().map_or_else(|| call.uri.to_string(), ToString::to_string),
        headers: call.headers.clone(),
        body: call.body.clone(),
        who: None,
        fault: None,
        ignored: Vec::new(),
        answer: None,
    };
    call.entry = call.tenant.journal.arrived(entry);
}

/// The object that a request is about: it stands in the path, over SOAP in the body.
fn object(call: &Call) -> Option<String> {
    let in_path = call.params.iter().find(|(name, _)| *name == "object").map(|(_, value)| value.clone());
    in_path.or_else(|| soap::object(call).map(str::to_owned))
}

fn username(call: &Call, user: Id) -> Option<String> {
    let state = call.org().snapshot();
    let (object, record) = state.find(user)?;
    let (position, _) = object.field("Username")?;
    record.get(position).as_text().map(str::to_owned)
}

pub fn answered(call: &Call, reply: &Reply) {
    let cut = reply.line == Line::Cut;
    let answer = Answered {
        status: (!cut).then(|| reply.status.as_u16()),
        headers: reply.headers.clone(),
        body: if cut { Bytes::new() } else { reply.body.clone() },
        took: call.began.elapsed(),
    };
    let who = call.session.as_ref().and_then(|session| username(call, session.user));
    call.tenant.journal.amend(call.entry, |entry| entry.who = who);
    call.tenant.journal.answered(call.entry, answer);
}
