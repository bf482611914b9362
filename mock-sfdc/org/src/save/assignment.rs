//! Step 9: assignment rules for leads and cases. An owner in the request is overridden by an entry that matches, as
//! integrators of real orgs have found out (`contract/behaviour.md` section 2).

use super::{AssignmentRuleChoice, Save, SaveKind};
use crate::{
    id::Id,
    mail::{Mail, MailKind},
    rules::assignment::{Assignee, AssignmentRule, Decision},
    state::State,
};

pub(super) fn run(save: &mut Save<'_>) {
    if save.options.seeding || !(save.is("Lead") || save.is("Case")) {
        return;
    }
    let Some(rule) = chosen(save) else { return };
    let owner = match rule.decide(&save.object, &save.edit) {
        Decision::Assign(assignee) => resolve(save.tx.state(), assignee),
        // Nobody's entry: the default owner of new records. An update without a match changes nothing.
        Decision::NoEntry if save.kind == SaveKind::Insert => default_owner(save),
        Decision::NoEntry | Decision::KeepOwner => None,
    };
    let Some(owner) = owner else { return };
    save.set("OwnerId", owner);
    if save.options.mail_owner {
        tell(save, owner);
    }
}

fn chosen(save: &Save<'_>) -> Option<AssignmentRule> {
    let rules = save.tx.state().rules();
    match save.options.assignment {
        AssignmentRuleChoice::None => None,
        AssignmentRuleChoice::Active => rules.active_assignment_rule(save.tx.state(), &save.object),
        AssignmentRuleChoice::Rule(id) => rules.assignment_rule(id),
    }
    .cloned()
}

fn default_owner(save: &Save<'_>) -> Option<Id> {
    let settings = save.tx.state().settings();
    if save.is("Lead") { settings.default_lead_owner } else { settings.default_case_owner }
}

/// Names stand in a rule as metadata has them: a username, or a queue's developer name.
fn resolve(state: &State, assignee: &Assignee) -> Option<Id> {
    let (object, field, name) = match assignee {
        Assignee::User(username) => ("User", "Username", username),
        Assignee::Queue(developer_name) => ("Group", "DeveloperName", developer_name),
    };
    let object = state.schema().object(object)?;
    let (position, _) = object.field(field)?;
    state.lookup(object, position, &name.as_str().into()).first().map(|record| record.id())
}

fn tell(save: &mut Save<'_>, owner: Id) {
    let state = save.tx.state();
    let email = state.find(owner).and_then(|(object, record)| {
        let (position, _) = object.field("Email")?;
        record.get(position).as_text().map(ToOwned::to_owned)
    });
    let name =
        save.value("Name").as_text().or(save.value("CaseNumber").as_text()).unwrap_or_default().to_owned();
    let mail = Mail {
        at: save.tx.now(),
        kind: MailKind::Assignment,
        to: email.into_iter().collect(),
        subject: format!("{} transferred to you.", save.object.label),
        body: format!("{} {name} has been assigned to you.", save.object.label),
        related: Some(save.edit.id()),
    };
    save.tx.send_mail(mail);
}
