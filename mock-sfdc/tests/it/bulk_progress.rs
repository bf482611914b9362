//! Jobs of the Bulk APIs on their way: how fast they go, what stops them, what a day allows, and who hears of them.

use mock_sfdc::MockSfdc;
use serde_json::{Value, json};

use crate::{TOKEN, client, mock};

async fn call(mock: &MockSfdc, method: &str, path: &str, kind: &str, body: String) -> (u16, String) {
    let request = client().request(method.parse().unwrap(), format!("{}{path}", mock.url()));
    let request = if path.starts_with("/_mock") {
        request.header("x-mock-token", mock.control_token())
    } else {
        request.bearer_auth(TOKEN).header("x-sfdc-session", TOKEN)
    };
    let answer = request.header("content-type", kind).body(body).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn json(mock: &MockSfdc, method: &str, path: &str, body: Value) -> Value {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let (_, text) = call(mock, method, path, "application/json", body).await;
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}

const INGEST: &str = "/services/data/v66.0/jobs/ingest";

/// A job with so many leads, ready to go; its path.
async fn loaded(mock: &MockSfdc, leads: usize) -> String {
    let job = json(mock, "POST", INGEST, json!({"object": "Lead", "operation": "insert"})).await;
    let path = format!("{INGEST}/{}", job["id"].as_str().unwrap());
    let rows = (0..leads).map(|at| format!("Lead {at},Engines\n")).collect::<Vec<_>>().concat();
    let csv = format!("LastName,Company\n{rows}");
    assert_eq!(call(mock, "PUT", &format!("{path}/batches"), "text/csv", csv).await.0, 201);
    json(mock, "PATCH", &path, json!({"state": "UploadComplete"})).await;
    path
}

async fn state(mock: &MockSfdc, path: &str) -> (String, u64) {
    let job = json(mock, "GET", path, Value::Null).await;
    (
        job["state"].as_str().unwrap_or_default().to_owned(),
        job["numberRecordsProcessed"].as_u64().unwrap_or(0),
    )
}

fn is(state: &str, processed: u64) -> (String, u64) {
    (state.to_owned(), processed)
}

async fn pace(mock: &MockSfdc, progress: Value) {
    let shown = json(mock, "PATCH", "/_mock/orgs/default/bulk", json!({"progress": progress})).await;
    assert_eq!(shown["progress"], progress);
}

#[tokio::test]
async fn jobs_go_as_fast_as_they_are_told() {
    let mock = mock().await;
    mock.org().clock().freeze();
    pace(&mock, json!({"pace": "after", "millis": 60_000})).await;
    let job = loaded(&mock, 3).await;
    assert_eq!(state(&mock, &job).await, is("UploadComplete", 0));
    mock.org().clock().advance(30_000);
    assert_eq!(state(&mock, &job).await, is("InProgress", 0));
    mock.org().clock().advance(30_000);
    assert_eq!(state(&mock, &job).await, is("JobComplete", 3));

    pace(&mock, json!({"pace": "polls", "polls": 2})).await;
    let job = loaded(&mock, 3).await;
    for want in [is("UploadComplete", 0), is("InProgress", 0), is("JobComplete", 3)] {
        assert_eq!(state(&mock, &job).await, want);
    }

    pace(&mock, json!({"pace": "byHand"})).await;
    let job = loaded(&mock, 500).await;
    assert_eq!(state(&mock, &job).await, is("UploadComplete", 0));
    let advance = format!("/_mock/orgs/default/bulk/{}/advance", job.rsplit('/').next().unwrap());
    assert_eq!(json(&mock, "POST", &advance, Value::Null).await["state"], "InProgress");
    assert_eq!(json(&mock, "POST", &advance, json!({"records": 250})).await["batches"][0]["processed"], 250);
    assert_eq!(state(&mock, &job).await, is("InProgress", 250));
    assert_eq!(json(&mock, "PATCH", &job, json!({"state": "Aborted"})).await["state"], "Aborted");
    let (_, rest) = call(&mock, "GET", &format!("{job}/unprocessedrecords"), "", String::new()).await;
    assert_eq!((rest.lines().count(), rest.lines().nth(1)), (251, Some("Lead 250,Engines")));
    assert_eq!(
        call(&mock, "GET", &format!("{job}/unprocessedRecords"), "", String::new()).await,
        (200, rest)
    );
    let (_, saved) = call(&mock, "GET", &format!("{job}/successfulResults"), "", String::new()).await;
    assert_eq!(saved.lines().count(), 251);
    assert_eq!(json(&mock, "POST", &advance, Value::Null).await["batches"][0]["processed"], 250);
    assert_eq!(
        call(&mock, "POST", "/_mock/orgs/default/bulk/750000000000000AAA/advance", "", String::new()).await.0,
        404
    );
}

#[tokio::test]
async fn batches_of_a_serial_job_wait_for_each_other() {
    let mock = mock().await;
    mock.org().clock().freeze();
    pace(&mock, json!({"pace": "after", "millis": 60_000})).await;
    for (mode, after_one) in
        [("Parallel", ["Completed", "Completed"]), ("Serial", ["Completed", "InProgress"])]
    {
        let job =
            json!({"operation": "insert", "object": "Lead", "contentType": "JSON", "concurrencyMode": mode});
        let job = json(&mock, "POST", "/services/async/66.0/job", job).await;
        let path = format!("/services/async/66.0/job/{}/batch", job["id"].as_str().unwrap());
        for name in ["First", "Second"] {
            json(&mock, "POST", &path, json!([{"LastName": name, "Company": mode}])).await;
        }
        let states = async || {
            let all = json(&mock, "GET", &path, Value::Null).await;
            [all["batchInfo"][0]["state"].clone(), all["batchInfo"][1]["state"].clone()]
        };
        assert_eq!(states().await, ["Queued", "Queued"]);
        mock.org().clock().advance(30_000);
        assert_eq!(states().await[0], "InProgress", "{mode}");
        mock.org().clock().advance(30_000);
        assert_eq!(states().await, after_one, "{mode}");
        for _ in 0..3 {
            mock.org().clock().advance(30_000);
            states().await;
        }
        assert_eq!(states().await, ["Completed", "Completed"], "{mode}");
    }
}

#[tokio::test]
async fn states_allow_what_they_allow() {
    let mock = mock().await;
    pace(&mock, json!({"pace": "byHand"})).await;
    let error =
        async |method: &str, path: &str, body: Value| json(&mock, method, path, body).await[0].clone();
    let job = loaded(&mock, 1).await;
    let early = error("GET", &format!("{job}/successfulResults"), Value::Null).await;
    assert_eq!(early["errorCode"], "INVALIDJOBSTATE");
    let (status, text) =
        call(&mock, "PUT", &format!("{job}/batches"), "text/csv", "LastName\nx\n".into()).await;
    assert_eq!((status, text.contains("INVALIDJOBSTATE")), (400, true), "{text}");
    json(&mock, "PATCH", "/_mock/orgs/default/bulk", json!({"progress": {"pace": "atOnce"}})).await;
    let done = loaded(&mock, 1).await;
    assert_eq!(
        error("PATCH", &done, json!({"state": "Aborted"})).await,
        json!({"errorCode": "INVALIDJOBSTATE", "message": "Aborting already Completed Job not allowed"})
    );
    assert_eq!(
        error("PATCH", &done, json!({"state": "UploadComplete"})).await,
        json!({"errorCode": "INVALIDJOBSTATE", "message": "Closing already Completed Job not allowed"})
    );
    let open = json(&mock, "POST", INGEST, json!({"object": "Lead", "operation": "insert"})).await;
    let open = format!("{INGEST}/{}", open["id"].as_str().unwrap());
    assert_eq!(
        error("DELETE", &open, Value::Null).await,
        json!({"errorCode": "API_ERROR", "message": "Error encountered when deleting the job because the job is not terminated"})
    );
    assert_eq!(
        error("PATCH", &open, json!({"state": "UploadComplete"})).await["errorCode"],
        "INVALIDJOBSTATE"
    );
    assert_eq!(json(&mock, "PATCH", &open, json!({"state": "Aborted"})).await["state"], "Aborted");
    // A week after its end a job is forgotten.
    mock.org().clock().advance(8 * 24 * 3_600_000);
    assert_eq!(error("GET", &open, Value::Null).await["errorCode"], "INVALID_SESSION_ID");
}

#[tokio::test]
async fn a_day_has_its_limits() {
    let mock = mock().await;
    json(&mock, "PATCH", "/_mock/orgs/default/bulk", json!({"dailyBatches": 1, "dailyQueries": 1})).await;
    loaded(&mock, 1).await;
    let job = json(&mock, "POST", INGEST, json!({"object": "Lead", "operation": "insert"})).await;
    let path = format!("{INGEST}/{}/batches", job["id"].as_str().unwrap());
    let (status, text) = call(&mock, "PUT", &path, "text/csv", "LastName,Company\nx,y\n".into()).await;
    assert_eq!(
        (status, text.as_str()),
        (400, r#"[{"errorCode":"EXCEEDEDQUOTA","message":"ApiBatchItems Limit exceeded."}]"#)
    );
    let query = json!({"operation": "query", "query": "SELECT Id FROM Lead"});
    let first = json(&mock, "POST", "/services/data/v66.0/jobs/query", query.clone()).await;
    assert_eq!(first["state"], "UploadComplete", "{first}");
    assert_eq!(
        json(&mock, "POST", "/services/data/v66.0/jobs/query", query).await[0],
        json!({"errorCode": "LIMIT_EXCEEDED", "message": "Max bulk v2 query jobs (1) per 24 hrs has been exceeded (1)"})
    );
    let shown = json(&mock, "GET", "/_mock/orgs/default/bulk", Value::Null).await;
    assert_eq!((&shown["dailyBatchesUsed"], &shown["dailyQueriesUsed"]), (&json!(1), &json!(1)));
    let limits = json(&mock, "GET", "/services/data/v66.0/limits", Value::Null).await;
    let used_up = json!({"Max": 1, "Remaining": 0});
    assert_eq!((&limits["DailyBulkApiBatches"], &limits["DailyBulkV2QueryJobs"]), (&used_up, &used_up));
}

#[tokio::test]
async fn queries_are_aborted_and_deleted_in_their_states() {
    let mock = mock().await;
    pace(&mock, json!({"pace": "byHand"})).await;
    let query = json!({"operation": "query", "query": "SELECT Id FROM Lead"});
    let job = json(&mock, "POST", "/services/data/v66.0/jobs/query", query).await;
    let path = format!("/services/data/v66.0/jobs/query/{}", job["id"].as_str().unwrap());
    let error =
        async |method: &str, path: &str, body: Value| json(&mock, method, path, body).await[0].clone();
    let early = error("GET", &format!("{path}/results"), Value::Null).await;
    assert_eq!(early["errorCode"], "INVALIDJOBSTATE");
    assert_eq!(
        error("DELETE", &path, Value::Null).await,
        json!({"errorCode": "API_ERROR", "message": "Error encountered when deleting the job because the job is not terminated"})
    );
    assert_eq!(json(&mock, "GET", &path, Value::Null).await["state"], "UploadComplete");
    let advance = format!("/_mock/orgs/default/bulk/{}/advance", job["id"].as_str().unwrap());
    assert_eq!(json(&mock, "POST", &advance, Value::Null).await["state"], "InProgress");
    assert_eq!(json(&mock, "PATCH", &path, json!({"state": "Aborted"})).await["state"], "Aborted");
    assert_eq!(
        error("PATCH", &path, json!({"state": "Aborted"})).await["message"],
        "Aborting already Aborted Job not allowed"
    );
    assert_eq!(call(&mock, "DELETE", &path, "", String::new()).await.0, 204);
    assert_eq!(error("GET", &path, Value::Null).await["errorCode"], "NOT_FOUND");
}

#[tokio::test]
async fn batches_of_an_aborted_job_are_not_processed() {
    let mock = mock().await;
    pace(&mock, json!({"pace": "byHand"})).await;
    let job = json!({"operation": "insert", "object": "Lead", "contentType": "JSON"});
    let job = json(&mock, "POST", "/services/async/66.0/job", job).await;
    let path = format!("/services/async/66.0/job/{}", job["id"].as_str().unwrap());
    let batches = format!("{path}/batch");
    let rows = json!([{"LastName": "A", "Company": "B"}]);
    let batch = json(&mock, "POST", &batches, rows).await;
    assert_eq!(batch["state"], "Queued");
    let result = format!("{batches}/{}/result", batch["id"].as_str().unwrap());
    let refused = async |message: &str| {
        let error = json(&mock, "GET", &result, Value::Null).await;
        assert_eq!(error, json!({"exceptionCode": "InvalidBatch", "exceptionMessage": message}));
    };
    refused("Batch not completed").await;
    assert_eq!(json(&mock, "POST", &path, json!({"state": "Aborted"})).await["state"], "Aborted");
    let all = json(&mock, "GET", &batches, Value::Null).await;
    assert_eq!(all["batchInfo"][0]["state"], "NotProcessed", "{all}");
    refused("Records not processed").await;
    let told = json(&mock, "GET", &path, Value::Null).await;
    assert_eq!((&told["numberBatchesQueued"], &told["numberBatchesTotal"]), (&json!(0), &json!(1)));
    let closing = json(&mock, "POST", &path, json!({"state": "Closed"})).await;
    assert_eq!(closing["exceptionMessage"], "Closing already Aborted Job not allowed", "{closing}");
}
