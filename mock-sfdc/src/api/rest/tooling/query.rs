//! `/tooling/query`: SOQL over set-up. Its answers say more of themselves than those over data do, and `Metadata` is a whole
//! component (`contract/rest.md` section 3, tooling).

use http::StatusCode;
use mock_sfdc_org::{
    error::Error,
    soql::{
        self, BindOptions, Cell, ResultSet, Row, RunContext,
        cursor::{Cursor, MAX_BATCH},
    },
};
use serde_json::{Map, Value, json};

use super::tooling;
use crate::{
    api::rest::{columns, json},
    call::{Answer, Call},
    reply::Reply,
};

/// `GET /tooling/query?q=`
pub fn query(call: &Call) -> Answer {
    let text = call.query("q").ok_or_else(Error::no_query_string)?;
    if text.trim().is_empty() {
        return Err(Error::empty_query());
    }
    if columns::wanted(call)? {
        return columns::of(call, &tooling(call)?.schema, text);
    }
    let cursor = Cursor::new(run(call, text)?, MAX_BATCH);
    page(call, &cursor, 0, None)
}

/// `GET /tooling/query/01g…-2000`
pub fn more(call: &Call) -> Answer {
    let invalid = Error::invalid_query_locator;
    let (id, from) = call.param("locator").rsplit_once('-').ok_or_else(invalid)?;
    let id = mock_sfdc_org::id::Id::parse(id).ok_or_else(invalid)?;
    let from = from.parse().map_err(|_| invalid())?;
    let found = call.tenant.rest.cursors.find(id, call.user()?, call.org().clock().now());
    page(call, found.ok_or_else(invalid)?.as_ref(), from, Some(id))
}

/// Runs a query over the org's set-up.
pub(super) fn run(call: &Call, text: &str) -> Result<ResultSet, Error> {
    let tooling = tooling(call)?;
    let options = BindOptions { api_version: call.version.0.into() };
    let prepared = soql::prepare(text, &tooling.schema, &options)?;
    let state = tooling.fill(&call.org().snapshot(), prepared.object());
    // Set-up has no owners: whoever may look at it sees all of it.
    let context =
        RunContext { viewer: None, ..RunContext::for_user(&state, call.user()?, call.org().clock().now()) };
    let result = soql::run(&prepared, &state, &context)?;
    let whole = result.len() > 1
        && result
            .row(0)
            .is_some_and(|row| row.cells().any(|(key, _)| key == "Metadata" || key == "FullName"));
    if whole { Err(Error::metadata_needs_one_row()) } else { Ok(result) }
}

/// `{"size":…,"totalSize":…,"done":…,"queryLocator":…,"entityTypeName":…,"records":[…]}`
fn page(call: &Call, cursor: &Cursor, from: usize, open: Option<mock_sfdc_org::id::Id>) -> Answer {
    let page = cursor.page(from).ok_or_else(Error::invalid_query_locator)?;
    let next = match (page.next(), open) {
        (None, _) => None,
        (Some(next), Some(id)) => Some((id, next)),
        (Some(next), None) => {
            let pod = call.org().snapshot().settings().pod;
            let now = call.org().clock().now();
            Some((call.tenant.rest.cursors.keep(cursor.clone(), call.user()?, now, pod), next))
        }
    };
    let records = page.rows().map(|row| record(call, row)).collect::<Result<Vec<_>, _>>()?;
    let mut said = json!({
        "size": records.len(),
        "totalSize": cursor.result().total_size(),
        "done": next.is_none(),
        "queryLocator": next.map(|(id, next)| format!("{id}-{next}")),
    });
    if let Some((id, next)) = next {
        let path = format!("/services/data/{}/tooling/query/{id}-{next}", call.version);
        said["nextRecordsUrl"] = json!(path);
    }
    said["entityTypeName"] = json!(cursor.result().object().name.as_str());
    said["records"] = Value::Array(records);
    Ok(Reply::json(StatusCode::OK, said.to_string()))
}

/// A row with its address; a component's `Metadata` is an object.
pub(super) fn record(call: &Call, row: Row<'_>) -> Result<Value, Error> {
    let mut said = Map::new();
    let mut attributes = json!({"type": row.type_name()});
    if let Some((object, id)) = row.identity() {
        let name = object.name.as_str();
        // A row of these is told apart by its name.
        let key = match name {
            "EntityDefinition" | "FieldDefinition" => durable(row).unwrap_or_else(|| id.to_string()),
            _ => id.to_string(),
        };
        let url = format!("/services/data/{}/tooling/sobjects/{name}/{key}", call.version);
        attributes["url"] = json!(url);
    }
    said.insert("attributes".to_owned(), attributes);
    for (key, cell) in row.cells() {
        said.insert(key.to_owned(), shown(call, key, cell)?);
    }
    Ok(Value::Object(said))
}

fn durable(row: Row<'_>) -> Option<String> {
    let (object, _) = row.identity()?;
    let (position, _) = object.field("DurableId")?;
    row.record()?.get(position).as_text().map(str::to_owned)
}

fn shown(call: &Call, key: &str, cell: Cell<'_>) -> Result<Value, Error> {
    let mut out = Vec::new();
    match cell {
        Cell::Value(value, _) if key == "Metadata" => {
            return Ok(value.as_text().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default());
        }
        Cell::Value(value, kind) => json::value(&mut out, value, kind),
        Cell::Computed(value, kind) => json::value(&mut out, &value, kind),
        Cell::Id(id) => json::id(&mut out, id),
        Cell::Text(text) => return Ok(json!(text)),
        Cell::Parent(Some(parent)) => return record(call, parent),
        Cell::Compound(None) | Cell::Parent(None) | Cell::Children(None) => return Ok(Value::Null),
        Cell::Compound(Some(parts)) => {
            let mut said = Map::new();
            for (part, value, kind) in parts {
                said.insert(part.to_owned(), shown(call, part, Cell::Value(value, kind))?);
            }
            return Ok(Value::Object(said));
        }
        Cell::Children(Some(children)) => {
            let records = children.rows().map(|row| record(call, row)).collect::<Result<Vec<_>, _>>()?;
            return Ok(json!({
                "size": records.len(), "totalSize": children.total_size(), "done": true, "queryLocator": null,
                "entityTypeName": children.object().name.as_str(), "records": records,
            }));
        }
    }
    serde_json::from_slice(&out).map_err(|error| Error::unknown_exception(&error.to_string()))
}
