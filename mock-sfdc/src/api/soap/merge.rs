//! `merge`: each request for itself (`contract/soap.md` section 6).

use mock_sfdc_org::{
    error::Error,
    id::Id,
    state::Transaction,
    verbs::{self, Errors, Merge, Merged},
};

use super::{
    answer::{self, Elements},
    arguments::Arguments,
    caller::Caller,
    check,
    envelope::Element,
    records::object_of,
    sobject,
    wsdl::model,
};
use crate::call::{Answer, Call};

pub fn merge(call: &Call) -> Answer {
    let caller = &Caller::of(call)?;
    let arguments = Arguments::of(caller.request, &[], "request");
    let requests = arguments.rest();
    if requests.len() > verbs::MOST_MERGES {
        return Err(Error::too_many_records(verbs::MOST_MERGES));
    }
    if let Some(kind) = model::find("MergeRequest") {
        for request in requests {
            check::known_members(caller.request, kind, request)?;
            if request.child("additionalInformationMap").is_some_and(|map| !map.is_empty()) {
                return Err(Error::not_emulated("additionalInformationMap of a MergeRequest"));
            }
        }
    }
    let results = caller.each(requests, |tx, request| one(tx, caller, request));
    let written: Vec<Elements> = results.iter().map(|one| result(caller, one)).collect();
    Ok(answer::results(caller, &written))
}

fn one(tx: &mut Transaction, caller: &Caller<'_>, request: &Element) -> Result<Merged, Errors> {
    let none = Element::default();
    let record = request.child("masterRecord").unwrap_or(&none);
    let master = sobject::id(record, "Id")?.ok_or_else(|| vec![Error::missing_update_id()])?;
    let viewer = caller.viewer().map_err(|error| vec![error])?;
    let schema = viewer.schema();
    let object = match record.record_type() {
        Some(_) => sobject::object(schema, record).map_err(|error| vec![error])?,
        None => object_of(tx.state(), master)?,
    };
    let values = sobject::draft(schema, &object, record).map_err(|error| vec![error])?;
    let mut losers = Vec::new();
    for id in request.all("recordToMergeIds") {
        let text = id.text.trim();
        losers.push(Id::parse(text).ok_or_else(|| vec![Error::malformed_record_id(text)])?);
    }
    let merged = verbs::merge(tx, &object, Merge { master, values, losers }, &caller.options)?;
    caller.look.note(tx, &object, merged.id);
    Ok(merged)
}

/// Errors, id, mergedRecordIds, success, updatedRelatedIds.
fn result(caller: &Caller<'_>, result: &Result<Merged, Errors>) -> Elements {
    let mut out = Elements::default();
    match result {
        Ok(merged) => {
            out.id("id", Some(merged.id));
            for id in &merged.merged {
                out.id("mergedRecordIds", Some(*id));
            }
            out.flag("success", true);
            for id in &merged.updated_related {
                out.id("updatedRelatedIds", Some(*id));
            }
        }
        Err(errors) => {
            out.errors(caller, errors);
            out.id("id", None);
            out.flag("success", false);
        }
    }
    out
}
