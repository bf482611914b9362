//! `/tooling/sobjects/{object}` and below: components made, read, changed and taken away, `{"FullName": …, "Metadata": …}`.

use http::{StatusCode, header};
use mock_sfdc_metadata::{
    Component, ENRICHED_FIELD, MetadataType, Mode, TOOLING_TYPES, by_id, delete as take_away, enriched_by_id,
    save,
};
use mock_sfdc_org::{error::Error, id::Id, schema::Object, streaming};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{may_change, named, query, tooling};
use crate::{
    api::rest::{body, error},
    call::{Answer, Call},
    reply::Reply,
};

/// What is said of a component.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Said {
    full_name: Option<String>,
    #[serde(default)]
    metadata: Map<String, Value>,
    #[serde(default, rename = "attributes")]
    _attributes: Value,
    #[serde(default, rename = "Id")]
    _id: Value,
}

/// The type behind an object. The other objects of set-up are rows of the org's own, which REST makes.
fn kind(call: &Call, object: &Object) -> Result<&'static MetadataType, Error> {
    let name = object.name.as_str();
    let known = MetadataType::find(name).filter(|kind| TOOLING_TYPES.contains(&kind.name));
    known
        .ok_or_else(|| Error::not_emulated(format_args!("{} of {name} through the Tooling API", call.method)))
}

/// `POST /tooling/sobjects/{object}`
pub fn create(call: &Call) -> Answer {
    may_change(call)?;
    let object = named(call, &tooling(call)?)?;
    let kind = kind(call, &object)?;
    let said: Said = body::parsed(call)?;
    let Some(name) = said.full_name else {
        return Ok(error::reply(&[Error::component_without_name()], call));
    };
    let component = Component::of_json(kind, &name, &Value::Object(said.metadata));
    let saved = call.org().transact(call.user()?, |tx| save(tx, &component, Mode::Create));
    if let Err(refused) = saved {
        return Ok(error::reply(&[refused], call));
    }
    let id = mock_sfdc_metadata::listed(&call.org().snapshot(), kind, &name).id;
    let told = json!({"id": id.to_string(), "success": true, "errors": [], "warnings": [], "infos": []});
    let address = format!("/services/data/{}/tooling/sobjects/{}/{id}", call.version, kind.name);
    Ok(Reply::json(StatusCode::CREATED, told.to_string()).with(header::LOCATION, &address))
}

/// `GET /tooling/sobjects/{object}/{id}`
pub fn get(call: &Call) -> Answer {
    let tooling = tooling(call)?;
    let object = named(call, &tooling)?;
    let id = id(call)?;
    let state = tooling.fill(&call.org().snapshot(), &object);
    if state.table(object.index).get(id).is_none() {
        return Ok(gone(call));
    }
    let all = object.visible_fields().map(|(_, field)| field.name.as_str()).collect::<Vec<_>>().join(",");
    let fields = call.query("fields").unwrap_or(&all);
    body::fields_of(&object, fields)?;
    let text = format!("SELECT {fields} FROM {} WHERE Id = '{id}'", object.name);
    let found = query::run(call, &text)?;
    let row = found.row(0).ok_or_else(Error::resource_not_found)?;
    Ok(Reply::json(StatusCode::OK, query::record(call, row)?.to_string()))
}

/// `PATCH /tooling/sobjects/{object}/{id}`: `Metadata` is the whole of it, as it is to be.
pub fn update(call: &Call) -> Answer {
    change(call, |call, kind, name| {
        let said: Said = body::parsed(call)?;
        if said.full_name.is_some_and(|said| !said.eq_ignore_ascii_case(name)) {
            return Err(Error::not_emulated(format_args!("another FullName for {} {name}", kind.name)));
        }
        let component = Component::of_json(kind, name, &Value::Object(said.metadata));
        call.org().transact(call.user()?, |tx| save(tx, &component, Mode::Update)).map(|_| ())
    })
}

/// `DELETE /tooling/sobjects/{object}/{id}`
pub fn delete(call: &Call) -> Answer {
    if call.param("object").eq_ignore_ascii_case(ENRICHED_FIELD) {
        return delete_enriched_field(call);
    }
    change(call, |call, kind, name| call.org().transact(call.user()?, |tx| take_away(tx, kind, name)))
}

/// No component of its own, but a part of one that can go by itself.
fn delete_enriched_field(call: &Call) -> Answer {
    may_change(call)?;
    let Some((member, field)) = enriched_by_id(&call.org().snapshot(), id(call)?) else {
        return Ok(gone(call));
    };
    call.org().transact(call.user()?, |tx| {
        streaming::remove_enriched_field(tx, &member, &field);
        Ok::<_, Error>(())
    })?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

fn change(call: &Call, work: impl FnOnce(&Call, &'static MetadataType, &str) -> Result<(), Error>) -> Answer {
    may_change(call)?;
    let object = named(call, &tooling(call)?)?;
    let kind = kind(call, &object)?;
    let Some(name) = by_id(&call.org().snapshot(), kind, id(call)?) else { return Ok(gone(call)) };
    match work(call, kind, &name) {
        Ok(()) => Ok(Reply::empty(StatusCode::NO_CONTENT)),
        Err(refused) => Ok(error::reply(&[refused], call)),
    }
}

fn id(call: &Call) -> Result<Id, Error> {
    let text = call.param("id");
    Id::parse(text).ok_or_else(|| Error::malformed_record_id(text))
}

fn gone(call: &Call) -> Reply {
    error::render(&Error::resource_not_found(), call)
}
