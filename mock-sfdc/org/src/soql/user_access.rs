//! `UserPermissionAccess`, `UserEntityAccess` and `UserFieldAccess`: rows that no table keeps. A query of the first has one row,
//! of whoever asks; the other two say of each object and field what a user may do, whoever asks or whom `UserId` names.

use std::collections::BTreeMap;

use compact_str::CompactString;

use super::{
    ast::Query,
    definitions::{row, with_definitions},
    record_access::{compared, joined},
};
use crate::{
    access::permissions::Viewer,
    error::Error,
    id::Id,
    schema::{FieldType, Object},
    state::{Edit, Shared, State},
    value::{DateTime, Value},
};

const PERMISSIONS: &str = "UserPermissionAccess";
const ENTITIES: &str = "UserEntityAccess";
const FIELDS: &str = "UserFieldAccess";

/// Whose access is asked for; nobody in particular is whoever asks.
#[derive(Clone, Debug)]
pub(super) struct Question {
    users: Vec<Id>,
}

impl Question {
    /// What a query of one of these objects asks; `None` of other objects.
    pub fn of(query: &Query, object: &Object) -> Result<Option<Self>, Error> {
        if ![PERMISSIONS, ENTITIES, FIELDS].iter().any(|name| object.name.is(name)) {
            return Ok(None);
        }
        let parts = joined(query).iter().flat_map(|part| compared(part, "UserId"));
        let users: Vec<Id> = parts.filter_map(|text| Id::parse(&text)).collect();
        let text = query.condition.as_ref().map(ToString::to_string).unwrap_or_default();
        if users.is_empty() && text.to_lowercase().contains("userid") {
            return Err(Error::user_access_filter(object.name.as_str()));
        }
        Ok(Some(Self { users }))
    }

    /// The state with the rows that answer it.
    pub fn fill(&self, object: &Object, state: State, asks: Id, now: DateTime) -> State {
        if object.name.is(PERMISSIONS) {
            return permissions(state, asks, now);
        }
        let users = if self.users.is_empty() { vec![asks] } else { self.users.clone() };
        let fields = object.name.is(FIELDS);
        let mut filled = with_definitions(state, fields);
        let mut number = 0;
        for user in users {
            let viewer = filled.viewer(user);
            filled = if fields {
                of_fields(filled, &viewer, &mut number)
            } else {
                of_entities(filled, &viewer, &mut number)
            };
        }
        filled
    }
}

fn permissions(state: State, user: Id, now: DateTime) -> State {
    let Some(of) = state.schema().object(PERMISSIONS).cloned() else { return state };
    let viewer = state.viewer(user);
    let id = Id::from_number(of.record_prefix, state.settings().pod, 1);
    let mut made = row(&of, id, [("LastCacheUpdate", now.whole_seconds().into())]);
    for (position, field) in of.fields.iter().enumerate() {
        if field.kind == FieldType::Boolean
            && let Some(permission) = field.name.as_str().strip_prefix("Permissions")
        {
            made.set(position, viewer.may(permission));
        }
    }
    let mut filled = state;
    filled.replace(&of, id, &made);
    filled
}

/// The rows of a kind of definition by their `DurableId`.
fn definitions(state: &State, definition: &str) -> BTreeMap<CompactString, Id> {
    let found = state.schema().object(definition).and_then(|rows| {
        let (position, _) = rows.field("DurableId")?;
        let named = |row: &Shared| Some((row.get(position).as_text()?.into(), row.id()));
        Some(state.table(rows.index).rows().filter_map(named).collect())
    });
    found.unwrap_or_default()
}

/// Lets a row lead to a definition.
fn relate(of: &Object, made: &mut Edit, definition: &str, id: Option<&Id>) {
    if let (Some((position, _)), Some(id)) = (of.parent_relationship(definition), id) {
        made.set(position, *id);
    }
}

fn of_entities(state: State, viewer: &Viewer, number: &mut u64) -> State {
    let schema = state.schema().clone();
    let Some(of) = schema.object(ENTITIES) else { return state };
    let pod = state.settings().pod;
    let entities = definitions(&state, "EntityDefinition");
    let secures = viewer.may("ManageProfilesPermissionsets");
    let mut filled = state;
    for object in schema.objects().filter(|object| schema.object(object.name.as_str()).is_some()) {
        let name = object.name.as_str();
        // What the user does not see is not in the user's schema.
        let seen = viewer.schema().object(name);
        let may = |flag: fn(&Object) -> bool| Value::Bool(seen.is_some_and(|seen| flag(seen)));
        *number += 1;
        let id = Id::from_number(of.record_prefix, pod, *number);
        let mut made = row(
            of,
            id,
            [
                ("DurableId", format!("{name}.{}", viewer.user().short()).as_str().into()),
                ("UserId", viewer.user().into()),
                ("EntityDefinitionId", name.into()),
                ("IsReadable", may(|seen| seen.queryable || seen.retrieveable)),
                ("IsCreatable", may(|seen| seen.createable)),
                ("IsEditable", may(|seen| seen.updateable)),
                ("IsUpdatable", may(|seen| seen.updateable)),
                ("IsDeletable", may(|seen| seen.deletable)),
                ("IsUndeletable", may(|seen| seen.undeletable && seen.deletable)),
                ("IsMergeable", may(|seen| seen.mergeable && seen.deletable)),
                ("IsActivateable", may(|seen| seen.activateable)),
                (
                    "IsFlsUpdatable",
                    (secures && object.fields.iter().any(|field| field.permissionable)).into(),
                ),
            ],
        );
        relate(of, &mut made, "EntityDefinition", entities.get(name));
        filled.replace(of, id, &made);
    }
    filled
}

fn of_fields(state: State, viewer: &Viewer, number: &mut u64) -> State {
    let schema = state.schema().clone();
    let Some(of) = schema.object(FIELDS) else { return state };
    let pod = state.settings().pod;
    let entities = definitions(&state, "EntityDefinition");
    let fields = definitions(&state, "FieldDefinition");
    let mut filled = state;
    for object in schema.objects().filter(|object| schema.object(object.name.as_str()).is_some()) {
        let seen = viewer.schema().object(object.name.as_str());
        for (_, field) in object.visible_fields() {
            let path = format!("{}.{}", object.name, field.name);
            let seen = seen.and_then(|seen| Some((seen, seen.field(field.name.as_str())?.1)));
            *number += 1;
            let id = Id::from_number(of.record_prefix, pod, *number);
            let mut made = row(
                of,
                id,
                [
                    ("DurableId", format!("{path}.{}", viewer.user().short()).as_str().into()),
                    ("UserId", viewer.user().into()),
                    ("EntityDefinitionId", object.name.as_str().into()),
                    ("FieldDefinitionId", path.as_str().into()),
                    ("IsAccessible", seen.is_some().into()),
                    ("IsCreatable", seen.is_some_and(|(of, field)| of.createable && field.createable).into()),
                    ("IsUpdatable", seen.is_some_and(|(of, field)| of.updateable && field.updateable).into()),
                ],
            );
            relate(of, &mut made, "EntityDefinition", entities.get(object.name.as_str()));
            relate(of, &mut made, "FieldDefinition", fields.get(path.as_str()));
            filled.replace(of, id, &made);
        }
    }
    filled
}
