//! Our side: an org whose leads were created one by one, each in a transaction of its own, past an active assignment rule
//! and a push topic that tells of every one of them.

use std::sync::Arc;

use mock_sfdc_org::{
    Org,
    clock::Clock,
    error::Error,
    id::Id,
    rules::assignment::AssignmentRule,
    save::{AssignmentRuleChoice, DmlOptions, Draft, coerce::Raw},
    schema::{Object, Schema},
    settings::Settings,
    soql::{self, BindOptions, Cell, Prepared, RunContext},
    state::{Edit, State, Transaction},
    streaming::Allocations,
    value::DateTime,
    verbs,
};

use crate::leads::{self, Answer, Lead};

/// One external id, as a customer adds it.
const PACKAGE: &str = r#"{"package": "yardstick", "objects": {"Lead": {"fields": {
    "Ref__c": {"type": "string", "label": "Reference", "length": 40, "externalId": true}}}}}"#;

/// Three criteria, two of them of one entry; no lead meets one.
const RULE: &str = r#"{"ruleEntry": [
    {"criteriaItems": [{"field": "Rating", "operation": "equals", "value": "Hot"},
                       {"field": "Country", "operation": "startsWith", "value": "X,Y"}], "assignedTo": {"Queue": "None"}},
    {"criteriaItems": [{"field": "NumberOfEmployees", "operation": "greaterThan", "value": "5000"}]}]}"#;

/// It tells of every lead.
const TOPIC: &str = "SELECT Id, Name, Email, Company, Status FROM Lead WHERE IsConverted = false";

/// An org to be measured.
#[derive(Debug)]
pub struct Ours {
    pub org: Org,
    lead: Arc<Object>,
    user: Id,
    options: DmlOptions,
}

impl Ours {
    /// An org with rule, topic and owners, and no lead.
    ///
    /// # Panics
    /// When the org refuses what is written here.
    #[must_use]
    pub fn new() -> Self {
        let schema = Schema::standard().load_package("yardstick.json", PACKAGE).expect("a package");
        let clock = Clock::fixed(DateTime::from_millis(leads::BEGIN));
        let ours = Self::over(Org::new(State::empty(schema, Settings::default()), clock, 1));
        let made = ours.org.transact(ours.user, |tx| {
            put_owners(tx);
            put_rule(tx)
        });
        made.expect("owners and a rule");
        ours.put_topics(&[TOPIC.to_owned()]);
        ours
    }

    fn over(org: Org) -> Self {
        let lead = Arc::clone(org.snapshot().schema().object("Lead").expect("a standard object"));
        let options = DmlOptions { assignment: AssignmentRuleChoice::Active, ..DmlOptions::default() };
        Self { org, lead, user: leads::owner(1), options }
    }

    #[must_use]
    pub fn with_leads(count: u64) -> Self {
        let ours = Self::new();
        (1..=count).for_each(|number| ours.create(number));
        ours
    }

    /// Another org that begins where this one is.
    #[must_use]
    pub fn fork(&self) -> Self {
        self.fork_of(&self.org.snapshot())
    }

    /// Another org that begins with a state of this one.
    #[must_use]
    pub fn fork_of(&self, state: &State) -> Self {
        let clock = Clock::fixed(self.org.clock().now());
        Self {
            org: Org::new(state.clone(), clock, 1),
            lead: Arc::clone(&self.lead),
            user: self.user,
            options: self.options.clone(),
        }
    }

    /// As many topics as there are queries, whatever the edition allows.
    ///
    /// # Panics
    /// When one is refused.
    pub fn put_topics(&self, queries: &[String]) {
        let many = Allocations { push_topics: u32::MAX, ..Allocations::of(Settings::default().edition) };
        self.org
            .transact(self.user, |tx| {
                tx.streams_mut().setup_mut().allocations = Some(many);
                let known = tx.state().streams().topics().count();
                for (at, query) in queries.iter().enumerate() {
                    let name = format!("T{}", known + at);
                    let fields = [("Name", name.as_str()), ("ApiVersion", "66.0"), ("Query", query)];
                    create(tx, "PushTopic", &fields, &DmlOptions::default())?;
                }
                Ok::<_, Vec<Error>>(())
            })
            .expect("topics");
    }

    /// Creates a lead as a face does: fourteen fields by name and an owner, one transaction, a second after the last one.
    ///
    /// # Panics
    /// When the org refuses it.
    pub fn create(&self, number: u64) {
        self.create_from(&Lead::number(number));
    }

    /// The same with a lead that is made already, so that only the org is timed.
    ///
    /// # Panics
    /// When the org refuses it.
    pub fn create_from(&self, lead: &Lead) {
        self.org.clock().advance(1_000);
        let (revenue, employees) = (lead.annual_revenue.to_string(), lead.number_of_employees.to_string());
        let owner = lead.owner.long();
        let mut draft = Draft::default();
        for (field, raw) in [
            ("FirstName", Raw::Text(lead.first_name)),
            ("LastName", Raw::Text(&lead.last_name)),
            ("Company", Raw::Text(&lead.company)),
            ("Title", Raw::Text(lead.title)),
            ("Phone", Raw::Text(&lead.phone)),
            ("Email", Raw::Text(&lead.email)),
            ("City", Raw::Text(&lead.city)),
            ("Country", Raw::Text(lead.country)),
            ("LeadSource", Raw::Text(lead.lead_source)),
            ("Industry", Raw::Text(lead.industry)),
            ("Rating", Raw::Text(lead.rating)),
            ("AnnualRevenue", Raw::Number(&revenue)),
            ("NumberOfEmployees", Raw::Number(&employees)),
            ("Ref__c", Raw::Text(&lead.external_id)),
            ("OwnerId", Raw::Text(std::str::from_utf8(&owner).unwrap_or_default())),
        ] {
            draft.set(&self.lead, field, raw).expect("a field of a lead");
        }
        self.org
            .transact(self.user, |tx| verbs::create(tx, &self.lead, draft, &self.options))
            .expect("a lead");
    }

    /// # Panics
    /// When the query is wrong.
    #[must_use]
    pub fn prepared(&self, query: &str) -> Prepared {
        soql::prepare(query, self.org.snapshot().schema(), &BindOptions::default()).expect(query)
    }

    /// Runs a query and reads each cell where it lies.
    ///
    /// # Panics
    /// When the query fails.
    #[must_use]
    pub fn run(&self, query: &Prepared) -> Answer {
        let context = RunContext::new(self.user, self.org.clock().now().millis());
        let set = soql::run(query, &self.org.snapshot(), &context).expect("rows");
        let bytes = set
            .rows()
            .flat_map(soql::Row::cells)
            .map(|(_, cell)| match cell {
                Cell::Value(value, _) => value.as_text().map_or(0, str::len),
                Cell::Id(id) => id.long().len(),
                Cell::Text(text) => text.len(),
                _ => 0,
            })
            .sum();
        Answer { rows: set.len(), bytes }
    }
}

fn put_owners(tx: &mut Transaction) {
    let user = Arc::clone(tx.state().schema().object("User").expect("a standard object"));
    let at = |name: &str| user.field(name).expect("a field of a user").0;
    let (name, active) = (at("Username"), at("IsActive"));
    for number in 1..=leads::OWNERS {
        let mut edit = Edit::new(Id::from_number(*b"005", *b"5g", number), user.fields.len());
        edit.set(name, format!("user{number}@example.com").as_str());
        edit.set(active, true);
        tx.put_unchecked(&user, &edit);
    }
}

fn put_rule(tx: &mut Transaction) -> Result<(), Vec<Error>> {
    let rule: AssignmentRule = serde_json::from_str(RULE).expect("a rule");
    let fields = [("Name", "Standard"), ("SobjectType", "Lead"), ("Active", "true")];
    let seeding = DmlOptions { seeding: true, ..DmlOptions::default() };
    let id = create(tx, "AssignmentRule", &fields, &seeding)?;
    tx.set_assignment_rule(id, rule).expect("a rule");
    Ok(())
}

fn create(
    tx: &mut Transaction,
    object: &str,
    fields: &[(&str, &str)],
    options: &DmlOptions,
) -> Result<Id, Vec<Error>> {
    let object = Arc::clone(tx.state().schema().object(object).expect("a standard object"));
    let mut draft = Draft::default();
    for (field, text) in fields {
        draft.set(&object, field, Raw::Text(text)).expect("a field");
    }
    verbs::create(tx, &object, draft, options)
}

impl Default for Ours {
    fn default() -> Self {
        Self::new()
    }
}
