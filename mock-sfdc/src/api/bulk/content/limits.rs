//! How large a record may be, in the sentences of Salesforce's own reader, which it has published (`com.sforce.async.CSVReader` of
//! wsc and its test).

use std::io;

use mock_sfdc_org::bulk::Store;

use crate::spool::BLOCK;

const MOST_IN_FIELD: usize = 32_000;
const MOST_IN_RECORD: usize = 400_000;
const MOST_FIELDS: usize = 5_000;

/// So many bytes are more than a record of so many characters can have, with all its quotes and delimiters.
pub const LONGEST_RECORD: usize = 2 * 1024 * 1024;

/// What a record amounts to, value by value.
#[derive(Debug, Default)]
pub struct Measure {
    fields: usize,
    characters: usize,
}

impl Measure {
    /// Whether another value still fits.
    pub fn add(&mut self, value: &[u8]) -> Result<(), String> {
        // Counting is dear, and hardly any value is long.
        let characters = if value.len() > MOST_IN_FIELD { characters(value) } else { value.len() };
        if characters > MOST_IN_FIELD {
            return Err(format!("Exceeded max field size: {characters}"));
        }
        self.fields += 1;
        self.characters += characters;
        if self.fields > MOST_FIELDS {
            return Err(format!("Exceeded max number of columns per record : {MOST_FIELDS}"));
        }
        if self.characters > MOST_IN_RECORD { Err(too_long(self.characters)) } else { Ok(()) }
    }
}

#[must_use]
pub fn too_long(characters: usize) -> String {
    format!(
        "Exceeded max length for one record: {characters}. Max length for one record should be less than or equal to {MOST_IN_RECORD}"
    )
}

/// How many characters a text has, be it encoded in UTF-8.
#[must_use]
pub fn characters(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// Whether an upload has more characters than these.
pub fn has_more(store: &dyn Store, most: usize) -> io::Result<bool> {
    let enough = u64::try_from(most).unwrap_or(u64::MAX);
    if store.size() <= enough {
        return Ok(false);
    }
    let (mut piece, mut at, mut found) = (Vec::new(), 0, 0);
    while at < store.size() {
        piece.clear();
        store.read(at, BLOCK, &mut piece)?;
        at += piece.len() as u64;
        found += characters(&piece);
    }
    Ok(found > most)
}

/// Why a batch fails whose spool cannot be read.
#[must_use]
#[allow(clippy::needless_pass_by_value, reason = "this is what map_err hands over")]
pub fn unreadable(error: io::Error) -> String {
    format!("mock-sfdc cannot read again what was sent: {error}")
}
