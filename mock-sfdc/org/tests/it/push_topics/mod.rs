//! Push topics as their subscribers see them: what is told, what is kept, and what a topic may ask for
//! (`contract/streaming.md` sections 3 to 5).

mod asked;
mod kept;
mod told;

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
    streaming::{self, Address, Event, Lost, Place, Refusal, Replay},
    value::DateTime,
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
