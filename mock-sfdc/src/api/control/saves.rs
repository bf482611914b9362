//! `/_mock/orgs/{org}/saves`: why a field has its value. What each stage of a save did, for people and for programs.

use http::StatusCode;
use mock_sfdc_org::{
    id::Id,
    save::{
        SaveKind,
        trace::{FieldChange, SaveTrace, StageTrace, TransactionTrace},
    },
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{history::as_json, ok, org, read, wrong};
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keep {
    /// Transactions.
    keep: usize,
}

/// How many transactions are kept from now on.
pub fn keep(call: &Call) -> Answer {
    let (tenant, wanted): (_, Keep) = (org(call)?, read(call)?);
    tenant.org.trace_saves(wanted.keep);
    ok(&json!({ "keep": wanted.keep }))
}

/// What was kept, narrowed down to a record, an object, or a field that a stage has set.
pub fn get(call: &Call) -> Answer {
    let tenant = org(call)?;
    let record = match call.query("record") {
        None => None,
        Some(text) => Some(Id::parse(text).ok_or_else(|| wrong(format!("record is an id, not {text:?}")))?),
    };
    let (object, field) = (call.query("object"), call.query("field"));
    let wanted = |save: &SaveTrace| {
        record.is_none_or(|id| save.record == id)
            && object.is_none_or(|name| save.object.eq_ignore_ascii_case(name))
            && field.is_none_or(|name| save.sets(name))
    };
    let found = tenant.org.saves().into_iter().filter_map(|trace| {
        let saves = trace.saves.iter().filter(|save| wanted(save)).cloned().collect::<Vec<_>>();
        let left = TransactionTrace { saves, ..TransactionTrace::clone(&trace) };
        (!left.saves.is_empty()).then_some(left)
    });
    match call.query("format") {
        None | Some("json") => {
            let transactions = found.map(|trace| shown(&trace)).collect::<Vec<_>>();
            ok(&json!({ "keep": tenant.org.traced_transactions(), "transactions": transactions }))
        }
        Some("text") => {
            let text = found.map(|trace| trace.to_string()).collect::<String>();
            Ok(Reply::typed(StatusCode::OK, "text/plain;charset=UTF-8", text))
        }
        Some(other) => Err(wrong(format!("format is json or text, not {other:?}"))),
    }
}

fn shown(trace: &TransactionTrace) -> Value {
    json!({
        "transaction": trace.transaction,
        "at": trace.at.to_zulu(),
        "user": trace.user,
        "committed": trace.committed,
        "saves": trace.saves.iter().map(save).collect::<Vec<_>>(),
    })
}

fn save(save: &SaveTrace) -> Value {
    json!({
        "object": save.object,
        "record": save.record,
        "operation": if save.kind == SaveKind::Insert { "insert" } else { "update" },
        "within": save.within,
        "stages": save.stages.iter().map(stage).collect::<Vec<_>>(),
    })
}

fn stage(stage: &StageTrace) -> Value {
    let errors = stage.errors.iter();
    let errors = errors.map(|error| json!({"errorCode": error.code.as_str(), "message": error.message}));
    json!({
        "step": stage.step,
        "stage": stage.stage,
        "changes": stage.changes.iter().map(change).collect::<Vec<_>>(),
        "notes": stage.notes,
        "errors": errors.collect::<Vec<_>>(),
    })
}

fn change(change: &FieldChange) -> Value {
    json!({
        "field": change.field,
        "old": as_json(&change.old, change.kind),
        "new": as_json(&change.new, change.kind),
    })
}
