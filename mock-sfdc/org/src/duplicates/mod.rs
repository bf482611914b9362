//! Duplicate management: matching rules say which records mean the same person or company, duplicate rules say what happens
//! when a save brings another one (`contract/behaviour.md` section 7). The stage of the save is `save/duplicates.rs`.
//!
//! Exact comparisons are exact. The fuzzy ones follow the algorithms, thresholds and weights that Salesforce documents; its own
//! implementation of them is not public, so scores near a threshold may fall to the other side (`docs/FIDELITY.md`).

mod check;
mod compare;
mod matching_rule;
mod name_variants;
mod outcome;
mod rule;
mod search;
mod similarity;
mod standard;
mod subject;

pub use self::{
    check::Problem,
    matching_rule::{BlankValueBehavior, MatchingMethod, MatchingRule, MatchingRuleItem, RuleStatus},
    outcome::{DuplicateResult, MatchEngine, MatchRecord, MatchResult},
    rule::{
        DuplicateAction, DuplicateOperation, DuplicateRule, DuplicateRuleFilter, DuplicateRuleMatchRule,
        FieldMapping, FilterItem, ObjectMapping, SecurityOption,
    },
    search::find,
    standard::{standard_duplicate_rules, standard_matching_rules},
};

/// How a request wants duplicates treated: `Sforce-Duplicate-Rule-Header`, and SOAP's header of the same three members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DuplicateRuleHeader {
    /// Saves in spite of a rule that only alerts.
    pub allow_save: bool,
    /// Found records are told with their fields, not only their ids.
    pub include_record_details: bool,
    /// Rules that enforce sharing look with the eyes of the user, not with those of the system.
    pub run_as_current_user: bool,
}
