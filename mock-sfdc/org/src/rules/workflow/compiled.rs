//! Workflow rules ready to be asked: actions are found by name, fields by position.

use super::{
    FieldUpdateOperation as Operation, LookupValueType, TaskAssigneeType, Workflow, WorkflowActionReference,
    WorkflowActionType, WorkflowAlert, WorkflowFieldUpdate, WorkflowOutboundMessage, WorkflowTask,
    WorkflowTimeUnit, WorkflowTriggerType,
};
use crate::{
    formula::{Purpose, RecordFormula},
    id::Id,
    rules::{
        RuleMistake,
        criteria::{CompiledCriteria, Criteria},
        field_path::FieldPath,
    },
    save::coerce::{Raw, coerce},
    schema::{Field, FieldType, Object, Schema},
    value::Value,
};

/// The workflow of one object.
#[derive(Debug, Clone)]
pub struct CompiledWorkflow {
    pub(crate) source: Workflow,
    pub(crate) rules: Vec<CompiledRule>,
    pub(crate) updates: Vec<Update>,
    pub(crate) tasks: Vec<Option<FieldPath>>,
    pub(crate) messages: Vec<Message>,
}

#[derive(Debug, Clone)]
pub(crate) struct CompiledRule {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) active: bool,
    pub(crate) trigger: WorkflowTriggerType,
    pub(crate) criteria: CompiledCriteria,
    pub(crate) actions: Vec<Action>,
    pub(crate) timed: Vec<Timed>,
}

/// An action by its place among those of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Update(usize),
    Task(usize),
    Alert(usize),
    Message(usize),
}

#[derive(Debug, Clone)]
pub(crate) struct Timed {
    pub(crate) from: Option<FieldPath>,
    pub(crate) millis: i64,
    pub(crate) actions: Vec<Action>,
}

#[derive(Debug, Clone)]
pub(crate) struct Update {
    pub(crate) name: String,
    /// The record's own field, or a parent's.
    pub(crate) field: FieldPath,
    pub(crate) value: NewValue,
    pub(crate) reevaluate: bool,
    pub(crate) notify: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum NewValue {
    Constant(Value),
    Formula(RecordFormula),
    /// So many places down the picklist.
    Step {
        values: Vec<String>,
        by: isize,
    },
    Named(LookupValueType, String),
}

/// An outbound message, as whoever delivers it needs it.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its action id, `04k…`.
    pub id: Id,
    pub definition: WorkflowOutboundMessage,
    /// `Id` first, then by name.
    pub fields: Vec<usize>,
}

/// Salesforce's key prefix of outbound message actions.
const OUTBOUND_MESSAGE: [u8; 3] = *b"04k";

/// Salesforce's key prefix of rules.
const RULE: [u8; 3] = *b"01Q";

impl Workflow {
    /// Makes it ready to be asked, or says what is wrong with it. Ids are those that metadata knows rules and messages by, so what
    /// waits for one finds it again, whatever is set beside it.
    pub(crate) fn compile(
        self,
        schema: &Schema,
        object: &Object,
        pod: [u8; 2],
    ) -> Result<CompiledWorkflow, RuleMistake> {
        let id = |prefix, kind: &str, name: &str| {
            Id::of_component(prefix, pod, kind, &format!("{}.{name}", object.name))
        };
        let updates =
            each("fieldUpdates", &self.field_updates, |update| self::update(update, schema, object))?;
        let tasks = each("tasks", &self.tasks, |task| self::task(task, schema, object))?;
        each("alerts", &self.alerts, |alert| self::alert(alert, schema, object))?;
        let messages = each("outboundMessages", &self.outbound_messages, |message| {
            self::message(
                message,
                object,
                id(OUTBOUND_MESSAGE, "WorkflowOutboundMessage", &message.full_name),
            )
        })?;
        let rules = each("rules", &self.rules, |rule| {
            let criteria = Criteria {
                criteria_items: rule.criteria_items.clone(),
                boolean_filter: rule.boolean_filter.clone(),
                formula: rule.formula.clone(),
            };
            let on_all = rule.trigger_type == WorkflowTriggerType::OnAllChanges;
            if on_all && !rule.workflow_time_triggers.is_empty() {
                let problem = "a rule that is asked on all changes has no time triggers";
                return Err(RuleMistake::at("workflowTimeTriggers", problem));
            }
            let timed = each("workflowTimeTriggers", &rule.workflow_time_triggers, |timed| {
                let from = timed.offset_from_field.as_deref();
                let from = from.filter(|from| !from.eq_ignore_ascii_case("Rule Trigger Date"));
                let from = from.map(|from| FieldPath::resolve(schema, object, from)).transpose();
                let hour = 3_600_000;
                let unit = match timed.workflow_time_trigger_unit {
                    WorkflowTimeUnit::Hours => hour,
                    WorkflowTimeUnit::Days => 24 * hour,
                };
                Ok(Timed {
                    from: from
                        .map_err(|problem| RuleMistake::at("offsetFromField", problem))?
                        .map(|(at, _)| at),
                    millis: timed.time_length.saturating_mul(unit),
                    actions: self.find(&timed.actions)?,
                })
            })?;
            Ok(CompiledRule {
                id: id(RULE, "WorkflowRule", &rule.full_name),
                name: rule.full_name.clone(),
                active: rule.active,
                trigger: rule.trigger_type,
                criteria: criteria.compile(schema, object)?,
                actions: self.find(&rule.actions)?,
                timed,
            })
        })?;
        Ok(CompiledWorkflow { rules, updates, tasks, messages, source: self })
    }

    fn find(&self, references: &[WorkflowActionReference]) -> Result<Vec<Action>, RuleMistake> {
        each("actions", references, |reference| {
            let name = &reference.name;
            let found = match reference.kind {
                WorkflowActionType::FieldUpdate => {
                    self.field_updates.iter().position(|one| one.full_name == *name).map(Action::Update)
                }
                WorkflowActionType::Task => {
                    self.tasks.iter().position(|one| one.full_name == *name).map(Action::Task)
                }
                WorkflowActionType::Alert => {
                    self.alerts.iter().position(|one| one.full_name == *name).map(Action::Alert)
                }
                WorkflowActionType::OutboundMessage => {
                    self.outbound_messages.iter().position(|one| one.full_name == *name).map(Action::Message)
                }
                kind => {
                    let problem = format!("workflow actions of type {kind:?} are not emulated");
                    return Err(RuleMistake::at("type", problem));
                }
            };
            found.ok_or_else(|| {
                RuleMistake::at("name", format!("there is no {:?} {name:?} here", reference.kind))
            })
        })
    }
}

fn each<T, R>(
    key: &str,
    list: &[T],
    mut one: impl FnMut(&T) -> Result<R, RuleMistake>,
) -> Result<Vec<R>, RuleMistake> {
    let place = |at: usize| format!("{key}[{at}]");
    list.iter()
        .enumerate()
        .map(|(at, item)| one(item).map_err(|mistake| mistake.within(&place(at))))
        .collect()
}

fn update(update: &WorkflowFieldUpdate, schema: &Schema, object: &Object) -> Result<Update, RuleMistake> {
    let name = match &update.target_object {
        None => update.field.clone(),
        Some(target) if object.name.is(target) => update.field.clone(),
        Some(target) => {
            let relationship = target.strip_suffix("Id").unwrap_or(target);
            format!("{relationship}.{}", update.field)
        }
    };
    let (path, field) =
        FieldPath::resolve(schema, object, &name).map_err(|problem| RuleMistake::at("field", problem))?;
    if !matches!(path, FieldPath::Own(_) | FieldPath::Parent { .. }) || field.calculated || field.auto_number
    {
        return Err(RuleMistake::at("field", format!("a field update can't set {name}")));
    }
    Ok(Update {
        name: update.full_name.clone(),
        field: path,
        value: new_value(update, schema, object, field)?,
        reevaluate: update.reevaluate_on_change,
        notify: update.notify_assignee,
    })
}

fn new_value(
    update: &WorkflowFieldUpdate,
    schema: &Schema,
    object: &Object,
    field: &Field,
) -> Result<NewValue, RuleMistake> {
    let wanted =
        |key: &str| RuleMistake::at(key, format!("the operation {:?} wants {key}", update.operation));
    let values = || {
        let active = field.picklist_values.iter().filter(|value| value.active);
        active.map(|value| value.value.clone()).collect::<Vec<_>>()
    };
    match update.operation {
        Operation::Null => Ok(NewValue::Constant(Value::Null)),
        Operation::Literal => {
            let text = update.literal_value.as_deref().ok_or_else(|| wanted("literalValue"))?;
            let value = coerce(field, Raw::Text(text));
            let problem =
                |_| RuleMistake::at("literalValue", format!("{text:?} does not fit {}", update.field));
            value.map(NewValue::Constant).map_err(problem)
        }
        Operation::Formula => {
            let text = update.formula.as_deref().ok_or_else(|| wanted("formula"))?;
            let formula = RecordFormula::compile(schema, object, text, Purpose::FieldUpdate(field.kind));
            formula.map(NewValue::Formula).map_err(|error| RuleMistake::at("formula", error.to_string()))
        }
        Operation::NextValue => Ok(NewValue::Step { values: values(), by: 1 }),
        Operation::PreviousValue => Ok(NewValue::Step { values: values(), by: -1 }),
        Operation::LookupValue => {
            let name = update.lookup_value.clone().ok_or_else(|| wanted("lookupValue"))?;
            let kind = update.lookup_value_type.ok_or_else(|| wanted("lookupValueType"))?;
            Ok(NewValue::Named(kind, name))
        }
    }
}

/// Where the due date counts from, if it is a field.
fn task(task: &WorkflowTask, schema: &Schema, object: &Object) -> Result<Option<FieldPath>, RuleMistake> {
    use TaskAssigneeType as Kind;
    match task.assigned_to_type {
        Kind::User if task.assigned_to.is_none() => {
            return Err(RuleMistake::at("assignedTo", "a user is named by username"));
        }
        Kind::User | Kind::Owner | Kind::Creator | Kind::AccountOwner => {}
        other => {
            let problem = format!("tasks for {other:?} are not emulated");
            return Err(RuleMistake::at("assignedToType", problem));
        }
    }
    let from = task.offset_from_field.as_deref().map(|from| FieldPath::resolve(schema, object, from));
    let from = from.transpose().map_err(|problem| RuleMistake::at("offsetFromField", problem))?;
    Ok(from.map(|(path, _)| path))
}

/// The kinds of recipients that are emulated.
pub(crate) const RECIPIENTS: [&str; 8] =
    ["owner", "creator", "user", "email", "userLookup", "contactLookup", "accountOwner", "group"];

fn alert(alert: &WorkflowAlert, schema: &Schema, object: &Object) -> Result<(), RuleMistake> {
    each("recipients", &alert.recipients, |recipient| {
        if !RECIPIENTS.contains(&recipient.kind.as_str()) {
            let problem = format!("recipients of type {} are not emulated", recipient.kind);
            return Err(RuleMistake::at("type", problem));
        }
        let by_field = ["email", "userLookup", "contactLookup"].contains(&recipient.kind.as_str());
        if let (true, field) = (by_field, recipient.field.as_deref().unwrap_or_default()) {
            FieldPath::resolve(schema, object, field).map_err(|problem| RuleMistake::at("field", problem))?;
        }
        Ok(())
    })
    .map(drop)
}

fn message(message: &WorkflowOutboundMessage, object: &Object, id: Id) -> Result<Message, RuleMistake> {
    let mut fields = Vec::new();
    for (at, name) in message.fields.iter().enumerate() {
        let found = object.field(name);
        let problem = || format!("{} has no field {name}", object.name.as_str());
        let (position, field) = found.ok_or_else(|| RuleMistake::at(&format!("fields[{at}]"), problem()))?;
        if field.kind == FieldType::EncryptedString {
            let problem = format!("an outbound message can't carry the encrypted field {name}");
            return Err(RuleMistake::at(&format!("fields[{at}]"), problem));
        }
        fields.push((!field.name.is("Id"), field.name.as_str().to_owned(), position));
    }
    fields.sort();
    fields.dedup();
    let fields = fields.into_iter().map(|(_, _, position)| position).collect();
    Ok(Message { id, definition: message.clone(), fields })
}
