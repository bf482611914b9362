//! The outermost layer: every request is written down when it arrives and again when it is answered, whatever happens between.

use http::uri::PathAndQuery;
use mock_sfdc_org::{id::Id, state::State};

use crate::{
    api::soap,
    call::Call,
    driven,
    journal::{Arrival, Departure},
    operation::Face,
    reply::{Line, Reply},
};

pub fn arrived(call: &mut Call) {
    // The control API asks about the journal; its own requests would only be in the way.
    if call.operation.face == Face::Control {
        return;
    }
    let uri = call.uri.path_and_query().map_or_else(|| call.uri.path(), PathAndQuery::as_str);
    call.entry = call.tenant.journal.arrived(&Arrival {
        within: call.within,
        at: call.at,
        operation: call.operation.name,
        object: object(call),
        method: &call.method,
        uri,
        headers: &call.headers,
        body: &call.head(),
    });
}

/// The object that a request is about: it stands in the path, over SOAP in the body.
fn object(call: &Call) -> Option<&str> {
    let in_path = call.params.iter().find(|(name, _)| *name == "object").map(|(_, value)| value.as_str());
    in_path.or_else(|| soap::object(call))
}

pub fn answered(call: &Call, reply: &Reply) {
    let cut = reply.line == Line::Cut;
    if !cut {
        driven::note(call.operation.name, reply.status.as_u16());
    }
    let state = call.org().snapshot();
    let departure = Departure {
        who: call.session.as_ref().and_then(|session| username(&state, session.user)),
        status: (!cut).then(|| reply.status.as_u16()),
        headers: &reply.headers,
        body: if cut { &[] } else { &reply.body },
        took: call.began.elapsed(),
    };
    call.tenant.journal.answered(call.entry, &departure);
}

fn username(state: &State, user: Id) -> Option<&str> {
    let (object, record) = state.find(user)?;
    let (position, _) = object.field("Username")?;
    record.get(position).as_text()
}
