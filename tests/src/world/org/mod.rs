//! The org of one scenario: an in-process mock on a port of its own, with the shared seed in it, and its administrator.
//!
//! What users of an org do goes over the wire ([`Salesforce`]). What its administrator sets up by hand on pages that no
//! API shows (assignment rules, queues, the edition) is planted here; so is what goes wrong on purpose.

mod assignment;
mod story;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use mock_sfdc::faults::{Effect, Fault as MockFault};
use mock_sfdc::which::Which;
use mock_sfdc::{MockSfdc, fixtures};
use mock_sfdc_org::access::permissions::{Holder, own_profile};
use mock_sfdc_org::access::{ConnectedApp, expire_all};
use mock_sfdc_org::clock::Clock;
use mock_sfdc_org::id::Id;
use mock_sfdc_org::rules::assignment::AssignmentRule;
use mock_sfdc_org::save::coerce::Raw;
use mock_sfdc_org::save::{DmlOptions, Draft};
use mock_sfdc_org::settings::Edition;
use mock_sfdc_org::state::{Record, State, Transaction};
use mock_sfdc_org::verbs;

pub use self::assignment::{Entry, Rule};
use super::http;
use super::salesforce::Salesforce;
use crate::failure::{Failure, Outcome};
use crate::story::Line;

/// Where every scenario begins.
const SEED: &str = "fixtures/orgs/scenarios.json";
const USERNAME: &str = "admin@scenario.example";
const PASSWORD: &str = "scenario-password";
const SECURITY_TOKEN: &str = "scenarioToken";
const CLIENT_ID: &str = "scenario-engine";
const CLIENT_SECRET: &str = "scenario-engine-secret";

/// What is to go wrong once.
#[derive(Debug, Clone, Copy)]
pub enum Fault<'a> {
    /// An error in Salesforce's dialect, by its code.
    Error(&'a str),
    /// The work is done and the answer is lost.
    AnswerLost,
    /// The request is lost before any work is done.
    RequestLost,
}

/// How far one subscription of the engine has come.
#[derive(Debug, Clone)]
pub struct Told {
    pub channel: String,
    /// The replay id of the last event that was handed to it; 0 before the first one.
    pub delivered: u64,
    /// There are events that it has not been handed yet.
    pub waiting: bool,
    /// The session waits at the org for more; sessions that were given up do not.
    pub held: bool,
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let waiting = if self.waiting { ", more are waiting" } else { "" };
        write!(f, "{}: handed out up to event {}{waiting}", self.channel, self.delivered)
    }
}

/// The engine as the org knows it.
#[derive(Debug, Clone)]
pub struct App {
    pub client_id: String,
    pub client_secret: String,
}

/// The org and who administers it.
#[derive(Debug)]
pub struct OrgUnderTest {
    pub clock: Clock,
    pub admin: Salesforce,
    server: MockSfdc,
    user: Id,
    /// The newest request and the newest change that the story has told.
    told_request: u64,
    told_change: u64,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The seed is read once; each scenario gets a fork of it, which costs next to nothing.
fn seeded() -> Result<State, Failure> {
    static STATE: OnceLock<Result<State, String>> = OnceLock::new();
    let read = || fixtures::from_file(&root().join(SEED)).map_err(|mistake| mistake.to_string());
    STATE.get_or_init(read).clone().map_err(Failure::new)
}

impl OrgUnderTest {
    pub async fn start(clock: Clock) -> Result<Self, Failure> {
        let started =
            MockSfdc::builder().name("scenario").state(seeded()?).clock(clock.clone()).start().await;
        let server = started.map_err(|error| Failure::new(format!("the mock does not start: {error}")))?;
        let login = server.tenant().org.snapshot().access().login(USERNAME).map(|login| login.user);
        let user = login.ok_or_else(|| Failure::new(format!("{SEED} has no user {USERNAME}")))?;
        let admin = Salesforce::new(http::shared()?, server.url(), String::new(), user.to_string());
        let told_change = server.tenant().org.snapshot().log().next_seq();
        let mut new = Self { clock, admin, server, user, told_request: 0, told_change };
        new.renew_session();
        Ok(new)
    }

    /// Sessions end by the org's clock; the administrator of a scenario is always logged in.
    pub fn renew_session(&mut self) {
        self.admin.token = self.server.tenant().admit(self.user);
    }

    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The administrator's username and password.
    #[must_use]
    pub fn credentials(&self) -> (String, String) {
        (USERNAME.to_owned(), PASSWORD.to_owned())
    }

    /// A new session of the administrator, by username and password.
    pub async fn login(&self) -> Result<Salesforce, Failure> {
        let app = self.register_app("http://127.0.0.1/oauth/callback");
        let password = format!("{PASSWORD}{SECURITY_TOKEN}");
        let form = [
            ("grant_type", "password"),
            ("client_id", &app.client_id),
            ("client_secret", &app.client_secret),
            ("username", USERNAME),
            ("password", &password),
        ];
        let url = format!("{}/services/oauth2/token", self.url());
        let http = http::shared()?;
        let answer = http.post(url).form(&form).send().await?;
        let status = answer.status();
        let body: serde_json::Value = answer.json().await?;
        let Some(token) = body["access_token"].as_str() else {
            return Err(Failure::mismatch("logging in", "an access token", format!("{status}: {body}")));
        };
        Ok(Salesforce::new(http, self.url(), token.to_owned(), self.user.to_string()))
    }

    /// Makes the engine known to the org as a connected app.
    #[must_use]
    pub fn register_app(&self, callback: &str) -> App {
        let app = ConnectedApp::new("Scenario engine", CLIENT_ID, CLIENT_SECRET, callback);
        self.set_up(|tx| tx.access_mut().add_app(app));
        App { client_id: CLIENT_ID.to_owned(), client_secret: CLIENT_SECRET.to_owned() }
    }

    /// Somebody with a session: `dora` or the whole username.
    pub fn somebody(&self, name: &str) -> Result<(Id, Salesforce), Failure> {
        let state = self.server.tenant().org.snapshot();
        let found = state
            .access()
            .logins()
            .find(|login| login.username == name || login.username.split('@').next() == Some(name));
        let Some(user) = found.map(|login| login.user) else {
            let all = state.access().logins().map(|login| login.username.to_string()).collect::<Vec<_>>();
            return Err(Failure::mismatch("a user of the org", all.join(", "), name));
        };
        let token = self.server.tenant().admit(user);
        Ok((user, Salesforce::new(http::shared()?, self.url(), token, user.to_string())))
    }

    /// Changes what one user may do, and nobody else: the user gets a profile of their own.
    pub fn change_permissions(
        &self,
        name: &str,
        change: impl FnOnce(&mut Transaction, Holder) -> Result<(), String>,
    ) -> Outcome {
        let (user, _) = self.somebody(name)?;
        let changed = self.server.tenant().org.transact(self.user, |tx| {
            let holder = own_profile(tx, user)?;
            change(tx, holder)
        });
        changed.map_err(|why| Failure::new(format!("changing what {name} may do: {why}")))
    }

    fn set_up<T>(&self, work: impl FnOnce(&mut Transaction) -> T) -> T {
        self.server.tenant().in_transaction(self.user, work)
    }

    /// `with_api`: the API was bought for an edition that does not have it.
    pub fn set_edition(&mut self, edition: &str, with_api: bool) -> Outcome {
        let known = Edition::ALL.iter().find(|one| one.organization_type() == edition);
        let known = known.copied().ok_or_else(|| {
            let all = Edition::ALL.iter().map(|one| one.organization_type()).collect::<Vec<_>>().join(", ");
            Failure::mismatch("an edition", all, edition)
        })?;
        if !with_api {
            self.set_up(|tx| tx.settings_mut().edition = known);
        }
        self.plant_update("Organization", "OrganizationType", edition)
    }

    pub fn make_sandbox(&mut self) -> Outcome {
        self.set_up(|tx| tx.settings_mut().sandbox = true);
        self.plant_update("Organization", "IsSandbox", "true")
    }

    pub fn turn_streaming_off(&mut self) {
        self.set_up(|tx| tx.settings_mut().streaming_enabled = false);
    }

    /// A custom text field that Shield encrypts at random.
    pub fn add_shielded_field(&mut self, object: &str, name: &str) -> Outcome {
        let field = r#"{"type": "string", "length": 40, "encryptionScheme": "ProbabilisticEncryption"}"#;
        let package = format!(
            r#"{{"package": "shield", "objects": {{"{object}": {{"fields": {{"{name}": {field}}}}}}}}}"#
        );
        let grown = self.server.tenant().org.snapshot().schema().load_package("shield.json", &package);
        let grown = grown.map_err(|mistake| Failure::new(mistake.to_string()))?;
        self.set_up(|tx| tx.set_schema(grown));
        Ok(())
    }

    pub fn add_queue(&mut self, name: &str, object: &str) -> Outcome {
        let developer_name = name.replace(' ', "_");
        let queue = [("Name", name), ("DeveloperName", &developer_name), ("Type", "Queue")];
        let queue = self.plant("Group", &queue)?.to_string();
        self.plant("QueueSobject", &[("QueueId", &queue), ("SobjectType", object)]).map(|_| ())
    }

    pub fn add_assignment_rule(&mut self, rule: &Rule) -> Outcome {
        let entries = rule.entries.iter().map(assignment::entry).collect::<Result<Vec<_>, _>>()?;
        let active = rule.active.to_string();
        let record = [("Name", rule.name.as_str()), ("SobjectType", &rule.object), ("Active", &active)];
        let id = self.plant("AssignmentRule", &record)?;
        self.set_up(|tx| tx.set_assignment_rule(id, AssignmentRule { rule_entry: entries }))
            .map_err(|mistake| Failure::new(mistake.to_string()))
    }

    /// A record as the set-up pages make it, without the limits of the API.
    fn plant(&self, object: &str, row: &[(&str, &str)]) -> Result<Id, Failure> {
        let options = DmlOptions { seeding: true, ..DmlOptions::default() };
        let planted = self.server.tenant().org.transact(self.user, |tx| {
            let (object, draft) = drafted(tx, object, row)?;
            verbs::create(tx, &object, draft, &options).map_err(|errors| in_words(&errors))
        });
        planted.map_err(|why| Failure::new(format!("setting up {object}: {why}")))
    }

    fn plant_update(&self, object: &str, field: &str, value: &str) -> Outcome {
        let options = DmlOptions { seeding: true, ..DmlOptions::default() };
        let planted = self.server.tenant().org.transact(self.user, |tx| {
            let (object, draft) = drafted(tx, object, &[(field, value)])?;
            let row = tx.state().table(object.index).rows().next().map(Record::id);
            let id = row.ok_or_else(|| format!("there is no {}", object.name.as_str()))?;
            verbs::update(tx, &object, id, draft, &options).map_err(|errors| in_words(&errors))
        });
        planted.map(|_| ()).map_err(|why| Failure::new(format!("setting up {object}: {why}")))
    }

    pub fn next_create(&mut self, object: &str, fault: Fault<'_>) -> Outcome {
        let effect = match fault {
            Fault::Error(code) => Effect::Error { code: code.to_owned(), message: None, fields: None },
            Fault::AnswerLost => Effect::ResetAfterCommit,
            Fault::RequestLost => Effect::ResetBeforeCommit,
        };
        let which = Which {
            operation: "rest.sobject.create".to_owned(),
            object: Some(object.to_owned()),
            contains: None,
        };
        let fault = MockFault::new(which, effect);
        self.server.tenant().faults.add(fault).map(|_| ()).map_err(Failure::new)
    }

    pub fn forget_streaming_sessions(&mut self) -> Outcome {
        self.server.tenant().streaming.drop_clients();
        Ok(())
    }

    /// Ends every session but the administrator's.
    pub fn end_sessions_of_others(&mut self) -> Outcome {
        self.set_up(expire_all);
        self.renew_session();
        Ok(())
    }

    /// How far the engine's subscriptions have come.
    #[must_use]
    pub fn told(&self) -> Vec<Told> {
        let tenant = self.server.tenant();
        let state = tenant.org.snapshot();
        let subscriptions = tenant.streaming.subscriptions();
        subscriptions
            .into_iter()
            .map(|one| Told {
                waiting: state
                    .streams()
                    .channel(&one.channel)
                    .is_some_and(|channel| channel.last() > one.position),
                channel: one.channel,
                delivered: one.delivered,
                held: one.held,
            })
            .collect()
    }

    /// Requests and changes since it was last asked.
    pub fn story(&mut self) -> Vec<Line> {
        let tenant = self.server.tenant();
        let requests = tenant.journal.since(self.told_request);
        self.told_request = requests.last().map_or(self.told_request, |entry| entry.seq);
        let mut lines: Vec<Line> =
            requests.iter().filter(|entry| !story::is_idle_poll(entry)).map(story::wire_line).collect();
        let state = tenant.org.snapshot();
        lines.extend(state.log().since(self.told_change).map(|change| story::org_line(&state, change)));
        self.told_change = state.log().next_seq();
        lines
    }

    /// What was promised and did not happen: faults that nobody ran into.
    pub fn leftovers(&self) -> Outcome {
        let unused = self.server.tenant().faults.unused();
        if unused.is_empty() {
            return Ok(());
        }
        let sentences =
            unused.iter().map(mock_sfdc::faults::Pending::sentence).collect::<Vec<_>>().join("\n");
        Err(Failure::new(format!("something was to go wrong and never did:\n{sentences}")))
    }
}

fn drafted(
    tx: &Transaction,
    object: &str,
    row: &[(&str, &str)],
) -> Result<(Arc<mock_sfdc_org::schema::Object>, Draft), String> {
    let object =
        tx.state().schema().object(object).cloned().ok_or_else(|| format!("there is no object {object}"))?;
    let mut draft = Draft::default();
    for (field, text) in row {
        draft.set(&object, field, Raw::Text(text)).map_err(|error| error.into_record_error().message)?;
    }
    Ok((object, draft))
}

fn in_words(errors: &[mock_sfdc_org::error::Error]) -> String {
    errors.iter().map(|error| error.message.clone()).collect::<Vec<_>>().join("; ")
}
