//! One call: token, request, answer, refresh and back-off. What the calls are stands in [`super::rest`].

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::Method;
use secrecy::ExposeSecret;
use tracing::Instrument;
use url::Url;

use super::error::{Effect, Error, RetryClass};
use super::http::{Answer, Http};
use super::rest::failure;
use super::retry::RetryPolicy;
use super::session::{Access, Session};
use super::version::ApiVersion;
use crate::clock::{Clock, after};
use crate::random::Random;

/// What may differ between deployments.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings {
    pub version: ApiVersion,
    pub retry: RetryPolicy,
}

/// A client for one org; cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    session: Session,
    clock: Arc<dyn Clock>,
    random: Random,
    settings: Settings,
    usage: Mutex<Option<ApiUsage>>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("settings", &self.settings)
            .field("usage", &self.usage)
            .finish_non_exhaustive()
    }
}

/// `Sforce-Limit-Info: api-usage=25/5000`, as the last answer said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiUsage {
    pub used: u64,
    pub allowed: u64,
}

impl ApiUsage {
    /// Further parts (`per-app-api-usage=…`) may follow after a semicolon.
    fn parse(header: &str) -> Option<Self> {
        let (used, allowed) =
            header.split(';').find_map(|part| part.trim().strip_prefix("api-usage="))?.split_once('/')?;
        Some(Self { used: used.trim().parse().ok()?, allowed: allowed.trim().parse().ok()? })
    }
}

/// One REST call before it has a token.
#[derive(Debug)]
pub(crate) struct Call {
    pub operation: &'static str,
    pub effect: Effect,
    pub method: Method,
    /// Path and query on the instance; begins with `/`.
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Option<Vec<u8>>,
}

impl Call {
    pub fn get(operation: &'static str, path: String) -> Self {
        Self { operation, effect: Effect::Read, method: Method::GET, path, headers: Vec::new(), body: None }
    }
}

impl Client {
    #[must_use]
    pub fn new(session: Session, clock: Arc<dyn Clock>, random: Random, settings: Settings) -> Self {
        Self { shared: Arc::new(Shared { session, clock, random, settings, usage: Mutex::new(None) }) }
    }

    #[must_use]
    pub fn session(&self) -> &Session {
        &self.shared.session
    }

    #[must_use]
    pub fn version(&self) -> ApiVersion {
        self.shared.settings.version
    }

    /// What the org said last about its daily allowance.
    #[must_use]
    pub fn usage(&self) -> Option<ApiUsage> {
        *self.shared.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn http(&self) -> &Http {
        self.shared.session.http()
    }

    /// `/services/data/vNN.0` and what follows.
    pub(crate) fn data_path(&self, rest: &str) -> String {
        format!("/services/data/v{}{rest}", self.shared.settings.version)
    }

    /// Sends the call; refreshes the token once; tries again where trying again is safe.
    pub(crate) async fn call(&self, call: &Call) -> Result<Answer, Error> {
        let span = tracing::debug_span!("salesforce", operation = call.operation);
        self.attempts(call).instrument(span).await
    }

    async fn attempts(&self, call: &Call) -> Result<Answer, Error> {
        let mut refreshed = false;
        let mut attempts = 0;
        loop {
            let access = self.shared.session.access().await?;
            let (mut error, wish) = match self.once(call, &access).await {
                Ok(answer) if answer.status < 300 => return Ok(answer),
                Ok(answer) => (failure(call.operation, call.effect, &answer), retry_after(&answer)),
                Err(error) => (error, None),
            };
            if error.retry_class() == RetryClass::RefreshToken && !refreshed {
                match self.shared.session.refresh(&access).await {
                    Ok(_) => {
                        refreshed = true;
                        continue;
                    }
                    // From here on it is the refresh that may be worth another try.
                    Err(refused) => error = refused,
                }
            }
            if error.retry_class() != RetryClass::Backoff {
                return Err(error);
            }
            attempts += 1;
            let Some(delay) = self.shared.settings.retry.delay(attempts, wish, &self.shared.random) else {
                return Err(error);
            };
            tracing::warn!(%error, attempts, ?delay, "trying again");
            self.pause(delay).await;
        }
    }

    pub(crate) fn retry_delay(&self, attempts: u32) -> Option<Duration> {
        self.shared.settings.retry.delay(attempts, None, &self.shared.random)
    }

    pub(crate) async fn pause(&self, delay: Duration) {
        let clock = &self.shared.clock;
        clock.sleep_until(after(clock.now(), delay)).await;
    }

    async fn once(&self, call: &Call, access: &Access) -> Result<Answer, Error> {
        let url = Self::locate(call, access)?;
        let http = self.http();
        http.check(call.operation, &url)?;
        let mut request = http
            .request(call.method.clone(), url)
            .bearer_auth(access.token.expose_secret())
            .header("Accept", "application/json");
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        if let Some(body) = &call.body {
            request = request.header("Content-Type", "application/json").body(body.clone());
        }
        let answer = http.send(call.operation, call.effect, request).await?;
        if let Some(usage) = answer.headers.get("sforce-limit-info")
            && let Some(usage) = usage.to_str().ok().and_then(ApiUsage::parse)
        {
            *self.shared.usage.lock().unwrap_or_else(PoisonError::into_inner) = Some(usage);
        }
        Ok(answer)
    }

    /// The token goes to the instance and nowhere else, whatever an answer's link says.
    fn locate(call: &Call, access: &Access) -> Result<Url, Error> {
        let url = access.instance_url.join(&call.path).ok();
        url.filter(|url| call.path.starts_with('/') && url.origin() == access.instance_url.origin())
            .ok_or_else(|| {
                Error::refused(call.operation, format!("`{}` is not a path on the org's host", call.path))
            })
    }
}

fn retry_after(answer: &Answer) -> Option<Duration> {
    let seconds = answer.headers.get("retry-after")?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}
