//! What events say, and which changes are told.

use std::sync::Arc;

use mock_sfdc_org::{
    streaming::{self, Address, PushKind},
    value::Value,
    verbs,
};

use super::{Fields, World, create, update};

#[test]
fn an_event_says_what_happened_and_carries_the_fields_of_the_select() {
    let world = World::new();
    world.topic(&[("Query", "SELECT Id, LastName, AnnualRevenue, Phone FROM Lead")]);
    let id = world.lead(&[("AnnualRevenue", "1200")]);
    let event = world.events().remove(0);
    assert_eq!((event.push().unwrap().kind, event.replay_id, event.at), (PushKind::Created, 1, world.now()));
    let fields = event
        .push()
        .unwrap()
        .fields()
        .map(|(field, value)| (field.name.to_string(), value))
        .collect::<Vec<_>>();
    let expected = [
        ("Id", Value::Id(id)),
        ("LastName", Value::from("Byron")),
        ("AnnualRevenue", Value::Number(1200.into())),
        ("Phone", Value::Null),
    ];
    assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value)));
}

#[test]
fn a_deletion_tells_the_id_and_nothing_else() {
    let world = World::new();
    world.topic(&[("Query", "SELECT Id, LastName FROM Lead")]);
    let id = world.lead(&[]);
    world.delete(id);
    let event = world.events().pop().unwrap();
    assert_eq!(event.push().unwrap().kind, PushKind::Deleted);
    assert_eq!(event.push().unwrap().fields().map(|(_, value)| value).collect::<Vec<_>>(), [Value::Id(id)]);
}

#[test]
fn each_operation_can_be_switched_off() {
    let all = ["created", "updated", "deleted", "undeleted"];
    let switches = ["Create", "Update", "Delete", "Undelete"];
    for (off, silent) in
        switches.iter().zip(all).map(|(switch, kind)| (Some(*switch), kind)).chain([(None, "")])
    {
        let world = World::new();
        let switch = off.map(|off| format!("NotifyForOperation{off}"));
        let mut fields = vec![("Query", "SELECT Id, LastName FROM Lead")];
        fields.extend(switch.as_deref().map(|switch| (switch, "false")));
        world.topic(&fields);
        let id = world.lead(&[]);
        world.update(id, &[("LastName", "Lovelace")]);
        world.delete(id);
        world.undelete(id);
        let expected = all.iter().filter(|kind| **kind != silent).copied().collect::<Vec<_>>();
        assert_eq!(world.kinds(), expected, "without {off:?}");
    }
}

#[test]
fn a_transaction_tells_one_event_a_record_however_often_it_saves() {
    let world = World::new();
    world.topic(&[("Query", "SELECT Id, LastName FROM Lead")]);
    world
        .transact(|tx| {
            let id = create(tx, "Lead", &[("LastName", "A"), ("Company", "C")])?;
            update(tx, id, &[("LastName", "B")])?;
            update(tx, id, &[("LastName", "C")])
        })
        .unwrap();
    assert_eq!(world.kinds(), ["created"]);
    let last = world.events()[0].push().unwrap().fields().nth(1).unwrap().1;
    assert_eq!(last, Value::from("C"));
}

#[test]
fn what_was_born_and_died_in_one_transaction_was_never_there() {
    let world = World::new();
    world.topic(&[("Query", "SELECT Id, LastName FROM Lead")]);
    world
        .transact(|tx| {
            let id = create(tx, "Lead", &[("LastName", "A"), ("Company", "C")])?;
            let object = Arc::clone(tx.state().find(id).unwrap().0);
            verbs::delete(tx, &object, id)
        })
        .unwrap();
    assert_eq!(world.kinds(), [""; 0]);
}

#[test]
fn a_failed_transaction_and_a_silent_one_tell_nothing() {
    let world = World::new();
    world.topic(&[("Query", "SELECT Id, LastName FROM Lead")]);
    let failed = world.transact(|tx| {
        create(tx, "Lead", &[("LastName", "A"), ("Company", "C")])?;
        Err::<(), _>(vec![])
    });
    assert!(failed.is_err());
    world
        .transact(|tx| {
            tx.set_silent(true);
            create(tx, "Lead", &[("LastName", "A"), ("Company", "C")])
        })
        .unwrap();
    assert_eq!(world.kinds(), [""; 0]);
}

#[test]
fn a_cascade_tells_of_the_parent_only() {
    let world = World::new();
    let account = world.create("Account", &[("Name", "Engines")]).unwrap();
    let contact = [("LastName", "Byron"), ("AccountId", &account.to_string())];
    world.create("Contact", &contact).unwrap();
    world
        .create(
            "PushTopic",
            &[("Name", "A"), ("ApiVersion", "66.0"), ("Query", "SELECT Id, Name FROM Account")],
        )
        .unwrap();
    world
        .create(
            "PushTopic",
            &[("Name", "C"), ("ApiVersion", "66.0"), ("Query", "SELECT Id, Name FROM Contact")],
        )
        .unwrap();
    world.delete(account);
    let channels = streaming::published(&world.org.snapshot(), world.now());
    let channels =
        channels.iter().map(|(channel, event)| (&**channel, event.push().unwrap().kind)).collect::<Vec<_>>();
    assert_eq!(channels, [("/topic/A", PushKind::Deleted)]);
}

#[test]
fn a_topic_that_is_inactive_or_deleted_tells_nothing_more() {
    let world = World::new();
    let topic = world.topic(&[("Query", "SELECT Id, LastName FROM Lead"), ("IsActive", "false")]);
    world.lead(&[]);
    assert_eq!(world.kinds().len(), 0);
    world.update(topic, &[("IsActive", "true")]);
    world.lead(&[]);
    assert_eq!(world.kinds().len(), 1);
    world.delete(topic);
    world.lead(&[]);
    assert_eq!(world.kinds().len(), 1);
    let address = Address::parse("/topic/T").unwrap();
    let refusal = streaming::may_subscribe(&world.org.snapshot(), &address).unwrap_err();
    assert_eq!(refusal.to_string(), "400::The channel you requested to subscribe to does not exist /topic/T");
}

/// What one update does, for each mode: the topic asks `SELECT Id, LastName … WHERE City = 'Ghent'`.
#[test]
fn an_update_is_told_when_it_changed_what_the_mode_looks_at() {
    //   before, the update, and who tells it: All, Referenced, Select, Where
    let table: [(Fields<'_>, Fields<'_>, [bool; 4]); 9] = [
        // A field of SELECT.
        (&[("City", "Ghent")], &[("LastName", "Lovelace")], [true, true, true, false]),
        // A field of WHERE, and the record comes into the set.
        (&[("City", "Bruges")], &[("City", "Ghent")], [true, true, false, true]),
        // It stays in the set, because texts compare without case, but the field has changed.
        (&[("City", "Ghent")], &[("City", "GHENT")], [true, true, false, true]),
        // A field that the query does not name.
        (&[("City", "Ghent")], &[("Phone", "1")], [true, false, false, false]),
        // Both.
        (&[("City", "Bruges")], &[("City", "Ghent"), ("LastName", "Lovelace")], [true, true, true, true]),
        // It leaves the set: only new values count.
        (&[("City", "Ghent")], &[("City", "Bruges")], [false; 4]),
        (&[("City", "Ghent")], &[("City", ""), ("LastName", "Lovelace")], [false; 4]),
        // It never was in it.
        (&[("City", "Bruges")], &[("LastName", "Lovelace")], [false; 4]),
        // Saved as it was: the stamps change, nothing that the query names does.
        (&[("City", "Ghent")], &[("LastName", "Byron")], [true, false, false, false]),
    ];
    for (before, change, told) in table {
        for (mode, told) in streaming::NotifyForFields::ALL.into_iter().zip(told) {
            let world = World::new();
            let id = world.lead(before);
            let query = "SELECT Id, LastName FROM Lead WHERE City = 'Ghent'";
            world.topic(&[("Query", query), ("NotifyForFields", mode.as_str())]);
            world.update(id, change);
            let expected: &[&str] = if told { &["updated"] } else { &[] };
            assert_eq!(world.kinds(), expected, "{before:?} {change:?} {mode:?}");
        }
    }
}

#[test]
fn creations_deletions_and_undeletions_are_told_when_the_where_holds_whatever_the_mode() {
    for mode in streaming::NotifyForFields::ALL {
        for (city, told) in [("Ghent", &["created", "deleted", "undeleted"][..]), ("Bruges", &[])] {
            let world = World::new();
            let query = "SELECT Id, LastName FROM Lead WHERE City = 'Ghent'";
            world.topic(&[("Query", query), ("NotifyForFields", mode.as_str())]);
            let id = world.lead(&[("City", city)]);
            world.delete(id);
            world.undelete(id);
            assert_eq!(world.kinds(), told, "{city} {mode:?}");
        }
    }
}

#[test]
fn a_stamp_in_the_select_is_a_field_that_every_save_changes() {
    let world = World::new();
    let id = world.lead(&[]);
    world.topic(&[("Query", "SELECT Id, LastModifiedDate FROM Lead")]);
    // The clock stands, so the stamp's value is the same.
    world.update(id, &[("Phone", "1")]);
    assert_eq!(world.kinds(), ["updated"]);
}

#[test]
fn the_where_knows_the_conditions_of_soql() {
    let world = World::new();
    for (number, condition) in [
        "City IN ('Ghent', 'Bruges')",
        "City NOT IN ('Ghent')",
        "City LIKE 'gh%' AND AnnualRevenue > 1000",
        "City = null OR Rating = 'Hot'",
        "CreatedDate = TODAY AND IsConverted = false",
        "Lead.City = 'Ghent'",
    ]
    .iter()
    .enumerate()
    {
        let query = format!("SELECT Id, LastName FROM Lead WHERE {condition}");
        let fields = [("Name", &*format!("T{number}")), ("ApiVersion", "66.0"), ("Query", &*query)];
        world.create("PushTopic", &fields).unwrap();
    }
    world.lead(&[("City", "Ghent"), ("AnnualRevenue", "1200")]);
    let told = streaming::published(&world.org.snapshot(), world.now());
    let told = told.iter().map(|(channel, _)| channel.to_string()).collect::<Vec<_>>();
    assert_eq!(told, ["/topic/T0", "/topic/T2", "/topic/T4", "/topic/T5"]);
}

#[test]
fn a_commit_without_a_topic_of_its_object_publishes_nothing_and_makes_no_channel() {
    let world = World::new();
    world.topic(&[("Query", "SELECT Id, Name FROM Account")]);
    world.lead(&[]);
    let state = world.org.snapshot();
    assert_eq!((state.streams().published(), state.streams().channels().count()), (0, 0));
}
