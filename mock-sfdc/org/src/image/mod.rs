//! An org as pieces of text, and back: what a file keeps across restarts, and what an export is made of.
//!
//! A [`Piece`] is a kind, a key within the kind, and JSON. [`pieces`] gives all of a state; [`delta`] gives those that differ
//! between a state and the one that a commit made of it, in time that depends on the commit alone; [`Loader`] reads them
//! back, in any order. What was sent to jobs of the Bulk APIs comes by itself, for it may be too large for memory: [`sent`]. Records are written by the names of their fields, so a file outlives fields that a later version of the
//! schema adds in between.
//!
//! Not in an image: hooks (they are code), faults and the journal (they belong to the server).

mod file;
mod jobs;
mod loading;
mod object;
mod row;
mod stored;
mod value;
mod writing;

use std::fmt;

pub use self::{
    file::{ImportError, Imported, export, import, is_export},
    jobs::sent,
    loading::Loader,
    writing::{delta, pieces},
};

/// What a piece is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Settings, access, rules, and the counters of log and streams; the key is the part's name.
    Part,
    /// An object that differs from Salesforce's own of that name; the key is the name.
    Object,
    /// What a table counts; the key is the object.
    Counters,
    /// A record, live or in the recycle bin; the key is object and id.
    Row,
    /// An entry of the change log; the key is its number.
    Change,
    /// A mail that was sent; the key is its number.
    Mail,
    /// A channel of events; the key is its name.
    Channel,
    /// An event kept for replay; the key is channel and replay id.
    Event,
    /// A job of a Bulk API; the key is its id.
    Job,
    /// A batch of one; the key is the ids of both.
    Batch,
    /// A part of what was sent to a batch; the key is the batch's, and a number.
    Sent,
    /// What became of some records of a batch; the key is the batch's, and a number.
    Outcomes,
}

impl Kind {
    pub const ALL: &'static [Self] = &[
        Self::Part,
        Self::Object,
        Self::Counters,
        Self::Row,
        Self::Change,
        Self::Mail,
        Self::Channel,
        Self::Event,
        Self::Job,
        Self::Batch,
        Self::Sent,
        Self::Outcomes,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Part => "part",
            Self::Object => "object",
            Self::Counters => "counters",
            Self::Row => "row",
            Self::Change => "change",
            Self::Mail => "mail",
            Self::Channel => "channel",
            Self::Event => "event",
            Self::Job => "job",
            Self::Batch => "batch",
            Self::Sent => "sent",
            Self::Outcomes => "outcomes",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }
}

/// One part of an org that can be stored by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub kind: Kind,
    pub key: String,
    /// `None`: there is no such piece any more.
    pub json: Option<String>,
}

/// A piece that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageError {
    pub kind: &'static str,
    pub key: String,
    pub problem: String,
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}: {}", self.kind, self.key, self.problem)
    }
}

impl std::error::Error for ImageError {}
