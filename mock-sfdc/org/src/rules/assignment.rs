//! Assignment rules: entries in order, the first whose criteria a record meets decides (`contract/behaviour.md` section 2.2).

use serde::{Deserialize, Serialize};

use super::criteria::{CriteriaItem, FilterLogic, meets};
use crate::{schema::Object, state::Edit};

/// The entries of one rule, in the words of Salesforce's metadata.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssignmentRule {
    pub rule_entry: Vec<RuleEntry>,
}

/// One entry. Without criteria it catches all; without an assignee it means "do not reassign the owner".
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleEntry {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria_items: Vec<CriteriaItem>,
    /// `1 AND (2 OR 3)`; without it all items must be met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boolean_filter: Option<FilterLogic>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<Assignee>,
}

/// Who gets the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Assignee {
    /// By username.
    User(String),
    /// By the queue's developer name.
    Queue(String),
}

/// What a rule says of a record.
#[derive(Debug, PartialEq, Eq)]
pub enum Decision<'a> {
    Assign(&'a Assignee),
    KeepOwner,
    NoEntry,
}

impl AssignmentRule {
    #[must_use]
    pub fn decide(&self, object: &Object, record: &Edit) -> Decision<'_> {
        let met =
            |entry: &&RuleEntry| meets(&entry.criteria_items, entry.boolean_filter.as_ref(), object, record);
        match self.rule_entry.iter().find(met) {
            Some(RuleEntry { assigned_to: Some(assignee), .. }) => Decision::Assign(assignee),
            Some(_) => Decision::KeepOwner,
            None => Decision::NoEntry,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_reads_as_metadata_writes_it() {
        let rule: AssignmentRule = serde_json::from_value(serde_json::json!({
            "ruleEntry": [{
                "booleanFilter": "(1 OR 2) AND 3",
                "criteriaItems": [
                    {"field": "Lead.PostalCode", "operation": "startsWith", "value": "20,69"},
                    {"field": "Lead.Rating", "operation": "equals", "value": "Hot"},
                    {"field": "Lead.Company", "operation": "notEqual"}
                ],
                "assignedTo": {"Queue": "Inbound"}
            }]
        }))
        .unwrap();
        assert_eq!(rule.rule_entry[0].assigned_to, Some(Assignee::Queue("Inbound".to_owned())));
        let wrong = serde_json::json!({"ruleEntry": [{"critera": []}]});
        assert!(serde_json::from_value::<AssignmentRule>(wrong).unwrap_err().to_string().contains("critera"));
    }
}
