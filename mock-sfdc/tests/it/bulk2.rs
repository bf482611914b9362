//! Bulk API 2.0 over the wire (`contract/bulk.md` sections 2 and 3).

use mock_sfdc::MockSfdc;
use reqwest::Response;
use serde_json::{Value, json};

use crate::{TOKEN, client, mock};

async fn send(
    mock: &MockSfdc,
    method: &str,
    path: &str,
    kind: &str,
    body: impl Into<reqwest::Body>,
) -> Response {
    client()
        .request(method.parse().unwrap(), format!("{}/services/data/v66.0/jobs{path}", mock.url()))
        .bearer_auth(TOKEN)
        .header("content-type", kind)
        .body(body)
        .send()
        .await
        .unwrap()
}

async fn ask(mock: &MockSfdc, method: &str, path: &str, body: &Value) -> (u16, String) {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answer = send(mock, method, path, "application/json", body).await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn get(mock: &MockSfdc, path: &str) -> (u16, String) {
    ask(mock, "GET", path, &Value::Null).await
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Opens a job, uploads, says that this was all; its id.
async fn load(mock: &MockSfdc, job: Value, csv: &str) -> String {
    let (status, text) = ask(mock, "POST", "/ingest", &job).await;
    assert_eq!(status, 200, "{text}");
    let id = json_of(&text)["id"].as_str().unwrap().to_owned();
    let uploaded =
        send(mock, "PUT", &format!("/ingest/{id}/batches"), "text/csv; charset=UTF-8", csv.to_owned()).await;
    assert_eq!(uploaded.status(), 201);
    assert_eq!(uploaded.text().await.unwrap(), "");
    let (status, text) =
        ask(mock, "PATCH", &format!("/ingest/{id}"), &json!({"state": "UploadComplete"})).await;
    assert_eq!((status, json_of(&text)["state"].as_str()), (200, Some("UploadComplete")), "{text}");
    id
}

async fn info(mock: &MockSfdc, id: &str) -> Value {
    json_of(&get(mock, &format!("/ingest/{id}")).await.1)
}

async fn results(mock: &MockSfdc, id: &str) -> [String; 3] {
    let mut all = [String::new(), String::new(), String::new()];
    for (at, name) in ["successfulResults/", "failedResults/", "unprocessedrecords/"].iter().enumerate() {
        let (status, text) = get(mock, &format!("/ingest/{id}/{name}")).await;
        assert_eq!(status, 200, "{text}");
        all[at] = text;
    }
    all
}

async fn soql(mock: &MockSfdc, soql: &str) -> Value {
    let url = format!("{}/services/data/v66.0/query", mock.url());
    let answer = client().get(url).query(&[("q", soql)]).bearer_auth(TOKEN).send().await.unwrap();
    json_of(&answer.text().await.unwrap())["records"].clone()
}

#[tokio::test]
async fn a_job_tells_of_itself_as_the_guide_prints_it() {
    let mock = mock().await;
    let job = json!({"object": "account", "contentType": "CSV", "operation": "insert", "lineEnding": "LF"});
    let (status, text) = ask(&mock, "POST", "/ingest", &job).await;
    assert_eq!(status, 200);
    let job = json_of(&text);
    let (id, by, at) = (&job["id"], &job["createdById"], &job["createdDate"]);
    assert!(id.as_str().unwrap().starts_with("750"));
    assert_eq!(
        text,
        format!(
            r#"{{"id":{id},"operation":"insert","object":"Account","createdById":{by},"createdDate":{at},"systemModstamp":{at},"state":"Open","concurrencyMode":"Parallel","contentType":"CSV","apiVersion":66.0,"contentUrl":"services/data/v66.0/jobs/ingest/{}/batches","lineEnding":"LF","columnDelimiter":"COMMA"}}"#,
            id.as_str().unwrap()
        )
    );
    let path = format!("/ingest/{}", id.as_str().unwrap());
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(
        names(&json_of(&get(&mock, &path).await.1)),
        "id operation object createdById createdDate systemModstamp state concurrencyMode contentType apiVersion jobType \
         contentUrl lineEnding columnDelimiter retries totalProcessingTime apiActiveProcessingTime apexProcessingTime"
    );
    assert_eq!(
        send(&mock, "PUT", &format!("{path}/batches"), "text/csv", "Name\nAcme\n").await.status(),
        201
    );
    let (_, closed) = ask(&mock, "PATCH", &path, &json!({"state": "UploadComplete"})).await;
    assert_eq!(
        names(&json_of(&closed)),
        "id operation object createdById createdDate systemModstamp state concurrencyMode contentType apiVersion"
    );
    let done = json_of(&get(&mock, &path).await.1);
    assert_eq!(
        names(&done),
        "id operation object createdById createdDate systemModstamp state concurrencyMode contentType apiVersion jobType \
         lineEnding columnDelimiter numberRecordsProcessed numberRecordsFailed retries totalProcessingTime \
         apiActiveProcessingTime apexProcessingTime"
    );
    assert_eq!(
        (&done["state"], &done["numberRecordsProcessed"], &done["jobType"]),
        (&json!("JobComplete"), &json!(1), &json!("V2Ingest"))
    );
    assert_eq!(ask(&mock, "DELETE", &path, &Value::Null).await, (204, String::new()));
    let gone = r#"[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]"#;
    assert_eq!(get(&mock, &path).await, (404, gone.to_owned()));
}

#[tokio::test]
async fn rows_that_fail_are_listed_with_their_error_and_the_others_are_saved() {
    let mock = mock().await;
    let job = json!({"object": "Account", "operation": "insert"});
    let csv = "Name,AnnualRevenue,NumberOfEmployees,Description\n\"Acme, \"\"Inc\"\"\",912260031,7,\"two\nlines\"\n,1,2,nameless\nBig,abc,,\n";
    let id = load(&mock, job, csv).await;
    let done = info(&mock, &id).await;
    assert_eq!((&done["numberRecordsProcessed"], &done["numberRecordsFailed"]), (&json!(3), &json!(2)));
    let [saved, failed, unprocessed] = results(&mock, &id).await;
    let record =
        soql(&mock, "SELECT Id, Name, AnnualRevenue, Description FROM Account WHERE Name LIKE 'Acme%'").await;
    assert_eq!(record[0]["Name"], "Acme, \"Inc\"");
    assert_eq!(record[0]["Description"], "two\nlines");
    let account = record[0]["Id"].as_str().unwrap();
    assert_eq!(
        saved,
        format!(
            "\"sf__Id\",\"sf__Created\",Name,AnnualRevenue,NumberOfEmployees,Description\n\"{account}\",\"true\",\"Acme, \"\"Inc\"\"\",\"9.12260031E8\",\"7\",\"two\nlines\"\n"
        )
    );
    assert_eq!(
        failed,
        "\"sf__Id\",\"sf__Error\",Name,AnnualRevenue,NumberOfEmployees,Description\n\
         \"\",\"REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --\",\"\",\"1\",\"2\",\"nameless\"\n\
         \"\",\"INVALID_TYPE_ON_FIELD_IN_RECORD:Annual Revenue: value not of required type: abc:AnnualRevenue --\",\"Big\",\"abc\",\"\",\"\"\n"
    );
    assert_eq!(unprocessed, "Name,AnnualRevenue,NumberOfEmployees,Description\n");
}

/// What a job says of its upload, the upload, and why it fails; `None`: it does not.
const UPLOADS: [(&str, &str, &str, Option<&str>); 16] = [
    ("LF", "COMMA", "Name\nA\nB", None),
    ("LF", "COMMA", "", None),
    ("CRLF", "PIPE", "Name|Site\r\nA|x\r\n", None),
    ("LF", "TAB", "Name\tSite\nA\tx\n", None),
    ("LF", "SEMICOLON", "Name;Site\nA;\"x;y\"\n", None),
    ("LF", "CARET", "Name^Site\nA^x\n", None),
    ("LF", "BACKQUOTE", "Name`Site\nA`x\n", None),
    (
        "LF",
        "COMMA",
        "Name\r\nA\r\n",
        Some("ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF"),
    ),
    (
        "CRLF",
        "COMMA",
        "Name\nA\n",
        Some("ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is CRLF"),
    ),
    ("LF", "COMMA", "Foo\nA\n", Some("InvalidBatch : Field name not found : Foo")),
    ("LF", "COMMA", "Name,Owner.Nothing\nA,b\n", Some("InvalidBatch : Field name not found : Owner.Nothing")),
    ("LF", "COMMA", "Name,Name\nA,b\n", Some("InvalidBatch : Duplicate field name found : Name")),
    (
        "LF",
        "COMMA",
        "Name,Site\nA, \"b\"\n",
        Some(
            "InvalidBatch : Failed to parse CSV. Found unescaped quote. A value with quote should be within a quote",
        ),
    ),
    (
        "LF",
        "COMMA",
        "\u{feff}\"Name\"\nA\n",
        Some(
            "InvalidBatch : Failed to parse CSV. Found unescaped quote. A value with quote should be within a quote",
        ),
    ),
    (
        "LF",
        "COMMA",
        "Name\n\"A",
        Some("InvalidBatch : Failed to parse CSV. EOF reached before closing an opened quote"),
    ),
    (
        "LF",
        "COMMA",
        "Name\nA\nB,C\n",
        Some("InvalidBatch : Failed to parse CSV. Record 2 has 2 values, the header has 1"),
    ),
];

#[tokio::test]
async fn uploads_are_read_or_fail_as_a_whole() {
    let mock = mock().await;
    for (ending, delimiter, csv, fault) in UPLOADS {
        let before = soql(&mock, "SELECT Id FROM Account").await.as_array().unwrap().len();
        let job = json!({"object": "Account", "operation": "insert", "lineEnding": ending, "columnDelimiter": delimiter});
        let id = load(&mock, job, csv).await;
        let done = info(&mock, &id).await;
        let after = soql(&mock, "SELECT Id FROM Account").await.as_array().unwrap().len();
        match fault {
            None => assert_eq!(done["state"], "JobComplete", "{csv:?}: {done}"),
            Some(fault) => {
                assert_eq!(
                    (&done["state"], done["errorMessage"].as_str()),
                    (&json!("Failed"), Some(fault)),
                    "{csv:?}"
                );
                assert_eq!(before, after, "{csv:?}");
            }
        }
    }
}
