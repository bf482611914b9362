//! A whole org as one text: what an export writes and an import reads.
//!
//! The first line says what it is, how many pieces follow, and how the org's clock is set; each piece is a line of its own,
//! `["row","Lead/00Q…",{…}]`, so that two exports can be compared by any tool that compares lines. A piece that is missing is a
//! mistake, never an org with less in it.

use std::io;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{ImageError, Kind, Loader, Piece, pieces, sent};
use crate::{clock::Setting, state::State};

/// The version of what stands in the pieces.
const FORMAT: u64 = 2;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Head {
    mock_sfdc_image: u64,
    pieces: usize,
    clock: Setting,
}

/// What an image held.
#[derive(Debug)]
pub struct Imported {
    pub state: State,
    pub clock: Setting,
}

/// Why a text is no org.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    #[error("this is no export of mock-sfdc: its first line is not {{\"mockSfdcImage\":{FORMAT},…}} ({0})")]
    Head(String),
    #[error("the export has format {0}; this mock-sfdc reads format {FORMAT}")]
    Format(u64),
    #[error("line {line}: a piece [kind, key, value] was expected: {problem}")]
    Line { line: usize, problem: String },
    #[error("line {line}: {kind:?} is no kind of piece; there are {}", kinds())]
    Kind { line: usize, kind: String },
    #[error("the export is not whole: it has {found} of {expected} pieces")]
    Short { found: usize, expected: usize },
    #[error("{0}")]
    Piece(#[from] ImageError),
}

fn kinds() -> String {
    Kind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" ")
}

/// Writes an org down.
pub fn export(state: &State, clock: Setting) -> io::Result<String> {
    let mut pieces = pieces(state);
    for piece in sent(None, state) {
        pieces.push(piece?);
    }
    let head = Head { mock_sfdc_image: FORMAT, pieces: pieces.len(), clock };
    let mut out = serde_json::to_string(&head).unwrap_or_default();
    out.push('\n');
    for Piece { kind, key, json } in pieces {
        let key = serde_json::to_string(&key).unwrap_or_default();
        out.extend(["[\"", kind.as_str(), "\",", &key, ",", &json.unwrap_or_default(), "]\n"]);
    }
    Ok(out)
}

/// Whether a text says that it is an export. A fixture does not.
#[must_use]
pub fn is_export(text: &str) -> bool {
    text.trim_start().starts_with("{\"mockSfdcImage\"")
}

/// Reads an org back.
pub fn import(text: &str, mut loader: Loader) -> Result<Imported, ImportError> {
    let mut lines = text.lines().enumerate();
    let first = lines.next().map_or("", |(_, line)| line);
    let head: Head = match serde_json::from_str(first) {
        Ok(head) => head,
        Err(error) => return Err(ImportError::Head(error.to_string())),
    };
    if head.mock_sfdc_image != FORMAT {
        return Err(ImportError::Format(head.mock_sfdc_image));
    }
    let mut found = 0;
    for (at, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let line_number = at + 1;
        let (kind, key, json): (&str, String, &RawValue) = serde_json::from_str(line)
            .map_err(|error| ImportError::Line { line: line_number, problem: error.to_string() })?;
        let kind = Kind::parse(kind)
            .ok_or_else(|| ImportError::Kind { line: line_number, kind: kind.to_owned() })?;
        loader.add(kind, key, json.get().to_owned());
        found += 1;
    }
    if found != head.pieces {
        return Err(ImportError::Short { found, expected: head.pieces });
    }
    Ok(Imported { state: loader.finish()?, clock: head.clock })
}
