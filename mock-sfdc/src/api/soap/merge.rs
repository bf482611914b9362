//! `merge`: each request for itself (`contract/soap.md` section 6).

use mock_sfdc_org::{
    error::Error,
    id::Id,
    save::Draft,
    state::Transaction,
    verbs::{self, Errors, Merge, Merged},
};

use super::{
    answer::{self, Elements},
    caller::Caller,
    envelope::Element,
    records::object_of,
    sobject,
};
use crate::call::Answer;

pub fn merge(caller: &Caller<'_>) -> Answer {
    let requests: Vec<&Element> = caller.request.call.all("request").collect();
    if requests.len() > verbs::MOST_MERGES {
        return Err(Error::too_many_records(verbs::MOST_MERGES));
    }
    let results = caller.each(&requests, |tx, request| one(tx, caller, request));
    let written: Vec<Elements> = results.iter().map(result).collect();
    Ok(answer::results(caller, "merge", &written))
}

fn one(tx: &mut Transaction, caller: &Caller<'_>, request: &Element) -> Result<Merged, Errors> {
    let none = Element::default();
    let record = request.child("masterRecord").unwrap_or(&none);
    let master = sobject::id(record, "Id")?.ok_or_else(|| vec![Error::missing_update_id()])?;
    let object = match record.said("type") {
        Some(_) => sobject::object(tx.state().schema(), record)?,
        None => object_of(tx.state(), master)?,
    };
    let values: Draft = sobject::draft(&object, record)?;
    let mut losers = Vec::new();
    for id in request.all("recordToMergeIds") {
        let text = id.text.trim();
        losers.push(Id::parse(text).ok_or_else(|| vec![Error::malformed_record_id(text)])?);
    }
    verbs::merge(tx, &object, Merge { master, values, losers }, &caller.options)
}

/// Errors, id, mergedRecordIds, success, updatedRelatedIds.
fn result(result: &Result<Merged, Errors>) -> Elements {
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
            out.errors(errors);
            out.id("id", None);
            out.flag("success", false);
        }
    }
    out
}
