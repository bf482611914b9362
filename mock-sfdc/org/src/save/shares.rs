//! Sharing by hand (`RowCause` Manual): who may share, what a share must give, and when it falls. The companion of an object
//! holds the rows; what they open is [`Viewer`](crate::access::permissions::Viewer)'s business.

use std::sync::Arc;

use super::{Draft, Save, SaveKind};
use crate::{
    access::permissions::{Level, SharingModel},
    error::Error,
    id::Id,
    schema::{Companion, Object},
    state::{Record, Shared, State, Transaction},
    value::Value,
};

const BY_HAND: &str = "Manual";

/// The object whose records a companion shares.
fn shared_object(state: &State, object: &Object) -> Option<Arc<Object>> {
    let is_share = object.associate_entity_type.as_deref() == Some(Companion::Share.as_str());
    let parent = object.associate_parent_entity.as_ref().filter(|_| is_share)?;
    state.schema().object(parent.as_str()).cloned()
}

/// Where a share names the record that it shares.
fn to_parent(object: &Object, parent: &Object) -> Option<usize> {
    object.fields.iter().position(|field| field.refers_to(parent.name.as_str()))
}

fn text<'r>(object: &Object, row: &'r Record, field: &str) -> Option<&'r str> {
    object.field(field).and_then(|(position, _)| row.get(position).as_text())
}

/// Step 2: rights, cause, grantee and levels of a share.
pub(super) fn check(save: &mut Save<'_>) {
    if save.options.seeding {
        return;
    }
    let Some(parent) = shared_object(save.tx.state(), &save.object) else { return };
    if let Err(error) = may_share(save, &parent).and_then(|()| levels(save, &parent)) {
        save.errors.push(error);
    }
}

fn may_share(save: &mut Save<'_>, parent: &Arc<Object>) -> Result<(), Error> {
    match &save.before {
        Some(before) if text(&save.object, before, "RowCause") != Some(BY_HAND) => {
            return Err(Error::share_not_by_hand());
        }
        Some(_) => {}
        None if save.value("RowCause").is_null() => save.set("RowCause", BY_HAND),
        None if save.value("RowCause").as_text() == Some(BY_HAND) => {}
        None => return Err(Error::share_cause(&crate::value::shown(save.value("RowCause")))),
    }
    let record = to_parent(&save.object, parent).and_then(|at| save.edit.get(at).as_id());
    if let Some(id) = record {
        let state = save.tx.state();
        let level = match (&save.viewer, state.table(parent.index).get(id)) {
            (Some(viewer), Some(record)) => viewer.level(state, parent.index, record),
            _ => Level::All,
        };
        if level < Level::All {
            return Err(Error::insufficient_access_on_reference(id));
        }
    }
    let grantee = save.value("UserOrGroupId").as_id().and_then(|id| save.tx.state().find(id));
    let is_queue = grantee
        .is_some_and(|(object, row)| object.name.is("Group") && text(object, row, "Type") == Some("Queue"));
    if is_queue { Err(Error::invalid_cross_reference()) } else { Ok(()) }
}

/// A share gives more than everybody has, and less than the owner.
fn levels(save: &mut Save<'_>, parent: &Arc<Object>) -> Result<(), Error> {
    let own = parent.name.as_str();
    let fields = save.object.fields.iter().enumerate();
    let fields = fields.filter_map(|(at, field)| {
        let of = field.name.as_str().strip_suffix("AccessLevel")?;
        Some((at, field.name.as_str().to_owned(), if of.is_empty() { own.to_owned() } else { of.to_owned() }))
    });
    let mut trivial = None;
    let mut gives = false;
    for (at, field, of) in fields.collect::<Vec<_>>() {
        let model = model(save.tx.state(), &of);
        let usual = model.level();
        let follows = of != own && model == SharingModel::ControlledByParent;
        if save.kind == SaveKind::Insert && save.edit.get(at).is_null() && of != own && of != "Opportunity" {
            let level = if follows {
                save.value(&format!("{own}AccessLevel")).clone()
            } else {
                usual.as_str().into()
            };
            save.edit.set(at, level);
            continue;
        }
        let Some(level) = save.edit.get(at).as_text() else { continue };
        if level == Level::All.as_str() {
            return Err(Error::share_level(&field, "All is the owner's, and not given by hand"));
        }
        if follows && save.given.contains(&at) {
            return Err(Error::share_level(&field, &format!("{of} records follow their {own}")));
        }
        let level = level.to_owned();
        gives = gives || (!follows && Level::parse(&level) > usual);
        if of == own {
            trivial = Some((field, level, usual));
        }
    }
    match trivial {
        Some((field, level, usual)) if !gives => Err(Error::trivial_share(&field, &level, usual.as_str())),
        _ => Ok(()),
    }
}

fn model(state: &State, object: &str) -> SharingModel {
    state.access().permissions().model(object)
}

/// The row that says already what is to be created: the same record, user or group, and cause. A second create changes it.
pub(crate) fn standing(save: &Save<'_>) -> Option<(Id, Draft)> {
    if save.options.seeding {
        return None;
    }
    let parent = shared_object(save.tx.state(), &save.object)?;
    let at = to_parent(&save.object, &parent)?;
    let (with, _) = save.object.field("UserOrGroupId")?;
    let rows = save.tx.state().lookup(&save.object, at, save.edit.get(at));
    let same = rows.into_iter().find(|row| {
        row.get(with) == save.edit.get(with) && text(&save.object, row, "RowCause") == Some(BY_HAND)
    })?;
    let mut draft = Draft::default();
    for at in &save.given {
        if save.object.fields[*at].updateable {
            draft.put(*at, save.edit.get(*at).clone());
        }
    }
    Some((same.id(), draft))
}

/// Who may delete a share: only those by hand go, by the hand of who may share.
pub(crate) fn check_delete(tx: &Transaction, object: &Object, row: &Record) -> Result<(), Error> {
    let Some(parent) = shared_object(tx.state(), object) else { return Ok(()) };
    if text(object, row, "RowCause") != Some(BY_HAND) {
        return Err(Error::share_not_deletable());
    }
    let record = to_parent(object, &parent).and_then(|at| row.get(at).as_id());
    let record = record.and_then(|id| tx.state().table(parent.index).get(id));
    match (tx.viewer(), record) {
        (Some(viewer), Some(record)) if viewer.level(tx.state(), parent.index, record) < Level::All => {
            Err(Error::insufficient_access())
        }
        _ => Ok(()),
    }
}

/// Step 7: another owner shares anew.
pub(super) fn drop_for_new_owner(save: &mut Save<'_>) {
    if save.kind == SaveKind::Insert || !save.is_changed("OwnerId") {
        return;
    }
    let name = Companion::Share.name_for(save.object.name.as_str());
    let Some(shares) = save.tx.state().schema().object(&name).cloned() else { return };
    let Some(at) = to_parent(&shares, &save.object) else { return };
    for row in save.tx.state().lookup(&shares, at, &save.edit.id().into()) {
        if text(&shares, &row, "RowCause") == Some(BY_HAND) {
            remove(save.tx, &shares, &row);
        }
    }
}

/// Past the recycle bin: nobody has deleted it.
pub(super) fn remove(tx: &mut Transaction, shares: &Object, row: &Shared) {
    tx.delete(shares, row.edit(shares.fields.len()).build(), row.id(), Vec::new());
    tx.purge(shares, row.id());
}

/// The share of one cause that a record has with somebody.
pub(super) fn of_cause(
    state: &State,
    shares: &Object,
    record: (&Object, Id),
    with: Id,
    cause: &str,
) -> Option<Shared> {
    let at = to_parent(shares, record.0)?;
    let (grantee, _) = shares.field("UserOrGroupId")?;
    let rows = state.lookup(shares, at, &Value::from(record.1));
    rows.into_iter()
        .find(|row| row.get(grantee).as_id() == Some(with) && text(shares, row, "RowCause") == Some(cause))
}
