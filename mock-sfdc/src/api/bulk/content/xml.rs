//! XML of a batch of 1.0: `sObjects` with an `sObject` a record. A parent is an `sObject` within the relationship's element, named by
//! one field of its own, and by its `type` where several objects could stand there.

use mock_sfdc_org::bulk::Cell;
use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
};

use super::rows::Writer;

/// `sObjects`, `sObject`, the relationship, its `sObject`, the field.
const MAX_DEPTH: usize = 5;

/// The texts of a document's leaves, each by the names of the elements around it.
pub fn leaves(
    bytes: &[u8],
    mut leaf: impl FnMut(&[String], Option<String>),
    mut closed: impl FnMut(&[String]) -> Result<(), String>,
) -> Result<(), String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "It is not encoded in UTF-8".to_owned())?;
    let mut reader = Reader::from_str(text.trim_start());
    let mut path: Vec<String> = Vec::new();
    // What the innermost element holds, whether it is nil, and whether elements stood in it.
    let (mut said, mut nil, mut inner) = (String::new(), false, false);
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) => {
                path.push(name(&start));
                (said, nil, inner) = (String::new(), is_nil(&start), false);
                if path.len() > MAX_DEPTH {
                    return Err("It nests too deeply".to_owned());
                }
            }
            Event::Empty(start) => {
                path.push(name(&start));
                leaf(&path, (!is_nil(&start)).then(String::new));
                closed(&path)?;
                path.pop();
                inner = true;
            }
            Event::End(_) => {
                if !inner {
                    leaf(&path, (!nil).then(|| std::mem::take(&mut said)));
                }
                closed(&path)?;
                path.pop();
                (nil, inner) = (false, true);
            }
            Event::Text(text) => said.push_str(&text.xml10_content()),
            Event::CData(text) => said.push_str(&text.xml10_content()),
            Event::GeneralRef(entity) => said.push_str(&resolved(&entity)?),
            Event::DocType(_) => return Err("A DTD is not allowed".to_owned()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    if path.is_empty() { Ok(()) } else { Err(format!("{} is not closed", path.join("/"))) }
}

fn name(start: &BytesStart<'_>) -> String {
    start.name().local_name().as_ref().to_owned()
}

fn is_nil(start: &BytesStart<'_>) -> bool {
    start.attributes().flatten().any(|attribute| {
        attribute.key.local_name().as_ref() == "nil" && matches!(&*attribute.value, "true" | "1")
    })
}

fn resolved(entity: &quick_xml::events::BytesRef<'_>) -> Result<String, String> {
    if let Ok(Some(letter)) = entity.resolve_char_ref() {
        return Ok(letter.to_string());
    }
    let name: &str = entity;
    resolve_predefined_entity(name)
        .map(str::to_owned)
        .ok_or_else(|| format!("The entity {name} is not known"))
}

/// Hands over all records, or says what is wrong with them.
pub fn read(bytes: &[u8], rows: &mut Writer) -> Result<(), String> {
    let record = std::cell::RefCell::new(Vec::new());
    let mut kind = String::new();
    leaves(
        bytes,
        |path, said| match path {
            [_, _, field] => record.borrow_mut().push((field.clone(), cell(said))),
            [_, _, _, _, field] if field == "type" => {
                kind = said.map(|kind| format!("{kind}:")).unwrap_or_default();
            }
            [_, _, relationship, _, field] => {
                let name = format!("{}{relationship}.{field}", std::mem::take(&mut kind));
                record.borrow_mut().push((name, cell(said)));
            }
            _ => {}
        },
        |path| if path.len() == 2 { rows.take(record.take()) } else { Ok(()) },
    )
}

fn cell(value: Option<String>) -> Cell<'static> {
    match value {
        None => Cell::Null,
        Some(text) if text.is_empty() => Cell::Absent,
        Some(text) => Cell::Text(text.into()),
    }
}
