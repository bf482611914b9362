//! Rows as SOAP writes them (`contract/soap.md` section 4). The partner API names the type in an element, says the id first,
//! whether it was asked for or not, and writes what is empty as nil. The enterprise API has a type for each object: elements
//! stand in its order, which is that of the alphabet, and what is empty is left out.

use base64::{Engine, engine::general_purpose::STANDARD};
use mock_sfdc_org::{
    error::Error,
    schema::FieldType,
    soql::{Cell, ResultSet, Row, cursor::Cursor},
    value::{Value, time_text, write_double, write_int},
};

use super::{Api, answer::Elements, caller::Caller};

/// `done`, `queryLocator`, `records`, `size`: the first page of a result, which is kept when there are more.
pub fn first_page(out: &mut Elements, caller: &Caller<'_>, result: ResultSet) -> Result<(), Error> {
    let cursor = Cursor::new(result, caller.batch);
    let Some(page) = cursor.page(0) else { return Ok(()) };
    let locator = page.next().map(|next| {
        let call = caller.call;
        let pod = caller.state().settings().pod;
        let now = call.org().clock().now();
        let id = call.tenant.rest.cursors.keep(cursor.clone(), caller.user, now, pod);
        format!("{id}-{next}")
    });
    query_result(out, caller, page.rows(), locator.as_deref(), cursor.result().total_size())
}

/// A page of a result.
pub fn query_result<'a>(
    out: &mut Elements,
    caller: &Caller<'_>,
    rows: impl Iterator<Item = Row<'a>>,
    locator: Option<&str>,
    size: usize,
) -> Result<(), Error> {
    out.flag("done", locator.is_none());
    match locator {
        Some(locator) => out.text("queryLocator", locator),
        None => out.nil("queryLocator"),
    }
    for row in rows {
        record(out, caller, "records", row)?;
    }
    out.text("size", &size.to_string());
    Ok(())
}

/// One row under a name of its own.
pub fn record(out: &mut Elements, caller: &Caller<'_>, tag: &str, row: Row<'_>) -> Result<(), Error> {
    match caller.api {
        Api::Partner | Api::Metadata => partner(out, caller, tag, row),
        Api::Enterprise => enterprise(out, caller, tag, row),
    }
}

fn partner(out: &mut Elements, caller: &Caller<'_>, tag: &str, row: Row<'_>) -> Result<(), Error> {
    out.open(tag, "sf:sObject");
    out.text("sf:type", row.type_name());
    let asked = row.cells().any(|(key, cell)| key == "Id" && matches!(cell, Cell::Id(_)));
    let id = row.identity().map(|(_, id)| id);
    out.id("sf:Id", id.filter(|_| asked));
    for (key, content) in row.cells() {
        cell(out, caller, row, key, content)?;
    }
    out.close(tag);
    Ok(())
}

fn enterprise(out: &mut Elements, caller: &Caller<'_>, tag: &str, row: Row<'_>) -> Result<(), Error> {
    out.open(tag, &format!("sf:{}", row.type_name()));
    let mut cells: Vec<_> = row.cells().collect();
    if row.identity().is_some() {
        cells.sort_by_key(|(key, _)| in_type_order(key));
    }
    for (key, content) in cells {
        if !is_empty(&content) {
            cell(out, caller, row, key, content)?;
        }
    }
    out.close(tag);
    Ok(())
}

/// Where an element stands in the type of its object: the id is that of every sObject, so it stands first.
pub fn in_type_order(name: &str) -> (bool, String) {
    (name != "Id", name.to_lowercase())
}

fn is_empty(content: &Cell<'_>) -> bool {
    match content {
        Cell::Value(value, kind) => value.is_null() && *kind != FieldType::Boolean,
        Cell::Computed(value, kind) => value.is_null() && *kind != FieldType::Boolean,
        Cell::Compound(None) | Cell::Parent(None) | Cell::Children(None) => true,
        _ => false,
    }
}

fn cell(
    out: &mut Elements,
    caller: &Caller<'_>,
    row: Row<'_>,
    key: &str,
    content: Cell<'_>,
) -> Result<(), Error> {
    let tag = format!("sf:{key}");
    match content {
        Cell::Value(value, kind) if row.identity().is_none() => any(out, &tag, value, kind),
        Cell::Computed(value, kind) if row.identity().is_none() => any(out, &tag, &value, kind),
        Cell::Value(value, kind) => scalar(out, &tag, value, kind),
        Cell::Computed(value, kind) => scalar(out, &tag, &value, kind),
        Cell::Id(id) => out.id(&tag, Some(id)),
        Cell::Text(text) => out.text(&tag, text),
        Cell::Compound(None) | Cell::Parent(None) | Cell::Children(None) => out.nil(&tag),
        Cell::Compound(Some(parts)) => compound(out, &tag, &parts),
        Cell::Parent(Some(parent)) => record(out, caller, &tag, parent)?,
        Cell::Children(Some(children)) => {
            out.open(&tag, "QueryResult");
            first_page(out, caller, *children)?;
            out.close(&tag);
        }
    }
    Ok(())
}

/// A value of a field.
pub fn scalar(out: &mut Elements, tag: &str, value: &Value, kind: FieldType) {
    match value {
        Value::Null if kind == FieldType::Boolean => out.flag(tag, false),
        Value::Null => out.nil(tag),
        value => out.text(tag, &text(value, kind)),
    }
}

/// A cell of a group row: no type has it, so it says itself what it is.
fn any(out: &mut Elements, tag: &str, value: &Value, kind: FieldType) {
    if value.is_null() {
        out.nil(tag);
        return;
    }
    out.open(tag, kind.soap_type());
    out.0.push_str(&crate::xml_text::escape(&text(value, kind)));
    out.close(tag);
}

/// As XML Schema writes a value.
fn text(value: &Value, kind: FieldType) -> String {
    let mut out = String::new();
    match value {
        Value::Null => {}
        Value::Bool(flag) => return flag.to_string(),
        Value::Text(text) => return text.to_string(),
        Value::Id(id) => return id.to_string(),
        Value::Number(number) if matches!(kind, FieldType::Int | FieldType::Long) => {
            write_int(*number, &mut out);
        }
        Value::Number(number) => write_double(*number, &mut out),
        Value::DateTime(at) => at.write_zulu(&mut out),
        Value::Date(date) => return date.to_string(),
        Value::Time(time) => return time_text(*time),
        Value::Blob(bytes) => STANDARD.encode_string(bytes, &mut out),
    }
    out
}

/// The parts of an address or a place, in the order of their types: those of a place first.
fn compound(out: &mut Elements, tag: &str, parts: &[(&str, &Value, FieldType)]) {
    const PARTS: [&str; 10] = [
        "latitude",
        "longitude",
        "city",
        "country",
        "countryCode",
        "geocodeAccuracy",
        "postalCode",
        "state",
        "stateCode",
        "street",
    ];
    let is_address = parts.iter().any(|(name, _, _)| *name == "city");
    out.open(tag, if is_address { "address" } else { "location" });
    let types = if is_address { &PARTS[..] } else { &PARTS[..2] };
    for part in types {
        match parts.iter().find(|(name, _, _)| name == part) {
            Some((name, value, kind)) => scalar(out, name, value, *kind),
            None => out.nil(part),
        }
    }
    out.close(tag);
}
