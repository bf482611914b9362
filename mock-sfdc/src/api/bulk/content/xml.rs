//! XML of a batch of 1.0: `sObjects` with an `sObject` a record. A parent is an `sObject` within the relationship's element, named by
//! one field of its own, and by its `type` where several objects could stand there.

use mock_sfdc_org::bulk::Cell;

use super::rows::Writer;
use crate::xml::{self, Token};

/// `sObjects`, `sObject`, the relationship, its `sObject`, the field.
const MAX_DEPTH: usize = 5;

/// The texts of a document's leaves, each by the names of the elements around it.
pub fn leaves(
    bytes: &[u8],
    mut leaf: impl FnMut(&[String], Option<String>),
    mut closed: impl FnMut(&[String]) -> Result<(), String>,
) -> Result<(), String> {
    let mut path: Vec<String> = Vec::new();
    // What the innermost element holds, whether it is nil, and whether elements stood in it.
    let (mut said, mut nil, mut inner) = (String::new(), false, false);
    xml::walk(bytes, None, MAX_DEPTH, |token| {
        match token {
            Token::Open(tag) => {
                beside(&said, &path)?;
                path.push(tag.name.to_owned());
                (nil, inner) = (tag.is_nil(), false);
                said.clear();
            }
            Token::Text(text) => said.push_str(text),
            Token::Close => {
                if inner {
                    beside(&said, &path)?;
                } else {
                    leaf(&path, (!nil).then(|| std::mem::take(&mut said)));
                }
                closed(&path)?;
                path.pop();
                said.clear();
                (nil, inner) = (false, true);
            }
        }
        Ok(())
    })
}

/// Text has its place in leaves.
fn beside(said: &str, path: &[String]) -> Result<(), String> {
    match said.trim() {
        "" => Ok(()),
        text => Err(format!("the text {text:?} stands beside elements in {}", path.join("/"))),
    }
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
        |path| {
            let (place, wanted) = match path.len() {
                1 => (0, "sObjects"),
                2 => (1, "sObject"),
                4 => (3, "sObject"),
                _ => return Ok(()),
            };
            if path[place] != wanted {
                return Err(format!("{wanted} was expected and not {}", path.join("/")));
            }
            if path.len() == 2 { rows.take(record.take()) } else { Ok(()) }
        },
    )
}

fn cell(value: Option<String>) -> Cell<'static> {
    match value {
        None => Cell::Null,
        Some(text) if text.is_empty() => Cell::Absent,
        Some(text) => Cell::Text(text.into()),
    }
}
