//! Field updates: each sets a field of the record, or of a parent, which is saved later (step 16).

use crate::{
    id::Id,
    rules::{
        assignment::Assignee,
        field_path::FieldPath,
        workflow::{
            LookupValueType,
            compiled::{Action, CompiledWorkflow, NewValue, Update},
        },
    },
    save::{ParentUpdate, Save, assignment},
    state::{Record, State},
    value::Value,
};

/// Does the field updates among the actions, by name, so that of two to one field the last by name wins. Whether one that
/// asks the rules again has changed something.
pub(super) fn run(save: &mut Save<'_>, workflow: &CompiledWorkflow, actions: &[Action]) -> bool {
    let mut updates = actions
        .iter()
        .filter_map(|action| if let Action::Update(at) = action { workflow.updates.get(*at) } else { None })
        .collect::<Vec<_>>();
    updates.sort_by(|one, other| one.name.cmp(&other.name));
    let mut again = false;
    for update in updates {
        match update.field {
            FieldPath::Own(position) => {
                let Some(value) = value_of(save, update, save.edit.get(position)) else { continue };
                let changes = *save.edit.get(position) != value;
                save.note(|| {
                    format!("field update {:?}{}", update.name, if changes { "" } else { " changes nothing" })
                });
                if !changes {
                    continue;
                }
                save.edit.set(position, value.clone());
                again |= update.reevaluate;
                if let (true, Some(owner)) = (update.notify, value.as_id()) {
                    assignment::tell(save, owner, None);
                }
            }
            FieldPath::Parent { lookup, object, position } => {
                let Some(parent) = save.edit.get(lookup).as_id() else { continue };
                let known = save.tx.state().table(object).get(parent);
                let Some(known) = known.map(|record| record.get(position).clone()) else { continue };
                let Some(value) = value_of(save, update, &known) else { continue };
                save.note(|| format!("field update {:?} of the parent {parent}", update.name));
                save.parents.push(ParentUpdate { object, parent, position, value });
            }
            FieldPath::User(_) | FieldPath::Organization(_) => {}
        }
    }
    again
}

/// The new value; none where a name names nobody.
fn value_of(save: &Save<'_>, update: &Update, known: &Value) -> Option<Value> {
    match &update.value {
        NewValue::Constant(value) => Some(value.clone()),
        NewValue::Formula(formula) => Some(formula.evaluate(&save.subject().of_formula())),
        NewValue::Step { values, by } => {
            let text = known.as_text().unwrap_or_default();
            let at = values.iter().position(|value| value.eq_ignore_ascii_case(text))?;
            Some(Value::text(values.get(at.checked_add_signed(*by)?)?.as_str()))
        }
        NewValue::Named(kind, name) => {
            let state = save.tx.state();
            match kind {
                LookupValueType::User => assignment::resolve(state, &Assignee::User(name.clone())),
                LookupValueType::Queue => assignment::resolve(state, &Assignee::Queue(name.clone())),
                LookupValueType::RecordType => record_type(state, save.object.name.as_str(), name),
            }
            .map(Value::Id)
        }
    }
}

fn record_type(state: &State, object: &str, name: &str) -> Option<Id> {
    let name = name.rsplit('.').next()?;
    let rows = state.schema().object("RecordType")?;
    let (position, _) = rows.field("DeveloperName")?;
    let (of, _) = rows.field("SobjectType")?;
    let found = state.lookup(rows, position, &name.into());
    let here =
        found.iter().find(|row| row.get(of).as_text().is_some_and(|of| of.eq_ignore_ascii_case(object)));
    here.map(Record::id)
}
