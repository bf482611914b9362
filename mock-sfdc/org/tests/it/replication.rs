//! What has changed and what has gone in a span of time, and up to when the answer holds.

use mock_sfdc_org::{
    error::ErrorCode,
    id::Id,
    replication::{self, Deleted, Span, Updated},
    save::DmlOptions,
    value::DateTime,
    verbs,
};

use crate::world::{NOON, World};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 24 * 60 * MINUTE;

fn at(millis: i64) -> DateTime {
    DateTime::from_millis(NOON.millis() + millis)
}

fn span(start: i64, end: i64) -> Span {
    Span { start: at(start), end: at(end) }
}

fn updated(world: &World, start: i64, end: i64) -> Updated {
    replication::updated(&world.org, world.admin, &world.object("Lead"), span(start, end)).unwrap()
}

fn deleted(world: &World, start: i64, end: i64) -> Deleted {
    replication::deleted(&world.org, world.admin, &world.object("Lead"), span(start, end)).unwrap()
}

fn gone(world: &World, start: i64, end: i64) -> Vec<Id> {
    deleted(world, start, end).records.iter().map(|record| record.id).collect()
}

fn lead(world: &World) -> Id {
    world.create("Lead", &[("LastName", "Lovelace"), ("Company", "Engines")]).unwrap()
}

#[test]
fn a_span_has_its_first_minute_and_not_its_last() {
    let world = World::new("{}");
    let leads = [0, 30 * SECOND, 89 * SECOND, 2 * MINUTE].map(|moment| {
        world.org.clock().set(at(moment));
        lead(&world)
    });
    for (start, end, found) in [
        (0, MINUTE, &leads[..2]),
        // Seconds are ignored at both ends.
        (59 * SECOND, 2 * MINUTE + 59 * SECOND, &leads[..3]),
        (MINUTE, 3 * MINUTE, &leads[2..]),
        (3 * MINUTE, 9 * MINUTE, &[]),
    ] {
        assert_eq!(updated(&world, start, end).ids, found, "{start} to {end}");
    }
}

#[test]
fn a_record_is_where_its_last_change_was_and_nowhere_once_deleted() {
    let world = World::new("{}");
    let (first, second) = (lead(&world), lead(&world));
    world.org.clock().set(at(5 * MINUTE));
    world.update("Lead", first, &[("Company", "Analytical")]).unwrap();
    world.org.clock().set(at(9 * MINUTE));
    assert_eq!(updated(&world, 0, MINUTE).ids, [second]);
    assert_eq!(updated(&world, 0, 9 * MINUTE).ids, [second, first]);
    world.delete("Lead", first).unwrap();
    assert_eq!(updated(&world, 0, 10 * MINUTE).ids, [second]);
}

#[test]
fn what_is_deleted_is_told_until_it_comes_back() {
    let world = World::new("{}");
    let [first, second, third] = [0, 1, 2].map(|_| lead(&world));
    world.org.clock().set(at(MINUTE));
    world.delete("Lead", second).unwrap();
    world.org.clock().set(at(2 * MINUTE));
    world.delete("Lead", first).unwrap();
    let hard =
        |tx: &mut mock_sfdc_org::state::Transaction| verbs::hard_delete(tx, &world.object("Lead"), third);
    world.org.transact(world.admin, hard).unwrap();
    assert_eq!(gone(&world, 0, 9 * MINUTE), [second, first, third]);
    assert_eq!(gone(&world, 2 * MINUTE, 3 * MINUTE), [first, third]);
    assert_eq!(deleted(&world, 0, 9 * MINUTE).records[0].deleted_date, at(MINUTE));
    assert_eq!(deleted(&world, 0, 9 * MINUTE).earliest_date_available, at(2 * MINUTE));
    world.undelete("Lead", second).unwrap();
    assert_eq!(gone(&world, 0, 9 * MINUTE), [first, third]);
}

#[test]
fn deletions_are_remembered_for_fifteen_days_whatever_became_of_the_recycle_bin() {
    let world = World::new("{}");
    let (early, late) = (lead(&world), lead(&world));
    world.delete("Lead", early).unwrap();
    world.org.clock().set(at(10 * DAY));
    world.delete("Lead", late).unwrap();
    world.org.clock().set(at(16 * DAY));
    assert_eq!(gone(&world, -DAY, 16 * DAY), [late]);
    // The next transaction empties the bin of what is too old, which is no deletion.
    let newest = lead(&world);
    assert_eq!(gone(&world, -DAY, 17 * DAY), [late]);
    assert_eq!(updated(&world, 0, 17 * DAY).ids, [newest]);
}

#[test]
fn spans_that_cannot_be_are_refused() {
    let world = World::new("{}");
    let lead = world.object("Lead");
    for (start, end, message) in [
        (0, 0, "endDate must be at least one minute greater than startDate"),
        (0, 59 * SECOND, "endDate must be at least one minute greater than startDate"),
        (MINUTE, 0, "endDate must be at least one minute greater than startDate"),
        (-31 * DAY, 0, "startDate cannot be more than 30 days ago"),
    ] {
        for error in [
            replication::updated(&world.org, world.admin, &lead, span(start, end)).unwrap_err(),
            replication::deleted(&world.org, world.admin, &lead, span(start, end)).unwrap_err(),
        ] {
            assert_eq!((error.code, error.message.as_str()), (ErrorCode::InvalidReplicationDate, message));
        }
    }
    assert!(replication::updated(&world.org, world.admin, &lead, span(-30 * DAY, 0)).is_ok());
}

#[test]
fn more_ids_than_an_answer_holds_are_refused() {
    let world = World::new("{}");
    let (_, second) = (lead(&world), lead(&world));
    let limit = |tx: &mut mock_sfdc_org::state::Transaction| {
        tx.settings_mut().most_replicated_ids = 1;
        Ok::<_, ()>(())
    };
    world.org.transact(world.admin, limit).unwrap();
    let error = replication::updated(&world.org, world.admin, &world.object("Lead"), span(0, MINUTE));
    assert_eq!(error.unwrap_err().code, ErrorCode::ExceededIdLimit);
    world.delete("Lead", second).unwrap();
    assert_eq!(updated(&world, 0, MINUTE).ids.len(), 1);
}

#[test]
fn an_answer_covers_no_more_than_has_been_committed() {
    let world = World::new("{}");
    world.org.clock().set(at(5 * MINUTE + 20 * SECOND));
    // The present minute is not over.
    assert_eq!(updated(&world, 0, 9 * MINUTE).latest_date_covered, at(5 * MINUTE));
    assert_eq!(updated(&world, 0, 2 * MINUTE).latest_date_covered, at(2 * MINUTE));

    let held = world.org.hold_transaction();
    world.org.clock().set(at(20 * MINUTE));
    let other = lead(&world);
    let before = updated(&world, 5 * MINUTE, 21 * MINUTE);
    assert_eq!((before.ids, before.latest_date_covered), (vec![other], at(5 * MINUTE)));
    assert_eq!(deleted(&world, 5 * MINUTE, 21 * MINUTE).latest_date_covered, at(5 * MINUTE));

    // It commits with the stamp of its beginning: whoever went on from 20:00 would never see it.
    let draft = world.draft("Lead", &[("LastName", "Late"), ("Company", "Slow")]);
    let late = held
        .commit(world.admin, |tx| verbs::create(tx, &world.object("Lead"), draft, &DmlOptions::default()))
        .unwrap();
    let after = updated(&world, 5 * MINUTE, 21 * MINUTE);
    assert_eq!((after.ids, after.latest_date_covered), (vec![late, other], at(20 * MINUTE)));

    drop(world.org.hold_transaction());
    world.org.clock().set(at(30 * MINUTE));
    assert_eq!(updated(&world, 5 * MINUTE, 30 * MINUTE).latest_date_covered, at(30 * MINUTE));
}
