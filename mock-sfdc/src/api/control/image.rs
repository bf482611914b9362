//! `/_mock/orgs/{org}/image`: the whole org as one file, and a file as the whole org.

use http::StatusCode;
use mock_sfdc_org::image;

use super::{ok, org, orgs::told, wrong};
use crate::{
    api::bulk::formats::loader,
    call::{Answer, Call, unkept},
    reply::Reply,
};

pub fn export(call: &Call) -> Answer {
    let tenant = org(call)?;
    let text = image::export(&tenant.org.snapshot(), tenant.org.clock().setting()).map_err(unkept)?;
    Ok(Reply::typed(StatusCode::OK, "application/x-ndjson;charset=UTF-8", text))
}

/// The org becomes what the file holds, and keeps its name, its organization id and the sessions that were given out.
pub fn import(call: &Call) -> Answer {
    let tenant = org(call)?;
    let text =
        std::str::from_utf8(&call.body).map_err(|error| wrong(format!("the body is no text: {error}")))?;
    let imported = image::import(text, loader()).map_err(|error| wrong(error.to_string()))?;
    call.server.orgs.replace(&tenant, &imported);
    ok(&told(call, &tenant))
}
