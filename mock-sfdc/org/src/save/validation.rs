//! Step 5: validation rules, after Salesforce's own checks. All rules that are broken are told, in the order in which they
//! were set.

use std::sync::Arc;

use super::Save;
use crate::{error::Error, formula::Subject};

pub(super) fn check(save: &mut Save<'_>) {
    if save.options.unvalidated || super::person_switch::is_one(save) {
        return;
    }
    if save.tx.state().rules().validation_rules(save.object.index).is_empty() {
        return;
    }
    let rules = Arc::clone(save.tx.state().rules().validation_rules(save.object.index));
    let subject = Subject {
        state: save.tx.state(),
        object: &save.object,
        record: (&save.edit).into(),
        before: save.before.as_ref(),
        user: save.tx.user(),
        now: save.tx.now(),
    };
    let mut errors = Vec::new();
    for rule in rules.iter().filter(|rule| rule.rule.active) {
        match rule.formula.try_evaluate(&subject) {
            Ok(broken) if broken.is_true() => {
                let field = rule.display_field.as_ref().map(super::super::name::Name::as_str);
                errors.push(Error::custom_validation(&rule.rule.error_message, field));
            }
            Ok(_) => {}
            Err(error) => {
                errors.push(Error::validation_formula_invalid(&rule.rule.full_name, &error.to_string()));
            }
        }
    }
    save.errors.extend(errors);
}
