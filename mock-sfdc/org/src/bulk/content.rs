//! The records of an upload, as whoever reads its format hands them over. Formats are the faces' affair; here is what they
//! have in common.

use std::{borrow::Cow, fmt, io, sync::Arc};

use serde::{Deserialize, Serialize};

use super::store::Store;
use crate::save::coerce::Raw;

/// The names of a record's values; records with the same names share them.
pub type Names = Arc<[Box<str>]>;

/// One value of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Cell<'a> {
    /// Nothing is said: what was there stays, a default fills it.
    Absent,
    /// `#N/A`, `xsi:nil`, null: whatever was there goes.
    Null,
    Bool(bool),
    #[serde(borrow)]
    Number(Cow<'a, str>),
    #[serde(borrow)]
    Text(Cow<'a, str>),
}

impl Cell<'_> {
    #[must_use]
    pub fn raw(&self) -> Option<Raw<'_>> {
        match self {
            Self::Absent => None,
            Self::Null => Some(Raw::Null),
            Self::Bool(value) => Some(Raw::Bool(*value)),
            Self::Number(text) => Some(Raw::Number(text)),
            Self::Text(text) => Some(Raw::Text(text)),
        }
    }

    /// What stands there as text; nothing for what is absent or null.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Number(text) | Self::Text(text) => text,
            Self::Bool(true) => "true",
            Self::Bool(false) => "false",
            Self::Absent | Self::Null => "",
        }
    }
}

/// An upload, read as often as it is needed. What was sent stays in its [`Store`]; a reader makes records of it when asked, so that a
/// job holds a few of them at a time and no more.
pub trait Content: fmt::Debug + Send + Sync {
    /// How many records there are.
    fn records(&self) -> usize;

    /// Why it cannot be read at all, as a job or a batch says it: `InvalidBatch : …`.
    fn fault(&self) -> Option<&str>;

    /// Whether the names stand once, above all records, be there any or not.
    fn is_table(&self) -> bool;

    /// Each set of names that some of the records have.
    fn names(&self) -> &[Names];

    /// Hands over at most `most` records from the place `at` on, each with its names, and answers the place of the next; 0 is
    /// the first one's.
    fn read(&self, at: u64, most: usize, take: &mut dyn FnMut(&Names, &[Cell<'_>])) -> io::Result<u64>;

    /// As it was sent.
    fn sent(&self) -> &Arc<dyn Store>;
}
