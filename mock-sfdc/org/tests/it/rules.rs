//! Criteria, assignment rules and auto-response rules, as fixtures set them.

use mock_sfdc_org::{
    error::Error,
    id::Id,
    rules::{criteria::Criteria, subject::Subject},
    save::{AssignmentRuleChoice, DmlOptions},
    seed,
};
use serde_json::json;

use crate::world::{NOON, World};

const PEOPLE: &str = r#"{
    "organization": {"defaultCaseOwner": "@queue", "timeZone": "America/Los_Angeles"},
    "users": [{"ref": "sam", "username": "sam@a.example", "password": "p", "lastName": "Seller", "fields": {"Title": "Boss"}}],
    "queues": [{"ref": "queue", "name": "Waiting Room", "developerName": "Waiting", "objects": ["Case", "Lead"], "email": "wait@a.example"}],
    "records": {
        "Account": [{"ref": "acme", "Name": "Acme", "Industry": "Banking"}],
        "Contact": [
            {"FirstName": "Ada", "LastName": "Lovelace", "AccountId": "@acme", "Birthdate": "2026-03-25", "HasOptedOutOfEmail": true,
             "Title": "Countess", "Department": "countess", "LeadSource": "Web"},
            {"LastName": "Nobody"}
        ]
    }
}"#;

impl World {
    /// Whether the contact with this last name meets criteria; `Err` says why they cannot be asked.
    fn met(&self, last_name: &str, criteria: &serde_json::Value) -> Result<bool, String> {
        let criteria: Criteria =
            serde_json::from_value(criteria.clone()).map_err(|error| error.to_string())?;
        let (state, object) = (self.org.snapshot(), self.object("Contact"));
        let compiled = criteria.compile(state.schema(), &object).map_err(|mistake| mistake.to_string())?;
        let (position, _) = object.field("LastName").unwrap();
        let record = state.lookup(&object, position, &last_name.into()).remove(0);
        let edit = record.edit(object.fields.len());
        let subject = Subject {
            state: &state,
            object: &object,
            record: &edit,
            before: None,
            user: self.admin,
            now: NOON,
        };
        assert_eq!(compiled.explain(&subject).starts_with("yes"), compiled.met(&subject));
        Ok(compiled.met(&subject))
    }
}

#[test]
fn items_mean_what_salesforce_says_they_mean() {
    let world = World::new(PEOPLE);
    let owner = world.admin.to_string();
    // field, operation, value; Lovelace meets it, Nobody (all blank) meets it
    let table: [(&str, &str, &str, bool, bool); 34] = [
        ("Contact.Title", "equals", "countess", true, false),
        ("Title", "equals", "Duke, Countess", true, false),
        ("Title", "equals", "", false, true),
        ("Title", "notEqual", "", true, false),
        ("Title", "notEqual", "Duke,Countess", false, true),
        ("Title", "contains", "OUNT,x", true, false),
        ("Title", "notContain", "ount", false, true),
        ("Title", "startsWith", "x,COU", true, false),
        ("Title", "contains", "", false, true),
        ("Title", "lessThan", "d", true, false),
        ("LeadSource", "equals", "web", true, false),
        ("HasOptedOutOfEmail", "equals", "True", true, false),
        ("HasOptedOutOfEmail", "equals", "0", false, true),
        ("HasOptedOutOfEmail", "notEqual", "True", false, true),
        ("Birthdate", "equals", "TODAY", true, false),
        ("Birthdate", "equals", "3/25/2026", true, false),
        ("Birthdate", "lessThan", "TODAY", false, false),
        ("Birthdate", "greaterOrEqual", "LAST 7 DAYS", true, false),
        ("Birthdate", "greaterThan", "2026-03-24", true, false),
        ("Birthdate", "lessOrEqual", "THIS MONTH", true, false),
        ("CreatedDate", "equals", "TODAY", true, true),
        ("CreatedDate", "equals", "3/25/2026 5:00 AM", true, true),
        ("CreatedDate", "lessThan", "3/25/2026 5:01 AM", true, true),
        ("Account.Industry", "equals", "Banking", true, false),
        ("Account.Name", "startsWith", "ac", true, false),
        ("AccountId", "equals", "Acme", true, false),
        ("AccountId", "contains", "cm", true, false),
        ("AccountId", "equals", "", false, true),
        ("OwnerId", "equals", &owner, true, true),
        ("User.Username", "contains", "@", true, true),
        ("User.Title", "equals", "Boss", false, false),
        ("Organization.LanguageLocaleKey", "equals", "en_US", true, true),
        ("MailingLatitude", "equals", "", true, true),
        ("MailingLatitude", "lessThan", "1", false, false),
    ];
    for (field, operation, value, ada, nobody) in table {
        let item = json!({"criteriaItems": [{"field": field, "operation": operation, "value": value}]});
        assert_eq!(world.met("Lovelace", &item), Ok(ada), "Lovelace {item}");
        assert_eq!(world.met("Nobody", &item), Ok(nobody), "Nobody {item}");
    }
}

#[test]
fn fields_compare_with_each_other_and_items_join_by_logic() {
    let world = World::new(PEOPLE);
    let same = json!({"field": "Title", "operation": "equals", "valueField": "Contact.Department"});
    let other = json!({"field": "Title", "operation": "contains", "valueField": "LastName"});
    for (criteria, met) in [
        (json!({"criteriaItems": [same]}), true),
        (json!({"criteriaItems": [same, other]}), false),
        (json!({"criteriaItems": [same, other], "booleanFilter": "1 or 2"}), true),
        (json!({"criteriaItems": [same, other], "booleanFilter": "NOT (1 AND 2)"}), true),
        (json!({}), true),
    ] {
        assert_eq!(world.met("Lovelace", &criteria), Ok(met), "{criteria}");
    }
}

#[test]
fn criteria_that_cannot_be_asked_say_why() {
    let world = World::new(PEOPLE);
    let item = |field: &str, operation: &str, value: &str| json!({"criteriaItems": [{"field": field, "operation": operation, "value": value}]});
    for (criteria, problem) in [
        (item("Titel", "equals", "x"), "criteriaItems[0].field: Contact has no field Titel"),
        (item("Lead.Rating", "equals", "x"), "criteriaItems[0].field: Contact has no field Lead.Rating"),
        (item("Account.Colour", "equals", "x"), "criteriaItems[0].field: Account has no field Colour"),
        (
            item("MailingLatitude", "equals", "far"),
            "criteriaItems[0].value: \"far\" is no number, which MailingLatitude wants",
        ),
        (
            item("Birthdate", "equals", "soon"),
            "criteriaItems[0].value: \"soon\" is no date, which Birthdate wants",
        ),
        (
            item("HasOptedOutOfEmail", "equals", "maybe"),
            "criteriaItems[0].value: \"maybe\" is no True or False, which HasOptedOutOfEmail wants",
        ),
        (
            item("MailingCity", "within", "5"),
            "criteriaItems[0].operation: within (a distance) is not emulated",
        ),
        (
            json!({"criteriaItems": [{"field": "Title", "operation": "equals"}], "booleanFilter": "1 AND 2"}),
            "booleanFilter: names item 2, but there are 1",
        ),
        (
            json!({"criteriaItems": [{"field": "Title", "operation": "equals"}], "formula": "true"}),
            "formula: an entry has criteria items or a formula, not both",
        ),
        (
            json!({"criteriaItems": [{"field": "Title", "operation": "like"}]}),
            "unknown variant `like`, expected one of",
        ),
    ] {
        let told = world.met("Lovelace", &criteria).unwrap_err();
        assert!(told.starts_with(problem), "{told}");
    }
}

#[test]
fn a_fixture_with_a_wrong_rule_is_refused_where_it_stands() {
    for (entry, problem) in [
        (
            r#"{"criteriaItems": [{"field": "Colour", "operation": "equals"}]}"#,
            "assignmentRules[0].ruleEntry[0].criteriaItems[0].field: Lead has no field Colour",
        ),
        (
            r#"{"assignedTo": "Nobody", "assignedToType": "Queue"}"#,
            "assignmentRules[0].ruleEntry[0].assignedTo: there is no queue \"Nobody\"",
        ),
        (
            r#"{"team": ["Support"]}"#,
            "assignmentRules[0].ruleEntry[0].team: team of an assignment rule is not emulated",
        ),
        (r#"{"notifyCcRecipients": true}"#, "notifyCcRecipients of an assignment rule is not emulated"),
    ] {
        let fixture =
            format!(r#"{{"assignmentRules": [{{"name": "R", "object": "Lead", "ruleEntry": [{entry}]}}]}}"#);
        let told = seed::load("test.json", &fixture, NOON, &|_| None).unwrap_err().to_string();
        assert!(told.contains(problem), "{told}");
    }
}

#[test]
fn a_case_without_an_active_rule_goes_to_its_default_owner_and_a_lead_stays() {
    let world = World::new(PEOPLE);
    let active = DmlOptions { assignment: AssignmentRuleChoice::Active, ..DmlOptions::default() };
    let admin = world.admin.to_string();
    let owner = |object: &str, id: Result<Id, Vec<Error>>| world.text(object, id.unwrap(), "OwnerId");
    assert!(owner("Case", world.create_with("Case", &[("Subject", "x")], &active)).starts_with("00G"));
    assert_eq!(owner("Case", world.create("Case", &[("Subject", "x")])), admin);
    assert_eq!(owner("Case", world.create_with("Case", &[("OwnerId", &admin)], &active)), admin);
    let lead = [("LastName", "A"), ("Company", "B")];
    assert_eq!(owner("Lead", world.create_with("Lead", &lead, &active)), admin);
}

#[test]
fn an_entry_of_an_assignment_rule_asks_a_formula() {
    let world = World::new(
        r#"{
        "users": [{"username": "sam@a.example", "password": "p", "lastName": "Seller"}],
        "queues": [{"name": "Rest", "developerName": "Rest", "objects": ["Lead"]}],
        "assignmentRules": [{"name": "Std", "object": "Lead", "active": true, "ruleEntry": [
            {"formula": "AND(ISPICKVAL(Rating, \"Hot\"), LEN(Company) > 3)", "assignedTo": "sam@a.example", "assignedToType": "User"},
            {"formula": "NOT(ISBLANK(Email))", "assignedTo": "Rest", "assignedToType": "Queue"}]}]
    }"#,
    );
    let active = DmlOptions { assignment: AssignmentRuleChoice::Active, ..DmlOptions::default() };
    // rating, company, e-mail; the owner's prefix, and whether it is the user of the first entry
    for (rating, company, email, owner, sam) in [
        ("Hot", "Acme", "a@b.example", "005", true),
        ("Hot", "Abc", "a@b.example", "00G", false),
        ("Cold", "Acme", "a@b.example", "00G", false),
        ("Cold", "Acme", "", "005", false),
    ] {
        let row = [("LastName", "A"), ("Company", company), ("Rating", rating), ("Email", email)];
        let lead = world.create_with("Lead", &row, &active).unwrap();
        let id = world.text("Lead", lead, "OwnerId");
        assert!(id.starts_with(owner), "{rating} {company} {email}: {id}");
        let is_sam = owner == "005" && id != world.admin.to_string();
        assert_eq!(is_sam, sam, "{rating} {company} {email}: {id}");
    }
}

const ANSWERING: &str = r#"{
    "users": [{"ref": "sam", "username": "sam@a.example", "password": "p", "lastName": "Seller"}],
    "assignmentRules": [{"name": "Std", "object": "Lead", "active": true, "ruleEntry": [
        {"assignedTo": "sam@a.example", "assignedToType": "User", "template": "Sales/New_Lead"}]}],
    "autoResponseRules": [
        {"name": "Off", "object": "Lead", "ruleEntry": [{}]},
        {"name": "Thanks", "object": "Lead", "active": true, "ruleEntry": [
            {"criteriaItems": [{"field": "Lead.Rating", "operation": "equals", "value": "Cold"}], "senderName": "Cold", "senderEmail": "cold@a.example"},
            {"senderName": "Desk", "senderEmail": "desk@a.example", "replyToEmail": "reply@a.example", "template": "Sales/Thanks"}]}],
    "records": {"EmailTemplate": [
        {"Name": "New", "DeveloperName": "New_Lead", "FolderId": "@sam", "TemplateType": "text", "TemplateStyle": "none",
         "Subject": "New: {!Lead.Name}", "Body": "{!Lead.Company}, by {!User.LastName}. {!Lead.Nothing}"},
        {"Name": "Thanks", "DeveloperName": "Thanks", "FolderId": "@sam", "TemplateType": "text", "TemplateStyle": "none",
         "Subject": "Hello {!Lead.FirstName}", "Body": "Thank you"}]}
}"#;

#[test]
fn mails_go_out_only_when_asked_for_and_say_what_their_template_says() {
    let world = World::new(ANSWERING);
    let ask = |mail_owner, auto_response| DmlOptions {
        assignment: AssignmentRuleChoice::Active,
        mail_owner,
        auto_response,
        ..DmlOptions::default()
    };
    let lead =
        [("FirstName", "Ada"), ("LastName", "Lovelace"), ("Company", "Engines"), ("Email", "ada@b.example")];
    world.create_with("Lead", &lead, &ask(false, false)).unwrap();
    assert_eq!(world.org.snapshot().mails().count(), 0, "no mail unless asked for");
    let id = world.create_with("Lead", &lead, &ask(true, true)).unwrap();
    let state = world.org.snapshot();
    let mails = state.mails().collect::<Vec<_>>();
    assert_eq!(mails.len(), 2);
    assert_eq!(
        (mails[0].to.as_slice(), mails[0].subject.as_str()),
        (["sam@a.example".to_owned()].as_slice(), "New: Ada Lovelace")
    );
    assert_eq!(mails[0].body, "Engines, by Admin. {!Lead.Nothing}");
    assert_eq!(
        (mails[1].to.as_slice(), mails[1].subject.as_str()),
        (["ada@b.example".to_owned()].as_slice(), "Hello Ada")
    );
    assert_eq!(mails[1].from.as_deref(), Some("Desk <desk@a.example>"));
    assert_eq!(mails[1].reply_to.as_deref(), Some("reply@a.example"));
    assert_eq!(mails[1].related, Some(id));
    let cold = [("LastName", "A"), ("Company", "B"), ("Email", "c@b.example"), ("Rating", "Cold")];
    let options = ask(false, true);
    let id = world.create_with("Lead", &cold, &options).unwrap();
    assert_eq!(world.org.snapshot().mails().last().unwrap().from.as_deref(), Some("Cold <cold@a.example>"));
    let draft = world.draft("Lead", &[("Rating", "Hot")]);
    let object = world.object("Lead");
    world
        .org
        .transact(world.admin, |tx| mock_sfdc_org::verbs::update(tx, &object, id, draft, &options))
        .unwrap();
    assert_eq!(world.org.snapshot().mails().count(), 3, "an update is not answered");
}
