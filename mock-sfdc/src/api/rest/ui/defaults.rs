//! `/ui-api/record-defaults`: what a page begins with when somebody makes a record, from nothing or from another.

use mock_sfdc_org::{error::Error, id::Id, save, schema::Object, state::Record};
use serde_json::{Map, json};

use super::{
    form_factor, layout, object_info, ok,
    records::{View, own},
};
use crate::{
    api::rest::sobject,
    call::{Answer, Call},
};

/// `GET /ui-api/record-defaults/create/{object}`
pub fn create(call: &Call) -> Answer {
    form_factor(call)?;
    let object = sobject::named(call)?;
    let view = View::of(call)?;
    let record = save::blank_record(&view.state, &object, call.user()?, call.org().clock().now());
    answer(call, &view, &object, &record, None)
}

/// `GET /ui-api/record-defaults/clone/{id}`
pub fn clone(call: &Call) -> Answer {
    form_factor(call)?;
    let view = View::of(call)?;
    let text = call.param("id");
    let id = Id::parse(text).ok_or_else(|| Error::malformed_record_id(text))?;
    let (object, record) = view.find(id).ok_or_else(Error::resource_not_found)?;
    let own = object.field("RecordTypeId").and_then(|(at, _)| record.get(at).as_id());
    answer(call, &view, &object, &record, own)
}

fn answer(call: &Call, view: &View<'_>, object: &Object, record: &Record, own_type: Option<Id>) -> Answer {
    let given = call.query("recordTypeId").map(str::to_owned).or(own_type.map(|id| id.to_string()));
    let record_type = layout::record_type(object, given.as_deref())?;
    let pod = view.state.settings().pod;
    let mut names = layout::fields(object, pod, "Full", "Create")?;
    names.extend(own(object, call.query("optionalFields").unwrap_or_default()));
    let mut fields = Map::new();
    for name in names {
        // What only Salesforce writes has no value yet.
        let Some((position, field)) = object.field(name).filter(|(_, field)| field.createable) else {
            continue;
        };
        fields.insert(field.name.as_str().to_owned(), view.field(object, record, position, field));
    }
    let mut infos = Map::new();
    infos.insert(object.name.as_str().to_owned(), object_info::info(object, view.viewer.schema()));
    Ok(ok(&json!({
        "layout": layout::page(object, pod, "Full", "Create", &record_type.record_type_id)?,
        "objectInfos": infos,
        "record": {
            "apiName": object.name.as_str(),
            "childRelationships": {},
            "fields": fields,
            "id": null,
            "lastModifiedById": null,
            "lastModifiedDate": null,
            "recordTypeId": record_type.record_type_id,
            "recordTypeInfo": null,
            "systemModstamp": null,
        },
    })))
}
