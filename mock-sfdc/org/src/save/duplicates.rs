//! Step 6: duplicate rules. A rule that blocks ends the save; one that alerts ends it too, unless the request says that it
//! knows (`allowSave`); one that only reports keeps what it found in a `DuplicateRecordSet`.

use std::{collections::BTreeSet, sync::Arc};

use super::{DmlOptions, Draft, Save, SaveKind};
use crate::{
    duplicates::{
        self, DuplicateAction, DuplicateOperation, DuplicateResult, DuplicateRule, MatchResult,
        SecurityOption,
    },
    error::Error,
    id::Id,
    rules::criteria::meets,
    state::{Record, State},
    value::Value,
};

pub(super) fn check(save: &mut Save<'_>) {
    for rule in active(save) {
        let (action, operations) = said(save, &rule);
        let allow_save = action == DuplicateAction::Allow;
        let alerts = operations.contains(&DuplicateOperation::Alert);
        let refuses = !allow_save || alerts && !save.options.duplicates.allow_save;
        if !refuses || !concerns(save, &rule) {
            continue;
        }
        let matches = found(save, &rule);
        if !matches.is_empty() {
            let error = refusal(save, &rule, allow_save, matches);
            save.errors.push(error);
            return;
        }
    }
}

/// What rules found that report and let pass: the sets name the record, so it has to be stored by then.
pub(super) fn report(save: &mut Save<'_>) {
    for rule in active(save) {
        if !said(save, &rule).1.contains(&DuplicateOperation::Report) || !concerns(save, &rule) {
            continue;
        }
        let matches = found(save, &rule);
        if !matches.is_empty() {
            save.store();
            keep(save, &rule, &matches);
        }
    }
}

/// The rules that this save has to ask; in most orgs none.
fn active(save: &Save<'_>) -> Vec<Arc<DuplicateRule>> {
    let rules = save.tx.state().rules();
    if save.options.seeding || !rules.has_duplicate_rules() {
        return Vec::new();
    }
    rules.duplicate_rules(&save.object).cloned().collect()
}

/// What a rule finds: where it enforces sharing, or the request asks for that, among what the user sees.
fn found(save: &Save<'_>, rule: &DuplicateRule) -> Vec<MatchResult> {
    let state = save.tx.state();
    let as_user = rule.security_option == SecurityOption::EnforceSharingRules
        || save.options.duplicates.run_as_current_user;
    let viewer = (as_user && save.tx.is_enforcing()).then(|| state.viewer(save.tx.user()));
    duplicates::find(state, rule, &save.object, &save.edit, viewer.as_deref())
}

/// What a rule does with saves of this kind.
fn said<'a>(save: &Save<'_>, rule: &'a DuplicateRule) -> (DuplicateAction, &'a [DuplicateOperation]) {
    match save.kind {
        SaveKind::Insert => (rule.action_on_insert, &rule.operations_on_insert),
        SaveKind::Update => (rule.action_on_update, &rule.operations_on_update),
    }
}

/// Whether the rule's filter takes the record, and an update changed a field that is compared.
fn concerns(save: &Save<'_>, rule: &DuplicateRule) -> bool {
    let filtered = rule.duplicate_rule_filter.as_ref().is_none_or(|filter| {
        meets(&filter.criteria(), filter.boolean_filter.as_ref(), &save.object, &save.edit)
    });
    filtered && (save.kind == SaveKind::Insert || compares_a_change(save, rule))
}

fn compares_a_change(save: &Save<'_>, rule: &DuplicateRule) -> bool {
    let rules = save.tx.state().rules();
    rule.duplicate_rule_match_rules.iter().any(|asked| {
        let matching = rules.matching_rule(&asked.match_rule_sobject_type, &asked.matching_rule);
        // Another object's fields have other names; what is not known to be unchanged may have changed.
        let other = !save.object.name.is(&asked.match_rule_sobject_type);
        matching.is_some_and(|matching| {
            other
                || matching.matching_rule_items.iter().any(|item| match item.field_name.split_once('.') {
                    None => save.is_changed(&item.field_name),
                    Some((relationship, _)) => save
                        .object
                        .parent_relationship(relationship)
                        .is_some_and(|(_, field)| save.is_changed(field.name.as_str())),
                })
        })
    })
}

fn refusal(save: &Save<'_>, rule: &DuplicateRule, allow_save: bool, found: Vec<MatchResult>) -> Error {
    Error::duplicates_detected(DuplicateResult {
        allow_save,
        duplicate_rule: rule.developer_name().to_owned(),
        entity_type: save.object.name.as_str().to_owned(),
        error_message: rule.alert().to_owned(),
        match_results: found,
        include_record_details: save.options.duplicates.include_record_details,
    })
}

const BY_THE_SYSTEM: DmlOptions = DmlOptions::seeding();

/// Adds the record and its duplicates to the set that has one of them already, or to a new one.
fn keep(save: &mut Save<'_>, rule: &DuplicateRule, found: &[MatchResult]) {
    let mut records = vec![save.edit.id()];
    records.extend(found.iter().flat_map(|result| result.records.iter().map(|record| record.id)));
    let state = save.tx.state();
    let Some(rule) = rule_row(state, rule) else { return };
    let known = records.iter().flat_map(|record| sets_of(state, *record)).find(|set| {
        value_of(state, "DuplicateRecordSet", *set, "DuplicateRuleId") == Some(Value::from(rule))
    });
    let set = known.or_else(|| make(save, "DuplicateRecordSet", &[("DuplicateRuleId", rule)]));
    let Some(set) = set else { return };
    let mut seen = BTreeSet::new();
    for record in records.into_iter().filter(|record| seen.insert(*record)) {
        if !sets_of(save.tx.state(), record).contains(&set) {
            make(save, "DuplicateRecordItem", &[("DuplicateRecordSetId", set), ("RecordId", record)]);
        }
    }
}

/// The row that clients see of a rule.
fn rule_row(state: &State, rule: &DuplicateRule) -> Option<Id> {
    let rows = state.schema().object("DuplicateRule")?;
    let (name, _) = rows.field("DeveloperName")?;
    let (object, _) = rows.field("SobjectType")?;
    let here = |row: &&crate::state::Shared| row.get(object).as_text() == Some(rule.object());
    state.matching(rows, name, &rule.developer_name().into()).find(here).map(Record::id)
}

fn sets_of(state: &State, record: Id) -> Vec<Id> {
    let Some(items) = state.schema().object("DuplicateRecordItem") else { return Vec::new() };
    let (Some((record_at, _)), Some((set_at, _))) =
        (items.field("RecordId"), items.field("DuplicateRecordSetId"))
    else {
        return Vec::new();
    };
    state
        .lookup(items, record_at, &record.into())
        .iter()
        .filter_map(|item| item.get(set_at).as_id())
        .collect()
}

fn value_of(state: &State, object: &str, id: Id, field: &str) -> Option<Value> {
    let object = state.schema().object(object)?;
    let row = state.table(object.index).get(id)?;
    Some(row.get(object.field(field)?.0).clone())
}

fn make(save: &mut Save<'_>, object: &str, values: &[(&str, Id)]) -> Option<Id> {
    let object = Arc::clone(save.tx.state().schema().object(object)?);
    let mut draft = Draft::default();
    for (field, id) in values {
        draft.put(object.field(field)?.0, (*id).into());
    }
    match crate::verbs::create(save.tx, &object, draft, &BY_THE_SYSTEM) {
        Ok(id) => Some(id),
        Err(errors) => {
            save.errors.extend(errors);
            None
        }
    }
}
