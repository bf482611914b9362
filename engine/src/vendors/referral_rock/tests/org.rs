//! A thin stand-in for an org, for the flows' own tests: a socket, records in a map, and as much SOQL as the flows write. What
//! an org really does is the mock's business, and the scenarios' to prove.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::{Form, Path, Query, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::Engine as _;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;

use crate::clock::{Clock, ManualClock};

pub const SECRET: &str = "app-secret";
pub const USER: &str = "005000000000001AAA";

/// What happens to the next create of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is saved, and the answer cannot be read.
    AnswerLost,
    /// `UNABLE_TO_LOCK_ROW`.
    Locked,
    /// `FIELD_CUSTOM_VALIDATION_EXCEPTION`.
    Refused,
}

#[derive(Debug)]
struct Inner {
    records: BTreeMap<String, Vec<Map<String, Value>>>,
    faults: Vec<Fault>,
    org_id: String,
    edition: String,
    sandbox: bool,
    created: u32,
}

#[derive(Debug, Clone)]
pub struct Org {
    inner: Arc<Mutex<Inner>>,
    clock: ManualClock,
    pub url: String,
}

impl Org {
    pub async fn start(clock: ManualClock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let inner = Inner {
            records: BTreeMap::new(),
            faults: Vec::new(),
            org_id: "00D000000000001AAA".into(),
            edition: "Developer Edition".into(),
            sandbox: false,
            created: 0,
        };
        let org = Self { inner: Arc::new(Mutex::new(inner)), clock, url };
        let data = Router::new()
            .route("/query", get(query))
            .route("/sobjects/{object}", post(create))
            .route("/sobjects/{object}/describe", get(describe))
            .route("/sobjects/{object}/{id}", get(retrieve).patch(update));
        let app = Router::new()
            .route("/services/oauth2/token", post(token))
            .route("/services/oauth2/revoke", post(|| async { StatusCode::OK }))
            .route("/id/{org}/{user}", get(identity))
            .nest("/services/data/v66.0", data)
            .layer(middleware::from_fn_with_state(org.clone(), dated))
            .with_state(org.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        org
    }

    pub fn set_edition(&self, edition: &str, sandbox: bool) {
        let mut inner = self.inner.lock().unwrap();
        inner.edition = edition.into();
        inner.sandbox = sandbox;
    }

    pub fn next_create(&self, fault: Fault) {
        self.inner.lock().unwrap().faults.push(fault);
    }

    pub fn add(&self, object: &str, fields: &Value) -> String {
        let now = self.clock.now().strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string();
        let mut inner = self.inner.lock().unwrap();
        inner.created += 1;
        let prefix = match object {
            "Lead" => "00Q",
            "Contact" => "003",
            "Account" => "001",
            "Opportunity" => "006",
            _ => "0XX",
        };
        let id = format!("{prefix}{:012}AAA", inner.created);
        let mut record = Map::new();
        record.insert("Id".into(), json!(id));
        for name in ["CreatedDate", "SystemModstamp"] {
            record.insert(name.into(), json!(now));
        }
        record.insert("LastModifiedById".into(), json!(USER));
        if object == "Lead" {
            record.insert("IsConverted".into(), json!(false));
        }
        record.extend(fields.as_object().unwrap().clone());
        inner.records.entry(object.into()).or_default().push(record);
        id
    }

    pub fn change(&self, object: &str, id: &str, fields: &Value) {
        let now = self.clock.now().strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string();
        let mut inner = self.inner.lock().unwrap();
        let records = inner.records.entry(object.into()).or_default();
        let record = records.iter_mut().find(|record| record["Id"] == id).unwrap();
        record.extend(fields.as_object().unwrap().clone());
        record.insert("SystemModstamp".into(), json!(now));
    }

    pub fn records(&self, object: &str) -> Vec<Map<String, Value>> {
        self.inner.lock().unwrap().records.get(object).cloned().unwrap_or_default()
    }
}

async fn dated(State(org): State<Org>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let date = org.clock.now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    response.headers_mut().insert(header::DATE, HeaderValue::from_str(&date).unwrap());
    response
}

async fn token(State(org): State<Org>, Form(_): Form<BTreeMap<String, String>>) -> Json<Value> {
    let issued_at = org.clock.now().as_millisecond().to_string();
    let id = format!("{}/id/{}/{USER}", org.url, org.inner.lock().unwrap().org_id);
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{id}{issued_at}").as_bytes());
    let signature = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    Json(json!({
        "access_token": "00D!token", "refresh_token": "refresh", "signature": signature, "scope": "api refresh_token",
        "instance_url": org.url, "id": id, "token_type": "Bearer", "issued_at": issued_at,
    }))
}

async fn identity(State(org): State<Org>) -> Json<Value> {
    let org_id = org.inner.lock().unwrap().org_id.clone();
    Json(json!({"user_id": USER, "organization_id": org_id, "username": "admin@org.test"}))
}

async fn query(State(org): State<Org>, Query(parameters): Query<BTreeMap<String, String>>) -> Response {
    let soql = &parameters["q"];
    let (select, rest) = soql.strip_prefix("SELECT ").unwrap().split_once(" FROM ").unwrap();
    let (rest, limit) =
        rest.split_once(" LIMIT ").map_or((rest, usize::MAX), |(a, b)| (a, b.parse().unwrap()));
    let rest = rest.split(" ORDER BY ").next().unwrap();
    let (object, conditions) = rest.split_once(" WHERE ").unwrap_or((rest, ""));
    let rows = match object {
        "Organization" => {
            let inner = org.inner.lock().unwrap();
            let row = json!({"Id": inner.org_id, "Name": "Acme", "OrganizationType": inner.edition,
                "IsSandbox": inner.sandbox, "InstanceName": "CS1"});
            vec![row.as_object().unwrap().clone()]
        }
        "User" => {
            let row = json!({"Id": USER, "Username": "admin@org.test",
                "Profile": {"Name": "System Administrator", "UserLicense": {"Name": "Salesforce"}}});
            vec![row.as_object().unwrap().clone()]
        }
        _ => org.records(object),
    };
    let wanted = conditions.split(" AND ").filter(|condition| !condition.is_empty());
    let wanted: Vec<&str> = wanted.collect();
    let found: Vec<Value> = rows
        .iter()
        .filter(|row| object == "User" || wanted.iter().all(|condition| holds(row, condition)))
        .take(limit)
        .map(|row| {
            let field = |name: &str| (name.to_owned(), row.get(name).cloned().unwrap_or(Value::Null));
            let names = select.split(", ").map(|path| path.split('.').next().unwrap());
            Value::Object(names.map(field).collect())
        })
        .collect();
    Json(json!({"totalSize": found.len(), "done": true, "records": found})).into_response()
}

fn holds(row: &Map<String, Value>, condition: &str) -> bool {
    let literal = |text: &str| match text {
        "TRUE" => json!(true),
        "FALSE" => json!(false),
        text => json!(text.trim_matches('\'')),
    };
    let of = |field: &str| row.get(field).cloned().unwrap_or(Value::Null);
    if let Some((field, list)) = condition.split_once(" IN ") {
        return list.trim_matches(['(', ')']).split(", ").any(|text| literal(text) == of(field));
    }
    let (field, value) = condition.split_once(" = ").expect("the stand-in reads =, IN and AND");
    match (of(field), literal(value)) {
        (Value::String(a), Value::String(b)) => a.eq_ignore_ascii_case(&b),
        (a, b) => a == b,
    }
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(json!([{"message": message, "errorCode": code, "fields": []}]))).into_response()
}

async fn create(State(org): State<Org>, Path(object): Path<String>, Json(body): Json<Value>) -> Response {
    let fault = org.inner.lock().unwrap().faults.pop();
    match fault {
        Some(Fault::Locked) => {
            return error(StatusCode::BAD_REQUEST, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access");
        }
        Some(Fault::Refused) => {
            return error(
                StatusCode::BAD_REQUEST,
                "FIELD_CUSTOM_VALIDATION_EXCEPTION",
                "No test leads, please",
            );
        }
        _ => {}
    }
    let id = org.add(&object, &body);
    if fault == Some(Fault::AnswerLost) {
        return (StatusCode::CREATED, "{\"id\":").into_response();
    }
    (StatusCode::CREATED, Json(json!({"id": id, "success": true, "errors": []}))).into_response()
}

async fn retrieve(State(org): State<Org>, Path((object, id)): Path<(String, String)>) -> Response {
    match org.records(&object).into_iter().find(|record| record["Id"] == id.as_str()) {
        Some(record) => Json(Value::Object(record)).into_response(),
        None => error(StatusCode::NOT_FOUND, "NOT_FOUND", "The requested resource does not exist"),
    }
}

async fn update(
    State(org): State<Org>,
    Path((object, id)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> StatusCode {
    org.change(&object, &id, &body);
    StatusCode::NO_CONTENT
}

async fn describe(Path(object): Path<String>) -> Json<Value> {
    let names = [
        "Id",
        "FirstName",
        "LastName",
        "Email",
        "Company",
        "Phone",
        "IsConverted",
        "ConvertedContactId",
        "ConvertedOpportunityId",
        "AccountId",
        "Name",
        "StageName",
        "Amount",
        "Status",
        "CreatedDate",
        "LastModifiedById",
        "SystemModstamp",
        "Referral_Rock_Referral_Id__c",
        "Referring_Member_Code__c",
    ];
    let field = |name: &&str| {
        json!({"name": name, "label": name, "type": "string", "nillable": true, "createable": true,
            "updateable": true, "relationshipName": null})
    };
    let mut fields: Vec<Value> = names.iter().map(field).collect();
    let mut secret = field(&"Secret__c");
    secret["encrypted"] = json!(true);
    fields.push(secret);
    Json(json!({"name": object, "label": object, "keyPrefix": null, "createable": true, "updateable": true,
        "deletable": true, "queryable": true, "fields": fields}))
}
