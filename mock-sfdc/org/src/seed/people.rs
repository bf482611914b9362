//! Users and their logins, queues, assignment rules, connected apps.

use super::{
    Planting,
    format::{Fixture, Queue, Rule, User},
    profiles::role_of,
    records::Scalar,
    standard::own_users,
};
use crate::{
    access::{
        AppDefinition, Login, Restriction,
        permissions::{Holder, assign},
    },
    id::Id,
    rules::assignment::{Assignee, AssignmentRule},
    save::coerce::Raw,
    schema::{Object, PackageError},
    state::{Shared, State},
};

pub fn plant(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    // The administrator comes first: it is the user who has made everything, itself included.
    let own = own_users();
    let [admin, integration] = own.each_ref().map(|own| {
        let is_own = |user: &&User| {
            user.symbol.as_deref().map(|name| name.trim_start_matches('@')) == own.symbol.as_deref()
        };
        fixture
            .users
            .iter()
            .enumerate()
            .find(|(_, user)| is_own(user))
            .map_or((None, own), |(at, user)| (Some(at), user))
    });
    let rest = fixture.users.iter().enumerate().map(|(at, user)| (Some(at), user));
    let rest = rest.filter(|(at, _)| *at != admin.0 && *at != integration.0);
    for (at, user) in [admin, integration].into_iter().chain(rest) {
        let path = at.map_or_else(String::new, |at| format!("users[{at}]"));
        plant_user(planting, &path, user)?;
    }
    configure(planting, fixture)
}

/// What is not a user: queues, rules, apps, and who owns by default.
pub fn configure(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    for (at, queue) in fixture.queues.iter().enumerate() {
        plant_queue(planting, &format!("queues[{at}]"), queue)?;
    }
    for (at, rule) in fixture.assignment_rules.iter().enumerate() {
        plant_rule(planting, &format!("assignmentRules[{at}]"), rule)?;
    }
    for (at, rules) in fixture.auto_response_rules.iter().enumerate() {
        let path = format!("autoResponseRules[{at}]");
        let Some(object) = planting.tx.state().schema().object(&rules.object).cloned() else {
            return Err(planting.unknown_object(&format!("{path}.object"), &rules.object));
        };
        let set = planting.tx.set_auto_response_rule(&object, rules.rule());
        set.map_err(|mistake| planting.source.rule(&path, mistake))?;
    }
    for (object, workflow) in &fixture.workflows {
        let path = format!("workflows.{object}");
        let Some(object) = planting.tx.state().schema().object(object).cloned() else {
            return Err(planting.unknown_object(&path, object));
        };
        let set = planting.tx.set_workflow(&object, workflow.clone());
        set.map_err(|mistake| planting.source.rule(&path, mistake))?;
    }
    for (at, app) in fixture.connected_apps.iter().enumerate() {
        plant_app(planting, &format!("connectedApps[{at}]"), app)?;
    }
    let owners = [
        ("organization.defaultLeadOwner", &fixture.organization.default_lead_owner),
        ("organization.defaultCaseOwner", &fixture.organization.default_case_owner),
    ];
    for (path, owner) in owners {
        let Some(owner) = owner else { continue };
        let id = planting.resolve(path, owner)?;
        let settings = planting.tx.settings_mut();
        let slot = if path.contains("Lead") {
            &mut settings.default_lead_owner
        } else {
            &mut settings.default_case_owner
        };
        *slot = Some(id);
    }
    Ok(())
}

fn plant_user(planting: &mut Planting<'_>, path: &str, user: &User) -> Result<(), PackageError> {
    if planting.tx.state().access().login(&user.username).is_some() {
        let problem = format!("there is a user {} already", user.username);
        return Err(planting.source.mistake(&format!("{path}.username"), problem));
    }
    let profile = by_name(planting.tx.state(), "Profile", "Name", &user.profile).ok_or_else(|| {
        let known = names(planting.tx.state(), "Profile");
        let problem = format!("there is no profile {:?}; there are {}", user.profile, known.join(", "));
        planting.source.mistake(&format!("{path}.profile"), problem)
    })?;
    let settings = planting.tx.state().settings().clone();
    let first = user.first_name.as_deref().unwrap_or_default();
    let alias = format!("{}{}", first.chars().next().unwrap_or_default(), user.last_name).to_lowercase();
    let alias = alias.chars().filter(|c| c.is_alphanumeric()).take(8).collect::<String>();
    let nickname = user.username.split('@').next().unwrap_or_default().chars().take(40).collect::<String>();
    let profile = profile.to_string();
    let mut values = vec![
        ("Username", Raw::Text(user.username.as_str())),
        ("FirstName", Raw::Text(first)),
        ("LastName", Raw::Text(&user.last_name)),
        ("Email", Raw::Text(user.email.as_deref().unwrap_or(&user.username))),
        ("Alias", Raw::Text(&alias)),
        ("CommunityNickname", Raw::Text(&nickname)),
        ("ProfileId", Raw::Text(&profile)),
        ("IsActive", Raw::Bool(user.active)),
        ("UserType", Raw::Text("Standard")),
        ("TimeZoneSidKey", Raw::Text(&settings.time_zone)),
        ("LocaleSidKey", Raw::Text(&settings.locale)),
        ("LanguageLocaleKey", Raw::Text(&settings.language)),
        ("EmailEncodingKey", Raw::Text("UTF-8")),
    ];
    let role = match &user.role {
        None => None,
        Some(name) => Some(role_of(planting, name).ok_or_else(|| {
            planting.source.mistake(&format!("{path}.role"), format!("there is no role {name:?}"))
        })?),
    };
    let role = role.map(|id| id.to_string());
    if let Some(role) = &role {
        values.push(("UserRoleId", Raw::Text(role)));
    }
    let mut others = Vec::new();
    for (name, value) in &user.fields {
        let scalar = Scalar::of(value).ok_or_else(|| {
            planting
                .source
                .mistake(&format!("{path}.fields.{name}"), "a text, number, boolean or null was expected")
        })?;
        others.push((name.as_str(), scalar));
    }
    for (name, scalar) in &others {
        values.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        values.push((name, scalar.raw()));
    }
    let id = planting.create(path, "User", &values)?;
    planting.name(path, user.symbol.as_deref(), id)?;
    let mut login = Login::new(id, &user.username, &user.password, &user.security_token);
    login.restriction = user.restriction;
    planting.tx.access_mut().add_login(login);
    let frozen = user.restriction == Some(Restriction::Frozen);
    let user_id = id.to_string();
    planting.set_up("UserLogin", &[("UserId", Raw::Text(&user_id)), ("IsFrozen", Raw::Bool(frozen))])?;
    plant_assignments(planting, path, user, id)
}

/// The profile's own permission set, those that the fixture gives, and permission set licences.
fn plant_assignments(
    planting: &mut Planting<'_>,
    path: &str,
    user: &User,
    id: Id,
) -> Result<(), PackageError> {
    if let Some(holder) = Holder::profile(planting.tx, &user.profile) {
        assign(planting.tx, id, holder.set).map_err(|problem| planting.source.mistake(path, problem))?;
    }
    for (at, name) in user.permission_sets.iter().enumerate() {
        let path = format!("{path}.permissionSets[{at}]");
        let set = Holder::permission_set(planting.tx, name)
            .ok_or_else(|| planting.source.mistake(&path, format!("there is no permission set {name:?}")))?;
        assign(planting.tx, id, set.set).map_err(|problem| planting.source.mistake(&path, problem))?;
    }
    for (at, name) in user.permission_set_groups.iter().enumerate() {
        let path = format!("{path}.permissionSetGroups[{at}]");
        let group = by_name(planting.tx.state(), "PermissionSetGroup", "DeveloperName", name);
        let group = group.ok_or_else(|| {
            planting.source.mistake(&path, format!("there is no permission set group {name:?}"))
        })?;
        let (group, user) = (group.to_string(), id.to_string());
        planting.create(
            &path,
            "PermissionSetAssignment",
            &[("PermissionSetGroupId", Raw::Text(&group)), ("AssigneeId", Raw::Text(&user))],
        )?;
    }
    for (at, name) in user.permission_set_licenses.iter().enumerate() {
        let path = format!("{path}.permissionSetLicenses[{at}]");
        let licence = by_name(planting.tx.state(), "PermissionSetLicense", "DeveloperName", name)
            .ok_or_else(|| {
                planting.source.mistake(&path, format!("there is no permission set licence {name:?}"))
            })?;
        let (licence, user) = (licence.to_string(), id.to_string());
        planting.create(
            &path,
            "PermissionSetLicenseAssign",
            &[("PermissionSetLicenseId", Raw::Text(&licence)), ("AssigneeId", Raw::Text(&user))],
        )?;
    }
    Ok(())
}

fn plant_queue(planting: &mut Planting<'_>, path: &str, queue: &Queue) -> Result<(), PackageError> {
    let id = planting.create(
        path,
        "Group",
        &[
            ("Name", Raw::Text(&queue.name)),
            ("DeveloperName", Raw::Text(&queue.developer_name)),
            ("Type", Raw::Text("Queue")),
            ("Email", Raw::Text(queue.email.as_deref().unwrap_or_default())),
        ],
    )?;
    planting.name(path, Some(queue.symbol.as_deref().unwrap_or(&queue.developer_name)), id)?;
    let queue_id = id.to_string();
    for (at, object) in queue.objects.iter().enumerate() {
        let path = format!("{path}.objects[{at}]");
        planting.create(
            &path,
            "QueueSobject",
            &[("QueueId", Raw::Text(&queue_id)), ("SobjectType", Raw::Text(object))],
        )?;
    }
    for (at, member) in queue.members.iter().enumerate() {
        let path = format!("{path}.members[{at}]");
        let member = planting.resolve(&path, member)?.to_string();
        planting.create(
            &path,
            "GroupMember",
            &[("GroupId", Raw::Text(&queue_id)), ("UserOrGroupId", Raw::Text(&member))],
        )?;
    }
    Ok(())
}

fn plant_rule(planting: &mut Planting<'_>, path: &str, rule: &Rule) -> Result<(), PackageError> {
    let Some(object) = planting.tx.state().schema().object(&rule.object).cloned() else {
        return Err(planting.unknown_object(&format!("{path}.object"), &rule.object));
    };
    for (at, entry) in rule.entries.iter().enumerate() {
        let path = format!("{path}.ruleEntry[{at}]");
        let assignee = entry.assignee().map_err(|mistake| planting.source.rule(&path, mistake))?;
        let state = planting.tx.state();
        let (kind, name, found) = match &assignee {
            None => continue,
            Some(Assignee::User(name)) => ("user", name, by_name(state, "User", "Username", name)),
            Some(Assignee::Queue(name)) => ("queue", name, by_name(state, "Group", "DeveloperName", name)),
        };
        if found.is_none() {
            let problem = format!("there is no {kind} {name:?}");
            return Err(planting.source.mistake(&format!("{path}.assignedTo"), problem));
        }
    }
    if rule.active {
        planting.deactivate_assignment_rules(object.name.as_str())?;
    }
    let known = rule_of(planting.tx.state(), &object, &rule.name);
    let values = [
        ("Name", Raw::Text(&rule.name)),
        ("SobjectType", Raw::Text(object.name.as_str())),
        ("Active", Raw::Bool(rule.active)),
    ];
    let id = match known {
        Some(known) => planting.update(path, known, &values[2..])?,
        None => planting.create(path, "AssignmentRule", &values)?,
    };
    planting.name(path, rule.symbol.as_deref(), id)?;
    let entries = AssignmentRule { rule_entry: rule.entries.clone() };
    planting.tx.set_assignment_rule(id, entries).map_err(|mistake| planting.source.rule(path, mistake))
}

/// The assignment rule of this name, said before.
fn rule_of(state: &State, object: &Object, name: &str) -> Option<Id> {
    let rows = state.schema().object("AssignmentRule")?;
    let (name_at, _) = rows.field("Name")?;
    let (type_at, _) = rows.field("SobjectType")?;
    let same = |row: &&Shared| {
        row.get(name_at).as_text() == Some(name)
            && row.get(type_at).as_text().is_some_and(|of| object.name.is(of))
    };
    state.table(rows.index).rows().find(same).map(Shared::id)
}

fn plant_app(planting: &mut Planting<'_>, path: &str, app: &AppDefinition) -> Result<(), PackageError> {
    let made = app.app(
        planting.tx.state(),
        |key, user| planting.resolve(&format!("{path}.{key}"), user),
        |key, problem| planting.source.mistake(&format!("{path}.{key}"), problem),
    )?;
    if planting.tx.state().access().app(&made.client_id).is_some() {
        let problem = format!("another app has the client id {:?}", made.client_id);
        return Err(planting.source.mistake(&format!("{path}.clientId"), problem));
    }
    planting.tx.access_mut().add_app(made);
    Ok(())
}

fn by_name(state: &State, object: &str, field: &str, name: &str) -> Option<Id> {
    let object = state.schema().object(object)?;
    let (position, _) = object.field(field)?;
    state.matching(object, position, &name.into()).next().map(Shared::id)
}

fn names(state: &State, object: &str) -> Vec<String> {
    let Some(object) = state.schema().object(object) else { return Vec::new() };
    let Some((position, _)) = object.field("Name") else { return Vec::new() };
    state
        .table(object.index)
        .rows()
        .filter_map(|row| row.get(position).as_text().map(str::to_owned))
        .collect()
}
