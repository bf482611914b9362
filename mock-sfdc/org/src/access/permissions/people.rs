//! Where somebody stands: who is below in the roles, which groups and queues somebody is in, and what sharing rules open to
//! all of that.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    rows::{Rows, said},
    sharing_rule::Opened,
};
use crate::{id::Id, schema::ObjectIx, state::Record};

impl Rows<'_> {
    /// Users whose role stands below this one.
    pub(super) fn below(self, role: Option<Id>) -> BTreeSet<Id> {
        let mut users = BTreeSet::new();
        let mut waiting: Vec<Id> = role.into_iter().collect();
        let mut seen: BTreeSet<Id> = waiting.iter().copied().collect();
        while let Some(role) = waiting.pop() {
            for child in self.matching("UserRole", "ParentRoleId", role) {
                if seen.insert(child.id()) {
                    waiting.push(child.id());
                    users.extend(self.matching("User", "UserRoleId", child.id()).iter().map(Record::id));
                }
            }
        }
        users
    }

    /// Queues and groups that the user is in, directly, by role, or through another group.
    pub(super) fn groups_of(self, user: Id, role: Option<Id>) -> BTreeSet<Id> {
        let (Some(members), Some(groups)) = (self.of("GroupMember"), self.of("Group")) else {
            return BTreeSet::new();
        };
        let of_role = role.map(|role| self.matching("Group", "RelatedId", role)).unwrap_or_default();
        let everybody = self.matching("Group", "Type", "Organization");
        let mut found: BTreeSet<Id> = of_role.iter().chain(&everybody).map(Record::id).collect();
        let mut waiting: Vec<Id> = std::iter::once(user).chain(found.iter().copied()).collect();
        while let Some(member) = waiting.pop() {
            for row in self.matching("GroupMember", "UserOrGroupId", member) {
                let group = said(members, &row, "GroupId").as_id();
                let group = group.filter(|id| self.state.table(groups.index).get(*id).is_some());
                if let Some(group) = group
                    && found.insert(group)
                {
                    waiting.push(group);
                }
            }
        }
        found
    }

    /// Queues that somebody is in.
    pub(super) fn queues_of(self, user: Id) -> Vec<Id> {
        let Some(members) = self.of("GroupMember") else { return Vec::new() };
        let rows = self.matching("GroupMember", "UserOrGroupId", user);
        let groups = rows.iter().filter_map(|row| said(members, row, "GroupId").as_id());
        let is_queue = |id: &Id| {
            let (Some(object), Some(row)) = (self.of("Group"), self.row("Group", *id)) else { return false };
            said(object, row, "Type").as_text() == Some("Queue")
        };
        groups.filter(is_queue).collect()
    }

    /// What sharing rules open to the user.
    pub(super) fn opened_to(self, user: Id) -> BTreeMap<ObjectIx, Vec<Opened>> {
        let rules = self.state.access().permissions().sharing_rules.iter();
        let opened = rules.filter_map(|(name, rules)| {
            let object = self.of(name.as_str())?;
            Some((object.index, rules.opened_to(self.state, user)))
        });
        opened.filter(|(_, opened)| !opened.is_empty()).collect()
    }
}
