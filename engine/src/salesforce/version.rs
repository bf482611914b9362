//! The API version that every data path carries.

use std::fmt;
use std::str::FromStr;

/// `v66.0` and its like. Salesforce answers versions below 31 with 410 since Summer '25 (contract/rest.md section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApiVersion(u16);

impl ApiVersion {
    /// Spring '26.
    pub const DEFAULT: Self = Self(66);
    /// The oldest version that Salesforce still answers.
    pub const OLDEST: Self = Self(31);

    /// The whole number: 66 for v66.0.
    #[must_use]
    pub fn number(self) -> u16 {
        self.0
    }
}

impl Default for ApiVersion {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.0", self.0)
    }
}

impl FromStr for ApiVersion {
    type Err = VersionError;

    /// Reads `66`, `66.0` and `v66.0`. Old versions parse, because a diagnosis has to name them.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix('v').unwrap_or(text);
        let digits = digits.strip_suffix(".0").unwrap_or(digits);
        digits.parse().map(Self).map_err(|_| VersionError(text.to_owned()))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no API version: write it as v66.0")]
pub struct VersionError(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_in_every_spelling_and_written_in_one() {
        for text in ["66", "66.0", "v66.0"] {
            assert_eq!(text.parse(), Ok(ApiVersion::DEFAULT), "{text}");
        }
        assert_eq!(ApiVersion::DEFAULT.to_string(), "66.0");
        assert!("21.0".parse::<ApiVersion>().unwrap() < ApiVersion::OLDEST);
        for text in ["", "v", "66.5", "vv66.0", "-1", "latest"] {
            assert!(text.parse::<ApiVersion>().is_err(), "{text}");
        }
    }
}
