//! Assignment rules: entries in order, the first whose criteria a record meets decides (`contract/behaviour.md` section 2.2).

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::{
    RuleMistake,
    criteria::{CompiledCriteria, Criteria, CriteriaItem, FilterLogic},
    subject::Subject,
};
use crate::{
    id::Id,
    schema::{Object, Schema},
};

/// The entries of one rule, in the words of Salesforce's metadata.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssignmentRule {
    #[serde(default)]
    pub rule_entry: Vec<RuleEntry>,
}

/// One entry. Without criteria it catches all; without an assignee it means "do not reassign the owner".
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RuleEntry {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub criteria_items: Vec<CriteriaItem>,
    /// `1 AND (2 OR 3)`; without it all items must be met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boolean_filter: Option<FilterLogic>,
    /// Instead of items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<AssignedTo>,
    /// What `assignedTo` names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_to_type: Option<AssigneeType>,
    /// The e-mail template by which the new owner is told: `Folder/Template`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub notify_cc_recipients: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub override_existing_teams: bool,
    /// Predefined case teams.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub team: Vec<String>,
}

/// An assignee as metadata writes it, with its kind beside it; or both in one, as fixtures may write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AssignedTo {
    Name(String),
    Assignee(Assignee),
}

impl From<Assignee> for AssignedTo {
    fn from(assignee: Assignee) -> Self {
        Self::Assignee(assignee)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AssigneeType {
    User,
    Queue,
}

/// Who gets the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Assignee {
    /// By username.
    User(String),
    /// By the queue's developer name.
    Queue(String),
}

impl RuleEntry {
    /// Who gets the record, if anybody.
    pub fn assignee(&self) -> Result<Option<Assignee>, RuleMistake> {
        match (&self.assigned_to, self.assigned_to_type) {
            (None, None) => Ok(None),
            (Some(AssignedTo::Assignee(assignee)), None) => Ok(Some(assignee.clone())),
            (Some(AssignedTo::Name(name)), Some(AssigneeType::User)) => {
                Ok(Some(Assignee::User(name.clone())))
            }
            (Some(AssignedTo::Name(name)), Some(AssigneeType::Queue)) => {
                Ok(Some(Assignee::Queue(name.clone())))
            }
            _ => Err(RuleMistake::at("assignedToType", "assignedTo and assignedToType go together")),
        }
    }

    fn compile(&self, schema: &Schema, object: &Object) -> Result<CompiledEntry, RuleMistake> {
        let missing = [
            ("notifyCcRecipients", self.notify_cc_recipients),
            ("overrideExistingTeams", self.override_existing_teams),
            ("team", !self.team.is_empty()),
        ];
        if let Some((key, _)) = missing.iter().find(|(_, used)| *used) {
            return Err(RuleMistake::at(key, format!("{key} of an assignment rule is not emulated")));
        }
        let criteria = Criteria {
            criteria_items: self.criteria_items.clone(),
            boolean_filter: self.boolean_filter.clone(),
            formula: self.formula.clone(),
        };
        Ok(CompiledEntry {
            criteria: criteria.compile(schema, object)?,
            assignee: self.assignee()?,
            template: self.template.clone(),
            guess: OnceLock::new(),
        })
    }
}

/// A rule ready to be asked.
#[derive(Debug, Clone, Default)]
pub struct CompiledAssignmentRule {
    rule: AssignmentRule,
    entries: Vec<CompiledEntry>,
}

#[derive(Debug, Clone)]
pub(crate) struct CompiledEntry {
    pub(crate) criteria: CompiledCriteria,
    pub(crate) assignee: Option<Assignee>,
    pub(crate) template: Option<String>,
    /// Whom the assignee's name was found to be first: a guess, to be looked at before it is believed.
    pub(crate) guess: OnceLock<Id>,
}

impl AssignmentRule {
    /// Makes it ready to be asked, or says what is wrong with it for records of `object`.
    pub fn compile(self, schema: &Schema, object: &Object) -> Result<CompiledAssignmentRule, RuleMistake> {
        let entries = self.rule_entry.iter().enumerate();
        let entries = entries
            .map(|(at, entry)| {
                entry.compile(schema, object).map_err(|mistake| mistake.within(&format!("ruleEntry[{at}]")))
            })
            .collect::<Result<_, _>>()?;
        Ok(CompiledAssignmentRule { rule: self, entries })
    }
}

impl CompiledAssignmentRule {
    /// As metadata has it.
    #[must_use]
    pub fn rule(&self) -> &AssignmentRule {
        &self.rule
    }

    /// The place of the first entry that a record meets.
    #[must_use]
    pub fn decide(&self, subject: &Subject<'_>) -> Option<usize> {
        self.entries.iter().position(|entry| entry.criteria.met(subject))
    }

    pub(crate) fn entries(&self) -> &[CompiledEntry] {
        &self.entries
    }

    pub(crate) fn rename_users(&mut self, renamed: &impl Fn(&str) -> String) {
        for entry in &mut self.entries {
            if let Some(Assignee::User(name)) = &mut entry.assignee {
                *name = renamed(name);
            }
        }
        for entry in &mut self.rule.rule_entry {
            match (&mut entry.assigned_to, entry.assigned_to_type) {
                (Some(AssignedTo::Assignee(Assignee::User(name))), _)
                | (Some(AssignedTo::Name(name)), Some(AssigneeType::User)) => *name = renamed(name),
                _ => {}
            }
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
                "assignedTo": "Inbound", "assignedToType": "Queue", "template": "Sales/New_Lead"
            }, {"assignedTo": {"User": "ada@acme.example"}}]
        }))
        .unwrap();
        let assignees = rule.rule_entry.iter().map(|entry| entry.assignee().unwrap().unwrap());
        assert_eq!(
            assignees.collect::<Vec<_>>(),
            [Assignee::Queue("Inbound".to_owned()), Assignee::User("ada@acme.example".to_owned())]
        );
        let wrong = serde_json::json!({"ruleEntry": [{"critera": []}]});
        assert!(serde_json::from_value::<AssignmentRule>(wrong).unwrap_err().to_string().contains("critera"));
        let half: RuleEntry = serde_json::from_value(serde_json::json!({"assignedTo": "Inbound"})).unwrap();
        assert!(half.assignee().is_err());
    }
}
