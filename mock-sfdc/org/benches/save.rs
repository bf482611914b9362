//! What a save and a fork cost, in an org that already holds records.

use std::sync::Arc;

use divan::Bencher;
use mock_sfdc_org::{
    Org,
    clock::Clock,
    error::Error,
    id::Id,
    rules::assignment::AssignmentRule,
    save::{AssignmentRuleChoice, DmlOptions, Draft, coerce::Raw},
    schema::{Object, Schema},
    settings::Settings,
    state::State,
    value::DateTime,
    verbs,
};

fn main() {
    divan::main();
}

struct Bench {
    org: Org,
    lead: Arc<Object>,
    user: Id,
    options: DmlOptions,
}

impl Bench {
    /// An org with so many leads of fourteen filled fields and an active assignment rule that looks at three of them.
    fn with_leads(count: usize) -> Self {
        let clock = Clock::fixed(DateTime::from_millis(1_774_440_000_000));
        let org = Org::new(State::empty(Schema::standard(), Settings::default()), clock, 1);
        let user = Id::from_number(*b"005", *b"5g", 1);
        let lead = Arc::clone(org.snapshot().schema().object("Lead").expect("a standard object"));
        let options = DmlOptions { assignment: AssignmentRuleChoice::Active, ..DmlOptions::default() };
        let bench = Self { org, lead, user, options };
        bench.add_rule();
        bench
            .org
            .transact(user, |tx| (0..count).try_for_each(|number| bench.create(tx, number).map(drop)))
            .expect("leads");
        bench
    }

    fn add_rule(&self) {
        let object =
            Arc::clone(self.org.snapshot().schema().object("AssignmentRule").expect("a standard object"));
        let mut draft = Draft::default();
        for (field, text) in [("Name", "Standard"), ("SobjectType", "Lead"), ("Active", "true")] {
            draft.set(&object, field, Raw::Text(text)).expect("a field of the rule");
        }
        let rule: AssignmentRule = serde_json::from_str(
            r#"{"ruleEntry": [
                {"criteriaItems": [{"field": "Rating", "operation": "equals", "value": "Hot"},
                                   {"field": "Country", "operation": "startsWith", "value": "D,F"}], "assignedTo": {"Queue": "None"}},
                {"criteriaItems": [{"field": "NumberOfEmployees", "operation": "greaterThan", "value": "5000"}]}
            ]}"#,
        )
        .expect("a rule");
        let seeding = DmlOptions { seeding: true, ..DmlOptions::default() };
        self.org
            .transact(self.user, |tx| {
                let id = verbs::create(tx, &object, draft, &seeding)?;
                tx.set_assignment_rule(id, rule).expect("a rule");
                Ok::<_, Vec<Error>>(())
            })
            .expect("a rule");
    }

    fn create(&self, tx: &mut mock_sfdc_org::state::Transaction, number: usize) -> Result<Id, Vec<Error>> {
        let mut draft = Draft::default();
        let (last, email, phone) =
            (format!("Lovelace {number}"), format!("ada{number}@example.com"), format!("555-{number:07}"));
        let employees = (number % 4000).to_string();
        for (field, raw) in [
            ("FirstName", Raw::Text("Ada")),
            ("LastName", Raw::Text(&last)),
            ("Company", Raw::Text("Analytical Engines")),
            ("Email", Raw::Text(&email)),
            ("Phone", Raw::Text(&phone)),
            ("Title", Raw::Text("Countess")),
            ("City", Raw::Text("London")),
            ("Country", Raw::Text("United Kingdom")),
            ("PostalCode", Raw::Text("SW1")),
            ("LeadSource", Raw::Text("Web")),
            ("Industry", Raw::Text("Technology")),
            ("Rating", Raw::Text("Warm")),
            ("AnnualRevenue", Raw::Number("120000")),
            ("NumberOfEmployees", Raw::Number(&employees)),
        ] {
            draft.set(&self.lead, field, raw).expect("a field of a lead");
        }
        verbs::create(tx, &self.lead, draft, &self.options)
    }
}

/// One transaction that creates one lead: the assignment rule is walked, indexes and the log are kept.
#[divan::bench(args = [1_000, 100_000])]
fn create_a_lead(bencher: Bencher<'_, '_>, leads: usize) {
    let bench = Bench::with_leads(leads);
    let mut number = leads;
    bencher.bench_local(|| {
        number += 1;
        bench.org.transact(bench.user, |tx| bench.create(tx, number)).expect("a lead")
    });
}

/// A fork of the whole org, and the first write to it.
#[divan::bench(args = [10_000])]
fn fork_and_first_write(bencher: Bencher<'_, '_>, leads: usize) {
    let bench = Bench::with_leads(leads);
    let state = bench.org.snapshot();
    bencher.bench_local(|| {
        let fork = Org::new(State::clone(&state), Clock::fixed(DateTime::from_millis(1_774_440_000_000)), 1);
        fork.transact(bench.user, |tx| bench.create(tx, leads)).expect("a lead")
    });
}
