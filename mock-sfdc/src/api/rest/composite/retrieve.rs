//! `/composite/sobjects/{object}`: several records of one object by their ids, in the order of the ids; null for one that is not
//! there, or not for the caller.

use http::StatusCode;
use mock_sfdc_org::{error::Error, formula::with_formulas, id::Id};
use serde::Deserialize;

use super::{COLLECTIONS, collections::listed, since};
use crate::{
    api::rest::{body, json, record, sobject},
    call::{Answer, Call},
    reply::Reply,
};

/// How many one call takes.
const MOST: usize = 2_000;

/// `{"ids": ["001…"], "fields": ["Name"]}`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    ids: Vec<String>,
    fields: Vec<String>,
}

/// `GET ?ids=&fields=`
pub fn get(call: &Call) -> Answer {
    since(call, COLLECTIONS)?;
    let list = |name: &str| {
        let found: Vec<String> = listed(call.query(name).unwrap_or_default()).map(str::to_owned).collect();
        if found.is_empty() { Err(Error::missing_parameter(name)) } else { Ok(found) }
    };
    retrieve(call, &Wanted { ids: list("ids")?, fields: list("fields")? })
}

/// `POST`: the same, for more ids than an address holds.
pub fn post(call: &Call) -> Answer {
    since(call, COLLECTIONS)?;
    let wanted: Wanted = body::parsed(call)?;
    for (name, list) in [("ids", &wanted.ids), ("fields", &wanted.fields)] {
        if list.is_empty() {
            return Err(Error::missing_parameter(name));
        }
    }
    retrieve(call, &wanted)
}

fn retrieve(call: &Call, wanted: &Wanted) -> Answer {
    let object = sobject::named(call)?;
    if wanted.ids.len() > MOST {
        return Err(Error::too_many_records(MOST));
    }
    let positions = body::fields_of(&object, &wanted.fields.join(","))?;
    let (state, viewer, user) = (call.org().snapshot(), call.viewer()?, call.user()?);
    let (table, now) = (state.table(object.index), call.org().clock().now());
    let mut out = vec![b'['];
    for text in &wanted.ids {
        json::comma(&mut out);
        let found = Id::parse(text).and_then(|id| table.get(id));
        match found.filter(|record| viewer.sees(&state, object.index, record)) {
            None => out.extend_from_slice(b"null"),
            Some(found) => {
                let found = viewer.reads(&object, &with_formulas(&state, &object, found, user, now));
                record::row(&mut out, call.version, &object, &found, &positions);
            }
        }
    }
    out.push(b']');
    Ok(Reply::json(StatusCode::OK, out))
}
