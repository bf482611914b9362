//! `/sobjects/User/{id}/password`: whether a user's password has expired, another one, or one that the org makes up.

use http::StatusCode;
use mock_sfdc_org::{access, error::Error, id::Id};
use serde_json::json;

use super::{body, row};
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

fn user_of(call: &Call) -> Result<Id, Error> {
    let viewer = call.viewer()?;
    let users = viewer.schema().object("User").cloned().ok_or_else(Error::resource_not_found)?;
    let id = row::id_of(call.param("id"), &users)?;
    let state = call.org().snapshot();
    if state.table(users.index).get(id).is_some() { Ok(id) } else { Err(Error::resource_not_found()) }
}

/// `GET`: passwords do not expire here.
pub fn get(call: &Call) -> Answer {
    user_of(call)?;
    Ok(Reply::json(StatusCode::OK, json!({"isExpired": false}).to_string()))
}

/// `POST {"NewPassword": "…"}`
pub fn set(call: &Call) -> Answer {
    let user = user_of(call)?;
    let members = body::members(call)?;
    let given = members.get("NewPassword").and_then(|raw| serde_json::from_str::<String>(raw.get()).ok());
    let password = given.ok_or_else(|| Error::parameter_missing("NewPassword"))?;
    call.transact(call.user()?, |tx| access::set_password(tx, user, &password))?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// `DELETE`: the answer has the new one.
pub fn reset(call: &Call) -> Answer {
    let user = user_of(call)?;
    let random = call.org().random();
    let made = call.transact(call.user()?, |tx| access::reset_password(tx, random, user))?;
    Ok(Reply::json(StatusCode::OK, json!({"NewPassword": made}).to_string()))
}
