//! `/services/oauth2/revoke`: GET or POST; its errors are forms, not JSON (`contract/oauth.md` section 6).

use http::StatusCode;
use mock_sfdc_org::access;

use super::{
    error::{Refusal, private},
    form::{Fields, Format},
};
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

pub fn revoke(call: &Call) -> Answer {
    let fields = Fields::of(call);
    let done = fields
        .only(call, &["token", "client_id", "client_secret", "token_type_hint"])
        .and_then(|()| end(call, fields.get("token").unwrap_or_default()));
    Ok(match done {
        Ok(()) => private(Reply::empty(StatusCode::OK)),
        Err(refusal) => refusal.reply(Format::UrlEncoded),
    })
}

fn end(call: &Call, token: &str) -> Result<(), Refusal> {
    let tenant = call.server.orgs.mentioned_in(token).unwrap_or_else(|| call.tenant.clone());
    let nobody = tenant.org.snapshot().settings().organization_id;
    tenant.org.transact(nobody, |tx| access::revoke(tx, token)).map_err(Refusal::from)
}
