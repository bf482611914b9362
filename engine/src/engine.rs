//! One engine: everything that `engine serve` runs, as a value. Many live in one process without knowing of each other.

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, task::JoinHandle};
use url::Url;

use crate::{
    api,
    clock::Clock,
    config::Config,
    context::Context,
    failure::{Failure, Result},
    random::{Random, RandomError},
    runner,
    store::{Store, StoreError},
};

/// How long the end of the engine waits for the calls that are under way.
const LAST_ITEM: Duration = Duration::from_secs(20);

/// Where ids, states and nonces come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seed {
    /// The operating system: for everything that is not a test.
    Os,
    /// The same ids in every run of a scenario. A restart over the same store draws others.
    Fixed(u64),
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{file}: {source}")]
    Store { file: String, source: StoreError },
    #[error(transparent)]
    Random(#[from] RandomError),
    #[error("public_url: `{0}` is not a URL")]
    PublicUrl(String),
    #[error("{0}")]
    Configuration(Box<Failure>),
}

/// A running engine; dropping it stops it as abruptly as a power cut, and loses nothing.
#[derive(Debug)]
pub struct Engine {
    ctx: Arc<Context>,
    tasks: Vec<JoinHandle<()>>,
}

impl Engine {
    /// Opens the store and makes everything ready. Nothing runs by itself before [`run`](Engine::run).
    pub async fn start(config: Config, clock: Arc<dyn Clock>, seed: Seed) -> Result<Self, StartError> {
        let file = config.data.display().to_string();
        let failed = |source| StartError::Store { file: file.clone(), source };
        let store = Store::open(&config.data).await.map_err(failed)?;
        let starts = store.count_start().await.map_err(failed)?;
        let random = match seed {
            Seed::Os => Random::from_os()?,
            Seed::Fixed(seed) => Random::seeded(seed ^ starts.wrapping_mul(0x9E37_79B9_7F4A_7C15)),
        };
        let public_url = match &config.public_url {
            Some(url) => url.clone(),
            None => Url::parse(&format!("http://{}", config.listen))
                .map_err(|_| StartError::PublicUrl(config.listen.clone()))?,
        };
        let mut tx = store.write().await.map_err(failed)?;
        let lost = tx.sending_becomes_ambiguous().await.map_err(failed)?;
        tx.commit().await.map_err(failed)?;
        if lost > 0 {
            tracing::warn!(
                lost,
                "items were being sent when the engine stopped; they are looked for in the org first"
            );
        }
        let ctx = Context::new(config, store, clock, random, public_url)
            .map_err(|failure| StartError::Configuration(Box::new(failure)))?;
        Ok(Self { ctx: Arc::new(ctx), tasks: Vec::new() })
    }

    /// The HTTP API, for a listener or for calls in-process.
    pub fn api(&self) -> axum::Router {
        api::router(Arc::clone(&self.ctx))
    }

    /// Starts what runs by itself: the followers of the orgs' events, and the worker that does what is due.
    pub fn run(&mut self) {
        self.tasks.push(tokio::spawn(runner::supervise(Arc::clone(&self.ctx), true)));
    }

    /// Starts the followers only: events are stored, and wait for a [`step`](Engine::step).
    pub fn follow(&mut self) {
        self.tasks.push(tokio::spawn(runner::supervise(Arc::clone(&self.ctx), false)));
    }

    /// Does what is due now, at most a bounded number of things; returns how many.
    pub async fn step(&self) -> Result<usize> {
        runner::step(&self.ctx).await
    }

    /// Steps until nothing is due now.
    pub async fn run_until_idle(&self) -> Result<()> {
        while self.step().await? > 0 {}
        Ok(())
    }

    /// For the flows' own tests, which call them without a stream.
    #[cfg(test)]
    pub(crate) fn context(&self) -> &Arc<Context> {
        &self.ctx
    }

    /// The store, for looking.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.ctx.store
    }

    /// Counts commits: whoever waits for an effect looks again after each.
    #[must_use]
    pub fn progress(&self) -> watch::Receiver<u64> {
        self.ctx.progress.subscribe()
    }

    /// Waits until the events of an account's org are subscribed to.
    pub async fn followed(&self, account: &str) {
        let mut followed = self.ctx.followed.subscribe();
        // The sender lives in the context, which we hold.
        let _ = followed.wait_for(|accounts| accounts.contains(account)).await;
    }

    /// From now on events are received but not stored, until they are released: dropping the engine in between is a
    /// crash after receiving an event and before storing it.
    pub fn hold_events(&self) {
        self.ctx.storing.send_replace(false);
    }

    pub fn release_events(&self) {
        self.ctx.storing.send_replace(true);
    }

    /// Stops in good order: what is being done is finished, and the file is closed.
    pub async fn stop(mut self) {
        self.ctx.stopping.send_replace(true);
        for mut task in std::mem::take(&mut self.tasks) {
            if tokio::time::timeout(LAST_ITEM, &mut task).await.is_err() {
                tracing::warn!(
                    "a call to an org did not end in time; what it was about is looked for at the next start"
                );
                task.abort();
            }
        }
        self.ctx.store.close().await;
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}
