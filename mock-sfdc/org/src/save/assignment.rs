//! Step 9: assignment rules for leads and cases. An owner in the request is overridden by an entry that matches, as
//! integrators of real orgs have found out (`contract/behaviour.md` section 2).

use std::sync::Arc;

use super::{AssignmentRuleChoice, Save, SaveKind, system_fields};
use crate::{
    id::Id,
    mail::{MailKind, template},
    rules::assignment::{Assignee, CompiledAssignmentRule, CompiledEntry},
    schema::Object,
    state::{Record, State},
};

pub(super) fn run(save: &mut Save<'_>) {
    if save.options.seeding || !(save.is("Lead") || save.is("Case")) {
        return;
    }
    let (owner, template) = match chosen(save) {
        Some((id, rule)) => decide(save, id, &rule),
        // Cases that run the active rule go to their default owner where there is none; leads stay.
        None if save.options.assignment == AssignmentRuleChoice::Active
            && save.is("Case")
            && save.kind == SaveKind::Insert
            && !save.is_given("OwnerId") =>
        {
            save.note(|| "no active rule: the default case owner".to_owned());
            (save.tx.state().settings().default_case_owner, None)
        }
        None => return,
    };
    let Some(owner) = owner else { return };
    save.put(save.object.places.owner, owner);
    system_fields::transfer(save);
    if save.options.mail_owner {
        tell(save, owner, template.as_deref());
    }
}

fn chosen(save: &Save<'_>) -> Option<(Id, Arc<CompiledAssignmentRule>)> {
    let rules = save.tx.state().rules();
    match save.options.assignment {
        AssignmentRuleChoice::None => None,
        AssignmentRuleChoice::Active => rules
            .active_assignment_rule(save.tx.state(), &save.object)
            .map(|(id, rule)| (id, Arc::clone(rule))),
        AssignmentRuleChoice::Rule(id) => rules.assignment_rule(id).map(|rule| (id, Arc::clone(rule))),
    }
}

/// The new owner, if there is to be one, and the template of the entry that says so.
fn decide(save: &mut Save<'_>, id: Id, rule: &CompiledAssignmentRule) -> (Option<Id>, Option<String>) {
    let decided = rule.decide(&save.subject());
    if save.is_traced() {
        let asked = decided.map_or(rule.entries().len(), |at| at + 1);
        let name = name_of(save.tx.state(), id);
        for (at, entry) in rule.entries()[..asked].iter().enumerate() {
            let why = entry.criteria.explain(&save.subject());
            save.note(|| format!("rule {name:?}, entry {}: {why}", at + 1));
        }
    }
    match decided.map(|at| &rule.entries()[at]) {
        Some(entry) => (owner(save.tx.state(), entry), entry.template.clone()),
        // Nobody's entry: the default owner of new records. An update without a match changes nothing.
        None if save.kind == SaveKind::Insert => {
            save.note(|| "no entry, so the default owner, if there is one".to_owned());
            (default_owner(save), None)
        }
        None => (None, None),
    }
}

fn name_of(state: &State, rule: Id) -> String {
    let name = state.find(rule).and_then(|(object, record)| record.get(object.field("Name")?.0).as_text());
    name.unwrap_or_default().to_owned()
}

fn default_owner(save: &Save<'_>) -> Option<Id> {
    let settings = save.tx.state().settings();
    if save.is("Lead") { settings.default_lead_owner } else { settings.default_case_owner }
}

/// Whom an entry names: the record that it was found to name before, if that still has the name, for every save asks.
fn owner(state: &State, entry: &CompiledEntry) -> Option<Id> {
    let assignee = entry.assignee.as_ref()?;
    let (object, position, name) = place(state, assignee)?;
    let has_the_name = |id: &Id| {
        state.table(object.index).get(*id).is_some_and(|row| row.get(position).as_text() == Some(name))
    };
    let guess = entry.guess.get().copied().filter(has_the_name);
    guess.or_else(|| {
        let found = resolve(state, assignee)?;
        // Whoever was found first stays the guess.
        let _ = entry.guess.set(found);
        Some(found)
    })
}

/// Names stand in a rule as metadata has them: a username, or a queue's developer name.
pub(super) fn resolve(state: &State, assignee: &Assignee) -> Option<Id> {
    let (object, position, name) = place(state, assignee)?;
    state.matching(object, position, &name.into()).next().map(Record::id)
}

/// The field that names an assignee, and the name.
fn place<'a>(state: &'a State, assignee: &'a Assignee) -> Option<(&'a Arc<Object>, usize, &'a str)> {
    let (object, field, name) = match assignee {
        Assignee::User(username) => ("User", "Username", username),
        Assignee::Queue(developer_name) => ("Group", "DeveloperName", developer_name),
    };
    let object = state.schema().object(object)?;
    Some((object, object.field(field)?.0, name))
}

/// Tells an owner of the record by mail.
pub(super) fn tell(save: &mut Save<'_>, owner: Id, template: Option<&str>) {
    let label = &save.object.label;
    let name =
        save.value("Name").as_text().or(save.value("CaseNumber").as_text()).unwrap_or_default().to_owned();
    let title = format!("{label} transferred to you.");
    let body = format!("{label} {name} has been assigned to you.");
    let mut mail = template::compose(MailKind::Assignment, template, (&title, &body), &save.subject());
    mail.to = address_of(save.tx.state(), owner).into_iter().collect();
    save.tx.send_mail(mail);
}

/// The mail address of a user, a queue or a contact.
pub(crate) fn address_of(state: &State, id: Id) -> Option<String> {
    let (object, record) = state.find(id)?;
    let (position, _) = object.field("Email")?;
    record.get(position).as_text().map(ToOwned::to_owned)
}
