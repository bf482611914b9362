//! The permission set of a permission set group says what the group gives, at any time, and nobody writes it by hand.

use mock_sfdc_org::{
    error::ErrorCode,
    id::Id,
    save::DmlOptions,
    soql::{self, BindOptions, Cell, RunContext},
    value::shown,
    verbs,
};

use crate::world::{NOON, World};

const FIXTURE: &str = r#"{
  "permissionSets": [
    {"name": "Leads", "objectPermissions": [
      {"object": "Lead", "allowRead": true, "allowEdit": true, "allowDelete": true, "viewAllRecords": true}],
     "fieldPermissions": [
      {"field": "Lead.Email", "readable": true, "editable": true}, {"field": "Lead.Phone", "readable": true, "editable": true}]},
    {"name": "Setup", "userPermissions": [{"name": "ManageUsers", "enabled": true}, {"name": "ApiEnabled", "enabled": true}],
     "objectPermissions": [{"object": "Lead", "allowCreate": true}, {"object": "Case", "allowRead": true}]},
    {"name": "Alone"}
  ],
  "permissionSetGroups": [{"name": "Desk", "label": "The desk", "permissionSets": ["Leads", "Setup"], "mutingPermissionSet": {
    "objectPermissions": [{"object": "Lead", "allowDelete": true}],
    "fieldPermissions": [{"field": "Lead.Email", "editable": true}, {"field": "Lead.Phone", "readable": true}],
    "userPermissions": [{"name": "ManageUsers", "enabled": true}]}}],
  "users": [{"ref": "rep", "username": "rep@x.example", "password": "x", "lastName": "Rep", "permissionSetGroups": ["Desk"]}]
}"#;

const OBJECTS: &str = "SELECT SobjectType, PermissionsRead, PermissionsCreate, PermissionsEdit, PermissionsDelete, \
    PermissionsViewAllRecords, PermissionsModifyAllRecords FROM ObjectPermissions \
    WHERE Parent.PermissionSetGroup.DeveloperName = 'Desk' ORDER BY SobjectType";
const FIELDS: &str = "SELECT SobjectType, Field, PermissionsRead, PermissionsEdit FROM FieldPermissions \
    WHERE Parent.PermissionSetGroup.DeveloperName = 'Desk' ORDER BY Field";
const SET: &str = "SELECT Name, Label, Type, IsOwnedByProfile, PermissionsApiEnabled, PermissionsManageUsers FROM PermissionSet \
    WHERE PermissionSetGroup.DeveloperName = 'Desk'";
const LEAD: &str = "Lead|true|true|true|false|true|false";

struct Org(World);

impl Org {
    fn new() -> Self {
        Self(World::new(FIXTURE))
    }

    fn rows(&self, text: &str) -> Vec<String> {
        let state = self.0.org.snapshot();
        let query = soql::prepare(text, state.schema(), &BindOptions::default()).unwrap();
        let found = soql::run(&query, &state, &RunContext::for_user(&state, self.0.admin, NOON)).unwrap();
        let cell = |cell: Cell<'_>| match cell {
            Cell::Value(value, _) => shown(value),
            Cell::Computed(value, _) => shown(&value),
            Cell::Id(id) => id.to_string(),
            _ => "…".to_owned(),
        };
        found.rows().map(|row| row.cells().map(|(_, one)| cell(one)).collect::<Vec<_>>().join("|")).collect()
    }

    fn id(&self, text: &str) -> Id {
        Id::parse(&self.rows(text)[0]).unwrap()
    }

    fn set(&self, name: &str) -> Id {
        self.id(&format!("SELECT Id FROM PermissionSet WHERE Name = '{name}' AND Type != 'Group'"))
    }

    fn group(&self) -> Id {
        self.id("SELECT Id FROM PermissionSetGroup")
    }

    fn own(&self) -> Id {
        self.id("SELECT Id FROM PermissionSet WHERE Type = 'Group'")
    }
}

#[test]
fn the_set_of_a_group_holds_what_its_sets_give_less_what_is_muted() {
    let org = Org::new();
    assert_eq!(org.rows(OBJECTS), ["Case|true|false|false|false|false|false", LEAD]);
    assert_eq!(org.rows(FIELDS), ["Lead|Lead.Email|true|false"]);
    assert_eq!(org.rows(SET), ["Desk|The desk|Group|false|true|false"]);
    let assigned =
        "SELECT PermissionSetId FROM PermissionSetAssignment WHERE PermissionSetGroup.DeveloperName = 'Desk'";
    assert_eq!(org.rows(assigned), [org.own().to_string()]);
}

#[test]
fn it_follows_every_change_of_what_it_depends_on() {
    let org = Org::new();
    let world = &org.0;
    // Rights of a part.
    let cases =
        org.id("SELECT Id FROM ObjectPermissions WHERE SobjectType = 'Case' AND Parent.Name = 'Setup'");
    world.update("ObjectPermissions", cases, &[("PermissionsCreate", "true")]).unwrap();
    assert_eq!(org.rows(OBJECTS), ["Case|true|true|false|false|false|false", LEAD]);
    world.delete("ObjectPermissions", cases).unwrap();
    assert_eq!(org.rows(OBJECTS), [LEAD]);
    world.update("PermissionSet", org.set("Setup"), &[("PermissionsApiEnabled", "false")]).unwrap();
    assert_eq!(org.rows(SET), ["Desk|The desk|Group|false|false|false"]);
    let set = org.set("Leads").to_string();
    let title = [
        ("ParentId", set.as_str()),
        ("SobjectType", "Lead"),
        ("Field", "Lead.Title"),
        ("PermissionsRead", "true"),
    ];
    world.create("FieldPermissions", &title).unwrap();
    assert_eq!(org.rows(FIELDS), ["Lead|Lead.Email|true|false", "Lead|Lead.Title|true|false"]);
    // What is muted.
    let muting = org.id("SELECT Id FROM MutingPermissionSet");
    world.update("MutingPermissionSet", muting, &[("PermissionsManageUsers", "false")]).unwrap();
    assert_eq!(org.rows(SET), ["Desk|The desk|Group|false|false|true"]);
    world.delete("MutingPermissionSet", muting).unwrap();
    assert_eq!(org.rows(OBJECTS), ["Lead|true|true|true|true|true|false"]);
    assert_eq!(
        org.rows(FIELDS),
        ["Lead|Lead.Email|true|true", "Lead|Lead.Phone|true|true", "Lead|Lead.Title|true|false"]
    );
    // Its parts, and its name.
    world.delete("PermissionSet", org.set("Leads")).unwrap();
    assert_eq!(org.rows(OBJECTS), ["Lead|true|true|false|false|false|false"]);
    assert!(org.rows(FIELDS).is_empty());
    world.update("PermissionSetGroup", org.group(), &[("MasterLabel", "A desk")]).unwrap();
    assert_eq!(org.rows(SET), ["Desk|A desk|Group|false|false|true"]);
    world.delete("PermissionSetGroup", org.group()).unwrap();
    assert!(org.rows("SELECT Id FROM PermissionSet WHERE Type = 'Group'").is_empty());
    assert!(org.rows("SELECT Id FROM ObjectPermissions WHERE Parent.Type = 'Group'").is_empty());
    assert!(org.rows("SELECT Id FROM PermissionSetAssignment WHERE PermissionSetGroupId != null").is_empty());
}

#[test]
fn things_of_set_up_come_along() {
    let org = Org::new();
    let class = org.0.org.transact(org.0.admin, |tx| {
        mock_sfdc_org::seed::add(
            tx,
            "test",
            r#"{"records": {"ApexClass": [{"ref": "c", "Name": "Hello", "ApiVersion": 60, "Status": "Active", "Body": "class Hello {}"}]}}"#,
        )
        .unwrap();
        Ok::<(), ()>(())
    });
    class.unwrap();
    let class = org.id("SELECT Id FROM ApexClass").to_string();
    let set = org.set("Leads").to_string();
    let given = "SELECT SetupEntityId FROM SetupEntityAccess WHERE Parent.Type = 'Group'";
    let row = org
        .0
        .create("SetupEntityAccess", &[("ParentId", set.as_str()), ("SetupEntityId", class.as_str())])
        .unwrap();
    assert_eq!(org.rows(given), [class]);
    org.0.delete("SetupEntityAccess", row).unwrap();
    assert!(org.rows(given).is_empty());
}

#[test]
fn nobody_writes_it_by_hand() {
    let org = Org::new();
    let world = &org.0;
    let (own, group) = (org.own(), org.group().to_string());
    let own_id = own.to_string();
    let lead =
        org.id("SELECT Id FROM ObjectPermissions WHERE Parent.Type = 'Group' AND SobjectType = 'Lead'");
    let admin = world.admin.to_string();
    let refused = [
        world.update("PermissionSet", own, &[("PermissionsApiEnabled", "false")]).map(|_| ()),
        world.delete("PermissionSet", own),
        world.update("ObjectPermissions", lead, &[("PermissionsDelete", "true")]).map(|_| ()),
        world.delete("ObjectPermissions", lead),
        world
            .create(
                "ObjectPermissions",
                &[("ParentId", &own_id), ("SobjectType", "Account"), ("PermissionsRead", "true")],
            )
            .map(|_| ()),
        world
            .create(
                "FieldPermissions",
                &[
                    ("ParentId", &own_id),
                    ("SobjectType", "Lead"),
                    ("Field", "Lead.Fax"),
                    ("PermissionsRead", "true"),
                ],
            )
            .map(|_| ()),
        world
            .create(
                "PermissionSetGroupComponent",
                &[("PermissionSetGroupId", &group), ("PermissionSetId", &own_id)],
            )
            .map(|_| ()),
        world
            .create("PermissionSetAssignment", &[("AssigneeId", &admin), ("PermissionSetId", &own_id)])
            .map(|_| ()),
    ];
    for (at, refused) in refused.into_iter().enumerate() {
        let errors = refused.expect_err(&format!("write {at} went through"));
        assert_eq!(errors[0].code, ErrorCode::InsufficientAccessOrReadonly, "write {at}");
        assert!(errors[0].message.contains("follows the sets of the group"), "{}", errors[0].message);
    }
    assert_eq!(org.rows(OBJECTS).len(), 2);
}

#[test]
fn a_failed_change_leaves_it_as_it_was() {
    let org = Org::new();
    let object = org.0.object("PermissionSetGroupComponent");
    let part = org.id("SELECT Id FROM PermissionSetGroupComponent WHERE PermissionSet.Name = 'Leads'");
    let failed = org.0.org.transact(org.0.admin, |tx| {
        verbs::delete(tx, &object, part).unwrap();
        let draft = org.0.draft("Lead", &[("Company", "X")]);
        verbs::create(tx, &org.0.object("Lead"), draft, &DmlOptions::default())
    });
    assert!(failed.is_err());
    assert!(org.rows(OBJECTS).contains(&LEAD.to_owned()));
}
