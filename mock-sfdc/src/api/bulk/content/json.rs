//! JSON of a batch of 1.0: an array of records. A parent is an object within, named by one field of its own, and by its
//! `attributes.type` where several objects could stand there.

use std::borrow::Cow;

use indexmap::IndexMap;
use mock_sfdc_org::bulk::Cell;
use serde_json::value::RawValue;

use super::rows::Writer;

type Members<'a> = IndexMap<Cow<'a, str>, &'a RawValue>;

/// Hands over all records, or says what is wrong with them.
pub fn read(bytes: &[u8], rows: &mut Writer) -> Result<(), String> {
    let all: Vec<&RawValue> = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    for (at, raw) in all.into_iter().enumerate() {
        let record = cells(raw.get()).and_then(|cells| rows.take(cells));
        record.map_err(|fault| format!("Record {}: {fault}", at + 1))?;
    }
    Ok(())
}

/// Names and values of a record.
fn cells(text: &str) -> Result<Vec<(String, Cell<'_>)>, String> {
    let members: Members<'_> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    members
        .into_iter()
        .filter(|(name, _)| name != "attributes")
        .map(|(name, raw)| match raw.get().as_bytes().first() {
            Some(b'{') => parent(&name, raw),
            Some(b'[') => Err(format!("{name} is a list")),
            _ => Ok((name.into_owned(), scalar(raw))),
        })
        .collect()
}

fn parent<'a>(relationship: &str, raw: &'a RawValue) -> Result<(String, Cell<'a>), String> {
    let mut members: Members<'a> = serde_json::from_str(raw.get()).map_err(|error| error.to_string())?;
    let kind = members.shift_remove("attributes").and_then(|raw| {
        let attributes: IndexMap<String, String> = serde_json::from_str(raw.get()).ok()?;
        attributes.get("type").cloned()
    });
    let kind = kind.map(|kind| format!("{kind}:")).unwrap_or_default();
    let mut members = members.into_iter();
    match (members.next(), members.next()) {
        (Some((key, value)), None) => Ok((format!("{kind}{relationship}.{key}"), scalar(value))),
        _ => Err(format!("{relationship} must be named by exactly one of its fields")),
    }
}

fn scalar(raw: &RawValue) -> Cell<'_> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'"') => Cell::Text(serde_json::from_str::<String>(text).unwrap_or_default().into()),
        Some(b't') => Cell::Bool(true),
        Some(b'f') => Cell::Bool(false),
        Some(b'n') => Cell::Null,
        _ => Cell::Number(text.into()),
    }
}
