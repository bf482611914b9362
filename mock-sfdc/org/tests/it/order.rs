//! The order of execution as triggers and flows see it, and what the trace tells of it.

use std::sync::{Arc, Mutex};

use mock_sfdc_org::{
    error::ErrorCode,
    hooks::HookPoint,
    save::{AssignmentRuleChoice, DmlOptions},
    value::Value,
    verbs,
};

use crate::world::World;

const POINTS: [HookPoint; 4] =
    [HookPoint::AfterSaveFlow, HookPoint::AfterTrigger, HookPoint::BeforeTrigger, HookPoint::BeforeSaveFlow];

#[test]
fn flows_and_triggers_run_in_salesforces_order_with_what_they_see() {
    let world = World::new("{}");
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    for point in POINTS {
        let seen = Arc::clone(&seen);
        let run = move |lead: &mut mock_sfdc_org::hooks::HookContext<'_>| {
            let (old, new) = (lead.old("Company").clone(), lead.get("Company").clone());
            let id = lead.id();
            let stored = lead.tx().state().find(id).is_some();
            seen.lock().unwrap().push(format!(
                "{point:?} {:?}>{:?} {stored}",
                old.as_text().unwrap_or(""),
                new.as_text().unwrap_or("")
            ));
        };
        world.org.on_save("Lead", point, "Watch", run).unwrap();
    }
    let lead = world.create("Lead", &[("LastName", "A"), ("Company", "B")]).unwrap();
    let told = std::mem::take(&mut *seen.lock().unwrap());
    assert_eq!(
        told,
        [
            "BeforeSaveFlow \"\">\"B\" false",
            "BeforeTrigger \"\">\"B\" false",
            "AfterTrigger \"\">\"B\" true",
            "AfterSaveFlow \"\">\"B\" true"
        ]
    );
    world.update("Lead", lead, &[("Company", "C")]).unwrap();
    assert_eq!(seen.lock().unwrap()[1], "BeforeTrigger \"B\">\"C\" true");
    assert!(world.org.on_save("Leed", HookPoint::BeforeTrigger, "Watch", |_| ()).is_err());
}

#[test]
fn what_a_before_trigger_sets_is_saved_and_checked_as_the_requests_own_values() {
    let world = World::new("{}");
    world
        .org
        .on_save("Lead", HookPoint::BeforeTrigger, "Fill", |lead| {
            let company = lead.get("LastName").clone();
            lead.set("Company", company);
            if lead.get("FirstName").as_text() == Some("Bad") {
                lead.set("Email", "no address");
            }
        })
        .unwrap();
    let lead = world.create("Lead", &[("LastName", "Lovelace")]).unwrap();
    assert_eq!(world.text("Lead", lead, "Company"), "Lovelace");
    let (code, _, fields) = world.refused("Lead", &[("LastName", "A"), ("FirstName", "Bad")]);
    assert_eq!((code, fields.as_slice()), (ErrorCode::InvalidEmailAddress, ["Email".to_owned()].as_slice()));
}

#[test]
fn errors_of_triggers_carry_their_words() {
    let world = World::new("{}");
    world
        .org
        .on_save("Lead", HookPoint::BeforeTrigger, "LeadTrigger", |lead| {
            match lead.get("Company").as_text().unwrap_or_default().to_owned().as_str() {
                "record" => lead.add_error("Not this one."),
                "field" => lead.add_field_error("Email", "Say which."),
                "crash" => lead.throw("System.NullPointerException: Attempt to de-reference a null object"),
                _ => {}
            }
        })
        .unwrap();
    world
        .org
        .on_save("Lead", HookPoint::AfterTrigger, "AfterTrigger", |lead| {
            if lead.get("Company").as_text() == Some("late") {
                lead.set("Company", "other");
            }
        })
        .unwrap();
    let table = [
        ("record", ErrorCode::FieldCustomValidation, "Not this one.", vec![]),
        ("field", ErrorCode::FieldCustomValidation, "Say which.", vec!["Email".to_owned()]),
        (
            "crash",
            ErrorCode::CannotInsertUpdateActivateEntity,
            "LeadTrigger: execution of BeforeInsert\n\ncaused by: System.NullPointerException: Attempt to de-reference a null object",
            vec![],
        ),
        (
            "late",
            ErrorCode::CannotInsertUpdateActivateEntity,
            "AfterTrigger: execution of AfterInsert\n\ncaused by: System.FinalException: Record is read-only",
            vec![],
        ),
    ];
    for (company, code, message, fields) in table {
        let refused = world.refused("Lead", &[("LastName", "A"), ("Company", company)]);
        assert_eq!(refused, (code, message.to_owned(), fields), "{company}");
    }
}

#[test]
fn an_after_trigger_saves_its_own_record_once_more_and_that_save_skips_the_assignment() {
    let world = World::new(
        r#"{"queues": [{"name": "Q", "developerName": "Q", "objects": ["Lead"]}],
            "assignmentRules": [{"name": "Std", "object": "Lead", "active": true, "ruleEntry": [{"assignedTo": {"Queue": "Q"}}]}]}"#,
    );
    let runs: Arc<Mutex<u32>> = Arc::default();
    let count = Arc::clone(&runs);
    let active = DmlOptions { assignment: AssignmentRuleChoice::Active, ..DmlOptions::default() };
    let inner = active.clone();
    world
        .org
        .on_save("Lead", HookPoint::AfterTrigger, "Again", move |lead| {
            *count.lock().unwrap() += 1;
            if lead.is_insert() {
                let id = lead.id();
                let object = lead.tx().state().schema().object("Lead").unwrap().clone();
                let mut draft = mock_sfdc_org::save::Draft::default();
                let (position, _) = object.field("Title").unwrap();
                draft.put(position, Value::text("Countess"));
                verbs::update(lead.tx(), &object, id, draft, &inner).unwrap();
                let (owner, _) = object.field("OwnerId").unwrap();
                let (_, record) = lead.tx().state().find(id).unwrap();
                assert_eq!(
                    record.get(owner).as_id().unwrap().prefix(),
                    *b"005",
                    "not assigned within the save"
                );
            }
        })
        .unwrap();
    let lead = world.create_with("Lead", &[("LastName", "A"), ("Company", "B")], &active).unwrap();
    assert_eq!(world.text("Lead", lead, "Title"), "Countess");
    assert!(world.text("Lead", lead, "OwnerId").starts_with("00G"), "the outer save assigns");
    assert_eq!(*runs.lock().unwrap(), 2);
}

#[test]
fn triggers_that_never_end_are_ended() {
    let world = World::new("{}");
    world
        .org
        .on_save("Lead", HookPoint::AfterTrigger, "Endless", |lead| {
            let object = lead.tx().state().schema().object("Lead").unwrap().clone();
            let mut draft = mock_sfdc_org::save::Draft::default();
            for field in ["LastName", "Company"] {
                draft.put(object.field(field).unwrap().0, Value::text("Again"));
            }
            if let Err(errors) = verbs::create(lead.tx(), &object, draft, &DmlOptions::default()) {
                lead.throw(&errors[0].message.clone());
            }
        })
        .unwrap();
    let (code, message, _) = world.refused("Lead", &[("LastName", "A"), ("Company", "B")]);
    assert_eq!(code, ErrorCode::CannotInsertUpdateActivateEntity);
    assert!(message.contains("maximum trigger depth exceeded"), "{message}");
}

#[test]
fn the_trace_tells_which_stage_gave_a_field_its_value() {
    let world = World::new("{}");
    world.create("Lead", &[("LastName", "Silent"), ("Company", "B")]).unwrap();
    assert!(world.org.saves().is_empty(), "nothing is kept unless asked for");
    world.org.trace_saves(2);
    world
        .org
        .on_save("Lead", HookPoint::BeforeTrigger, "LeadTrigger", |lead| {
            if lead.get("LastName").as_text() == Some("Bad") {
                lead.add_error("Bad is bad.");
            }
            lead.set("Rating", "Hot");
        })
        .unwrap();
    world.create("Lead", &[("LastName", "First"), ("Company", "B")]).unwrap();
    let lead = world.create("Lead", &[("LastName", "Second"), ("Company", "B")]).unwrap();
    world.refused("Lead", &[("LastName", "Bad"), ("Company", "B")]);
    let told = world.org.saves();
    assert_eq!(told.len(), 2, "the last two transactions");
    let text = told[0].to_string();
    for line in [
        ", committed\n".to_owned(),
        format!("  insert of Lead {lead}\n     1 request\n         LastName: (blank) -> \"Second\"\n"),
        "     2 defaults\n".to_owned(),
        "         Status: (blank) -> \"Open - Not Contacted\"\n".to_owned(),
        "     4 before triggers\n         before trigger \"LeadTrigger\" ran\n         Rating: (blank) -> \"Hot\"\n"
            .to_owned(),
    ] {
        assert!(text.contains(&line), "{line}\nin\n{text}");
    }
    let refused = told[1].to_string();
    assert!(refused.contains(", rolled back\n"), "{refused}");
    assert!(refused.contains("refused: FIELD_CUSTOM_VALIDATION_EXCEPTION: Bad is bad.\n"), "{refused}");
    assert!(told[0].saves[0].sets("rating") && !told[0].saves[0].sets("Industry"));
    world.org.trace_saves(0);
    assert!(world.org.saves().is_empty());
}
