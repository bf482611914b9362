//! `readMetadata`, `createMetadata`, `updateMetadata`, `upsertMetadata`, `deleteMetadata`: up to ten components of a type.

use mock_sfdc_metadata::{Component, MetadataType, Mode, compact, definition, delete as take_away, save};
use mock_sfdc_org::{error::Error, state::Transaction};

use super::{caller, kind, part};
use crate::{
    api::soap::{
        answer::{self, Elements},
        caller::Caller,
    },
    call::{Answer, Call},
    reply::Reply,
};

const MOST: usize = 10;
/// Records of custom metadata types come in larger lots.
const MOST_RECORDS: usize = 200;

fn check(many: usize, kind: &MetadataType) -> Result<(), Error> {
    let most = if kind.name == "CustomMetadata" { MOST_RECORDS } else { MOST };
    if many > most { Err(Error::too_many_components(most)) } else { Ok(()) }
}

/// `readMetadata(type, fullNames)`: what is not there is nil.
pub fn read(call: &Call) -> Answer {
    let caller = caller(call)?;
    let request = &caller.request.call;
    let kind = kind(request.said("type").unwrap_or_default())?;
    let names: Vec<&str> = request.all("fullNames").map(|name| name.text.trim()).collect();
    check(names.len(), kind)?;
    let state = caller.state();
    let mut out = Elements::default();
    for name in names {
        match definition(&state, kind, name) {
            Some(said) => {
                out.open("records", kind.name);
                out.0.push_str(&compact(&said));
                out.close("records");
            }
            None => out.nil("records"),
        }
    }
    Ok(answer::result(&caller, &out))
}

/// `createMetadata(metadata)`
pub fn create(call: &Call) -> Answer {
    save_each(call, Mode::Create)
}

/// `updateMetadata(metadata)`
pub fn update(call: &Call) -> Answer {
    save_each(call, Mode::Update)
}

/// `upsertMetadata(metadata)`
pub fn upsert(call: &Call) -> Answer {
    save_each(call, Mode::Upsert)
}

fn save_each(call: &Call, mode: Mode) -> Answer {
    let caller = caller(call)?;
    let mut components = Vec::new();
    for element in caller.request.call.all("metadata") {
        let kind = kind(element.kind.as_deref().unwrap_or_default())?;
        components.push((kind, Component::of_element(kind, part(element))));
    }
    if let Some((kind, _)) = components.first() {
        check(components.len(), kind)?;
    }
    let results = each(&caller, &components, |tx, (_, component)| {
        let component = component.as_ref().ok_or_else(Error::component_without_name)?;
        save(tx, component, mode)
    });
    let named = components.iter().map(|(_, component)| {
        component.as_ref().map(|component| component.full_name.as_str()).unwrap_or_default()
    });
    Ok(told(&caller, named.zip(&results), mode == Mode::Upsert))
}

/// `deleteMetadata(type, fullNames)`
pub fn delete(call: &Call) -> Answer {
    let caller = caller(call)?;
    let request = &caller.request.call;
    let kind = kind(request.said("type").unwrap_or_default())?;
    let names: Vec<&str> = request.all("fullNames").map(|name| name.text.trim()).collect();
    check(names.len(), kind)?;
    let results = each(&caller, &names, |tx, name| take_away(tx, kind, name).map(|()| false));
    Ok(told(&caller, names.iter().copied().zip(&results), false))
}

/// One after the other; what fails leaves nothing behind, and with allOrNone nothing of all.
fn each<I>(
    caller: &Caller<'_>,
    items: &[I],
    work: impl Fn(&mut Transaction, &I) -> Result<bool, Error>,
) -> Vec<Result<bool, Error>> {
    caller.call.tenant.in_transaction(caller.user, |tx| {
        let start = tx.savepoint();
        let mut results: Vec<_> = items.iter().map(|item| work(tx, item)).collect();
        if caller.all_or_none && results.iter().any(Result::is_err) {
            tx.roll_back_to(start);
            for result in results.iter_mut().filter(|result| result.is_ok()) {
                *result = Err(Error::rolled_back());
            }
        }
        results
    })
}

/// `SaveResult`, `UpsertResult` and `DeleteResult`.
fn told<'a>(
    caller: &Caller<'_>,
    results: impl Iterator<Item = (&'a str, &'a Result<bool, Error>)>,
    upsert: bool,
) -> Reply {
    let results: Vec<Elements> = results
        .map(|(name, result)| {
            let mut out = Elements::default();
            if upsert {
                out.flag("created", matches!(result, Ok(true)));
            }
            if let Err(error) = result {
                out.errors(caller, std::slice::from_ref(error));
            }
            out.text("fullName", name);
            out.flag("success", result.is_ok());
            out
        })
        .collect();
    answer::results(caller, &results)
}
