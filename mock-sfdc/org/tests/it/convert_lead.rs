//! Lead conversion as a caller sees it: what is created from what, what follows the lead, and what is refused.

use mock_sfdc_org::{
    error::{Error, ErrorCode},
    hooks::HookPoint,
    id::Id,
    mail::MailKind,
    save::DmlOptions,
    state::ChangeKind,
    verbs::{self, Converted, LeadConvert},
};

use crate::world::World;

const CONVERTED: &str = "Closed - Converted";

/// Custom fields with a mapping, a queue, and a fiscal year that begins in February.
const FIXTURE: &str = r#"{
    "organization": {"fiscalYearStartMonth": 2},
    "packages": [{"objects": {
        "Lead": {"fields": {"Region__c": {"type": "string", "length": 40}, "Budget__c": "double", "Dropped__c": "double"}},
        "Account": {"fields": {"Region__c": {"type": "string", "length": 5}}},
        "Opportunity": {"fields": {"Budget__c": "double"}}
    }}],
    "queues": [{"ref": "inbound", "name": "Inbound", "developerName": "Inbound", "objects": ["Lead"]}],
    "users": [
        {"ref": "dora", "username": "dora@x.example", "password": "x", "lastName": "Day", "email": "dora@x.example"},
        {"ref": "ines", "username": "ines@x.example", "password": "x", "lastName": "Idle", "active": false}
    ],
    "leadConvertSettings": {"objectMapping": [
        {"inputObject": "Lead", "outputObject": "Account", "mappingFields": [{"inputField": "Region__c", "outputField": "Region__c"}]},
        {"inputObject": "Lead", "outputObject": "Opportunity", "mappingFields": [{"inputField": "Budget__c", "outputField": "Budget__c"}]}
    ]}
}"#;

fn convert(world: &World, request: &LeadConvert) -> Result<Converted, Vec<Error>> {
    world.org.transact(world.admin, |tx| verbs::convert_lead(tx, request, &DmlOptions::default()))
}

fn lead(world: &World, more: &[(&str, &str)]) -> Id {
    let mut row = vec![("FirstName", "Grace"), ("LastName", "Hopper"), ("Company", "Navy")];
    row.extend(more);
    world.create("Lead", &row).unwrap()
}

fn user(world: &World, username: &str) -> Id {
    let state = world.org.snapshot();
    let object = state.schema().object("User").unwrap();
    let (position, _) = object.field("Username").unwrap();
    state.lookup(object, position, &username.into())[0].id()
}

fn check(world: &World, object: &str, id: Id, fields: &[(&str, &str)]) {
    for (field, value) in fields {
        assert_eq!(world.text(object, id, field), *value, "{object}.{field}");
    }
}

#[test]
fn a_lead_becomes_an_account_a_contact_and_an_opportunity() {
    let world = World::new(FIXTURE);
    let id = lead(
        &world,
        &[
            ("Salutation", "Dr."),
            ("Title", "Admiral"),
            ("Email", "g@x.example"),
            ("Phone", "1"),
            ("MobilePhone", "2"),
            ("Street", "Pier 1"),
            ("City", "Norfolk"),
            ("Country", "USA"),
            ("Website", "navy.example"),
            ("Industry", "Government"),
            ("NumberOfEmployees", "7"),
            ("Description", "Bugs"),
            ("LeadSource", "Web"),
            ("HasOptedOutOfEmail", "true"),
            ("Region__c", "East"),
            ("Budget__c", "12.5"),
            ("Dropped__c", "1"),
        ],
    );
    let Converted { account_id, contact_id, opportunity_id, .. } =
        convert(&world, &LeadConvert::new(id, CONVERTED)).unwrap();
    let deal = opportunity_id.unwrap();
    check(
        &world,
        "Account",
        account_id,
        &[
            ("Name", "Navy"),
            ("Phone", "1"),
            ("BillingStreet", "Pier 1"),
            ("BillingCity", "Norfolk"),
            ("Website", "navy.example"),
            ("Industry", "Government"),
            ("NumberOfEmployees", "7"),
            ("AccountSource", "Web"),
            ("Region__c", "East"),
            ("Description", ""),
        ],
    );
    check(
        &world,
        "Contact",
        contact_id,
        &[
            ("Name", "Grace Hopper"),
            ("Salutation", "Dr."),
            ("AccountId", &account_id.to_string()),
            ("Title", "Admiral"),
            ("Email", "g@x.example"),
            ("MobilePhone", "2"),
            ("MailingCity", "Norfolk"),
            ("Description", "Bugs"),
            ("LeadSource", "Web"),
            ("HasOptedOutOfEmail", "true"),
        ],
    );
    check(
        &world,
        "Opportunity",
        deal,
        &[
            ("Name", "Navy"),
            ("AccountId", &account_id.to_string()),
            ("StageName", "Prospecting"),
            ("Probability", "10"),
            // Today is 2026-03-25, in a quarter of February to April.
            ("CloseDate", "2026-04-30"),
            ("Amount", ""),
            ("LeadSource", "Web"),
            ("Budget__c", "12.5"),
        ],
    );
    check(
        &world,
        "Lead",
        id,
        &[
            ("IsConverted", "true"),
            ("Status", CONVERTED),
            ("ConvertedDate", "2026-03-25"),
            ("ConvertedAccountId", &account_id.to_string()),
            ("ConvertedContactId", &contact_id.to_string()),
            ("ConvertedOpportunityId", &deal.to_string()),
        ],
    );
    let role = format!(
        "SELECT Id FROM OpportunityContactRole WHERE OpportunityId = '{deal}' AND ContactId = '{contact_id}' AND IsPrimary = true"
    );
    assert_eq!(world.count_all(&role), 1);
}

#[test]
fn the_world_hears_of_three_creations_and_one_change_of_the_lead() {
    let world = World::new(FIXTURE);
    let id = lead(&world, &[]);
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let watched = std::sync::Arc::clone(&seen);
    world
        .org
        .on_save("Lead", HookPoint::AfterTrigger, "Watch", move |lead| {
            let both = (lead.get("Status").as_text() == Some(CONVERTED), lead.get("IsConverted").is_true());
            watched.lock().unwrap().push(both);
        })
        .unwrap();
    let from = world.org.snapshot().log().next_seq();
    convert(&world, &LeadConvert::new(id, CONVERTED)).unwrap();
    let state = world.org.snapshot();
    let told: Vec<_> = state
        .log()
        .since(from)
        .map(|change| (state.schema().by_index(change.object).unwrap().name.to_string(), change.kind))
        .filter(|(object, _)| !matches!(object.as_str(), "OpportunityContactRole" | "OpportunityHistory"))
        .collect();
    let created = |object: &str| (object.to_owned(), ChangeKind::Created);
    let updated = ("Lead".to_owned(), ChangeKind::Updated);
    assert_eq!(told, [created("Account"), created("Contact"), created("Opportunity"), updated]);
    assert_eq!(*seen.lock().unwrap(), [(true, true)], "one save, with both at once");
}

#[test]
fn existing_records_keep_what_they_have() {
    let world = World::new(FIXTURE);
    let account = world.create("Account", &[("Name", "The Navy"), ("Phone", "0")]).unwrap();
    let contact = world
        .create(
            "Contact",
            &[("LastName", "Hopper"), ("AccountId", &account.to_string()), ("LeadSource", "Other")],
        )
        .unwrap();
    let lead_row =
        [("Phone", "1"), ("City", "Norfolk"), ("LeadSource", "Web"), ("HasOptedOutOfEmail", "true")];
    for (overwrite, source) in [(false, "Other"), (true, "Web")] {
        let id = lead(&world, &lead_row);
        let request = LeadConvert {
            account_id: Some(account),
            contact_id: Some(contact),
            do_not_create_opportunity: true,
            overwrite_lead_source: overwrite,
            ..LeadConvert::new(id, CONVERTED)
        };
        let converted = convert(&world, &request).unwrap();
        assert_eq!((converted.account_id, converted.contact_id), (account, contact));
        assert_eq!(converted.opportunity_id, None);
        check(
            &world,
            "Account",
            account,
            &[("Name", "The Navy"), ("Phone", "0"), ("BillingCity", "Norfolk")],
        );
        check(
            &world,
            "Contact",
            contact,
            &[
                ("FirstName", "Grace"),
                ("Phone", "1"),
                ("LeadSource", source),
                ("HasOptedOutOfEmail", "false"),
            ],
        );
    }
    assert_eq!(world.count_all("SELECT Id FROM Opportunity"), 0);
}

#[test]
fn an_existing_opportunity_is_attached() {
    let world = World::new(FIXTURE);
    let row = [("Name", "Ships"), ("StageName", "Qualification"), ("CloseDate", "2026-12-01")];
    let deal = world.create("Opportunity", &row).unwrap();
    let id = lead(&world, &[]);
    let request = LeadConvert { opportunity_id: Some(deal), ..LeadConvert::new(id, CONVERTED) };
    let converted = convert(&world, &request).unwrap();
    assert_eq!(converted.opportunity_id, Some(deal));
    let account = converted.account_id.to_string();
    check(
        &world,
        "Opportunity",
        deal,
        &[("Name", "Ships"), ("StageName", "Qualification"), ("AccountId", &account)],
    );
    assert_eq!(world.count_all("SELECT Id FROM OpportunityContactRole"), 1);
}

#[test]
fn what_the_caller_says_of_the_records_goes_before_the_lead() {
    let world = World::new(FIXTURE);
    let id = lead(&world, &[("Phone", "1")]);
    let dora = user(&world, "dora@x.example");
    let request = LeadConvert {
        opportunity_name: Some("Big".to_owned()),
        owner_id: Some(dora),
        account_record: world.draft("Account", &[("Phone", "9")]),
        opportunity_record: world.draft("Opportunity", &[("Amount", "500")]),
        send_notification_email: true,
        ..LeadConvert::new(id, CONVERTED)
    };
    let converted = convert(&world, &request).unwrap();
    let owner = dora.to_string();
    check(&world, "Account", converted.account_id, &[("Phone", "9"), ("OwnerId", &owner)]);
    check(&world, "Contact", converted.contact_id, &[("Phone", "1"), ("OwnerId", &owner)]);
    let deal = converted.opportunity_id.unwrap();
    check(&world, "Opportunity", deal, &[("Name", "Big"), ("Amount", "500"), ("OwnerId", &owner)]);
    let state = world.org.snapshot();
    let mails: Vec<_> = state.mails().map(|mail| (mail.kind, mail.to.clone())).collect();
    assert_eq!(mails, [(MailKind::LeadConversion, vec!["dora@x.example".to_owned()])]);
}

#[test]
fn members_activities_and_notes_follow_the_lead() {
    let world = World::new(FIXTURE);
    let id = lead(&world, &[]);
    let of = id.to_string();
    let campaigns = ["Old", "New"].map(|name| {
        world.org.clock().advance(60_000);
        let campaign = world.create("Campaign", &[("Name", name)]).unwrap();
        let row = [("CampaignId", &*campaign.to_string()), ("LeadId", &of)];
        (campaign, world.create("CampaignMember", &row).unwrap())
    });
    let task = world.create("Task", &[("Subject", "Call"), ("WhoId", &of)]).unwrap();
    let done = world.create("Task", &[("Subject", "Done"), ("WhoId", &of), ("Status", "Completed")]).unwrap();
    let note = world.create("Note", &[("Title", "Hm"), ("ParentId", &of)]).unwrap();
    let dora = user(&world, "dora@x.example");
    let request = LeadConvert { owner_id: Some(dora), ..LeadConvert::new(id, CONVERTED) };
    let converted = convert(&world, &request).unwrap();
    let (contact, deal) = (converted.contact_id.to_string(), converted.opportunity_id.unwrap());
    for (_, member) in campaigns {
        check(&world, "CampaignMember", member, &[("ContactId", &contact), ("LeadId", &of)]);
    }
    check(&world, "Opportunity", deal, &[("CampaignId", &campaigns[1].0.to_string())]);
    let (owner, admin) = (dora.to_string(), world.admin.to_string());
    for (id, owner) in [(task, &owner), (done, &admin)] {
        check(&world, "Task", id, &[("WhoId", &contact), ("WhatId", &deal.to_string()), ("OwnerId", owner)]);
    }
    check(&world, "Note", note, &[("ParentId", &contact)]);
}

#[test]
fn what_cannot_be_converted() {
    let world = World::new(FIXTURE);
    let id = lead(&world, &[]);
    let done = lead(&world, &[]);
    convert(&world, &LeadConvert::new(done, CONVERTED)).unwrap();
    let gone = lead(&world, &[]);
    world.delete("Lead", gone).unwrap();
    let state = world.org.snapshot();
    let group = state.schema().object("Group").unwrap();
    let queue = state.table(group.index).rows().next().unwrap().id();
    let queued = lead(&world, &[("OwnerId", &queue.to_string())]);
    let account = world.create("Account", &[("Name", "A")]).unwrap();
    let stranger = world.create("Contact", &[("LastName", "S")]).unwrap();
    let ines = user(&world, "ines@x.example");
    let nobody = Id::parse("001000000000099").unwrap();
    let new = || LeadConvert::new(id, CONVERTED);
    let name = || Some("N".to_owned());
    let table = [
        ("an open status", LeadConvert::new(id, "Working - Contacted"), ErrorCode::InvalidStatus),
        ("converted already", LeadConvert::new(done, CONVERTED), ErrorCode::CannotUpdateConvertedLead),
        ("deleted", LeadConvert::new(gone, CONVERTED), ErrorCode::EntityIsDeleted),
        ("no lead", LeadConvert::new(account, CONVERTED), ErrorCode::InvalidCrossReferenceKey),
        ("a queue's", LeadConvert::new(queued, CONVERTED), ErrorCode::UnknownException),
        ("to a queue", LeadConvert { owner_id: Some(queue), ..new() }, ErrorCode::UnknownException),
        ("to nobody active", LeadConvert { owner_id: Some(ines), ..new() }, ErrorCode::InactiveOwnerOrUser),
        ("contact alone", LeadConvert { contact_id: Some(stranger), ..new() }, ErrorCode::InvalidInput),
        ("source alone", LeadConvert { overwrite_lead_source: true, ..new() }, ErrorCode::InvalidInput),
        (
            "no account",
            LeadConvert { account_id: Some(nobody), ..new() },
            ErrorCode::InvalidCrossReferenceKey,
        ),
        (
            "another's contact",
            LeadConvert { account_id: Some(account), contact_id: Some(stranger), ..new() },
            ErrorCode::InvalidCrossReferenceKey,
        ),
        (
            "two opportunities",
            LeadConvert { opportunity_id: Some(nobody), opportunity_name: name(), ..new() },
            ErrorCode::InvalidInput,
        ),
        (
            "no opportunity of that name",
            LeadConvert { do_not_create_opportunity: true, opportunity_name: name(), ..new() },
            ErrorCode::InvalidInput,
        ),
        (
            "a long name",
            LeadConvert { opportunity_name: Some("N".repeat(81)), ..new() },
            ErrorCode::StringTooLong,
        ),
    ];
    let before = world.org.snapshot().log().next_seq();
    for (why, request, code) in table {
        assert_eq!(convert(&world, &request).unwrap_err()[0].code, code, "{why}");
    }
    assert_eq!(world.org.snapshot().log().next_seq(), before);
    let request = LeadConvert { owner_id: Some(world.admin), ..LeadConvert::new(queued, CONVERTED) };
    convert(&world, &request).unwrap();
}

#[test]
fn a_value_that_does_not_fit_undoes_all_of_it() {
    let world = World::new(FIXTURE);
    let id = lead(&world, &[("Region__c", "Far too long")]);
    let error = convert(&world, &LeadConvert::new(id, CONVERTED)).unwrap_err().remove(0);
    assert_eq!(error.code, ErrorCode::StringTooLong);
    assert_eq!(world.count_all("SELECT Id FROM Account"), 0);
    check(&world, "Lead", id, &[("IsConverted", "false")]);
}

#[test]
fn of_several_leads_each_is_converted_for_itself() {
    let world = World::new(FIXTURE);
    let [good, bad, other] =
        ["East", "Far too long", "West"].map(|region| lead(&world, &[("Region__c", region)]));
    let requests = [good, bad, other].map(|id| LeadConvert::new(id, CONVERTED));
    let results = world.org.transact(world.admin, |tx| {
        Ok::<_, Error>(verbs::convert_leads(tx, &requests, &DmlOptions::default()))
    });
    let went_well: Vec<bool> = results.unwrap().iter().map(Result::is_ok).collect();
    assert_eq!(went_well, [true, false, true]);
    assert_eq!(world.count_all("SELECT Id FROM Account"), 2);
}

#[test]
fn a_converted_lead_is_only_read() {
    let world = World::new(FIXTURE);
    let id = lead(&world, &[]);
    convert(&world, &LeadConvert::new(id, CONVERTED)).unwrap();
    let errors = world.update("Lead", id, &[("Title", "x")]).unwrap_err();
    assert_eq!(
        (errors[0].code, errors[0].message.as_str()),
        (ErrorCode::CannotUpdateConvertedLead, "cannot reference converted lead")
    );
    let refused = world.refused("Task", &[("Subject", "Call"), ("WhoId", &id.to_string())]);
    assert_eq!(refused.0, ErrorCode::CannotUpdateConvertedLead);
    assert_eq!(world.count_all("SELECT Id FROM Lead WHERE IsConverted = true"), 1);
    world.delete("Lead", id).unwrap();
}

#[test]
fn before_triggers_see_the_new_records_only_where_validation_is_required() {
    for (required, refused) in [("true", true), ("false", false)] {
        let fixture =
            format!(r#"{{"leadConfigSettings": {{"shouldLeadConvertRequireValidation": {required}}}}}"#);
        let world = World::new(&fixture);
        world
            .org
            .on_save("Account", HookPoint::BeforeTrigger, "No", |account| account.add_error("No"))
            .unwrap();
        let id = lead(&world, &[]);
        assert_eq!(convert(&world, &LeadConvert::new(id, CONVERTED)).is_err(), refused);
    }
}
