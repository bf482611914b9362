//! The current access token of one connection, and the one way to a new one.
//!
//! At most one refresh is under way. Whoever finds its token refused waits for that refresh and shares its outcome.
//! A rotated refresh token is handed to the [`Custody`] before it counts, and the refresh runs in a task of its own:
//! a caller that gives up must not take the only copy of a rotated token with it.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::future::BoxFuture;
use secrecy::SecretString;
use tokio::sync::Mutex;
use url::Url;

use super::auth::{OAuth, TokenSet};
use super::error::{Effect, Error, ErrorKind};
use super::http::Http;

/// Who keeps the tokens; the store implements it.
pub trait Custody: Debug + Send + Sync {
    /// Stores the tokens durably. They are used only after this has succeeded.
    fn store<'a>(&'a self, tokens: &'a TokenSet) -> BoxFuture<'a, Result<(), CustodyError>>;

    /// Marks the connection: nothing works until a person connects it again.
    fn needs_reconnect<'a>(&'a self, reason: &'a str) -> BoxFuture<'a, Result<(), CustodyError>>;
}

/// Why the tokens could not be stored.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct CustodyError(pub String);

/// What a call needs: the token and where it counts.
#[derive(Debug, Clone)]
pub struct Access {
    pub token: SecretString,
    pub instance_url: Url,
    pub identity_url: String,
    /// Counts refreshes, so that a token refused late is not refreshed twice.
    generation: u64,
}

/// One connection's tokens in use; clones share them.
#[derive(Debug, Clone)]
pub struct Session {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    oauth: OAuth,
    custody: Arc<dyn Custody>,
    tokens: Mutex<Tokens>,
    /// Refreshes that were tried and failed; read before waiting, compared after.
    failures: AtomicU64,
}

#[derive(Debug)]
struct Tokens {
    current: TokenSet,
    generation: u64,
    /// Rotated by the server, not yet stored here: to be stored before anything else is asked for.
    unsaved: Option<TokenSet>,
    last_failure: Option<Error>,
    /// The grant is gone; no further request is made with it.
    ended: Option<String>,
}

impl Session {
    #[must_use]
    pub fn new(oauth: OAuth, tokens: TokenSet, custody: Arc<dyn Custody>) -> Self {
        let tokens =
            Tokens { current: tokens, generation: 0, unsaved: None, last_failure: None, ended: None };
        Self {
            shared: Arc::new(Shared {
                oauth,
                custody,
                tokens: Mutex::new(tokens),
                failures: AtomicU64::new(0),
            }),
        }
    }

    #[must_use]
    pub fn oauth(&self) -> &OAuth {
        &self.shared.oauth
    }

    pub(crate) fn http(&self) -> &Http {
        self.shared.oauth.http()
    }

    /// The token to use now; waits while a refresh is under way.
    pub async fn access(&self) -> Result<Access, Error> {
        let tokens = self.shared.tokens.lock().await;
        match &tokens.ended {
            Some(reason) => Err(ended(reason)),
            None => Ok(tokens.access()),
        }
    }

    /// A token newer than `seen`, which Salesforce refused.
    pub async fn refresh(&self, seen: &Access) -> Result<Access, Error> {
        let shared = Arc::clone(&self.shared);
        let generation = seen.generation;
        let failures = shared.failures.load(Ordering::Acquire);
        let task = tokio::spawn(async move { shared.refresh(generation, failures).await });
        task.await.unwrap_or_else(|error| {
            Err(Error::new(
                "oauth.refresh",
                Effect::Idempotent,
                ErrorKind::Custody { reason: error.to_string() },
            ))
        })
    }

    /// Ends the grant at Salesforce; the session refuses every further call.
    pub async fn revoke(&self) -> Result<(), Error> {
        let mut tokens = self.shared.tokens.lock().await;
        let newest = tokens.unsaved.as_ref().unwrap_or(&tokens.current);
        self.shared.oauth.revoke(newest).await?;
        tokens.ended = Some("it was disconnected here".to_owned());
        Ok(())
    }
}

impl Shared {
    async fn refresh(&self, seen: u64, failures: u64) -> Result<Access, Error> {
        let mut tokens = self.tokens.lock().await;
        if let Some(reason) = &tokens.ended {
            return Err(ended(reason));
        }
        if tokens.generation > seen {
            return Ok(tokens.access());
        }
        // Somebody else tried and failed while this caller waited: the same answer would come again.
        if self.failures.load(Ordering::Acquire) > failures
            && let Some(error) = &tokens.last_failure
        {
            return Err(error.clone());
        }
        match self.renew(&mut tokens).await {
            Ok(()) => Ok(tokens.access()),
            Err(error) => {
                tokens.last_failure = Some(error.clone());
                self.failures.fetch_add(1, Ordering::Release);
                Err(error)
            }
        }
    }

    async fn renew(&self, tokens: &mut Tokens) -> Result<(), Error> {
        let renewed = match tokens.unsaved.take() {
            Some(unsaved) => unsaved,
            None => match self.oauth.refresh(&tokens.current).await {
                Ok(renewed) => renewed,
                Err(error) => return Err(self.end_if_gone(tokens, error).await),
            },
        };
        if let Err(error) = self.custody.store(&renewed).await {
            tokens.unsaved = Some(renewed);
            let kind = ErrorKind::Custody { reason: error.to_string() };
            return Err(Error::new("oauth.refresh", Effect::Idempotent, kind));
        }
        tokens.current = renewed;
        tokens.generation += 1;
        tracing::info!(generation = tokens.generation, "access token refreshed");
        Ok(())
    }

    /// `invalid_grant` means that the grant was revoked, has expired, or was rotated away: no retry brings it back.
    async fn end_if_gone(&self, tokens: &mut Tokens, error: Error) -> Error {
        let reason = match &error.kind {
            ErrorKind::Auth { error, description }
                if error == "invalid_grant" && !is_login_restriction(description) =>
            {
                description.clone()
            }
            ErrorKind::NeedsReconnect { reason } => reason.clone(),
            _ => return error,
        };
        tracing::warn!(reason, "the grant is gone; the connection needs a person");
        tokens.ended = Some(reason.clone());
        if let Err(failure) = self.custody.needs_reconnect(&reason).await {
            tracing::error!(%failure, "the connection could not be marked as in need of a reconnect");
        }
        ended(&reason)
    }
}

/// Also `invalid_grant`, but it passes: the hours or the address are wrong, not the grant.
fn is_login_restriction(description: &str) -> bool {
    description.to_ascii_lowercase().contains("ip restricted")
}

fn ended(reason: &str) -> Error {
    Error::new("oauth.session", Effect::Read, ErrorKind::NeedsReconnect { reason: reason.to_owned() })
}

impl Tokens {
    fn access(&self) -> Access {
        Access {
            token: self.current.access_token.clone(),
            instance_url: self.current.instance_url.clone(),
            identity_url: self.current.identity_url.clone(),
            generation: self.generation,
        }
    }
}
