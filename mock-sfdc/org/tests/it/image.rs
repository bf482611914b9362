//! Images: what is written down is what comes back, and deltas add up to the whole.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use mock_sfdc_org::{
    Org,
    access::{NewSession, SessionKind, open_session},
    clock::Clock,
    id::Id,
    image::{Kind, Loader, Piece, delta, export, import, pieces},
    save::{AssignmentRuleChoice, DmlOptions, Draft, coerce::Raw},
    seed,
    state::State,
    value::DateTime,
    verbs,
};
use proptest::prelude::*;
use serde_json::json;

const NOON: DateTime = DateTime::from_millis(1_774_440_000_123);

fn fixture() -> State {
    static FIXTURE: LazyLock<State> = LazyLock::new(planted);
    FIXTURE.clone()
}

fn planted() -> State {
    let json = json!({
        "packages": [{"objects": {
            "Invoice__c": {
                "label": "Invoice",
                "nameField": {"displayFormat": "INV-{0000}"},
                "fields": {
                    "Account__c": {"type": "reference", "referenceTo": ["Account"], "relationshipOrder": 0, "childRelationship": "Invoices__r"},
                    "Amount__c": {"type": "currency", "precision": 18, "scale": 2},
                    "Paid__c": {"type": "boolean"},
                    "At__c": "time"
                }
            },
            "Note__e": {"fields": {"Text__c": {"type": "string", "length": 40}}},
            "Boat__c": {"fields": {"Sail__c": {"type": "string", "length": 9}}},
            "Lead": {"fields": {"Region__c": {"type": "picklist", "picklistValues": ["North", "South"]}}}
        }}],
        "organization": {"features": ["AccountTeams", "OpportunityTeams"]},
        "sharing": {"Lead": "Private", "Contact": "Private", "Boat__c": "Private"},
        "permissionSets": [{"name": "All", "objectPermissions": [{"object": "Boat__c", "allowRead": true, "viewAllRecords": true}]}],
        "permissionSetGroups": [{"name": "Crew", "permissionSets": ["All"]}],
        "licences": {"Salesforce Platform": ["Campaign"]},
        "profiles": [{"name": "Desk", "hidesFields": true, "loginHours": {"mondayStart": 480, "mondayEnd": 1020}}],
        "queues": [{"name": "Inbound", "developerName": "Inbound", "objects": ["Lead"]}],
        "assignmentRules": [{"name": "All", "object": "Lead", "active": true, "ruleEntry": [{"assignedTo": {"Queue": "Inbound"}}]}],
        "standardDuplicateRules": ["Contact"],
        "changeDataCapture": ["Lead", "Invoice__c"],
        "connectedApps": [{"name": "Sync", "clientId": "client", "clientSecret": "secret", "callbackUrls": ["http://127.0.0.1/x"]}],
        "records": {"PushTopic": [{"Name": "Leads", "Query": "SELECT Id, Name FROM Lead", "ApiVersion": 66}]}
    });
    seed::load("image.json", &json.to_string(), NOON, &|_| None).unwrap()
}

type Store = BTreeMap<(Kind, String), String>;

fn keep(store: &mut Store, pieces: Vec<Piece>) {
    for Piece { kind, key, json } in pieces {
        match json {
            Some(json) => drop(store.insert((kind, key), json)),
            None => drop(store.remove(&(kind, key))),
        }
    }
}

fn whole(state: &State) -> Store {
    let mut store = Store::new();
    keep(&mut store, pieces(state));
    store
}

fn load(store: &Store) -> State {
    let mut loader = Loader::default();
    for ((kind, key), json) in store {
        loader.add(*kind, key.clone(), json.clone());
    }
    loader.finish().unwrap()
}

/// All that a client could tell apart. A restart shows in one place: sessions of streaming know another server.
fn visible(state: &State) -> Store {
    let mut store = whole(state);
    store.remove(&(Kind::Part, "streams".to_owned()));
    store
}

#[derive(Debug, Clone)]
enum Step {
    Lead { name: String, region: bool },
    Invoice(u32),
    Change { which: usize, name: String },
    Delete(usize),
    Undelete(usize),
    Publish(String),
    Refused,
    Login,
    Hours(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => ("[A-Za-zäß ]{1,12}", any::<bool>()).prop_map(|(name, region)| Step::Lead { name: format!("x{name}"), region }),
        2 => (0..100_000_u32).prop_map(Step::Invoice),
        2 => (any::<usize>(), "[a-z]{1,30}").prop_map(|(which, name)| Step::Change { which, name }),
        2 => any::<usize>().prop_map(Step::Delete),
        1 => any::<usize>().prop_map(Step::Undelete),
        1 => "[a-z]{1,30}".prop_map(Step::Publish),
        1 => Just(Step::Refused),
        1 => Just(Step::Login),
        1 => (1..30_u8).prop_map(Step::Hours),
    ]
}

struct Life {
    org: Org,
    admin: Id,
    leads: Vec<Id>,
}

impl Life {
    fn new(state: State) -> Self {
        let admin = seed::administrator(state.settings());
        Self { org: Org::new(state, Clock::fixed(NOON), 7), admin, leads: Vec::new() }
    }

    fn create(&self, object: &str, values: &[(&str, Raw<'_>)]) -> Option<Id> {
        let object = Arc::clone(self.org.snapshot().schema().object(object).unwrap());
        let mut draft = Draft::default();
        for (field, raw) in values {
            draft.set(&object, field, *raw).unwrap();
        }
        let options = DmlOptions {
            assignment: AssignmentRuleChoice::Active,
            mail_owner: true,
            ..DmlOptions::default()
        };
        self.org.transact(self.admin, |tx| verbs::create(tx, &object, draft, &options)).ok()
    }

    fn lead(&self, which: usize) -> Option<Id> {
        (!self.leads.is_empty()).then(|| self.leads[which % self.leads.len()])
    }

    fn take(&mut self, step: &Step) {
        let lead = Arc::clone(self.org.snapshot().schema().object("Lead").unwrap());
        match step {
            Step::Lead { name, region } => {
                let region = if *region { Raw::Text("North") } else { Raw::Null };
                let values =
                    [("LastName", Raw::Text(name)), ("Company", Raw::Text("Acme")), ("Region__c", region)];
                self.leads.extend(self.create("Lead", &values));
            }
            Step::Invoice(amount) => {
                let account = self.create("Account", &[("Name", Raw::Text("Acme"))]).unwrap().to_string();
                let amount = format!("{}.{:02}", amount / 100, amount % 100);
                let values = [
                    ("Account__c", Raw::Text(account.as_str())),
                    ("Amount__c", Raw::Number(amount.as_str())),
                    ("Paid__c", Raw::Bool(true)),
                    ("At__c", Raw::Text("10:20:30.000Z")),
                ];
                self.create("Invoice__c", &values).unwrap();
            }
            Step::Change { which, name } => {
                let Some(id) = self.lead(*which) else { return };
                let mut draft = Draft::default();
                draft.set(&lead, "FirstName", Raw::Text(name)).unwrap();
                let _ = self
                    .org
                    .transact(self.admin, |tx| verbs::update(tx, &lead, id, draft, &DmlOptions::default()));
            }
            Step::Delete(which) => {
                let Some(id) = self.lead(*which) else { return };
                let _ = self.org.transact(self.admin, |tx| verbs::delete(tx, &lead, id));
            }
            Step::Undelete(which) => {
                let Some(id) = self.lead(*which) else { return };
                let _ = self.org.transact(self.admin, |tx| verbs::undelete(tx, &lead, id));
            }
            Step::Publish(text) => drop(self.create("Note__e", &[("Text__c", Raw::Text(text))])),
            Step::Refused => assert_eq!(self.create("Lead", &[("Company", Raw::Text("x"))]), None),
            Step::Login => {
                let new = NewSession::of(self.admin, SessionKind::OAuth);
                let opened =
                    self.org.transact(self.admin, |tx| Ok::<_, ()>(open_session(tx, self.org.random(), new)));
                assert!(opened.unwrap().starts_with("00D"));
            }
            Step::Hours(hours) => self.org.clock().advance(i64::from(*hours) * 3_600_000),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn deltas_add_up_and_come_back(steps in proptest::collection::vec(step(), 1..25)) {
        let mut life = Life::new(fixture());
        let mut store = whole(&life.org.snapshot());
        for step in &steps {
            let before = life.org.snapshot();
            life.take(step);
            let after = life.org.snapshot();
            let changes = after.log().since(before.log().next_seq()).cloned().collect::<Vec<_>>();
            // A step may be two transactions; their changes together lead from one state to the other as well.
            keep(&mut store, delta(&before, &after, &changes));
        }
        let end = life.org.snapshot();
        prop_assert_eq!(&store, &whole(&end));
        let back = load(&store);
        prop_assert_eq!(visible(&back), visible(&end));
        // The same by one file.
        let text = export(&end, life.org.clock().setting()).unwrap();
        let imported = import(&text, Loader::default()).unwrap();
        prop_assert_eq!(visible(&imported.state), visible(&end));
        prop_assert_eq!(imported.clock, life.org.clock().setting());
        // Life goes on: numbers do not begin anew.
        let again = Life::new(back);
        let id = again.create("Lead", &[("LastName", Raw::Text("Last")), ("Company", Raw::Text("Acme"))]).unwrap();
        prop_assert!(!life.leads.contains(&id));
        let (mine, theirs) = (end.streams().channel("/topic/Leads"), again.org.snapshot());
        let last = theirs.streams().channel("/topic/Leads").unwrap().last();
        prop_assert!(last > mine.map_or(0, |channel| channel.last()));
    }
}

#[test]
fn what_features_and_sharing_made_of_the_schema_comes_back() {
    let state = load(&whole(&fixture()));
    let schema = state.schema();
    assert!(schema.object("ContactShare").is_some_and(|shares| shares.createable));
    assert!(schema.object("Boat__Share").is_some_and(|shares| shares.field("AccessLevel").is_some()));
    assert!(schema.object("OpportunityTeamMember").is_some());
    let rights = schema.object("ObjectPermissions").unwrap();
    let (parent, _) = rights.field("ParentId").unwrap();
    let sets = schema.object("PermissionSet").unwrap();
    let (group, _) = sets.field("PermissionSetGroupId").unwrap();
    let of_group = state.table(sets.index).rows().find(|set| !set.get(group).is_null()).unwrap();
    assert_eq!(state.lookup(rights, parent, &of_group.id().into()).len(), 1);
}

#[test]
fn a_broken_piece_is_named() {
    let mut store = whole(&fixture());
    let key =
        store.keys().find(|(kind, key)| *kind == Kind::Row && key.starts_with("User/")).unwrap().clone();
    let text = store[&key].replace("Username", "Usrname");
    store.insert(key.clone(), text);
    let mut loader = Loader::default();
    for ((kind, key), json) in store {
        loader.add(kind, key, json);
    }
    let error = loader.finish().unwrap_err().to_string();
    assert_eq!(error, format!("row {:?}: User has no field Usrname", key.1));
}

#[test]
fn a_file_that_is_no_export_says_what_is_wrong_with_it() {
    let text = export(&fixture(), Clock::fixed(NOON).setting()).unwrap();
    let lines = text.lines().collect::<Vec<_>>();
    let with = |at: usize, line: &str| {
        let mut lines = lines.clone();
        lines[at] = line;
        lines.join("\n")
    };
    let cut = lines[..lines.len() - 3].join("\n");
    let pieces = lines.len() - 1;
    for (text, said) in [
        (String::new(), "this is no export of mock-sfdc: its first line is not".to_owned()),
        ("{\"organization\": {}}".to_owned(), "this is no export of mock-sfdc".to_owned()),
        (
            lines[0].replace("\"mockSfdcImage\":2", "\"mockSfdcImage\":7"),
            "the export has format 7; this mock-sfdc reads format 2".to_owned(),
        ),
        (with(4, "[\"row\",\"Lead"), "line 5: a piece [kind, key, value] was expected: ".to_owned()),
        (
            with(4, "[\"rows\",\"Lead/1\",{}]"),
            "line 5: \"rows\" is no kind of piece; there are part object".to_owned(),
        ),
        (cut, format!("the export is not whole: it has {} of {pieces} pieces", pieces - 3)),
        (
            with(4, "[\"row\",\"Lede/00Q5g00000000001EAA\",{}]"),
            "row \"Lede/00Q5g00000000001EAA\": there is no object Lede".to_owned(),
        ),
    ] {
        let problem = import(&text, Loader::default()).unwrap_err().to_string();
        assert!(problem.starts_with(&said), "{problem}");
    }
}
