//! Workflow, record types, profiles and permission sets of a project: what the org does with them.

use mock_sfdc_org::{
    Org,
    access::permissions::{Holder, Level, SharingModel},
    clock::Clock,
    rules::workflow::Workflow,
    save::{DmlOptions, Draft, coerce::Raw},
    seed,
    state::State,
    value::Value,
    verbs,
};

use crate::world::{NOON, fixture_with, org_with, workshop};

/// Two people of the workshop: a mechanic, and a user of the desk.
const PEOPLE: &str = r#"{"users": [
    {"ref": "@mia", "username": "mia@workshop.example", "password": "p", "lastName": "Mia", "profile": "Mechanic"},
    {"ref": "@dan", "username": "dan@workshop.example", "password": "p", "lastName": "Dan",
     "profile": "Minimum Access - Salesforce", "permissionSets": ["Desk"]}]}"#;

fn org() -> Org {
    Org::new(fixture_with(PEOPLE, &workshop()).0, Clock::fixed(NOON), 1)
}

fn user(state: &State, name: &str) -> mock_sfdc_org::id::Id {
    state.access().login(name).unwrap().user
}

/// Creates a lead as the administrator.
fn lead(org: &Org, city: &str) -> Vec<(String, Value)> {
    let admin = seed::administrator(org.snapshot().settings());
    let made = org.transact(admin, |tx| {
        let leads = tx.state().schema().object("Lead").unwrap().clone();
        let mut draft = Draft::default();
        for (name, value) in [("LastName", "Hull"), ("Company", "Boats"), ("City", city)] {
            draft.set(&leads, name, Raw::Text(value)).unwrap();
        }
        verbs::create(tx, &leads, draft, &DmlOptions::default())
    });
    let id = made.unwrap();
    let state = org.snapshot();
    let (leads, row) = state.find(id).unwrap();
    leads.fields.iter().zip(0..).map(|(field, at)| (field.name.to_string(), row.get(at).clone())).collect()
}

fn value<'a>(row: &'a [(String, Value)], name: &str) -> &'a Value {
    &row.iter().find(|(known, _)| known == name).unwrap().1
}

#[test]
fn a_workflow_rule_of_a_project_fires() {
    let org = org();
    assert_eq!(value(&lead(&org, "Kiel"), "Rating"), &Value::from("Warm"));
    assert_eq!(value(&lead(&org, "Bonn"), "Rating"), &Value::Null);
    // The message waits for two days.
    assert_eq!(org.snapshot().time_triggers().waiting().count(), 1);
}

#[test]
fn a_file_of_workflow_adds_to_what_the_object_has() {
    let mut files = workshop();
    let more = "<Workflow><rules><fullName>Greet</fullName><active>false</active><formula>true</formula>\
        <triggerType>onCreateOnly</triggerType></rules></Workflow>";
    files.insert("zz/workflows/Lead.workflow".to_owned(), more.into());
    files.remove("sfdx-project.json");
    let (state, _) = org_with(&files);
    let lead = state.schema().object("Lead").unwrap();
    let source: &Workflow = state.rules().workflow_source(lead.index).unwrap();
    let names = |names: Vec<&str>| names.join(" ");
    assert_eq!(names(source.rules.iter().map(|rule| rule.full_name.as_str()).collect()), "Greet");
    assert!(!source.rules[0].active, "the later file says so");
    assert_eq!(names(source.field_updates.iter().map(|one| one.full_name.as_str()).collect()), "Warm");
    assert_eq!(source.outbound_messages.len(), 1);
}

#[test]
fn a_record_type_offers_the_values_of_its_process() {
    let (state, _) = org_with(&workshop());
    let types = state.rules().record_types();
    let harbour = types.get(types.find("Lead.Harbour").unwrap()).unwrap();
    let values = |picklist: &str| -> Vec<&str> {
        harbour.values_of(picklist).unwrap().iter().map(|value| value.full_name.as_str()).collect()
    };
    assert_eq!(values("Status"), ["Working", "Won"]);
    assert_eq!(values("Region__c"), ["North"]);
    assert!(state.schema().object("Repair__c").unwrap().field("RecordTypeId").is_none(), "a refused type");
}

#[test]
fn a_profile_of_a_project_says_what_its_users_may_do() {
    let org = org();
    let state = org.snapshot();
    let mia = user(&state, "mia@workshop.example");
    let viewer = state.viewer(mia);
    let lead = viewer.schema().object("Lead").unwrap();
    assert!(lead.createable && lead.updateable && !lead.deletable);
    assert!(lead.field("City").is_none(), "a hidden field");
    assert!(viewer.schema().object("Account").is_none(), "an object that the profile does not name");
    let profile = mock_sfdc_org::rules::record_types::profile_of(&state, mia);
    let types = state.rules().record_types();
    let lead = state.schema().object("Lead").unwrap();
    assert_eq!(types.default_for(profile, lead), types.find("Lead.Harbour"));
    let hours = &state.access().permissions().login_hours[&profile.unwrap()];
    assert_eq!((hours.monday_start, hours.monday_end, hours.tuesday_start), (Some(480), Some(1020), None));
}

#[test]
fn a_permission_set_of_a_project_adds_to_its_users() {
    let org = org();
    let state = org.snapshot();
    let viewer = state.viewer(user(&state, "dan@workshop.example"));
    let repair = viewer.schema().object("Repair__c").unwrap();
    assert!(repair.createable && repair.updateable && !repair.deletable);
    assert!(repair.field("Due__c").unwrap().1.updateable, "shown by the set");
    assert!(repair.field("Hours__c").is_none(), "hidden by the profile");
    let admin = seed::administrator(state.settings());
    org.transact(admin, |tx| {
        let set = Holder::permission_set(tx, "Desk").unwrap().set;
        let (sets, row) = tx.state().find(set).unwrap();
        assert_eq!(row.get(sets.field("Label").unwrap().0), &Value::from("Front desk"));
        Ok::<_, std::convert::Infallible>(())
    })
    .unwrap();
}

#[test]
fn an_object_says_who_reaches_whose_records() {
    let org = org();
    lead(&org, "Kiel");
    let state = org.snapshot();
    assert_eq!(state.access().permissions().sharing.len(), 3);
    let model = state.access().permissions().sharing.iter().find(|(name, _)| name.is("Lead"));
    assert_eq!(model.map(|(_, model)| *model), Some(SharingModel::Read));
    let leads = state.schema().object("Lead").unwrap();
    let row = state.table(leads.index).rows().next().unwrap();
    let viewer = state.viewer(user(&state, "mia@workshop.example"));
    assert_eq!(viewer.level(&state, leads.index, row), Level::Read);
}
