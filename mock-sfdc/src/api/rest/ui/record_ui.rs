//! `/ui-api/record-ui/{ids}`: all that a page needs to show records: they themselves, their objects and their pages.

use mock_sfdc_org::{error::Error, id::Id};
use serde_json::{Map, Value, json};

use super::{
    form_factor, layout, listed, object_info, ok,
    records::{View, own},
};
use crate::call::{Answer, Call};

/// Records of one request.
const MOST: usize = 200;

/// The type of records that have none of their own.
const MASTER: &str = "012000000000000AAA";

/// `GET /ui-api/record-ui/{ids}?layoutTypes=&modes=&optionalFields=`
pub fn get(call: &Call) -> Answer {
    form_factor(call)?;
    let view = View::of(call)?;
    let pod = view.state.settings().pod;
    let (kinds, modes) = (call.query("layoutTypes").unwrap_or("Full"), call.query("modes").unwrap_or("View"));
    let ids = listed(call.param("ids")).collect::<Vec<_>>();
    if ids.len() > MOST {
        return Err(Error::not_emulated(format_args!("{} records in one request; {MOST} can be", ids.len())));
    }
    let (mut records, mut infos) = (Map::new(), Map::new());
    let (mut layouts, mut states) = (json!({}), Map::new());
    for text in ids {
        let id = Id::parse(text).ok_or_else(|| Error::malformed_record_id(text))?;
        let (object, record) = view.find(id).ok_or_else(Error::resource_not_found)?;
        let name = object.name.as_str();
        let wanted = layout::fields(&object, pod, kinds, modes)?;
        let optional = own(&object, call.query("optionalFields").unwrap_or_default());
        let shown = view.with_optional(&object, &record, &wanted, &optional)?;
        let record_type = shown["recordTypeId"].as_str().unwrap_or(MASTER).to_owned();
        for kind in listed(kinds) {
            for mode in listed(modes) {
                layouts[name][&record_type][kind][mode] =
                    layout::page(&object, pod, kind, mode, &record_type)?;
            }
        }
        if listed(kinds).any(|kind| kind == "Full") {
            let (id, state) = layout::user_state(&object, pod);
            states.insert(id, state);
        }
        if !infos.contains_key(name) {
            infos.insert(name.to_owned(), object_info::info(&object, view.viewer.schema()));
        }
        records.insert(id.to_string(), shown);
    }
    Ok(ok(&json!({
        "layoutUserStates": states,
        "layouts": layouts,
        "objectInfos": infos,
        "records": Value::Object(records),
    })))
}
