//! What every flow needs: the store, the clock, ids, and the way to an account's org.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use futures::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::{Mutex, Notify, watch};
use url::Url;

use crate::{
    clock::Clock,
    config::Config,
    failure::{Failure, Result},
    random::Random,
    salesforce::{
        ApiVersion, Client, ConnectedApp, Custody, CustodyError, Http, HttpOptions, OAuth, RetryPolicy,
        Session, Settings, TokenSet, http_client, rest::Describe,
    },
    secret::Vault,
    store::{ConnectionRow, Store},
};

/// Shared by the API, the runner and the flows of one engine.
#[derive(Debug)]
pub struct Context {
    pub config: Config,
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub random: Random,
    pub vault: Vault,
    public_url: Url,
    http: Http,
    version: ApiVersion,
    connected: Mutex<BTreeMap<String, Connected>>,
    describes: Mutex<BTreeMap<(String, String), Arc<Describe>>>,
    /// Who is to be followed may have changed.
    pub rewire: Notify,
    /// Counts what was committed, for whoever waits for an effect.
    pub progress: watch::Sender<u64>,
    /// Accounts whose events are followed now.
    pub followed: watch::Sender<BTreeSet<String>>,
    /// Why the events of an account are not followed at present.
    pub trouble: watch::Sender<BTreeMap<String, String>>,
    /// The engine is about to end: what is being done is finished, and nothing else is begun.
    pub stopping: watch::Sender<bool>,
    turns: Mutex<BTreeMap<String, Arc<Mutex<()>>>>,
    /// How often an account's follower was to begin anew.
    pub anew: watch::Sender<BTreeMap<String, u64>>,
    /// While closed, events that have been received wait before they are stored.
    pub storing: watch::Sender<bool>,
}

/// An account's org, ready for calls.
#[derive(Debug, Clone)]
pub struct Connected {
    pub client: Client,
    pub connected_at: Timestamp,
    pub org_id: String,
    pub user_id: String,
    pub is_sandbox: bool,
}

impl Context {
    pub fn new(
        config: Config,
        store: Store,
        clock: Arc<dyn Clock>,
        random: Random,
        public_url: Url,
    ) -> Result<Self> {
        let vault = Vault::new(&config.encryption_key, random.clone())?;
        let http = http_client(&HttpOptions {
            request_timeout: Duration::from_secs(config.salesforce.request_timeout_seconds),
            allow_plain_http: config.salesforce.allow_plain_http,
            ..HttpOptions::default()
        })?;
        let version = config
            .salesforce
            .api_version
            .parse()
            .map_err(|error| Failure::Invalid(vec![format!("salesforce.api_version: {error}")]))?;
        Ok(Self {
            config,
            store,
            clock,
            random,
            vault,
            public_url,
            http,
            version,
            connected: Mutex::default(),
            describes: Mutex::default(),
            rewire: Notify::new(),
            progress: watch::Sender::new(0),
            followed: watch::Sender::default(),
            trouble: watch::Sender::default(),
            stopping: watch::Sender::new(false),
            turns: Mutex::default(),
            anew: watch::Sender::default(),
            storing: watch::Sender::new(true),
        })
    }

    /// In the milliseconds that the store keeps: what is answered at once and what is read later are the same.
    pub fn now(&self) -> Timestamp {
        let now = self.clock.now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// A GUID (RFC 9562 version 4).
    pub fn guid(&self) -> String {
        let mut b = self.random.bytes::<16>();
        b[6] = (b[6] & 0x0f) | 0x40;
        b[8] = (b[8] & 0x3f) | 0x80;
        let hex = b.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    /// Ends the account's follower and starts another one.
    pub fn follow_anew(&self, account: &str) {
        self.anew.send_modify(|anew| *anew.entry(account.to_owned()).or_default() += 1);
        self.rewire.notify_one();
    }

    /// One at a time works on an account's entries and outbox: a person's retry must not meet the runner on the same entry.
    pub async fn turn(&self, account: &str) -> Arc<Mutex<()>> {
        Arc::clone(self.turns.lock().await.entry(account.to_owned()).or_default())
    }

    /// Something was committed that may make work due.
    pub fn committed(&self) {
        self.progress.send_modify(|count| *count += 1);
    }

    pub fn version(&self) -> ApiVersion {
        self.version
    }

    /// The token endpoint behind a login page.
    pub fn oauth(&self, login_url: &Url) -> OAuth {
        let mut redirect_uri = self.public_url.clone();
        redirect_uri.set_path("/oauth/callback");
        OAuth::new(
            self.http.clone(),
            ConnectedApp {
                login_url: login_url.clone(),
                client_id: self.config.salesforce.client_id.clone(),
                client_secret: self.config.salesforce.client_secret.clone(),
                redirect_uri,
                scopes: self.config.salesforce.scopes.clone(),
            },
        )
    }

    /// A client over tokens. One try a call: what fails in passing is due again later, by the store's own bookkeeping.
    pub fn client_over(&self, oauth: OAuth, tokens: TokenSet, custody: Arc<dyn Custody>) -> Client {
        let session = Session::new(oauth, tokens, custody);
        let settings = Settings { version: self.version, retry: RetryPolicy::ONCE };
        Client::new(session, Arc::clone(&self.clock), self.random.clone(), settings)
    }

    /// The account's org.
    pub async fn connected(&self, account: &str) -> Result<Connected> {
        let mut cache = self.connected.lock().await;
        if let Some(connected) = cache.get(account) {
            return Ok(connected.clone());
        }
        let Some(row) = self.store.read().await?.connection(account).await? else {
            return Err(Failure::NotConnected);
        };
        let connected = self.open_connection(&row)?;
        cache.insert(account.to_owned(), connected.clone());
        Ok(connected)
    }

    fn open_connection(&self, row: &ConnectionRow) -> Result<Connected> {
        let tokens = TokenSet::parse(&self.vault.open(&tokens_of(&row.account_id), &row.secret)?)?;
        let login_url = Url::parse(&row.login_url)
            .map_err(|error| Failure::conflict(format!("The stored login URL {}: {error}", row.login_url)))?;
        let custody = Arc::new(StoreCustody {
            store: self.store.clone(),
            vault: self.vault.clone(),
            account: row.account_id.clone(),
            connected_at: row.connected_at,
        });
        Ok(Connected {
            client: self.client_over(self.oauth(&login_url), tokens, custody),
            connected_at: row.connected_at,
            org_id: row.org_id.clone(),
            user_id: row.user_id.clone(),
            is_sandbox: row.is_sandbox,
        })
    }

    /// The account was connected anew, or disconnected.
    pub async fn forget_connection(&self, account: &str) {
        self.connected.lock().await.remove(account);
        self.describes.lock().await.retain(|(of, _), _| of != account);
        self.rewire.notify_one();
    }

    /// What fields an object has. Remembered; asked again when a field is wanted that was not there.
    pub async fn describe(
        &self,
        account: &str,
        client: &Client,
        object: &str,
        wanted: &[&str],
    ) -> Result<Arc<Describe>> {
        let key = (account.to_owned(), object.to_owned());
        let mut describes = self.describes.lock().await;
        if let Some(known) = describes.get(&key)
            && wanted.iter().all(|field| known.field(field).is_some())
        {
            return Ok(Arc::clone(known));
        }
        let describe = Arc::new(client.describe(object).await?);
        describes.insert(key, Arc::clone(&describe));
        Ok(describe)
    }
}

/// What the tokens of an account are sealed for.
#[must_use]
pub fn tokens_of(account: &str) -> String {
    format!("tokens:{account}")
}

/// Keeps refreshed tokens in the store.
#[derive(Debug)]
struct StoreCustody {
    store: Store,
    vault: Vault,
    account: String,
    connected_at: Timestamp,
}

impl Custody for StoreCustody {
    fn store<'a>(&'a self, tokens: &'a TokenSet) -> BoxFuture<'a, std::result::Result<(), CustodyError>> {
        Box::pin(async move {
            use secrecy::ExposeSecret;
            let keep = async {
                let secret = self.vault.seal(&tokens_of(&self.account), tokens.expose().expose_secret())?;
                let mut tx = self.store.write().await?;
                tx.set_secret(&self.account, self.connected_at, &secret).await?;
                tx.commit().await?;
                Result::<()>::Ok(())
            };
            keep.await.map_err(|error| CustodyError(error.to_string()))
        })
    }

    fn needs_reconnect<'a>(
        &'a self,
        reason: &'a str,
    ) -> BoxFuture<'a, std::result::Result<(), CustodyError>> {
        Box::pin(async move {
            let keep = async {
                let mut tx = self.store.write().await?;
                tx.set_problem(&self.account, self.connected_at, reason).await?;
                tx.commit().await?;
                Result::<()>::Ok(())
            };
            keep.await.map_err(|error| CustodyError(error.to_string()))
        })
    }
}

/// For tokens that are not an account's yet.
#[derive(Debug)]
pub struct NoCustody;

impl Custody for NoCustody {
    fn store<'a>(&'a self, _: &'a TokenSet) -> BoxFuture<'a, std::result::Result<(), CustodyError>> {
        Box::pin(async { Ok(()) })
    }

    fn needs_reconnect<'a>(&'a self, _: &'a str) -> BoxFuture<'a, std::result::Result<(), CustodyError>> {
        Box::pin(async { Ok(()) })
    }
}
