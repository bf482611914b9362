//! Assignment rules as features write them, and what the org makes of them.

use mock_sfdc_org::rules::assignment::{Assignee, RuleEntry};
use mock_sfdc_org::rules::criteria::{CriteriaItem, FilterOperation};

use crate::failure::Failure;

/// One entry of an assignment rule as a feature writes it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Empty: the entry fits always.
    pub field: String,
    pub operator: String,
    pub value: String,
    /// `User "Dora Day"` or `Queue "Inbound"`.
    pub owner: String,
}

/// An assignment rule as a feature writes it.
#[derive(Debug, Clone)]
pub struct Rule {
    pub name: String,
    pub object: String,
    pub active: bool,
    pub entries: Vec<Entry>,
}

const OPERATORS: &[(&str, FilterOperation)] = &[
    ("equals", FilterOperation::Equals),
    ("not equals", FilterOperation::NotEqual),
    ("less than", FilterOperation::LessThan),
    ("greater than", FilterOperation::GreaterThan),
    ("less or equal", FilterOperation::LessOrEqual),
    ("greater or equal", FilterOperation::GreaterOrEqual),
    ("contains", FilterOperation::Contains),
    ("does not contain", FilterOperation::NotContain),
    ("starts with", FilterOperation::StartsWith),
];

/// The same in the words of Salesforce's metadata.
pub(super) fn entry(written: &Entry) -> Result<RuleEntry, Failure> {
    let item = || -> Result<CriteriaItem, Failure> {
        let operator = OPERATORS.iter().find(|(word, _)| *word == written.operator);
        let (_, operation) = operator.ok_or_else(|| {
            let known = OPERATORS.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
            Failure::mismatch("an operator of an assignment rule", known, &written.operator)
        })?;
        Ok(CriteriaItem {
            field: written.field.clone(),
            operation: *operation,
            value: written.value.clone(),
            value_field: None,
        })
    };
    let criteria_items = if written.field.is_empty() { Vec::new() } else { vec![item()?] };
    let owner = written.owner.split_once(' ').map(|(kind, name)| (kind, name.trim_matches('"')));
    let assigned_to = match owner {
        // Rules name users by username and queues by developer name.
        Some(("User", name)) => Assignee::User(format!(
            "{}@scenario.example",
            name.split(' ').next().unwrap_or(name).to_lowercase()
        )),
        Some(("Queue", name)) => Assignee::Queue(name.replace(' ', "_")),
        _ => return Err(Failure::mismatch("an owner", "User \"…\" or Queue \"…\"", &written.owner)),
    };
    Ok(RuleEntry { criteria_items, assigned_to: Some(assigned_to.into()), ..RuleEntry::default() })
}
