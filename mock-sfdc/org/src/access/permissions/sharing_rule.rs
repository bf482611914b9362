//! Sharing rules, in metadata's words (`sharingRules`): whose records, or which, are opened to whom. Owner-based and
//! criteria-based ones; guest user and territory rules are not emulated.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::sharing::Level;
use crate::{
    id::Id,
    rules::criteria::{CriteriaItem, FilterLogic, meets},
    schema::Object,
    state::{Record, State},
    value::Value,
};

/// All rules of one object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SharingRules {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sharing_criteria_rules: Vec<SharingCriteriaRule>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sharing_owner_rules: Vec<SharingOwnerRule>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SharingOwnerRule {
    pub full_name: String,
    pub access_level: AccessLevel,
    #[serde(default)]
    pub label: Option<String>,
    #[serde(default)]
    pub description: Option<String>,
    pub shared_from: SharedTo,
    pub shared_to: SharedTo,
    /// Of a rule of accounts only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_settings: Option<AccountSettings>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SharingCriteriaRule {
    pub full_name: String,
    pub access_level: AccessLevel,
    #[serde(default)]
    pub label: Option<String>,
    #[serde(default)]
    pub description: Option<String>,
    pub criteria_items: Vec<CriteriaItem>,
    #[serde(default)]
    pub boolean_filter: Option<FilterLogic>,
    /// Only `true` is emulated: records of all owners.
    #[serde(default = "yes")]
    pub include_records_owned_by_all: bool,
    pub shared_to: SharedTo,
    /// Of a rule of accounts only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_settings: Option<AccountSettings>,
}

fn yes() -> bool {
    true
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccessLevel {
    Read,
    Edit,
}

impl From<AccessLevel> for Level {
    fn from(level: AccessLevel) -> Self {
        match level {
            AccessLevel::Read => Self::Read,
            AccessLevel::Edit => Self::Edit,
        }
    }
}

/// How far a rule of accounts opens their children. Where contacts follow their accounts, what is said of them says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AccountSettings {
    pub case_access_level: LevelBelow,
    pub contact_access_level: LevelBelow,
    pub opportunity_access_level: LevelBelow,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LevelBelow {
    #[default]
    None,
    Read,
    Edit,
}

impl LevelBelow {
    /// As metadata and rows of roles write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Read => "Read",
            Self::Edit => "Edit",
        }
    }
}

impl AccountSettings {
    fn of(self, kind: &str) -> Level {
        let said = match kind {
            "Case" => self.case_access_level,
            "Contact" => self.contact_access_level,
            _ => self.opportunity_access_level,
        };
        match said {
            LevelBelow::None => Level::None,
            LevelBelow::Read => Level::Read,
            LevelBelow::Edit => Level::Edit,
        }
    }
}

/// Some people, by the API names of what they belong to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SharedTo {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all_internal_users: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub queue: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub role: Vec<String>,
    /// There are no portal users here, so that both of metadata's words say the same.
    #[serde(alias = "roleAndSubordinatesInternal", skip_serializing_if = "Vec::is_empty")]
    pub role_and_subordinates: Vec<String>,
}

/// A rule as it concerns one user.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    level: Level,
    whose: Whose,
    children: Option<AccountSettings>,
}

#[derive(Clone, Debug)]
enum Whose {
    Owners(BTreeSet<Id>),
    Meeting(Vec<CriteriaItem>, Option<FilterLogic>),
}

impl Opened {
    /// How far the rule opens what it opens.
    pub fn level(&self) -> Level {
        self.level
    }

    /// How far it opens children of such accounts.
    pub fn below(&self, kind: &str) -> Level {
        self.children.map_or(Level::None, |children| children.of(kind))
    }

    /// Whether the rule is about this record.
    pub fn opens(&self, object: &Object, record: &Record) -> bool {
        match &self.whose {
            Whose::Owners(owners) => object
                .field("OwnerId")
                .and_then(|(position, _)| record.get(position).as_id())
                .is_some_and(|owner| owners.contains(&owner)),
            Whose::Meeting(items, logic) => {
                meets(items, logic.as_ref(), object, &record.edit(object.fields.len()))
            }
        }
    }
}

impl SharingRules {
    /// What is wrong with them for this object, with the path within them.
    pub fn check(&self, state: &State, object: &Object) -> Result<(), (String, String)> {
        let criteria = self.sharing_criteria_rules.iter().enumerate();
        let mut settings =
            criteria.map(|(at, rule)| (format!("sharingCriteriaRules[{at}]"), rule.account_settings));
        let owners = self.sharing_owner_rules.iter().enumerate();
        let mut more = owners.map(|(at, rule)| (format!("sharingOwnerRules[{at}]"), rule.account_settings));
        let misplaced = |(_, settings): &(String, Option<AccountSettings>)| settings.is_some();
        if !object.name.is("Account")
            && let Some((place, _)) = settings.find(misplaced).or_else(|| more.find(misplaced))
        {
            return Err((format!("{place}.accountSettings"), "only rules of accounts have them".to_owned()));
        }
        for (at, rule) in self.sharing_criteria_rules.iter().enumerate() {
            let place = |inner: &str| format!("sharingCriteriaRules[{at}].{inner}");
            for (item, criteria) in rule.criteria_items.iter().enumerate() {
                criteria
                    .check(object)
                    .map_err(|problem| (place(&format!("criteriaItems[{item}]")), problem))?;
            }
            let highest = rule.boolean_filter.as_ref().map_or(0, FilterLogic::highest_item);
            if highest > rule.criteria_items.len() {
                let problem = format!("names item {highest}, but there are {}", rule.criteria_items.len());
                return Err((place("booleanFilter"), problem));
            }
            if !rule.include_records_owned_by_all {
                let problem = "mock-sfdc does not emulate rules that leave out records of high-volume users";
                return Err((place("includeRecordsOwnedByAll"), problem.to_owned()));
            }
            rule.shared_to.check(state).map_err(|problem| (place("sharedTo"), problem))?;
        }
        for (at, rule) in self.sharing_owner_rules.iter().enumerate() {
            for (key, people) in [("sharedFrom", &rule.shared_from), ("sharedTo", &rule.shared_to)] {
                let place = format!("sharingOwnerRules[{at}].{key}");
                people.check(state).map_err(|problem| (place, problem))?;
            }
        }
        Ok(())
    }

    /// Those that open anything to this user.
    pub(super) fn opened_to(&self, state: &State, user: Id) -> Vec<Opened> {
        let by_owner =
            self.sharing_owner_rules.iter().filter(|rule| rule.shared_to.users(state).contains(&user));
        let by_owner = by_owner.map(|rule| Opened {
            level: rule.access_level.into(),
            whose: Whose::Owners(rule.shared_from.owners(state)),
            children: rule.account_settings,
        });
        let meeting =
            self.sharing_criteria_rules.iter().filter(|rule| rule.shared_to.users(state).contains(&user));
        let meeting = meeting.map(|rule| Opened {
            level: rule.access_level.into(),
            whose: Whose::Meeting(rule.criteria_items.clone(), rule.boolean_filter.clone()),
            children: rule.account_settings,
        });
        by_owner.chain(meeting).collect()
    }
}

impl SharedTo {
    fn check(&self, state: &State) -> Result<(), String> {
        for (kind, names) in [
            ("group", &self.group),
            ("queue", &self.queue),
            ("role", &self.role),
            ("role", &self.role_and_subordinates),
        ] {
            let object = if kind == "role" { "UserRole" } else { "Group" };
            if let Some(unknown) = names.iter().find(|name| named(state, object, name).is_none()) {
                return Err(format!("there is no {kind} {unknown:?}"));
            }
        }
        Ok(())
    }

    /// Whoever owns records: of a queue itself, not what its members own.
    fn owners(&self, state: &State) -> BTreeSet<Id> {
        let mut owners = Self { queue: Vec::new(), ..self.clone() }.users(state);
        owners.extend(self.queue.iter().filter_map(|name| named(state, "Group", name)));
        owners
    }

    fn users(&self, state: &State) -> BTreeSet<Id> {
        let mut users = BTreeSet::new();
        if self.all_internal_users.is_some()
            && let Some(object) = state.schema().object("User")
        {
            users.extend(state.table(object.index).rows().map(Record::id));
        }
        for role in self.role.iter().filter_map(|name| named(state, "UserRole", name)) {
            users.extend(related(state, "User", "UserRoleId", role));
        }
        for role in self.role_and_subordinates.iter().filter_map(|name| named(state, "UserRole", name)) {
            users.extend(in_roles_from(state, role));
        }
        for group in self.group.iter().chain(&self.queue).filter_map(|name| named(state, "Group", name)) {
            users.extend(members(state, group));
        }
        users
    }
}

fn named(state: &State, object: &str, name: &str) -> Option<Id> {
    let object = state.schema().object(object)?;
    let by = |field: &str| {
        let (position, _) = object.field(field)?;
        state.matching(object, position, &Value::from(name)).next().map(Record::id)
    };
    by("DeveloperName").or_else(|| by("Name"))
}

/// Rows that point to another one.
fn related(state: &State, object: &str, field: &str, to: Id) -> Vec<Id> {
    let found = state.schema().object(object).and_then(|object| {
        let (position, _) = object.field(field)?;
        Some(state.matching(object, position, &to.into()).map(Record::id).collect())
    });
    found.unwrap_or_default()
}

/// Users of a role and of all below it.
fn in_roles_from(state: &State, role: Id) -> BTreeSet<Id> {
    let (mut users, mut seen, mut waiting) = (BTreeSet::new(), BTreeSet::from([role]), vec![role]);
    while let Some(role) = waiting.pop() {
        users.extend(related(state, "User", "UserRoleId", role));
        waiting.extend(
            related(state, "UserRole", "ParentRoleId", role).into_iter().filter(|id| seen.insert(*id)),
        );
    }
    users
}

/// Users of a group or queue, directly, through other groups, and by role.
fn members(state: &State, group: Id) -> BTreeSet<Id> {
    let (mut users, mut seen, mut waiting) = (BTreeSet::new(), BTreeSet::from([group]), vec![group]);
    while let Some(group) = waiting.pop() {
        let Some((object, row)) = state.find(group) else { continue };
        let role = object.field("RelatedId").and_then(|(position, _)| row.get(position).as_id());
        if let Some(role) = role {
            let below = object.field("Type").is_some_and(|(position, _)| {
                row.get(position).as_text().is_some_and(|kind| kind.starts_with("RoleAndSubordinates"))
            });
            if below {
                users.extend(in_roles_from(state, role));
            } else {
                users.extend(related(state, "User", "UserRoleId", role));
            }
        }
        let Some(member) = state.schema().object("GroupMember") else { continue };
        let (Some((group_at, _)), Some((who_at, _))) =
            (member.field("GroupId"), member.field("UserOrGroupId"))
        else {
            continue;
        };
        for row in state.lookup(member, group_at, &group.into()) {
            match row.get(who_at).as_id() {
                Some(id) if id.prefix() == *b"005" => drop(users.insert(id)),
                Some(id) if seen.insert(id) => waiting.push(id),
                _ => {}
            }
        }
    }
    users
}
