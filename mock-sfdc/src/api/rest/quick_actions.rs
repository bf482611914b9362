//! `/quickActions` and `/sobjects/{object}/quickActions`: the list, one of them, its `describe`, its `defaultValues`, and doing
//! it (`contract/rest.md` section 2). What they do, `mock_sfdc_org::quick_actions` says.

use std::sync::Arc;

use http::StatusCode;
use mock_sfdc_org::{
    error::Error,
    id::Id,
    quick_actions::{self, QuickAction},
    schema::{FieldType, Object},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{body, error, options, sobject};
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

/// Where the actions of a call stand: on an object's pages, or outside.
fn place(call: &Call) -> Result<(String, Option<Arc<Object>>), Error> {
    if call.operation.path.contains("{object}") {
        let object = sobject::named(call)?;
        let name = object.name.as_str();
        Ok((format!("/services/data/{}/sobjects/{name}/quickActions", call.version), Some(object)))
    } else {
        Ok((format!("/services/data/{}/quickActions", call.version), None))
    }
}

/// The actions that stand there, for whoever may do what they do.
pub(in crate::api) fn actions(
    call: &Call,
    object: Option<&Object>,
) -> Result<Vec<&'static QuickAction>, Error> {
    let viewer = call.viewer()?;
    let found: Vec<_> = match object {
        Some(object) => quick_actions::of(object, viewer.schema()).collect(),
        None => quick_actions::global().collect(),
    };
    let usable =
        |action: &&QuickAction| viewer.schema().object(action.target).is_some_and(|target| target.createable);
    Ok(found.into_iter().filter(usable).collect())
}

/// Where an action stands, on whose pages, the action itself, and the object that it creates.
type Named = (String, Option<Arc<Object>>, &'static QuickAction, Arc<Object>);

fn named(call: &Call) -> Result<Named, Error> {
    let (url, object) = place(call)?;
    let wanted = call.param("action");
    let found = actions(call, object.as_deref())?
        .into_iter()
        .find(|action| action.name.eq_ignore_ascii_case(wanted))
        .ok_or_else(Error::resource_not_found)?;
    let target =
        call.viewer()?.schema().object(found.target).cloned().ok_or_else(Error::resource_not_found)?;
    Ok((url, object, found, target))
}

fn entry(url: &str, action: &QuickAction) -> Value {
    let url = format!("{url}/{}", action.name);
    json!({
        "actionEnumOrId": action.name,
        "label": action.label,
        "name": action.name,
        "type": action.kind,
        "urls": {
            "defaultValues": format!("{url}/defaultValues"),
            "quickAction": url,
            "describe": format!("{url}/describe"),
            "defaultValuesTemplate": format!("{url}/defaultValues/{{ID}}"),
        },
    })
}

/// `GET …/quickActions`
pub fn list(call: &Call) -> Answer {
    let (url, object) = place(call)?;
    let rows = actions(call, object.as_deref())?.into_iter().map(|action| entry(&url, action));
    sobject::described(call, &rows.collect::<Value>())
}

/// `GET …/quickActions/{action}`
pub fn get(call: &Call) -> Answer {
    let (url, _, action, _) = named(call)?;
    Ok(Reply::json(StatusCode::OK, entry(&url, action).to_string()))
}

/// `GET …/quickActions/{action}/describe`
pub fn describe(call: &Call) -> Answer {
    let (_, object, action, target) = named(call)?;
    sobject::described(call, &described(object.as_deref(), action, &target))
}

/// What there is to know of an action.
pub(in crate::api) fn described(object: Option<&Object>, action: &QuickAction, target: &Object) -> Value {
    let link = object.and_then(|object| quick_actions::link(target, object));
    let presets = action.presets.iter().map(|(field, value)| json!({"defaultValue": value, "field": field}));
    json!({
        "accessLevelRequired": null,
        "canvasApplicationId": null,
        "canvasApplicationName": null,
        "colors": [],
        "contextSobjectType": object.map(|object| object.name.as_str().to_owned()),
        "defaultValues": presets.collect::<Vec<_>>(),
        "flowDevName": null,
        "flowRecordIdVar": null,
        "height": null,
        "iconName": null,
        "iconUrl": null,
        "icons": [],
        "label": action.label,
        "layout": null,
        "lightningComponentBundleId": null,
        "lightningComponentBundleName": null,
        "lightningComponentQualifiedName": null,
        "miniIconUrl": null,
        "name": action.name,
        "showQuickActionLcHeader": false,
        "showQuickActionVfHeader": false,
        "targetParentField": link.map(|(_, field)| field.name.as_str().to_owned()),
        "targetRecordTypeId": null,
        "targetSobjectType": target.name.as_str(),
        "type": action.kind,
        "visualforcePageName": null,
        "visualforcePageUrl": null,
        "width": null,
    })
}

/// `GET …/quickActions/{action}/defaultValues[/{id}]`
pub fn default_values(call: &Call) -> Answer {
    let (_, _, action, target) = named(call)?;
    let mut values = Map::new();
    values.insert("attributes".to_owned(), json!({"type": target.name.as_str()}));
    for (_, field) in target.visible_fields().filter(|(_, field)| field.createable) {
        let usual = field.default_picklist_value().map(|value| json!(value.value));
        let plain = || (field.kind == FieldType::Boolean).then_some(Value::Bool(false));
        values.insert(field.name.as_str().to_owned(), usual.or_else(plain).unwrap_or(Value::Null));
    }
    for (name, value) in action.presets {
        if let Some(known) = values.get_mut(*name) {
            *known = json!(value);
        }
    }
    if !call.param("id").is_empty() {
        let (id, object) = context(call, call.param("id"))?;
        let link = quick_actions::link(&target, &object).ok_or_else(Error::invalid_cross_reference)?;
        values.insert(link.1.name.as_str().to_owned(), json!(id.to_string()));
    }
    Ok(Reply::json(StatusCode::OK, Value::Object(values).to_string()))
}

/// The record from which an action is started, as the caller sees it.
pub(in crate::api) fn context(call: &Call, text: &str) -> Result<(Id, Arc<Object>), Error> {
    let id = Id::parse(text).ok_or_else(|| Error::malformed_record_id(text))?;
    let state = call.org().snapshot();
    let (object, record) = state.find(id).ok_or_else(Error::invalid_cross_reference)?;
    if call.viewer()?.sees(&state, object.index, record) {
        Ok((id, Arc::clone(object)))
    } else {
        Err(Error::invalid_cross_reference())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked<'a> {
    context_id: Option<String>,
    #[serde(borrow)]
    record: Option<body::Members<'a>>,
}

/// `POST …/quickActions/{action}` `{"contextId": …, "record": {…}}`
pub fn perform(call: &Call) -> Answer {
    let (_, object, action, target) = named(call)?;
    let asked: Asked<'_> = body::parsed(call)?;
    let started = asked.context_id.as_deref().map(|text| context(call, text)).transpose()?;
    // The action of an object is started from a record of it.
    let other = object.is_some_and(|own| started.as_ref().is_some_and(|(_, from)| from.index != own.index));
    if other {
        return Err(Error::invalid_cross_reference());
    }
    let started = started.map(|(id, _)| id);
    let record = asked.record.ok_or_else(|| Error::parameter_missing("record"))?;
    let draft = body::draft(call, call.viewer()?.schema(), &target, &record)?;
    let options = options::dml(call)?;
    match call.transact(call.user()?, |tx| action.perform(tx, started, draft, &options)) {
        Ok(id) => {
            let body = json!({
                "contextId": started.map(|id| id.to_string()),
                "feedItemIds": null,
                "id": id.to_string(),
                "ids": [id.to_string()],
                "success": true,
                "errors": [],
                "created": true,
            });
            Ok(Reply::json(StatusCode::CREATED, body.to_string()))
        }
        Err(errors) => Ok(error::reply(&errors, call)),
    }
}
