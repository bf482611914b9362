//! Matching and duplicate rules: Salesforce's own, and those of the fixture.

use super::{Planting, format::Fixture};
use crate::{
    duplicates::{DuplicateRule, MatchingRule, Problem, standard_duplicate_rules, standard_matching_rules},
    save::coerce::Raw,
    schema::PackageError,
};

pub fn plant(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    for rule in standard_matching_rules() {
        add_matching_rule(planting, rule)?;
    }
    let active = &fixture.standard_duplicate_rules;
    let known = standard_duplicate_rules(false);
    if let Some(unknown) = active.iter().find(|name| known.iter().all(|rule| rule.object() != name.as_str()))
    {
        let problem = format!("{unknown} has no standard duplicate rule; Account, Contact and Lead have");
        return Err(planting.source.mistake("standardDuplicateRules", problem));
    }
    for mut rule in known {
        rule.is_active = active.iter().any(|name| name == rule.object());
        add_duplicate_rule(planting, rule)?;
    }
    configure(planting, fixture)
}

/// The fixture's own.
pub fn configure(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    for (at, rule) in fixture.matching_rules.iter().enumerate() {
        let path = format!("matchingRules[{at}]");
        rule.check(planting.tx.state().schema()).map_err(|problem| mistake(planting, &path, &problem))?;
        add_matching_rule(planting, rule.clone())?;
    }
    for (at, rule) in fixture.duplicate_rules.iter().enumerate() {
        let path = format!("duplicateRules[{at}]");
        let state = planting.tx.state();
        rule.check(state.schema(), state.rules()).map_err(|problem| mistake(planting, &path, &problem))?;
        add_duplicate_rule(planting, rule.clone())?;
    }
    Ok(())
}

fn mistake(planting: &Planting<'_>, path: &str, (key, problem): &Problem) -> PackageError {
    planting.source.mistake(&format!("{path}.{key}"), problem.clone())
}

/// The rule, and the row that clients can query.
fn add_matching_rule(planting: &mut Planting<'_>, rule: MatchingRule) -> Result<(), PackageError> {
    if planting.tx.state().schema().object("MatchingRule").is_some() {
        planting.set_up(
            "MatchingRule",
            &[
                ("DeveloperName", Raw::Text(rule.developer_name())),
                ("MasterLabel", Raw::Text(&rule.label)),
                ("SobjectType", Raw::Text(rule.object())),
                ("RuleStatus", Raw::Text("Active")),
            ],
        )?;
    }
    planting.tx.rules_mut().set_matching_rule(rule);
    Ok(())
}

fn add_duplicate_rule(planting: &mut Planting<'_>, rule: DuplicateRule) -> Result<(), PackageError> {
    if planting.tx.state().schema().object("DuplicateRule").is_some() {
        planting.set_up(
            "DuplicateRule",
            &[
                ("DeveloperName", Raw::Text(rule.developer_name())),
                ("MasterLabel", Raw::Text(&rule.master_label)),
                ("SobjectType", Raw::Text(rule.object())),
                ("IsActive", Raw::Bool(rule.is_active)),
            ],
        )?;
    }
    planting.tx.rules_mut().set_duplicate_rule(rule);
    Ok(())
}
