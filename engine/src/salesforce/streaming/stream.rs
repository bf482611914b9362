//! The long poll itself: a small machine that makes one exchange at a time.
//!
//! The exchange under way is part of the stream, not of the call that waits for it. So [`Stream::next`] may be dropped
//! at any time (a `select!`, a shutdown) without losing the events that the server is just about to hand over.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use futures::future::BoxFuture;
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::Value;

use super::bayeux;
use super::channels::Channels;
use super::cookies::Cookies;
use super::event::{Delivery, Subscription};
use crate::salesforce::client::Client;
use crate::salesforce::error::{Effect, Error};
use crate::salesforce::http::{Answer, Http};
use crate::salesforce::rest::failure;
use crate::salesforce::session::Access;

/// One streaming session after the other, and the subscriptions that outlive them.
pub struct Stream {
    pub(super) client: Client,
    cookies: Cookies,
    pub(super) channels: Channels,
    pub(super) session: Option<Session>,
    under_way: Option<BoxFuture<'static, Outcome>>,
    pub(super) ready: VecDeque<Result<Delivery, Error>>,
    pub(super) trouble: Trouble,
    last_id: u64,
}

/// A session at the server.
#[derive(Debug)]
pub(super) struct Session {
    pub client_id: String,
    /// The token of the handshake; the session stays with it.
    pub access: Access,
    /// After the first connect, which the server answers at once.
    pub connected: bool,
    pub hold: Duration,
}

/// What stands between here and the next good connect.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    pub failures: u32,
    pub refreshed: bool,
    pub pause: Option<Duration>,
    /// Refused by the server; to be refreshed before the next handshake.
    pub stale: Option<Access>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Handshake,
    FirstConnect,
    Subscribe(usize),
    Connect,
}

impl Step {
    pub fn operation(self) -> &'static str {
        match self {
            Self::Handshake => "streaming.handshake",
            Self::FirstConnect | Self::Connect => "streaming.connect",
            Self::Subscribe(_) => "streaming.subscribe",
        }
    }

    pub fn channel(self) -> &'static str {
        match self {
            Self::Handshake => bayeux::HANDSHAKE,
            Self::FirstConnect | Self::Connect => bayeux::CONNECT,
            Self::Subscribe(_) => bayeux::SUBSCRIBE,
        }
    }
}

pub(super) enum Outcome {
    Answered {
        step: Step,
        access: Access,
        answer: Result<Answer, Error>,
    },
    /// No token, or no new one.
    NoAccess(Error),
    Refreshed,
    Paused,
}

impl Stream {
    /// Shakes hands and subscribes to push topics. What the org refuses of them comes as a delivery.
    pub async fn open(client: Client, subscriptions: Vec<Subscription>) -> Result<Self, Error> {
        const OPERATION: &str = "streaming.open";
        if subscriptions.is_empty() {
            return Err(Error::refused(OPERATION, "there is no channel to follow"));
        }
        if let Some(other) = subscriptions.iter().find(|one| !one.channel.starts_with("/topic/")) {
            let reason = format!("{}: only push topics (/topic/…) are followed", other.channel);
            return Err(Error::refused(OPERATION, reason));
        }
        let mut stream = Self {
            client,
            cookies: Cookies::default(),
            channels: Channels::new(subscriptions),
            session: None,
            under_way: None,
            ready: VecDeque::new(),
            trouble: Trouble::default(),
            last_id: 0,
        };
        while !stream.is_settled() {
            stream.step().await?;
        }
        Ok(stream)
    }

    /// The next event, however long it takes. Commit its replay id with what it caused before asking again.
    ///
    /// An error leaves the stream usable: asking again begins anew. After `ErrorKind::ReplayExpired` the channel is
    /// already being followed from now on, so reading by query what was missed leaves no gap.
    pub async fn next(&mut self) -> Result<Delivery, Error> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                if let Ok(Delivery::Event(event)) = &ready {
                    self.channels.delivered(event);
                }
                return ready;
            }
            if self.channels.all_refused() {
                return Err(Error::refused(
                    "streaming.connect",
                    "every channel was refused; open a new stream",
                ));
            }
            self.step().await?;
        }
    }

    /// Ends the session at the server. Dropping the stream is as good, only that the server learns of it later.
    pub async fn close(mut self) -> Result<(), Error> {
        self.under_way = None;
        let Some(session) = self.session.take() else { return Ok(()) };
        let message = bayeux::disconnect(self.fresh_id(), &session.client_id);
        let timeout = self.client.http().options().request_timeout;
        let post = self.post("streaming.disconnect", message, timeout);
        let answer = post.send(&session.access).await?;
        if answer.status == 200 {
            Ok(())
        } else {
            Err(failure("streaming.disconnect", Effect::Read, &answer))
        }
    }

    fn is_settled(&self) -> bool {
        self.channels.all_refused()
            || (self.session.as_ref().is_some_and(|session| session.connected)
                && self.channels.due().is_none())
    }

    /// Makes one exchange, or finishes the one under way.
    async fn step(&mut self) -> Result<(), Error> {
        let under_way = match self.under_way.take() {
            Some(under_way) => under_way,
            None => self.begin(),
        };
        // Kept in the stream while it runs: a call that is dropped here leaves the exchange to the next one.
        let outcome = self.under_way.insert(under_way).await;
        self.under_way = None;
        self.digest(outcome)
    }

    fn begin(&mut self) -> BoxFuture<'static, Outcome> {
        let client = self.client.clone();
        if let Some(pause) = self.trouble.pause.take() {
            return Box::pin(async move {
                client.pause(pause).await;
                Outcome::Paused
            });
        }
        if let Some(stale) = self.trouble.stale.take() {
            return Box::pin(async move {
                match client.session().refresh(&stale).await {
                    Ok(_) => Outcome::Refreshed,
                    Err(error) => Outcome::NoAccess(error),
                }
            });
        }
        let (step, message, timeout) = self.compose();
        let access = self.session.as_ref().map(|session| session.access.clone());
        let post = self.post(step.operation(), message, timeout);
        Box::pin(async move {
            let access = match access {
                Some(access) => access,
                None => match client.session().access().await {
                    Ok(access) => access,
                    Err(error) => return Outcome::NoAccess(error),
                },
            };
            let answer = post.send(&access).await;
            Outcome::Answered { step, access, answer }
        })
    }

    /// What comes next: a handshake, a first connect that returns at once, the subscriptions one by one (several in
    /// one request upset the real server, says jsforce), then connects that are held.
    fn compose(&mut self) -> (Step, Value, Duration) {
        let id = self.fresh_id();
        let options = self.client.http().options();
        let (usual, grace) = (options.request_timeout, options.streaming_grace);
        let Some(session) = &self.session else {
            self.cookies = Cookies::default();
            return (Step::Handshake, bayeux::handshake(id), usual);
        };
        let client_id = &session.client_id;
        if !session.connected {
            return (Step::FirstConnect, bayeux::connect(id, client_id, true), usual);
        }
        if let Some(position) = self.channels.due() {
            let channel = self.channels.get(position);
            let message = bayeux::subscribe(id, client_id, &channel.name, channel.replay);
            return (Step::Subscribe(position), message, usual);
        }
        (Step::Connect, bayeux::connect(id, client_id, false), session.hold + grace)
    }

    fn fresh_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    fn post(&self, operation: &'static str, message: Value, timeout: Duration) -> Post {
        let path = format!("/cometd/{}", self.client.version());
        Post {
            http: self.client.http().clone(),
            cookies: self.cookies.clone(),
            operation,
            path,
            message,
            timeout,
        }
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream")
            .field("channels", &self.channels)
            .field("session", &self.session)
            .field("ready", &self.ready.len())
            .finish_non_exhaustive()
    }
}

/// One POST to the streaming endpoint, independent of the stream while it is under way.
struct Post {
    http: Http,
    cookies: Cookies,
    operation: &'static str,
    path: String,
    message: Value,
    timeout: Duration,
}

impl Post {
    async fn send(self, access: &Access) -> Result<Answer, Error> {
        let url = access
            .instance_url
            .join(&self.path)
            .map_err(|error| Error::refused(self.operation, format!("the instance URL: {error}")))?;
        self.http.check(self.operation, &url)?;
        let mut request = self
            .http
            .request(Method::POST, url.clone())
            .timeout(self.timeout)
            .bearer_auth(access.token.expose_secret())
            .header("Accept", "application/json")
            .json(&self.message);
        if let Some(cookies) = self.cookies.header(&url) {
            request = request.header("Cookie", cookies);
        }
        let answer = self.http.send(self.operation, Effect::Read, request).await?;
        self.cookies.keep(&answer.headers, &url);
        Ok(answer)
    }
}
