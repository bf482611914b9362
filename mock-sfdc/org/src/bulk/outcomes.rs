//! What became of a batch's records. It is written down when a chunk is done and read back when somebody asks: a batch that has
//! done a million records holds no more of them than one that has done two hundred. A line is an outcome: `+` or `=` and the id of a
//! record that was made or changed, or JSON of what was wrong.

use std::{io, sync::Arc};

use imbl::Vector;
use serde::{Deserialize, Serialize};

use super::store::Store;
use crate::{
    error::{Error, ErrorCode},
    id::Id,
};

/// What became of one record of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Saved {
        id: Id,
        created: bool,
    },
    Failed {
        /// The record that the upload named, if it named one.
        id: Option<Id>,
        errors: Vec<Error>,
    },
}

/// The outcomes of a batch so far, in the order of its records, by chunk.
#[derive(Debug, Clone)]
pub struct Outcomes {
    store: Arc<dyn Store>,
    chunks: Vector<Chunk>,
}

#[derive(Debug, Clone, Copy)]
struct Chunk {
    at: u64,
    length: usize,
    records: usize,
}

#[derive(Serialize, Deserialize)]
struct FailedImage {
    id: Option<Id>,
    errors: Vec<ErrorImage>,
}

#[derive(Serialize, Deserialize)]
struct ErrorImage {
    code: String,
    message: String,
    fields: Option<Vec<String>>,
}

const CREATED: u8 = b'+';
const CHANGED: u8 = b'=';

impl Outcomes {
    /// None so far; they will be kept there.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, chunks: Vector::new() }
    }

    /// Writes down what became of the next chunk.
    pub(super) fn push(&mut self, chunk: &[Outcome]) -> io::Result<()> {
        let mut text = Vec::with_capacity(chunk.len() * 17);
        for outcome in chunk {
            write(outcome, &mut text);
        }
        let at = self.store.add(&text)?;
        self.chunks.push_back(Chunk { at, length: text.len(), records: chunk.len() });
        Ok(())
    }

    /// What was written down of a chunk.
    pub(crate) fn text(&self, number: usize) -> io::Result<Vec<u8>> {
        let Some(chunk) = self.chunks.get(number) else { return Ok(Vec::new()) };
        let mut text = Vec::with_capacity(chunk.length);
        self.store.read(chunk.at, chunk.length, &mut text)?;
        Ok(text)
    }

    /// Takes back what was written down of the next chunk.
    pub(crate) fn take_back(&mut self, text: &[u8]) -> io::Result<()> {
        let records = text.split_inclusive(|byte| *byte == b'\n').count();
        let at = self.store.add(text)?;
        self.chunks.push_back(Chunk { at, length: text.len(), records });
        Ok(())
    }

    /// How many records each chunk has.
    pub fn chunks(&self) -> impl Iterator<Item = usize> {
        self.chunks.iter().map(|chunk| chunk.records)
    }

    /// What became of the records of a chunk.
    pub fn chunk(&self, number: usize) -> io::Result<Vec<Outcome>> {
        let text = self.text(number)?;
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        lines.map(read).collect()
    }
}

fn write(outcome: &Outcome, out: &mut Vec<u8>) {
    match outcome {
        Outcome::Saved { id, created } => {
            out.push(if *created { CREATED } else { CHANGED });
            out.extend_from_slice(id.bytes());
        }
        Outcome::Failed { id, errors } => {
            let image = |error: &Error| ErrorImage {
                code: error.code.as_str().to_owned(),
                message: error.message.clone(),
                fields: error.fields.clone(),
            };
            let failed = FailedImage { id: *id, errors: errors.iter().map(image).collect() };
            // Writing to memory cannot fail, and JSON breaks no line.
            let _ = serde_json::to_writer(&mut *out, &failed);
        }
    }
    out.push(b'\n');
}

fn read(line: &[u8]) -> io::Result<Outcome> {
    let wrong = || io::Error::from(io::ErrorKind::InvalidData);
    if let Some((kind @ (&CREATED | &CHANGED), id)) = line.split_first() {
        let id = std::str::from_utf8(id).ok().and_then(Id::parse).ok_or_else(wrong)?;
        return Ok(Outcome::Saved { id, created: *kind == CREATED });
    }
    let failed: FailedImage = serde_json::from_slice(line)?;
    let error = |image: ErrorImage| {
        let code = ErrorCode::find(&image.code).ok_or_else(wrong)?;
        Ok(Error { fields: image.fields, ..Error::plain(code, image.message) })
    };
    let errors = failed.errors.into_iter().map(error).collect::<io::Result<_>>()?;
    Ok(Outcome::Failed { id: failed.id, errors })
}
