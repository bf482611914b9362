//! A subscriber of the org's events: a small CometD client for scenarios about the org itself.

use serde_json::{Value, json};

use crate::failure::Failure;

/// One CometD session with its subscriptions.
#[derive(Debug)]
pub struct Subscriber {
    http: reqwest::Client,
    url: String,
    token: String,
    client_id: String,
    next_id: u32,
    pub heard: Vec<Value>,
}

/// Connects that bring nothing new in a row before the stream counts as dry.
const QUIET: usize = 2;

impl Subscriber {
    /// Shakes hands and makes the first connect.
    pub async fn connect(base: &str, token: &str) -> Result<Self, Failure> {
        let http = super::http::with_cookies(reqwest::redirect::Policy::none())?;
        let url = format!("{}/cometd/62.0", base.trim_end_matches('/'));
        let mut new = Self {
            http,
            url,
            token: token.to_owned(),
            client_id: String::new(),
            next_id: 0,
            heard: Vec::new(),
        };
        let answer = new
            .meta(json!({
                "channel": "/meta/handshake", "version": "1.0", "minimumVersion": "1.0",
                "supportedConnectionTypes": ["long-polling"], "ext": { "replay": true },
            }))
            .await?;
        answer["clientId"].as_str().unwrap_or_default().clone_into(&mut new.client_id);
        new.poll().await?;
        Ok(new)
    }

    /// `replay`: -1 for new events only, -2 for all that are kept.
    pub async fn subscribe(&mut self, channel: &str, replay: i64) -> Result<(), Failure> {
        let message = json!({ "channel": "/meta/subscribe", "subscription": channel, "ext": { "replay": { channel: replay } } });
        self.meta(message).await.map(|_| ())
    }

    /// Takes everything that has been delivered by now, without waiting for more.
    pub async fn drain(&mut self) -> Result<(), Failure> {
        let mut quiet = 0;
        while quiet < QUIET {
            let before = self.heard.len();
            self.poll().await?;
            quiet = if self.heard.len() == before { quiet + 1 } else { 0 };
        }
        Ok(())
    }

    async fn poll(&mut self) -> Result<(), Failure> {
        let message = json!({ "channel": "/meta/connect", "connectionType": "long-polling", "advice": { "timeout": 0 } });
        self.meta(message).await.map(|_| ())
    }

    /// Sends one message; keeps the events of the answer and returns the reply to the message.
    async fn meta(&mut self, mut message: Value) -> Result<Value, Failure> {
        self.next_id += 1;
        message["id"] = json!(self.next_id.to_string());
        if !self.client_id.is_empty() {
            message["clientId"] = json!(self.client_id);
        }
        let channel = message["channel"].clone();
        let answer =
            self.http.post(&self.url).bearer_auth(&self.token).json(&json!([message])).send().await?;
        let replies: Vec<Value> = answer.json().await?;
        let mut own = None;
        for reply in replies {
            if reply["channel"] == channel { own = Some(reply) } else { self.heard.push(reply) }
        }
        let own = own.ok_or_else(|| Failure::new(format!("no reply to {channel}")))?;
        if own["successful"] == true {
            return Ok(own);
        }
        let why = own["error"].as_str().map_or_else(|| own.to_string(), str::to_owned);
        Err(Failure::new(format!("the org refuses {channel}: {why}")))
    }
}
