//! Jobs of the Bulk APIs outlive the process, in a data file, and move with an org, in an image.

use std::{path::Path, process::Child};

use mock_sfdc::MockSfdc;
use serde_json::{Value, json};

use crate::{
    client,
    command::{self, Running},
};

const INGEST: &str = "/services/data/v66.0/jobs/ingest";
const QUERY: &str = "/services/data/v66.0/jobs/query";
const ASYNC: &str = "/services/async/66.0/job";

struct Client {
    url: String,
    token: String,
}

impl Client {
    async fn text(&self, method: &str, path: &str, kind: &str, body: impl Into<String>) -> (u16, String) {
        let request = client().request(method.parse().unwrap(), format!("{}{path}", self.url));
        let request = request.bearer_auth(&self.token).header("x-sfdc-session", &self.token);
        let answer = request.header("content-type", kind).body(body.into()).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn json(&self, method: &str, path: &str, body: Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        serde_json::from_str(&self.text(method, path, "application/json", body).await.1).unwrap()
    }

    async fn get(&self, path: &str) -> String {
        let (status, text) = self.text("GET", path, "", "").await;
        assert_eq!(status, 200, "{path}: {text}");
        text
    }

    /// A job of 2.0 that has its upload; its path.
    async fn load(&self, csv: &str) -> String {
        let job = self.json("POST", INGEST, json!({"object": "Lead", "operation": "insert"})).await;
        let path = format!("{INGEST}/{}", job["id"].as_str().unwrap());
        assert_eq!(self.text("PUT", &format!("{path}/batches"), "text/csv", csv).await.0, 201);
        path
    }

    /// A batch of 1.0 in JSON that is done; its path.
    async fn batch(&self, records: Value) -> String {
        let job = json!({"operation": "insert", "object": "Lead", "contentType": "JSON"});
        let job = self.json("POST", ASYNC, job).await;
        let batches = format!("{ASYNC}/{}/batch", job["id"].as_str().unwrap());
        let batch = self.json("POST", &batches, records).await;
        format!("{batches}/{}", batch["id"].as_str().unwrap())
    }

    async fn complete(&self, job: &str) {
        let closed = self.json("PATCH", job, json!({"state": "UploadComplete"})).await;
        assert_eq!(closed["state"], "UploadComplete", "{closed}");
    }

    /// All that a finished job tells.
    async fn told(&self, job: &str) -> Vec<String> {
        let mut told = Vec::new();
        for name in ["", "/successfulResults", "/failedResults", "/unprocessedrecords"] {
            told.push(self.get(&format!("{job}{name}")).await);
        }
        told
    }
}

fn serve(data: &Path, env: &Path) -> (Child, Client) {
    let Running { child, url, token } = command::serve(&["--data", data.to_str().unwrap()], env);
    (child, Client { url, token })
}

/// Longer than a piece of what is kept: eight hundred leads, each second one without a name.
fn leads() -> String {
    let row = |at: usize| {
        let name = if at.is_multiple_of(2) { format!("Zoë \"\"{at}\"\"") } else { String::new() };
        format!("\"{name}\",Engines,\"{}\"\n", "é\n".repeat(60))
    };
    format!("LastName,Company,Description\n{}", (0..800).map(row).collect::<Vec<_>>().concat())
}

#[tokio::test]
async fn jobs_outlive_a_kill() {
    let folder = std::env::temp_dir().join(format!("mock-sfdc-bulk-kept-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (data, env) = (folder.join("org.sqlite"), folder.join("mock.env"));
    let (mut child, client) = serve(&data, &env);
    let done = client.load(&leads()).await;
    client.complete(&done).await;
    let told = client.told(&done).await;
    assert!(told[1].lines().count() > 400 && told[2].contains("REQUIRED_FIELD_MISSING"));
    let waiting = client.load(&leads()).await;
    let batch = client.batch(json!([{"LastName": "Ada", "Company": "Engines"}, {"Company": "Nobody"}])).await;
    let of_batch =
        (client.get(&format!("{batch}/request")).await, client.get(&format!("{batch}/result")).await);
    let query =
        client.json("POST", QUERY, json!({"operation": "query", "query": "SELECT Id FROM Lead"})).await;
    let query = format!("{QUERY}/{}", query["id"].as_str().unwrap());
    let gone = client.load("LastName,Company\nA,B\n").await;
    client.complete(&gone).await;
    assert_eq!(client.text("DELETE", &gone, "", "").await.0, 204);
    child.kill().unwrap();
    child.wait().unwrap();

    let (mut child, client) = serve(&data, &env);
    assert_eq!(client.told(&done).await, told);
    assert_eq!(
        (client.get(&format!("{batch}/request")).await, client.get(&format!("{batch}/result")).await),
        of_batch
    );
    assert_eq!(client.text("GET", &gone, "", "").await.0, 404);
    client.complete(&waiting).await;
    let after = client.json("GET", &waiting, Value::Null).await;
    assert_eq!(
        (&after["state"], &after["numberRecordsProcessed"], &after["numberRecordsFailed"]),
        (&json!("JobComplete"), &json!(800), &json!(400))
    );
    let lost = client.json("GET", &query, Value::Null).await;
    assert_eq!(lost["state"], "Failed", "{lost}");
    assert!(
        lost["errorMessage"].as_str().unwrap().contains("does not keep what a query has found"),
        "{lost}"
    );
    let new = client.load("LastName,Company\nA,B\n").await;
    assert!(new > waiting, "ids go on: {new} after {waiting}");
    child.kill().unwrap();
    child.wait().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn jobs_move_with_their_org() {
    let one = MockSfdc::start().await.unwrap();
    let client = Client { url: one.url(), token: one.admin_token().to_owned() };
    let done = client.load(&leads()).await;
    client.complete(&done).await;
    let told = client.told(&done).await;
    let control = async |mock: &MockSfdc, method: &str, path: &str, body: String| {
        let url = format!("{}/orgs/default{path}", mock.control_url());
        let request = crate::client().request(method.parse().unwrap(), url);
        let answer = request.header("x-mock-token", mock.control_token()).body(body).send().await.unwrap();
        assert!(answer.status().is_success());
        answer.text().await.unwrap()
    };
    // Under way when it moves: a part of its records is done.
    control(&one, "PATCH", "/bulk", json!({"progress": {"pace": "byHand"}}).to_string()).await;
    let begun = client.load(&leads()).await;
    client.complete(&begun).await;
    let advance = format!("/bulk/{}/advance", begun.rsplit('/').next().unwrap());
    control(&one, "POST", &advance, json!({"records": 300}).to_string()).await;
    let image = control(&one, "GET", "/image", String::new()).await;

    let other = MockSfdc::start().await.unwrap();
    control(&other, "PUT", "/image", image).await;
    let client = Client { url: other.url(), token: other.admin_token().to_owned() };
    assert_eq!(client.told(&done).await, told);
    assert_eq!(client.json("GET", &begun, Value::Null).await["numberRecordsProcessed"], 300);
    control(&other, "POST", &advance, json!({"records": 10_000}).to_string()).await;
    let after = client.told(&begun).await;
    assert!(after[0].contains("\"JobComplete\"") && after[0].contains("\"numberRecordsProcessed\":800"));
    let ids = |text: &str| text.matches("\"00Q").count();
    assert_eq!((ids(&after[1]), after[2].matches("REQUIRED_FIELD_MISSING").count()), (400, 400));
}
