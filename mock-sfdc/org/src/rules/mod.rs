//! What an administrator configures to happen on a save: assignment rules, and in time the others of Salesforce's order.

pub mod assignment;
pub mod criteria;

use imbl::OrdMap;

use self::assignment::{Assignee, AssignmentRule};
use crate::{id::Id, schema::Object, state::State};

/// All configured rules of an org. Each belongs to a record that clients can query (`AssignmentRule`); the entries, which
/// no API shows, stand here.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    assignment: OrdMap<Id, AssignmentRule>,
}

impl Rules {
    /// Sets the entries of the rule whose record is `id`.
    pub fn set_assignment_rule(&mut self, id: Id, rule: AssignmentRule) {
        self.assignment.insert(id, rule);
    }

    /// Follows users to other usernames: entries name their assignees.
    pub fn rename_users(&mut self, renamed: impl Fn(&str) -> String) {
        let mut rules = std::mem::take(&mut self.assignment);
        let ids: Vec<Id> = rules.keys().copied().collect();
        for id in ids {
            for entry in rules.get_mut(&id).into_iter().flat_map(|rule| &mut rule.rule_entry) {
                if let Some(Assignee::User(name)) = &mut entry.assigned_to {
                    *name = renamed(name);
                }
            }
        }
        self.assignment = rules;
    }

    #[must_use]
    pub fn assignment_rule(&self, id: Id) -> Option<&AssignmentRule> {
        self.assignment.get(&id)
    }

    /// The active rule for an object: its record says which that is.
    #[must_use]
    pub fn active_assignment_rule(&self, state: &State, object: &Object) -> Option<&AssignmentRule> {
        let rows = state.schema().object("AssignmentRule")?;
        let (active_at, _) = rows.field("Active")?;
        let (type_at, _) = rows.field("SobjectType")?;
        self.assignment.iter().find_map(|(id, rule)| {
            let row = state.table(rows.index).get(*id)?;
            let here = row.get(type_at).as_text().is_some_and(|name| object.name.is(name));
            (here && row.get(active_at).is_true()).then_some(rule)
        })
    }
}
