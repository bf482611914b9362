//! `/services/oauth2/revoke`: GET or POST; its errors are forms, not JSON (`contract/oauth.md` section 6). A script on a page has
//! both told to a function of its own.

use http::StatusCode;
use mock_sfdc_org::access;
use serde_json::json;

use super::{
    error::{Refusal, private},
    form::{Fields, Format},
    script,
};
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

const KNOWN: &[&str] = &["token", "client_id", "client_secret", "token_type_hint", "callback"];

pub fn revoke(call: &Call) -> Answer {
    let fields = Fields::of(call);
    let callback = match script::callback(&fields) {
        Ok(callback) => callback,
        Err(refusal) => return Ok(refusal.reply(Format::UrlEncoded)),
    };
    let done = fields.only(call, KNOWN).and_then(|()| end(call, fields.get("token").unwrap_or_default()));
    Ok(match (done, callback) {
        (Ok(()), None) => private(Reply::empty(StatusCode::OK)),
        (Err(refusal), None) => refusal.reply(Format::UrlEncoded),
        // A browser runs no script that came with an error.
        (Ok(()), Some(name)) => script::reply(name, &json!({})),
        (Err(refusal), Some(name)) => script::reply(name, &json!({ "error": refusal.error })),
    })
}

fn end(call: &Call, token: &str) -> Result<(), Refusal> {
    let tenant = call.server.orgs.mentioned_in(token).unwrap_or_else(|| call.tenant.shared().clone());
    let nobody = tenant.org.snapshot().settings().organization_id;
    tenant.org.transact(nobody, |tx| access::revoke(tx, token)).map_err(Refusal::from)
}
