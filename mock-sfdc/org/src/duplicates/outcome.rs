//! What a duplicate rule has found, before any face has given it bytes.

use crate::id::Id;

/// Everything that one rule found for one record.
#[derive(Debug, Clone, PartialEq)]
pub struct DuplicateResult {
    /// Whether the same request may save all the same with `allowSave`.
    pub allow_save: bool,
    pub duplicate_rule: String,
    pub entity_type: String,
    pub error_message: String,
    pub match_results: Vec<MatchResult>,
    /// Whether the caller asked for the records' fields.
    pub include_record_details: bool,
}

impl Eq for DuplicateResult {}

/// What one matching rule found.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchResult {
    pub entity_type: String,
    pub engine: MatchEngine,
    pub rule: String,
    pub records: Vec<MatchRecord>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct MatchRecord {
    pub id: Id,
    /// 0 to 100.
    pub confidence: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchEngine {
    Exact,
    Fuzzy,
}

impl MatchEngine {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "ExactMatchEngine",
            Self::Fuzzy => "FuzzyMatchEngine",
        }
    }
}
