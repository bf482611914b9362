//! What accounts and their children open of each other by themselves. Everything is private, and accounts, contacts,
//! opportunities and cases belong to different people.

use mock_sfdc_org::{access::permissions::Level, id::Id, seed};

use crate::world::{NOON, World};

fn fixture(more: &str) -> String {
    format!(
        r#"{{
      "sharing": {{"Account": "Private", "Contact": "Private", "Opportunity": "Private", "Case": "Private"}},
      "profiles": [{{"name": "Desk", "objectPermissions": [
          {{"object": "Account", "allowRead": true, "allowCreate": true, "allowEdit": true, "allowDelete": true}},
          {{"object": "Contact", "allowRead": true, "allowCreate": true, "allowEdit": true, "allowDelete": true}},
          {{"object": "Case", "allowRead": true, "allowCreate": true, "allowEdit": true, "allowDelete": true}},
          {{"object": "Opportunity", "allowRead": true, "allowCreate": true, "allowEdit": true, "allowDelete": true}}]}}],
      "roles": [{{"name": "Boss", "caseAccessLevel": "Edit", "contactAccessLevel": "Edit", "opportunityAccessLevel": "Edit"}},
        {{"name": "Owner", "parentRole": "Boss", "caseAccessLevel": "None", "contactAccessLevel": "Edit", "opportunityAccessLevel": "Read"}},
        {{"name": "Desk"}}],
      "users": [
        {{"ref": "boss", "username": "boss@x.example", "password": "x", "lastName": "Boss", "profile": "Desk", "role": "Boss"}},
        {{"ref": "owner", "username": "owner@x.example", "password": "x", "lastName": "Owner", "profile": "Desk", "role": "Owner"}},
        {{"ref": "seller", "username": "seller@x.example", "password": "x", "lastName": "Seller", "profile": "Desk", "role": "Desk"}},
        {{"ref": "guest", "username": "guest@x.example", "password": "x", "lastName": "Guest", "profile": "Desk"}}
      ],
      "records": {{
        "Account": [{{"ref": "acme", "Name": "Acme", "OwnerId": "@owner"}}, {{"ref": "other", "Name": "Other", "OwnerId": "@admin"}}],
        "Contact": [{{"LastName": "Lopez", "AccountId": "@acme", "OwnerId": "@admin"}}],
        "Opportunity": [{{"Name": "Deal", "AccountId": "@acme", "OwnerId": "@seller", "StageName": "Prospecting", "CloseDate": "2026-12-31"}}],
        "Case": [{{"Subject": "Broken", "AccountId": "@acme", "OwnerId": "@admin"}}]
      }}{more}
    }}"#
    )
}

/// How far somebody reaches on the one row of an object, or on the account of a name.
fn level(world: &World, user: &str, object: &str, row: usize) -> Level {
    let state = world.org.snapshot();
    let user = state.access().login(&format!("{user}@x.example")).unwrap().user;
    let object = state.schema().object(object).unwrap();
    let record = state.table(object.index).rows().nth(row).unwrap();
    state.viewer(user).level(&state, object.index, record)
}

fn id(world: &World, object: &str) -> Id {
    let state = world.org.snapshot();
    let object = state.schema().object(object).unwrap();
    state.table(object.index).rows().next().unwrap().id()
}

#[test]
fn who_reaches_a_child_reads_its_account_and_no_other() {
    let world = World::new(&fixture(""));
    assert_eq!(level(&world, "seller", "Account", 0), Level::Read);
    assert_eq!(level(&world, "seller", "Account", 1), Level::None);
    assert_eq!(level(&world, "guest", "Account", 0), Level::None);
    // The account gives the seller none of its other children.
    assert_eq!(level(&world, "seller", "Contact", 0), Level::None);
    let deal = id(&world, "Opportunity");
    world.update("Opportunity", deal, &[("OwnerId", &world.admin.to_string())]).unwrap();
    assert_eq!(level(&world, "seller", "Account", 0), Level::None, "with the child goes the account");
}

#[test]
fn who_owns_an_account_reaches_its_children_as_the_owners_role_says() {
    let world = World::new(&fixture(""));
    let reached =
        |user: &str| ["Contact", "Opportunity", "Case"].map(|object| level(&world, user, object, 0));
    assert_eq!(reached("owner"), [Level::Edit, Level::Read, Level::None]);
    assert_eq!(reached("boss"), [Level::Edit, Level::Read, Level::None], "as the owner, not as the own role");
    assert_eq!(reached("guest"), [Level::None; 3]);
}

#[test]
fn what_everybody_may_read_opens_no_accounts() {
    let open = fixture("").replace(r#""Opportunity": "Private""#, r#""Opportunity": "Read""#);
    let world = World::new(&open);
    assert_eq!(level(&world, "guest", "Opportunity", 0), Level::Read);
    assert_eq!(level(&world, "guest", "Account", 0), Level::None);
    let following = fixture("").replace(r#""Contact": "Private""#, r#""Contact": "ControlledByParent""#);
    let world = World::new(&following);
    assert_eq!(level(&world, "seller", "Contact", 0), Level::Read, "with its account");
    assert_eq!(level(&world, "owner", "Contact", 0), Level::All);
}

#[test]
fn rules_of_accounts_open_their_children_too() {
    let rules = r#","groups": [{"name": "Friends", "developerName": "Friends", "members": ["@guest"]}],
      "sharingRules": {"Account": {"sharingOwnerRules": [{"fullName": "X", "accessLevel": "Edit",
        "sharedFrom": {"role": ["Owner"]}, "sharedTo": {"group": ["Friends"]},
        "accountSettings": {"caseAccessLevel": "Edit", "contactAccessLevel": "Read", "opportunityAccessLevel": "None"}}]}}"#;
    let world = World::new(&fixture(rules));
    let reached =
        ["Account", "Contact", "Opportunity", "Case"].map(|object| level(&world, "guest", object, 0));
    assert_eq!(reached, [Level::Edit, Level::Read, Level::None, Level::Edit]);
    assert_eq!(level(&world, "guest", "Account", 1), Level::None);
    let misplaced = fixture(rules).replace(r#""sharingRules": {"Account""#, r#""sharingRules": {"Lead""#);
    let mistake = seed::load("test.json", &misplaced, NOON, &|_| None).unwrap_err().to_string();
    assert!(mistake.ends_with("accountSettings: only rules of accounts have them"), "{mistake}");
}

#[test]
fn the_team_of_a_case_reaches_it_as_its_roles_say() {
    let world = World::new(&fixture(""));
    assert_eq!(level(&world, "guest", "Case", 0), Level::None);
    let guest = world.org.snapshot().access().login("guest@x.example").unwrap().user.to_string();
    let role = world.create("CaseTeamRole", &[("Name", "Helper"), ("AccessLevel", "Edit")]).unwrap();
    let case = id(&world, "Case").to_string();
    let member = [("ParentId", case.as_str()), ("MemberId", &guest), ("TeamRoleId", &role.to_string())];
    let member = world.create("CaseTeamMember", &member).unwrap();
    assert_eq!(level(&world, "guest", "Case", 0), Level::Edit);
    assert_eq!(level(&world, "guest", "Account", 0), Level::Read, "with the case comes its account");
    world.update("CaseTeamRole", role, &[("AccessLevel", "Read")]).unwrap();
    assert_eq!(level(&world, "guest", "Case", 0), Level::Read);
    world.delete("CaseTeamMember", member).unwrap();
    assert_eq!(level(&world, "guest", "Case", 0), Level::None);
}
