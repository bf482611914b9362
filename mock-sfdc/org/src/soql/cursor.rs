//! Paging: where a result is cut, and where it goes on. The locator's text, its owner and its expiry are the face's.

use super::rows::{ResultSet, Row};

/// The smallest and largest batch that `Sforce-Query-Options` can ask for, and what holds without it.
pub const MIN_BATCH: usize = 200;
pub const MAX_BATCH: usize = 2000;

/// A result with the size of its pages.
#[derive(Clone, Debug)]
pub struct Cursor {
    result: ResultSet,
    batch: usize,
}

/// One page.
#[derive(Debug)]
pub struct Page<'a> {
    cursor: &'a Cursor,
    from: usize,
    to: usize,
}

impl Cursor {
    /// `batch` is a wish, brought within Salesforce's bounds.
    #[must_use]
    pub fn new(result: ResultSet, batch: usize) -> Self {
        Self { result, batch: batch.clamp(MIN_BATCH, MAX_BATCH) }
    }

    #[must_use]
    pub fn result(&self) -> &ResultSet {
        &self.result
    }

    /// The page that begins with row `from`; `None` when there is no such row and it is not the first page.
    #[must_use]
    pub fn page(&self, from: usize) -> Option<Page<'_>> {
        if from > 0 && from >= self.result.len() {
            return None;
        }
        let to = from.saturating_add(self.batch).min(self.result.len());
        Some(Page { cursor: self, from, to })
    }
}

impl<'a> Page<'a> {
    /// Whether nothing follows.
    #[must_use]
    pub fn done(&self) -> bool {
        self.to >= self.cursor.result.len()
    }

    /// The first row of the next page: what stands behind the `-` of a locator.
    #[must_use]
    pub fn next(&self) -> Option<usize> {
        (!self.done()).then_some(self.to)
    }

    #[must_use]
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'a>> + use<'a> {
        self.cursor.result.page(self.from, self.to)
    }
}
