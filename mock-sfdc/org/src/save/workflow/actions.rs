//! What follows the field updates: e-mail alerts, tasks and outbound messages, in that order, each kind in the order of the rules.

use jiff::ToSpan as _;

use crate::{
    id::Id,
    mail::{MailKind, template},
    rules::{
        assignment::Assignee,
        field_path::FieldPath,
        workflow::{
            SenderType, TaskAssigneeType, WorkflowAlert, WorkflowEmailRecipient, WorkflowTask,
            compiled::{Action, CompiledWorkflow},
        },
    },
    save::{DmlOptions, Draft, Save, assignment},
    state::State,
    value::{DateTime, Value},
    verbs,
};

pub(super) fn run(save: &mut Save<'_>, workflow: &CompiledWorkflow, actions: &[Action]) {
    let others = actions.iter().any(|action| !matches!(action, Action::Update(_)));
    if !others {
        return;
    }
    save.store();
    for action in actions {
        if let Action::Alert(at) = action {
            alert(save, &workflow.source.alerts[*at]);
        }
    }
    for action in actions {
        if let Action::Task(at) = action {
            task(save, &workflow.source.tasks[*at], workflow.tasks[*at]);
        }
    }
    for action in actions {
        if let Action::Message(at) = action {
            let message = &workflow.messages[*at];
            let (now, pod) = (save.tx.now(), save.tx.state().settings().pod);
            save.tx.outbound_mut().queue(message.id, save.object.index, save.edit.id(), now, pod);
            save.note(|| format!("outbound message {:?} queued", message.definition.full_name));
        }
    }
}

fn alert(save: &mut Save<'_>, alert: &WorkflowAlert) {
    let mut to: Vec<String> = Vec::new();
    for recipient in &alert.recipients {
        for address in addresses(save, recipient) {
            if !to.contains(&address) {
                to.push(address);
            }
        }
    }
    save.note(|| format!("alert {:?} to {}", alert.full_name, to.join(", ")));
    if to.is_empty() && alert.cc_emails.is_empty() {
        return;
    }
    let title = alert.description.clone().unwrap_or_else(|| alert.full_name.clone());
    let mut mail = template::compose(MailKind::Alert, Some(&alert.template), (&title, ""), &save.subject());
    mail.from = match alert.sender_type {
        Some(SenderType::OrgWideEmailAddress) => alert.sender_address.clone(),
        _ => assignment::address_of(save.tx.state(), save.tx.user()),
    };
    mail.to = to;
    mail.cc.clone_from(&alert.cc_emails);
    save.tx.send_mail(mail);
}

fn addresses(save: &Save<'_>, recipient: &WorkflowEmailRecipient) -> Vec<String> {
    let state = save.tx.state();
    let of = |id: Option<Id>| id.and_then(|id| assignment::address_of(state, id)).into_iter().collect();
    let named = recipient.recipient.clone().unwrap_or_default();
    let at_field = || {
        let path = FieldPath::resolve(state.schema(), &save.object, recipient.field.as_deref()?).ok()?;
        Some(path.0.value(&save.subject()))
    };
    match recipient.kind.as_str() {
        "owner" => of(save.value("OwnerId").as_id()),
        "creator" => of(save.value("CreatedById").as_id()),
        "user" => of(assignment::resolve(state, &Assignee::User(named))),
        "accountOwner" => of(account_owner(save)),
        "email" => at_field().and_then(|value| value.as_text().map(str::to_owned)).into_iter().collect(),
        "userLookup" | "contactLookup" => of(at_field().and_then(|value| value.as_id())),
        "group" => members(state, &named),
        _ => Vec::new(),
    }
}

fn account_owner(save: &Save<'_>) -> Option<Id> {
    let (path, _) = FieldPath::resolve(save.tx.state().schema(), &save.object, "Account.OwnerId").ok()?;
    path.value(&save.subject()).as_id()
}

/// The mail addresses of a public group's members.
fn members(state: &State, group: &str) -> Vec<String> {
    let Some(group) = assignment::resolve(state, &Assignee::Queue(group.to_owned())) else {
        return Vec::new();
    };
    let Some(rows) = state.schema().object("GroupMember") else { return Vec::new() };
    let (Some((group_at, _)), Some((member_at, _))) = (rows.field("GroupId"), rows.field("UserOrGroupId"))
    else {
        return Vec::new();
    };
    let members = state.lookup(rows, group_at, &group.into());
    let ids = members.iter().filter_map(|row| row.get(member_at).as_id());
    ids.filter_map(|id| assignment::address_of(state, id)).collect()
}

fn task(save: &mut Save<'_>, task: &WorkflowTask, from: Option<FieldPath>) {
    let Some(object) = save.tx.state().schema().object("Task").cloned() else { return };
    let user = save.tx.user();
    let owner = match task.assigned_to_type {
        TaskAssigneeType::Owner => save.value("OwnerId").as_id(),
        TaskAssigneeType::Creator => save.value("CreatedById").as_id(),
        TaskAssigneeType::AccountOwner => account_owner(save),
        _ => {
            let name = task.assigned_to.clone().unwrap_or_default();
            assignment::resolve(save.tx.state(), &Assignee::User(name))
        }
    };
    // A queue does no tasks: they fall to whoever saved.
    let owner = owner.filter(|owner| owner.prefix() == *b"005").unwrap_or(user);
    let about = if save.is("Lead") || save.is("Contact") { "WhoId" } else { "WhatId" };
    let mut values = vec![
        ("Subject", Value::text(task.subject.as_str())),
        ("OwnerId", owner.into()),
        ("Status", Value::text(task.status.as_str())),
        ("Priority", Value::text(task.priority.as_str())),
        (about, save.edit.id().into()),
    ];
    if let Some(text) = &task.description {
        values.push(("Description", Value::text(text.as_str())));
    }
    if let Some(due) = due_date(save, task, from) {
        values.push(("ActivityDate", due));
    }
    let mut draft = Draft::default();
    for (field, value) in values {
        if let Some((position, _)) = object.field(field) {
            draft.put(position, value);
        }
    }
    save.note(|| format!("task {:?} for {owner}", task.full_name));
    match verbs::create(save.tx, &object, draft, &DmlOptions::default()) {
        Ok(made) if task.notify_assignee => {
            let plain = (format!("Task: {}", task.subject), format!("{} is yours.", task.subject));
            let mut mail = template::compose(MailKind::Task, None, (&plain.0, &plain.1), &save.subject());
            mail.to = assignment::address_of(save.tx.state(), owner).into_iter().collect();
            mail.related = Some(made);
            save.tx.send_mail(mail);
        }
        Ok(_) => {}
        Err(errors) => save.errors.extend(errors),
    }
}

/// So many days behind a field's day, or behind today.
fn due_date(save: &Save<'_>, task: &WorkflowTask, from: Option<FieldPath>) -> Option<Value> {
    let zone = super::super::zone_of(save.tx.state());
    let day_of = |at: DateTime| at.timestamp().to_zoned(zone.clone()).date();
    let base = match from.map(|from| from.value(&save.subject())) {
        None => day_of(save.tx.now()),
        Some(Value::Date(day)) => day,
        Some(Value::DateTime(at)) => day_of(at),
        Some(_) => return None,
    };
    Some(base.saturating_add(task.due_date_offset.clamp(-100_000, 100_000).days()).into())
}
