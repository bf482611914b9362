//! What an account and its contacts, opportunities and cases open of each other by themselves (implicit sharing): who reaches
//! a child reads its account, and who owns an account reaches its children as the role's settings say. Only objects whose
//! rows are reached by owner take part; a child that its account decides over gives nothing back.

use super::{
    sharing::{Level, Reach, Shares, position},
    viewer::Viewer,
};
use crate::{
    id::Id,
    schema::{Object, ObjectIx, Schema},
    state::{Record, State},
};

/// Children by the name that settings and shares call them by.
const CHILDREN: [&str; 3] = ["Contact", "Opportunity", "Case"];

/// A row's side of it.
#[derive(Clone, Debug)]
pub(super) enum Family {
    /// An account: its kinds of children, each with the place of its account.
    Account(Vec<(ObjectIx, usize)>),
    Child(Child),
}

/// A child of an account.
#[derive(Clone, Debug)]
pub(super) struct Child {
    /// `Contact`: which of the settings count.
    kind: &'static str,
    /// Where the child names its account.
    account: usize,
    accounts: ObjectIx,
    /// Where the account names its owner.
    owner: usize,
    /// Shares of the account, read for what they say of such children.
    shares: Option<Shares>,
}

pub(super) fn family(schema: &Schema, object: &Object) -> Option<Family> {
    let accounts = schema.object("Account")?;
    if object.index == accounts.index {
        let children = CHILDREN.iter().filter_map(|name| {
            let child = schema.object(name)?;
            Some((child.index, position(child, "AccountId")?))
        });
        return Some(Family::Account(children.collect()));
    }
    let kind = CHILDREN.into_iter().find(|name| object.name.is(name))?;
    Some(Family::Child(Child {
        kind,
        account: position(object, "AccountId")?,
        accounts: accounts.index,
        owner: position(accounts, "OwnerId")?,
        shares: Shares::find(schema, accounts, &format!("{kind}AccessLevel")),
    }))
}

impl Viewer {
    /// What the row's family opens of it.
    pub(super) fn by_family(&self, state: &State, family: &Family, record: &Record) -> Level {
        match family {
            Family::Account(children) => {
                let reaches =
                    |(object, at): &(ObjectIx, usize)| self.has_child(state, *object, *at, record.id());
                if children.iter().any(reaches) { Level::Read } else { Level::None }
            }
            Family::Child(child) => {
                let account = record.get(child.account).as_id();
                let account = account.and_then(|id| state.table(child.accounts).get(id));
                account.map_or(Level::None, |account| self.by_account(state, child, account))
            }
        }
    }

    /// Whether any child of the account is the user's, shared with the user, or opened by a rule. What everybody may read
    /// does not count, or every account would be everybody's.
    fn has_child(&self, state: &State, object: ObjectIx, at: usize, account: Id) -> bool {
        let (Some(Reach::Owner { owner, shares, team, .. }), Some(children)) =
            (self.reaches.get(object.position()), state.schema().by_index(object))
        else {
            return false;
        };
        state.matching(children, at, &account.into()).any(|child| {
            self.owns(child.get(*owner).as_id())
                || team.as_ref().is_some_and(|team| self.by_team(state, team, child.id()) >= Level::Read)
                || self.opened(state, object, child) >= Level::Read
                || shares.as_ref().is_some_and(|at| self.shared(state, at, child.id()) >= Level::Read)
        })
    }

    fn by_account(&self, state: &State, child: &Child, account: &Record) -> Level {
        let owner = account.get(child.owner).as_id();
        let owned = match owner {
            Some(owner) if self.owns(Some(owner)) => of_owner(state, child.kind, owner),
            _ => Level::None,
        };
        let shared = child.shares.as_ref().map_or(Level::None, |at| self.shared(state, at, account.id()));
        owned.max(shared).max(self.opened_below(state, child.accounts, account, child.kind))
    }
}

/// What the role of an account's owner says of children of this kind; without a role nothing.
fn of_owner(state: &State, kind: &str, owner: Id) -> Level {
    let value = |object: &str, id: Id, field: &str| {
        let object = state.schema().object(object)?;
        let row = state.table(object.index).get(id)?;
        Some(row.get(position(object, field)?).clone())
    };
    let role = value("User", owner, "UserRoleId").and_then(|role| role.as_id());
    let said = role.and_then(|role| value("UserRole", role, &format!("{kind}AccessForAccountOwner")));
    said.and_then(|said| said.as_text().map(Level::parse)).unwrap_or(Level::None)
}
