//! Duplicate rules, in the words of Salesforce's metadata (`DuplicateRule`).

use serde::{Deserialize, Serialize};

use crate::rules::criteria::{CriteriaItem, FilterLogic, FilterOperation};

/// One rule: for which records it runs, which matching rules it asks, and what follows when they find something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DuplicateRule {
    /// `Lead.Same_Email`: the object, and the developer name.
    pub full_name: String,
    pub master_label: String,
    #[serde(default)]
    pub description: Option<String>,
    pub is_active: bool,
    pub action_on_insert: DuplicateAction,
    pub action_on_update: DuplicateAction,
    /// What the user is told; without it the sentence that the set-up page proposes.
    #[serde(default)]
    pub alert_text: Option<String>,
    #[serde(default)]
    pub operations_on_insert: Vec<DuplicateOperation>,
    #[serde(default)]
    pub operations_on_update: Vec<DuplicateOperation>,
    #[serde(default)]
    pub duplicate_rule_filter: Option<DuplicateRuleFilter>,
    pub duplicate_rule_match_rules: Vec<DuplicateRuleMatchRule>,
    #[serde(default)]
    pub security_option: SecurityOption,
    /// Rules of one object run in this order.
    #[serde(default = "first")]
    pub sort_order: u32,
}

fn first() -> u32 {
    1
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DuplicateAction {
    Allow,
    Block,
}

/// What else an allowing rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DuplicateOperation {
    /// The user has to say that the save is meant.
    #[serde(alias = "Alert")]
    Alert,
    /// What was saved all the same is kept in a `DuplicateRecordSet`.
    #[serde(alias = "Report")]
    Report,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum SecurityOption {
    #[default]
    EnforceSharingRules,
    BypassSharingRules,
}

/// The records for which a rule runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DuplicateRuleFilter {
    #[serde(default)]
    pub boolean_filter: Option<FilterLogic>,
    #[serde(default)]
    pub duplicate_rule_filter_items: Vec<FilterItem>,
}

/// A line of the filter. Metadata writes the object beside the field, and the lines' order as a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FilterItem {
    pub field: String,
    pub operation: FilterOperation,
    #[serde(default)]
    pub value: String,
    #[serde(default)]
    pub sort_order: u32,
    #[serde(default)]
    pub table: Option<String>,
}

impl DuplicateRuleFilter {
    /// The lines as criteria, in their order.
    #[must_use]
    pub fn criteria(&self) -> Vec<CriteriaItem> {
        let mut items = self.duplicate_rule_filter_items.clone();
        items.sort_by_key(|item| item.sort_order);
        items
            .into_iter()
            .map(|FilterItem { field, operation, value, .. }| CriteriaItem {
                field,
                operation,
                value,
                value_field: None,
            })
            .collect()
    }
}

/// A matching rule that a duplicate rule asks, perhaps one of another object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DuplicateRuleMatchRule {
    #[serde(rename = "matchRuleSObjectType")]
    pub match_rule_sobject_type: String,
    /// The matching rule's developer name.
    pub matching_rule: String,
    #[serde(default)]
    pub object_mapping: Option<ObjectMapping>,
}

/// Which field of the saved record is compared with which of the other object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ObjectMapping {
    pub input_object: String,
    pub output_object: String,
    #[serde(default)]
    pub mapping_fields: Vec<FieldMapping>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FieldMapping {
    pub input_field: String,
    pub output_field: String,
}

/// The sentence of a rule that has none of its own.
const USUAL_ALERT: &str =
    "You're creating a duplicate record. We recommend you use an existing record instead.";

impl DuplicateRule {
    /// The object whose saves it watches.
    #[must_use]
    pub fn object(&self) -> &str {
        self.full_name.split_once('.').map_or(self.full_name.as_str(), |(object, _)| object)
    }

    #[must_use]
    pub fn developer_name(&self) -> &str {
        self.full_name.split_once('.').map_or(self.full_name.as_str(), |(_, name)| name)
    }

    #[must_use]
    pub fn alert(&self) -> &str {
        self.alert_text.as_deref().filter(|text| !text.is_empty()).unwrap_or(USUAL_ALERT)
    }
}
