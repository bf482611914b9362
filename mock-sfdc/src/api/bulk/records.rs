//! Rows of a query in JSON and XML, as Bulk API 1.0 answers them. Moments and days are milliseconds in JSON, which no other API has.

use std::fmt::Write as _;

use mock_sfdc_org::{
    bulk::Found,
    schema::FieldType,
    soql::{Cell, Row},
    value::Value,
};
use quick_xml::escape::escape;

use super::table;
use crate::{
    api::rest::{json, record},
    call::ApiVersion,
};

#[must_use]
pub fn json(found: &Found, version: ApiVersion) -> Vec<u8> {
    let mut out = b"[".to_vec();
    for row in found.result().rows() {
        json::comma(&mut out);
        json_row(&mut out, row, version);
    }
    out.push(b']');
    out
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

#[must_use]
pub fn xml(found: &Found) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><queryResult xmlns=\"{}\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n",
        super::one::NAMESPACE
    );
    for row in found.result().rows() {
        out.push_str(" <records xsi:type=\"sObject\">\n");
        xml_row(&mut out, row, 2);
        out.push_str(" </records>\n");
    }
    out.push_str("</queryResult>");
    out
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
