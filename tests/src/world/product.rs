//! The product's side: Referral Rock as a person or the product's own software uses it, over the engine's HTTP API.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::failure::Failure;

/// One Referral Rock account.
#[derive(Debug, Clone)]
pub struct Product {
    http: reqwest::Client,
    base: String,
    token: String,
    account: String,
}

/// What the engine answered.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: StatusCode,
    pub body: Value,
}

impl Reply {
    pub fn ok(self, what: &str) -> Result<Value, Failure> {
        if self.status.is_success() {
            return Ok(self.body);
        }
        Err(Failure::mismatch(what, "the product accepts it", self.problem()))
    }

    /// The problem detail in one line.
    #[must_use]
    pub fn problem(&self) -> String {
        let text = |key: &str| self.body[key].as_str().unwrap_or_default().to_owned();
        let mistakes = self.body["mistakes"].as_array().map(|list| {
            list.iter()
                .map(|m| m.as_str().map_or_else(|| m.to_string(), str::to_owned))
                .collect::<Vec<_>>()
                .join("; ")
        });
        let parts = [self.status.to_string(), text("title"), text("detail"), mistakes.unwrap_or_default()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
    }
}

impl Product {
    #[must_use]
    pub fn new(
        http: reqwest::Client,
        base: impl Into<String>,
        token: impl Into<String>,
        account: &str,
    ) -> Self {
        let base = base.into().trim_end_matches('/').to_owned();
        Self { http, base, token: token.into(), account: account.to_owned() }
    }

    /// The same engine, another account.
    #[must_use]
    pub fn other(&self, account: &str) -> Self {
        Self { account: account.to_owned(), ..self.clone() }
    }

    pub async fn make_account(&self, name: &str) -> Result<(), Failure> {
        let url = format!("{}/v1/accounts", self.base);
        let request = self.http.post(url).json(&json!({ "id": self.account, "name": name }));
        self.send(request).await?.ok(&format!("making the account {name}")).map(|_| ())
    }

    /// A request below `/v1/accounts/{account}/`.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Reply, Failure> {
        let url = format!("{}/v1/accounts/{}/{path}", self.base, self.account);
        let request = self.http.request(method, url);
        self.send(match body {
            Some(body) => request.json(body),
            None => request,
        })
        .await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Reply, Failure> {
        let answer = request.bearer_auth(&self.token).send().await?;
        let status = answer.status();
        let body = serde_json::from_slice(&answer.bytes().await?).unwrap_or(Value::Null);
        Ok(Reply { status, body })
    }

    pub async fn get(&self, path: &str) -> Result<Value, Failure> {
        self.call(Method::GET, path, None).await?.ok(&format!("reading {path}"))
    }

    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.call(Method::POST, path, Some(body)).await?.ok(&format!("adding to {path}"))
    }

    pub async fn put(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.call(Method::PUT, path, Some(body)).await?.ok(&format!("setting {path}"))
    }

    pub async fn list(&self, path: &str) -> Result<Vec<Value>, Failure> {
        Ok(self.get(path).await?["items"].as_array().cloned().unwrap_or_default())
    }

    /// The one item of a list that fits.
    pub async fn find(
        &self,
        path: &str,
        what: &str,
        fits: impl Fn(&Value) -> bool,
    ) -> Result<Value, Failure> {
        let items = self.list(path).await?;
        let mut fitting = items.iter().filter(|item| fits(item));
        match (fitting.next(), fitting.next()) {
            (Some(one), None) => Ok(one.clone()),
            (None, _) => {
                Err(Failure::new(format!("Referral Rock has no {what}; it has {} in all", items.len())))
            }
            (Some(_), Some(_)) => Err(Failure::new(format!("Referral Rock has more than one {what}"))),
        }
    }

    /// A referral with its history and links, by email.
    pub async fn referral(&self, email: &str) -> Result<Value, Failure> {
        let found = self.find("referrals", &format!("referral \"{email}\""), |r| r["email"] == email).await?;
        self.get(&format!("referrals/{}", id(&found))).await
    }

    /// A member by email or by full name.
    pub async fn member(&self, name: &str) -> Result<Value, Failure> {
        self.find("members", &format!("member \"{name}\""), |m| m["email"] == name || full_name(m) == name)
            .await
    }

    pub async fn program(&self, name: &str) -> Result<Value, Failure> {
        self.find("programs", &format!("program \"{name}\""), |p| p["name"] == name).await
    }
}

#[must_use]
pub fn id(item: &Value) -> &str {
    item["id"].as_str().unwrap_or_default()
}

#[must_use]
pub fn full_name(person: &Value) -> String {
    let part = |key: &str| person[key].as_str().unwrap_or_default();
    format!("{} {}", part("first_name"), part("last_name")).trim().to_owned()
}
