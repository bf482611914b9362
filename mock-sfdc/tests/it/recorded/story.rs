//! A cassette told again: one org for all of its exchanges. Rows that an answer shows and that no exchange before has made are made
//! first, rows that it does not show are taken away; what the org answers tells which of our ids stands for which of theirs.

use std::{path::Path, sync::LazyLock};

use mock_sfdc::MockSfdc;
use mock_sfdc_org::{seed as org_seed, value::DateTime};
use regex::Regex;
use serde_json::{Map, Value, json};

use super::{
    cassette, compare,
    exchange::Exchange,
    seed::{Ids, in_our_ids},
    send_pretty,
};

const FIXTURE: &str = r#"{
  "organization": {"name": "CumulusCI - Dev Workspace", "edition": "Developer", "seededAt": "2020-06-01T09:00:00Z"},
  "users": [{"ref": "admin", "username": "guy@recorded.example", "password": "p", "firstName": "Automated", "lastName": "Process", "profile": "System Administrator"}]
}"#;

/// What stands in an address, a cassette's name or an answer, and why the answer here differs.
const EXPLAINED: [(&str, &str); 15] = [
    ("/limits/recordCount", "Salesforce counted some time before the recording, and had not counted again"),
    (
        "/sobjects/Organization/",
        "what a trial's sign-up wrote into the organization: its address, its expiry",
    ),
    ("/connect/", "refused by name"),
    ("/tooling/runTests", "Apex, refused by name"),
    ("/tooling/query/", "rows of Apex, packages and source tracking, which are not emulated"),
    ("/services/Soap/m/48.0/ORGID", "the session of the recording, and Apex"),
    ("SObjectType", "a record type of the recorded org"),
    ("TYPEOF", "events and their people, of which the recording shows too little to make them"),
    ("insert_strategy/3", "edited by hand: XML that calls itself JSON"),
    ("external_id_field__rest/41", "an order that nobody asked for"),
    ("strategy_bulk/3", "edited by hand: jobs that exist already are made again"),
    (
        "strategy_bulk/4",
        "the same, and events and their people, of which the recording shows too little to make them",
    ),
    ("ManualEdit", "edited by hand, as its name says"),
    ("describe_to_sql", "edited by hand: describes with some of their members"),
    ("record_count_for_sobject", "10,003 accounts"),
];

/// In the middle of it Salesforce was at work; here a batch is done at once.
const AT_WORK: &str = r"<numberBatches(Queued|InProgress)>1<|<state>Queued<";

static FROM: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)\bfrom\s+(\w+)").unwrap());
static NESTED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\([^()]*\)").unwrap());
static COUNT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^select count\((?:Id)?\) from (\w+)$").unwrap());
static ID: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(0[01]\w|75[0-2])[a-zA-Z0-9]{12}([A-Z0-5]{3})?$").unwrap());
static XML_OR_CSV: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#"[>"]([a-zA-Z0-9]{15,18})[<"]"#).unwrap());

struct Story {
    mock: MockSfdc,
    /// Recorded ids, and those that stand for them.
    ids: Ids,
}

impl Story {
    async fn begin() -> Self {
        let noon = DateTime::parse("2024-11-20T12:00:00.000Z").unwrap();
        let state = org_seed::load("recorded.json", FIXTURE, noon, &|_| None).unwrap();
        let mock = MockSfdc::builder().state(state).start().await.unwrap();
        mock.clock().freeze_at(noon);
        Self { mock, ids: Ids::new() }
    }

    /// How the answer here differs from the recorded one; nothing when it does not.
    async fn difference(&mut self, exchange: &Exchange) -> Option<String> {
        self.set_up(exchange).await;
        let organization = self.mock.org().snapshot().settings().organization_id.to_string();
        let path = in_our_ids(&exchange.path, &self.ids).replace("00D0xORGID00000000", &organization);
        let body = exchange.body.as_ref().map(|body| in_our_ids(body, &self.ids));
        let answer =
            send_pretty(&self.mock, &exchange.method, &path, exchange.content_type.as_deref(), body).await;
        self.learn(&exchange.answer, &answer.body);
        compare(exchange, &answer)
    }

    /// Makes the org as the answer shows it.
    async fn set_up(&mut self, exchange: &Exchange) {
        for (path, answer) in parts(exchange) {
            let query = query_of(&path);
            if let Some(found) = COUNT.captures(&query) {
                let rows = answer["records"][0]["expr0"].as_u64().or_else(|| answer["totalSize"].as_u64());
                self.make_count(&found[1], usize::try_from(rows.unwrap_or(0)).unwrap()).await;
                continue;
            }
            let Some(rows) = answer["records"].as_array() else { continue };
            let outer = NESTED.replace_all(&query, "");
            let object = FROM.captures(&outer).map(|found| found[1].to_owned()).unwrap_or_default();
            let whole = !outer.to_lowercase().contains(" limit ") && !outer.contains("AccountNumber=");
            if path.contains("/tooling/")
                || ["RecordType", "User", ""].contains(&&*object)
                || query.contains("TYPEOF")
            {
                continue;
            }
            if whole && !query.to_lowercase().contains("(select") {
                self.take_away_all_but(&object, rows).await;
            }
            for row in rows.iter().filter(|_| !query.to_lowercase().contains("(select")) {
                self.make(row).await;
            }
        }
    }

    async fn make_count(&self, object: &str, rows: usize) {
        // What takes longer than it tells is left out, and explained.
        if rows > 1000 || self.mock.org().snapshot().schema().object(object).is_none() {
            return;
        }
        let have = self.all(object).await;
        for id in have.iter().skip(rows) {
            self.delete(object, id).await;
        }
        for _ in have.len()..rows {
            self.create(object, Map::new()).await;
        }
    }

    async fn take_away_all_but(&self, object: &str, rows: &[Value]) {
        let shown: Vec<&String> = rows.iter().filter_map(|row| self.ids.get(recorded_id(row))).collect();
        for id in self.all(object).await.iter().filter(|id| !shown.contains(id)) {
            self.delete(object, id).await;
        }
    }

    async fn make(&mut self, row: &Value) {
        let id = recorded_id(row).to_owned();
        if self.ids.contains_key(&id) {
            return;
        }
        let mut fields = row.as_object().unwrap().clone();
        fields.retain(|name, value| !["attributes", "Id"].contains(&&**name) && !value.is_null());
        let made = self.create(row["attributes"]["type"].as_str().unwrap(), fields).await;
        self.ids.insert(id, made);
    }

    async fn create(&self, object: &str, fields: Map<String, Value>) -> String {
        let mut all = match object {
            "Account" => json!({"Name": "Stand-in"}),
            "Contact" => json!({"LastName": "Stand-in"}),
            other => panic!("{other} is made by no query of the cassettes"),
        };
        all.as_object_mut().unwrap().extend(fields);
        let path = format!("/services/data/v66.0/sobjects/{object}");
        let answer =
            send_pretty(&self.mock, "POST", &path, Some("application/json"), Some(all.to_string())).await;
        assert_eq!(answer.status, 201, "{object} {all}: {}", answer.body);
        let made: Value = serde_json::from_str(&answer.body).unwrap();
        made["id"].as_str().unwrap().to_owned()
    }

    async fn delete(&self, object: &str, id: &str) {
        let path = format!("/services/data/v66.0/sobjects/{object}/{id}");
        assert_eq!(send_pretty(&self.mock, "DELETE", &path, None, None).await.status, 204);
    }

    async fn all(&self, object: &str) -> Vec<String> {
        let path = format!("/services/data/v66.0/query?q=SELECT+Id+FROM+{object}");
        let answer = send_pretty(&self.mock, "GET", &path, None, None).await;
        let found: Value = serde_json::from_str(&answer.body).unwrap();
        let id = |row: &Value| row["Id"].as_str().map(ToOwned::to_owned);
        found["records"].as_array().into_iter().flatten().filter_map(id).collect()
    }

    /// Whatever is an id in the same place of both answers stands for the same.
    fn learn(&mut self, theirs: &str, ours: &str) {
        if let (Ok(theirs), Ok(ours)) = (serde_json::from_str(theirs), serde_json::from_str(ours)) {
            self.learn_json(&theirs, &ours);
            return;
        }
        let both = XML_OR_CSV.captures_iter(theirs).zip(XML_OR_CSV.captures_iter(ours));
        for (theirs, ours) in both {
            self.pair(&theirs[1], &ours[1]);
        }
    }

    fn learn_json(&mut self, theirs: &Value, ours: &Value) {
        match (theirs, ours) {
            (Value::Object(theirs), Value::Object(ours)) => {
                for (name, value) in theirs {
                    self.learn_json(value, &ours.get(name).cloned().unwrap_or_default());
                }
            }
            (Value::Array(theirs), Value::Array(ours)) => {
                theirs.iter().zip(ours).for_each(|(theirs, ours)| self.learn_json(theirs, ours));
            }
            (Value::String(theirs), Value::String(ours)) => self.pair(theirs, ours),
            _ => {}
        }
    }

    fn pair(&mut self, theirs: &str, ours: &str) {
        if theirs != ours && ID.is_match(theirs) && ID.is_match(ours) {
            self.ids.insert(theirs.to_owned(), ours.to_owned());
        }
    }
}

fn recorded_id(row: &Value) -> &str {
    row["attributes"]["url"].as_str().and_then(|url| url.rsplit('/').next()).unwrap_or_default()
}

/// The exchange, or the subrequests of a composite one, as path and answer.
fn parts(exchange: &Exchange) -> Vec<(String, Value)> {
    let answer: Value = serde_json::from_str(&exchange.answer).unwrap_or_default();
    let asked: Value = serde_json::from_str(exchange.body.as_deref().unwrap_or_default()).unwrap_or_default();
    let (Some(asked), Some(answers)) =
        (asked["compositeRequest"].as_array(), answer["compositeResponse"].as_array())
    else {
        return vec![(exchange.path.clone(), answer)];
    };
    let path = |part: &Value| part["url"].as_str().unwrap_or_default().to_owned();
    asked.iter().zip(answers).map(|(part, answer)| (path(part), answer["body"].clone())).collect()
}

fn query_of(path: &str) -> String {
    let query = path.split_once('?').map_or("", |(_, query)| query);
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find_map(|(name, value)| (name == "q").then(|| value.into_owned())).unwrap_or_default()
}

fn explained(exchange: &Exchange) -> bool {
    let query = query_of(&exchange.path);
    let said = format!("{} {} {query}", exchange.name, exchange.path);
    EXPLAINED.iter().any(|(word, _)| said.contains(word))
        || Regex::new(AT_WORK).unwrap().is_match(&exchange.answer)
}

/// All cassettes: how many answers are equal, how many differ for a reason, and the others.
pub async fn retell(folder: &Path) -> (usize, usize, Vec<String>) {
    let (mut equal, mut reasons, mut wrong) = (0, 0, Vec::new());
    for exchanges in cassette::read(folder).into_values().filter(|exchanges| !exchanges.is_empty()) {
        let mut story = Story::begin().await;
        for exchange in &exchanges {
            match story.difference(exchange).await {
                None => equal += 1,
                Some(_) if explained(exchange) => reasons += 1,
                Some(how) => {
                    wrong.push(format!("{} {} {}: {how}", exchange.name, exchange.method, exchange.path));
                }
            }
        }
    }
    (equal, reasons, wrong)
}
