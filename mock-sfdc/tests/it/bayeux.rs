//! A client of long polling for tests: it keeps its cookies by hand, and says what it was told.

use mock_sfdc::MockSfdc;
use serde_json::{Value, json};

use crate::{TOKEN, client};

/// A client that keeps its cookies by hand.
pub struct Bayeux {
    pub url: String,
    pub token: String,
    pub cookie: String,
    pub id: String,
}

impl Bayeux {
    pub fn new(mock: &MockSfdc) -> Self {
        let url = format!("{}/cometd/66.0", mock.url());
        Self { url, token: TOKEN.to_owned(), cookie: String::new(), id: String::new() }
    }

    /// After handshake and first connect.
    pub async fn connected(mock: &MockSfdc) -> Self {
        Self::connected_as(mock, TOKEN, "66.0").await
    }

    /// The same as somebody else, or in another version.
    pub async fn connected_as(mock: &MockSfdc, token: &str, version: &str) -> Self {
        let url = format!("{}/cometd/{version}", mock.url());
        let mut bayeux = Self { url, token: token.to_owned(), cookie: String::new(), id: String::new() };
        bayeux.handshake().await;
        bayeux.connect().await;
        bayeux
    }

    /// Subscribes, which must succeed.
    pub async fn hear(&self, channel: &str, replay: i64) {
        let mut known = serde_json::Map::new();
        known.insert(channel.to_owned(), replay.into());
        let reply = self.subscribe(channel, known.into()).await;
        assert_eq!(reply["successful"], true, "{reply}");
    }

    /// What there is to be heard now.
    pub async fn events(&self) -> Vec<Value> {
        let mut message = self.message("/meta/connect");
        message["advice"] = json!({"timeout": 0});
        let mut replies = self.post(json!([message])).await;
        replies.retain(|reply| reply.get("data").is_some());
        replies
    }

    pub async fn raw(&self, suffix: &str, body: String) -> (u16, reqwest::header::HeaderMap, String) {
        let request = client().post(format!("{}{suffix}", self.url)).body(body);
        let request = request.header("content-type", "application/json").header("cookie", &self.cookie);
        let answer = request.bearer_auth(&self.token).send().await.unwrap();
        (answer.status().as_u16(), answer.headers().clone(), answer.text().await.unwrap())
    }

    pub async fn post(&self, messages: Value) -> Vec<Value> {
        let (status, _, body) = self.raw("", messages.to_string()).await;
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    pub async fn handshake(&mut self) -> Value {
        let message = json!([{"channel": "/meta/handshake", "version": "1.0", "id": "1", "ext": {"replay": true},
            "supportedConnectionTypes": ["long-polling", "websocket"]}]);
        let (_, headers, body) = self.raw("", message.to_string()).await;
        let cookies = headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        self.cookie = cookies.map(|cookie| cookie.split(';').next().unwrap()).collect::<Vec<_>>().join("; ");
        let reply = serde_json::from_str::<Vec<Value>>(&body).unwrap().remove(0);
        reply["clientId"].as_str().unwrap_or_default().clone_into(&mut self.id);
        reply
    }

    pub async fn connect(&self) -> Vec<Value> {
        self.post(json!([self.message("/meta/connect")])).await
    }

    pub fn message(&self, channel: &str) -> Value {
        json!({"channel": channel, "clientId": self.id, "connectionType": "long-polling", "id": "7"})
    }

    pub async fn subscribe(&self, channel: &str, replay: Value) -> Value {
        let mut message = self.message("/meta/subscribe");
        message["subscription"] = channel.into();
        message["ext"] = json!({ "replay": replay });
        self.post(json!([message])).await.remove(0)
    }
}

pub fn names(replies: &[Value]) -> Vec<&str> {
    replies.iter().filter_map(|reply| reply["data"]["sobject"]["LastName"].as_str()).collect()
}

pub fn error(reply: &Value) -> &str {
    reply["error"].as_str().unwrap_or("no error")
}
