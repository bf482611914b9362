//! What channels keep, from where it is replayed, and who is refused.

use mock_sfdc_org::{
    Org,
    clock::Clock,
    streaming::{self, Address, Lost, Refusal},
};

use super::{HOUR, World};

#[test]
fn replay_ids_grow_and_are_not_contiguous() {
    let world = World::new();
    world.topic(&[("Query", "SELECT Id, LastName FROM Lead")]);
    for _ in 0..30 {
        world.lead(&[]);
    }
    let ids = world.replay_ids();
    assert_eq!(ids[0], 1);
    let steps = ids.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>();
    assert!(steps.iter().all(|step| (1..=3).contains(step)), "{steps:?}");
    assert!(steps.contains(&1) && steps.iter().any(|step| *step > 1), "{steps:?}");
}

#[test]
fn replay_begins_where_it_is_asked_to() {
    let world = World::new();
    world.topic(&[("Query", "SELECT Id, LastName FROM Lead")]);
    assert_eq!((world.start(-1), world.start(-2)), (Ok(0), Ok(0)));
    assert!(world.start(1).is_err(), "an id that was never given");
    for _ in 0..4 {
        world.lead(&[]);
    }
    let ids = world.replay_ids();
    let last = ids[3];
    for (replay, expected) in [
        (-1, vec![]),
        (-2, ids.clone()),
        (1, ids[1..].to_vec()),
        (i64::try_from(ids[2]).unwrap(), ids[3..].to_vec()),
        (i64::try_from(last).unwrap(), vec![]),
    ] {
        let position = world.start(replay).unwrap();
        assert_eq!(world.pending("/topic/T", position), Ok(expected), "{replay}");
    }
    for replay in [0, -3, i64::try_from(last).unwrap() + 1] {
        assert_eq!(world.start(replay), Err(Refusal::ReplayId(replay.to_string())));
    }
}

#[test]
fn events_are_kept_for_24_hours_of_the_orgs_clock() {
    let world = World::new();
    world.topic(&[("Query", "SELECT Id, LastName FROM Lead")]);
    world.lead(&[]);
    world.org.clock().advance(HOUR);
    world.lead(&[]);
    let ids = world.replay_ids();
    world.org.clock().advance(23 * HOUR - 1);
    assert_eq!(world.replay_ids(), ids);
    assert_eq!(world.start(1), Ok(1));
    world.org.clock().advance(1);
    assert_eq!(world.replay_ids(), ids[1..]);
    assert_eq!(world.start(1), Err(Refusal::ReplayId("1".to_owned())));
    assert_eq!(world.pending("/topic/T", world.start(-2).unwrap()), Ok(ids[1..].to_vec()));
    // Whoever has had all of it has lost nothing by its going.
    world.org.clock().advance(HOUR);
    assert_eq!(world.pending("/topic/T", ids[1]), Ok(vec![]));
    assert_eq!(world.start(-1), Ok(ids[1]));
}

#[test]
fn a_subscriber_that_a_full_channel_has_left_behind_is_told_so() {
    let world = World::new();
    world.topic(&[("Query", "SELECT Id, LastName FROM Lead")]);
    world.setup(|setup| setup.events_per_channel = 2);
    world.lead(&[]);
    let position = world.start(-1).unwrap();
    world.lead(&[]);
    world.lead(&[]);
    assert_eq!(world.pending("/topic/T", position).unwrap().len(), 2);
    world.lead(&[]);
    assert_eq!(world.pending("/topic/T", position), Err(Lost));
    assert!(world.start(1).is_err());
}

#[test]
fn forks_keep_their_own_events() {
    let world = World::new();
    world.topic(&[("Query", "SELECT Id, LastName FROM Lead")]);
    world.lead(&[]);
    let fork = World { org: Org::new((*world.org.snapshot()).clone(), Clock::fixed(world.now()), 2) };
    fork.lead(&[]);
    assert_eq!((world.kinds().len(), fork.kinds().len()), (1, 2));
}

#[test]
fn a_restoration_begins_a_new_generation() {
    let world = World::new();
    let seed = (*world.org.snapshot()).clone();
    world.org.restore(seed.clone());
    world.org.restore(seed);
    assert_eq!(world.org.snapshot().streams().generation(), 2);
}

#[test]
fn the_events_of_a_day_are_counted_by_the_orgs_clock() {
    let world = World::new();
    world.topic(&[("Query", "SELECT Id, LastName FROM Lead")]);
    let count = |world: &World| world.org.snapshot().streams().events_of_the_day(world.now());
    world.lead(&[]);
    world.org.clock().advance(20 * HOUR);
    world.lead(&[]);
    assert_eq!(count(&world), 2);
    world.org.clock().advance(5 * HOUR);
    assert_eq!(count(&world), 1);
    world.org.clock().advance(48 * HOUR);
    assert_eq!(count(&world), 0);
}

#[test]
fn a_filtered_channel_passes_what_has_its_values() {
    let world = World::new();
    world.topic(&[("Query", "SELECT Id, City, AnnualRevenue, OwnerId FROM Lead")]);
    world.lead(&[("City", "San Francisco (CA)"), ("AnnualRevenue", "1200")]);
    world.lead(&[("City", "Ghent")]);
    let ids = world.replay_ids();
    for (filter, expected) in [
        ("City=Ghent", &ids[1..]),
        ("city=Ghent", &ids[1..]),
        ("City=ghent", &[]),
        ("City=San Francisco (CA)", &ids[..1]),
        ("City=San%20Francisco%20(CA)&AnnualRevenue=1200", &ids[..1]),
        ("City=Ghent&AnnualRevenue=1200.0", &[]),
        ("AnnualRevenue=", &ids[1..]),
        ("OwnerId=0055g0000000001", &ids[..]),
    ] {
        assert_eq!(world.pending(&format!("/topic/T?{filter}"), 0).unwrap(), expected, "{filter}");
    }
    let address = Address::parse("/topic/T?Phone=1&Nonsense=2&City=3").unwrap();
    assert_eq!(
        streaming::may_subscribe(&world.org.snapshot(), &address).unwrap_err().to_string(),
        "400::Query fields Phone, Nonsense do not exist on the topic entity"
    );
}

#[test]
fn channels_that_are_not_there_are_refused_in_their_own_words() {
    let world = World::new();
    world.topic(&[("Query", "SELECT Id, LastName FROM Lead")]);
    for (channel, text) in [
        ("/topic/t", "400::The channel you requested to subscribe to does not exist /topic/t"),
        ("/topic/*", "400::The channel you requested to subscribe to does not exist /topic/*"),
        ("/event/X__e", "400::The channel you requested to subscribe to does not exist /event/X__e"),
        (
            "/event/LoginEventStream",
            "403::mock-sfdc does not emulate Salesforce's own platform events (/event/LoginEventStream); see docs/FIDELITY.md for \
             what it does",
        ),
        (
            "/data/NothingChangeEvent",
            "400::The channel you requested to subscribe to does not exist /data/NothingChangeEvent",
        ),
        ("/data/X__chn", "400::The channel you requested to subscribe to does not exist /data/X__chn"),
        ("/u/all", "404::Unknown channel"),
        (
            "/systemTopic/Logging",
            "403::mock-sfdc does not emulate system topics (/systemTopic/Logging); see docs/FIDELITY.md for what it does",
        ),
        ("/meta/connect", "403::Restricted channel"),
        ("/nonsense", "403:denied_by_security_policy:create_denied"),
    ] {
        let address = Address::parse(channel).unwrap();
        let refusal = streaming::may_subscribe(&world.org.snapshot(), &address).unwrap_err();
        assert_eq!(refusal.to_string(), text);
    }
}
