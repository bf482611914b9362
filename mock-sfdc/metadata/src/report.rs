//! What became of a project: how much of each kind the org has now, and every single thing that it has not, with its reason.

use std::{collections::BTreeMap, fmt};

/// A part of a project that the org does not have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotTaken {
    pub file: String,
    /// From 1; 0 for a whole file.
    pub line: usize,
    /// As people call it: `field Lead.Region__c`.
    pub what: String,
    pub why: String,
}

impl NotTaken {
    #[must_use]
    pub fn new(file: &str, line: usize, what: &str, why: &str) -> Self {
        Self { file: file.to_owned(), line, what: what.to_owned(), why: why.to_owned() }
    }
}

impl NotTaken {
    /// What and why, for where the file is known.
    #[must_use]
    pub fn said(&self) -> String {
        format!("{}: {}", self.what, self.why)
    }
}

impl fmt::Display for NotTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}: {}", self.file, self.what, self.why),
            line => write!(f, "{}:{line}: {}: {}", self.file, self.what, self.why),
        }
    }
}

/// What was taken over and what was not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// By kind: `custom fields`, `queues`.
    pub taken: BTreeMap<String, usize>,
    pub not_taken: Vec<NotTaken>,
}

impl Report {
    pub(crate) fn took(&mut self, kind: &str, how_many: usize) {
        if how_many > 0 {
            *self.taken.entry(kind.to_owned()).or_default() += how_many;
        }
    }

    /// Joins what another folder, or another moment, has brought.
    pub fn add(&mut self, other: Self) {
        for (kind, how_many) in other.taken {
            self.took(&kind, how_many);
        }
        self.not_taken.extend(other.not_taken);
    }
}

/// Reasons that many files share are told once.
const FEW: usize = 3;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let taken: Vec<String> = self.taken.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        if taken.is_empty() {
            writeln!(f, "taken over: nothing")?;
        } else {
            writeln!(f, "taken over: {}", taken.join(", "))?;
        }
        let mut by_reason: BTreeMap<&str, Vec<&NotTaken>> = BTreeMap::new();
        for one in &self.not_taken {
            by_reason.entry(&one.why).or_default().push(one);
        }
        for (why, ones) in by_reason {
            if ones.len() <= FEW {
                for one in ones {
                    writeln!(f, "not taken over: {one}")?;
                }
            } else {
                let first: Vec<&str> = ones.iter().take(FEW).map(|one| one.what.as_str()).collect();
                let more = ones.len() - FEW;
                writeln!(f, "not taken over: {} and {more} more: {why}", first.join(", "))?;
            }
        }
        Ok(())
    }
}
