//! `/sobjects/{object}/listviews`, one of them, its `describe` and its `results` (`contract/rest.md` section 2).

use std::sync::Arc;

use http::StatusCode;
use mock_sfdc_org::{
    error::Error,
    id::Id,
    list_views::{self, ListView, Shown},
    schema::Object,
    soql::{self, BindOptions, RunContext},
};
use serde_json::{Value, json};

use super::{query, sobject};
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

/// How many rows come unless `limit` says otherwise, and at most.
const FEW: usize = 25;
const MOST: usize = 2000;

fn entry(call: &Call, object: &Object, view: &ListView) -> Value {
    let url =
        format!("/services/data/{}/sobjects/{}/listviews/{}", call.version, object.name.as_str(), view.id);
    json!({
        "describeUrl": format!("{url}/describe"),
        "developerName": view.developer_name,
        "id": view.id.to_string(),
        "label": view.label,
        "resultsUrl": format!("{url}/results"),
        "soqlCompatible": true,
        "url": url,
    })
}

/// `GET …/listviews`
pub fn list(call: &Call) -> Answer {
    let object = sobject::named(call)?;
    let views = list_views::of(&call.org().snapshot(), &object);
    Ok(listed(call, &object, &views))
}

/// `GET …/listviews/recent`: those that the caller has looked at on a page, and here are no pages.
pub fn recent(call: &Call) -> Answer {
    let object = sobject::named(call)?;
    Ok(listed(call, &object, &[]))
}

fn listed(call: &Call, object: &Object, views: &[ListView]) -> Reply {
    let rows = views.iter().map(|view| entry(call, object, view)).collect::<Vec<_>>();
    let body = json!({
        "done": true,
        "listviews": rows,
        "nextRecordsUrl": null,
        "size": views.len(),
        "sobjectType": object.name.as_str(),
    });
    Reply::json(StatusCode::OK, body.to_string())
}

fn named(call: &Call) -> Result<(Arc<Object>, ListView), Error> {
    let object = sobject::named(call)?;
    let wanted = call.param("view");
    let id = Id::parse(wanted);
    let views = list_views::of(&call.org().snapshot(), &object);
    let found = views.into_iter().find(|view| id == Some(view.id));
    found.map(|view| (object, view)).ok_or_else(Error::resource_not_found)
}

pub(in crate::api) fn shown(object: &Object, view: &ListView) -> Result<Shown, Error> {
    list_views::shown(object, view).ok_or_else(|| {
        Error::not_emulated(format_args!("the filter of the list view {}", view.developer_name))
    })
}

/// `GET …/listviews/{id}`
pub fn get(call: &Call) -> Answer {
    let (object, view) = named(call)?;
    Ok(Reply::json(StatusCode::OK, entry(call, &object, &view).to_string()))
}

fn columns(shown: &Shown) -> Vec<Value> {
    let column = |column: &list_views::Column| {
        let sorts = column.path == shown.order;
        json!({
            "ascendingLabel": if column.sortable { json!("A-Z") } else { Value::Null },
            "descendingLabel": if column.sortable { json!("Z-A") } else { Value::Null },
            "fieldNameOrPath": column.path,
            "hidden": column.hidden,
            "label": column.label,
            "searchable": false,
            "selectListItem": column.path,
            "sortDirection": if sorts { json!("ascending") } else { Value::Null },
            "sortIndex": if sorts { json!(0) } else { Value::Null },
            "sortable": column.sortable,
            "type": column.kind.as_str(),
        })
    };
    shown.columns.iter().map(column).collect()
}

/// `GET …/listviews/{id}/describe`
pub fn describe(call: &Call) -> Answer {
    let (object, view) = named(call)?;
    Ok(Reply::json(StatusCode::OK, described(&object, &view, &shown(&object, &view)?).to_string()))
}

/// What a view shows, of what, and in which order.
pub(in crate::api) fn described(object: &Object, view: &ListView, shown: &Shown) -> Value {
    let by = |field: &str| json!({"fieldNameOrPath": field, "nullsPosition": "first", "sortDirection": "ascending"});
    json!({
        "columns": columns(shown),
        "id": view.id.to_string(),
        "orderBy": [by(&shown.order), by("Id")],
        "query": shown.query,
        "relatedEntityId": null,
        "scope": shown.scope,
        "scopeEntityId": null,
        "sobjectType": object.name.as_str(),
        "whereCondition": {"conditions": [], "conjunction": "and"},
    })
}

/// `GET …/listviews/{id}/results[?limit=&offset=]`
pub fn results(call: &Call) -> Answer {
    let (object, view) = named(call)?;
    let number = |name: &str, usual: usize| match call.query(name) {
        Some(text) => text.parse().map_err(|_| Error::not_a_number(name, text)),
        None => Ok(usual),
    };
    let body = executed(call, &object, &view, Some(number("limit", FEW)?), number("offset", 0)?)?;
    Ok(Reply::json(StatusCode::OK, body.to_string()))
}

/// The rows that a view shows.
pub(in crate::api) fn executed(
    call: &Call,
    object: &Object,
    view: &ListView,
    limit: Option<usize>,
    offset: usize,
) -> Result<Value, Error> {
    let shown = shown(object, view)?;
    let limit = limit.unwrap_or(FEW).min(MOST);
    let text = format!("{} LIMIT {limit} OFFSET {offset}", shown.query);
    let state = call.org().snapshot();
    let viewer = call.viewer()?;
    let options = BindOptions { api_version: call.version.0.into() };
    let prepared = soql::prepare(&text, viewer.schema(), &options)?;
    let context = RunContext::for_user(&state, call.user()?, call.org().clock().now());
    let found = soql::run(&prepared, &state, &context)?;
    let mut records = Vec::with_capacity(found.len());
    for row in found.rows() {
        let mut out = Vec::new();
        query::write_row(&mut out, call, row)?;
        let row: Value = serde_json::from_slice(&out).unwrap_or_default();
        let cells = shown
            .columns
            .iter()
            .map(|column| json!({"fieldNameOrPath": column.path, "value": text_at(&row, &column.path)}));
        records.push(json!({"columns": cells.collect::<Vec<_>>()}));
    }
    Ok(json!({
        "columns": columns(&shown),
        "developerName": view.developer_name,
        "done": true,
        "id": view.id.to_string(),
        "label": view.label,
        "records": records,
        "size": records.len(),
    }))
}

/// A list shows texts, whatever the field holds.
fn text_at(row: &Value, path: &str) -> Value {
    let value = path.split('.').fold(row, |at, step| &at[step]);
    match value {
        Value::Null | Value::String(_) => value.clone(),
        other => Value::String(other.to_string()),
    }
}
