//! Case teams: who is in a case's team reaches it as the member's role in the team says.

use super::{
    sharing::{Level, position},
    viewer::Viewer,
};
use crate::{
    id::Id,
    schema::{Object, ObjectIx, Schema},
    state::State,
};

/// Where an org keeps them.
#[derive(Clone, Debug)]
pub(super) struct Team {
    members: ObjectIx,
    case: usize,
    member: usize,
    role: usize,
    roles: ObjectIx,
    level: usize,
}

impl Team {
    pub fn of(schema: &Schema, object: &Object) -> Option<Self> {
        let (members, roles) = (schema.object("CaseTeamMember")?, schema.object("CaseTeamRole")?);
        object.name.is("Case").then_some(())?;
        Some(Self {
            members: members.index,
            case: position(members, "ParentId")?,
            member: position(members, "MemberId")?,
            role: position(members, "TeamRoleId")?,
            roles: roles.index,
            level: position(roles, "AccessLevel")?,
        })
    }
}

impl Viewer {
    /// What the team of a case gives the user, or a subordinate.
    pub(super) fn by_team(&self, state: &State, team: &Team, case: Id) -> Level {
        let Some(members) = state.schema().by_index(team.members) else { return Level::None };
        if state.table(team.members).is_empty() {
            return Level::None;
        }
        let rows = state.lookup(members, team.case, &case.into());
        let own = rows.iter().filter(|row| self.owns(row.get(team.member).as_id()));
        let role = |id: Id| state.table(team.roles).get(id).cloned();
        let levels = own.filter_map(|row| role(row.get(team.role).as_id()?));
        levels
            .filter_map(|role| role.get(team.level).as_text().map(Level::parse))
            .max()
            .unwrap_or(Level::None)
    }
}
