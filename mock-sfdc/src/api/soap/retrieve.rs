//! `retrieve`: fields of records by their ids, in the order of the ids; nil where there is no such record (`contract/soap.md`
//! section 6).

use std::collections::BTreeMap;

use mock_sfdc_org::{
    error::Error,
    id::Id,
    soql::{self, Row},
};

use super::{
    answer::{self, Elements},
    arguments::Arguments,
    caller::Caller,
    row,
};
use crate::call::{Answer, Call};

const MOST_RECORDS: usize = 2_000;

pub fn retrieve(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let arguments = Arguments::of(caller.request, &["fieldList", "sObjectType"], "ids");
    let texts = arguments.rest_texts();
    if texts.len() > MOST_RECORDS {
        return Err(Error::too_many_records(MOST_RECORDS));
    }
    let parse = |text: &&str| Id::parse(text).ok_or_else(|| Error::malformed_record_id(text));
    let ids = texts.iter().map(parse).collect::<Result<Vec<Id>, Error>>()?;
    let viewer = caller.viewer()?;
    let name = arguments.text("sObjectType");
    let object = viewer.schema().object(name).ok_or_else(|| Error::unknown_object(name))?;
    let fields = fields(arguments.text("fieldList"))?;
    let list = ids.iter().map(|id| format!("'{id}'")).collect::<Vec<_>>().join(",");
    let list = if list.is_empty() { "null" } else { &list };
    let text = format!("SELECT {fields} FROM {} WHERE Id IN ({list})", object.name);
    let prepared = soql::prepare(&text, viewer.schema(), &caller.binding())?;
    let state = caller.state();
    let found = soql::run(&prepared, &state, &caller.context(&state))?;
    let by_id: BTreeMap<Id, Row<'_>> =
        found.rows().filter_map(|row| Some((row.identity()?.1, row))).collect();
    if let ([only], true) = (ids.as_slice(), by_id.len() == 1) {
        caller.look_at(*only)?;
    }
    let mut out = Elements::default();
    for id in &ids {
        match by_id.get(id) {
            Some(row) => row::record(&mut out, &caller, "result", *row)?,
            None => out.nil("result"),
        }
    }
    Ok(answer::body(&caller, &out))
}

/// Names and paths with commas between them; nothing else that could stand in a SELECT.
fn fields(list: &str) -> Result<&str, Error> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_., \t\r\n".contains(c);
    if list.chars().all(plain) && !list.is_empty() { Ok(list) } else { Err(Error::bad_field_list(list)) }
}
