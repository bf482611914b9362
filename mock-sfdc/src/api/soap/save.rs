//! `create`, `update` and `upsert`: up to 200 records, each with a result of its own. What no schema knows (an object, a
//! field) is a fault, and nothing is saved: it is the request that cannot be read (`contract/soap.md` sections 3 and 6).

use std::{collections::BTreeSet, sync::Arc};

use mock_sfdc_org::{
    error::{Error, ErrorCode},
    id::Id,
    save::{Draft, ExternalKey},
    schema::Object,
    streaming::operation_uuid,
    verbs::{self, Errors, Upserted},
};

use super::{
    answer::{self, Elements},
    arguments::Arguments,
    caller::Caller,
    envelope::Element,
    sobject,
};
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

/// A record of a request, as far as it can be read.
struct Item<'a> {
    object: Arc<Object>,
    element: &'a Element,
    draft: Result<Draft, Errors>,
    /// The id of a record before it in the request.
    repeats: Option<Id>,
}

pub fn create(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let items = items(&caller, Arguments::of(caller.request, &[], "sObjects").rest())?;
    let results = caller.each(&items, |tx, item| {
        if sobject::id(item.element, "Id")?.is_some() {
            return Err(vec![Error::id_in_insert()]);
        }
        let id = verbs::create(tx, &item.object, item.draft.clone()?, &caller.options)?;
        caller.look.note(tx, &item.object, id);
        Ok(id)
    });
    Ok(saved(&caller, &items, &results))
}

pub fn update(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let items = items(&caller, Arguments::of(caller.request, &[], "sObjects").rest())?;
    let results = caller.each(&items, |tx, item| {
        let id = sobject::id(item.element, "Id")?.ok_or_else(|| vec![Error::missing_update_id()])?;
        if let Some(id) = item.repeats {
            return Err(vec![Error::duplicate_id(id)]);
        }
        verbs::update(tx, &item.object, id, item.draft.clone()?, &caller.options)?;
        caller.look.note(tx, &item.object, id);
        Ok(id)
    });
    Ok(saved(&caller, &items, &results))
}

pub fn upsert(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let arguments = Arguments::of(caller.request, &["externalIDFieldName"], "sObjects");
    let field = arguments.text("externalIDFieldName");
    let items = items(&caller, arguments.rest())?;
    for item in &items {
        let known = item.object.field(field).is_some_and(|(_, field)| field.id_lookup || field.external_id);
        if !known {
            return Err(Error::not_an_external_id(field, item.object.name.as_str()));
        }
    }
    let repeated = repeated(&items, field);
    let results = caller.each(&items, |tx, item| {
        if let Some(key) = key_text(item.element, field).filter(|key| repeated.contains(*key)) {
            return Err(vec![Error::external_id_twice(key)]);
        }
        let done = if let Some((key, draft)) = key(item, field)? {
            verbs::upsert(tx, key, draft, &caller.options)?
        } else {
            let id = verbs::create(tx, &item.object, item.draft.clone()?, &caller.options)?;
            Upserted { id, created: true }
        };
        caller.look.note(tx, &item.object, done.id);
        Ok(done)
    });
    let written: Vec<Elements> = results.iter().map(|result| upserted(&caller, result)).collect();
    Ok(answer::results(&caller, &written))
}

/// Reads all records. Only what is wrong with one record stays with it.
fn items<'a>(caller: &Caller<'_>, elements: &[&'a Element]) -> Result<Vec<Item<'a>>, Error> {
    let most = caller.state().settings().limits.records_per_call();
    if elements.len() > most {
        return Err(Error::too_many_records(most));
    }
    let viewer = caller.viewer()?;
    let schema = viewer.schema();
    let mut items = Vec::with_capacity(elements.len());
    let mut seen = BTreeSet::new();
    for element in elements {
        let object = sobject::object(schema, element)?;
        let draft = match sobject::draft(schema, &object, element) {
            Err(error) if is_of_request(&error) => return Err(error),
            read => read.map_err(|error| vec![error]),
        };
        let id = sobject::id(element, "Id").ok().flatten();
        let repeats = id.filter(|id| !seen.insert(*id));
        items.push(Item { object, element, draft, repeats });
    }
    Ok(items)
}

fn is_of_request(error: &Error) -> bool {
    matches!(error.code, ErrorCode::InvalidField | ErrorCode::InvalidType)
}

fn key_text<'a>(element: &'a Element, field: &str) -> Option<&'a str> {
    let child = element.children.iter().find(|child| child.name.eq_ignore_ascii_case(field))?;
    Some(child.text.trim()).filter(|text| !text.is_empty() && !child.nil)
}

/// Keys that stand in the request more than once: none of their records is saved.
fn repeated<'a>(items: &[Item<'a>], field: &str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let keys = items.iter().filter_map(|item| key_text(item.element, field));
    keys.filter(|key| !seen.insert(*key)).collect()
}

/// By which key a record is looked for, and its other values. No id: a new record.
fn key(item: &Item<'_>, field: &str) -> Result<Option<(ExternalKey, Draft)>, Errors> {
    let (object, draft) = (&item.object, item.draft.clone()?);
    let Some((position, field)) = object.field(field) else { return Ok(None) };
    if field.name.is("Id") {
        let id = sobject::id(item.element, "Id")?;
        let key = id.map(|id| ExternalKey { object: Arc::clone(object), position, value: id.into() });
        return Ok(key.map(|key| (key, draft)));
    }
    let (value, draft) = draft.without(position);
    let value = value.filter(|value| !value.is_null());
    let value = value.ok_or_else(|| vec![Error::external_id_missing(field.name.as_str())])?;
    Ok(Some((ExternalKey { object: Arc::clone(object), position, value }, draft)))
}

/// errors, id, success. An event was only taken in, and its id in the bus stands where errors would.
fn saved(caller: &Caller<'_>, items: &[Item<'_>], results: &[Result<Id, Errors>]) -> Reply {
    let mut written = Vec::with_capacity(results.len());
    for (item, result) in items.iter().zip(results) {
        let mut out = Elements::default();
        match result {
            Ok(id) if item.object.is_platform_event() => {
                let uuid = operation_uuid(caller.state().settings(), *id);
                let mut inner = Elements::default();
                inner.text("message", &uuid);
                inner.text("statusCode", "OPERATION_ENQUEUED");
                out.around("errors", &inner);
            }
            Ok(_) => {}
            Err(errors) => out.errors(caller, errors),
        }
        out.id("id", result.as_ref().ok().copied());
        out.flag("success", result.is_ok());
        written.push(out);
    }
    answer::results(caller, &written)
}

/// created, errors, id, success.
fn upserted(caller: &Caller<'_>, result: &Result<Upserted, Errors>) -> Elements {
    let mut out = Elements::default();
    out.flag("created", result.as_ref().is_ok_and(|saved| saved.created));
    if let Err(errors) = result {
        out.errors(caller, errors);
    }
    out.id("id", result.as_ref().ok().map(|saved| saved.id));
    out.flag("success", result.is_ok());
    out
}
