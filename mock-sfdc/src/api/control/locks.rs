//! `/_mock/orgs/{org}/locks`: rows that a test holds, as the transaction of somebody else would.

use mock_sfdc_org::id::Id;
use serde::Deserialize;
use serde_json::json;

use super::{created, missing, nothing_more, ok, org, read, wrong};
use crate::call::{Answer, Call};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    records: Vec<Id>,
}

pub fn list(call: &Call) -> Answer {
    let holders = org(call)?.org.usage().row_locks.holders();
    let locks =
        holders.iter().map(|(lock, rows)| json!({"lock": lock, "records": **rows})).collect::<Vec<_>>();
    ok(&json!({ "locks": locks }))
}

pub fn take(call: &Call) -> Answer {
    let (tenant, rows): (_, Rows) = (org(call)?, read(call)?);
    let state = tenant.org.snapshot();
    if let Some(unknown) = rows.records.iter().find(|row| state.find(**row).is_none()) {
        return Err(wrong(format!("{} has no record {unknown}", tenant.name)));
    }
    let lock = tenant.org.usage().row_locks.lock(rows.records.iter().copied());
    created(&json!({ "lock": lock, "records": rows.records }))
}

pub fn release_all(call: &Call) -> Answer {
    org(call)?.org.usage().row_locks.release_all();
    nothing_more()
}

pub fn release(call: &Call) -> Answer {
    let (tenant, lock) = (org(call)?, call.param("lock"));
    let found = lock.parse().is_ok_and(|lock| tenant.org.usage().row_locks.release(lock));
    if found { nothing_more() } else { Err(missing(format!("{} has no lock {lock:?}", tenant.name))) }
}
