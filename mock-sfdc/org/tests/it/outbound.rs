//! The queue of outbound messages: what goes together, when it is tried again, and when it is given up.

use mock_sfdc_org::{
    id::Id,
    outbound::{DeliveryState, Outbound},
    value::DateTime,
};
use serde_json::json;

use crate::world::{NOON, World};

/// An org whose new leads send one message, or two.
fn world(messages: &[&str]) -> World {
    let of = |name: &&str| json!({"fullName": name, "apiVersion": 60.0, "endpointUrl": "http://127.0.0.1:1/", "fields": ["Id"]});
    let action = |name: &&str| json!({"name": name, "type": "OutboundMessage"});
    let fixture = json!({"workflows": {"Lead": {
        "outboundMessages": messages.iter().map(of).collect::<Vec<_>>(),
        "rules": [{"fullName": "R", "active": true, "triggerType": "onCreateOnly",
                   "actions": messages.iter().map(action).collect::<Vec<_>>()}],
    }}});
    World::new(&fixture.to_string())
}

impl World {
    fn lead(&self) -> Id {
        self.create("Lead", &[("LastName", "A"), ("Company", "B")]).unwrap()
    }

    /// Tries what is due; how many messages that were.
    fn try_all(&self, outcome: &Result<(), String>) -> usize {
        let now = self.org.clock().now();
        let due = self.org.snapshot().outbound().due(now, false);
        for batch in &due {
            let ids = batch.iter().map(|one| one.id);
            let told = |outbound: &mut Outbound| outbound.attempted(ids, now, outcome);
            self.org
                .transact(self.admin, |tx| {
                    told(tx.outbound_mut());
                    Ok::<_, ()>(())
                })
                .unwrap();
        }
        due.len()
    }

    fn states(&self) -> Vec<DeliveryState> {
        self.org.snapshot().outbound().notifications().map(|one| one.state).collect()
    }
}

fn nack() -> Result<(), String> {
    Err("SOAP response was a nack".to_owned())
}

#[test]
fn at_most_a_hundred_notifications_of_one_action_go_together() {
    let world = world(&["One", "Other"]);
    let leads = (0..101).map(|_| world.lead()).collect::<Vec<_>>();
    let due = world.org.snapshot().outbound().due(NOON, false);
    assert_eq!(due.iter().map(Vec::len).collect::<Vec<_>>(), [100, 100, 1, 1]);
    for batch in &due {
        assert!(batch.iter().all(|one| one.message == batch[0].message), "one action in a message");
    }
    let of_one = due.iter().filter(|batch| batch[0].message == due[0][0].message).flatten();
    assert_eq!(of_one.map(|one| one.record).collect::<Vec<_>>(), leads, "in the order of the events");
}

#[test]
fn pauses_double_up_to_two_hours_and_after_a_day_it_is_dead() {
    let world = world(&["News"]);
    world.lead();
    let mut pauses = Vec::new();
    while world.states() == [DeliveryState::Pending] {
        let now = world.org.clock().now();
        assert_eq!(world.try_all(&nack()), 1);
        if let Some(next) = world.org.snapshot().outbound().next_attempt() {
            let pause = next.millis() - now.millis();
            pauses.push(pause / 1_000);
            world.org.clock().advance(pause - 1);
            assert_eq!(world.try_all(&Ok(())), 0, "a millisecond too early");
            world.org.clock().advance(1);
        }
    }
    assert_eq!(pauses[..10], [30, 60, 120, 240, 480, 960, 1920, 3840, 7200, 7200]);
    let spent = pauses.iter().sum::<i64>();
    assert!((22 * 3_600..=24 * 3_600).contains(&spent), "{spent} seconds");
    assert_eq!(world.states(), [DeliveryState::Dead]);
    let later = DateTime::from_millis(NOON.millis() + 7 * 24 * 3_600_000);
    assert!(world.org.snapshot().outbound().due(later, true).is_empty(), "the dead are not tried again");
}

#[test]
fn an_attempt_later_than_a_day_is_the_last() {
    for (outcome, state) in [(nack(), DeliveryState::Dead), (Ok(()), DeliveryState::Delivered)] {
        let world = world(&["News"]);
        world.lead();
        world.org.clock().advance(25 * 3_600_000);
        assert_eq!(world.try_all(&outcome), 1);
        assert_eq!(world.states(), [state]);
    }
}

#[test]
fn an_ack_after_a_nack_ends_it() {
    let world = world(&["News"]);
    world.lead();
    world.try_all(&nack());
    world.org.clock().advance(30_000);
    world.try_all(&Ok(()));
    let state = world.org.snapshot();
    let one = state.outbound().notifications().next().unwrap();
    let errors = one.attempts.iter().map(|attempt| attempt.error.clone()).collect::<Vec<_>>();
    assert_eq!((one.state, errors), (DeliveryState::Delivered, vec![nack().err(), None]));
    assert_eq!(state.outbound().next_attempt(), None);
}
