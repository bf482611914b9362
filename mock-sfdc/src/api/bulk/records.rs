//! Rows of a query in JSON and XML, as Bulk API 1.0 answers them. Moments and days are milliseconds in JSON, which no other API has.

use std::{fmt::Write as _, io, iter::once, sync::Arc};

use mock_sfdc_org::{
    bulk::Found,
    schema::FieldType,
    soql::{Cell, Row},
    value::Value,
};

use super::table::{self, ROWS_AT_ONCE};
use crate::{
    api::rest::{json, record},
    call::ApiVersion,
    xml_text::escape,
};

type Step = io::Result<Vec<u8>>;

/// All rows in JSON, in steps.
pub fn json(found: &Arc<Found>, version: ApiVersion) -> impl Iterator<Item = Step> + Send + use<> {
    let steps = in_steps(found, move |out, at, row| {
        if at > 0 {
            out.push(b',');
        }
        json_row(out, row, version);
    });
    once(Ok(b"[".to_vec())).chain(steps).chain(once(Ok(b"]".to_vec())))
}

/// Writes some rows at a time; each is told its number.
fn in_steps<W: FnMut(&mut Vec<u8>, usize, Row<'_>) + Send>(
    found: &Arc<Found>,
    mut write: W,
) -> impl Iterator<Item = Step> + Send + use<W> {
    let found = Arc::clone(found);
    (0..found.len()).step_by(ROWS_AT_ONCE).map(move |from| {
        let mut out = Vec::new();
        for (at, row) in (from..).zip(found.result().page(from, found.len().min(from + ROWS_AT_ONCE))) {
            write(&mut out, at, row);
        }
        Ok(out)
    })
}

fn json_row(out: &mut Vec<u8>, row: Row<'_>, version: ApiVersion) {
    out.push(b'{');
    if let Some((object, id)) = row.identity() {
        record::attributes(out, version, row.type_name(), object.name.as_str(), id);
    }
    for (name, cell) in row.cells() {
        out.push(b',');
        json::key(out, name);
        match cell {
            Cell::Value(value, kind) => json_value(out, value, kind),
            Cell::Computed(value, kind) => json_value(out, &value, kind),
            Cell::Id(id) => json::id(out, id),
            Cell::Text(text) => json::string(out, text),
            Cell::Parent(Some(parent)) => json_row(out, parent, version),
            // What else there is was refused when the query came.
            Cell::Parent(None) | Cell::Compound(_) | Cell::Children(_) => out.extend_from_slice(b"null"),
        }
    }
    out.push(b'}');
}

fn json_value(out: &mut Vec<u8>, value: &Value, kind: FieldType) {
    let millis = match value {
        Value::DateTime(at) => Some(at.millis()),
        Value::Date(date) => {
            date.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|midnight| midnight.timestamp().as_millisecond())
        }
        _ => None,
    };
    match millis {
        Some(millis) => out.extend_from_slice(millis.to_string().as_bytes()),
        None => json::value(out, value, kind),
    }
}

/// All rows in XML, in steps.
pub fn xml(found: &Arc<Found>) -> impl Iterator<Item = Step> + Send + use<> {
    let head = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><queryResult xmlns=\"{}\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n",
        super::one::NAMESPACE
    );
    let steps = in_steps(found, |out, _, row| {
        let mut record = String::from(" <records xsi:type=\"sObject\">\n");
        xml_row(&mut record, row, 2);
        record.push_str(" </records>\n");
        out.extend_from_slice(record.as_bytes());
    });
    once(Ok(head.into_bytes())).chain(steps).chain(once(Ok(b"</queryResult>".to_vec())))
}

/// The type, the id even where nobody asked for it, then the cells: an id that was asked for stands twice.
fn xml_row(out: &mut String, row: Row<'_>, depth: usize) {
    // Writing to a String cannot fail.
    let indent = " ".repeat(depth);
    let asked_for_id = row.cells().any(|(name, _)| name == "Id");
    let _ = writeln!(out, "{indent}<type>{}</type>", row.type_name());
    match row.identity().filter(|_| asked_for_id) {
        Some((_, id)) => {
            let _ = writeln!(out, "{indent}<Id>{id}</Id>");
        }
        None => {
            let _ = writeln!(out, "{indent}<Id xsi:nil=\"true\"/>");
        }
    }
    for (name, cell) in row.cells() {
        if let Cell::Parent(Some(parent)) = cell {
            let _ = writeln!(out, "{indent}<{name} xsi:type=\"sObject\">");
            xml_row(out, parent, depth + 1);
            let _ = writeln!(out, "{indent}</{name}>");
            continue;
        }
        let nil = match &cell {
            Cell::Value(value, kind) => value.is_null() && *kind != FieldType::Boolean,
            Cell::Computed(value, _) => value.is_null(),
            Cell::Parent(_) | Cell::Compound(_) | Cell::Children(_) => true,
            Cell::Id(_) | Cell::Text(_) => false,
        };
        if nil {
            let _ = writeln!(out, "{indent}<{name} xsi:nil=\"true\"/>");
        } else {
            let text = table::found(&cell);
            let _ = writeln!(out, "{indent}<{name}>{}</{name}>", escape(text.as_str()));
        }
    }
}
