//! The records of an upload, as whoever reads its format hands them over. Formats are the faces' affair; here is what they
//! have in common.

use std::{borrow::Cow, fmt, sync::Arc};

use crate::save::coerce::Raw;

/// The names of a record's values; records with the same names share them.
pub type Names = Arc<[Box<str>]>;

/// One value of a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// Nothing is said: what was there stays, a default fills it.
    Absent,
    /// `#N/A`, `xsi:nil`, null: whatever was there goes.
    Null,
    Bool(bool),
    Number(Cow<'a, str>),
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

/// An upload, read as often as it is needed. A reader keeps the bytes and makes records of them when asked, so that a job costs
/// what was sent and no more.
pub trait Content: fmt::Debug + Send + Sync {
    /// How many records there are.
    fn records(&self) -> usize;

    /// Why it cannot be read at all, as a job or a batch says it: `InvalidBatch : …`.
    fn fault(&self) -> Option<&str>;

    /// The names that all records share, where the format has them once for all.
    fn header(&self) -> Option<&Names>;

    /// Hands over at most `most` records from the place `at` on, each with its names, and answers the place of the next; 0 is
    /// the first one's.
    fn read(&self, at: usize, most: usize, take: &mut dyn FnMut(&Names, &[Cell<'_>])) -> usize;

    /// As it was sent.
    fn bytes(&self) -> &[u8];
}
