//! Auto-response rules for leads and cases: the first entry that a new record meets answers it by mail
//! (`contract/behaviour.md` sections 1 and 2.3).

use serde::{Deserialize, Serialize};

use super::{
    RuleMistake,
    criteria::{CompiledCriteria, Criteria, CriteriaItem, FilterLogic},
    subject::Subject,
};
use crate::schema::{Object, Schema};

/// One rule, in the words of Salesforce's metadata. Only the active one of an object ever runs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AutoResponseRule {
    pub full_name: String,
    pub active: bool,
    pub rule_entry: Vec<AutoResponseEntry>,
}

/// One entry; without criteria it answers all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AutoResponseEntry {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub criteria_items: Vec<CriteriaItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boolean_filter: Option<FilterLogic>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to_email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender_email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender_name: Option<String>,
    /// `Folder/Template`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// A rule ready to be asked.
#[derive(Debug, Clone, Default)]
pub struct CompiledAutoResponseRule {
    rule: AutoResponseRule,
    criteria: Vec<CompiledCriteria>,
}

impl AutoResponseRule {
    /// Makes it ready to be asked, or says what is wrong with it for records of `object`.
    pub fn compile(self, schema: &Schema, object: &Object) -> Result<CompiledAutoResponseRule, RuleMistake> {
        if !object.name.is("Lead") && !object.name.is("Case") {
            return Err(RuleMistake::at("", "auto-response rules are for leads and cases"));
        }
        let entries = self.rule_entry.iter().enumerate();
        let criteria = entries
            .map(|(at, entry)| {
                let criteria = Criteria {
                    criteria_items: entry.criteria_items.clone(),
                    boolean_filter: entry.boolean_filter.clone(),
                    formula: entry.formula.clone(),
                };
                criteria
                    .compile(schema, object)
                    .map_err(|mistake| mistake.within(&format!("ruleEntry[{at}]")))
            })
            .collect::<Result<_, _>>()?;
        Ok(CompiledAutoResponseRule { rule: self, criteria })
    }
}

impl CompiledAutoResponseRule {
    /// As metadata has it.
    #[must_use]
    pub fn rule(&self) -> &AutoResponseRule {
        &self.rule
    }

    /// The place of the first entry that a record meets.
    #[must_use]
    pub fn decide(&self, subject: &Subject<'_>) -> Option<usize> {
        self.criteria.iter().position(|criteria| criteria.met(subject))
    }

    pub(crate) fn criteria(&self) -> &[CompiledCriteria] {
        &self.criteria
    }
}
