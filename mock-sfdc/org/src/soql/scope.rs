//! `USING SCOPE`: whose records a query means (`contract/soql.md` section 2).

use std::collections::BTreeSet;

use crate::{
    id::Id,
    schema::Object,
    state::{Record, State},
    value::Value,
};

/// A scope that leaves records out. Positions are those of the object's own fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Mine {
        owner: usize,
    },
    MineAndMyGroups {
        owner: usize,
    },
    /// What I have given to others to do.
    Delegated {
        owner: usize,
        creator: usize,
    },
    UserOwned {
        owner: usize,
    },
    QueueOwned {
        owner: usize,
    },
}

/// A scope for one user at one moment.
#[derive(Debug)]
pub struct Owners {
    scope: Scope,
    user: Id,
    groups: BTreeSet<Id>,
}

impl Scope {
    pub fn owners(self, state: &State, user: Id) -> Owners {
        let groups = if matches!(self, Self::MineAndMyGroups { .. }) {
            groups_of(state, user)
        } else {
            BTreeSet::new()
        };
        Owners { scope: self, user, groups }
    }
}

impl Owners {
    pub fn include(&self, record: &Record) -> bool {
        let id = |position: usize| record.get(position).as_id();
        let is_prefix = |owner: usize, prefix: &[u8; 3]| id(owner).is_some_and(|id| id.prefix() == *prefix);
        match self.scope {
            Scope::Mine { owner } => id(owner) == Some(self.user),
            Scope::MineAndMyGroups { owner } => {
                id(owner).is_some_and(|id| id == self.user || self.groups.contains(&id))
            }
            Scope::Delegated { owner, creator } => {
                id(creator) == Some(self.user) && id(owner) != Some(self.user)
            }
            Scope::UserOwned { owner } => is_prefix(owner, b"005"),
            Scope::QueueOwned { owner } => is_prefix(owner, b"00G"),
        }
    }
}

/// The groups and queues that a user belongs to, over any number of groups in groups.
fn groups_of(state: &State, user: Id) -> BTreeSet<Id> {
    let mut found = BTreeSet::new();
    let Some(members) = state.schema().object("GroupMember") else { return found };
    let position = |object: &Object, name: &str| object.field(name).map(|(position, _)| position);
    let (Some(group), Some(member)) = (position(members, "GroupId"), position(members, "UserOrGroupId"))
    else {
        return found;
    };
    let mut waiting = vec![user];
    while let Some(id) = waiting.pop() {
        for row in state.lookup(members, member, &Value::Id(id)) {
            if let Some(group) = row.get(group).as_id()
                && found.insert(group)
            {
                waiting.push(group);
            }
        }
    }
    found
}
