//! Several requests in one transaction.

use std::sync::{Arc, Mutex};

use mock_sfdc_org::{
    Unit, Work,
    error::Error,
    id::Id,
    save::DmlOptions,
    state::{Change, ChangeKind},
    verbs,
};

use crate::world::World;

type Told = Arc<Mutex<Vec<(ChangeKind, Id)>>>;

/// What watchers are told of, one entry a record.
fn watched(world: &World) -> Told {
    let told = Told::default();
    let seen = Arc::clone(&told);
    world.org.on_commit(move |_: &mock_sfdc_org::Org, changes: &[Arc<Change>]| {
        seen.lock().unwrap().extend(changes.iter().map(|change| (change.kind, change.id)));
    });
    told
}

fn create(world: &World, unit: &Unit, row: &[(&str, &str)]) -> Result<Id, Vec<Error>> {
    let draft = world.draft("Account", row);
    Work::on(&world.org, Some(unit)).transact_as(world.admin, |tx| {
        verbs::create(tx, &world.object("Account"), draft, &DmlOptions::default())
    })
}

#[test]
fn what_one_does_the_next_sees_and_nobody_else_before_the_end() {
    let world = World::new("{}");
    let told = watched(&world);
    let id = world
        .org
        .unit(world.admin, |unit| {
            let id = create(&world, unit, &[("Name", "Acme")])?;
            let inside = Work::on(&world.org, Some(unit));
            assert!(inside.snapshot().find(id).is_some() && !world.exists(id));
            let draft = world.draft("Account", &[("Name", "Acme 2")]);
            inside.transact_as(world.admin, |tx| {
                verbs::update(tx, &world.object("Account"), id, draft, &DmlOptions::default())
            })?;
            // What fails is undone alone.
            assert!(create(&world, unit, &[("Phone", "1")]).is_err());
            Ok::<_, Vec<Error>>(id)
        })
        .unwrap();
    assert_eq!(world.text("Account", id, "Name"), "Acme 2");
    // One transaction, so one change of the record.
    assert_eq!(*told.lock().unwrap(), [(ChangeKind::Created, id)]);
}

#[test]
fn a_unit_that_fails_leaves_nothing_behind() {
    let world = World::new("{}");
    let told = watched(&world);
    let failed = world.org.unit(world.admin, |unit| {
        let id = create(&world, unit, &[("Name", "Acme")]).unwrap();
        Err::<(), _>(id)
    });
    assert!(!world.exists(failed.unwrap_err()));
    assert!(told.lock().unwrap().is_empty());
}
