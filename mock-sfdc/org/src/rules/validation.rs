//! Validation rules: conditions under which a record is not saved (`contract/behaviour.md` section 1, step 5).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    formula::{FormulaError, Purpose, RecordFormula},
    name::Name,
    schema::{Object, Schema},
};

/// Characters of an error message.
const MAX_MESSAGE: usize = 255;

/// A rule in the words of Salesforce's metadata.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ValidationRule {
    pub full_name: String,
    #[serde(default)]
    pub active: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// True where the record is wrong.
    pub error_condition_formula: String,
    /// The field that the message stands beside; without one it stands on top of the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_display_field: Option<String>,
    pub error_message: String,
}

/// A rule bound to its object.
#[derive(Debug, Clone)]
pub struct BoundValidationRule {
    pub rule: ValidationRule,
    pub formula: RecordFormula,
    pub display_field: Option<Name>,
}

/// Why a rule cannot be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValidationRuleError {
    Formula(FormulaError),
    NoDisplayField(String),
    MessageTooLong(usize),
}

impl fmt::Display for ValidationRuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Formula(error) => error.fmt(f),
            Self::NoDisplayField(field) => write!(f, "Field {field} does not exist. Check spelling."),
            Self::MessageTooLong(length) => {
                write!(
                    f,
                    "Error Message: data value too large: {length} characters (max length={MAX_MESSAGE})"
                )
            }
        }
    }
}

impl std::error::Error for ValidationRuleError {}

impl ValidationRuleError {
    /// The key of the rule that is wrong.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Formula(_) => "errorConditionFormula",
            Self::NoDisplayField(_) => "errorDisplayField",
            Self::MessageTooLong(_) => "errorMessage",
        }
    }
}

impl ValidationRule {
    /// Compiles the formula and finds the field.
    pub fn bind(self, schema: &Schema, object: &Object) -> Result<BoundValidationRule, ValidationRuleError> {
        let length = self.error_message.chars().count();
        if length > MAX_MESSAGE {
            return Err(ValidationRuleError::MessageTooLong(length));
        }
        let text = &self.error_condition_formula;
        let formula = RecordFormula::compile(schema, object, text, Purpose::ValidationRule)
            .map_err(ValidationRuleError::Formula)?;
        let display_field = match &self.error_display_field {
            None => None,
            Some(name) => match object.field(name) {
                Some((_, field)) => Some(field.name.clone()),
                None => return Err(ValidationRuleError::NoDisplayField(name.clone())),
            },
        };
        Ok(BoundValidationRule { rule: self, formula, display_field })
    }
}
