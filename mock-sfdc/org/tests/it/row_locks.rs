//! Rows that somebody else holds: what waits, what is refused, and what nothing of is kept.

use mock_sfdc_org::{
    Org,
    error::ErrorCode,
    id::Id,
    save::{DmlOptions, Draft},
    state::Transaction,
    verbs,
};

use crate::world::World;

const FIXTURE: &str = r#"{
  "packages": [{"objects": {
    "Deal__c": {"fields": {"Total__c": {"rollUp": {"summaryOperation": "sum", "summaryForeignKey": "Part__c.Deal__c", "summarizedField": "Part__c.Price__c"}}}},
    "Part__c": {"fields": {
      "Deal__c": {"type": "reference", "referenceTo": ["Deal__c"], "relationshipOrder": 0, "childRelationship": "Parts__r"},
      "Price__c": {"type": "currency", "precision": 18, "scale": 2},
      "Lead__c": {"type": "reference", "referenceTo": ["Lead"]}
    }}
  }}],
  "workflows": {"Lead": {
    "fieldUpdates": [{"fullName": "Mark", "field": "Title", "operation": "Literal", "literalValue": "late"}],
    "rules": [{"fullName": "R", "active": true, "triggerType": "onCreateOnly", "criteriaItems": [{"field": "Rating", "operation": "equals", "value": "Hot"}],
               "workflowTimeTriggers": [{"timeLength": 1, "workflowTimeTriggerUnit": "Hours", "actions": [{"name": "Mark", "type": "FieldUpdate"}]}]}]
  }}
}"#;

fn lead(world: &World) -> Id {
    world.create("Lead", &[("LastName", "A"), ("Company", "B"), ("Rating", "Hot")]).unwrap()
}

fn rename(tx: &mut Transaction, world: &World, id: Id) -> Result<Id, ErrorCode> {
    let object = world.object("Lead");
    let mut draft = Draft::default();
    draft.put(object.field("Company").unwrap().0, "C".into());
    verbs::update(tx, &object, id, draft, &DmlOptions::default()).map_err(|errors| errors[0].code)
}

fn update(org: &Org, world: &World, id: Id) -> Result<Id, ErrorCode> {
    org.transact(world.admin, |tx| rename(tx, world, id))
}

#[test]
fn whoever_cannot_wait_is_refused_at_once() {
    let world = World::new(FIXTURE);
    let lead = lead(&world);
    let held = world.org.usage().row_locks.hold([lead]);
    assert_eq!(update(&world.org, &world, lead), Err(ErrorCode::UnableToLockRow));
    drop(held);
    assert_eq!(update(&world.org, &world, lead), Ok(lead));
}

#[test]
fn nothing_of_a_go_that_has_to_wait_is_kept() {
    let world = World::new(FIXTURE);
    let (first, second) = (lead(&world), lead(&world));
    let held = world.org.usage().row_locks.hold([second]);
    let attempt = world.org.attempt();
    // Partial success: the caller goes on with the other row, and commits.
    let both = attempt.transact(world.admin, |tx| {
        let before = tx.savepoint();
        let refused = rename(tx, &world, second);
        tx.roll_back_to(before);
        Ok::<_, ErrorCode>((refused, rename(tx, &world, first)))
    });
    assert_eq!(both, Ok((Err(ErrorCode::UnableToLockRow), Ok(first))));
    assert_eq!(attempt.blocked_by(), Some([second].as_slice()));
    assert_eq!(world.text("Lead", first, "Company"), "B", "the other row is not written either");
    assert_eq!(update(&attempt, &world, first), Ok(first));
    assert_eq!(world.text("Lead", first, "Company"), "B", "nor what comes after");
    drop(held);
    let again = world.org.attempt();
    assert_eq!((update(&again, &world, first), update(&again, &world, second)), (Ok(first), Ok(second)));
    assert_eq!(again.blocked_by(), None);
}

#[test]
fn a_go_that_has_committed_does_not_wait() {
    let world = World::new(FIXTURE);
    let (first, second) = (lead(&world), lead(&world));
    let _held = world.org.usage().row_locks.hold([second]);
    let attempt = world.org.attempt();
    assert_eq!(update(&attempt, &world, first), Ok(first));
    assert_eq!(update(&attempt, &world, second), Err(ErrorCode::UnableToLockRow));
    assert_eq!(attempt.blocked_by(), None);
    assert_eq!(world.text("Lead", first, "Company"), "C");
}

#[test]
fn details_lock_their_masters_and_lookups_lock_nobody() {
    let world = World::new(FIXTURE);
    let (deal, lead) = (world.create("Deal__c", &[]).unwrap(), lead(&world));
    let part = world
        .create(
            "Part__c",
            &[("Deal__c", &deal.to_string()), ("Lead__c", &lead.to_string()), ("Price__c", "1")],
        )
        .unwrap();
    let held = world.org.usage().row_locks.hold([deal]);
    let refused = |errors: Vec<mock_sfdc_org::error::Error>| errors[0].code;
    assert_eq!(
        world.update("Part__c", part, &[("Price__c", "2")]).map_err(refused),
        Err(ErrorCode::UnableToLockRow)
    );
    assert_eq!(world.delete("Part__c", part).map_err(refused), Err(ErrorCode::UnableToLockRow));
    drop(held);
    let _held = world.org.usage().row_locks.hold([lead]);
    world.update("Part__c", part, &[("Price__c", "2"), ("Lead__c", "")]).unwrap();
    world.delete("Part__c", part).unwrap();
}

#[test]
fn a_time_trigger_that_meets_a_locked_row_is_over() {
    let world = World::new(FIXTURE);
    let (locked, free) = (lead(&world), lead(&world));
    let _held = world.org.usage().row_locks.hold([locked]);
    world.org.clock().advance(3_600_000);
    assert_eq!(update(&world.org.attempt(), &world, free), Ok(free));
    let titles = [locked, free].map(|lead| world.text("Lead", lead, "Title"));
    assert_eq!(titles, ["", "late"]);
}
