//! `delete`, `undelete` and `emptyRecycleBin`: a list of ids, a result for each (`contract/soap.md` sections 3 and 6).

use std::sync::Arc;

use mock_sfdc_org::{
    error::Error,
    id::Id,
    schema::Object,
    state::{State, Transaction},
    verbs::{self, Errors},
};

use super::{
    answer::{self, Elements},
    arguments::Arguments,
    caller::Caller,
};
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

pub fn delete(call: &Call) -> Answer {
    each(&Caller::of(call)?, |tx, id| {
        let object = object_of(tx.state(), id)?;
        verbs::delete(tx, &object, id)
    })
}

pub fn undelete(call: &Call) -> Answer {
    each(&Caller::of(call)?, |tx, id| {
        let object = object_of(tx.state(), id)?;
        verbs::undelete(tx, &object, id)
    })
}

pub fn empty_recycle_bin(call: &Call) -> Answer {
    each(&Caller::of(call)?, verbs::empty_recycle_bin)
}

/// The object whose prefix an id has; a record in the recycle bin tells its object too.
pub(super) fn object_of(state: &State, id: Id) -> Result<Arc<Object>, Errors> {
    let object = state.object_of(id);
    object.cloned().ok_or_else(|| vec![Error::malformed_record_id(&id.to_string())])
}

fn each(
    caller: &Caller<'_>,
    work: impl Fn(&mut Transaction, Id) -> Result<(), Errors>,
) -> Result<Reply, Error> {
    let texts = Arguments::of(caller.request, &[], "ids").rest_texts();
    let most = caller.state().settings().limits.records_per_call();
    if texts.len() > most {
        return Err(Error::too_many_records(most));
    }
    let results = caller.each(&texts, |tx, text| {
        let id = Id::parse(text).ok_or_else(|| vec![Error::malformed_record_id(text)])?;
        work(tx, id).map(|()| id)
    });
    let written: Vec<Elements> = results.iter().map(|one| result(caller, one)).collect();
    Ok(answer::results(caller, &written))
}

/// Errors, id, success.
fn result(caller: &Caller<'_>, result: &Result<Id, Errors>) -> Elements {
    let mut out = Elements::default();
    if let Err(errors) = result {
        out.errors(caller, errors);
    }
    out.id("id", result.as_ref().ok().copied());
    out.flag("success", result.is_ok());
    out
}
