//! Rules: they stand in the org in metadata's own words.

use mock_sfdc_org::{rules::assignment::Assignee, state::State};
use serde_json::{Map, Value, json};

use super::{get, members, text};
use crate::types::{MetadataType, own_name, owner_of};

/// The full names of a type's components.
pub fn names(state: &State, kind: &MetadataType) -> Vec<String> {
    let parts = all(state, kind.name);
    if kind.parent.is_some() || !is_a_list(kind.name) {
        return parts.into_iter().map(|(name, _)| name).collect();
    }
    // A whole file is named after its object.
    let mut objects: Vec<String> = kind
        .children()
        .flat_map(|child| all(state, child.name))
        .map(|(name, _)| owner_of(&name).to_owned())
        .collect();
    objects.sort();
    objects.dedup();
    objects
}

fn is_a_list(kind: &str) -> bool {
    matches!(kind, "Workflow" | "AssignmentRules" | "AutoResponseRules" | "MatchingRules")
}

pub fn definition(state: &State, kind: &MetadataType, full_name: &str) -> Option<Map<String, Value>> {
    let same = |name: &str| name.eq_ignore_ascii_case(full_name);
    if kind.parent.is_some() || !is_a_list(kind.name) {
        return all(state, kind.name).into_iter().find(|(name, _)| same(name)).map(|(_, said)| said);
    }
    let mut said = Map::new();
    for child in kind.children() {
        let Some((_, tag)) = child.parent else { continue };
        let listed: Vec<Value> = all(state, child.name)
            .into_iter()
            .filter(|(name, _)| same(owner_of(name)))
            .map(|(name, mut said)| {
                said.insert("fullName".to_owned(), json!(own_name(&name)));
                Value::Object(said)
            })
            .collect();
        super::put(&mut said, tag, listed);
    }
    (!said.is_empty()).then_some(said)
}

type Told = Vec<(String, Map<String, Value>)>;

/// Everything of a type that the org has, by full name.
fn all(state: &State, kind: &str) -> Told {
    match kind {
        "ValidationRule" => validation_rules(state),
        "RecordType" => record_types(state),
        "AssignmentRule" => assignment_rules(state),
        "AutoResponseRule" => auto_response_rules(state),
        "MatchingRule" => {
            let rules = state.rules().all_matching_rules();
            rules.map(|rule| (rule.full_name.clone(), told(rule.as_ref()))).collect()
        }
        "DuplicateRule" => {
            let rules = state.rules().all_duplicate_rules();
            rules.map(|rule| (rule.full_name.clone(), told(rule.as_ref()))).collect()
        }
        "LeadConvertSettings" => {
            vec![("LeadConvertSettings".to_owned(), told(&state.rules().lead_conversion().settings))]
        }
        _ => workflow(state, kind),
    }
}

fn told(said: &impl serde::Serialize) -> Map<String, Value> {
    members(serde_json::to_value(said).unwrap_or_default())
}

fn validation_rules(state: &State) -> Told {
    let mut found = Vec::new();
    for object in state.schema().objects() {
        for bound in state.rules().validation_rules(object.index).iter() {
            found.push((format!("{}.{}", object.name, bound.rule.full_name), told(&bound.rule)));
        }
    }
    found
}

fn record_types(state: &State) -> Told {
    let types = state.rules().record_types();
    let of = |object: &std::sync::Arc<mock_sfdc_org::schema::Object>| {
        types.of(object).map(|(_, one)| (one.full_name.clone(), told(one))).collect::<Vec<_>>()
    };
    state.schema().objects().flat_map(of).collect()
}

fn workflow(state: &State, kind: &str) -> Told {
    let mut found = Vec::new();
    let Some((_, tag)) = MetadataType::find(kind).and_then(|kind| kind.parent) else { return found };
    for object in state.schema().objects() {
        let Some(source) = state.rules().workflow_source(object.index) else { continue };
        let mut all = told(source);
        let Some(Value::Array(list)) = all.remove(tag) else { continue };
        for one in list {
            let name = one["fullName"].as_str().unwrap_or_default();
            found.push((format!("{}.{name}", object.name), members(one)));
        }
    }
    found
}

fn assignment_rules(state: &State) -> Told {
    let Some(rows) = state.schema().object("AssignmentRule") else { return Vec::new() };
    let mut found = Vec::new();
    for row in state.table(rows.index).rows() {
        let Some(rule) = state.rules().assignment_rule(row.id()) else { continue };
        let (Some(object), Some(name)) = (text(rows, row, "SobjectType"), text(rows, row, "Name")) else {
            continue;
        };
        let mut said = told(rule.rule());
        for (entry, source) in said
            .get_mut("ruleEntry")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
            .zip(&rule.rule().rule_entry)
        {
            // A fixture may write kind and name in one.
            if let Ok(Some(assignee)) = source.assignee() {
                let (kind, name) = match assignee {
                    Assignee::User(name) => ("User", name),
                    Assignee::Queue(name) => ("Queue", name),
                };
                entry["assignedTo"] = json!(name);
                entry["assignedToType"] = json!(kind);
            }
        }
        said.insert("active".to_owned(), json!(get(rows, row, "Active").as_bool().unwrap_or(false)));
        found.push((format!("{object}.{name}"), said));
    }
    found
}

fn auto_response_rules(state: &State) -> Told {
    let of = |object: &std::sync::Arc<mock_sfdc_org::schema::Object>| {
        let rule = state.rules().auto_response_rule(object.index)?.rule();
        Some((format!("{}.{}", object.name, rule.full_name), told(rule)))
    };
    state.schema().objects().filter_map(of).collect()
}
