//! CSV (`contract/bulk.md` section 2): a header, then a record a line. The whole is looked through once when it has come, so that
//! whatever is wrong with it is known before a record is saved; records are read again when their turn comes.

use std::{borrow::Cow, io, sync::Arc};

use mock_sfdc_org::bulk::{Cell, Content, LineEnding, Names, Store};

use super::{
    limits::{self, LONGEST_RECORD, Measure, characters, too_long},
    record::{End, Fault, UNCLOSED, Value, read},
    window::{Window, is_blank},
};

/// Salesforce takes no longer header.
const LONGEST_HEADER: usize = 32_000;
/// What a value is set to nothing with.
const NULL: &str = "#N/A";

#[derive(Debug)]
pub struct Csv {
    sent: Arc<dyn Store>,
    delimiter: u8,
    names: Names,
    /// Where the first record begins.
    first: u64,
    records: usize,
    fault: Option<String>,
}

impl Csv {
    /// `line_ending` is what a job of 2.0 says of its upload; 1.0 takes any.
    #[must_use]
    pub fn new(sent: Arc<dyn Store>, delimiter: u8, line_ending: Option<LineEnding>) -> Self {
        let mut csv = Self { sent, delimiter, names: Names::from([]), first: 0, records: 0, fault: None };
        csv.fault = csv.look_through(line_ending).err();
        csv
    }

    fn look_through(&mut self, line_ending: Option<LineEnding>) -> Result<(), String> {
        let sent = Arc::clone(&self.sent);
        if is_blank(&*sent).map_err(limits::unreadable)? {
            return Ok(());
        }
        let mut window = Window::new(&*sent, 0);
        let mut values = Vec::new();
        let (length, end) = checked(&mut window, self.delimiter, line_ending, &mut values)?;
        if length - end.length() > LONGEST_HEADER {
            return Err(format!(
                "InvalidBatch : Failed to parse CSV header. It is longer than {LONGEST_HEADER} characters"
            ));
        }
        self.names = values.iter().map(|value| value.text(window.rest()).into()).collect();
        window.pass(length);
        self.first = window.at();
        while window.skip(is_line_end).map_err(limits::unreadable)? {
            let (length, _) = checked(&mut window, self.delimiter, line_ending, &mut values)?;
            self.records += 1;
            if values.len() != self.names.len() {
                return Err(format!(
                    "InvalidBatch : Failed to parse CSV. Record {} has {} values, the header has {}",
                    self.records,
                    values.len(),
                    self.names.len()
                ));
            }
            window.pass(length);
        }
        Ok(())
    }
}

impl Content for Csv {
    fn records(&self) -> usize {
        self.records
    }

    fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    fn is_table(&self) -> bool {
        !self.names.is_empty()
    }

    fn names(&self) -> &[Names] {
        if self.is_table() { std::slice::from_ref(&self.names) } else { &[] }
    }

    fn read(&self, at: u64, most: usize, take: &mut dyn FnMut(&Names, &[Cell<'_>])) -> io::Result<u64> {
        let mut window = Window::new(&*self.sent, at.max(self.first));
        let mut values = Vec::with_capacity(self.names.len());
        for _ in 0..most {
            if !self.is_table() || !window.skip(is_line_end)? {
                break;
            }
            // Looked through before: only a text with a fault ends here.
            let Ok((length, _)) = record(&mut window, self.delimiter, &mut values)? else { break };
            let cells = values.iter().map(|value| cell(value.text(window.rest()))).collect::<Vec<_>>();
            take(&self.names, &cells);
            window.pass(length);
        }
        Ok(window.at())
    }

    fn sent(&self) -> &Arc<dyn Store> {
        &self.sent
    }
}

/// The record at which the window stands: how long it is, and how it ends. Its values are places in what is in view.
fn record(
    window: &mut Window<'_>,
    delimiter: u8,
    values: &mut Vec<Value>,
) -> io::Result<Result<(usize, End), Fault>> {
    loop {
        values.clear();
        let found = read(window.rest(), delimiter, |value| values.push(value));
        // What ends with the view may go on behind it.
        let ends_with_view = match &found {
            Ok((length, _)) => *length == window.rest().len(),
            Err(fault) => *fault == UNCLOSED,
        };
        if !ends_with_view || window.is_last() {
            return Ok(found);
        }
        if window.rest().len() >= LONGEST_RECORD {
            return Ok(Err(too_long(characters(window.rest())).into()));
        }
        window.widen()?;
    }
}

/// The same record, when nothing is wrong with it.
fn checked(
    window: &mut Window<'_>,
    delimiter: u8,
    line_ending: Option<LineEnding>,
    values: &mut Vec<Value>,
) -> Result<(usize, End), String> {
    let (length, end) =
        record(window, delimiter, values).map_err(limits::unreadable)?.map_err(|fault| unparsed(&fault))?;
    if std::str::from_utf8(&window.rest()[..length]).is_err() {
        return Err(unparsed("It is not encoded in UTF-8"));
    }
    check_end(end, line_ending)?;
    let mut measure = Measure::default();
    for value in values.iter() {
        measure.add(value.bytes(window.rest())).map_err(|fault| unparsed(&fault))?;
    }
    Ok((length, end))
}

fn cell(text: Cow<'_, str>) -> Cell<'_> {
    match &*text {
        "" => Cell::Absent,
        NULL => Cell::Null,
        _ => Cell::Text(text),
    }
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// The header as it was sent, without the end of its line, and where the first record begins.
pub fn header_line(sent: &dyn Store, delimiter: u8) -> io::Result<(Vec<u8>, u64)> {
    let mut window = Window::new(sent, 0);
    Ok(match record(&mut window, delimiter, &mut Vec::new())? {
        Ok((length, end)) => (window.rest()[..length - end.length()].to_vec(), length as u64),
        Err(_) => (Vec::new(), 0),
    })
}

fn unparsed(fault: &str) -> String {
    format!("InvalidBatch : Failed to parse CSV. {fault}")
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
