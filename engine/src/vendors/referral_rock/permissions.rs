//! "Required User Permissions for Set up": what the connected user must be allowed, and what of it is missing (RR-05).
//!
//! A missing permission is listed and does not keep the org from being connected: the document refuses editions and licences,
//! and asks for permissions "for the integration to be properly set up". Rights come from the user's profile and from every
//! permission set that the user has.

use crate::salesforce::{
    Client, Error, Record,
    soql::{Condition, Select},
};

/// The document's words, and Salesforce's names. "API REST Services" is called Apex REST Services in set-up; "View Real-Time
/// Event Monitoring Data" has no field of that name, and this one is what public code takes for it.
const SYSTEM: [(&str, &str); 5] = [
    ("API Enabled", "PermissionsApiEnabled"),
    ("API REST Services", "PermissionsApexRestServices"),
    ("Create and Customize Views", "PermissionsCreateCustomizeFilters"),
    ("View Event Log Files", "PermissionsViewEventLogFiles"),
    ("View Real-Time Event Monitoring Data", "PermissionsViewDataLeakageEvents"),
];

/// "Read, Create, Edit, View all, Modify all for the following".
pub const OBJECTS: [&str; 5] = ["Account", "Lead", "Opportunity", "Contact", "PushTopic"];

const RIGHTS: [(&str, &str); 5] = [
    ("Read", "PermissionsRead"),
    ("Create", "PermissionsCreate"),
    ("Edit", "PermissionsEdit"),
    ("View All", "PermissionsViewAllRecords"),
    ("Modify All", "PermissionsModifyAllRecords"),
];

const MODIFY_ALL_DATA: &str = "PermissionsModifyAllData";
const VIEW_ALL_DATA: &str = "PermissionsViewAllData";

/// What of it the user lacks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Missing {
    pub system: Vec<&'static str>,
    /// By object, in the document's order; objects of which nothing is missing are left out.
    pub objects: Vec<(&'static str, Vec<&'static str>)>,
}

impl Missing {
    /// Each by itself: `View Event Log Files`, `Modify All on Lead`.
    #[must_use]
    pub fn list(&self) -> Vec<String> {
        let system = self.system.iter().map(|name| (*name).to_owned());
        let objects = self.objects.iter();
        let objects = objects
            .flat_map(|(object, rights)| rights.iter().map(move |right| format!("{right} on {object}")));
        system.chain(objects).collect()
    }

    #[must_use]
    pub fn of(&self, object: &str) -> &[&'static str] {
        let found = self.objects.iter().find(|(name, _)| *name == object);
        found.map_or(&[], |(_, rights)| rights.as_slice())
    }
}

/// Asks the org.
pub async fn missing(client: &Client, user_id: &str, profile_id: Option<&str>) -> Result<Missing, Error> {
    let sets = sets_of(client, user_id, profile_id).await?;
    let ids = sets.iter().filter_map(|set| set.text("Id"));
    let rows = Select::from("ObjectPermissions")
        .field("SobjectType")
        .fields(RIGHTS.map(|(_, field)| field))
        .filter(Condition::any_of("SobjectType", OBJECTS))
        .filter(Condition::any_of("ParentId", ids));
    Ok(compare(&sets, &client.query(&rows.to_string()).await?))
}

/// The permission set of the user's profile, and those that were assigned. An org knows only the permissions of its own
/// features: what it has no field for, nobody has.
async fn sets_of(client: &Client, user_id: &str, profile_id: Option<&str>) -> Result<Vec<Record>, Error> {
    let assigned = Select::from("PermissionSetAssignment")
        .field("PermissionSetId")
        .filter(Condition::equal("AssigneeId", user_id))
        .filter(Condition::equal("PermissionSet.IsOwnedByProfile", false));
    let assigned = client.query(&assigned.to_string()).await?;
    let own = Condition::any_of("Id", assigned.iter().filter_map(|row| row.text("PermissionSetId")));
    let own = match profile_id {
        Some(profile) => Condition::equal("ProfileId", profile).or(&own),
        None => own,
    };
    let known = client.describe("PermissionSet").await?;
    let asked = SYSTEM.iter().map(|(_, field)| *field).chain([MODIFY_ALL_DATA, VIEW_ALL_DATA]);
    let asked = asked.filter(|field| known.field(field).is_some());
    let sets = Select::from("PermissionSet").field("Id").fields(asked).filter(own);
    client.query(&sets.to_string()).await
}

fn compare(sets: &[Record], rows: &[Record]) -> Missing {
    let has = |field: &str| sets.iter().any(|set| set.bool(field) == Some(true));
    let over_all =
        |right: &str| has(MODIFY_ALL_DATA) || (has(VIEW_ALL_DATA) && matches!(right, "Read" | "View All"));
    let system = SYSTEM.iter().filter(|(_, field)| !has(field)).map(|(name, _)| *name);
    let objects = OBJECTS.iter().map(|object| {
        let granted = |field: &str| {
            rows.iter().any(|row| row.text("SobjectType") == Some(object) && row.bool(field) == Some(true))
        };
        let lacks = RIGHTS.iter().filter(|(right, field)| !over_all(right) && !granted(field));
        (*object, lacks.map(|(right, _)| *right).collect::<Vec<_>>())
    });
    Missing { system: system.collect(), objects: objects.filter(|(_, rights)| !rights.is_empty()).collect() }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn record(value: &Value) -> Record {
        Record::new(value.as_object().unwrap().clone())
    }

    #[test]
    fn nothing_is_missing_where_sets_together_give_all() {
        let sets = [
            record(
                &json!({"PermissionsApiEnabled": true, "PermissionsApexRestServices": true, "PermissionsModifyAllData": true}),
            ),
            record(&json!({"PermissionsCreateCustomizeFilters": true, "PermissionsViewEventLogFiles": true,
                "PermissionsViewDataLeakageEvents": true})),
        ];
        assert_eq!(compare(&sets, &[]), Missing::default());
    }

    #[test]
    fn each_missing_permission_is_listed() {
        let sets =
            [record(&json!({"PermissionsApiEnabled": true, "PermissionsCreateCustomizeFilters": false}))];
        let rows = OBJECTS.map(|object| {
            record(&json!({"SobjectType": object, "PermissionsRead": true, "PermissionsCreate": object != "PushTopic",
                "PermissionsEdit": true, "PermissionsViewAllRecords": true, "PermissionsModifyAllRecords": object != "Lead"}))
        });
        let missing = compare(&sets, &rows);
        assert_eq!(
            missing.list(),
            [
                "API REST Services",
                "Create and Customize Views",
                "View Event Log Files",
                "View Real-Time Event Monitoring Data",
                "Modify All on Lead",
                "Create on PushTopic"
            ]
        );
        assert_eq!(missing.of("Lead"), ["Modify All"]);
        assert!(missing.of("Account").is_empty());
    }

    #[test]
    fn viewing_all_data_is_no_writing() {
        let missing = compare(&[record(&json!({"PermissionsViewAllData": true}))], &[]);
        assert_eq!(missing.of("Contact"), ["Create", "Edit", "Modify All"]);
    }
}
