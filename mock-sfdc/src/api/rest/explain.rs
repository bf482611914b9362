//! `/query?explain=`: the plan of a query (`contract/rest.md` section 2, explain).

use http::StatusCode;
use mock_sfdc_org::{
    error::Error,
    id::Id,
    soql::{self, BindOptions, RunContext},
};
use serde_json::{Value, json};

use crate::{
    call::{Answer, Call},
    reply::Reply,
};

/// The cost of a walk over all rows, as the one recorded answer has it.
const SCAN_COST: f64 = 2.8;
/// The share of its rows that an index of Salesforce's own may give and still be used.
const SELECTIVE: f64 = 0.3;

pub fn explain(call: &Call, text: &str) -> Answer {
    if text.trim().is_empty() {
        return Err(Error::empty_query());
    }
    if Id::parse(text.trim()).is_some() {
        return Err(Error::not_emulated("query?explain= of a report or list view"));
    }
    let state = call.org().snapshot();
    let options = BindOptions { api_version: call.version.0.into() };
    let context = RunContext::for_user(&state, call.user()?, call.org().clock().now());
    let explained = soql::explain(text, &state, &options, &context)?;
    let object = explained.object.name.as_str();
    let note = |fields: &[String]| {
        json!({"description": "Not considering filter for optimization because unindexed",
               "fields": fields, "tableEnumOrId": object})
    };
    let mut notes: Vec<Value> =
        explained.unindexed.iter().map(|field| note(std::slice::from_ref(field))).collect();
    notes.push(note(&["IsDeleted".to_owned()]));
    let plan = |kind: &str, cardinality: usize, fields: &[String], cost: f64| {
        json!({"cardinality": cardinality, "fields": fields, "leadingOperationType": kind, "notes": notes,
               "relativeCost": cost, "sobjectCardinality": explained.rows, "sobjectType": object})
    };
    let scan = plan("TableScan", explained.total, &[], SCAN_COST);
    let plans = if explained.indexed.is_empty() {
        vec![scan]
    } else {
        #[allow(clippy::cast_precision_loss, reason = "rows are fewer than 2^53")]
        let share = explained.candidates as f64 / (explained.rows.max(1) as f64 * SELECTIVE);
        let cost = (share * 1000.0).round() / 1000.0;
        let index = plan("Index", explained.candidates, &explained.indexed, cost);
        if cost <= SCAN_COST { vec![index, scan] } else { vec![scan, index] }
    };
    let body = json!({"plans": plans, "sourceQuery": text}).to_string();
    Ok(Reply::json(StatusCode::OK, body.into_bytes()))
}
