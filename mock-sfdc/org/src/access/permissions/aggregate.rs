//! What a permission set group comes to: the rights of its permission sets, less what its muting permission sets take. They
//! stand in the permission set that the group has, as rows like all others, so that whoever reads permissions, a client or a
//! [`Viewer`](super::Viewer), need not know of groups. They are made again whenever a part changes, or what a part gives.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    effective::PERMISSIONS,
    grant::{ObjectGrant, Right},
    over_objects::rights,
    rows::{Rows, said},
};
use crate::{
    error::Error,
    id::Id,
    save::{DmlOptions, Draft},
    schema::{FieldType, Object},
    state::{Record, Shared, State, Transaction},
    value::Value,
    verbs,
};

const AS_SET_UP: DmlOptions = DmlOptions::seeding();

/// What hangs on a permission set as rows: the object, and the field that says of what.
const KINDS: [(&str, &str); 3] = [
    ("ObjectPermissions", "SobjectType"),
    ("FieldPermissions", "Field"),
    ("SetupEntityAccess", "SetupEntityId"),
];

/// Values of a row by their fields' names.
type Values = Vec<(&'static str, Value)>;

/// The permission set that a group has.
pub(crate) fn set_of_group(state: &State, group: Id) -> Option<Id> {
    Rows { state }.matching("PermissionSet", "PermissionSetGroupId", group).first().map(Shared::id)
}

/// Whether a row follows from a group, so that nobody writes it by hand: the group's permission set, and what hangs on it.
pub(crate) fn is_derived(state: &State, object: &Object, row: &Record) -> bool {
    let rows = Rows { state };
    let of_group = |set: &Record| {
        rows.of("PermissionSet").is_some_and(|sets| !said(sets, set, "PermissionSetGroupId").is_null())
    };
    match object.name.as_str() {
        "PermissionSet" => of_group(row),
        "ObjectPermissions" | "FieldPermissions" | "SetupEntityAccess" => {
            let set = said(object, row, "ParentId").as_id();
            set.and_then(|set| rows.row("PermissionSet", set)).is_some_and(of_group)
        }
        _ => false,
    }
}

/// Takes a change of a row over into the groups that depend on it: the row as it is now, or as it was before it went.
pub(crate) fn follow(tx: &mut Transaction, object: &Object, row: &Record) -> Result<(), Vec<Error>> {
    let id = |field: &str| said(object, row, field).as_id();
    match object.name.as_str() {
        "PermissionSetGroupComponent" => match id("PermissionSetGroupId") {
            Some(group) => all_of(tx, group),
            None => Ok(()),
        },
        "PermissionSet" | "MutingPermissionSet" => {
            groups_with(tx.state(), row.id()).into_iter().try_for_each(|group| system_permissions(tx, group))
        }
        name => {
            let kind = KINDS.into_iter().find(|(kind, _)| *kind == name);
            let (Some((kind, key)), Some(set)) = (kind, id("ParentId")) else { return Ok(()) };
            let of = said(object, row, key).clone();
            groups_with(tx.state(), set).into_iter().try_for_each(|group| one(tx, group, kind, key, &of))
        }
    }
}

/// Takes away what a group had that is gone itself.
pub(crate) fn forget(tx: &mut Transaction, group: Id) {
    let Some(sets) = tx.state().schema().object("PermissionSet").cloned() else { return };
    let own = Rows { state: tx.state() }.matching("PermissionSet", "PermissionSetGroupId", group);
    for set in own {
        for (kind, _) in KINDS {
            for row in (Rows { state: tx.state() }).matching(kind, "ParentId", set.id()) {
                remove(tx, kind, &row);
            }
        }
        tx.delete(&sets, set.edit(sets.fields.len()).build(), group, Vec::new());
        tx.purge(&sets, set.id());
    }
}

/// Groups of which a permission set, muting or not, is a part.
fn groups_with(state: &State, set: Id) -> Vec<Id> {
    Rows { state }.ids("PermissionSetGroupComponent", "PermissionSetGroupId", "PermissionSetId", set)
}

/// A group's permission sets, and its muting ones.
fn parts(rows: Rows<'_>, group: Id) -> (Vec<Shared>, Vec<Shared>) {
    let ids = rows.ids("PermissionSetGroupComponent", "PermissionSetId", "PermissionSetGroupId", group);
    let of = |object: &str| ids.iter().filter_map(|id| rows.row(object, *id).cloned()).collect();
    (of("PermissionSet"), of("MutingPermissionSet"))
}

fn all_of(tx: &mut Transaction, group: Id) -> Result<(), Vec<Error>> {
    system_permissions(tx, group)?;
    for (kind, key) in KINDS {
        let rows = Rows { state: tx.state() };
        let Some(object) = rows.of(kind) else { continue };
        let (sets, _) = parts(rows, group);
        let own = set_of_group(tx.state(), group);
        let mut keys: Vec<Value> = Vec::new();
        let mut seen = BTreeSet::new();
        for set in sets.iter().map(Shared::id).chain(own) {
            for row in rows.matching(kind, "ParentId", set) {
                let of = said(object, &row, key);
                if seen.insert(crate::value::shown(of).to_lowercase()) {
                    keys.push(of.clone());
                }
            }
        }
        keys.iter().try_for_each(|of| one(tx, group, kind, key, of))?;
    }
    Ok(())
}

/// System permissions stand in the permission set itself.
fn system_permissions(tx: &mut Transaction, group: Id) -> Result<(), Vec<Error>> {
    let rows = Rows { state: tx.state() };
    let Some(object) = rows.of("PermissionSet").cloned() else { return Ok(()) };
    let own = set_of_group(tx.state(), group).and_then(|id| Some((id, rows.row("PermissionSet", id)?)));
    let Some((id, own)) = own else { return Ok(()) };
    let (sets, muting) = parts(rows, group);
    let mutes = rows.of("MutingPermissionSet");
    let mut draft = Draft::default();
    let mut changed = false;
    for (position, field) in object.fields.iter().enumerate() {
        if field.kind != FieldType::Boolean || !field.name.as_str().starts_with(PERMISSIONS) {
            continue;
        }
        let given = sets.iter().any(|set| set.get(position).is_true());
        let muted = given
            && mutes.is_some_and(|mutes| {
                muting.iter().any(|set| said(mutes, set, field.name.as_str()).is_true())
            });
        let has = given && !muted;
        if own.get(position).is_true() != has {
            draft.put(position, Value::Bool(has));
            changed = true;
        }
    }
    if changed { verbs::update(tx, &object, id, draft, &AS_SET_UP).map(|_| ()) } else { Ok(()) }
}

/// What a group gives over one object, one field or one thing of set-up.
fn one(tx: &mut Transaction, group: Id, kind: &str, key: &'static str, of: &Value) -> Result<(), Vec<Error>> {
    let rows = Rows { state: tx.state() };
    let Some(object) = rows.of(kind).cloned() else { return Ok(()) };
    let Some(own) = set_of_group(tx.state(), group) else { return Ok(()) };
    let (sets, muting) = parts(rows, group);
    let is_it = |row: &Shared| said(&object, row, key).same(of, false);
    let on = |sets: &[Shared]| -> Vec<Shared> {
        let on = sets.iter().flat_map(|set| rows.matching(kind, "ParentId", set.id()));
        on.filter(is_it).collect()
    };
    let values = match kind {
        "ObjectPermissions" => over_object(&object, &on(&sets), &on(&muting)),
        "FieldPermissions" => over_field(&object, &on(&sets), &on(&muting)),
        _ => (!on(&sets).is_empty()).then(Vec::new),
    };
    let known = rows.matching(kind, "ParentId", own).into_iter().find(is_it);
    match (values, known) {
        (None, None) => Ok(()),
        (None, Some(row)) => {
            remove(tx, kind, &row);
            Ok(())
        }
        (Some(values), Some(row)) => {
            if values.iter().all(|(field, value)| said(&object, &row, field) == value) {
                return Ok(());
            }
            verbs::update(tx, &object, row.id(), draft(&object, values), &AS_SET_UP).map(|_| ())
        }
        (Some(mut values), None) => {
            values.push(("ParentId", own.into()));
            values.push((key, of.clone()));
            if let Some((name, _)) = of.as_text().and_then(|field| field.split_once('.')) {
                values.push(("SobjectType", name.into()));
            }
            verbs::create(tx, &object, draft(&object, values), &AS_SET_UP).map(|_| ())
        }
    }
}

/// What is muted is what is written: to mute reading all is not to mute reading.
fn over_object(object: &Object, given: &[Shared], muted: &[Shared]) -> Option<Values> {
    let none = ObjectGrant::NONE;
    let given = given.iter().fold(none, |all, row| all.and(ObjectGrant::of(&rights(object, row))));
    let left = muted.iter().fold(given, |left, row| left.but(ObjectGrant::bare(&rights(object, row))));
    let says = || Right::ALL.iter().map(|right| (right.field(), Value::Bool(left.has(*right)))).collect();
    (left != none).then(says)
}

/// Who mutes reading mutes editing.
fn over_field(object: &Object, given: &[Shared], muted: &[Shared]) -> Option<Values> {
    let any = |rows: &[Shared], field: &str| rows.iter().any(|row| said(object, row, field).is_true());
    let (read, edit) = ("PermissionsRead", "PermissionsEdit");
    let reads = (any(given, read) || any(given, edit)) && !any(muted, read);
    let edits = any(given, edit) && reads && !any(muted, edit);
    reads.then(|| vec![(read, Value::Bool(true)), (edit, Value::Bool(edits))])
}

fn draft(object: &Arc<Object>, values: Values) -> Draft {
    let mut draft = Draft::default();
    for (name, value) in values {
        if let Some((position, _)) = object.field(name) {
            draft.put(position, value);
        }
    }
    draft
}

/// Past the recycle bin: nobody has deleted it.
fn remove(tx: &mut Transaction, kind: &str, row: &Shared) {
    let Some(object) = tx.state().schema().object(kind).cloned() else { return };
    tx.delete(&object, row.edit(object.fields.len()).build(), row.id(), Vec::new());
    tx.purge(&object, row.id());
}
