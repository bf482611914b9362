//! Another org with the same data: a fork has an organization id of its own, and its users have usernames of their own,
//! as those of a sandbox have (`.name` behind the original).

use crate::{
    id::Id,
    settings::ORGANIZATION,
    state::{Edit, State},
    value::Value,
};

/// The state under the id of organization `number`: the row of Organization moves along, sessions are separated.
#[must_use]
pub fn with_identity(state: &State, number: u64) -> State {
    with_organization_id(state, Id::from_number(ORGANIZATION, state.settings().pod, number))
}

/// The same under this organization id.
#[must_use]
pub fn with_organization_id(state: &State, new: Id) -> State {
    let mut state = state.clone();
    let old = state.settings().organization_id;
    state.settings_mut().organization_id = new;
    state.access_mut().detach();
    if let Some(object) = state.schema().object("Organization").cloned()
        && let Some(row) = state.table(object.index).get(old).cloned()
    {
        let mut moved = Edit::new(new, object.fields.len());
        for (position, value) in row.filled() {
            moved.set(position, if *value == Value::Id(old) { Value::Id(new) } else { value.clone() });
        }
        state.replace(&object, old, &moved);
    }
    state
}

/// The hooks of an org in another state of it: code is in no image.
pub fn keep_hooks(state: &mut State, old: &State) {
    *state.hooks_mut() = old.hooks().over(old.schema(), state.schema());
}

/// The same org as a sandbox: what tells of its kind says so, and the original's host names are not its own.
#[must_use]
pub fn as_sandbox(state: &State) -> State {
    let mut state = state.clone();
    let settings = state.settings_mut();
    settings.sandbox = true;
    settings.my_domain = None;
    let id = settings.organization_id;
    if let Some(object) = state.schema().object("Organization").cloned()
        && let Some((position, _)) = object.field("IsSandbox")
        && let Some(row) = state.table(object.index).get(id).cloned()
    {
        let mut edit = row.edit(object.fields.len());
        edit.set(position, true);
        state.replace(&object, id, &edit);
    }
    state
}

/// Appends `.suffix` to every username: in records, logins, assignment rules and workflow actions.
#[must_use]
pub fn rename_usernames(state: &State, suffix: &str) -> State {
    let mut state = state.clone();
    let renamed = |name: &str| format!("{name}.{suffix}");
    state.access_mut().rename_logins(renamed);
    state.rules_mut().rename_users(renamed);
    let Some(object) = state.schema().object("User").cloned() else { return state };
    let Some((position, _)) = object.field("Username") else { return state };
    let users: Vec<_> = state.table(object.index).rows().cloned().collect();
    for user in users {
        let mut edit = user.edit(object.fields.len());
        if let Some(name) = user.get(position).as_text() {
            edit.set(position, renamed(name).as_str());
        }
        state.replace(&object, user.id(), &edit);
    }
    state
}
