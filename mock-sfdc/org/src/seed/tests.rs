use super::*;

use crate::{access, value::Value};

const DEMO: &str = include_str!("../../../../fixtures/orgs/demo.json");
const REFERRAL_ROCK: &str = include_str!("../../../../fixtures/packages/referral-rock.json");

fn packages(name: &str) -> Option<(String, String)> {
    (name == "referral-rock").then(|| ("referral-rock.json".to_owned(), REFERRAL_ROCK.to_owned()))
}

fn try_load(json: &str) -> Result<State, PackageError> {
    load("org.json", json, DateTime::from_millis(1_767_603_600_000), &packages)
}

fn column<'a>(state: &'a State, object: &str, field: &str) -> Vec<&'a Value> {
    let object = state.schema().object(object).unwrap();
    let (position, _) = object.field(field).unwrap();
    state.table(object.index).rows().map(|row| row.get(position)).collect()
}

fn find(state: &State, object: &str, field: &str, value: &str) -> Id {
    let object = state.schema().object(object).unwrap();
    let (position, _) = object.field(field).unwrap();
    state.lookup(object, position, &Value::from(value))[0].id()
}

#[test]
fn an_empty_fixture_is_an_org_that_works() {
    let state = try_load("{}").unwrap();
    let admin = administrator(state.settings());
    assert_eq!(find(&state, "User", "Username", "admin@mock-sfdc.example"), admin);
    let password = "mock-sfdc-1mockSecurityToken";
    let door = access::Door::Api;
    assert_eq!(
        access::log_in(&state, "admin@mock-sfdc.example", password, door, DateTime::from_millis(0)),
        Ok(admin)
    );
    assert_eq!(access::api_allowed(&state, admin), Ok(()));
    assert_eq!(column(&state, "Organization", "Id"), [&Value::Id(state.settings().organization_id)]);
    assert_eq!(
        column(&state, "OpportunityStage", "IsWon").into_iter().filter(|won| won.is_true()).count(),
        1
    );
    assert_eq!(column(&state, "LeadStatus", "MasterLabel").len(), 4);
    assert!(state.log().is_empty());
    assert!(state.mails().next().is_none());
}

#[test]
fn the_demo_org_loads_with_everything_in_it() {
    let state = try_load(DEMO).unwrap();
    for (object, rows) in
        [("Account", 4), ("Contact", 4), ("Lead", 3), ("Opportunity", 4), ("Case", 2), ("User", 5)]
    {
        assert_eq!(column(&state, object, "Id").len(), rows, "{object}");
    }
    let harbor = find(&state, "Account", "Name", "Harbor Grill");
    let maria = find(&state, "Contact", "Email", "maria@harbor.example");
    let (object, record) = state.find(maria).unwrap();
    assert_eq!(*record.get(object.field("AccountId").unwrap().0), Value::Id(harbor));
    assert!(state.access().app("3MVG9DemoClientId").unwrap().run_as.is_some());
    let lead = state.schema().object("Lead").unwrap();
    assert_eq!(state.rules().active_assignment_rule(&state, lead).unwrap().1.rule().rule_entry.len(), 3);
    assert!(state.settings().default_lead_owner.is_some());
}

#[test]
fn two_loads_are_the_same() {
    let [one, other] = [try_load(DEMO).unwrap(), try_load(DEMO).unwrap()];
    assert_eq!(column(&one, "Lead", "Id"), column(&other, "Lead", "Id"));
    assert_eq!(column(&one, "Lead", "CreatedDate"), column(&other, "Lead", "CreatedDate"));
}

#[test]
fn records_may_refer_to_what_comes_later() {
    let state = try_load(
        r#"{"records": {"Contact": [{"LastName": "Lee", "AccountId": "@late"}], "Account": [{"ref": "late", "Name": "Late"}]}}"#,
    )
    .unwrap();
    let late = find(&state, "Account", "Name", "Late");
    assert_eq!(column(&state, "Contact", "AccountId"), [&Value::Id(late)]);
}

#[test]
fn a_mistake_is_named_with_its_place_and_what_was_expected() {
    for (json, said) in [
        (r#"{"records": {}, }"#, "org.json:1:17: trailing comma"),
        (r#"{"recordz": {}}"#, "org.json:1:10: recordz: unknown key `recordz`; did you mean `records`?"),
        (
            "{\n \"records\": {\"Acount\": [{\"Name\": \"A\"}]}}",
            "org.json:2:25: records.Acount[0]: the org has no object Acount; did you mean Account",
        ),
        (
            r#"{"records": {"Account": [{"Nam": "A"}]}}"#,
            "org.json:1:27: records.Account[0].Nam: No such column 'Nam' on sobject of type Account",
        ),
        (
            r#"{"records": {"Contact": [{"FirstName": "A"}]}}"#,
            "org.json:1:26: records.Contact[0].LastName: Required fields are missing: [LastName]",
        ),
        (
            r#"{"records": {"Account": [{"ref": "acme", "Name": "A"}], "Contact": [{"LastName": "B", "AccountId": "@akme"}]}}"#,
            "records.Contact[0].AccountId: nothing is named @akme; did you mean @acme?",
        ),
        (
            r#"{"records": {"Account": [{"ref": "a", "Name": "A", "ParentId": "@b"}, {"ref": "b", "Name": "B", "ParentId": "@a"}]}}"#,
            "records.Account[0]: these records refer to each other in a circle",
        ),
        (
            r#"{"users": [{"username": "u@x.example", "password": "p", "lastName": "U", "profile": "Standrd User"}]}"#,
            "org.json:1:74: users[0].profile: there is no profile \"Standrd User\"; there are System Administrator",
        ),
        (r#"{"packages": ["nothing"]}"#, "org.json:1:15: packages[0]: there is no package \"nothing\""),
        (
            r#"{"organization": {"timeZone": "Mars/Olympus"}}"#,
            "org.json:1:19: organization.timeZone: \"Mars/Olympus\" is no time zone",
        ),
        (
            r#"{"assignmentRules": [{"name": "R", "object": "Lead", "ruleEntry": [{"assignedTo": {"Queue": "None"}}]}]}"#,
            "assignmentRules[0].ruleEntry[0].assignedTo: there is no queue \"None\"",
        ),
        (
            r#"{"assignmentRules": [{"name": "R", "object": "Lead", "ruleEntry": [{"booleanFilter": "1"}]}]}"#,
            "assignmentRules[0].ruleEntry[0].booleanFilter: names item 1, but there are 0",
        ),
        (
            r#"{"profiles": [{"name": "P", "permissions": ["PermissionsApi"]}]}"#,
            "did you mean PermissionsApi",
        ),
    ] {
        let mistake = try_load(json).unwrap_err().to_string();
        assert!(mistake.contains(said), "{json}\n  said     {mistake}\n  expected {said}");
    }
}

#[test]
fn a_fork_is_an_org_of_its_own() {
    let original = try_load(DEMO).unwrap();
    let fork = rename_usernames(&with_identity(&original, 7), "qa1");
    assert_ne!(fork.settings().organization_id, original.settings().organization_id);
    assert_eq!(column(&fork, "Organization", "Id"), [&Value::Id(fork.settings().organization_id)]);
    let sam = find(&original, "User", "Username", "sam@demo.example");
    assert_eq!(find(&fork, "User", "Username", "sam@demo.example.qa1"), sam);
    assert!(fork.access().login("sam@demo.example.qa1").is_some());
    assert!(fork.access().login("sam@demo.example").is_none());
    let lead = fork.schema().object("Lead").unwrap();
    let rule =
        serde_json::to_string(fork.rules().active_assignment_rule(&fork, lead).unwrap().1.rule()).unwrap();
    assert!(rule.contains("sam@demo.example.qa1"), "{rule}");
}
