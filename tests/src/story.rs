//! What happened while a scenario ran: the requests on the wire, what changed in the org, what changed in the product.
//!
//! Lines are in the order of the org's time. Within one moment of one step the wire comes first, then the org, then the
//! product, each in its own order.

use std::fmt;

/// Where a line comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    Wire,
    Org,
    Product,
}

impl Source {
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Wire => "wire",
            Self::Org => "org",
            Self::Product => "product",
        }
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Milliseconds since 1970 by the org's clock.
    pub at: i64,
    pub source: Source,
    pub text: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:<7} {}", moment(self.at), self.source.label(), self.text)
    }
}

/// `2026-03-02 09:00:00.000`
#[must_use]
pub fn moment(at: i64) -> String {
    jiff::Timestamp::from_millisecond(at)
        .map_or_else(|_| at.to_string(), |time| time.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string())
}

/// Sorts by the org's time, keeping the recorded order within a moment.
pub fn in_order(lines: &mut [Line]) {
    lines.sort_by_key(|line| line.at);
}
