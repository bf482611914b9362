//! What holds for every history of an org, whatever happens in it. Histories are random transactions of creates, updates,
//! deletes and undeletes; some transactions fail on purpose.
//!
//! That ids round-trip stands in `mock-sfdc/org/src/id.rs`, that SOQL agrees with a naive evaluator in
//! `mock-sfdc/org`; that events delivered twice change nothing is a scenario of `features/referral-rock/survival.feature`.

use std::collections::BTreeMap;
use std::sync::Arc;

use fake::Fake;
use fake::faker::{company::en::CompanyName, name::en::LastName};
use fake::rand::{SeedableRng, rngs::StdRng};
use mock_sfdc_org::Org;
use mock_sfdc_org::clock::Clock;
use mock_sfdc_org::id::Id;
use mock_sfdc_org::save::coerce::Raw;
use mock_sfdc_org::save::{DmlOptions, Draft};
use mock_sfdc_org::schema::{Object, Schema};
use mock_sfdc_org::settings::Settings;
use mock_sfdc_org::state::{ChangeKind, Shared, State, Transaction};
use mock_sfdc_org::value::DateTime;
use mock_sfdc_org::verbs;
use proptest::prelude::*;

/// One step of a transaction; records are named by their place among those that exist.
#[derive(Debug, Clone)]
enum Step {
    Account { name: String },
    Contact { last_name: String, account: Option<usize> },
    Rename { record: usize, name: String },
    Delete { record: usize },
    Undelete { record: usize },
}

/// Steps that stand or fall together.
#[derive(Debug, Clone)]
struct Work {
    steps: Vec<Step>,
    fails: bool,
}

/// Names as companies have them, with their apostrophes, commas and dashes.
fn company() -> impl Strategy<Value = String> {
    any::<u64>().prop_map(|seed| CompanyName().fake_with_rng(&mut StdRng::seed_from_u64(seed)))
}

fn last_name() -> impl Strategy<Value = String> {
    any::<u64>().prop_map(|seed| LastName().fake_with_rng(&mut StdRng::seed_from_u64(seed)))
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => company().prop_map(|name| Step::Account { name }),
        3 => (last_name(), proptest::option::of(any::<usize>()))
            .prop_map(|(last_name, account)| Step::Contact { last_name, account }),
        3 => (any::<usize>(), last_name()).prop_map(|(record, name)| Step::Rename { record, name }),
        2 => any::<usize>().prop_map(|record| Step::Delete { record }),
        1 => any::<usize>().prop_map(|record| Step::Undelete { record }),
    ]
}

fn history() -> impl Strategy<Value = Vec<Work>> {
    let work = (proptest::collection::vec(step(), 1..6), proptest::bool::weighted(0.25));
    proptest::collection::vec(work.prop_map(|(steps, fails)| Work { steps, fails }), 0..12)
}

fn user() -> Id {
    Id::from_number(*b"005", *b"5g", 1)
}

fn new_org() -> Org {
    let state = State::empty(Schema::standard(), Settings::default());
    let org = Org::new(state, Clock::fixed(DateTime::from_millis(1_772_442_000_000)), 1);
    let seeding = DmlOptions { seeding: true, ..DmlOptions::default() };
    let made = org.transact(user(), |tx| {
        let licence =
            [("Name", "Salesforce"), ("LicenseDefinitionKey", "SFDC"), ("MasterLabel", "Salesforce")];
        let licence = create(tx, "UserLicense", &licence, &seeding)?.to_string();
        let profile = [("Name", "System Administrator"), ("UserLicenseId", &licence)];
        let profile = create(tx, "Profile", &profile, &seeding)?.to_string();
        let person = [
            ("Username", "admin@demo.example"),
            ("LastName", "Admin"),
            ("Email", "admin@demo.example"),
            ("Alias", "admin"),
            ("CommunityNickname", "admin"),
            ("TimeZoneSidKey", "GMT"),
            ("LocaleSidKey", "en_US"),
            ("EmailEncodingKey", "UTF-8"),
            ("LanguageLocaleKey", "en_US"),
            ("ProfileId", &profile),
        ];
        create(tx, "User", &person, &seeding)
    });
    assert_eq!(made.unwrap_or_else(|errors| panic!("{errors:?}")), user(), "the first user has the first id");
    org
}

fn object(tx: &Transaction, name: &str) -> Arc<Object> {
    Arc::clone(tx.state().schema().object(name).unwrap_or_else(|| panic!("{name} is a standard object")))
}

fn draft(object: &Object, row: &[(&str, &str)]) -> Draft {
    let mut draft = Draft::default();
    for (field, text) in row {
        draft.set(object, field, Raw::Text(text)).unwrap_or_else(|error| panic!("{field}: {error:?}"));
    }
    draft
}

fn create(
    tx: &mut Transaction,
    name: &str,
    row: &[(&str, &str)],
    options: &DmlOptions,
) -> Result<Id, verbs::Errors> {
    let object = object(tx, name);
    let draft = draft(&object, row);
    verbs::create(tx, &object, draft, options)
}

/// Live records of the two objects, in order of their ids.
fn live(state: &State) -> Vec<(Arc<Object>, Id)> {
    let of = |name: &str| {
        let object = Arc::clone(state.schema().object(name).expect("a standard object"));
        let ids: Vec<Id> = state.table(object.index).rows().map(Shared::id).collect();
        ids.into_iter().map(move |id| (Arc::clone(&object), id))
    };
    of("Account").chain(of("Contact")).collect()
}

fn binned(state: &State) -> Vec<(Arc<Object>, Id)> {
    let of = |name: &str| {
        let object = Arc::clone(state.schema().object(name).expect("a standard object"));
        let ids: Vec<Id> = state.table(object.index).bin().map(|row| row.record.id()).collect();
        ids.into_iter().map(move |id| (Arc::clone(&object), id))
    };
    of("Account").chain(of("Contact")).collect()
}

fn pick<T: Clone>(from: &[T], place: usize) -> Option<T> {
    (!from.is_empty()).then(|| from[place % from.len()].clone())
}

fn take_step(tx: &mut Transaction, step: &Step) -> Result<(), verbs::Errors> {
    let options = DmlOptions::default();
    match step {
        Step::Account { name } => create(tx, "Account", &[("Name", name)], &options).map(|_| ()),
        Step::Contact { last_name, account } => {
            let accounts: Vec<_> =
                live(tx.state()).into_iter().filter(|(object, _)| object.name.is("Account")).collect();
            let parent = account.and_then(|place| pick(&accounts, place)).map(|(_, id)| id.to_string());
            let mut row = vec![("LastName", last_name.as_str())];
            row.extend(parent.as_deref().map(|id| ("AccountId", id)));
            create(tx, "Contact", &row, &options).map(|_| ())
        }
        Step::Rename { record, name } => {
            let Some((object, id)) = pick(&live(tx.state()), *record) else { return Ok(()) };
            let field = if object.name.is("Account") { "Name" } else { "LastName" };
            let draft = draft(&object, &[(field, name)]);
            verbs::update(tx, &object, id, draft, &options).map(|_| ())
        }
        Step::Delete { record } => {
            let Some((object, id)) = pick(&live(tx.state()), *record) else { return Ok(()) };
            verbs::delete(tx, &object, id)
        }
        Step::Undelete { record } => {
            let Some((object, id)) = pick(&binned(tx.state()), *record) else { return Ok(()) };
            verbs::undelete(tx, &object, id)
        }
    }
}

/// Carries a history out. A transaction that was to fail, or met an error, leaves nothing behind.
fn live_through(org: &Org, history: &[Work]) {
    for work in history {
        org.clock().advance(1_000);
        let _ = org.transact(user(), |tx| {
            work.steps.iter().try_for_each(|step| take_step(tx, step))?;
            if work.fails { Err(verbs::Errors::new()) } else { Ok(()) }
        });
    }
}

/// All live records of all objects.
fn contents(state: &State) -> BTreeMap<Id, Shared> {
    let objects = state.schema().objects();
    objects.flat_map(|object| state.table(object.index).rows()).map(|row| (row.id(), row.clone())).collect()
}

/// What the log says is there, from an empty org on.
fn folded(state: &State) -> BTreeMap<Id, Shared> {
    let mut records = BTreeMap::new();
    for change in state.log().since(0) {
        match (change.kind, &change.after) {
            (ChangeKind::Created | ChangeKind::Updated | ChangeKind::Undeleted, Some(after)) => {
                records.insert(change.id, after.clone());
            }
            _ => {
                records.remove(&change.id);
            }
        }
    }
    records
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn folding_the_change_log_gives_the_state(history in history()) {
        let org = new_org();
        live_through(&org, &history);
        let state = org.snapshot();
        prop_assert_eq!(folded(&state), contents(&state));
    }

    #[test]
    fn a_failed_transaction_changes_nothing(history in history(), steps in proptest::collection::vec(step(), 0..6)) {
        let org = new_org();
        live_through(&org, &history);
        let before = org.snapshot();
        live_through(&org, &[Work { steps, fails: true }]);
        let after = org.snapshot();
        prop_assert_eq!(contents(&before), contents(&after));
        let ids = |state: &State| binned(state).into_iter().map(|(_, id)| id).collect::<Vec<_>>();
        prop_assert_eq!(ids(&before), ids(&after));
        prop_assert_eq!(before.log().next_seq(), after.log().next_seq());
    }

    #[test]
    fn forks_are_independent_and_equal_histories_make_equal_orgs(past in history(), future in history()) {
        let org = new_org();
        live_through(&org, &past);
        let before = org.snapshot();
        let fork = || Org::new((*before).clone(), Clock::fixed(org.clock().now()), 2);
        let (one, two) = (fork(), fork());
        live_through(&one, &future);
        prop_assert_eq!(contents(&before), contents(&org.snapshot()), "the original does not see what a fork does");
        prop_assert_eq!(contents(&before), contents(&two.snapshot()), "nor does another fork");
        live_through(&two, &future);
        prop_assert_eq!(contents(&one.snapshot()), contents(&two.snapshot()));
    }
}
