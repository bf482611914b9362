//! One record as REST writes it: `attributes` first, then fields, nothing left out (`contract/rest.md` sections 1 and 2).

use std::io::Write as _;

use mock_sfdc_org::{
    id::Id,
    schema::{Field, FieldType, Object},
    state::Record,
    value::Value,
};

use super::json;
use crate::call::ApiVersion;

/// `"attributes":{"type":"Account","url":"/services/data/v66.0/sobjects/Account/001…"}`; `kind` is another word than the
/// object's own behind a reference to several objects, where it is `Name`.
pub fn attributes(out: &mut Vec<u8>, version: ApiVersion, kind: &str, object: &str, id: Id) {
    before_id(out, version, kind, object);
    out.extend_from_slice(&id.long());
    out.extend_from_slice(b"\"}");
}

/// [`attributes`] up to the id.
pub fn before_id(out: &mut Vec<u8>, version: ApiVersion, kind: &str, object: &str) {
    out.extend_from_slice(b"\"attributes\":{\"type\":");
    json::string(out, kind);
    out.extend_from_slice(b",\"url\":\"");
    collection(out, version, object);
}

/// Where a row stands: `/services/data/v66.0/sobjects/Account/001…`
pub fn address(out: &mut Vec<u8>, version: ApiVersion, object: &str, id: Id) {
    collection(out, version, object);
    out.extend_from_slice(&id.long());
}

/// `/services/data/v66.0/sobjects/Account/`
fn collection(out: &mut Vec<u8>, version: ApiVersion, object: &str) {
    out.extend_from_slice(b"/services/data/v");
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{}", version.0);
    for part in [b".0/sobjects/", object.as_bytes(), b"/"] {
        out.extend_from_slice(part);
    }
}

/// A whole record with the fields at `positions`.
pub fn row(out: &mut Vec<u8>, version: ApiVersion, object: &Object, record: &Record, positions: &[usize]) {
    out.push(b'{');
    attributes(out, version, object.name.as_str(), object.name.as_str(), record.id());
    for position in positions {
        let Some(field) = object.field_at(*position) else { continue };
        out.push(b',');
        json::key(out, field.name.as_str());
        field_value(out, version, object, record, *position, field);
    }
    out.push(b'}');
}

/// The value of one field: stored, composed of others, or the address of a blob.
pub fn field_value(
    out: &mut Vec<u8>,
    version: ApiVersion,
    object: &Object,
    record: &Record,
    position: usize,
    field: &Field,
) {
    match field.kind {
        FieldType::Address | FieldType::Location => compound(out, object, record, position),
        FieldType::Base64 if record.get(position).is_null() => out.extend_from_slice(b"null"),
        FieldType::Base64 => {
            out.push(b'"');
            address(out, version, object.name.as_str(), record.id());
            out.push(b'/');
            out.extend_from_slice(field.name.as_str().as_bytes());
            out.push(b'"');
        }
        FieldType::Id => json::id(out, record.id()),
        _ => json::field(out, record.get(position), field),
    }
}

/// An address or a location: its parts by name, or null when all are empty.
fn compound(out: &mut Vec<u8>, object: &Object, record: &Record, position: usize) {
    if object.parts(position).all(|(at, _)| record.get(at).is_null()) {
        out.extend_from_slice(b"null");
        return;
    }
    let mut parts = object
        .parts(position)
        .map(|(at, part)| (part_name(part.name.as_str()), part.kind, record.get(at)))
        .collect::<Vec<(&str, FieldType, &Value)>>();
    parts.sort_by_key(|(name, _, _)| *name);
    out.push(b'{');
    for (name, kind, value) in parts {
        json::comma(out);
        json::key(out, name);
        json::value(out, value, kind);
    }
    out.push(b'}');
}

/// `BillingPostalCode` is the `postalCode` of its address.
fn part_name(field: &str) -> &str {
    const PARTS: [(&str, &str); 10] = [
        ("CountryCode", "countryCode"),
        ("StateCode", "stateCode"),
        ("GeocodeAccuracy", "geocodeAccuracy"),
        ("PostalCode", "postalCode"),
        ("Longitude", "longitude"),
        ("Latitude", "latitude"),
        ("Country", "country"),
        ("Street", "street"),
        ("State", "state"),
        ("City", "city"),
    ];
    let plain = field.trim_end_matches("__s");
    PARTS.iter().find(|(suffix, _)| plain.ends_with(suffix)).map_or(field, |(_, part)| part)
}
