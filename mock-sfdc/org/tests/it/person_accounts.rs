//! Person accounts: an account that is a person, and the contact behind it.

use mock_sfdc_org::{
    error::ErrorCode,
    id::Id,
    save::DmlOptions,
    verbs::{self, LeadConvert, Merge},
};

use crate::world::World;

const FIXTURE: &str = r#"{
    "organization": {"features": ["PersonAccounts"]},
    "packages": [{"objects": {"Contact": {"fields": {"Shoe__c": {"type": "string", "length": 10}}}}}]
}"#;

const ADA: &[(&str, &str)] = &[
    ("FirstName", "Ada"),
    ("LastName", "Lovelace"),
    ("PersonEmail", "ada@example.com"),
    ("PersonMailingCity", "London"),
    ("Phone", "1"),
    ("Shoe__pc", "38"),
];

fn contact_of(world: &World, account: Id) -> Id {
    world.get("Account", account, "PersonContactId").as_id().unwrap()
}

fn all(world: &World, object: &str, id: Id, fields: &[(&str, &str)]) {
    for (field, value) in fields {
        assert_eq!(world.text(object, id, field), *value, "{object}.{field}");
    }
}

#[test]
fn an_account_with_a_last_name_is_a_person_and_has_a_contact() {
    let world = World::new(FIXTURE);
    let account = world.create("Account", ADA).unwrap();
    all(&world, "Account", account, &[("Name", "Ada Lovelace"), ("IsPersonAccount", "true")]);
    let contact = contact_of(&world, account);
    all(
        &world,
        "Contact",
        contact,
        &[
            ("Name", "Ada Lovelace"),
            ("Email", "ada@example.com"),
            ("MailingCity", "London"),
            ("Phone", "1"),
            ("Shoe__c", "38"),
            ("IsPersonAccount", "true"),
            ("AccountId", &account.to_string()),
            ("DoNotCall", "false"),
        ],
    );
    world.update("Account", account, &[("LastName", "King"), ("PersonMailingCity", "")]).unwrap();
    assert_eq!(contact_of(&world, account), contact);
    all(
        &world,
        "Contact",
        contact,
        &[("Name", "Ada King"), ("MailingCity", ""), ("Email", "ada@example.com")],
    );
    assert_eq!(world.count_all("SELECT Id FROM Contact WHERE Account.PersonContact.LastName = 'King'"), 1);
    let types = "SELECT Id FROM Account WHERE RecordType.IsPersonType = true AND RecordType.DeveloperName = 'PersonAccount'";
    assert_eq!(world.count_all(types), 1);
}

#[test]
fn an_account_with_a_name_is_a_business_as_ever() {
    let world = World::new(FIXTURE);
    let account = world.create("Account", &[("Name", "Engines")]).unwrap();
    all(
        &world,
        "Account",
        account,
        &[("Name", "Engines"), ("IsPersonAccount", "false"), ("PersonContactId", "")],
    );
    assert_eq!(world.count_all("SELECT Id FROM Contact"), 0);
}

#[test]
fn what_does_not_belong_to_a_kind_of_account_is_refused() {
    let world = World::new(FIXTURE);
    let bad = |fields: &str| {
        (
            ErrorCode::InvalidFieldForInsertUpdate,
            format!("Account: bad field names on insert/update call: {fields}"),
        )
    };
    let first = |refused: (ErrorCode, String, Vec<String>)| (refused.0, refused.1);
    assert_eq!(first(world.refused("Account", &[("Name", "X"), ("LastName", "Y")])), bad("Name"));
    assert_eq!(
        first(world.refused("Account", &[("Name", "X"), ("PersonEmail", "a@b.de")])),
        bad("PersonEmail")
    );
    assert_eq!(
        world.refused("Account", &[("Phone", "1")]),
        (
            ErrorCode::RequiredFieldMissing,
            "Required fields are missing: [Name]".to_owned(),
            vec!["Name".to_owned()]
        )
    );
    let account = world.create("Account", ADA).unwrap();
    let emptied = world.update("Account", account, &[("LastName", "")]).unwrap_err();
    assert_eq!(emptied[0].message, "Required fields are missing: [LastName]");
    let contact = contact_of(&world, account);
    for errors in [
        world.update("Contact", contact, &[("LastName", "Z")]).unwrap_err(),
        world.delete("Contact", contact).unwrap_err(),
    ] {
        assert_eq!(errors[0].code, ErrorCode::InvalidOperation);
    }
}

fn record_type(world: &World, name: &str) -> String {
    let types = world.object("Account").record_type_infos.clone();
    let found = types.iter().find(|info| info.developer_name == name).unwrap();
    found.record_type_id.clone()
}

const RULES: &str = r#", "validationRules": {"Account": [{"fullName": "No", "active": true,
    "errorConditionFormula": "NOT(ISNEW())", "errorMessage": "nothing may change"}]},
  "workflows": {"Account": {"fieldUpdates": [{"fullName": "Mark", "field": "Site", "operation": "Formula", "formula": "Site & 'x'"}],
    "rules": [{"fullName": "R", "active": true, "triggerType": "onAllChanges", "actions": [{"name": "Mark", "type": "FieldUpdate"}]}]}}}"#;

#[test]
fn a_business_becomes_the_one_contact_that_it_has_and_no_rule_runs() {
    let world = World::new(&format!("{}{RULES}", FIXTURE.trim_end().strip_suffix('}').unwrap()));
    let account = world.create("Account", &[("Name", "Engines"), ("Phone", "1")]).unwrap();
    let of_account = account.to_string();
    let person = record_type(&world, "PersonAccount");
    let switch = |more: &[(&str, &str)]| {
        let row = [&[("RecordTypeId", person.as_str())], more].concat();
        world.update("Account", account, &row).map_err(|errors| (errors[0].code, errors[0].message.clone()))
    };
    let refusal = |why: &str| {
        let message = format!("the account can not become a person account: {why}");
        Err((ErrorCode::FieldIntegrity, message))
    };
    assert_eq!(switch(&[]).map(|_| ()), refusal("it must have exactly one contact"));
    let contact =
        [("LastName", "Lovelace"), ("FirstName", "Ada"), ("Email", "ada@example.com"), ("Phone", "2")];
    let contact = [&contact[..], &[("AccountId", &of_account), ("Shoe__c", "38")]].concat();
    let contact = world.create("Contact", &contact).unwrap();
    let other = world.create("Contact", &[("LastName", "Byron"), ("AccountId", &of_account)]).unwrap();
    assert_eq!(switch(&[]).map(|_| ()), refusal("it must have exactly one contact"));
    world.update("Contact", contact, &[("ReportsToId", &other.to_string())]).unwrap();
    world.update("Contact", other, &[("AccountId", "")]).unwrap();
    assert_eq!(switch(&[]).map(|_| ()), refusal("its contact must report to nobody"));
    world.update("Contact", contact, &[("ReportsToId", "")]).unwrap();
    assert_eq!(switch(&[("Phone", "3")]).unwrap_err().0, ErrorCode::InvalidFieldForInsertUpdate);
    switch(&[]).unwrap();
    all(
        &world,
        "Account",
        account,
        &[
            ("Name", "Ada Lovelace"),
            ("IsPersonAccount", "true"),
            ("PersonEmail", "ada@example.com"),
            ("Shoe__pc", "38"),
            ("Phone", "1"),
            ("Site", "x"),
        ],
    );
    assert_eq!(contact_of(&world, account), contact);
    all(&world, "Contact", contact, &[("IsPersonAccount", "true"), ("Phone", "1"), ("Name", "Ada Lovelace")]);
}

#[test]
fn a_person_becomes_a_business_and_leaves_a_contact() {
    let world = World::new(FIXTURE);
    let account = world.create("Account", ADA).unwrap();
    let contact = contact_of(&world, account);
    world.update("Account", account, &[("RecordTypeId", &record_type(&world, "Business_Account"))]).unwrap();
    all(
        &world,
        "Account",
        account,
        &[
            ("Name", "Ada Lovelace"),
            ("IsPersonAccount", "false"),
            ("LastName", ""),
            ("PersonEmail", ""),
            ("PersonContactId", ""),
            ("Shoe__pc", ""),
            ("Phone", "1"),
        ],
    );
    all(
        &world,
        "Contact",
        contact,
        &[
            ("IsPersonAccount", "false"),
            ("AccountId", &account.to_string()),
            ("Email", "ada@example.com"),
            ("Shoe__c", "38"),
            ("Name", "Ada Lovelace"),
        ],
    );
    world.update("Contact", contact, &[("LastName", "King")]).unwrap();
    all(&world, "Account", account, &[("Name", "Ada Lovelace")]);
}

#[test]
fn account_and_contact_go_and_come_back_together() {
    let world = World::new(FIXTURE);
    let account = world.create("Account", ADA).unwrap();
    let contact = contact_of(&world, account);
    world.delete("Account", account).unwrap();
    assert!(!world.exists(account) && !world.exists(contact));
    world.undelete("Account", account).unwrap();
    assert!(world.exists(account) && world.exists(contact));
}

#[test]
fn people_that_become_one_have_one_contact() {
    let world = World::new(FIXTURE);
    let [master, loser] = [world.create("Account", ADA).unwrap(), world.create("Account", ADA).unwrap()];
    let (kept, lost) = (contact_of(&world, master), contact_of(&world, loser));
    let task = world.create("Task", &[("Subject", "Call"), ("WhoId", &lost.to_string())]).unwrap();
    let request = Merge { master, values: mock_sfdc_org::save::Draft::default(), losers: vec![loser] };
    let object = world.object("Account");
    let merged =
        world.org.transact(world.admin, |tx| verbs::merge(tx, &object, request, &DmlOptions::default()));
    assert_eq!(merged.unwrap().updated_related, [task]);
    assert!(world.exists(kept) && !world.exists(lost) && !world.exists(loser));
    assert_eq!(world.get("Task", task, "WhoId").as_id(), Some(kept));
    let business = world.create("Account", &[("Name", "Engines")]).unwrap();
    let request = Merge { master, values: mock_sfdc_org::save::Draft::default(), losers: vec![business] };
    let refused =
        world.org.transact(world.admin, |tx| verbs::merge(tx, &object, request, &DmlOptions::default()));
    assert_eq!(refused.unwrap_err()[0].code, ErrorCode::InvalidMergeRecord);
}

#[test]
fn a_lead_without_a_company_becomes_a_person() {
    let world = World::new(FIXTURE);
    let lead = [("FirstName", "Grace"), ("LastName", "Hopper"), ("Email", "grace@example.com")];
    let lead = world.create("Lead", &lead).unwrap();
    let request =
        LeadConvert { do_not_create_opportunity: true, ..LeadConvert::new(lead, "Closed - Converted") };
    let converted = world
        .org
        .transact(world.admin, |tx| verbs::convert_lead(tx, &request, &DmlOptions::default()))
        .unwrap();
    all(
        &world,
        "Account",
        converted.account_id,
        &[("Name", "Grace Hopper"), ("PersonEmail", "grace@example.com"), ("IsPersonAccount", "true")],
    );
    assert_eq!(converted.contact_id, contact_of(&world, converted.account_id));
    assert_eq!(world.count_all("SELECT Id FROM Contact"), 1);
}

#[test]
fn an_org_without_the_feature_has_none_of_it() {
    let world = World::new("{}");
    assert!(world.object("Account").field("IsPersonAccount").is_none());
    assert!(world.object("RecordType").field("IsPersonType").is_none());
    let mistake = mock_sfdc_org::seed::load(
        "test.json",
        r#"{"recordTypes": [{"fullName": "PersonAccount.Customer"}]}"#,
        crate::world::NOON,
        &|_| None,
    );
    assert!(mistake.unwrap_err().problem.contains("the org has no person accounts"));
}
