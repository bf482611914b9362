//! `/sobjects/{object}/updated` and `/deleted` (`contract/rest.md` section 2).

use http::StatusCode;
use mock_sfdc_org::{
    error::Error,
    replication::{self, Span},
    value::DateTime,
};
use serde_json::{Value, json};

use super::sobject;
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

/// `GET …/updated/?start=&end=`
pub fn updated(call: &Call) -> Answer {
    let object = sobject::named(call)?;
    let found = replication::updated(call.org(), call.user()?, &object, span(call)?)?;
    Ok(answer(&json!({"ids": found.ids, "latestDateCovered": found.latest_date_covered.to_rest()})))
}

/// `GET …/deleted/?start=&end=`
pub fn deleted(call: &Call) -> Answer {
    let object = sobject::named(call)?;
    let found = replication::deleted(call.org(), call.user()?, &object, span(call)?)?;
    let records = found
        .records
        .iter()
        .map(|record| json!({"id": record.id, "deletedDate": record.deleted_date.to_rest()}))
        .collect::<Value>();
    Ok(answer(&json!({
        "deletedRecords": records,
        "earliestDateAvailable": found.earliest_date_available.to_rest(),
        "latestDateCovered": found.latest_date_covered.to_rest(),
    })))
}

fn answer(body: &Value) -> Reply {
    Reply::json(StatusCode::OK, body.to_string())
}

fn span(call: &Call) -> Result<Span, Error> {
    Ok(Span { start: moment(call, "start")?, end: moment(call, "end")? })
}

fn moment(call: &Call, name: &str) -> Result<DateTime, Error> {
    let text = call.query(name).unwrap_or_default();
    DateTime::parse(text).ok_or_else(|| Error::illegal_moment(name, text))
}
