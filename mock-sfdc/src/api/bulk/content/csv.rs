//! CSV (`contract/bulk.md` section 2): a header, then a record a line. The whole is looked through once when it comes, so that
//! whatever is wrong with it is known before a record is saved; records are read again when their turn comes.

use bytes::Bytes;
use mock_sfdc_org::bulk::{Cell, Content, LineEnding, Names};

use super::record::{End, Fault, read, skip_empty, text};

/// Salesforce takes no longer header.
const LONGEST_HEADER: usize = 32_000;
/// What a value is set to nothing with.
const NULL: &str = "#N/A";

#[derive(Debug)]
pub struct Csv {
    bytes: Bytes,
    delimiter: u8,
    names: Names,
    /// Where the first record begins.
    first: usize,
    records: usize,
    fault: Option<String>,
}

impl Csv {
    /// `line_ending` is what a job of 2.0 says of its upload; 1.0 takes any.
    #[must_use]
    pub fn new(bytes: Bytes, delimiter: u8, line_ending: Option<LineEnding>) -> Self {
        let mut csv = Self { bytes, delimiter, names: Names::from([]), first: 0, records: 0, fault: None };
        csv.fault = csv.look_through(line_ending).err();
        csv
    }

    fn look_through(&mut self, line_ending: Option<LineEnding>) -> Result<(), String> {
        if self.bytes.trim_ascii().is_empty() {
            return Ok(());
        }
        if std::str::from_utf8(&self.bytes).is_err() {
            return Err("InvalidBatch : Failed to parse CSV. It is not encoded in UTF-8".to_owned());
        }
        let mut names: Vec<Box<str>> = Vec::new();
        let (mut at, end) = read(&self.bytes, 0, self.delimiter, |bytes, doubled| {
            names.push(text(bytes, doubled).into());
        })
        .map_err(unparsed)?;
        check_end(end, line_ending)?;
        if at - end_length(end) > LONGEST_HEADER {
            return Err(format!(
                "InvalidBatch : Failed to parse CSV header. It is longer than {LONGEST_HEADER} characters"
            ));
        }
        self.names = names.into();
        self.first = at;
        loop {
            at = skip_empty(&self.bytes, at);
            if at >= self.bytes.len() {
                return Ok(());
            }
            let mut values = 0;
            let (next, end) = read(&self.bytes, at, self.delimiter, |_, _| values += 1).map_err(unparsed)?;
            check_end(end, line_ending)?;
            self.records += 1;
            if values != self.names.len() {
                return Err(format!(
                    "InvalidBatch : Failed to parse CSV. Record {} has {values} values, the header has {}",
                    self.records,
                    self.names.len()
                ));
            }
            at = next;
        }
    }
}

impl Content for Csv {
    fn records(&self) -> usize {
        self.records
    }

    fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    fn header(&self) -> Option<&Names> {
        Some(&self.names).filter(|names| !names.is_empty())
    }

    fn read(&self, at: usize, most: usize, take: &mut dyn FnMut(&Names, &[Cell<'_>])) -> usize {
        let mut at = at.max(self.first);
        let mut cells = Vec::with_capacity(self.names.len());
        for _ in 0..most {
            at = skip_empty(&self.bytes, at);
            if at >= self.bytes.len() || self.names.is_empty() {
                break;
            }
            cells.clear();
            let read = read(&self.bytes, at, self.delimiter, |bytes, doubled| {
                cells.push(cell(text(bytes, doubled)));
            });
            // Looked through before: only a text with a fault ends here.
            let Ok((next, _)) = read else { break };
            take(&self.names, &cells);
            at = next;
        }
        at
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

fn cell(text: std::borrow::Cow<'_, str>) -> Cell<'_> {
    match &*text {
        "" => Cell::Absent,
        NULL => Cell::Null,
        _ => Cell::Text(text),
    }
}

/// The header as it was sent, without the end of its line, and where the first record begins.
#[must_use]
pub fn header_line(bytes: &[u8], delimiter: u8) -> (&[u8], usize) {
    match read(bytes, 0, delimiter, |_, _| ()) {
        Ok((next, end)) => (&bytes[..next - end_length(end)], next),
        Err(_) => (&[], 0),
    }
}

fn unparsed(fault: Fault) -> String {
    format!("InvalidBatch : Failed to parse CSV. {fault}")
}

fn end_length(end: End) -> usize {
    match end {
        End::Lf | End::Cr => 1,
        End::CrLf => 2,
        End::Text => 0,
    }
}

fn check_end(end: End, wanted: Option<LineEnding>) -> Result<(), String> {
    let fits = match (wanted, end) {
        (None, _) | (_, End::Text) => true,
        (Some(LineEnding::Lf), end) => end == End::Lf,
        (Some(LineEnding::CrLf), end) => end == End::CrLf,
    };
    let wanted = wanted.map_or("", LineEnding::as_str);
    if fits {
        Ok(())
    } else {
        Err(format!(
            "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is {wanted}"
        ))
    }
}
