//! Step 11: workflow rules (`contract/behaviour.md` section 3). Field updates first, asking all rules again where an update
//! says so; then the record is saved again with its checks and its update triggers, once; then mails, tasks and messages.

mod actions;
mod updates;

use std::{collections::BTreeSet, sync::Arc};

use super::{
    DmlOptions, Save, SaveKind, derived, formats, owner, person_switch, references, required, system_fields,
    triggers, unique,
};
use crate::{
    error::Error,
    id::Id,
    rules::{
        subject::Subject,
        workflow::{
            WorkflowTriggerType as Trigger,
            compiled::{Action, CompiledRule, CompiledWorkflow},
        },
    },
    schema::Object,
    state::{Edit, Shared, Transaction},
    time_triggers::Waiting,
    value::{DateTime, Value},
};

/// How often field updates may ask all rules again.
const MOST_ROUNDS: usize = 5;

pub(super) fn run(save: &mut Save<'_>) {
    if save.options.seeding || person_switch::is_one(save) {
        return;
    }
    let Some(workflow) = save.tx.state().rules().workflow(save.object.index).cloned() else { return };
    let before = save.before.as_ref().map(|before| before.edit(save.object.fields.len()));
    let mut pass = Pass::begin(save);
    for round in 0..=MOST_ROUNDS {
        let fired = ask(save, &workflow, before.as_ref(), &pass.fired, round);
        if fired.is_empty() {
            break;
        }
        let actions = fired.iter().flat_map(|at| workflow.rules[*at].actions.iter().copied());
        pass.actions.extend(actions);
        pass.fired.extend(fired);
        if !pass.update(save, &workflow) {
            break;
        }
    }
    pass.finish(save, &workflow);
    if save.errors.is_empty() {
        wait(save, &workflow, &pass.fired);
    }
}

/// What the rules of one save have asked for.
struct Pass {
    /// The record before any field update.
    untouched: Edit,
    fired: BTreeSet<usize>,
    actions: Vec<Action>,
    /// How many of the actions were looked at for field updates.
    updated: usize,
}

impl Pass {
    fn begin(save: &Save<'_>) -> Self {
        Self { untouched: save.edit.clone(), fired: BTreeSet::new(), actions: Vec::new(), updated: 0 }
    }

    /// Does the field updates that are new; whether the rules are to be asked again.
    fn update(&mut self, save: &mut Save<'_>, workflow: &CompiledWorkflow) -> bool {
        let new = &self.actions[self.updated..];
        let again = updates::run(save, workflow, new);
        self.updated = self.actions.len();
        again && save.errors.is_empty()
    }

    fn finish(self: &Pass, save: &mut Save<'_>, workflow: &CompiledWorkflow) {
        if save.errors.is_empty() && save.edit != self.untouched {
            save_again(save, &self.untouched);
        }
        if save.errors.is_empty() && !self.actions.is_empty() {
            actions::run(save, workflow, &self.actions);
        }
    }
}

/// The active rules that fire now, of those that have not.
fn ask(
    save: &mut Save<'_>,
    workflow: &CompiledWorkflow,
    before: Option<&Edit>,
    fired: &BTreeSet<usize>,
    round: usize,
) -> Vec<usize> {
    let mut found = Vec::new();
    for (at, rule) in workflow.rules.iter().enumerate() {
        if !rule.active || fired.contains(&at) {
            continue;
        }
        let verdict = fires(save, rule, before);
        if save.is_traced() {
            let why = rule.criteria.explain(&save.subject());
            let again = if round == 0 { String::new() } else { format!(", asked again ({round})") };
            save.note(|| {
                let told = if verdict { "fires" } else { "does not fire" };
                format!("rule {:?} ({:?}){again} {told}: {why}", rule.name, rule.trigger)
            });
        }
        if verdict {
            found.push(at);
        }
    }
    found
}

fn fires(save: &Save<'_>, rule: &CompiledRule, before: Option<&Edit>) -> bool {
    let met = || rule.criteria.met(&save.subject());
    let was_met = || {
        let whose = save.subject();
        before.is_some_and(|before| rule.criteria.met(&Subject { record: before, before: None, ..whose }))
    };
    match (rule.trigger, save.kind) {
        (Trigger::OnCreateOnly, SaveKind::Update) => false,
        (Trigger::OnCreateOnly, SaveKind::Insert) | (Trigger::OnAllChanges, _) => met(),
        (Trigger::OnCreateOrTriggeringUpdate, _) => met() && !was_met(),
    }
}

/// Field updates save the record again: system validation, and the update triggers once, whatever the save is. They see as
/// old the record before the whole save, or, of a new one, what was inserted.
fn save_again(save: &mut Save<'_>, untouched: &Edit) {
    let old = save.before.clone().unwrap_or_else(|| untouched.build());
    let kind = std::mem::replace(&mut save.kind, SaveKind::Update);
    let before = save.before.replace(old);
    let changed = (0..save.object.fields.len()).filter(|at| untouched.get(*at) != save.edit.get(*at));
    let changed = changed.filter(|at| !save.given.contains(at)).collect::<Vec<_>>();
    save.given.extend(changed);
    for stage in [
        formats::check,
        references::check,
        owner::check,
        triggers::before,
        derived::fill,
        required::check,
        unique::check,
        system_fields::stamp,
        triggers::after,
    ] {
        stage(save);
        if !save.errors.is_empty() {
            break;
        }
    }
    save.kind = kind;
    save.before = before;
}

/// Time triggers: those of rules that fired begin to wait, those of rules that no longer hold are dropped.
fn wait(save: &mut Save<'_>, workflow: &CompiledWorkflow, fired: &BTreeSet<usize>) {
    let (record, object, now) = (save.edit.id(), save.object.index, save.tx.now());
    for (at, rule) in workflow.rules.iter().enumerate() {
        if rule.timed.is_empty() || !rule.active {
            continue;
        }
        let known = save.tx.state().time_triggers().waiting();
        let known = known.filter(|(_, one)| one.record == record && one.rule == rule.id).count() > 0;
        let fires = fired.contains(&at);
        if !fires && !known {
            continue;
        }
        // A rule that is asked only once keeps what waits; any other forgets it when the record no longer meets it.
        let holds = fires || rule.trigger == Trigger::OnCreateOnly || rule.criteria.met(&save.subject());
        if !holds {
            if save.tx.state().settings().time_triggers_want_criteria {
                let dropped = save.tx.time_triggers_mut().drop_of(record, |one| one.rule == rule.id);
                save.note(|| {
                    format!("rule {:?} no longer holds: {dropped} time triggers dropped", rule.name)
                });
            }
            continue;
        }
        for (trigger, timed) in rule.timed.iter().enumerate() {
            // What counts from a field moves with it; what counts from the firing stays.
            if !fires && timed.from.is_none() {
                continue;
            }
            let base = timed.from.map(|from| from.value(&save.subject()));
            let base = match base {
                None => Some(now),
                Some(Value::DateTime(at)) => Some(at),
                Some(Value::Date(day)) => Some(super::start_of(save.tx.state(), day)),
                Some(_) => None,
            };
            let same = |one: &Waiting| one.rule == rule.id && one.trigger == trigger;
            let was = save.tx.time_triggers_mut().drop_of(record, same);
            if !fires && was == 0 {
                // It has happened already.
                continue;
            }
            let Some(base) = base else { continue };
            let due = DateTime::from_millis(base.millis().saturating_add(timed.millis));
            let user = save.tx.user();
            let waiting = Waiting { object, record, rule: rule.id, trigger, user };
            save.tx.time_triggers_mut().add(due, waiting);
            save.note(|| {
                format!("rule {:?}: time trigger {} waits until {}", rule.name, trigger + 1, due.to_zulu())
            });
        }
    }
}

/// What a time trigger has waited for: its actions, unless the record is gone or no longer meets the rule.
pub(crate) fn perform(tx: &mut Transaction, waiting: &Waiting) -> Result<(), Vec<Error>> {
    let state = tx.state();
    let Some(object) = state.schema().by_index(waiting.object).cloned() else { return Ok(()) };
    let Some(record) = state.table(waiting.object).get(waiting.record).cloned() else { return Ok(()) };
    let Some(workflow) = state.rules().workflow(waiting.object).map(Arc::clone) else { return Ok(()) };
    let Some(rule) = workflow.rules.iter().find(|rule| rule.id == waiting.rule) else { return Ok(()) };
    let Some(timed) = rule.timed.get(waiting.trigger) else { return Ok(()) };
    let wants = state.settings().time_triggers_want_criteria;
    let options = DmlOptions::default();
    let edit = record.edit(object.fields.len());
    let mut save = Save::new(tx, &object, Some(record), edit, &options);
    if wants && !rule.criteria.met(&save.subject()) {
        return Ok(());
    }
    let pass = Pass { actions: timed.actions.clone(), ..Pass::begin(&save) };
    let what = format!("rule {:?}, time trigger {}", rule.name, waiting.trigger + 1);
    alone(&mut save, &workflow, "time trigger", &what, pass)
}

/// Rules asked of a record that nobody saves: those that hold do their actions, whatever triggers them otherwise.
pub(crate) fn ask_workflow(
    tx: &mut Transaction,
    object: &Arc<Object>,
    record: &Shared,
    only: Option<Id>,
) -> Result<(), Vec<Error>> {
    let Some(workflow) = tx.state().rules().workflow(object.index).map(Arc::clone) else { return Ok(()) };
    let options = DmlOptions::default();
    let edit = record.edit(object.fields.len());
    let mut save = Save::new(tx, object, Some(Shared::clone(record)), edit, &options);
    let mut pass = Pass::begin(&save);
    for (at, rule) in workflow.rules.iter().enumerate() {
        let asked = rule.active && only.is_none_or(|only| only == rule.id);
        if asked && rule.criteria.met(&save.subject()) {
            pass.fired.insert(at);
            pass.actions.extend(rule.actions.iter().copied());
        }
    }
    if pass.fired.is_empty() {
        return Ok(());
    }
    let what = format!("{} rules asked by a request", pass.fired.len());
    alone(&mut save, &workflow, "workflow rules", &what, pass)
}

/// Workflow without a save around it: the actions of the pass, and what follows from them.
fn alone(
    save: &mut Save<'_>,
    workflow: &CompiledWorkflow,
    stage: &'static str,
    what: &str,
    mut pass: Pass,
) -> Result<(), Vec<Error>> {
    super::whole(save, |save| {
        super::stage(save, 1, "row locks", super::row_locks::take);
        if !save.errors.is_empty() {
            return;
        }
        super::stage(save, 11, stage, |save| {
            save.note(|| what.to_owned());
            let before = save.before.as_ref().map(|before| before.edit(save.object.fields.len()));
            let mut round = 1;
            while pass.update(save, workflow) && round <= MOST_ROUNDS {
                let fired = ask(save, workflow, before.as_ref(), &pass.fired, round);
                let actions = fired.iter().flat_map(|at| workflow.rules[*at].actions.iter().copied());
                pass.actions.extend(actions);
                pass.fired.extend(fired);
                round += 1;
            }
            system_fields::stamp(save);
            pass.finish(save, workflow);
            if save.errors.is_empty() {
                wait(save, workflow, &pass.fired);
            }
        });
        if save.errors.is_empty() {
            super::stage(save, 16, "cross-object updates", super::cross_object::run);
        }
    })
}
