//! The flows against a stand-in for the org, through the engine's own API: what a person sees afterwards.

mod org;

use std::{path::PathBuf, sync::Arc, time::Duration};

use axum::{
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode},
};
use serde_json::{Value, json};
use tower::ServiceExt;

use self::org::{Fault, Org, SECRET};
use super::{following, push_topics, sales_receiver};
use crate::{
    Engine, Seed,
    clock::{Clock, ManualClock},
    config::Config,
    salesforce::{
        Record,
        streaming::{Change, Event},
    },
    sync::relation::Object,
};

struct World {
    engine: Engine,
    org: Org,
    clock: ManualClock,
    config: Config,
    replay_id: i64,
}

fn file() -> PathBuf {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let file = std::env::temp_dir().join(format!("engine-flow-{}-{number}.sqlite", std::process::id()));
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
    file
}

impl World {
    async fn new() -> Self {
        let clock = ManualClock::new("2026-03-02T09:00:00Z".parse().unwrap());
        let org = Org::start(clock.clone()).await;
        let config: Config = serde_json::from_value(json!({
            "public_url": "http://127.0.0.1:1", "data": file(), "api_token": "token",
            "encryption_key": "ZGVtby1vbmx5LWRlbW8tb25seS1kZW1vLW9ubHktMTI=",
            "salesforce": {"login_url": org.url, "client_id": "app", "client_secret": SECRET},
        }))
        .unwrap();
        let engine = Engine::start(config.clone(), Arc::new(clock.clone()), Seed::Fixed(1)).await.unwrap();
        Self { engine, org, clock, config, replay_id: 0 }
    }

    /// With the account `a` connected, the program `p` and the member `m`.
    async fn connected() -> Self {
        let world = Self::new().await;
        world.call(Method::POST, "/v1/accounts", json!({"id": "a", "name": "Acme Referrals"})).await;
        let (status, page) = world.connect("a").await;
        assert_eq!(status, StatusCode::OK, "{page}");
        world.post("/programs", json!({"id": "p", "name": "Champions"})).await;
        let member = json!({"id": "m", "program_id": "p", "first_name": "Ada", "last_name": "Lovelace",
            "email": "ada@x.test", "referral_code": "ADA7"});
        world.post("/members", member).await;
        world
    }

    async fn connect(&self, account: &str) -> (StatusCode, String) {
        let path = format!("/v1/accounts/{account}/connection");
        let (status, begun) = self.call(Method::POST, &path, json!({})).await;
        assert_eq!(status, StatusCode::CREATED, "{begun}");
        let path = format!("/oauth/callback?code=c&state={}", begun["state"].as_str().unwrap());
        self.raw(Method::GET, &path, Value::Null).await
    }

    async fn raw(&self, method: Method, path: &str, body: Value) -> (StatusCode, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", "Bearer token")
            .body(if body.is_null() { Body::empty() } else { Body::from(body.to_string()) })
            .unwrap();
        let response = self.engine.api().oneshot(request).await.unwrap();
        let status = response.status();
        (status, String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap())
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let (status, text) = self.raw(method, path, body).await;
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.call(Method::POST, &format!("/v1/accounts/a{path}"), body).await;
        assert!(status.is_success(), "{path}: {answer}");
        answer
    }

    async fn put(&self, path: &str, body: Value) {
        let (status, answer) = self.call(Method::PUT, &format!("/v1/accounts/a{path}"), body).await;
        assert!(status.is_success(), "{path}: {answer}");
    }

    async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.call(Method::GET, &format!("/v1/accounts/a{path}"), Value::Null).await;
        assert!(status.is_success(), "{path}: {answer}");
        answer
    }

    async fn refer(&self, id: &str, email: &str) -> Value {
        let referral = json!({"id": id, "program_id": "p", "member_id": "m", "first_name": "Grace",
            "last_name": "Hopper", "email": email, "company": "Navy Labs"});
        self.post("/referrals", referral).await;
        self.engine.run_until_idle().await.unwrap();
        self.get(&format!("/referrals/{id}")).await
    }

    fn event(&mut self, object: Object, id: &str, change: Change) -> Event {
        self.replay_id += 1;
        let record = self.org.records(object.as_str()).into_iter().find(|record| record["Id"] == id).unwrap();
        Event {
            channel: push_topics::channel(object),
            replay_id: self.replay_id,
            change,
            created_date: self.clock.now(),
            sobject: Record::new(record),
        }
    }

    async fn deliver(&self, event: &Event) {
        sales_receiver::store_event(self.engine.context(), "a", event).await.unwrap();
        self.engine.run_until_idle().await.unwrap();
    }

    async fn entries(&self) -> Vec<Value> {
        self.get("/sales-entries").await["items"].as_array().unwrap().clone()
    }
}

async fn with_referral_add(rule: &str) -> World {
    let world = World::connected().await;
    let setup = json!({"enabled": true, "add_as": "Lead", "when_email_matches": rule});
    world.put("/programs/p/referral-add", setup).await;
    world
}

#[tokio::test]
async fn a_referral_becomes_a_lead_with_everything_that_is_always_sent() {
    let world = with_referral_add("leave_record").await;
    let referral = world.refer("r1", "grace@x.test").await;
    let leads = world.org.records("Lead");
    assert_eq!(leads.len(), 1);
    for (field, value) in [
        ("FirstName", "Grace"),
        ("LastName", "Hopper"),
        ("Email", "grace@x.test"),
        ("Company", "Navy Labs"),
        ("Referral_Rock_Referral_Id__c", "r1"),
        ("Referral_Rock_Source__c", "Referral Rock"),
        ("Referral_Rock_Source_Note__c", "Referred by Ada Lovelace, program Champions"),
        ("Referral_Rock_Member_Url__c", "https://app.referralrock.example/members/m"),
        ("Referral_Rock_Referral_Url__c", "https://app.referralrock.example/referrals/r1"),
    ] {
        assert_eq!(leads[0][field], value, "{field}");
    }
    assert_eq!(referral["sending"]["state"], "done");
    assert_eq!(referral["links"][0]["id"], leads[0]["Id"]);
    assert_eq!(referral["links"][0]["how"], "created");
}

#[tokio::test]
async fn a_program_without_the_toggle_sends_nothing() {
    let world = World::connected().await;
    let referral = world.refer("r1", "grace@x.test").await;
    assert_eq!(referral["sending"], Value::Null);
    assert!(world.org.records("Lead").is_empty());
}

#[tokio::test]
async fn a_lost_answer_makes_no_second_lead() {
    let world = with_referral_add("leave_record").await;
    world.org.next_create(Fault::AnswerLost);
    let referral = world.refer("r1", "grace@x.test").await;
    assert_eq!(referral["sending"]["state"], "ambiguous");
    world.clock.advance(Duration::from_secs(5));
    world.engine.run_until_idle().await.unwrap();
    let referral = world.get("/referrals/r1").await;
    assert_eq!(referral["sending"]["state"], "done");
    assert_eq!(world.org.records("Lead").len(), 1);
    assert_eq!(referral["links"][0]["how"], "created");
}

#[tokio::test]
async fn passing_trouble_is_tried_again_and_a_refusal_waits_for_a_person() {
    let world = with_referral_add("leave_record").await;
    world.org.next_create(Fault::Locked);
    assert_eq!(world.refer("r1", "a@x.test").await["sending"]["state"], "pending");
    world.clock.advance(Duration::from_secs(5));
    world.engine.run_until_idle().await.unwrap();
    assert_eq!(world.get("/referrals/r1").await["sending"]["state"], "done");

    world.org.next_create(Fault::Refused);
    let refused = world.refer("r2", "b@x.test").await;
    assert_eq!(refused["sending"]["state"], "dead");
    assert!(refused["sending"]["outcome"].as_str().unwrap().contains("No test leads, please"));
    let item = refused["sending"]["id"].as_str().unwrap();
    world.post(&format!("/outbox/{item}/retry"), json!({})).await;
    world.engine.run_until_idle().await.unwrap();
    assert_eq!(world.get("/referrals/r2").await["sending"]["state"], "done");
}

#[tokio::test]
async fn what_was_being_sent_at_a_crash_is_looked_for_first() {
    let mut world = with_referral_add("leave_record").await;
    world.refer("r1", "grace@x.test").await;
    // The lead is there; the store says that its sending had begun, as after a crash before the answer.
    let mut tx = world.engine.store().write().await.unwrap();
    let mut item = tx.outbox_of_referral("r1").await.unwrap().unwrap();
    item.state = crate::store::OutboxState::Sending;
    tx.update_outbox(&item).await.unwrap();
    tx.commit().await.unwrap();
    world.engine =
        Engine::start(world.config.clone(), Arc::new(world.clock.clone()), Seed::Fixed(1)).await.unwrap();
    world.engine.run_until_idle().await.unwrap();
    assert_eq!(world.get("/referrals/r1").await["sending"]["state"], "done");
    assert_eq!(world.org.records("Lead").len(), 1);
}

#[tokio::test]
async fn the_four_rules_for_an_email_that_is_known() {
    for (rule, leads, status, company) in [
        ("leave_record", 1, "Pending", "Old Navy"),
        ("add_information", 1, "Pending", "Old Navy"),
        ("create_anyway", 2, "Pending", "Old Navy"),
        ("set_denied", 1, "Denied", "Old Navy"),
    ] {
        let world = with_referral_add(rule).await;
        let old = world
            .org
            .add("Lead", &json!({"LastName": "Hopper", "Email": "grace@x.test", "Company": "Old Navy"}));
        world.clock.advance(Duration::from_hours(2));
        let referral = world.refer("r1", "Grace@x.test").await;
        let records = world.org.records("Lead");
        assert_eq!(records.len(), leads, "{rule}");
        assert_eq!(records[0]["Company"], company, "{rule}: what is there stays");
        assert_eq!(referral["status"], status, "{rule}");
        let added = records[0].get("Referral_Rock_Referral_Id__c").is_some();
        assert_eq!(added, rule == "add_information", "{rule}");
        assert_eq!(referral["links"][0]["id"] == old.as_str(), rule != "create_anyway", "{rule}");
    }
}

#[tokio::test]
async fn the_grace_period_ends_after_sixty_minutes_of_the_orgs_time() {
    for (seconds, status) in [(3599, "Pending"), (3600, "Pending"), (3601, "Denied")] {
        let world = with_referral_add("set_denied").await;
        world.org.add("Lead", &json!({"LastName": "Hopper", "Email": "grace@x.test"}));
        world.clock.advance(Duration::from_secs(seconds));
        let referral = world.refer("r1", "grace@x.test").await;
        assert_eq!(referral["status"], status, "after {seconds} seconds");
        assert_eq!(world.org.records("Lead").len(), 1);
    }
}

async fn with_referral_update(more: Value) -> World {
    let world = World::connected().await;
    let mut setup = json!({"enabled": true, "status_change_events": [
        {"status": "Approved", "object": "Opportunity", "field": "StageName", "value": "Closed Won"},
        {"status": "Qualified", "object": "Lead", "field": "Status", "value": "Working"},
    ]});
    setup.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.put("/referral-update", setup).await;
    world.refer("r1", "grace@x.test").await;
    world
}

#[tokio::test]
async fn closed_won_approves_by_the_only_contact_and_twice_is_once() {
    let mut world = with_referral_update(json!({"fields_to_update": [
        {"referral_field": "amount", "object": "Opportunity", "field": "Amount"},
        {"referral_field": "company", "object": "Contact", "field": "Account.Name"},
        {"referral_field": {"custom": "business"}, "object": "Account", "field": "Name"},
    ]}))
    .await;
    let account = world.org.add("Account", &json!({"Name": "Acme"}));
    let contact = world
        .org
        .add("Contact", &json!({"LastName": "Hopper", "Email": "GRACE@x.test", "AccountId": account}));
    let deal = world.org.add(
        "Opportunity",
        &json!({"Name": "Deal", "StageName": "Closed Won", "Amount": 12.5, "AccountId": account}),
    );
    world.org.add("OpportunityContactRole", &json!({"OpportunityId": deal, "ContactId": contact}));
    let event = world.event(Object::Opportunity, &deal, Change::Updated);
    world.deliver(&event).await;
    let referral = world.get("/referrals/r1").await;
    assert_eq!(referral["status"], "Approved");
    assert_eq!(referral["amount"], "12.5");
    assert_eq!(
        referral["company"], "Navy Labs",
        "a path through a relationship is null, and null forgets nothing"
    );
    assert_eq!(referral["custom"]["business"], "Acme");
    let entries = world.entries().await;
    assert_eq!(entries[0]["values"]["Contact"]["Account.Name"], Value::Null);
    assert_eq!(entries[0]["values"]["Account"]["Name"], "Acme");
    assert_eq!(entries[0]["matched_by"], "fuzzy: email");
    assert_eq!(entries[0]["state"], "processed");

    world.deliver(&event).await;
    assert_eq!(world.entries().await.len(), 1);
    assert_eq!(world.get("/referrals/r1").await["history"], referral["history"]);
}

#[tokio::test]
async fn two_contacts_are_none() {
    let mut world = with_referral_update(json!({})).await;
    let deal = world.org.add("Opportunity", &json!({"Name": "Deal", "StageName": "Closed Won"}));
    for email in ["grace@x.test", "other@x.test"] {
        let contact = world.org.add("Contact", &json!({"LastName": "Hopper", "Email": email}));
        world.org.add("OpportunityContactRole", &json!({"OpportunityId": deal, "ContactId": contact}));
    }
    let event = world.event(Object::Opportunity, &deal, Change::Updated);
    world.deliver(&event).await;
    let entries = world.entries().await;
    assert_eq!(entries[0]["values"]["Contact"], Value::Null);
    assert_eq!(entries[0]["state"], "review");
    assert_eq!(world.get("/referrals/r1").await["status"], "Pending");
}

#[tokio::test]
async fn a_wrong_code_is_corrected_and_retried_without_a_new_event() {
    let more = json!({"member_match": [
        {"object": "Lead", "field": "Referring_Member_Code__c", "matches": "referral_code"}],
        "process_rules": {"notify_on_review": true}});
    let mut world = with_referral_update(more).await;
    let lead = world.org.add(
        "Lead",
        &json!({"LastName": "Clarke", "Email": "joan@x.test", "Status": "Working", "Referring_Member_Code__c": "ADA8"}),
    );
    let event = world.event(Object::Lead, &lead, Change::Created);
    world.deliver(&event).await;
    let entry = world.entries().await[0].clone();
    assert_eq!(entry["state"], "review");
    assert!(entry["reason"].as_str().unwrap().contains("ADA8"), "{entry}");
    assert_eq!(world.get("/notifications").await["items"].as_array().unwrap().len(), 1);

    let path = format!("/v1/accounts/a/sales-entries/{}", entry["id"].as_str().unwrap());
    let correction = json!({"values": {"Lead": {"Referring_Member_Code__c": "ada7"}}});
    let (status, _) = world.call(Method::PATCH, &path, correction).await;
    assert_eq!(status, StatusCode::OK);
    let (_, entry) = world.call(Method::POST, &format!("{path}/retry"), json!({})).await;
    assert_eq!(entry["state"], "processed", "{entry}");
    let referral = world.get(&format!("/referrals/{}", entry["referral_id"].as_str().unwrap())).await;
    assert_eq!(referral["member_id"], "m");
    assert_eq!(referral["origin"], "salesforce");
    assert_eq!(referral["status"], "Qualified", "the entry's own status rule applies to the added referral");
    let (status, problem) = world.call(Method::POST, &format!("{path}/retry"), json!({})).await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
}

#[tokio::test]
async fn the_echo_of_the_own_create_is_an_entry_and_changes_nothing() {
    let mut world = with_referral_add("leave_record").await;
    world.put("/referral-update", json!({"enabled": true})).await;
    world.refer("r1", "grace@x.test").await;
    let lead = world.org.records("Lead")[0]["Id"].as_str().unwrap().to_owned();
    let event = world.event(Object::Lead, &lead, Change::Created);
    world.deliver(&event).await;
    let update = world.event(Object::Lead, &lead, Change::Updated);
    world.deliver(&update).await;
    let entries = world.entries().await;
    assert_eq!(entries[0]["echo"], true);
    assert_eq!(entries[0]["state"], "processed");
    assert_eq!(entries[0]["matched_by"], "direct: the link to its record");
    assert_eq!(entries[1]["echo"], false, "a later change by the same user is a person's");
    assert_eq!(world.get("/referrals/r1").await["status"], "Pending");
}

#[tokio::test]
async fn the_echo_of_the_own_update_is_used_up_by_one_event() {
    let mut world = with_referral_add("add_information").await;
    world.put("/referral-update", json!({"enabled": true})).await;
    let lead = world.org.add("Lead", &json!({"LastName": "Hopper", "Email": "grace@x.test"}));
    world.refer("r1", "grace@x.test").await;
    for echo in [true, false] {
        // The same user at the same instant: only the first is the engine's.
        let event = world.event(Object::Lead, &lead, Change::Updated);
        world.deliver(&event).await;
        assert_eq!(world.entries().await.last().unwrap()["echo"], echo);
    }
}

#[tokio::test]
async fn contacts_of_the_account_count_when_the_set_up_says_so() {
    for (setting, status, matched) in [
        ("triggering_record", "Pending", Value::Null),
        ("account_contacts", "Approved", json!("fuzzy: email")),
    ] {
        let mut world = with_referral_update(json!({"contact_matching": setting})).await;
        let account = world.org.add("Account", &json!({"Name": "Acme"}));
        for email in ["other@x.test", "grace@x.test"] {
            world.org.add("Contact", &json!({"LastName": "H", "Email": email, "AccountId": account}));
        }
        let deal = json!({"Name": "Deal", "StageName": "Closed Won", "AccountId": account});
        let deal = world.org.add("Opportunity", &deal);
        let event = world.event(Object::Opportunity, &deal, Change::Created);
        world.deliver(&event).await;
        assert_eq!(world.get("/referrals/r1").await["status"], status, "{setting}");
        assert_eq!(world.entries().await[0]["matched_by"], matched, "{setting}");
    }
}

#[tokio::test]
async fn an_encrypted_field_is_not_read_and_its_mapping_is_flagged() {
    let more = json!({"fields_to_update": [
        {"referral_field": "note", "object": "Lead", "field": "Secret__c"},
        {"referral_field": "company", "object": "Lead", "field": "Owner.Name"}]});
    let mut world = with_referral_update(more).await;
    let lead = json!({"LastName": "Hopper", "Email": "grace@x.test", "Status": "Working", "Secret__c": "x"});
    let lead = world.org.add("Lead", &lead);
    let event = world.event(Object::Lead, &lead, Change::Created);
    world.deliver(&event).await;
    let referral = world.get("/referrals/r1").await;
    assert_eq!((&referral["status"], &referral["note"]), (&json!("Qualified"), &Value::Null));
    assert_eq!(world.entries().await[0]["values"]["Lead"]["Secret__c"], Value::Null);
    let diagnosis = world.get("/diagnosis").await;
    let checks = diagnosis["checks"].as_array().unwrap();
    let mapped = checks.iter().find(|check| check["name"] == "Mapped fields of Lead").unwrap();
    assert_eq!(mapped["ok"], false);
    let detail = mapped["detail"].as_str().unwrap();
    assert!(
        detail.contains("encrypted: Secret__c") && detail.contains("always null: Owner.Name"),
        "{detail}"
    );
}

#[tokio::test]
async fn a_person_approves_what_a_rule_held_back_and_lays_aside_what_needs_nothing() {
    let rules = json!({"process_rules": {"process_fuzzy_matches": false}});
    let mut world = with_referral_update(rules).await;
    for approve in [true, false] {
        let lead = json!({"LastName": "Hopper", "Email": "grace@x.test", "Status": "Working"});
        let lead = world.org.add("Lead", &lead);
        let event = world.event(Object::Lead, &lead, Change::Created);
        world.deliver(&event).await;
        let entry = world.entries().await.pop().unwrap();
        assert_eq!(entry["state"], "review");
        let action = if approve { "approve" } else { "dismiss" };
        let path = format!("/sales-entries/{}/{action}", entry["id"].as_str().unwrap());
        let entry = world.post(&path, json!({})).await;
        assert_eq!(entry["state"], if approve { "processed" } else { "dismissed" });
        assert_eq!(world.get("/referrals/r1").await["status"], "Qualified");
    }
}

#[tokio::test]
async fn a_topic_that_somebody_turned_off_is_mended_and_what_it_missed_is_read() {
    let mut world = with_referral_update(json!({})).await;
    let ctx = world.engine.context().clone();
    assert!(following::mend(&ctx, "a").await.unwrap(), "the four topics are made");
    assert_eq!(world.org.records("PushTopic").len(), 4);
    let deal = world.org.add("Opportunity", &json!({"Name": "Deal", "StageName": "Prospecting"}));
    let event = world.event(Object::Opportunity, &deal, Change::Created);
    world.deliver(&event).await;
    assert!(!following::mend(&ctx, "a").await.unwrap(), "nothing to mend");

    let topics = world.org.records("PushTopic");
    let topic = topics.iter().find(|topic| topic["Name"] == "ReferralRockOpportunity").unwrap();
    world.org.change("PushTopic", topic["Id"].as_str().unwrap(), &json!({"IsActive": false}));
    assert!(following::mend(&ctx, "a").await.unwrap());
    let active = world.org.records("PushTopic").iter().all(|topic| topic["IsActive"] == true);
    assert!(active, "turned on again");
    let mut tx = world.engine.store().read().await.unwrap();
    let cursor = tx.cursor("a", "/topic/ReferralRockOpportunity").await.unwrap().unwrap();
    assert!(cursor.must_poll && cursor.replay_id == Some(1), "{cursor:?}");
}

#[tokio::test]
async fn an_account_that_is_not_connected_keeps_what_it_has_to_send() {
    let world = with_referral_add("leave_record").await;
    world.call(Method::DELETE, "/v1/accounts/a/connection", Value::Null).await;
    let waiting = world.refer("r1", "grace@x.test").await;
    assert_eq!(waiting["sending"]["state"], "pending");
    assert_eq!(waiting["sending"]["attempts"], 0);
    world.connect("a").await;
    world.engine.run_until_idle().await.unwrap();
    assert_eq!(world.get("/referrals/r1").await["sending"]["state"], "done");
}

#[tokio::test]
async fn an_org_belongs_to_one_account_until_it_is_let_go() {
    let world = World::connected().await;
    world.call(Method::POST, "/v1/accounts", json!({"id": "b", "name": "Second"})).await;
    let (status, page) = world.connect("b").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("already connected"), "{page}");
    let (status, _) = world.call(Method::DELETE, "/v1/accounts/a/connection", Value::Null).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(world.connect("b").await.0, StatusCode::OK);
    assert_eq!(world.get("/connection").await["state"], "disconnected");
}

#[tokio::test]
async fn editions_and_sandboxes_are_refused_where_the_document_says_so() {
    let world = World::new().await;
    world.call(Method::POST, "/v1/accounts", json!({"id": "a", "name": "Acme"})).await;
    world.org.set_edition("Professional Edition", false);
    let (status, page) = world.connect("a").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("Professional Edition"), "{page}");
    world.org.set_edition("Developer Edition", true);
    assert_eq!(world.connect("a").await.0, StatusCode::OK);
    world.post("/programs", json!({"id": "p", "name": "P"})).await;
    let path = "/v1/accounts/a/programs/p/referral-add";
    let (status, problem) = world.call(Method::PUT, path, json!({"enabled": true})).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(problem["detail"].as_str().unwrap().contains("sandbox"));
}

#[tokio::test]
async fn the_api_refuses_with_problem_details() {
    let world = World::connected().await;
    let request = Request::builder().uri("/v1/accounts").body(Body::empty()).unwrap();
    assert_eq!(world.engine.api().oneshot(request).await.unwrap().status(), StatusCode::UNAUTHORIZED);
    for (method, path, body, status, part) in [
        (Method::GET, "/v1/accounts/x", Value::Null, 404, "account `x`"),
        (Method::GET, "/v1/elsewhere", Value::Null, 404, "/v1/elsewhere"),
        (Method::POST, "/v1/accounts/a/programs", json!({"nam": "x"}), 422, "nam"),
        (
            Method::PUT,
            "/v1/accounts/a/referral-update",
            json!({"target_match": [
            {"object": "Lead", "field": "X__c", "matches": "referral_id"}]}),
            422,
            "additional_matching",
        ),
        (Method::GET, "/v1/accounts/a/sales-entries?state=odd", Value::Null, 422, "odd"),
        (Method::GET, "/oauth/callback?code=c&state=wrong", Value::Null, 400, "begin again"),
    ] {
        let (found, text) = world.raw(method, path, body).await;
        assert_eq!(found.as_u16(), status, "{path}: {text}");
        assert!(text.contains(part), "{path}: {text}");
    }
    let (_, document) = world.call(Method::GET, "/openapi.json", Value::Null).await;
    assert!(document["paths"]["/v1/accounts/{account}/sales-entries/{entry}/retry"]["post"].is_object());
    let parameters = &document["paths"]["/v1/accounts/{account}"]["get"]["parameters"];
    assert_eq!(parameters[0]["name"], "account", "{parameters}");
}
