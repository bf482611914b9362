//! Which rows somebody reaches: org-wide defaults, owners, the role hierarchy, queues, shares, and parents that decide for
//! their children (`contract/behaviour.md` section 9); `implicit` is what accounts and their children open of each other. Rights over the object come first, and cap all of it.

use serde::{Deserialize, Serialize};

use super::{
    governs::{Governor, governor},
    grant::Right,
    implicit::{Family, family},
    settings::PermissionSettings,
    sharing_rule::Opened,
    team::Team,
    viewer::Viewer,
};
use crate::{
    id::Id,
    schema::{FieldType, Object, ObjectIx, Schema},
    state::{Record, State},
};

/// What everybody may do with everybody's rows, in metadata's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SharingModel {
    Private,
    Read,
    ReadWrite,
    ReadWriteTransfer,
    FullAccess,
    ControlledByParent,
}

impl SharingModel {
    /// What a new org has.
    #[must_use]
    pub fn usual(object: &str) -> Self {
        match object {
            "Contact" | "Contract" | "Order" | "Asset" => Self::ControlledByParent,
            "Lead" | "Case" => Self::ReadWriteTransfer,
            "Campaign" => Self::FullAccess,
            "User" => Self::Read,
            "Task" | "Event" => Self::Private,
            _ => Self::ReadWrite,
        }
    }

    /// How far everybody reaches on everybody's records.
    #[must_use]
    pub const fn level(self) -> Level {
        match self {
            Self::Private | Self::ControlledByParent => Level::None,
            Self::Read => Level::Read,
            Self::ReadWrite | Self::ReadWriteTransfer => Level::Edit,
            Self::FullAccess => Level::All,
        }
    }
}

/// How far somebody's hand reaches on one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    None,
    Read,
    Edit,
    /// Delete, transfer and share.
    All,
}

impl Level {
    /// As shares and `UserRecordAccess` write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Read => "Read",
            Self::Edit => "Edit",
            Self::All => "All",
        }
    }

    pub(crate) fn parse(text: &str) -> Self {
        [Self::Read, Self::Edit, Self::All]
            .into_iter()
            .find(|level| level.as_str() == text)
            .unwrap_or(Self::None)
    }
}

/// How the rows of an object are reached.
#[derive(Clone, Debug)]
pub(super) enum Reach {
    /// All alike.
    Everywhere,
    /// By their owner; everybody else has `floor`.
    Owner { owner: usize, floor: Level, shares: Option<Shares>, family: Option<Family>, team: Option<Team> },
    /// By a parent, the first of these references that is filled; by the owner where none is.
    Parent { links: Vec<usize>, owner: Option<usize> },
    /// By their owner, and readable by who reads what they are about.
    Activity { owner: usize, links: Vec<usize> },
    /// Users: everybody reads, each edits the own row.
    User { floor: Level },
}

/// The object that shares of an object stand in.
#[derive(Clone, Debug)]
pub(super) struct Shares {
    object: ObjectIx,
    parent: usize,
    grantee: usize,
    level: usize,
}

/// What decides over the rows of an object, beyond rights over the object.
pub(super) fn reach(schema: &Schema, settings: &PermissionSettings, object: &Object) -> Reach {
    let name = object.name.as_str();
    let owner = object.field("OwnerId").map(|(position, _)| position);
    let model = settings.model(name);
    match name {
        "User" => return Reach::User { floor: model.level() },
        "Task" | "Event" => {
            let links = ["WhatId", "WhoId"].iter().filter_map(|name| position(object, name)).collect();
            return owner.map_or(Reach::Everywhere, |owner| Reach::Activity { owner, links });
        }
        "Attachment" | "Note" => {
            return Reach::Parent { links: position(object, "ParentId").into_iter().collect(), owner };
        }
        _ => {}
    }
    if let Governor::Parent(parent) = governor(name) {
        let points_up = |target: &str| target.trim_end_matches("__c").eq_ignore_ascii_case(parent);
        let to_parent = object.fields.iter().position(|field| {
            field.kind == FieldType::Reference
                && field.reference_to.iter().any(|name| points_up(name.as_str()))
        });
        return to_parent.map_or(Reach::Everywhere, |link| Reach::Parent { links: vec![link], owner: None });
    }
    if governor(name) != Governor::Itself {
        return Reach::Everywhere;
    }
    let masters: Vec<usize> = object
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.relationship_order.is_some())
        .map(|(position, _)| position)
        .collect();
    if !masters.is_empty() && owner.is_none() {
        return Reach::Parent { links: masters, owner: None };
    }
    if model == SharingModel::ControlledByParent {
        let links: Vec<usize> = position(object, "AccountId").into_iter().chain(masters).collect();
        if !links.is_empty() {
            return Reach::Parent { links, owner };
        }
    }
    match owner {
        Some(owner) => Reach::Owner {
            owner,
            floor: model.level(),
            shares: Shares::of(schema, object),
            family: family(schema, object),
            team: Team::of(schema, object),
        },
        None => Reach::Everywhere,
    }
}

pub(super) fn position(object: &Object, field: &str) -> Option<usize> {
    object.field(field).map(|(position, _)| position)
}

impl Shares {
    fn of(schema: &Schema, object: &Object) -> Option<Self> {
        let own_level = format!("{}AccessLevel", object.name);
        Self::find(schema, object, &own_level).or_else(|| Self::find(schema, object, "AccessLevel"))
    }

    /// `LeadShare`, `Invoice__Share`: the companion that shares of an object stand in, if the org has it and it has this level.
    pub(super) fn find(schema: &Schema, object: &Object, level: &str) -> Option<Self> {
        let name = object.name.as_str();
        let companion =
            name.strip_suffix("__c").map_or_else(|| format!("{name}Share"), |base| format!("{base}__Share"));
        let companion = schema.object(&companion)?;
        let parent = companion.fields.iter().position(|field| field.refers_to(name))?;
        let grantee = position(companion, "UserOrGroupId")?;
        Some(Self { object: companion.index, parent, grantee, level: position(companion, level)? })
    }
}

/// Parents of parents: a chain longer than this is a circle.
const DEEPEST: u8 = 8;

impl Viewer {
    /// Whether each row of the object is readable, so that none need be asked.
    #[must_use]
    pub fn sees_every_row(&self, object: ObjectIx) -> bool {
        let grant = self.grant(object);
        if !grant.has(Right::Read) || grant.has(Right::ViewAll) {
            return grant.has(Right::Read);
        }
        match self.reaches.get(object.position()) {
            None | Some(Reach::Everywhere) => true,
            Some(Reach::Owner { floor, .. } | Reach::User { floor }) => *floor >= Level::Read,
            Some(Reach::Parent { .. } | Reach::Activity { .. }) => false,
        }
    }

    #[must_use]
    pub fn sees(&self, state: &State, object: ObjectIx, record: &Record) -> bool {
        self.sees_every_row(object) || self.level(state, object, record) >= Level::Read
    }

    /// How far the user reaches on a row, capped by the rights over its object.
    #[must_use]
    pub fn level(&self, state: &State, object: ObjectIx, record: &Record) -> Level {
        let grant = self.grant(object);
        let cap = match (grant.has(Right::Read), grant.has(Right::Edit), grant.has(Right::Delete)) {
            (false, ..) => Level::None,
            (true, false, _) => Level::Read,
            (true, true, false) => Level::Edit,
            (true, true, true) => Level::All,
        };
        self.reached(state, object, record, DEEPEST).min(cap)
    }

    /// What sharing gives, before rights over the object cap it.
    fn reached(&self, state: &State, object: ObjectIx, record: &Record, depth: u8) -> Level {
        let grant = self.grant(object);
        if grant.has(Right::ModifyAll) {
            return Level::All;
        }
        let least = if grant.has(Right::ViewAll) { Level::Read } else { Level::None };
        let Some(reach) = self.reaches.get(object.position()) else { return Level::All };
        let reached = match reach {
            Reach::Everywhere => Level::All,
            Reach::User { floor } => {
                if record.id() == self.user {
                    Level::Edit
                } else if self.may("ManageUsers") {
                    Level::All
                } else {
                    *floor
                }
            }
            Reach::Owner { owner, floor, shares, family, team } => {
                if self.owns(record.get(*owner).as_id()) {
                    Level::All
                } else {
                    let shared =
                        shares.as_ref().map_or(Level::None, |at| self.shared(state, at, record.id()));
                    let team =
                        team.as_ref().map_or(Level::None, |team| self.by_team(state, team, record.id()));
                    let given = (*floor).max(shared).max(team).max(self.opened(state, object, record));
                    match family {
                        // Nothing that comes by itself goes beyond it.
                        Some(family) if given < Level::Edit => {
                            given.max(self.by_family(state, family, record))
                        }
                        _ => given,
                    }
                }
            }
            Reach::Parent { links, owner } => match links.iter().find_map(|at| record.get(*at).as_id()) {
                Some(parent) => match self.parent(state, parent, depth) {
                    // Who may edit the parent has its children in hand.
                    Level::Edit | Level::All => Level::All,
                    level => level,
                },
                None => match owner {
                    Some(owner) if !self.owns(record.get(*owner).as_id()) => Level::None,
                    _ => Level::All,
                },
            },
            Reach::Activity { owner, links } => {
                if self.owns(record.get(*owner).as_id()) {
                    Level::All
                } else {
                    let about = links.iter().filter_map(|at| record.get(*at).as_id());
                    about
                        .map(|id| self.parent(state, id, depth).min(Level::Read))
                        .max()
                        .unwrap_or(Level::None)
                }
            }
        };
        reached.max(least)
    }

    fn parent(&self, state: &State, id: Id, depth: u8) -> Level {
        if depth == 0 {
            return Level::None;
        }
        match state.find(id) {
            Some((object, record)) if self.allows(object.index, Right::Read) => {
                self.reached(state, object.index, record, depth - 1)
            }
            _ => Level::None,
        }
    }

    /// The user's own, a subordinate's, or a queue's that the user or a subordinate is in.
    pub(super) fn owns(&self, owner: Option<Id>) -> bool {
        owner.is_some_and(|owner| {
            owner == self.user
                || [&self.subordinates, &self.memberships, &self.queues_below]
                    .iter()
                    .any(|known| known.contains(&owner))
        })
    }

    /// What sharing rules open of a record.
    pub(super) fn opened(&self, state: &State, object: ObjectIx, record: &Record) -> Level {
        self.opened_by(state, object, record, Opened::level)
    }

    /// What sharing rules of accounts open of an account's children of this kind.
    pub(super) fn opened_below(
        &self,
        state: &State,
        accounts: ObjectIx,
        account: &Record,
        kind: &str,
    ) -> Level {
        self.opened_by(state, accounts, account, |rule| rule.below(kind))
    }

    fn opened_by(
        &self,
        state: &State,
        object: ObjectIx,
        record: &Record,
        level: impl Fn(&Opened) -> Level,
    ) -> Level {
        let (Some(rules), Some(object)) = (self.opened.get(&object), state.schema().by_index(object)) else {
            return Level::None;
        };
        rules.iter().filter(|rule| rule.opens(object, record)).map(level).max().unwrap_or(Level::None)
    }

    pub(super) fn shared(&self, state: &State, shares: &Shares, id: Id) -> Level {
        let Some(object) = state.schema().by_index(shares.object) else { return Level::None };
        if state.table(shares.object).is_empty() {
            return Level::None;
        }
        let rows = state.lookup(object, shares.parent, &id.into());
        let granted = rows.iter().filter(|row| self.owns(row.get(shares.grantee).as_id()));
        granted
            .filter_map(|row| row.get(shares.level).as_text().map(Level::parse))
            .max()
            .unwrap_or(Level::None)
    }
}
