//! What an administrator configures to happen on a save, a file a kind of rule. All kinds stand in [`Rules`], in the words of
//! Salesforce's metadata and ready to be asked; `Transaction::set_…` puts them there and says what is wrong with them.

pub mod assignment;
pub mod auto_response;
pub mod criteria;
pub(crate) mod field_path;
mod image;
pub mod lead_conversion;
pub mod record_types;
pub mod subject;
pub mod validation;
pub mod workflow;

use std::{fmt, sync::Arc};

use imbl::OrdMap;

pub(crate) use self::image::RulesImage;
use self::{
    assignment::CompiledAssignmentRule,
    auto_response::CompiledAutoResponseRule,
    lead_conversion::LeadConversion,
    record_types::RecordTypes,
    validation::{BoundValidationRule, ValidationRule, ValidationRuleError},
    workflow::compiled::{CompiledWorkflow, Message},
};
use crate::{
    duplicates::{DuplicateRule, MatchingRule, RuleStatus},
    id::Id,
    save::history::HistoryTracking,
    schema::{Object, ObjectIx, Schema},
    state::State,
};

/// All configured rules of an org. An assignment rule belongs to a record that clients can query (`AssignmentRule`); its
/// entries, which no API shows, stand here.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    assignment: OrdMap<Id, Arc<CompiledAssignmentRule>>,
    /// The active rule of each object that has one.
    auto_response: OrdMap<ObjectIx, Arc<CompiledAutoResponseRule>>,
    workflow: OrdMap<ObjectIx, Arc<CompiledWorkflow>>,
    /// By object and sort order, then by name.
    duplicate: OrdMap<(String, u32, String), Arc<DuplicateRule>>,
    /// By full name, in lower case.
    matching: OrdMap<String, Arc<MatchingRule>>,
    lead_conversion: Arc<LeadConversion>,
    /// By object, in the order in which they were set.
    validation: OrdMap<ObjectIx, Arc<Vec<BoundValidationRule>>>,
    no_validation: Arc<Vec<BoundValidationRule>>,
    record_types: RecordTypes,
    history: HistoryTracking,
}

/// What is wrong with a rule, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleMistake {
    /// `ruleEntry[2].criteriaItems[0].field`
    pub path: String,
    pub problem: String,
}

impl RuleMistake {
    #[must_use]
    pub fn at(path: &str, problem: impl Into<String>) -> Self {
        Self { path: path.to_owned(), problem: problem.into() }
    }

    /// The same mistake, seen from outside.
    #[must_use]
    pub fn within(self, outer: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        Self { path: format!("{outer}{dot}{}", self.path), ..self }
    }
}

impl fmt::Display for RuleMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.problem)
    }
}

impl std::error::Error for RuleMistake {}

impl Rules {
    #[must_use]
    pub fn record_types(&self) -> &RecordTypes {
        &self.record_types
    }

    /// For what profiles say of record types; types themselves come through [`record_types::install`].
    pub fn record_types_mut(&mut self) -> &mut RecordTypes {
        &mut self.record_types
    }

    /// Which fields keep a history.
    #[must_use]
    pub fn history(&self) -> &HistoryTracking {
        &self.history
    }

    pub fn history_mut(&mut self) -> &mut HistoryTracking {
        &mut self.history
    }

    pub(crate) fn put_assignment_rule(&mut self, id: Id, rule: CompiledAssignmentRule) {
        self.assignment.insert(id, Arc::new(rule));
    }

    pub(crate) fn put_auto_response_rule(&mut self, object: ObjectIx, rule: CompiledAutoResponseRule) {
        self.auto_response.insert(object, Arc::new(rule));
    }

    pub(crate) fn put_workflow(&mut self, object: ObjectIx, workflow: CompiledWorkflow) {
        self.workflow.insert(object, Arc::new(workflow));
    }

    /// The workflow of an object, if it has any.
    #[must_use]
    pub(crate) fn workflow(&self, object: ObjectIx) -> Option<&Arc<CompiledWorkflow>> {
        if self.workflow.is_empty() { None } else { self.workflow.get(&object) }
    }

    /// The workflow of an object as it was set.
    #[must_use]
    pub fn workflow_source(&self, object: ObjectIx) -> Option<&workflow::Workflow> {
        self.workflow.get(&object).map(|workflow| &workflow.source)
    }

    /// The workflow rules of an object, each with its id.
    pub fn workflow_rules(&self, object: ObjectIx) -> impl Iterator<Item = (Id, &workflow::WorkflowRule)> {
        let workflow = self.workflow.get(&object).into_iter();
        workflow.flat_map(|workflow| {
            let ids = workflow.rules.iter().map(|rule| rule.id);
            ids.zip(&workflow.source.rules)
        })
    }

    /// An outbound message by its action id.
    #[must_use]
    pub fn outbound_message(&self, id: Id) -> Option<&Message> {
        self.workflow.values().flat_map(|workflow| &workflow.messages).find(|message| message.id == id)
    }

    /// All outbound messages.
    pub fn outbound_messages(&self) -> impl Iterator<Item = &Message> {
        self.workflow.values().flat_map(|workflow| &workflow.messages)
    }

    /// Follows users to other usernames: entries name their assignees.
    pub fn rename_users(&mut self, renamed: impl Fn(&str) -> String) {
        let ids = self.assignment.keys().copied().collect::<Vec<_>>();
        for id in ids {
            if let Some(rule) = self.assignment.get_mut(&id) {
                Arc::make_mut(rule).rename_users(&renamed);
            }
        }
        let objects = self.workflow.keys().copied().collect::<Vec<_>>();
        for object in objects {
            if let Some(workflow) = self.workflow.get_mut(&object) {
                Arc::make_mut(workflow).rename_users(&renamed);
            }
        }
    }

    #[must_use]
    pub fn lead_conversion(&self) -> &LeadConversion {
        &self.lead_conversion
    }

    pub fn set_lead_conversion(&mut self, conversion: LeadConversion) {
        self.lead_conversion = Arc::new(conversion);
    }

    #[must_use]
    pub fn assignment_rule(&self, id: Id) -> Option<&Arc<CompiledAssignmentRule>> {
        self.assignment.get(&id)
    }

    /// Adds a validation rule to an object, or replaces the one of its name.
    pub fn set_validation_rule(
        &mut self,
        schema: &Schema,
        object: &Object,
        rule: ValidationRule,
    ) -> Result<(), ValidationRuleError> {
        let bound = rule.bind(schema, object)?;
        let rules = Arc::make_mut(self.validation.entry(object.index).or_default());
        match rules.iter_mut().find(|known| known.rule.full_name.eq_ignore_ascii_case(&bound.rule.full_name))
        {
            Some(known) => *known = bound,
            None => rules.push(bound),
        }
        Ok(())
    }

    /// Takes a validation rule away; `false`: there is none of this name.
    pub fn remove_validation_rule(&mut self, object: ObjectIx, name: &str) -> bool {
        let Some(rules) = self.validation.get_mut(&object) else { return false };
        let before = rules.len();
        Arc::make_mut(rules).retain(|known| !known.rule.full_name.eq_ignore_ascii_case(name));
        rules.len() < before
    }

    /// Takes the active auto-response rule of an object away.
    pub fn remove_auto_response_rule(&mut self, object: ObjectIx) {
        self.auto_response.remove(&object);
    }

    /// Takes a duplicate rule away.
    pub fn remove_duplicate_rule(&mut self, full_name: &str) {
        let key = self.duplicate.keys().find(|(_, _, name)| name.eq_ignore_ascii_case(full_name)).cloned();
        if let Some(key) = key {
            self.duplicate.remove(&key);
        }
    }

    /// Takes a matching rule away.
    pub fn remove_matching_rule(&mut self, full_name: &str) {
        self.matching.remove(&full_name.to_lowercase());
    }

    /// Takes the entries of an assignment rule away, whose record goes.
    pub fn remove_assignment_rule(&mut self, id: Id) {
        self.assignment.remove(&id);
    }

    /// Takes away what is said of an object that goes.
    pub(crate) fn forget_object(&mut self, object: &Object) {
        self.auto_response.remove(&object.index);
        self.workflow.remove(&object.index);
        self.validation.remove(&object.index);
        self.record_types.forget(object);
        self.history.forget(object.name.as_str());
    }

    /// The validation rules of an object, active or not.
    #[must_use]
    pub fn validation_rules(&self, object: ObjectIx) -> &Arc<Vec<BoundValidationRule>> {
        self.validation.get(&object).unwrap_or(&self.no_validation)
    }

    /// The active rule for an object: its record says which that is.
    #[must_use]
    pub fn active_assignment_rule(
        &self,
        state: &State,
        object: &Object,
    ) -> Option<(Id, &Arc<CompiledAssignmentRule>)> {
        self.assignment.iter().find_map(|(id, rule)| {
            let (rows, row) = state.find(*id)?;
            let of = |field: &str| rows.field(field).map(|(position, _)| row.get(position));
            let is_active = of("Active")?.is_true();
            let here = is_active && of("SobjectType")?.as_text().is_some_and(|name| object.name.is(name));
            here.then_some((*id, rule))
        })
    }

    #[must_use]
    pub fn auto_response_rule(&self, object: ObjectIx) -> Option<&Arc<CompiledAutoResponseRule>> {
        self.auto_response.get(&object)
    }

    /// Adds a duplicate rule, or replaces the one of its name.
    pub fn set_duplicate_rule(&mut self, rule: DuplicateRule) {
        let name = rule.full_name.to_lowercase();
        let known = self.duplicate.keys().find(|(_, _, known)| *known == name).cloned();
        if let Some(known) = known {
            self.duplicate.remove(&known);
        }
        self.duplicate.insert((rule.object().to_lowercase(), rule.sort_order, name), Arc::new(rule));
    }

    /// Adds a matching rule, or replaces the one of its name.
    pub fn set_matching_rule(&mut self, rule: MatchingRule) {
        self.matching.insert(rule.full_name.to_lowercase(), Arc::new(rule));
    }

    /// Whether any duplicate rule is active: without one a save has nothing to look for.
    #[must_use]
    pub fn has_duplicate_rules(&self) -> bool {
        self.duplicate.values().any(|rule| rule.is_active)
    }

    /// The active duplicate rules of an object, in their order.
    pub fn duplicate_rules(&self, object: &Object) -> impl Iterator<Item = &Arc<DuplicateRule>> {
        self.duplicate.values().filter(|rule| rule.is_active && object.name.is(rule.object()))
    }

    /// All duplicate rules, active or not.
    pub fn all_duplicate_rules(&self) -> impl Iterator<Item = &Arc<DuplicateRule>> {
        self.duplicate.values()
    }

    /// All matching rules, active or not.
    pub fn all_matching_rules(&self) -> impl Iterator<Item = &Arc<MatchingRule>> {
        self.matching.values()
    }

    /// An active matching rule by its object and developer name.
    #[must_use]
    pub fn matching_rule(&self, object: &str, developer_name: &str) -> Option<&MatchingRule> {
        let rule = self.matching.get(&format!("{object}.{developer_name}").to_lowercase())?;
        (rule.rule_status == RuleStatus::Active).then_some(rule)
    }
}
