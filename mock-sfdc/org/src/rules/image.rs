//! All rules in a form that can be written down. What is compiled is compiled again when it is read.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    Rules,
    assignment::AssignmentRule,
    auto_response::AutoResponseRule,
    lead_conversion::LeadConversion,
    record_types::{RecordTypes, RecordTypesImage},
    validation::ValidationRule,
    workflow::Workflow,
};
use crate::{
    duplicates::{DuplicateRule, MatchingRule},
    id::Id,
    name::Name,
    save::history::HistoryTracking,
    schema::{ObjectIx, Schema},
    state::State,
};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RulesImage {
    /// By record, with their objects.
    assignment: Vec<(Id, Name, AssignmentRule)>,
    auto_response: Vec<(Name, AutoResponseRule)>,
    workflow: Vec<(Name, Workflow)>,
    duplicate: Vec<DuplicateRule>,
    matching: Vec<MatchingRule>,
    lead_conversion: LeadConversion,
    /// With their objects.
    validation: Vec<(Name, ValidationRule)>,
    record_types: RecordTypesImage,
    history: BTreeMap<String, BTreeSet<String>>,
}

impl RulesImage {
    pub(crate) fn of(state: &State) -> Self {
        let (rules, schema) = (state.rules(), state.schema());
        let Rules {
            assignment,
            auto_response,
            workflow,
            duplicate,
            matching,
            lead_conversion,
            validation,
            no_validation: _,
            record_types,
            history,
        } = rules;
        let name = |object: ObjectIx| Some(schema.by_index(object)?.name.clone());
        let named = validation.iter().filter_map(|(object, rules)| {
            let name = name(*object)?;
            Some(rules.iter().map(move |bound| (name.clone(), bound.rule.clone())))
        });
        Self {
            assignment: assignment
                .iter()
                .filter_map(|(id, rule)| Some((*id, object_of(state, *id)?, rule.rule().clone())))
                .collect(),
            auto_response: auto_response
                .iter()
                .filter_map(|(object, rule)| Some((name(*object)?, rule.rule().clone())))
                .collect(),
            workflow: workflow
                .iter()
                .filter_map(|(object, workflow)| Some((name(*object)?, workflow.source.clone())))
                .collect(),
            duplicate: duplicate.values().map(|rule| DuplicateRule::clone(rule)).collect(),
            matching: matching.values().map(|rule| MatchingRule::clone(rule)).collect(),
            lead_conversion: LeadConversion::clone(lead_conversion),
            validation: named.flatten().collect(),
            record_types: RecordTypesImage::from(record_types),
            history: history.image(),
        }
    }

    pub(crate) fn into_rules(self, schema: &Schema, pod: [u8; 2]) -> Result<Rules, String> {
        let mut rules = Rules::default();
        let object_named =
            |name: &Name| schema.object(name.as_str()).ok_or_else(|| format!("there is no object {name}"));
        for (id, object, rule) in self.assignment {
            let compiled = rule.compile(schema, object_named(&object)?);
            rules.put_assignment_rule(id, compiled.map_err(|error| error.to_string())?);
        }
        for (object, rule) in self.auto_response {
            let object = object_named(&object)?;
            let compiled = rule.compile(schema, object).map_err(|error| error.to_string())?;
            rules.put_auto_response_rule(object.index, compiled);
        }
        for (object, workflow) in self.workflow {
            let object = object_named(&object)?;
            let compiled = workflow.compile(schema, object, pod).map_err(|error| error.to_string())?;
            rules.put_workflow(object.index, compiled);
        }
        self.duplicate.into_iter().for_each(|rule| rules.set_duplicate_rule(rule));
        self.matching.into_iter().for_each(|rule| rules.set_matching_rule(rule.restored()));
        rules.set_lead_conversion(self.lead_conversion);
        for (object, rule) in self.validation {
            let name = rule.full_name.clone();
            let object = object_named(&object)?;
            rules
                .set_validation_rule(schema, object, rule)
                .map_err(|error| format!("{}.{name}: {error}", object.name))?;
        }
        *rules.record_types_mut() = RecordTypes::from(self.record_types);
        *rules.history_mut() = HistoryTracking::of_image(self.history);
        Ok(rules)
    }
}

/// The object that an assignment rule is for: its record says.
fn object_of(state: &State, rule: Id) -> Option<Name> {
    let (rows, record) = state.find(rule)?;
    let name = record.get(rows.field("SobjectType")?.0).as_text()?;
    Some(state.schema().object(name)?.name.clone())
}
