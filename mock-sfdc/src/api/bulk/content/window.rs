//! A view of an upload that moves over it: readers of records see a piece at a time, as large as the record that they look at
//! needs.

use std::io;

use mock_sfdc_org::bulk::Store;

/// What is brought into view at once, at least.
const VIEW: usize = 64 * 1024;

#[derive(Debug)]
pub struct Window<'a> {
    store: &'a dyn Store,
    size: u64,
    /// Where `bytes` begin.
    place: u64,
    bytes: Vec<u8>,
    /// How many of them have been passed.
    from: usize,
}

impl<'a> Window<'a> {
    /// Stands there and sees nothing yet.
    #[must_use]
    pub fn new(store: &'a dyn Store, at: u64) -> Self {
        Self { store, size: store.size(), place: at, bytes: Vec::new(), from: 0 }
    }

    /// Where it stands.
    #[must_use]
    pub fn at(&self) -> u64 {
        self.place + self.from as u64
    }

    /// What is in view.
    #[must_use]
    pub fn rest(&self) -> &[u8] {
        &self.bytes[self.from..]
    }

    /// Whether nothing comes behind what is in view.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.place + self.bytes.len() as u64 >= self.size
    }

    pub fn pass(&mut self, bytes: usize) {
        self.from += bytes;
    }

    /// Brings more into view: twice as much as was there, so that a long record is not begun too often.
    pub fn widen(&mut self) -> io::Result<()> {
        self.place = self.at();
        self.bytes.drain(..std::mem::take(&mut self.from));
        let more = self.bytes.len().max(VIEW);
        self.bytes.reserve_exact(more);
        self.store.read(self.place + self.bytes.len() as u64, more, &mut self.bytes)
    }

    /// Passes whatever `passes`; whether anything else is left, which then is in view.
    pub fn skip(&mut self, passes: impl Fn(u8) -> bool) -> io::Result<bool> {
        loop {
            let here = self.rest().iter().position(|byte| !passes(*byte));
            self.pass(here.unwrap_or(self.rest().len()));
            if here.is_some() || self.is_last() {
                return Ok(here.is_some());
            }
            self.widen()?;
        }
    }
}

/// Whether there is nothing in an upload but what separates texts.
pub fn is_blank(store: &dyn Store) -> io::Result<bool> {
    Ok(!Window::new(store, 0).skip(|byte| byte.is_ascii_whitespace())?)
}
