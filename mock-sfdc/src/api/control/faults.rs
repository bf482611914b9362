//! `/_mock/orgs/{org}/faults`: what is to go wrong.

use serde_json::json;

use super::{created, missing, nothing_more, ok, org, read, wrong};
use crate::{
    call::{Answer, Call},
    faults::Fault,
};

pub fn list(call: &Call) -> Answer {
    ok(&json!({ "faults": org(call)?.faults.all() }))
}

pub fn unused(call: &Call) -> Answer {
    ok(&json!({ "faults": org(call)?.faults.unused() }))
}

pub fn add(call: &Call) -> Answer {
    let (tenant, fault): (_, Fault) = (org(call)?, read(call)?);
    let id = tenant.faults.add(fault).map_err(wrong)?;
    created(&json!({ "id": id }))
}

pub fn remove(call: &Call) -> Answer {
    let tenant = org(call)?;
    let id = call.param("fault");
    let removed = id.parse().is_ok_and(|id| tenant.faults.remove(id));
    if removed { nothing_more() } else { Err(missing(format!("there is no fault {id}"))) }
}

pub fn clear(call: &Call) -> Answer {
    org(call)?.faults.clear();
    nothing_more()
}
