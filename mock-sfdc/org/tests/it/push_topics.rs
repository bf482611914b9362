//! Push topics as their subscribers see them: what is told, what is kept, and what a topic may ask for
//! (`contract/streaming.md` sections 3 to 5).

use std::sync::Arc;

use mock_sfdc_org::{
    Org,
    clock::Clock,
    error::Error,
    id::Id,
    save::{DmlOptions, Draft, coerce::Raw},
    schema::Schema,
    settings::Settings,
    state::{State, Transaction},
    streaming::{self, Address, Event, Lost, Place, PushKind, Refusal, Replay},
    value::{DateTime, Value},
    verbs,
};

const HOUR: i64 = 3_600_000;

struct World {
    org: Org,
}

type Fields<'a> = &'a [(&'a str, &'a str)];

impl World {
    fn new() -> Self {
        let state = State::empty(Schema::standard(), Settings::default());
        let clock = Clock::fixed(DateTime::from_millis(1_774_440_000_000));
        Self { org: Org::new(state, clock, 1) }
    }

    fn now(&self) -> DateTime {
        self.org.clock().now()
    }

    fn transact<T, E>(&self, work: impl FnOnce(&mut Transaction) -> Result<T, E>) -> Result<T, E> {
        self.org.transact(Id::from_number(*b"005", *b"5g", 1), work)
    }

    fn create(&self, object: &str, fields: Fields<'_>) -> Result<Id, Vec<Error>> {
        self.transact(|tx| create(tx, object, fields))
    }

    fn update(&self, id: Id, fields: Fields<'_>) {
        self.transact(|tx| update(tx, id, fields)).unwrap();
    }

    fn delete(&self, id: Id) {
        self.transact(|tx| {
            let object = Arc::clone(tx.state().find(id).unwrap().0);
            verbs::delete(tx, &object, id)
        })
        .unwrap();
    }

    fn undelete(&self, id: Id) {
        self.transact(|tx| {
            let object = Arc::clone(tx.state().objects_of(id).next().unwrap());
            verbs::undelete(tx, &object, id)
        })
        .unwrap();
    }

    /// A topic named `T` with these fields beside name and version.
    fn topic(&self, fields: Fields<'_>) -> Id {
        let named = [&[("Name", "T"), ("ApiVersion", "66.0")], fields].concat();
        self.create("PushTopic", &named).unwrap()
    }

    fn lead(&self, fields: Fields<'_>) -> Id {
        self.create("Lead", &[&[("LastName", "Byron"), ("Company", "Engines")], fields].concat()).unwrap()
    }

    fn events(&self) -> Vec<Arc<Event>> {
        let state = self.org.snapshot();
        streaming::published(&state, self.now()).into_iter().map(|(_, event)| event).collect()
    }

    fn kinds(&self) -> Vec<&'static str> {
        self.events().iter().map(|event| event.push().unwrap().kind.as_str()).collect()
    }

    fn replay_ids(&self) -> Vec<u64> {
        self.events().iter().map(|event| event.replay_id).collect()
    }

    fn start(&self, replay: i64) -> Result<u64, Refusal> {
        streaming::first_position(&self.org.snapshot(), "/topic/T", Replay::from_number(replay), self.now())
    }

    fn pending(&self, subscription: &str, position: u64) -> Result<Vec<u64>, Lost> {
        let address = Address::parse(subscription).unwrap();
        let found = streaming::pending(
            &self.org.snapshot(),
            &address,
            Place::behind(position),
            self.now(),
            66,
            1_000,
        )?;
        Ok(found.0.iter().map(|event| event.replay_id).collect())
    }

    fn setup(&self, change: impl FnOnce(&mut streaming::Setup)) {
        self.transact(|tx| {
            change(tx.streams_mut().setup_mut());
            Ok::<_, ()>(())
        })
        .unwrap();
    }
}

fn draft(tx: &Transaction, object: &str, fields: Fields<'_>) -> (Arc<mock_sfdc_org::schema::Object>, Draft) {
    let object = Arc::clone(tx.state().schema().object(object).unwrap());
    let mut draft = Draft::default();
    for (name, value) in fields {
        let raw = match *value {
            "" => Raw::Null,
            "true" => Raw::Bool(true),
            "false" => Raw::Bool(false),
            number if name.ends_with("Version") || *name == "AnnualRevenue" => Raw::Number(number),
            text => Raw::Text(text),
        };
        draft.set(&object, name, raw).unwrap();
    }
    (object, draft)
}

fn create(tx: &mut Transaction, object: &str, fields: Fields<'_>) -> Result<Id, Vec<Error>> {
    let (object, draft) = draft(tx, object, fields);
    verbs::create(tx, &object, draft, &DmlOptions::default())
}

fn update(tx: &mut Transaction, id: Id, fields: Fields<'_>) -> Result<Id, Vec<Error>> {
    let name = tx.state().find(id).unwrap().0.name.clone();
    let (object, draft) = draft(tx, name.as_str(), fields);
    verbs::update(tx, &object, id, draft, &DmlOptions::default())
}

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

#[test]
fn a_topic_asks_only_for_what_topics_may_ask_for() {
    let world = World::new();
    for (query, message) in [
        (
            "SELECT Id, Name FROM Lead WHERE Id IN (SELECT LeadId FROM CampaignMember)",
            "semi/anti join sub-selects are not supported",
        ),
        ("SELECT COUNT() FROM Lead", "Aggregate queries are not supported"),
        ("SELECT COUNT(Id) FROM Lead", "Aggregate queries are not supported"),
        ("SELECT MAX(CreatedDate) d FROM Lead GROUP BY City", "Aggregate queries are not supported"),
        ("SELECT Id, Name FROM Lead LIMIT 10", "'LIMIT' is not allowed"),
        ("SELECT Id, Name Called FROM Lead", "only aggregate expressions use field aliasing"),
        ("SELECT Id, Name FROM Lead OFFSET 10", "'OFFSET' is not allowed"),
        ("SELECT Id, Name FROM Lead ORDER BY Name", "'ORDER BY' clause is not allowed"),
        ("SELECT Id, Owner.Name FROM Lead", "relationships are not supported"),
        ("SELECT Id, Name FROM Lead WHERE Owner.Name = 'Ada'", "relationships are not supported"),
        ("SELECT Id, Name, (SELECT Id FROM Contacts) FROM Account", "relationships are not supported"),
        ("SELECT Id, Name FROM Lead WHERE NOT Name = 'Ada'", "'NOT' is not supported"),
        ("SELECT Id, Name FROM Lead WHERE City = 'x' AND (NOT Name = 'Ada')", "'NOT' is not supported"),
        ("SELECT Name FROM Lead", "Id must be in the SELECT list of a push topic's query"),
        ("SELECT Id, Email FROM User", "Push topics do not support the object User"),
        (
            "SELECT Id FROM Lead",
            "NotifyForFields 'Referenced' needs at least one field other than Id in the SELECT list or the WHERE clause",
        ),
        (
            "SELECT Id, Bacon__c FROM Lead",
            "\nSELECT Id, Bacon__c FROM Lead\n           ^\nERROR at Row:1:Column:12\nNo such column 'Bacon__c' on entity 'Lead'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.",
        ),
        (
            "SELECT Id FROM Nonsense",
            "sObject type 'Nonsense' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.",
        ),
        ("SELEKT", "unexpected token: 'SELEKT'"),
        (
            "SELECT Id, Address FROM Lead",
            "mock-sfdc does not emulate the address field Address in a push topic's SELECT; see docs/FIDELITY.md for what it does",
        ),
        (
            "SELECT Id, Name FROM Lead WHERE Description = 'x'",
            "the textarea field Description can not be filtered on in a push topic's query",
        ),
    ] {
        let fields = [("Name", "T"), ("ApiVersion", "66.0"), ("Query", query)];
        let errors = world.create("PushTopic", &fields).unwrap_err();
        assert_eq!(errors[0].message, message, "{query}");
    }
    assert!(world.org.snapshot().streams().topics().next().is_none());
}

#[test]
fn the_other_fields_of_a_topic_are_checked_too() {
    let world = World::new();
    let query = ("Query", "SELECT Id, Name FROM Lead");
    let topic = world.topic(&[query]);
    let long = "x".repeat(26);
    let duplicate =
        format!("duplicate value found: Name duplicates value on record with id: {}", topic.short());
    for (fields, message) in [
        (
            &[("Name", &*long), ("ApiVersion", "66.0"), query][..],
            &*format!("Topic Name: data value too large: {long} (max length=25)"),
        ),
        (&[("Name", "t"), ("ApiVersion", "66.0"), query], &duplicate),
        (
            &[("Name", "U"), ("ApiVersion", "20.0"), query],
            "API Version: value outside of valid range on numeric field: 20.0",
        ),
        (&[("Name", "U"), query], "Required fields are missing: [ApiVersion]"),
        (
            &[("Name", "U"), ("ApiVersion", "66.0"), query, ("NotifyForFields", "Some")],
            "Notify For Fields: bad value for restricted picklist field: Some",
        ),
        (
            &[("Name", "U"), ("ApiVersion", "66.0"), query, ("NotifyForFields", "Where")],
            "NotifyForFields 'Where' needs at least one field other than Id in the WHERE clause",
        ),
        (
            &[
                ("Name", "U"),
                ("ApiVersion", "66.0"),
                ("Query", "SELECT Id FROM Lead"),
                ("NotifyForFields", "Select"),
            ],
            "NotifyForFields 'Select' needs at least one field other than Id in the SELECT list",
        ),
    ] {
        let errors = world.create("PushTopic", fields).unwrap_err();
        assert_eq!(errors[0].message, message);
    }
    // A topic may be saved again under its own name.
    world.update(topic, &[("Name", "T"), ("Description", "x")]);
}

#[test]
fn an_edition_allows_so_many_topics() {
    let world = World::new();
    let query = ("Query", "SELECT Id, Name FROM Lead");
    for number in 0..40 {
        world
            .create("PushTopic", &[("Name", &*format!("T{number}")), ("ApiVersion", "66.0"), query])
            .unwrap();
    }
    let errors = world.create("PushTopic", &[("Name", "T"), ("ApiVersion", "66.0"), query]).unwrap_err();
    assert_eq!(errors[0].message, "Your organization has reached its limit of 40 push topics");
}

#[test]
fn defaults_are_those_of_the_guide() {
    let world = World::new();
    world.topic(&[("Query", "SELECT Id, Name FROM Lead")]);
    let state = world.org.snapshot();
    let topic = state.streams().topic("/topic/T").unwrap();
    assert!(topic.active);
    assert_eq!(topic.notify_for_fields, streaming::NotifyForFields::Referenced);
    for kind in [PushKind::Created, PushKind::Updated, PushKind::Deleted, PushKind::Undeleted] {
        assert!(topic.tells_of(kind), "{kind:?}");
    }
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
