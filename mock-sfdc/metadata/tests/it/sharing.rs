//! Sharing rules and permission set groups of a project: who sees what of whom.

use mock_sfdc_metadata::Files;
use mock_sfdc_org::{access::permissions::Level, state::State};

use crate::world::fixture_with;

/// Leads are private; the desk is given those of Sales, and whatever is hot.
const ORG: &str = r#"{
  "sharing": {"Lead": "Private"},
  "profiles": [{"name": "Clerk", "objectPermissions": [{"object": "Lead", "allowRead": true, "allowEdit": true}]}],
  "permissionSets": [{"name": "All", "objectPermissions": [{"object": "Lead", "allowRead": true, "viewAllRecords": true}]}],
  "roles": [{"name": "Sales"}, {"name": "Desk"}],
  "users": [
    {"ref": "rep", "username": "rep@x.example", "password": "x", "lastName": "Rep", "profile": "Clerk", "role": "Sales"},
    {"ref": "dan", "username": "dan@x.example", "password": "x", "lastName": "Dan", "profile": "Clerk", "role": "Desk"}],
  "records": {"Lead": [
    {"LastName": "Hers", "Company": "A", "OwnerId": "@rep"},
    {"LastName": "Hot", "Company": "B", "Rating": "Hot"},
    {"LastName": "Other", "Company": "C"}]}
}"#;

fn files(files: &[(&str, &str)]) -> Files {
    files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
}

fn level(state: &State, user: &str, lead: &str) -> Level {
    let leads = state.schema().object("Lead").unwrap();
    let (position, _) = leads.field("LastName").unwrap();
    let row = &state.lookup(leads, position, &lead.into())[0];
    state.viewer(state.access().login(user).unwrap().user).level(state, leads.index, row)
}

#[test]
fn sharing_rules_of_a_project_open_records() {
    let rules = "<SharingRules>
      <sharingCriteriaRules><fullName>Hot</fullName><accessLevel>Edit</accessLevel><label>Hot</label>
        <sharedTo><role>Desk</role></sharedTo>
        <criteriaItems><field>Rating</field><operation>equals</operation><value>Hot</value></criteriaItems>
        <includeRecordsOwnedByAll>true</includeRecordsOwnedByAll></sharingCriteriaRules>
      <sharingOwnerRules><fullName>Sales</fullName><accessLevel>Read</accessLevel><label>Sales</label>
        <sharedTo><roleAndSubordinatesInternal>Desk</roleAndSubordinatesInternal></sharedTo>
        <sharedFrom><role>Sales</role></sharedFrom></sharingOwnerRules>
      <sharingOwnerRules><fullName>Nobody</fullName><accessLevel>Read</accessLevel><label>Nobody</label>
        <sharedTo><role>Nowhere</role></sharedTo><sharedFrom><role>Sales</role></sharedFrom></sharingOwnerRules>
      <sharingGuestRules><fullName>Guest</fullName><accessLevel>Read</accessLevel></sharingGuestRules>
    </SharingRules>";
    let (state, report) = fixture_with(ORG, &files(&[("a/sharingRules/Lead.sharingRules-meta.xml", rules)]));
    let levels = ["Hers", "Hot", "Other"].map(|lead| level(&state, "dan@x.example", lead));
    assert_eq!(levels, [Level::Read, Level::Edit, Level::None]);
    let said = report.not_taken.iter().map(|one| format!("{}: {}", one.what, one.why)).collect::<Vec<_>>();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said.iter().any(
            |one| one.starts_with("sharing rule Nobody of Lead: ") && one.contains("no role \"Nowhere\"")
        ),
        "{said:?}"
    );
    assert!(said.iter().any(|one| one.starts_with("sharing rule Guest of Lead: ")), "{said:?}");
}

#[test]
fn permission_set_groups_of_a_project_are_groups_of_the_org() {
    let group = "<PermissionSetGroup><label>Readers</label>\
                 <permissionSets>All</permissionSets><hasActivationRequired>false</hasActivationRequired><status>Updated</status></PermissionSetGroup>";
    let muting_group = "<PermissionSetGroup><label>Quiet</label>\
                  <mutingPermissionSets>Hush</mutingPermissionSets><permissionSets>All</permissionSets></PermissionSetGroup>";
    let lost = "<PermissionSetGroup><label>Lost</label>\
                <mutingPermissionSets>Nobody</mutingPermissionSets></PermissionSetGroup>";
    let hush = "<MutingPermissionSet><label>Hush</label><objectPermissions><object>Lead</object>\
                <allowRead>true</allowRead><viewAllRecords>true</viewAllRecords></objectPermissions></MutingPermissionSet>";
    let fixture =
        ORG.replace(r#""lastName": "Dan","#, r#""lastName": "Dan", "permissionSetGroups": ["Readers"],"#);
    let (state, report) = fixture_with(
        &fixture,
        &files(&[
            ("a/permissionsetgroups/Readers.permissionsetgroup-meta.xml", group),
            ("a/permissionsetgroups/Quiet.permissionsetgroup-meta.xml", muting_group),
            ("a/permissionsetgroups/Lost.permissionsetgroup-meta.xml", lost),
            ("a/mutingpermissionsets/Hush.mutingpermissionset-meta.xml", hush),
        ]),
    );
    let levels = ["Hers", "Hot", "Other"].map(|lead| level(&state, "dan@x.example", lead));
    assert_eq!(levels, [Level::Read; 3]);
    // What it would mute cannot be left out silently.
    assert_eq!(report.not_taken.len(), 1, "{:?}", report.not_taken);
    assert_eq!(report.not_taken[0].what, "permission set group Lost");
    let muting = state.schema().object("MutingPermissionSet").unwrap();
    assert_eq!(state.table(muting.index).len(), 1);
    let quiet = fixture.replace(r#"["Readers"]"#, r#"["Quiet"]"#);
    let (state, _) = fixture_with(
        &quiet,
        &files(&[
            ("a/permissionsetgroups/Quiet.permissionsetgroup-meta.xml", muting_group),
            ("a/mutingpermissionsets/Hush.mutingpermissionset-meta.xml", hush),
        ]),
    );
    let levels = ["Hers", "Hot", "Other"].map(|lead| level(&state, "dan@x.example", lead));
    assert_ne!(levels, [Level::Read; 3], "reading all is muted");
}
