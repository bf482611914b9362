//! `describeGlobal`, `describeSObject` and `describeSObjects`: what REST's describe says, in the types of the WSDL.

use mock_sfdc_org::{
    error::Error,
    schema::{
        Object, ObjectUrl,
        describe::{self, Links, to_value},
    },
};
use serde_json::{Value as Json, json};

use super::{
    answer::{self, Elements},
    arguments::Arguments,
    caller::Caller,
    typed,
    wsdl::model,
};
use crate::call::{Answer, Call};

const MOST_OBJECTS: usize = 100;

pub fn global(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    Ok(answer::result(&caller, &laid_out(&caller, "DescribeGlobalResult", &all(&caller)?)))
}

/// All objects that the caller sees.
pub(super) fn all(caller: &Caller<'_>) -> Result<Json, Error> {
    let (viewer, version) = (caller.viewer()?, caller.call.version.to_string());
    let links = Links { version: &version, instance_url: &caller.call.base };
    let mut described = to_value(&describe::global(viewer.schema(), links));
    for object in described.get_mut("sobjects").and_then(Json::as_array_mut).into_iter().flatten() {
        with_id(object);
    }
    Ok(described)
}

pub fn one(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let name = Arguments::of(caller.request, &["sObjectType"], "").text("sObjectType");
    Ok(answer::result(&caller, &described(&caller, name)?))
}

pub fn several(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let names = Arguments::of(caller.request, &[], "sObjectType").rest_texts();
    if names.len() > MOST_OBJECTS {
        return Err(Error::too_many_types(MOST_OBJECTS));
    }
    let all = names.iter().map(|name| described(&caller, name)).collect::<Result<Vec<_>, Error>>()?;
    Ok(answer::results(&caller, &all))
}

fn described(caller: &Caller<'_>, name: &str) -> Result<Elements, Error> {
    let viewer = caller.viewer()?;
    let object = viewer.schema().object(name).ok_or_else(|| Error::unknown_object(name))?;
    let version = caller.call.version.to_string();
    let links = Links { version: &version, instance_url: &caller.call.base };
    let mut value = to_value(&describe::object(object, links));
    with_id(&mut value);
    with_pages(&mut value, object);
    Ok(laid_out(caller, "DescribeSObjectResult", &value))
}

/// A value in the order of its type.
pub(super) fn laid_out(caller: &Caller<'_>, kind: &str, value: &Json) -> Elements {
    let mut out = Elements::default();
    if let Some(kind) = model::find(kind) {
        typed::write(&mut out, kind, value, caller.call.version.0);
    }
    out
}

/// Only SOAP says that rows have ids; all that have a prefix for them do.
fn with_id(object: &mut Json) {
    let has = object.get("keyPrefix").is_some_and(|prefix| !prefix.is_null());
    object["idEnabled"] = json!(has);
}

/// The pages that REST lists among its `urls`, under their names of old.
fn with_pages(value: &mut Json, object: &Object) {
    let pages = [
        ("urlDetail", ObjectUrl::UiDetailTemplate, "uiDetailTemplate"),
        ("urlEdit", ObjectUrl::UiEditTemplate, "uiEditTemplate"),
        ("urlNew", ObjectUrl::UiNewRecord, "uiNewRecord"),
    ];
    for (name, page, key) in pages {
        if object.urls.contains(&page) {
            value[name] = value["urls"][key].clone();
        }
    }
}
