//! `/process/rules` and `/process/approvals` (`contract/rest.md` section 2): the workflow rules of an org, and having them
//! asked of records. There are no approval processes here, so no record finds one.

use std::collections::BTreeMap;

use http::StatusCode;
use mock_sfdc_org::{
    approval,
    error::Error,
    id::Id,
    rules::workflow::{WorkflowActionType, WorkflowRule},
    schema::Object,
    verbs,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{body, error, shape::objects, sobject};
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

/// What an action is called here.
fn kind(kind: WorkflowActionType) -> &'static str {
    match kind {
        WorkflowActionType::Alert => "Alert",
        WorkflowActionType::FieldUpdate => "FieldUpdate",
        WorkflowActionType::FlowAction => "FlowAction",
        WorkflowActionType::KnowledgePublish => "KnowledgePublish",
        WorkflowActionType::OutboundMessage => "OutboundMessage",
        WorkflowActionType::Send => "Send",
        WorkflowActionType::Task => "Task",
    }
}

fn rule(object: &Object, id: Id, rule: &WorkflowRule) -> Value {
    let actions =
        rule.actions.iter().map(|action| json!({"id": null, "name": action.name, "type": kind(action.kind)}));
    json!({
        "actions": actions.collect::<Value>(),
        "description": rule.description,
        "id": id.to_string(),
        "name": rule.full_name,
        "namespacePrefix": null,
        "object": object.name.as_str(),
    })
}

/// The active rules of an object.
fn rules_of(call: &Call, object: &Object) -> Vec<(Id, Value)> {
    let state = call.org().snapshot();
    let rules = state.rules().workflow_rules(object.index);
    rules.filter(|(_, one)| one.active).map(|(id, one)| (id, rule(object, id, one))).collect()
}

/// `GET /process/rules`
pub fn rules(call: &Call) -> Answer {
    let viewer = call.viewer()?;
    let mut all = BTreeMap::new();
    for object in viewer.schema().objects() {
        let rules = rules_of(call, object).into_iter().map(|(_, rule)| rule).collect::<Vec<_>>();
        if !rules.is_empty() {
            all.insert(object.name.as_str().to_owned(), rules);
        }
    }
    Ok(Reply::json(StatusCode::OK, json!({"rules": all}).to_string()))
}

/// `GET /process/rules/{object}`
pub fn rules_of_object(call: &Call) -> Answer {
    let object = sobject::named(call)?;
    let rules = rules_of(call, &object).into_iter().map(|(_, rule)| rule).collect::<Vec<_>>();
    let mut all = Map::new();
    all.insert(object.name.as_str().to_owned(), Value::Array(rules));
    Ok(Reply::json(StatusCode::OK, json!({"rules": all}).to_string()))
}

/// `GET /process/rules/{object}/{rule}`
pub fn get(call: &Call) -> Answer {
    let object = sobject::named(call)?;
    let wanted = Id::parse(call.param("rule"));
    let found = rules_of(call, &object).into_iter().find(|(id, _)| Some(*id) == wanted);
    let (_, rule) = found.ok_or_else(Error::resource_not_found)?;
    Ok(Reply::json(StatusCode::OK, rule.to_string()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Trigger {
    context_ids: Vec<String>,
}

/// `POST /process/rules`, `…/{object}`, `…/{object}/{rule}` `{"contextIds": ["001…"]}`: all or none.
pub fn trigger(call: &Call) -> Answer {
    let of_object = call.operation.path.contains("{object}");
    let object = if of_object { Some(sobject::named(call)?) } else { None };
    let only = match call.param("rule") {
        "" => None,
        text => Some(Id::parse(text).ok_or_else(|| Error::malformed_record_id(text))?),
    };
    let asked: Trigger = body::parsed(call)?;
    let mut records = Vec::with_capacity(asked.context_ids.len());
    for text in &asked.context_ids {
        let id = Id::parse(text).ok_or_else(|| Error::malformed_record_id(text))?;
        if object.as_ref().is_some_and(|object| object.record_prefix != id.prefix()) {
            return Err(Error::malformed_record_id(text));
        }
        records.push(id);
    }
    let done = call.transact(call.user()?, |tx| {
        records.iter().try_for_each(|id| verbs::trigger_workflow(tx, *id, only))
    });
    match done {
        Ok(()) => Ok(Reply::json(StatusCode::OK, json!({"errors": null, "success": true}).to_string())),
        Err(errors) => Ok(error::reply(&errors, call)),
    }
}

/// `GET /process/approvals`
pub fn approvals(_: &Call) -> Answer {
    Ok(Reply::json(StatusCode::OK, json!({"approvals": {}}).to_string()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Approvals {
    #[serde(deserialize_with = "objects")]
    requests: Vec<Approval>,
}

/// All members that a request may have; none of them finds a process.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Approval {
    action_type: String,
    context_id: Option<String>,
    #[serde(rename = "contextActorId")]
    _context_actor_id: Option<String>,
    #[serde(rename = "comments")]
    _comments: Option<String>,
    #[serde(rename = "nextApproverIds")]
    _next_approver_ids: Option<Vec<String>>,
    #[serde(rename = "processDefinitionNameOrId")]
    _process_definition: Option<String>,
    #[serde(rename = "skipEntryCriteria")]
    _skip_entry_criteria: Option<Value>,
}

/// `POST /process/approvals` `{"requests": [{"actionType": "Submit", "contextId": "001…"}]}`: a result for each.
pub fn submit(call: &Call) -> Answer {
    let asked: Approvals = body::parsed(call)?;
    let viewer = call.viewer()?;
    let state = call.org().snapshot();
    let mut results = Vec::with_capacity(asked.requests.len());
    let mut first = None;
    for request in &asked.requests {
        let refusal = match request.action_type.as_str() {
            "Submit" | "Approve" | "Reject" => {
                approval::refusal(&state, &viewer, request.context_id.as_deref().unwrap_or_default())
            }
            other => return Err(Error::illegal_action(other)),
        };
        results.push(json!({
            "actorIds": null,
            "entityId": null,
            "errors": [error::of_row(&refusal)],
            "instanceId": null,
            "instanceStatus": null,
            "newWorkitemIds": null,
            "success": false,
        }));
        first.get_or_insert(refusal);
    }
    let status = first.map_or(200, |error| error.code.http_status());
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Ok(Reply::json(status, Value::Array(results).to_string()))
}
