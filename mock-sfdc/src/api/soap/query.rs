//! `query`, `queryAll` and `queryMore` (`contract/soap.md` sections 4 and 6).

use std::sync::Arc;

use mock_sfdc_org::{
    error::Error,
    id::Id,
    soql::{self, Cell, Row, RunContext, cursor::Cursor},
};

use super::{
    Api,
    answer::{self, Elements},
    arguments::Arguments,
    caller::Caller,
    row,
};
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

pub fn query(call: &Call) -> Answer {
    run(&Caller::of(call)?, false)
}

/// The recycle bin and archived activities too.
pub fn query_all(call: &Call) -> Answer {
    run(&Caller::of(call)?, true)
}

fn run(caller: &Caller<'_>, include_deleted: bool) -> Answer {
    let text = Arguments::of(caller.request, &["queryString"], "").text("queryString");
    if text.is_empty() {
        return Err(Error::empty_query());
    }
    let state = caller.state();
    let prepared = soql::prepare(text, caller.viewer()?.schema(), &caller.binding())?;
    let context = RunContext { include_deleted, ..caller.context(&state) };
    let found = soql::run(&prepared, &state, &context)?;
    let ids: Vec<Id> =
        found.rows().filter(asked_for_id).filter_map(|row| Some(row.identity()?.1)).take(2).collect();
    if let ([only], 1) = (ids.as_slice(), found.total_size()) {
        caller.look_at(*only)?;
    }
    if found.marks_seen().is_some() {
        caller.call.tenant.in_transaction(caller.user, |tx| found.mark_seen(tx));
    }
    let mut out = Elements::default();
    row::first_page(&mut out, caller, found)?;
    Ok(answered(caller, &out))
}

/// Whether a row shows its id because the query selects it.
fn asked_for_id(row: &Row<'_>) -> bool {
    row.cells().any(|(key, cell)| key == "Id" && matches!(cell, Cell::Id(_)))
}

pub fn query_more(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let locator = Arguments::of(caller.request, &["queryLocator"], "").text("queryLocator");
    let (cursor, id, from) = opened(&caller, locator).ok_or_else(Error::invalid_query_locator)?;
    // Each call may ask for a page of another size.
    let cursor = Cursor::new(cursor.result().clone(), caller.batch);
    let page = cursor.page(from).ok_or_else(Error::invalid_query_locator)?;
    let next = page.next().map(|next| format!("{id}-{next}"));
    let mut out = Elements::default();
    row::query_result(&mut out, &caller, page.rows(), next.as_deref(), cursor.result().total_size())?;
    Ok(answered(&caller, &out))
}

/// What a locator stands for: a result of this user, and where to go on.
fn opened(caller: &Caller<'_>, locator: &str) -> Option<(Arc<Cursor>, Id, usize)> {
    let (id, from) = locator.rsplit_once('-')?;
    let id = Id::parse(id)?;
    let now = caller.call.org().clock().now();
    let cursor = caller.call.tenant.rest.cursors.find(id, caller.user, now)?;
    Some((cursor, id, from.parse().ok()?))
}

/// The partner API says of the result what it is; the enterprise API was recorded without.
fn answered(caller: &Caller<'_>, result: &Elements) -> Reply {
    let mut out = Elements::default();
    match caller.api {
        Api::Partner | Api::Metadata => out.open("result", "QueryResult"),
        Api::Enterprise => out.0.push_str("<result>"),
    }
    out.0.push_str(&result.0);
    out.close("result");
    answer::body(caller, &out)
}
