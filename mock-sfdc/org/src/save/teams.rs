//! Teams of accounts and opportunities: who is in one has the record shared with a level of its own, in a row of the record's
//! shares whose cause is Team. A feature of an org; case teams, which ask their roles, are `access/permissions/team.rs`.

use std::sync::Arc;

use super::{Draft, OwnerChange, Save, SaveKind, shares};
use crate::{
    access::permissions::{Level, SharingModel},
    error::Error,
    id::Id,
    save::DmlOptions,
    schema::{Companion, Object},
    state::{Record, State, Transaction},
    value::Value,
    verbs,
};

const CAUSE: &str = "Team";

/// Members, and the object that they are teams of.
const TEAMS: [(&str, &str, OwnerChange); 2] = [
    ("AccountTeamMember", "Account", OwnerChange::KeepAccountTeam),
    ("OpportunityTeamMember", "Opportunity", OwnerChange::KeepSalesTeam),
];

/// The object of a team, where this one is its members.
fn team_of(state: &State, members: &Object) -> Option<Arc<Object>> {
    let (_, of, _) = TEAMS.iter().find(|(name, ..)| members.name.is(name))?;
    state.schema().object(of).cloned()
}

fn id_in(object: &Object, row: &Record, field: &str) -> Option<Id> {
    object.field(field).and_then(|(position, _)| row.get(position).as_id())
}

/// Where a member names the record.
fn to_record(members: &Object, of: &Object) -> Option<usize> {
    members.fields.iter().position(|field| field.refers_to(of.name.as_str()))
}

/// Step 2: who may choose the team, and which levels its members have.
pub(super) fn check(save: &mut Save<'_>) {
    let Some(of) = team_of(save.tx.state(), &save.object) else { return };
    if let Some(at) = to_record(&save.object, &of)
        && let Some(id) = save.edit.get(at).as_id()
        && let (Some(viewer), Some(record)) = (&save.viewer, save.tx.state().table(of.index).get(id))
        && viewer.level(save.tx.state(), of.index, record) < Level::All
    {
        save.errors.push(Error::insufficient_access_on_reference(id));
        return;
    }
    for at in 0..save.object.fields.len() {
        let name = save.object.fields[at].name.as_str().to_owned();
        let Some(below) = name.strip_suffix("AccessLevel") else { continue };
        let said = save.edit.get(at).as_text().map(Level::parse);
        if said == Some(Level::All) {
            save.errors.push(Error::share_level(&name, "All is the owner's, and not given by a team"));
            return;
        }
        if said.is_none() {
            let model = save.tx.state().access().permissions().model(below);
            let is_own = below.eq_ignore_ascii_case(of.name.as_str());
            let level = match model {
                SharingModel::ControlledByParent => save.value(&format!("{}AccessLevel", of.name)).clone(),
                // Whoever is in a team reads.
                _ if is_own => model.level().clamp(Level::Read, Level::Edit).as_str().into(),
                _ => model.level().min(Level::Edit).as_str().into(),
            };
            save.edit.set(at, level);
        }
    }
}

/// The member that the record has already: a second create changes it.
pub(crate) fn standing(save: &Save<'_>) -> Option<(Id, Draft)> {
    let of = team_of(save.tx.state(), &save.object)?;
    let at = to_record(&save.object, &of)?;
    let (user, _) = save.object.field("UserId")?;
    let rows = save.tx.state().lookup(&save.object, at, save.edit.get(at));
    let same = rows.into_iter().find(|row| row.get(user) == save.edit.get(user))?;
    let mut draft = Draft::default();
    for at in &save.given {
        if save.object.fields[*at].updateable {
            draft.put(*at, save.edit.get(*at).clone());
        }
    }
    Some((same.id(), draft))
}

/// Step 7: the share of a member; and the team of a record that goes to another owner, which is not kept unless asked.
pub(super) fn follow(save: &mut Save<'_>) {
    if let Some(of) = team_of(save.tx.state(), &save.object) {
        save.store();
        if let Err(mut errors) = share(save, &of) {
            save.errors.append(&mut errors);
        }
        return;
    }
    let Some((members, _, keep)) = TEAMS.into_iter().find(|(_, of, _)| save.is(of)) else { return };
    if save.kind == SaveKind::Insert
        || !save.is_changed("OwnerId")
        || save.options.owner_changes.contains(&keep)
    {
        return;
    }
    let Some(members) = save.tx.state().schema().object(members).cloned() else { return };
    let Some(at) = to_record(&members, &save.object) else { return };
    for row in save.tx.state().lookup(&members, at, &save.edit.id().into()) {
        shares::remove(save.tx, &members, &row);
        deleted(save.tx, &members, &row);
    }
}

fn share(save: &mut Save<'_>, of: &Arc<Object>) -> Result<(), Vec<Error>> {
    let name = Companion::Share.name_for(of.name.as_str());
    let Some(rows) = save.tx.state().schema().object(&name).cloned() else { return Ok(()) };
    let record = to_record(&save.object, of).and_then(|at| save.edit.get(at).as_id());
    let (Some(record), Some(user)) = (record, save.value("UserId").as_id()) else { return Ok(()) };
    let mut draft = Draft::default();
    let mut put = |field: &str, value: Value| {
        if let Some((position, _)) = rows.field(field) {
            draft.put(position, value);
        }
    };
    for field in rows.fields.iter().filter(|field| field.name.as_str().ends_with("AccessLevel")) {
        put(field.name.as_str(), save.value(field.name.as_str()).clone());
    }
    let options = DmlOptions::seeding();
    if let Some(known) = shares::of_cause(save.tx.state(), &rows, (of, record), user, CAUSE) {
        return verbs::update(save.tx, &rows, known.id(), draft, &options).map(|_| ());
    }
    put(&format!("{}Id", of.name), record.into());
    put("UserOrGroupId", user.into());
    put("RowCause", CAUSE.into());
    verbs::create(save.tx, &rows, draft, &options).map(|_| ())
}

/// Who leaves a team loses the share.
pub(crate) fn deleted(tx: &mut Transaction, members: &Object, row: &Record) {
    let Some(of) = team_of(tx.state(), members) else { return };
    let name = Companion::Share.name_for(of.name.as_str());
    let Some(rows) = tx.state().schema().object(&name).cloned() else { return };
    let record = to_record(members, &of).and_then(|at| row.get(at).as_id());
    let (Some(record), Some(user)) = (record, id_in(members, row, "UserId")) else { return };
    if let Some(known) = shares::of_cause(tx.state(), &rows, (&of, record), user, CAUSE) {
        shares::remove(tx, &rows, &known);
    }
}
