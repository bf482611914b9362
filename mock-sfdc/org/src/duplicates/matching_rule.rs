//! Matching rules, in the words of Salesforce's metadata (`MatchingRule`).

use serde::{Deserialize, Serialize};

use crate::rules::criteria::FilterLogic;

/// When two records of one object mean the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MatchingRule {
    /// `Lead.Same_Email`: the object, and the developer name.
    pub full_name: String,
    pub label: String,
    #[serde(default)]
    pub description: Option<String>,
    /// `1 AND (2 OR 3)` over the items; without it all of them.
    #[serde(default)]
    pub boolean_filter: Option<FilterLogic>,
    pub matching_rule_items: Vec<MatchingRuleItem>,
    #[serde(default)]
    pub rule_status: RuleStatus,
    /// Only records that share one of these keys are compared at all: what Salesforce's own rules do.
    #[serde(skip)]
    pub(super) match_keys: &'static [super::standard::MatchKey],
}

/// One field, and how it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MatchingRuleItem {
    /// A field of the object, or of a parent: `Account.Name`.
    pub field_name: String,
    pub matching_method: MatchingMethod,
    #[serde(default)]
    pub blank_value_behavior: BlankValueBehavior,
}

/// The methods of the set-up page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MatchingMethod {
    Exact,
    FirstName,
    LastName,
    CompanyName,
    Phone,
    City,
    Street,
    Zip,
    Title,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum BlankValueBehavior {
    /// A blank field matches nothing.
    #[default]
    NullNotAllowed,
    /// Two blank fields match each other.
    MatchBlanks,
    /// A blank field is no matter: only in Salesforce's own rules, beside a mail address.
    Ignored,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum RuleStatus {
    #[default]
    Active,
    Activating,
    ActivationFailed,
    Deactivating,
    DeactivationFailed,
    Inactive,
}

impl MatchingRule {
    #[must_use]
    pub fn object(&self) -> &str {
        self.full_name.split_once('.').map_or(self.full_name.as_str(), |(object, _)| object)
    }

    #[must_use]
    pub fn developer_name(&self) -> &str {
        self.full_name.split_once('.').map_or(self.full_name.as_str(), |(_, name)| name)
    }

    /// Whether every item asks for equality, so that no score is involved.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.matching_rule_items.iter().all(|item| item.matching_method == MatchingMethod::Exact)
    }
}
