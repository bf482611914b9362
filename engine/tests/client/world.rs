//! A client over a stub, with its clock, and a custody that remembers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::clock::ManualClock;
use engine::random::Random;
use engine::salesforce::{
    Client, ConnectedApp, Custody, CustodyError, HttpOptions, OAuth, RetryPolicy, Session, Settings,
    TokenSet, http_client,
};
use futures::future::BoxFuture;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::json;
use sha2::Sha256;
use url::Url;

use super::stub::Stub;

pub const SECRET: &str = "Consumer Secret";
const IDENTITY: &str = "/id/00Dd0000000d45TEBQ/005d0000000fyGPCCY";
const ISSUED_AT: &str = "1331142541514";

/// Keeps what it is given, and the order of events that a test wants to see.
#[derive(Default)]
pub struct Memory {
    pub events: Mutex<Vec<String>>,
    /// The next so many stores fail.
    pub failures: Mutex<u32>,
}

impl Memory {
    pub fn note(&self, event: impl Into<String>) {
        self.events.lock().unwrap().push(event.into());
    }

    pub fn events(&self) -> Vec<String> {
        self.events.lock().unwrap().clone()
    }
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Memory")
    }
}

impl Custody for Memory {
    fn store<'a>(&'a self, tokens: &'a TokenSet) -> BoxFuture<'a, Result<(), CustodyError>> {
        Box::pin(async move {
            let mut failures = self.failures.lock().unwrap();
            if *failures > 0 {
                *failures -= 1;
                return Err(CustodyError("disk full".to_owned()));
            }
            let refresh = tokens.refresh_token.as_ref().map_or("none", |token| token.expose_secret());
            self.note(format!("stored {} / {refresh}", tokens.access_token.expose_secret()));
            Ok(())
        })
    }

    fn needs_reconnect<'a>(&'a self, reason: &'a str) -> BoxFuture<'a, Result<(), CustodyError>> {
        Box::pin(async move {
            self.note(format!("needs reconnect: {reason}"));
            Ok(())
        })
    }
}

pub struct World {
    pub client: Client,
    pub memory: Arc<Memory>,
    pub clock: ManualClock,
}

/// Connected with the access token `old` and the refresh token `r0`.
pub fn world(stub: &Stub) -> World {
    world_with(stub, Arc::default(), &options())
}

pub fn world_with(stub: &Stub, memory: Arc<Memory>, options: &HttpOptions) -> World {
    let clock = ManualClock::new("2026-11-21T10:00:00Z".parse().unwrap());
    let session =
        Session::new(oauth(stub, options), tokens(&stub.url), Arc::clone(&memory) as Arc<dyn Custody>);
    let retry = RetryPolicy { max_attempts: 3, ..RetryPolicy::default() };
    let settings = Settings { retry, ..Settings::default() };
    let client = Client::new(session, Arc::new(clock.clone()), Random::seeded(1), settings);
    World { client, memory, clock }
}

pub fn options() -> HttpOptions {
    HttpOptions { request_timeout: Duration::from_secs(20), ..HttpOptions::default() }
}

pub fn app(stub: &Stub) -> ConnectedApp {
    ConnectedApp {
        login_url: stub.url.clone(),
        client_id: "3MVG9client".to_owned(),
        client_secret: SECRET.into(),
        redirect_uri: "http://127.0.0.1:9/callback".parse().unwrap(),
        scopes: vec!["api".to_owned(), "refresh_token".to_owned()],
    }
}

pub fn oauth(stub: &Stub, options: &HttpOptions) -> OAuth {
    OAuth::new(http_client(options).unwrap(), app(stub))
}

pub fn tokens(url: &Url) -> TokenSet {
    TokenSet {
        access_token: "old".into(),
        refresh_token: Some("r0".into()),
        instance_url: url.clone(),
        identity_url: url.join(IDENTITY).unwrap().into(),
        issued_at: Timestamp::from_millisecond(1_331_142_541_514).unwrap(),
        scope: "api refresh_token".to_owned(),
        signature: String::new(),
    }
}

/// A token answer with the right signature; `instance` is where the tokens count.
pub fn token_answer(instance: &str, access: &str, refresh: Option<&str>) -> String {
    let id = format!("https://login.salesforce.com{IDENTITY}");
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{id}{ISSUED_AT}").as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let mut answer = json!({
        "access_token": access,
        "signature": signature,
        "scope": "api refresh_token",
        "instance_url": instance,
        "id": id,
        "token_type": "Bearer",
        "issued_at": ISSUED_AT,
    });
    if let Some(refresh) = refresh {
        answer["refresh_token"] = refresh.into();
    }
    answer.to_string()
}
