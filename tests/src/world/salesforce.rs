//! A user of the org at work: records, queries and describes over REST, as any client would.
//!
//! Not the engine's client: mock and engine share no code, and neither does the harness.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::soap;
use crate::failure::Failure;

/// By this the story knows what users of the org did.
pub const USER_AGENT: &str = "scenario-user";

pub const VERSION: &str = "v62.0";

/// Characters that a query string cannot carry as they are are escaped by `url`; this is what SOQL needs.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// One error of the org, as its answer spelled it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: String,
    pub message: String,
    pub fields: Vec<String>,
}

/// What became of a request.
#[derive(Debug, Clone)]
pub enum Answer {
    Ok(Value),
    Refused(Vec<Refusal>),
    /// The connection ended without an answer.
    Lost(String),
}

impl Answer {
    /// The body of a request that has to succeed.
    pub fn ok(self, what: &str) -> Result<Value, Failure> {
        match self {
            Self::Ok(body) => Ok(body),
            Self::Refused(errors) => Err(Failure::mismatch(what, "the org accepts it", written(&errors))),
            Self::Lost(why) => Err(Failure::mismatch(what, "the org answers", format!("no answer: {why}"))),
        }
    }
}

/// Errors in one line.
#[must_use]
pub fn written(errors: &[Refusal]) -> String {
    let one = |e: &Refusal| {
        let fields =
            if e.fields.is_empty() { String::new() } else { format!(" (fields: {})", e.fields.join(", ")) };
        format!("{}: {}{fields}", e.code, e.message)
    };
    errors.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// A logged-in user.
#[derive(Debug)]
pub struct Salesforce {
    http: reqwest::Client,
    base: String,
    pub token: String,
    pub user_id: String,
    /// Object name in lower case -> its describe.
    describes: BTreeMap<String, Value>,
    objects: Vec<String>,
}

impl Salesforce {
    #[must_use]
    pub fn new(http: reqwest::Client, base: impl Into<String>, token: String, user_id: String) -> Self {
        let base = base.into().trim_end_matches('/').to_owned();
        Self { http, base, token, user_id, describes: BTreeMap::new(), objects: Vec::new() }
    }

    fn url(&self, path: &str) -> String {
        format!("{}/services/data/{VERSION}/{path}", self.base)
    }

    pub async fn create(&self, object: &str, body: &Map<String, Value>, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.http.post(self.url(&format!("sobjects/{object}"))).json(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request).await
    }

    pub async fn update(&self, object: &str, id: &str, body: &Map<String, Value>) -> Answer {
        self.send(self.http.patch(self.url(&format!("sobjects/{object}/{id}"))).json(body)).await
    }

    pub async fn delete(&self, object: &str, id: &str) -> Answer {
        self.send(self.http.delete(self.url(&format!("sobjects/{object}/{id}")))).await
    }

    /// An operation that only SOAP has, about one record.
    pub async fn soap(&self, operation: &str, arguments: &str) -> Answer {
        let url = format!("{}/services/Soap/u/62.0", self.base);
        let body = soap::envelope(&self.token, operation, arguments);
        let request = self.http.post(url).header("user-agent", USER_AGENT).header("content-type", "text/xml");
        let answer = match request.header("SOAPAction", "\"\"").body(body).send().await {
            Ok(answer) => answer.text().await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(text) => soap::answer(&text),
            Err(error) => Answer::Lost(error.to_string()),
        }
    }

    /// The one deleted record of an object with this name.
    pub async fn deleted_id_of(&self, object: &str, name: &str) -> Result<String, Failure> {
        let soql = format!("SELECT Id FROM {object} WHERE Name = {} AND IsDeleted = true", quoted(name));
        let request = self.http.get(self.url("queryAll")).query(&[("q", soql.as_str())]);
        let body = self.send(request).await.ok(&format!("the query {soql}"))?;
        match body["records"].as_array().map(Vec::as_slice) {
            Some([row]) => Ok(row["Id"].as_str().unwrap_or_default().to_owned()),
            rows => {
                let count = rows.map_or(0, <[Value]>::len);
                Err(Failure::new(format!("the org has {count} deleted {object} \"{name}\"")))
            }
        }
    }

    pub async fn query(&self, soql: &str) -> Answer {
        self.send(self.http.get(self.url("query")).query(&[("q", soql)])).await
    }

    /// The rows of a query that has to succeed.
    pub async fn rows(&self, soql: &str) -> Result<Vec<Value>, Failure> {
        let body = self.query(soql).await.ok(&format!("the query {soql}"))?;
        Ok(body["records"].as_array().cloned().unwrap_or_default())
    }

    /// Anything that a session is needed for.
    pub async fn limits(&self) -> Answer {
        self.send(self.http.get(self.url("limits"))).await
    }

    pub async fn revoke(&self) -> Result<(), Failure> {
        let url = format!("{}/services/oauth2/revoke", self.base);
        let answer = self.http.post(url).form(&[("token", &self.token)]).send().await?;
        if answer.status().is_success() {
            return Ok(());
        }
        Err(Failure::new(format!("revoking the token was answered with {}", answer.status())))
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let answer = match request.bearer_auth(&self.token).header("user-agent", USER_AGENT).send().await {
            Ok(answer) => answer,
            Err(error) => return Answer::Lost(error.to_string()),
        };
        let status = answer.status();
        let body = match answer.bytes().await {
            Ok(bytes) => bytes,
            Err(error) => return Answer::Lost(error.to_string()),
        };
        let value: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        if status.is_success() { Answer::Ok(value) } else { Answer::Refused(refusals(status, &value, &body)) }
    }

    /// The object that a feature means: its API name in the org's own spelling, from singular or plural.
    pub async fn object_name(&mut self, written: &str) -> Result<String, Failure> {
        if self.objects.is_empty() {
            let body =
                self.send(self.http.get(self.url("sobjects"))).await.ok("the list of the org's objects")?;
            let listed = body["sobjects"].as_array().cloned().unwrap_or_default();
            self.objects = listed.iter().filter_map(|o| o["name"].as_str().map(str::to_owned)).collect();
        }
        let singular = written.strip_suffix("ies").map(|stem| format!("{stem}y"));
        let singular = singular.or_else(|| written.strip_suffix('s').map(str::to_owned));
        let mut spellings = [Some(written.to_owned()), singular].into_iter().flatten();
        let found = spellings.find_map(|name| self.objects.iter().find(|o| o.eq_ignore_ascii_case(&name)));
        found.cloned().ok_or_else(|| {
            let near = self
                .objects
                .iter()
                .max_by(|a, b| strsim::jaro_winkler(a, written).total_cmp(&strsim::jaro_winkler(b, written)));
            let hint = near.map_or_else(String::new, |name| format!(". Did you mean {name}?"));
            Failure::new(format!("the org has no object {written}{hint}"))
        })
    }

    /// A field's type in describe's words, or nothing for a field that the org does not have.
    pub async fn field_type(&mut self, object: &str, field: &str) -> Result<Option<String>, Failure> {
        let key = object.to_lowercase();
        if !self.describes.contains_key(&key) {
            let path = self.url(&format!("sobjects/{object}/describe"));
            let described = self.send(self.http.get(path)).await.ok(&format!("the describe of {object}"))?;
            self.describes.insert(key.clone(), described);
        }
        let fields = self.describes[&key]["fields"].as_array().cloned().unwrap_or_default();
        let named = |f: &Value| f["name"].as_str().is_some_and(|name| name.eq_ignore_ascii_case(field));
        Ok(fields.iter().find(|f| named(f)).and_then(|f| f["type"].as_str().map(str::to_owned)))
    }

    /// A cell of a table as the JSON that this field takes.
    pub async fn typed(&mut self, object: &str, field: &str, text: &str) -> Result<Value, Failure> {
        let kind = self.field_type(object, field).await?.unwrap_or_default();
        Ok(match kind.as_str() {
            "boolean" => match text.to_lowercase().as_str() {
                "true" | "yes" => json!(true),
                "false" | "no" => json!(false),
                _ => json!(text),
            },
            "int" | "double" | "currency" | "percent" | "long" => {
                serde_json::from_str::<serde_json::Number>(text).map_or_else(|_| json!(text), Value::Number)
            }
            _ => json!(text),
        })
    }

    /// The one record of an object with this name.
    pub async fn id_of(&self, object: &str, name: &str) -> Result<String, Failure> {
        let (object, condition) = match object {
            "Queue" => ("Group", format!("Name = {} AND Type = 'Queue'", quoted(name))),
            "Case" | "Task" | "Event" => (object, format!("Subject = {}", quoted(name))),
            _ => (object, format!("Name = {}", quoted(name))),
        };
        let rows = self.rows(&format!("SELECT Id FROM {object} WHERE {condition}")).await?;
        match rows.as_slice() {
            [row] => Ok(row["Id"].as_str().unwrap_or_default().to_owned()),
            [] => Err(Failure::new(format!("the org has no {object} \"{name}\""))),
            several => {
                Err(Failure::new(format!("the org has {} of {object} \"{name}\"; which one?", several.len())))
            }
        }
    }
}

fn refusals(status: reqwest::StatusCode, body: &Value, bytes: &[u8]) -> Vec<Refusal> {
    let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let one = |error: &Value| Refusal {
        code: text(error, "errorCode"),
        message: text(error, "message"),
        fields: error["fields"]
            .as_array()
            .map(|fields| fields.iter().filter_map(|f| f.as_str().map(str::to_owned)).collect())
            .unwrap_or_default(),
    };
    match body.as_array() {
        Some(errors) if !errors.is_empty() => errors.iter().map(one).collect(),
        _ => vec![Refusal {
            code: status.as_str().to_owned(),
            message: String::from_utf8_lossy(bytes).chars().take(500).collect(),
            fields: Vec::new(),
        }],
    }
}
