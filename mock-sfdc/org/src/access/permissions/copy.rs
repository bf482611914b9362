//! A profile of one's own: what a test needs to take something away from one user and from nobody else.

use std::sync::Arc;

use super::write::Holder;
use crate::{
    id::Id,
    save::{DmlOptions, Draft},
    schema::Object,
    state::{Shared, Transaction},
    value::Value,
    verbs,
};

/// The profile that only this user has: a copy of the one that the user had, with its permission set and all rows of it.
pub fn own_profile(tx: &mut Transaction, user: Id) -> Result<Holder, String> {
    let users = object(tx, "User")?;
    let person = tx.state().table(users.index).get(user).cloned().ok_or("there is no such user")?;
    let username = text(&users, &person, "Username");
    let name = format!("Profile of {username}");
    if let Some(holder) = Holder::profile(tx, &name) {
        return Ok(holder);
    }
    let profiles = object(tx, "Profile")?;
    let old = value(&users, &person, "ProfileId").as_id().ok_or("the user has no profile")?;
    let row = tx.state().table(profiles.index).get(old).cloned().ok_or("the user has no profile")?;
    let profile = copy(tx, &profiles, &row, &[("Name", name.as_str().into())])?;
    let sets = object(tx, "PermissionSet")?;
    let owned = rows(tx, &sets, "ProfileId", old);
    let owned = owned.first().ok_or("the profile has no permission set")?;
    let api_name = format!("X{}", profile.short());
    let set = copy(
        tx,
        &sets,
        owned,
        &[
            ("Name", api_name.as_str().into()),
            ("Label", api_name.as_str().into()),
            ("ProfileId", profile.into()),
        ],
    )?;
    for kind in ["ObjectPermissions", "FieldPermissions"] {
        let kind = object(tx, kind)?;
        for row in rows(tx, &kind, "ParentId", owned.id()) {
            copy(tx, &kind, &row, &[("ParentId", set.into())])?;
        }
    }
    let settings = tx.permissions_mut();
    if settings.hidden_fields.contains(&old) {
        settings.hidden_fields.insert(profile);
    }
    if let Some(hours) = settings.login_hours.get(&old).cloned() {
        settings.login_hours.insert(profile, hours);
    }
    if let Some(ranges) = settings.login_ip_ranges.get(&old).cloned() {
        settings.login_ip_ranges.insert(profile, ranges);
    }
    let mut draft = Draft::default();
    if let Some((position, _)) = users.field("ProfileId") {
        draft.put(position, profile.into());
    }
    verbs::update(tx, &users, user, draft, &DmlOptions::seeding()).map_err(|errors| said(&errors))?;
    Ok(Holder { profile: Some(profile), set })
}

/// What a copy gets anew.
const ANEW: [&str; 6] =
    ["Id", "CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp"];

fn copy(
    tx: &mut Transaction,
    object: &Arc<Object>,
    row: &Shared,
    changes: &[(&str, Value)],
) -> Result<Id, String> {
    let mut draft = Draft::default();
    for (position, value) in row.filled() {
        let keeps =
            object.field_at(position).is_some_and(|field| !ANEW.iter().any(|name| field.name.is(name)));
        if keeps {
            draft.put(position, value.clone());
        }
    }
    for (name, value) in changes {
        if let Some((position, _)) = object.field(name) {
            draft.put(position, value.clone());
        }
    }
    verbs::create(tx, object, draft, &DmlOptions::seeding()).map_err(|errors| said(&errors))
}

fn said(errors: &[crate::error::Error]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ")
}

fn object(tx: &Transaction, name: &str) -> Result<Arc<Object>, String> {
    tx.state().schema().object(name).cloned().ok_or_else(|| format!("the org has no object {name}"))
}

fn rows(tx: &Transaction, object: &Object, field: &str, id: Id) -> Vec<Shared> {
    let position = object.field(field).map(|(position, _)| position);
    position.map(|position| tx.state().lookup(object, position, &id.into())).unwrap_or_default()
}

fn value<'r>(object: &Object, row: &'r Shared, field: &str) -> &'r Value {
    object.field(field).map_or(&Value::Null, |(position, _)| row.get(position))
}

fn text(object: &Object, row: &Shared, field: &str) -> String {
    value(object, row, field).as_text().unwrap_or_default().to_owned()
}
