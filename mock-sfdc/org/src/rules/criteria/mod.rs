//! Criteria as assignment rules, auto-response rules, workflow rules and filters share them: items with an operation, joined
//! by AND or by a filter logic, or a formula (`contract/behaviour.md` section 2.5). [`Criteria`] is how metadata writes them,
//! [`CompiledCriteria`] how they are asked.

mod compiled;
mod logic;
mod wanted;

use serde::{Deserialize, Serialize};

pub use self::{compiled::CompiledCriteria, logic::FilterLogic};
use self::{compiled::matches, wanted::Wanted};
use super::RuleMistake;
use crate::{
    schema::{Field, FieldType, Object, Schema},
    state::Edit,
};

/// The operations of Salesforce's metadata (`FilterOperation`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FilterOperation {
    Equals,
    NotEqual,
    LessThan,
    GreaterThan,
    LessOrEqual,
    GreaterOrEqual,
    Contains,
    NotContain,
    StartsWith,
    Includes,
    Excludes,
    Within,
}

impl FilterOperation {
    /// As metadata spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equals => "equals",
            Self::NotEqual => "notEqual",
            Self::LessThan => "lessThan",
            Self::GreaterThan => "greaterThan",
            Self::LessOrEqual => "lessOrEqual",
            Self::GreaterOrEqual => "greaterOrEqual",
            Self::Contains => "contains",
            Self::NotContain => "notContain",
            Self::StartsWith => "startsWith",
            Self::Includes => "includes",
            Self::Excludes => "excludes",
            Self::Within => "within",
        }
    }
}

/// One line of a criteria list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CriteriaItem {
    /// `Lead.Rating`, or `Rating`; `Account.Industry` of a contact's account; `User.Title` of who saves.
    pub field: String,
    pub operation: FilterOperation,
    /// A list separated by commas means any of them; with the negative operations none of them. Empty means blank.
    #[serde(default)]
    pub value: String,
    /// Another field of the record to compare with, instead of a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_field: Option<String>,
}

/// Items with their logic, or a formula; with neither all records are meant.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Criteria {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub criteria_items: Vec<CriteriaItem>,
    /// `1 AND (2 OR 3)`; without it all items must be met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boolean_filter: Option<FilterLogic>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
}

impl Criteria {
    /// Makes them ready to be asked, or says what is wrong with them for records of `object`.
    pub fn compile(&self, schema: &Schema, object: &Object) -> Result<CompiledCriteria, RuleMistake> {
        if self.formula.is_some() && !self.criteria_items.is_empty() {
            return Err(RuleMistake::at("formula", "an entry has criteria items or a formula, not both"));
        }
        if let Some(logic) = &self.boolean_filter {
            let (highest, count) = (logic.highest_item(), self.criteria_items.len());
            if highest > count {
                let problem = format!("names item {highest}, but there are {count}");
                return Err(RuleMistake::at("booleanFilter", problem));
            }
        }
        CompiledCriteria::new(self, schema, object)
    }
}

/// Whether a record meets the items by its own fields alone; without items every record does. For filters that know neither
/// a user nor parents; a field that the object does not have is not met.
#[must_use]
pub fn meets(items: &[CriteriaItem], logic: Option<&FilterLogic>, object: &Object, record: &Edit) -> bool {
    let item = |at: usize| {
        items.get(at).is_some_and(|item| {
            let name = item.own_field(object);
            let Some((position, field)) = object.field(name) else { return false };
            Wanted::parse(field, &item.value)
                .is_ok_and(|wanted| matches(item.operation, record.get(position), &wanted, None))
        })
    };
    match logic {
        None => (0..items.len()).all(item),
        Some(logic) => logic.holds(&item),
    }
}

/// No filter of any kind looks into classic encrypted text.
pub(super) fn comparable(field: &Field) -> Result<(), String> {
    if field.kind == FieldType::EncryptedString {
        return Err(format!("{} is encrypted, and can't be filtered on", field.name));
    }
    Ok(())
}

impl CriteriaItem {
    /// What is wrong with this item for `object`, if anything: a field that the object does not have.
    pub fn check(&self, object: &Object) -> Result<(), String> {
        let name = self.own_field(object);
        match object.field(name) {
            Some((_, field)) => comparable(field),
            None => Err(format!("{} has no field {name}", object.name.as_str())),
        }
    }

    fn own_field(&self, object: &Object) -> &str {
        match self.field.split_once('.') {
            Some((owner, field)) if object.name.is(owner) => field,
            _ => &self.field,
        }
    }
}
