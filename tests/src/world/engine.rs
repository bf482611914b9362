//! The engine of one scenario: in this process, on a port of its own, with a database file that outlives its deaths.
//!
//! Only its followers run by themselves; what is due is done when the world settles, so that a scenario knows when all is
//! done without waiting for a moment of real time.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use engine::config::{Config, ReferralRockConfig, SalesforceConfig};
use engine::{Engine, Seed};
use futures::FutureExt as _;
use tokio::task::JoinHandle;

use super::clock::SharedClock;
use super::http;
use super::org::{OrgUnderTest, Told};
use super::product::Product;
use crate::failure::{Failure, Outcome};

/// The bearer token of the engine's API.
const API_TOKEN: &str = "scenario";
/// 32 bytes in base64.
const ENCRYPTION_KEY: &str = "c2NlbmFyaW9zIGVuY3J5cHQgd2l0aCB0aGlzIGtleSE=";
/// The account that scenarios speak of without naming it.
pub const MAIN: &str = "main";

/// How long the org's events may take to the engine, in real time, before the harness says that they do not arrive.
const PATIENCE: Duration = Duration::from_mins(1);
/// Nothing tells when a subscription stands again: the look is repeated this often.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// A running or killed engine.
#[derive(Debug)]
pub struct EngineUnderTest {
    /// Kept open over all lives, so that no other scenario takes the port between two of them.
    listener: TcpListener,
    config: Config,
    clock: SharedClock,
    alive: Option<Alive>,
    /// It receives events and does not store them; once more was handed to it than this, it dies.
    dies_after: Option<u64>,
    _data: tempfile::TempDir,
}

#[derive(Debug)]
struct Alive {
    engine: Engine,
    api: JoinHandle<()>,
}

fn broken(what: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("{what}: {error}"))
}

impl EngineUnderTest {
    /// Starts an engine that is registered with the org as a connected app.
    pub async fn begin(org: &OrgUnderTest, api_version: &str) -> Result<Self, Failure> {
        let bind = || {
            let listener = TcpListener::bind(("127.0.0.1", 0))?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok::<_, std::io::Error>((listener, address, tempfile::tempdir()?))
        };
        let (listener, address, data) = bind().map_err(|error| broken("a place for the engine", &error))?;
        let app = org.register_app(&format!("http://{address}/oauth/callback"));
        let login_url = org.url().parse().map_err(|error| broken("the org's address", &error))?;
        let config = Config {
            listen: address.to_string(),
            public_url: None,
            data: data.path().join("engine.sqlite"),
            api_token: API_TOKEN.into(),
            encryption_key: ENCRYPTION_KEY.into(),
            salesforce: SalesforceConfig {
                login_url,
                client_id: app.client_id,
                client_secret: app.client_secret.into(),
                scopes: vec!["api".into(), "refresh_token".into()],
                api_version: api_version.into(),
                request_timeout_seconds: 30,
                allow_plain_http: false,
            },
            referral_rock: ReferralRockConfig::default(),
        };
        let clock = SharedClock::new(&org.clock);
        let mut new = Self { listener, config, clock, alive: None, dies_after: None, _data: data };
        new.start().await?;
        Ok(new)
    }

    /// Starts it over the data of its last life.
    pub async fn start(&mut self) -> Outcome {
        let clock = Arc::new(self.clock.clone());
        let started = Engine::start(self.config.clone(), clock, Seed::Fixed(7)).await;
        let mut engine = started.map_err(|error| broken("the engine does not start", &error))?;
        engine.follow();
        let listener = self.listener.try_clone().and_then(tokio::net::TcpListener::from_std);
        let listener = listener.map_err(|error| broken("the engine's port", &error))?;
        let router = engine.api();
        let api = tokio::spawn(async move {
            // It ends only with its task.
            let _ = axum::serve(listener, router).await;
        });
        self.dies_after = None;
        self.alive = Some(Alive { engine, api });
        Ok(())
    }

    /// Ends it without letting it finish anything.
    pub fn kill(&mut self) {
        if let Some(Alive { engine, api }) = self.alive.take() {
            api.abort();
            drop(engine);
        }
    }

    /// Kills it and sets its place in the org's events back to the beginning.
    pub async fn rewind(&mut self) -> Outcome {
        let alive = self.alive()?;
        let rewound = async {
            let mut tx = alive.engine.store().write().await?;
            for object in engine::sync::relation::Object::ALL {
                let channel = engine::vendors::referral_rock::push_topics::channel(object);
                if let Some(cursor) = tx.cursor(MAIN, &channel).await? {
                    tx.set_cursor(MAIN, &channel, &engine::store::Cursor { replay_id: Some(-2), ..cursor })
                        .await?;
                }
            }
            tx.commit().await
        };
        rewound.await.map_err(|error| broken("the engine's place in the stream", &error))?;
        self.kill();
        Ok(())
    }

    /// Lets it receive events and not store them; the next settling kills it once it has received one.
    pub fn hold_events(&mut self, org: &OrgUnderTest) -> Outcome {
        self.alive()?.engine.hold_events();
        self.dies_after = Some(delivered(&org.told()));
        Ok(())
    }

    #[must_use]
    pub fn is_running(&self) -> bool {
        self.alive.is_some()
    }

    pub fn product(&self, account: &str) -> Result<Product, Failure> {
        Ok(Product::new(http::shared()?, format!("http://{}", self.config.listen), API_TOKEN, account))
    }

    fn alive(&self) -> Result<&Alive, Failure> {
        self.alive.as_ref().ok_or_else(|| Failure::new("the engine is not running"))
    }

    /// Until nothing more happens at this moment of the clock: all events have arrived and are processed, or the
    /// engine waits for the clock itself.
    pub async fn settle(&mut self, org: &OrgUnderTest) -> Outcome {
        let Some(alive) = &self.alive else { return Ok(()) };
        let settled = tokio::time::timeout(PATIENCE, async {
            loop {
                // Looked at before the step: what arrives during it is another round's.
                let all_here = self.clock.somebody_waits() || caught_up(&alive.engine, org).await?;
                let done =
                    alive.engine.step().await.map_err(|error| broken("a step of the engine", &error))?;
                if self.dies_after.is_some_and(|before| delivered(&org.told()) > before) {
                    return Ok(true);
                }
                match (done, all_here) {
                    (0, true) => return Ok(false),
                    (0, false) => {}
                    _ => continue,
                }
                let mut progress = alive.engine.progress();
                let _ = tokio::time::timeout(LOOK_AGAIN, progress.changed()).await;
            }
        });
        let died = settled.await.unwrap_or_else(|_| {
            let told = org.told().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            let told = if told.is_empty() { "the engine is not subscribed".into() } else { told };
            Err(Failure::mismatch(
                format!("the org's events did not arrive within {PATIENCE:?}"),
                "everything is delivered and stored",
                told,
            ))
        })?;
        if died {
            self.kill();
        }
        Ok(())
    }
}

fn delivered(told: &[Told]) -> u64 {
    told.iter().map(|one| one.delivered).sum()
}

/// Does the engine follow whom it is to follow, has everything been handed to it, and has it stored it?
async fn caught_up(engine: &Engine, org: &OrgUnderTest) -> Result<bool, Failure> {
    let look = async {
        let mut tx = engine.store().read().await?;
        let account = tx.account(MAIN).await?;
        let wanted = match (&account, tx.connection(MAIN).await?) {
            (Some(account), Some(connection)) if connection.problem.is_none() => {
                engine::vendors::referral_rock::sales_receiver::setup(account)
                    .is_ok_and(|setup| setup.enabled)
            }
            _ => false,
        };
        let mut cursors = Vec::new();
        for object in engine::sync::relation::Object::ALL {
            let channel = engine::vendors::referral_rock::push_topics::channel(object);
            cursors.push((tx.cursor(MAIN, &channel).await?, channel));
        }
        Ok::<_, engine::store::StoreError>((wanted, cursors))
    };
    let (wanted, cursors) = look.await.map_err(|error| broken("the engine's store", &error))?;
    if !wanted {
        return Ok(true);
    }
    if engine.followed(MAIN).now_or_never().is_none() {
        return Ok(false);
    }
    let told = org.told();
    Ok(cursors.iter().all(|(cursor, channel)| {
        let one = told.iter().find(|one| one.held && one.channel == *channel);
        one.is_some_and(|one| {
            let stored =
                cursor.as_ref().and_then(|c| c.replay_id).and_then(|id| u64::try_from(id).ok()).unwrap_or(0);
            !one.waiting && stored >= one.delivered && cursor.as_ref().is_some_and(|cursor| !cursor.must_poll)
        })
    }))
}
