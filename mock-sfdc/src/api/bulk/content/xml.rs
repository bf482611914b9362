//! XML of a batch of 1.0: `sObjects` with an `sObject` a record. A parent is an `sObject` within the relationship's element, named by
//! one field of its own, and by its `type` where several objects could stand there.

use bytes::Bytes;
use mock_sfdc_org::bulk::{Cell, Content, Names};
use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
};

/// `sObjects`, `sObject`, the relationship, its `sObject`, the field.
const MAX_DEPTH: usize = 5;

#[derive(Debug)]
pub struct Xml {
    bytes: Bytes,
    records: Vec<Record>,
    fault: Option<String>,
}

#[derive(Debug)]
struct Record {
    names: Names,
    values: Vec<Option<String>>,
}

impl Xml {
    #[must_use]
    pub fn new(bytes: Bytes) -> Self {
        let (records, fault) = match records(&bytes) {
            Ok(records) => (records, None),
            Err(fault) => (Vec::new(), Some(format!("InvalidBatch : Failed to parse XML. {fault}"))),
        };
        Self { bytes, records, fault }
    }
}

/// The texts of a document's leaves, each by the names of the elements around it.
pub fn leaves(
    bytes: &[u8],
    mut leaf: impl FnMut(&[String], Option<String>),
    mut closed: impl FnMut(&[String]),
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
                closed(&path);
                path.pop();
                inner = true;
            }
            Event::End(_) => {
                if !inner {
                    leaf(&path, (!nil).then(|| std::mem::take(&mut said)));
                }
                closed(&path);
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

fn records(bytes: &[u8]) -> Result<Vec<Record>, String> {
    let all = std::cell::RefCell::new((Vec::<Record>::new(), Vec::<(String, Option<String>)>::new()));
    let mut kind = String::new();
    let mut known = Names::from([]);
    leaves(
        bytes,
        |path, said| match path {
            [_, _, field] => all.borrow_mut().1.push((field.clone(), said)),
            [_, _, _, _, field] if field == "type" => {
                kind = said.map(|kind| format!("{kind}:")).unwrap_or_default();
            }
            [_, _, relationship, _, field] => {
                let name = format!("{}{relationship}.{field}", std::mem::take(&mut kind));
                all.borrow_mut().1.push((name, said));
            }
            _ => {}
        },
        |path| {
            if let [_, _] = path {
                let mut all = all.borrow_mut();
                let (names, values): (Vec<String>, Vec<_>) = std::mem::take(&mut all.1).into_iter().unzip();
                if !known.iter().map(AsRef::as_ref).eq(names.iter().map(String::as_str)) {
                    known = names.into_iter().map(String::into_boxed_str).collect();
                }
                all.0.push(Record { names: Names::clone(&known), values });
            }
        },
    )?;
    Ok(all.into_inner().0)
}

impl Content for Xml {
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
        let end = at.saturating_add(most).min(self.records.len());
        for record in self.records.get(at..end).unwrap_or_default() {
            let cells = record.values.iter().map(|value| cell(value.as_deref())).collect::<Vec<_>>();
            take(&record.names, &cells);
        }
        end
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

fn cell(value: Option<&str>) -> Cell<'_> {
    match value {
        None => Cell::Null,
        Some("") => Cell::Absent,
        Some(text) => Cell::Text(text.into()),
    }
}
