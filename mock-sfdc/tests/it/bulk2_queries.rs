//! Queries as jobs of Bulk API 2.0 (`contract/bulk.md` section 3).

use mock_sfdc::MockSfdc;
use reqwest::Response;
use serde_json::{Value, json};

use crate::{TOKEN, client, mock};

const QUERY: &str = "/services/data/v66.0/jobs/query";

async fn send(mock: &MockSfdc, method: &str, path: &str, body: &Value) -> Response {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let request = client().request(method.parse().unwrap(), format!("{}{path}", mock.url()));
    request.bearer_auth(TOKEN).header("content-type", "application/json").body(body).send().await.unwrap()
}

async fn json(mock: &MockSfdc, method: &str, path: &str, body: Value) -> (u16, Value) {
    let answer = send(mock, method, path, &body).await;
    let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

async fn accounts(mock: &MockSfdc, count: usize) {
    for at in 0..count {
        let body = json!({"Name": format!("Acme {at}"), "AnnualRevenue": 9_122_600, "NumberOfEmployees": at});
        let (status, _) = json(mock, "POST", "/services/data/v66.0/sobjects/Account", body).await;
        assert_eq!(status, 201);
    }
}

/// Runs a query; the job's path.
async fn run(mock: &MockSfdc, body: Value) -> String {
    let (status, job) = json(mock, "POST", QUERY, body).await;
    assert_eq!((status, &job["state"]), (200, &json!("UploadComplete")), "{job}");
    format!("{QUERY}/{}", job["id"].as_str().unwrap())
}

#[tokio::test]
async fn results_come_in_pages_with_locators() {
    let mock = mock().await;
    accounts(&mock, 5).await;
    let soql = "SELECT Owner.Username, Name, AnnualRevenue, NumberOfEmployees, ParentId, Parent.Name, IsDeleted FROM Account ORDER BY Name";
    let path = run(&mock, json!({"operation": "query", "query": soql})).await;
    let (_, job) = json(&mock, "GET", &path, Value::Null).await;
    let names = job.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(
        names,
        "id operation object createdById createdDate systemModstamp state concurrencyMode contentType apiVersion jobType lineEnding \
         columnDelimiter numberRecordsProcessed retries totalProcessingTime isPkChunkingSupported"
    );
    assert_eq!(
        (&job["state"], &job["object"], &job["jobType"]),
        (&json!("JobComplete"), &json!("Account"), &json!("V2Query"))
    );
    let header = "\"Owner.Username\",\"Name\",\"AnnualRevenue\",\"NumberOfEmployees\",\"ParentId\",\"Parent.Name\",\"IsDeleted\"\n";
    let mut locator = String::new();
    let mut pages = Vec::new();
    while locator != "null" {
        let more = if locator.is_empty() { String::new() } else { format!("&locator={locator}") };
        let answer = send(&mock, "GET", &format!("{path}/results?maxRecords=2{more}"), &Value::Null).await;
        assert_eq!(answer.headers()["content-type"], "text/csv; charset=UTF-8");
        let rows = answer.headers()["sforce-numberofrecords"].to_str().unwrap().to_owned();
        locator = answer.headers()["sforce-locator"].to_str().unwrap().to_owned();
        pages.push((rows, locator.clone(), answer.text().await.unwrap()));
    }
    let owner = pages[0].2.lines().nth(1).unwrap().split('"').nth(1).unwrap();
    let row = |at: usize| format!("\"{owner}\",\"Acme {at}\",\"9122600.0\",\"{at}\",\"\",\"\",\"false\"\n");
    assert_eq!(pages.len(), 3);
    assert_eq!(pages[0], ("2".into(), "Mg".into(), format!("{header}{}{}", row(0), row(1))));
    assert_eq!(pages[1], ("2".into(), "NA".into(), format!("{header}{}{}", row(2), row(3))));
    assert_eq!(pages[2], ("1".into(), "null".into(), format!("{header}{}", row(4))));
    for wrong in ["?locator=NQ", "?locator=x", "?maxRecords=0"] {
        assert_eq!(
            send(&mock, "GET", &format!("{path}/results{wrong}"), &Value::Null).await.status(),
            400,
            "{wrong}"
        );
    }
    let other = path.replace("v66.0", "v65.0");
    assert_eq!(send(&mock, "GET", &format!("{other}/results"), &Value::Null).await.status(), 409);
    assert_eq!(send(&mock, "DELETE", &path, &Value::Null).await.status(), 204);
    assert_eq!(send(&mock, "GET", &path, &Value::Null).await.status(), 404);
}

#[tokio::test]
async fn pages_can_be_fetched_side_by_side() {
    let mock = mock().await;
    accounts(&mock, 7).await;
    let control = format!("{}/_mock/orgs/default/bulk", mock.url());
    let answer =
        client().patch(control).header("x-mock-token", mock.control_token()).body(r#"{"queryPage":1}"#);
    assert_eq!(answer.send().await.unwrap().status(), 200);
    let path = run(&mock, json!({"operation": "query", "query": "SELECT Name FROM Account", "columnDelimiter": "PIPE", "lineEnding": "CRLF"})).await;
    let (_, first) = json(&mock, "GET", &format!("{path}/resultPages"), Value::Null).await;
    let url = |at: usize| {
        let locator =
            ["", "?locator=MQ", "?locator=Mg", "?locator=Mw", "?locator=NA", "?locator=NQ", "?locator=Ng"]
                [at];
        json!({"resultUrl": format!("{path}/results{locator}")})
    };
    let pages = (0..5).map(url).collect::<Vec<_>>();
    assert_eq!(
        first,
        json!({"resultPages": pages, "nextRecordsUrl": format!("{path}/resultpages?locator=NQ"), "done": false})
    );
    let (_, second) = json(&mock, "GET", first["nextRecordsUrl"].as_str().unwrap(), Value::Null).await;
    assert_eq!(second, json!({"resultPages": [url(5), url(6)], "nextRecordsUrl": null, "done": true}));
    let page =
        send(&mock, "GET", second["resultPages"][1]["resultUrl"].as_str().unwrap(), &Value::Null).await;
    assert_eq!(page.text().await.unwrap(), "\"Name\"\r\n\"Acme 6\"\r\n");
}

/// SOQL that no job takes, the code and what the message holds.
const REFUSED: [(&str, &str, &str); 9] = [
    ("SELECT COUNT() FROM Account", "API_ERROR", "Aggregate Functions not supported in Bulk Query"),
    ("SELECT MAX(Name) FROM Account", "API_ERROR", "Aggregate Functions not supported in Bulk Query"),
    ("SELECT Name FROM Account GROUP BY Name", "API_ERROR", "GROUP BY not supported in Bulk Query"),
    ("SELECT Name FROM Account LIMIT 1 OFFSET 1", "API_ERROR", "OFFSET not supported in Bulk Query"),
    (
        "SELECT Id, (SELECT Id FROM Contacts) FROM Account",
        "API_ERROR",
        "Aggregate Relationships not supported in Bulk Query",
    ),
    (
        "SELECT TYPEOF Owner WHEN User THEN Id END FROM Case",
        "API_ERROR",
        "TYPEOF not supported in Bulk Query",
    ),
    (
        "SELECT BillingAddress FROM Account",
        "API_ERROR",
        "Selecting compound data not supported in Bulk Query",
    ),
    ("SELECT Nothing FROM Account", "INVALID_FIELD", "No such column 'Nothing'"),
    ("SELECT Id FRM Account", "MALFORMED_QUERY", "unexpected token"),
];

#[tokio::test]
async fn soql_that_no_job_takes_is_refused() {
    let mock = mock().await;
    for (soql, code, message) in REFUSED {
        let (status, error) = json(&mock, "POST", QUERY, json!({"operation": "query", "query": soql})).await;
        assert_eq!((status, error[0]["errorCode"].as_str()), (400, Some(code)), "{soql}: {error}");
        assert!(error[0]["message"].as_str().unwrap().contains(message), "{soql}: {error}");
    }
    for body in
        [json!({"operation": "insert", "query": "SELECT Id FROM Lead"}), json!({"operation": "query"})]
    {
        let (status, error) = json(&mock, "POST", QUERY, body).await;
        assert_eq!((status, error[0]["errorCode"].as_str()), (400, Some("INVALIDJOB")), "{error}");
    }
}

#[tokio::test]
async fn deleted_rows_are_found_by_query_all_and_jobs_by_lists() {
    let mock = mock().await;
    accounts(&mock, 1).await;
    let (_, found) =
        json(&mock, "GET", "/services/data/v66.0/query?q=SELECT+Id+FROM+Account", Value::Null).await;
    let row =
        format!("/services/data/v66.0/sobjects/Account/{}", found["records"][0]["Id"].as_str().unwrap());
    assert_eq!(send(&mock, "DELETE", &row, &Value::Null).await.status(), 204);
    for (operation, text) in [("query", "\"Name\"\n"), ("queryAll", "\"Name\"\n\"Acme 0\"\n")] {
        let path = run(&mock, json!({"operation": operation, "query": "SELECT Name FROM Account"})).await;
        assert_eq!(
            send(&mock, "GET", &format!("{path}/results"), &Value::Null).await.text().await.unwrap(),
            text
        );
    }
    let ingest = json!({"object": "Account", "operation": "insert"});
    json(&mock, "POST", "/services/data/v66.0/jobs/ingest", ingest).await;
    let (_, all) = json(&mock, "GET", QUERY, Value::Null).await;
    assert_eq!(
        (&all["done"], &all["nextRecordsUrl"], all["records"].as_array().unwrap().len()),
        (&json!(true), &Value::Null, 3)
    );
    for (filter, count) in [
        ("jobType=V2Query", 2),
        ("jobType=V2Ingest", 1),
        ("jobType=Classic", 0),
        ("concurrencyMode=Serial", 0),
    ] {
        let (_, some) =
            json(&mock, "GET", &format!("/services/data/v66.0/jobs/ingest?{filter}"), Value::Null).await;
        assert_eq!(some["records"].as_array().unwrap().len(), count, "{filter}");
    }
    assert_eq!(json(&mock, "GET", &format!("{QUERY}?jobType=x"), Value::Null).await.0, 400);
}

#[tokio::test]
async fn a_query_that_waits_is_aborted() {
    let mock = mock().await;
    accounts(&mock, 1).await;
    let pace = client().patch(format!("{}/orgs/default/bulk", mock.control_url()));
    let pace = pace.header("x-mock-token", mock.control_token()).body(r#"{"progress":{"pace":"byHand"}}"#);
    assert_eq!(pace.send().await.unwrap().status(), 200);
    let path = run(&mock, json!({"operation": "query", "query": "SELECT Id FROM Account"})).await;
    let (status, job) = json(&mock, "PATCH", &path, json!({"state": "Aborted"})).await;
    assert_eq!((status, &job["state"]), (200, &json!("Aborted")), "{job}");
    assert_eq!(json(&mock, "GET", &path, Value::Null).await.1["state"], "Aborted");
    assert_eq!(json(&mock, "PATCH", &path, json!({"state": "JobComplete"})).await.0, 400);
}
