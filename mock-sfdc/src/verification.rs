//! Whether the requests that came are those that were expected: how often, in which order, and nothing else.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::{journal::Entry, which::Which};

/// One expectation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Expectation {
    // Spelled out instead of flattened: serde cannot refuse unknown keys of a flattened struct.
    pub operation: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// Without a number: at least once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<usize>,
}

impl Expectation {
    #[must_use]
    pub fn which(&self) -> Which {
        Which {
            operation: self.operation.clone(),
            object: self.object.clone(),
            contains: self.contains.clone(),
        }
    }
}

impl From<Which> for Expectation {
    fn from(which: Which) -> Self {
        Self { operation: which.operation, object: which.object, contains: which.contains, times: None }
    }
}

/// All expectations of a test.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Expectations {
    pub expect: Vec<Expectation>,
    /// The first request of each expectation comes behind the first of the one before.
    pub in_order: bool,
    /// A request that no expectation names is one too many.
    pub nothing_else: bool,
    /// Only requests behind this number count.
    pub since: u64,
}

impl Expectations {
    /// Whether all names exist.
    pub fn check(&self) -> Result<(), String> {
        self.expect.iter().try_for_each(|expectation| expectation.which().check())
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.expect.is_empty() && !self.nothing_else
    }

    /// Everything that is not as expected, a sentence each.
    #[must_use]
    pub fn unmet(&self, entries: &[Entry]) -> Vec<String> {
        let entries: Vec<&Entry> = entries.iter().filter(|entry| entry.seq > self.since).collect();
        let mut unmet: Vec<String> =
            self.expect.iter().filter_map(|expectation| miscounted(expectation, &entries)).collect();
        if self.in_order {
            unmet.extend(self.out_of_order(&entries));
        }
        if self.nothing_else {
            let which: Vec<Which> = self.expect.iter().map(Expectation::which).collect();
            // A subrequest comes with the request that it is part of.
            let whole = entries.iter().filter(|entry| entry.within.is_none());
            let others = whole.filter(|entry| !which.iter().any(|which| which.is_met_by(entry)));
            unmet
                .extend(others.map(|entry| {
                    format!("nothing else was expected, but there was {}", entry.line().trim())
                }));
        }
        unmet
    }

    fn out_of_order(&self, entries: &[&Entry]) -> Option<String> {
        let mut behind = 0;
        for (at, expectation) in self.expect.iter().enumerate() {
            let which = expectation.which();
            let first = entries.iter().find(|entry| entry.seq > behind && which.is_met_by(entry));
            match (first, at) {
                (Some(entry), _) => behind = entry.seq,
                // That it never came at all is said already.
                (None, 0) => return None,
                (None, _) => {
                    let before = self.expect[at - 1].which();
                    return Some(format!("{which} was expected behind {before}, but did not come behind it"));
                }
            }
        }
        None
    }
}

fn miscounted(expectation: &Expectation, entries: &[&Entry]) -> Option<String> {
    let which = expectation.which();
    let found = entries.iter().filter(|entry| which.is_met_by(entry)).count();
    match expectation.times {
        Some(times) if times != found => {
            Some(format!("{which} was expected {}, but came {}", count(times), count(found)))
        }
        None if found == 0 => Some(format!("{which} was expected, but never came")),
        _ => None,
    }
}

fn count(times: usize) -> String {
    match times {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        times => format!("{times} times"),
    }
}

/// What a person reads when a test fails: what is wrong, and the requests that did arrive.
#[must_use]
pub fn story(wrong: &[String], entries: &[Entry], forgotten: u64) -> String {
    let mut story = String::from("mock-sfdc:\n");
    for sentence in wrong {
        let _ = writeln!(story, "  - {sentence}");
    }
    if entries.is_empty() {
        story.push_str("No request arrived.\n");
    } else {
        story.push_str("These requests arrived:\n");
        for entry in entries {
            let _ = writeln!(story, "{}", entry.line());
        }
    }
    if forgotten > 0 {
        let _ = writeln!(
            story,
            "({forgotten} earlier ones are forgotten: the journal keeps {}.)",
            crate::journal::MOST_ENTRIES
        );
    }
    story
}
