//! What an administrator takes away: fields, objects, rules. Nothing goes that something else still needs; the text that comes back
//! says what does, in Salesforce's words.

use crate::{
    id::Id,
    rules::{RulesImage, workflow::Workflow},
    schema::{Companion, Object, Schema, referenced},
    state::{Shared, State, Transaction},
    value::Value,
    verbs,
};

/// What Salesforce calls the two that are taken away most.
pub(crate) const FIELD: &str = "custom field";
const OBJECT: &str = "custom object";

/// Takes a custom field away, with what its records hold.
pub fn field(tx: &mut Transaction, object: &str, field: &str) -> Result<(), String> {
    let lesser = tx.state().schema().without_field(object, field)?;
    let path = format!("{object}.{field}");
    fits(tx.state(), &lesser)?;
    topics(tx.state(), field, FIELD)?;
    sharing_rules(tx.state(), object, field)?;
    channels(tx.state(), &lesser, FIELD)?;
    forget_rows(tx, "FieldPermissions", "Field", path.as_str());
    tx.set_schema(lesser);
    Ok(())
}

/// Takes a custom object away, with its records, its validation, its workflow and what users may do with it.
pub fn object(tx: &mut Transaction, name: &str) -> Result<(), String> {
    let schema = tx.state().schema().clone();
    let known = schema.object(name).filter(|object| is_custom(object)).cloned();
    let known = known.ok_or_else(|| format!("no CustomObject named {name} found"))?;
    schema.without_object(name)?;
    let rules = tx.state().rules();
    let names = |one: &str| known.name.is(one);
    let duplicates = rules.all_duplicate_rules().find(|rule| names(rule.object()));
    if let Some(rule) = duplicates {
        return Err(referenced(OBJECT, &format!("Duplicate Rule - {}", rule.full_name)));
    }
    topics(tx.state(), name, OBJECT)?;
    let was_silent = tx.set_silent(true);
    let rows: Vec<Shared> = tx.state().table(known.index).rows().cloned().collect();
    for row in rows {
        tx.delete(&known, row.edit(known.fields.len()).build(), row.id(), Vec::new());
    }
    let binned: Vec<Id> = tx.state().table(known.index).bin().map(|binned| binned.record.id()).collect();
    for id in binned {
        tx.purge(&known, id);
    }
    for (rows, field) in [
        ("ObjectPermissions", "SobjectType"),
        ("FieldPermissions", "SobjectType"),
        ("QueueSobject", "SobjectType"),
        ("RecordType", "SobjectType"),
    ] {
        forget_rows(tx, rows, field, name);
    }
    tx.set_silent(was_silent);
    tx.rules_mut().forget_object(&known);
    tx.permissions_mut().sharing.remove(&known.name);
    tx.permissions_mut().sharing_rules.remove(&known.name);
    let mut lesser = schema;
    let own = [Companion::History, Companion::Share, Companion::Feed, Companion::ChangeEvent];
    for companion in own.map(|companion| companion.name_for(name)) {
        if lesser.object(&companion).is_some() {
            lesser = lesser.without_object(&companion)?;
        }
    }
    lesser = lesser.without_object(name)?;
    channels(tx.state(), &lesser, OBJECT)?;
    tx.streams_mut().event_channels_mut().forget_object(&known);
    tx.set_schema(lesser);
    Ok(())
}

/// Takes a workflow rule or action away by its full name in one of the lists of a [`Workflow`], in metadata's word.
pub fn workflow(tx: &mut Transaction, object: &Object, list: &str, name: &str) -> Result<(), String> {
    let missing = || format!("no workflow component named {}.{name} found", object.name);
    let mut workflow = tx.state().rules().workflow_source(object.index).cloned().ok_or_else(missing)?;
    let Workflow { rules, field_updates, alerts, tasks, outbound_messages } = &mut workflow;
    let before = rules.len() + field_updates.len() + alerts.len() + tasks.len() + outbound_messages.len();
    match list {
        "rules" => rules.retain(|one| one.full_name != name),
        "fieldUpdates" => field_updates.retain(|one| one.full_name != name),
        "alerts" => alerts.retain(|one| one.full_name != name),
        "tasks" => tasks.retain(|one| one.full_name != name),
        _ => outbound_messages.retain(|one| one.full_name != name),
    }
    if rules.len() + field_updates.len() + alerts.len() + tasks.len() + outbound_messages.len() == before {
        return Err(missing());
    }
    tx.set_workflow(object, workflow)
        .map_err(|mistake| referenced("workflow action", &format!("Workflow Rule ({mistake})")))
}

/// Deletes a row of set-up: a queue, a role, a permission set.
pub fn row(tx: &mut Transaction, id: Id) -> Result<(), String> {
    let Some((object, _)) = tx.state().find(id) else { return Ok(()) };
    let object = object.clone();
    verbs::delete(tx, &object, id)
        .map_err(|errors| errors.first().map(|error| error.message.clone()).unwrap_or_default())
}

/// Takes a profile of one's own away, with the permission set behind it. Somebody's profile stays.
pub fn profile(tx: &mut Transaction, id: Id) -> Result<(), String> {
    let Some((object, row)) = tx.state().find(id) else { return Ok(()) };
    let (object, row) = (object.clone(), row.clone());
    let name = object.field("Name").and_then(|(position, _)| row.get(position).as_text());
    let name = name.unwrap_or_default().to_owned();
    if crate::seed::is_standard_profile(&name) {
        return Err(format!("the standard profile {name} can not be deleted"));
    }
    if !rows_with(tx, "User", "ProfileId", id).is_empty() {
        return Err(format!("the profile {name} can not be deleted: users have it"));
    }
    for set in rows_with(tx, "PermissionSet", "ProfileId", id) {
        for rows in ["ObjectPermissions", "FieldPermissions"] {
            forget_rows(tx, rows, "ParentId", set.id());
        }
        forget_rows(tx, "PermissionSetAssignment", "PermissionSetId", set.id());
    }
    forget_rows(tx, "PermissionSet", "ProfileId", id);
    tx.delete(&object, row.edit(object.fields.len()).build(), id, Vec::new());
    tx.purge(&object, id);
    let settings = tx.permissions_mut();
    settings.hidden_fields.remove(&id);
    settings.login_hours.remove(&id);
    settings.login_ip_ranges.remove(&id);
    Ok(())
}

/// An object that somebody has made; what Salesforce brings stays.
fn is_custom(object: &Object) -> bool {
    object.name.as_str().contains("__") && Schema::standard().object(object.name.as_str()).is_none()
}

/// Rules are bound by name: whichever cannot be bound without it, needs it.
pub(crate) fn fits(state: &State, lesser: &Schema) -> Result<(), String> {
    let bound = RulesImage::of(state).into_rules(lesser, state.settings().pod);
    bound.map(|_| ()).map_err(|why| referenced(FIELD, &why))
}

/// Criteria of sharing rules name fields.
fn sharing_rules(state: &State, object: &str, field: &str) -> Result<(), String> {
    let rules = state.access().permissions().sharing_rules.iter();
    let of_object =
        rules.filter(|(name, _)| name.is(object)).flat_map(|(_, rules)| &rules.sharing_criteria_rules);
    let asks = |said: &str| said.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case(field));
    let mut asking = of_object.filter(|rule| rule.criteria_items.iter().any(|item| asks(&item.field)));
    match asking.next() {
        Some(rule) => {
            Err(referenced(FIELD, &format!("Criteria Based Sharing Rule - {object}.{}", rule.full_name)))
        }
        None => Ok(()),
    }
}

/// Push topics name fields in their queries.
pub(crate) fn topics(state: &State, word: &str, what: &str) -> Result<(), String> {
    let Some(topics) = state.schema().object("PushTopic") else { return Ok(()) };
    let (Some((query, _)), Some((name, _))) = (topics.field("Query"), topics.field("Name")) else {
        return Ok(());
    };
    let asks = |row: &&Shared| {
        let text = row.get(query).as_text().unwrap_or_default();
        text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|found| found.eq_ignore_ascii_case(word))
    };
    match state.table(topics.index).rows().find(asks) {
        Some(row) => {
            Err(referenced(what, &format!("Push Topic - {}", row.get(name).as_text().unwrap_or_default())))
        }
        None => Ok(()),
    }
}

/// Members of event channels name fields of their objects.
pub(crate) fn channels(state: &State, lesser: &Schema, what: &str) -> Result<(), String> {
    match state.streams().event_channels().broken(lesser) {
        Some(member) => Err(referenced(what, &format!("Platform Event Channel Member - {}", member.name()))),
        None => Ok(()),
    }
}

fn rows_with(tx: &Transaction, rows: &str, field: &str, value: impl Into<Value>) -> Vec<Shared> {
    let found = tx.state().schema().object(rows).and_then(|object| {
        let (position, _) = object.field(field)?;
        Some(tx.state().lookup(object, position, &value.into()))
    });
    found.unwrap_or_default()
}

fn forget_rows(tx: &mut Transaction, rows: &str, field: &str, value: impl Into<Value>) {
    let Some(object) = tx.state().schema().object(rows).cloned() else { return };
    for row in rows_with(tx, rows, field, value) {
        tx.delete(&object, row.edit(object.fields.len()).build(), row.id(), Vec::new());
        tx.purge(&object, row.id());
    }
}
