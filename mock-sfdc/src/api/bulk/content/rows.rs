//! Records of a batch of 1.0 that came as JSON or XML: what their reader has understood, a line each, in a spool. The batch is read
//! as a whole, which its limit keeps small, and only once; a job of many batches holds none of them in memory.

use std::{collections::BTreeMap, io, sync::Arc};

use mock_sfdc_org::bulk::{Cell, Content, Names, Store};

use super::{
    limits::{self, Measure},
    window::Window,
};
use crate::spool::{Spool, Spools};

#[derive(Debug)]
pub struct Rows {
    sent: Arc<dyn Store>,
    understood: Spool,
    /// Each set of names that some record has.
    names: Vec<Names>,
    records: usize,
    fault: Option<String>,
}

/// Takes the records of a batch, one after the other.
#[derive(Debug)]
pub struct Writer {
    rows: Spool,
    names: Vec<Names>,
    known: BTreeMap<Vec<String>, usize>,
    records: usize,
}

impl Writer {
    /// Each name with its value. What is too large is a fault.
    pub fn take(&mut self, record: Vec<(String, Cell<'_>)>) -> Result<(), String> {
        let mut measure = Measure::default();
        for (_, cell) in &record {
            measure.add(cell.text().as_bytes())?;
        }
        let (names, cells): (Vec<String>, Vec<Cell<'_>>) = record.into_iter().unzip();
        let which = self.known.get(&names).copied().unwrap_or_else(|| {
            self.names.push(names.iter().map(|name| name.as_str().into()).collect());
            self.known.insert(names, self.names.len() - 1);
            self.names.len() - 1
        });
        let mut line = serde_json::to_vec(&(which, cells)).unwrap_or_default();
        line.push(b'\n');
        self.rows.add(&line).map_err(limits::unreadable)?;
        self.records += 1;
        Ok(())
    }
}

impl Rows {
    /// Reads a batch of this format: `read` hands over its records and says what is wrong with it.
    #[must_use]
    pub fn new(
        sent: Arc<dyn Store>,
        spools: &Arc<Spools>,
        format: &str,
        read: fn(&[u8], &mut Writer) -> Result<(), String>,
    ) -> Self {
        let mut writer =
            Writer { rows: spools.spool(), names: Vec::new(), known: BTreeMap::new(), records: 0 };
        let mut bytes = Vec::new();
        let fault = match sent.read(0, usize::MAX, &mut bytes) {
            Err(error) => Some(limits::unreadable(error)),
            Ok(()) => read(&bytes, &mut writer)
                .err()
                .map(|fault| format!("InvalidBatch : Failed to parse {format}. {fault}")),
        };
        let Writer { rows, names, records, .. } = writer;
        Self { sent, understood: rows, names, records, fault }
    }
}

impl Content for Rows {
    fn records(&self) -> usize {
        self.records
    }

    fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    fn is_table(&self) -> bool {
        false
    }

    fn names(&self) -> &[Names] {
        &self.names
    }

    fn read(&self, at: u64, most: usize, take: &mut dyn FnMut(&Names, &[Cell<'_>])) -> io::Result<u64> {
        let mut window = Window::new(&self.understood, at);
        for _ in 0..most {
            let length = loop {
                let here = window.rest().iter().position(|byte| *byte == b'\n');
                if here.is_some() || window.is_last() {
                    break here;
                }
                window.widen()?;
            };
            let Some(length) = length else { break };
            let (which, cells): (usize, Vec<Cell<'_>>) = serde_json::from_slice(&window.rest()[..length])?;
            let names = self.names.get(which).ok_or(io::ErrorKind::InvalidData)?;
            take(names, &cells);
            window.pass(length + 1);
        }
        Ok(window.at())
    }

    fn sent(&self) -> &Arc<dyn Store> {
        &self.sent
    }
}
