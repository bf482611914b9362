//! What is wrong with a rule before it is used: names that the org does not have.

use super::{matching_rule::MatchingRule, rule::DuplicateRule};
use crate::{
    rules::Rules,
    schema::{Object, Schema},
};

/// The key of the rule that is wrong, and why.
pub type Problem = (String, String);

impl MatchingRule {
    /// Every field that it compares is there, and its logic names only its own items.
    pub fn check(&self, schema: &Schema) -> Result<(), Problem> {
        let object = named(schema, "fullName", self.object())?;
        for (at, item) in self.matching_rule_items.iter().enumerate() {
            let path = format!("matchingRuleItems[{at}].fieldName");
            let (object, field) = match item.field_name.split_once('.') {
                None => (object, item.field_name.as_str()),
                Some((relationship, field)) => (parent(schema, object, relationship, &path)?, field),
            };
            if object.field(field).is_none() {
                return Err((path, format!("{} has no field {field}", object.name)));
            }
        }
        let items = self.matching_rule_items.len();
        if items == 0 {
            return Err(("matchingRuleItems".to_owned(), "a rule compares at least one field".to_owned()));
        }
        match &self.boolean_filter {
            Some(logic) if logic.highest_item() > items => Err((
                "booleanFilter".to_owned(),
                format!("names item {}, but there are {items}", logic.highest_item()),
            )),
            _ => Ok(()),
        }
    }
}

impl DuplicateRule {
    /// Its object, the matching rules that it asks and the fields of its filter are there.
    pub fn check(&self, schema: &Schema, rules: &Rules) -> Result<(), Problem> {
        let object = named(schema, "fullName", self.object())?;
        for (at, asked) in self.duplicate_rule_match_rules.iter().enumerate() {
            let path = format!("duplicateRuleMatchRules[{at}]");
            let target =
                named(schema, &format!("{path}.matchRuleSObjectType"), &asked.match_rule_sobject_type)?;
            if rules.matching_rule(target.name.as_str(), &asked.matching_rule).is_none() {
                let problem = format!("{} has no active matching rule {}", target.name, asked.matching_rule);
                return Err((format!("{path}.matchingRule"), problem));
            }
        }
        let Some(filter) = &self.duplicate_rule_filter else { return Ok(()) };
        for (at, item) in filter.criteria().iter().enumerate() {
            let path = format!("duplicateRuleFilter.duplicateRuleFilterItems[{at}]");
            item.check(object).map_err(|problem| (path, problem))?;
        }
        Ok(())
    }
}

fn named<'a>(schema: &'a Schema, path: &str, name: &str) -> Result<&'a Object, Problem> {
    let found = schema.object(name).map(AsRef::as_ref);
    found.ok_or_else(|| (path.to_owned(), format!("the org has no object {name}")))
}

fn parent<'a>(
    schema: &'a Schema,
    object: &Object,
    relationship: &str,
    path: &str,
) -> Result<&'a Object, Problem> {
    object
        .parent_relationship(relationship)
        .and_then(|(_, field)| schema.object(field.reference_to.first()?.as_str()))
        .map(AsRef::as_ref)
        .ok_or_else(|| (path.to_owned(), format!("{} has no relationship {relationship}", object.name)))
}
