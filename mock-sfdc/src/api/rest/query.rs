//! `/query`, `/queryAll` and their further pages (`contract/rest.md` section 2, Query).

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::StatusCode;
use mock_sfdc_org::{
    error::Error,
    id::Id,
    schema::{FieldType, Object},
    soql::{
        self, BindOptions, Cell, ResultSet, Row, RunContext,
        cursor::{Cursor, MAX_BATCH, MIN_BATCH},
    },
    value::DateTime,
};

use super::{columns, explain, json, record};
use crate::{
    call::{Answer, Call},
    header,
    reply::Reply,
};

/// A result whose further pages can be asked for.
#[derive(Debug, Clone)]
struct Open {
    cursor: Arc<Cursor>,
    user: Id,
    used: DateTime,
}

/// The open results of an org. A locator outlives neither its limit of idle time nor ten younger ones of the same user.
#[derive(Debug, Default)]
pub struct Cursors(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    given: u64,
    open: BTreeMap<Id, Open>,
}

/// Open results of one user: Salesforce's own number.
const MOST_OPEN: usize = 10;
/// Salesforce closes a result some time between fifteen idle minutes and two days: the least that a client may rely on.
const IDLE_MILLIS: i64 = 15 * 60 * 1000;

impl Cursors {
    pub(crate) fn keep(&self, cursor: Cursor, user: Id, now: DateTime, pod: [u8; 2]) -> Id {
        let mut known = self.locked();
        known.given += 1;
        let id = Id::from_number(*b"01g", pod, known.given);
        let own =
            known.open.iter().filter(|(_, open)| open.user == user).map(|(id, _)| *id).collect::<Vec<_>>();
        if own.len() >= MOST_OPEN {
            known.open.remove(&own[0]);
        }
        known.open.insert(id, Open { cursor: Arc::new(cursor), user, used: now });
        id
    }

    pub(crate) fn find(&self, id: Id, user: Id, now: DateTime) -> Option<Arc<Cursor>> {
        let mut known = self.locked();
        known.open.retain(|_, open| now.millis() - open.used.millis() <= IDLE_MILLIS);
        let open = known.open.get_mut(&id).filter(|open| open.user == user)?;
        open.used = now;
        Some(Arc::clone(&open.cursor))
    }

    fn locked(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `GET /query?q=`
pub fn query(call: &Call) -> Answer {
    run(call, false)
}

/// `GET /queryAll?q=`: the recycle bin and archived activities too.
pub fn query_all(call: &Call) -> Answer {
    run(call, true)
}

fn run(call: &Call, include_deleted: bool) -> Answer {
    if let Some(text) = call.query("explain") {
        return explain::explain(call, text);
    }
    let text = call.query("q").ok_or_else(Error::no_query_string)?;
    if text.trim().is_empty() {
        return Err(Error::empty_query());
    }
    if columns::wanted(call)? {
        return columns::columns(call, text);
    }
    answer(call, text, include_deleted)
}

/// The first page of what a query finds.
pub(super) fn answer(call: &Call, text: &str, include_deleted: bool) -> Answer {
    let state = call.org().snapshot();
    let options = BindOptions { api_version: call.version.0.into() };
    let prepared = soql::prepare(text, call.viewer()?.schema(), &options)?;
    let context = RunContext {
        include_deleted,
        ..RunContext::for_user(&state, call.user()?, call.org().clock().now())
    };
    let result = soql::run(&prepared, &state, &context)?;
    if result.marks_seen().is_some() {
        call.org().transact(call.user()?, |tx| {
            result.mark_seen(tx);
            Ok::<_, Error>(())
        })?;
    }
    let cursor = Cursor::new(result, batch_size(call)?);
    let mut out = Vec::with_capacity(4096);
    first_page(&mut out, call, &cursor)?;
    Ok(Reply::json(StatusCode::OK, out))
}

/// `GET /query/01g…-2000`
pub fn more(call: &Call) -> Answer {
    let locator = call.param("locator");
    let (cursor, id, from) = opened(call, locator).ok_or_else(Error::invalid_query_locator)?;
    let page = cursor.page(from).ok_or_else(Error::invalid_query_locator)?;
    let next = page.next().map(|next| (id, next));
    let mut out = Vec::with_capacity(4096);
    envelope(&mut out, call, cursor.result().total_size(), next, page.rows())?;
    Ok(Reply::json(StatusCode::OK, out))
}

/// What a locator stands for: a result of this user, and where to go on.
fn opened(call: &Call, locator: &str) -> Option<(Arc<Cursor>, Id, usize)> {
    let (id, from) = locator.rsplit_once('-')?;
    let id = Id::parse(id)?;
    let cursor = call.tenant.rest.cursors.find(id, call.user().ok()?, call.org().clock().now())?;
    Some((cursor, id, from.parse().ok()?))
}

/// `Sforce-Query-Options: batchSize=500`
fn batch_size(call: &Call) -> Result<usize, Error> {
    let Some(options) = call.header(&header::QUERY_OPTIONS) else { return Ok(MAX_BATCH) };
    let Some((name, size)) = options.split_once('=') else { return Err(Error::invalid_batch_size(options)) };
    match size.trim().parse() {
        Ok(size)
            if name.trim().eq_ignore_ascii_case("batchSize") && (MIN_BATCH..=MAX_BATCH).contains(&size) =>
        {
            Ok(size)
        }
        _ => Err(Error::invalid_batch_size(options)),
    }
}

/// The first page of a result; the result is kept when there are more.
fn first_page(out: &mut Vec<u8>, call: &Call, cursor: &Cursor) -> Result<(), Error> {
    let Some(page) = cursor.page(0) else { return Ok(()) };
    let Some(next) = page.next() else {
        return envelope(out, call, cursor.result().total_size(), None, page.rows());
    };
    let pod = call.org().snapshot().settings().pod;
    let id = call.tenant.rest.cursors.keep(cursor.clone(), call.user()?, call.org().clock().now(), pod);
    envelope(out, call, cursor.result().total_size(), Some((id, next)), page.rows())
}

/// `{"totalSize":…,"done":…,"nextRecordsUrl":…,"records":[…]}`
fn envelope<'a>(
    out: &mut Vec<u8>,
    call: &Call,
    total: usize,
    next: Option<(Id, usize)>,
    rows: impl Iterator<Item = Row<'a>>,
) -> Result<(), Error> {
    out.extend_from_slice(format!("{{\"totalSize\":{total},\"done\":{}", next.is_none()).as_bytes());
    if let Some((id, from)) = next {
        let address = format!(",\"nextRecordsUrl\":\"/services/data/{}/query/{id}-{from}\"", call.version);
        out.extend_from_slice(address.as_bytes());
    }
    out.extend_from_slice(b",\"records\":[");
    let left = rows.size_hint().0.saturating_sub(1);
    let mut frame = None;
    for (at, row) in rows.enumerate() {
        json::comma(out);
        let begin = out.len();
        frame.get_or_insert_with(|| Frame::of(call, row)).write(out, call, row)?;
        if at == 0 {
            // The others will be much like it.
            out.reserve((out.len() - begin + 16) * left);
        }
    }
    out.extend_from_slice(b"]}");
    Ok(())
}

/// One record with these fields, of parents too.
pub(super) fn row_of(call: &Call, object: &Object, id: Id, fields: &str) -> Answer {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_., ".contains(c);
    if let Some(name) =
        fields.split(',').map(str::trim).find(|name| name.is_empty() || !name.chars().all(plain))
    {
        return Err(Error::no_such_column_on(name, object.name.as_str()));
    }
    let text = format!("SELECT {fields} FROM {} WHERE Id = '{id}'", object.name.as_str());
    let viewer = call.viewer()?;
    let prepared =
        soql::prepare(&text, viewer.schema(), &BindOptions { api_version: call.version.0.into() })?;
    let state = call.org().snapshot();
    let context = RunContext::for_user(&state, call.user()?, call.org().clock().now());
    let found = soql::run(&prepared, &state, &context)?;
    let row = found.row(0).ok_or_else(Error::resource_not_found)?;
    let mut out = Vec::with_capacity(512);
    write_row(&mut out, call, row)?;
    Ok(Reply::json(StatusCode::OK, out))
}

/// What all rows of a result have in common, found once.
#[derive(Debug, Default)]
struct Frame {
    /// What stands before the id.
    head: Vec<u8>,
    columns: Vec<Column>,
}

#[derive(Debug)]
struct Column {
    /// `,"Name":`
    key: Vec<u8>,
    /// Where the record has the value, if it is shown as it is.
    stored: Option<(usize, FieldType)>,
}

impl Frame {
    fn of(call: &Call, row: Row<'_>) -> Self {
        let mut frame = Self::default();
        if let Some((object, _)) = row.identity() {
            frame.head.push(b'{');
            record::before_id(&mut frame.head, call.version, row.type_name(), object.name.as_str());
        }
        for at in 0..row.width() {
            let mut key = vec![b','];
            if let Some((name, _)) = row.cell(at) {
                json::key(&mut key, name);
            }
            frame.columns.push(Column { key, stored: row.as_stored(at) });
        }
        frame
    }

    /// A row of the result.
    fn write(&self, out: &mut Vec<u8>, call: &Call, row: Row<'_>) -> Result<(), Error> {
        let Some(record) = row.record() else { return write_row(out, call, row) };
        out.extend_from_slice(&self.head);
        out.extend_from_slice(&record.id().long());
        out.extend_from_slice(b"\"}");
        for (at, column) in self.columns.iter().enumerate() {
            out.extend_from_slice(&column.key);
            if let Some((position, kind)) = column.stored {
                json::value(out, record.get(position), kind);
            } else if let Some((name, cell)) = row.cell(at) {
                write_cell(out, call, row, name, cell)?;
            }
        }
        out.push(b'}');
        Ok(())
    }
}

pub(super) fn write_row(out: &mut Vec<u8>, call: &Call, row: Row<'_>) -> Result<(), Error> {
    out.push(b'{');
    if let Some((object, id)) = row.identity() {
        record::attributes(out, call.version, row.type_name(), object.name.as_str(), id);
    } else {
        out.extend_from_slice(b"\"attributes\":{\"type\":");
        json::string(out, row.type_name());
        out.push(b'}');
    }
    for (key, cell) in row.cells() {
        out.push(b',');
        json::key(out, key);
        write_cell(out, call, row, key, cell)?;
    }
    out.push(b'}');
    Ok(())
}

fn write_cell(
    out: &mut Vec<u8>,
    call: &Call,
    row: Row<'_>,
    name: &str,
    content: Cell<'_>,
) -> Result<(), Error> {
    match content {
        Cell::Value(value, FieldType::Base64) if !value.is_null() => {
            if let Some((object, id)) = row.identity() {
                out.push(b'"');
                record::address(out, call.version, object.name.as_str(), id);
                out.push(b'/');
                out.extend_from_slice(name.as_bytes());
                out.push(b'"');
            }
        }
        Cell::Value(value, kind) => json::value(out, value, kind),
        Cell::Computed(value, kind) => json::value(out, &value, kind),
        Cell::Id(id) => json::id(out, id),
        Cell::Text(text) => json::string(out, text),
        Cell::Compound(None) | Cell::Parent(None) | Cell::Children(None) => out.extend_from_slice(b"null"),
        Cell::Compound(Some(parts)) => {
            out.push(b'{');
            for (part, value, kind) in parts {
                json::comma(out);
                json::key(out, part);
                json::value(out, value, kind);
            }
            out.push(b'}');
        }
        Cell::Parent(Some(parent)) => write_row(out, call, parent)?,
        Cell::Children(Some(children)) => write_children(out, call, *children)?,
    }
    Ok(())
}

/// A child set is a result of its own, with pages of its own.
fn write_children(out: &mut Vec<u8>, call: &Call, children: ResultSet) -> Result<(), Error> {
    first_page(out, call, &Cursor::new(children, batch_size(call)?))
}
