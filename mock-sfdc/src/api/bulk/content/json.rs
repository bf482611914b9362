//! JSON of a batch of 1.0: an array of records. A parent is an object within, named by one field of its own, and by its
//! `attributes.type` where several objects could stand there.

use std::borrow::Cow;

use bytes::Bytes;
use indexmap::IndexMap;
use mock_sfdc_org::bulk::{Cell, Content, Names};
use serde_json::value::RawValue;

type Members<'a> = IndexMap<Cow<'a, str>, &'a RawValue>;

#[derive(Debug)]
pub struct Json {
    bytes: Bytes,
    /// Where each record stands.
    records: Vec<(usize, usize)>,
    fault: Option<String>,
}

impl Json {
    #[must_use]
    pub fn new(bytes: Bytes) -> Self {
        let (records, fault) = match look_through(&bytes) {
            Ok(records) => (records, None),
            Err(fault) => (Vec::new(), Some(format!("InvalidBatch : Failed to parse JSON. {fault}"))),
        };
        Self { bytes, records, fault }
    }
}

fn look_through(bytes: &[u8]) -> Result<Vec<(usize, usize)>, String> {
    let all: Vec<&RawValue> = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let mut records = Vec::with_capacity(all.len());
    for (at, raw) in all.into_iter().enumerate() {
        let text = raw.get();
        cells(text).map_err(|fault| format!("Record {}: {fault}", at + 1))?;
        let from = text.as_ptr() as usize - bytes.as_ptr() as usize;
        records.push((from, from + text.len()));
    }
    Ok(records)
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

impl Content for Json {
    fn records(&self) -> usize {
        self.records.len()
    }

    fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    fn header(&self) -> Option<&Names> {
        None
    }

    fn read(&self, at: usize, most: usize, take: &mut dyn FnMut(&Names, &[Cell<'_>])) -> usize {
        let mut known = Names::from([]);
        let end = at.saturating_add(most).min(self.records.len());
        for (from, to) in self.records.get(at..end).unwrap_or_default() {
            // Looked through before.
            let text = std::str::from_utf8(&self.bytes[*from..*to]).unwrap_or("{}");
            let (names, cells): (Vec<String>, Vec<Cell<'_>>) =
                cells(text).unwrap_or_default().into_iter().unzip();
            if !known.iter().map(AsRef::as_ref).eq(names.iter().map(String::as_str)) {
                known = names.into_iter().map(String::into_boxed_str).collect();
            }
            take(&known, &cells);
        }
        end
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}
