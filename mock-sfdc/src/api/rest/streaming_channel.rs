//! `/sobjects/StreamingChannel/{id}/push`: pushes payloads to the subscribers of a generic channel, and tells who they are.

use std::{collections::BTreeMap, sync::Arc};

use http::StatusCode;
use mock_sfdc_org::{access::permissions::Right, error::Error, id::Id, streaming::generic};
use serde::Deserialize;
use serde_json::json;

use super::{body, shape::Shaped};
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Push {
    push_events: Option<Vec<Shaped<PushEvent>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PushEvent {
    payload: String,
    #[serde(default)]
    user_ids: Vec<Id>,
}

/// `GET …/push`: who listens, and to what.
pub fn subscribers(call: &Call) -> Answer {
    let channel = channel(call, Right::Read)?;
    let body = json!({"OnlineUserIds": call.tenant.streaming.listeners(&channel), "ChannelName": &*channel});
    Ok(Reply::json(StatusCode::OK, body.to_string()))
}

/// `POST …/push`: a result for each payload. Whom it was meant for and who listens is told; a broadcast counts as -1.
pub fn push(call: &Call) -> Answer {
    let channel = channel(call, Right::Edit)?;
    let asked: Push = body::parsed(call)?;
    let events = asked.push_events.ok_or_else(|| Error::required_fields_missing(&["pushEvents"]))?;
    call.transact(call.user()?, |tx| {
        events
            .iter()
            .try_for_each(|Shaped(event)| generic::push(tx, &channel, &event.payload, &event.user_ids))
    })?;
    let listening = call.tenant.streaming.listeners(&channel);
    let result = |Shaped(event): &Shaped<PushEvent>| {
        let online = event.user_ids.iter().map(|user| (user.to_string(), listening.contains(user)));
        let online = online.collect::<BTreeMap<_, _>>();
        let reached = online.values().filter(|listens| **listens).count();
        let fanout = match event.user_ids.is_empty() {
            true if !listening.is_empty() => json!(-1),
            true => json!(0),
            false => json!(reached),
        };
        json!({"fanoutCount": fanout, "userOnlineStatus": online})
    };
    let body = events.iter().map(result).collect::<Vec<_>>();
    Ok(Reply::json(StatusCode::OK, json!(body).to_string()))
}

/// The channel of the path, for those who may do this with it.
fn channel(call: &Call, right: Right) -> Result<Arc<str>, Error> {
    let state = call.org().snapshot();
    let viewer = call.viewer()?;
    let id = Id::parse(call.param("id")).ok_or_else(Error::resource_not_found)?;
    let object = viewer.schema().object(generic::OBJECT).ok_or_else(Error::resource_not_found)?;
    if !viewer.allows(object.index, right) {
        return Err(Error::insufficient_access());
    }
    generic::name_of(&state, id).ok_or_else(Error::resource_not_found)
}
