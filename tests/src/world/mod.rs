//! What a scenario stands on: one clock, one org, one engine, all its own.
//!
//! The org is a mock in this process on a port of its own. The engine comes to life when a step first needs it; it too
//! listens on a port, and steps use it over HTTP only. The org's clock is the only time there is.

pub mod browser;
pub mod cells;
pub mod clock;
pub mod engine;
pub mod http;
pub mod observed;
pub mod org;
pub mod product;
pub mod salesforce;
pub mod soap;
pub mod subscriber;

use mock_sfdc_org::clock::Clock;
use mock_sfdc_org::value::DateTime;
use serde_json::Value;

use self::browser::Browser;
use self::engine::EngineUnderTest;
use self::org::OrgUnderTest;
use self::product::Product;
use self::salesforce::{Refusal, Salesforce};
use self::subscriber::Subscriber;
use crate::failure::{Failure, Outcome};
use crate::features::Case;
use crate::story::{self, Line};

/// Monday, 2 March 2026, 08:00 UTC: where every scenario begins unless it says otherwise.
const BEGIN: i64 = 1_772_438_400_000;

/// One scenario's world.
#[derive(Debug)]
pub struct World {
    pub org: OrgUnderTest,
    engine: Option<EngineUnderTest>,
    product: Option<Product>,
    /// What the last refused request of the org said.
    pub refusal: Vec<Refusal>,
    /// The rows of the last query.
    pub rows: Vec<Value>,
    pub subscriber: Option<Subscriber>,
    /// What the engine speaks, once it is started.
    pub api_version: String,
    /// A session that a step logged in.
    pub session: Option<Salesforce>,
    /// Status and text of the last page that the administrator's browser showed.
    pub last_page: Option<(u16, String)>,
    /// What the product looked like when it was last asked.
    seen: observed::Seen,
}

impl World {
    /// A world for this case.
    pub async fn build(_case: &Case) -> Result<Self, Failure> {
        let clock = Clock::fixed(DateTime::from_millis(BEGIN));
        Ok(Self {
            org: OrgUnderTest::start(clock).await?,
            engine: None,
            product: None,
            refusal: Vec::new(),
            rows: Vec::new(),
            subscriber: None,
            api_version: salesforce::VERSION.to_owned(),
            session: None,
            last_page: None,
            seen: observed::Seen::default(),
        })
    }

    /// Milliseconds since 1970 by the org's clock.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.org.clock.now().millis()
    }

    pub fn set_clock(&mut self, at: i64) {
        self.org.clock.set(DateTime::from_millis(at));
        self.org.renew_session();
    }

    /// The product, whose engine is started when it does not run yet.
    pub async fn product(&mut self) -> Result<&Product, Failure> {
        if self.product.is_none() {
            self.start_engine().await?;
            let product = self.engine_running()?.product(engine::MAIN)?;
            product.make_account("Main").await?;
            self.product = Some(product);
        }
        self.product.as_ref().ok_or_else(|| Failure::new("the product is not there"))
    }

    fn engine_running(&self) -> Result<&EngineUnderTest, Failure> {
        self.engine.as_ref().ok_or_else(|| Failure::new("the engine is not running"))
    }

    /// Starts the engine, with the data of its last life if it had one.
    pub async fn start_engine(&mut self) -> Outcome {
        match &mut self.engine {
            Some(engine) => engine.start().await?,
            None => self.engine = Some(EngineUnderTest::begin(&self.org, &self.api_version).await?),
        }
        Ok(())
    }

    pub fn kill_engine(&mut self) -> Outcome {
        self.engine.as_mut().ok_or_else(|| Failure::new("the engine is not running"))?.kill();
        Ok(())
    }

    pub fn kill_engine_before_storing(&mut self) -> Outcome {
        self.engine.as_mut().ok_or_else(|| Failure::new("the engine is not running"))?.hold_events(&self.org)
    }

    /// Kills the engine and sets its place in the stream of events back to the beginning.
    pub async fn rewind_engine(&mut self) -> Outcome {
        self.engine.as_mut().ok_or_else(|| Failure::new("the engine is not running"))?.rewind().await
    }

    #[must_use]
    pub fn engine_is_dead(&self) -> bool {
        self.engine.as_ref().is_some_and(|engine| !engine.is_running())
    }

    /// Waits, without sleeping, until the engine has nothing more to do at this moment of the clock.
    pub async fn settle(&mut self) -> Outcome {
        match &mut self.engine {
            Some(engine) => engine.settle(&self.org).await,
            None => Ok(()),
        }
    }

    /// The administrator's browser, fresh.
    pub fn browser(&self) -> Result<Browser, Failure> {
        let (username, password) = self.org.credentials();
        Browser::new(&username, &password)
    }

    /// What happened since it was last asked.
    pub async fn story(&mut self) -> Vec<Line> {
        let mut lines = self.org.story();
        if let (Some(product), false) = (&self.product, self.engine_is_dead()) {
            lines.extend(self.seen.differences(product, self.now()).await);
        }
        story::in_order(&mut lines);
        lines
    }

    /// Ends a world whose scenario failed: nothing is checked any more.
    pub fn abandon(mut self) {
        if let Some(engine) = &mut self.engine {
            engine.kill();
        }
    }

    /// Ends the world and complains about what was left over.
    pub fn close(self) -> Outcome {
        let leftovers = self.org.leftovers();
        self.abandon();
        leftovers
    }
}
