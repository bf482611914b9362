//! Workflow rules: when they fire, what their actions do, and in which order.

use std::sync::{Arc, Mutex};

use mock_sfdc_org::{Org, clock::Clock, hooks::HookPoint, outbound::DeliveryState, seed, value::Value};
use serde_json::{Value as Json, json};

use crate::world::{NOON, World};

fn world(workflow: &Json) -> World {
    let fixture = json!({
        "organization": {"timeZone": "Europe/London"},
        "users": [{"ref": "sam", "username": "sam@a.example", "password": "p", "lastName": "Seller"}],
        "queues": [{"name": "Inbound", "developerName": "Inbound", "objects": ["Lead"], "email": "in@a.example"}],
        "workflows": {"Lead": workflow},
    });
    World::new(&fixture.to_string())
}

fn sets(name: &str, field: &str, value: &str, again: bool) -> Json {
    json!({"fullName": name, "field": field, "operation": "Literal", "literalValue": value, "reevaluateOnChange": again})
}

fn rule(name: &str, trigger: &str, item: (&str, &str), update: &str) -> Json {
    json!({"fullName": name, "active": true, "triggerType": trigger,
           "criteriaItems": [{"field": item.0, "operation": "equals", "value": item.1}],
           "actions": [{"name": update, "type": "FieldUpdate"}]})
}

const LEAD: [(&str, &str); 2] = [("LastName", "A"), ("Company", "B")];

#[test]
fn the_trigger_type_says_when_a_rule_is_asked() {
    // trigger; fires on: insert that meets, update false to true, true to true, true to false
    for (trigger, insert, becomes, stays, ends) in [
        ("onCreateOnly", true, false, false, false),
        ("onCreateOrTriggeringUpdate", true, true, false, false),
        ("onAllChanges", true, true, true, false),
    ] {
        let world = world(&json!({
            "fieldUpdates": [sets("Mark", "Title", "fired", false)],
            "rules": [rule("R", trigger, ("Lead.Rating", "Hot"), "Mark")],
        }));
        let title = |id| !world.get("Lead", id, "Title").is_null();
        let hot = world.create("Lead", &[LEAD[0], LEAD[1], ("Rating", "Hot")]).unwrap();
        assert_eq!(title(hot), insert, "{trigger}: insert");
        world.update("Lead", hot, &[("Title", "")]).unwrap();
        assert_eq!(title(hot), stays, "{trigger}: true to true");
        world.update("Lead", hot, &[("Title", ""), ("Rating", "Cold")]).unwrap();
        assert_eq!(title(hot), ends, "{trigger}: true to false");
        world.update("Lead", hot, &[("Rating", "Hot")]).unwrap();
        assert_eq!(title(hot), becomes, "{trigger}: false to true");
    }
}

#[test]
fn each_operation_sets_its_value() {
    let update = |name: &str, more: Json| {
        let mut update = json!({"fullName": name});
        update.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        update
    };
    let updates = [
        ("a", json!({"field": "Title", "operation": "Formula", "formula": "UPPER(Company)"}), "Title", "B"),
        ("b", json!({"field": "Industry", "operation": "Null"}), "Industry", ""),
        ("c", json!({"field": "Rating", "operation": "NextValue"}), "Rating", "Warm"),
        (
            "d",
            json!({"field": "DoNotCall", "operation": "Literal", "literalValue": "1"}),
            "DoNotCall",
            "true",
        ),
    ];
    let named = ["a", "b", "c", "d", "e"].map(|name| json!({"name": name, "type": "FieldUpdate"}));
    let world = world(&json!({
        "fieldUpdates": updates.iter().map(|(name, more, ..)| update(name, more.clone())).chain([update("e", json!({
            "field": "OwnerId", "operation": "LookupValue", "lookupValue": "Inbound", "lookupValueType": "Queue", "notifyAssignee": true}))]).collect::<Vec<_>>(),
        "rules": [{"fullName": "R", "active": true, "triggerType": "onCreateOnly",
                   "actions": named}],
    }));
    let row = [LEAD[0], LEAD[1], ("Industry", "Banking"), ("Rating", "Hot")];
    let lead = world.create("Lead", &row).unwrap();
    for (name, _, field, value) in updates {
        assert_eq!(world.text("Lead", lead, field), value, "{name}");
    }
    assert!(world.text("Lead", lead, "OwnerId").starts_with("00G"));
    let state = world.org.snapshot();
    assert_eq!(state.mails().next().unwrap().to, ["in@a.example"]);
}

#[test]
fn updates_that_ask_again_fire_other_rules_at_most_five_times_more() {
    let chain = |again: bool| {
        let step = |at: usize| format!("s{at}");
        let updates = (1..10).map(|at| sets(&format!("u{at}"), "Title", &step(at), again));
        let rules = (1..10)
            .map(|at| rule(&format!("r{at}"), "onAllChanges", ("Title", &step(at - 1)), &format!("u{at}")));
        world(&json!({"fieldUpdates": updates.collect::<Vec<_>>(), "rules": rules.collect::<Vec<_>>()}))
    };
    for (again, title) in [(false, "s1"), (true, "s6")] {
        let world = chain(again);
        let lead = world.create("Lead", &[LEAD[0], LEAD[1], ("Title", "s0")]).unwrap();
        assert_eq!(world.text("Lead", lead, "Title"), title, "reevaluateOnChange: {again}");
    }
}

#[test]
fn update_triggers_run_once_more_with_the_record_before_the_whole_save() {
    let world = world(&json!({
        "fieldUpdates": [sets("Mark", "Title", "fired", false)],
        "rules": [rule("R", "onAllChanges", ("Rating", "Hot"), "Mark")],
    }));
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    for point in [HookPoint::BeforeTrigger, HookPoint::AfterTrigger] {
        let seen = Arc::clone(&seen);
        let run = move |lead: &mut mock_sfdc_org::hooks::HookContext<'_>| {
            let text = |value: &Value| value.as_text().unwrap_or("-").to_owned();
            let line = format!(
                "{point:?} {} {}>{}",
                if lead.is_insert() { "insert" } else { "update" },
                text(lead.old("Title")),
                text(lead.get("Title"))
            );
            seen.lock().unwrap().push(line);
        };
        world.org.on_save("Lead", point, "Watch", run).unwrap();
    }
    world.create("Lead", &[LEAD[0], LEAD[1], ("Rating", "Hot")]).unwrap();
    assert_eq!(
        *seen.lock().unwrap(),
        [
            "BeforeTrigger insert ->-",
            "AfterTrigger insert ->-",
            "BeforeTrigger update ->fired",
            "AfterTrigger update ->fired"
        ]
    );
    let state = world.org.snapshot();
    assert_eq!(state.log().since(0).count(), 1, "one change for all of it");
}

#[test]
fn actions_follow_the_field_updates() {
    let world = world(&json!({
        "fieldUpdates": [sets("Mark", "Title", "fired", false)],
        "alerts": [{"fullName": "Tell", "template": "unfiled$public/None", "description": "A hot lead", "ccEmails": ["cc@a.example"],
                    "recipients": [{"type": "email", "field": "Email"}, {"type": "user", "recipient": "sam@a.example"}]}],
        "tasks": [{"fullName": "Call", "subject": "Call them", "assignedToType": "user", "assignedTo": "sam@a.example",
                   "dueDateOffset": 3, "priority": "High", "status": "Not Started", "notifyAssignee": true}],
        "outboundMessages": [{"fullName": "News", "apiVersion": 60.0, "endpointUrl": "http://127.0.0.1:1/", "fields": ["Title", "Id", "Company"]}],
        "rules": [{"fullName": "R", "active": true, "triggerType": "onCreateOnly", "actions": [
            {"name": "News", "type": "OutboundMessage"}, {"name": "Call", "type": "Task"}, {"name": "Tell", "type": "Alert"}, {"name": "Mark", "type": "FieldUpdate"}]}],
    }));
    world.org.trace_saves(1);
    let lead = world.create("Lead", &[LEAD[0], LEAD[1], ("Email", "l@a.example")]).unwrap();
    let state = world.org.snapshot();
    let mails = state.mails().map(|mail| (mail.subject.clone(), mail.to.join(","))).collect::<Vec<_>>();
    assert_eq!(mails[0], ("A hot lead".to_owned(), "l@a.example,sam@a.example".to_owned()));
    assert_eq!(mails[1].1, "sam@a.example");
    let tasks = world.object("Task");
    let task = state.table(tasks.index).rows().next().unwrap().id();
    assert_eq!(world.text("Task", task, "WhoId"), lead.to_string());
    assert_eq!(world.text("Task", task, "ActivityDate"), "2026-03-28");
    let queued = state.outbound().notifications().collect::<Vec<_>>();
    assert_eq!((queued.len(), queued[0].record, queued[0].state), (1, lead, DeliveryState::Pending));
    assert!(queued[0].id.to_string().starts_with("04l") && queued[0].message.to_string().starts_with("04k"));
    let message = state.rules().outbound_message(queued[0].message).unwrap();
    let object = world.object("Lead");
    let names =
        message.fields.iter().map(|at| object.field_at(*at).unwrap().name.as_str()).collect::<Vec<_>>();
    assert_eq!(names, ["Id", "Company", "Title"], "Id first, then by name");
    let told = world.org.saves()[0].to_string();
    assert!(told.contains("rule \"R\" (OnCreateOnly) fires: yes, it has no criteria"), "{told}");
    assert!(told.contains("Title: (blank) -> \"fired\""), "{told}");
}

#[test]
fn a_time_trigger_waits_for_the_clock_and_is_dropped_when_the_rule_no_longer_holds() {
    let world = world(&json!({
        "fieldUpdates": [sets("Late", "Title", "late", false)],
        "rules": [{"fullName": "R", "active": true, "triggerType": "onCreateOrTriggeringUpdate",
            "criteriaItems": [{"field": "Rating", "operation": "equals", "value": "Hot"}],
            "workflowTimeTriggers": [{"timeLength": 2, "workflowTimeTriggerUnit": "Hours", "actions": [{"name": "Late", "type": "FieldUpdate"}]}]}],
    }));
    let hot = [LEAD[0], LEAD[1], ("Rating", "Hot")];
    let (stays, cools) = (world.create("Lead", &hot).unwrap(), world.create("Lead", &hot).unwrap());
    assert_eq!(world.org.snapshot().time_triggers().waiting().count(), 2);
    world.update("Lead", cools, &[("Rating", "Cold")]).unwrap();
    assert_eq!(world.org.snapshot().time_triggers().waiting().count(), 1);
    world.org.clock().advance(2 * 3_600_000 - 1);
    world.org.catch_up();
    assert_eq!(world.text("Lead", stays, "Title"), "");
    world.org.clock().advance(1);
    world.org.catch_up();
    assert_eq!(world.text("Lead", stays, "Title"), "late");
    assert_eq!(world.text("Lead", cools, "Title"), "");
    assert!(world.org.snapshot().time_triggers().is_empty());
}

#[test]
fn workflow_sets_fields_of_parents() {
    let fixture = json!({
        "workflows": {"Contact": {
            "fieldUpdates": [{"fullName": "Up", "field": "Industry", "operation": "Literal", "literalValue": "Banking", "targetObject": "AccountId"}],
            "rules": [rule("R", "onAllChanges", ("Title", "Boss"), "Up")]}},
        "records": {"Account": [{"ref": "acme", "Name": "Acme"}], "Contact": [{"LastName": "A", "AccountId": "@acme"}]},
    });
    let world = World::new(&fixture.to_string());
    let id = |object: &str| {
        let object = world.object(object);
        world.org.snapshot().table(object.index).rows().next().unwrap().id()
    };
    let (account, contact) = (id("Account"), id("Contact"));
    world.update("Contact", contact, &[("Title", "Boss")]).unwrap();
    assert_eq!(world.text("Account", account, "Industry"), "Banking");
}

#[test]
fn a_picklist_steps_back_and_stays_at_its_end() {
    let world = world(&json!({
        "fieldUpdates": [{"fullName": "Back", "field": "Rating", "operation": "PreviousValue"}],
        "rules": [{"fullName": "R", "active": true, "triggerType": "onCreateOnly", "actions": [{"name": "Back", "type": "FieldUpdate"}]}],
    }));
    for (was, is) in [("Cold", "Warm"), ("Warm", "Hot"), ("Hot", "Hot"), ("", "")] {
        let lead = world.create("Lead", &[LEAD[0], LEAD[1], ("Rating", was)]).unwrap();
        assert_eq!(world.text("Lead", lead, "Rating"), is, "before {was:?}");
    }
}

#[test]
fn an_owner_is_looked_up_by_username() {
    let world = world(&json!({
        "fieldUpdates": [{"fullName": "Give", "field": "OwnerId", "operation": "LookupValue", "lookupValue": "sam@a.example", "lookupValueType": "User"}],
        "rules": [rule("R", "onAllChanges", ("Rating", "Hot"), "Give")],
    }));
    let lead = world.create("Lead", &LEAD).unwrap();
    assert_eq!(world.text("Lead", lead, "OwnerId"), world.admin.to_string());
    world.update("Lead", lead, &[("Rating", "Hot")]).unwrap();
    let owner = world.get("Lead", lead, "OwnerId").as_id().unwrap();
    assert_eq!(world.text("User", owner, "Username"), "sam@a.example");
    assert!(world.org.snapshot().mails().next().is_none(), "nobody asked to tell the new owner");
}

#[test]
fn actions_that_name_a_user_name_the_same_one_in_a_fork() {
    let world = world(&json!({
        "fieldUpdates": [{"fullName": "Give", "field": "OwnerId", "operation": "LookupValue", "lookupValue": "sam@a.example", "lookupValueType": "User"}],
        "tasks": [{"fullName": "Call", "subject": "Call", "assignedToType": "user", "assignedTo": "sam@a.example", "dueDateOffset": 1, "priority": "High", "status": "Not Started"}],
        "outboundMessages": [{"fullName": "Tell", "apiVersion": 60.0, "endpointUrl": "http://127.0.0.1:9/", "fields": ["Id"], "integrationUser": "sam@a.example"}],
        "rules": [{"fullName": "R", "active": true, "triggerType": "onCreateOnly",
                   "criteriaItems": [{"field": "Lead.Rating", "operation": "equals", "value": "Hot"}],
                   "actions": [{"name": "Give", "type": "FieldUpdate"}, {"name": "Call", "type": "Task"}, {"name": "Tell", "type": "OutboundMessage"}]}],
    }));
    let sam = world.org.snapshot().access().login("sam@a.example").unwrap().user;
    let state = seed::rename_usernames(&world.org.snapshot(), "qa");
    let fork = World { org: Org::new(state, Clock::fixed(NOON), 2), admin: world.admin };
    let lead = fork.create("Lead", &[LEAD[0], LEAD[1], ("Rating", "Hot")]).unwrap();
    assert_eq!(fork.get("Lead", lead, "OwnerId").as_id(), Some(sam));
    let state = fork.org.snapshot();
    let tasks = state.schema().object("Task").unwrap();
    let task = state.table(tasks.index).rows().next().unwrap();
    assert_eq!(task.get(tasks.field("OwnerId").unwrap().0).as_id(), Some(sam));
    let source = state.rules().workflow_source(state.schema().index("Lead").unwrap()).unwrap();
    assert_eq!(source.outbound_messages[0].integration_user.as_deref(), Some("sam@a.example.qa"));
}

#[test]
fn time_triggers_and_due_dates_count_from_a_field_and_move_with_it() {
    let fixture = json!({
        "organization": {"timeZone": "Europe/London"},
        "workflows": {"Opportunity": {
            "fieldUpdates": [sets("Near", "Description", "closes soon", false)],
            "tasks": [{"fullName": "Call", "subject": "Call", "assignedToType": "owner", "dueDateOffset": -2,
                       "offsetFromField": "Opportunity.CloseDate", "priority": "High", "status": "Not Started"}],
            "rules": [{"fullName": "R", "active": true, "triggerType": "onCreateOrTriggeringUpdate",
                "criteriaItems": [{"field": "Opportunity.Amount", "operation": "greaterThan", "value": "10"}],
                "actions": [{"name": "Call", "type": "Task"}],
                "workflowTimeTriggers": [{"timeLength": -1, "workflowTimeTriggerUnit": "Days", "offsetFromField": "Opportunity.CloseDate",
                                          "actions": [{"name": "Near", "type": "FieldUpdate"}]}]}]}},
    });
    let world = World::new(&fixture.to_string());
    let row = [("Name", "A"), ("StageName", "Prospecting"), ("CloseDate", "2026-03-28"), ("Amount", "11")];
    let deal = world.create("Opportunity", &row).unwrap();
    let task = world.org.snapshot().table(world.object("Task").index).rows().next().unwrap().id();
    assert_eq!(world.text("Task", task, "ActivityDate"), "2026-03-26");
    let moments = || {
        let state = world.org.snapshot();
        state.time_triggers().waiting().map(|(at, _)| at.to_zulu()).collect::<Vec<_>>()
    };
    assert_eq!(moments(), ["2026-03-27T00:00:00.000Z"]);
    // Summer time begins in London on the 29th.
    world.update("Opportunity", deal, &[("CloseDate", "2026-03-31")]).unwrap();
    assert_eq!(moments(), ["2026-03-29T23:00:00.000Z"]);
    world.org.clock().advance(3 * 24 * 3_600_000);
    world.org.catch_up();
    assert_eq!(world.text("Opportunity", deal, "Description"), "");
    world.org.clock().advance(2 * 24 * 3_600_000);
    world.org.catch_up();
    assert_eq!(world.text("Opportunity", deal, "Description"), "closes soon");
}

#[test]
fn what_is_not_emulated_is_refused_by_name() {
    for (workflow, problem) in [
        (
            json!({"rules": [{"fullName": "R", "triggerType": "onCreateOnly", "actions": [{"name": "X", "type": "FlowAction"}]}]}),
            "workflows.Lead.rules[0].actions[0].type: workflow actions of type FlowAction are not emulated",
        ),
        (
            json!({"rules": [{"fullName": "R", "triggerType": "onCreateOnly", "actions": [{"name": "X", "type": "Alert"}]}]}),
            "there is no Alert \"X\" here",
        ),
        (
            json!({"alerts": [{"fullName": "A", "template": "x/y", "recipients": [{"type": "role", "recipient": "CEO"}]}]}),
            "recipients of type role are not emulated",
        ),
        (
            json!({"rules": [{"fullName": "R", "triggerType": "onAllChanges", "workflowTimeTriggers": [{"timeLength": 1, "workflowTimeTriggerUnit": "Days"}]}]}),
            "has no time triggers",
        ),
        (
            json!({"fieldUpdates": [{"fullName": "U", "field": "Colour", "operation": "Null"}]}),
            "fieldUpdates[0].field: Lead has no field Colour",
        ),
        (
            json!({"fieldUpdates": [{"fullName": "U", "field": "DoNotCall", "operation": "Literal", "literalValue": "maybe"}]}),
            "\"maybe\" does not fit DoNotCall",
        ),
    ] {
        let fixture = json!({"workflows": {"Lead": workflow}}).to_string();
        let told = seed::load("test.json", &fixture, NOON, &|_| None).unwrap_err().to_string();
        assert!(told.contains(problem), "{told}");
    }
}
