//! Headers, parameters and members of jobs that change what becomes of them (`contract/bulk.md`): each once, on the wire.

use mock_sfdc::MockSfdc;
use reqwest::Response;
use serde_json::{Value, json};

use crate::{TOKEN, client, mock};

const INGEST: &str = "/services/data/v66.0/jobs/ingest";
const QUERY: &str = "/services/data/v66.0/jobs/query";
const ASYNC: &str = "/services/async/66.0/job";

type Headers<'a> = &'a [(&'a str, &'a str)];

async fn send(mock: &MockSfdc, method: &str, path: &str, headers: Headers<'_>, body: String) -> Response {
    let mut request = client().request(method.parse().unwrap(), format!("{}{path}", mock.url()));
    request = request.bearer_auth(TOKEN).header("x-sfdc-session", TOKEN);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body).send().await.unwrap()
}

async fn json(mock: &MockSfdc, method: &str, path: &str, headers: Headers<'_>, body: Value) -> Value {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let mut all = vec![("content-type", "application/json")];
    all.extend_from_slice(headers);
    let text = send(mock, method, path, &all, body).await.text().await.unwrap();
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}

async fn get(mock: &MockSfdc, path: &str, headers: Headers<'_>) -> String {
    send(mock, "GET", path, headers, String::new()).await.text().await.unwrap()
}

/// A job of 1.0 with one batch; the job's and the batch's paths.
async fn classic(
    mock: &MockSfdc,
    job: Value,
    headers: Headers<'_>,
    kind: &str,
    body: &str,
) -> (String, String) {
    let made = json(mock, "POST", ASYNC, headers, job).await;
    let job = format!("{ASYNC}/{}", made["id"].as_str().unwrap_or_else(|| panic!("{made}")));
    let added = send(mock, "POST", &format!("{job}/batch"), &[("content-type", kind)], body.to_owned()).await;
    let text = added.text().await.unwrap();
    let id =
        text.split(['"', '<', '>']).find(|part| part.starts_with("751")).unwrap_or_else(|| panic!("{text}"));
    (job.clone(), format!("{job}/batch/{id}"))
}

/// The states of a job's batches and how many records each has processed.
async fn batches(mock: &MockSfdc, job: &str) -> Vec<(String, String)> {
    let list = get(mock, &format!("{job}/batch"), &[]).await;
    let all = |name: &str| {
        let opening = format!("<{name}>");
        let parts = list.split(&opening).skip(1);
        parts.map(|part| part.split('<').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    all("state").into_iter().zip(all("numberRecordsProcessed")).collect()
}

fn was(states: &[(&str, &str)]) -> Vec<(String, String)> {
    states.iter().map(|(state, count)| ((*state).to_owned(), (*count).to_owned())).collect()
}

async fn accounts(mock: &MockSfdc, count: usize) -> Vec<String> {
    let rows = (0..count).map(|at| format!("Acme {at}\n")).collect::<Vec<_>>().concat();
    let job = json!({"operation": "insert", "object": "Account", "contentType": "CSV"});
    let (_, batch) = classic(mock, job, &[], "text/csv", &format!("Name\n{rows}")).await;
    let result = get(mock, &format!("{batch}/result"), &[]).await;
    result.lines().skip(1).map(|line| line.split('"').nth(1).unwrap().to_owned()).collect()
}

#[tokio::test]
async fn pk_chunking_is_as_its_header_says() {
    let mock = mock().await;
    let ids = accounts(&mock, 5).await;
    let query = json!({"operation": "query", "object": "Account", "contentType": "CSV"});
    let divided = async |header: &str, soql: &str| {
        let headers = [("sforce-enable-pkchunking", header)];
        let (job, _) = classic(&mock, query.clone(), &headers, "text/csv", soql).await;
        batches(&mock, &job).await
    };
    let all = "SELECT Name FROM Account";
    assert_eq!(divided("FALSE", all).await, was(&[("Completed", "5")]));
    assert_eq!(divided("TRUE", all).await, was(&[("NotProcessed", "0"), ("Completed", "5")]));
    let three = was(&[("NotProcessed", "0"), ("Completed", "2"), ("Completed", "2"), ("Completed", "1")]);
    assert_eq!(divided("chunkSize=2", all).await, three);
    let from = format!("chunkSize=2; startRow={}", ids[3]);
    assert_eq!(divided(&from, all).await, was(&[("NotProcessed", "0"), ("Completed", "2")]));
    let by_id = format!("SELECT Name FROM Account WHERE Id != '{}'", ids[0]);
    for (soql, count) in [("SELECT Name FROM Account ORDER BY Name", "5"), (by_id.as_str(), "4")] {
        assert_eq!(divided("chunkSize=2", soql).await, was(&[("Completed", count)]), "{soql}");
    }

    // Rows of sharing and history are divided by the records that they belong to.
    let shares = json!({"operation": "query", "object": "AccountShare", "contentType": "CSV"});
    let headers = [("sforce-enable-pkchunking", "chunkSize=3; parent=Account")];
    let soql = "SELECT AccountId FROM AccountShare";
    let (job, _) = classic(&mock, shares.clone(), &headers, "text/csv", soql).await;
    let states = batches(&mock, &job).await.into_iter().map(|(state, _)| state).collect::<Vec<_>>();
    assert_eq!(states, ["NotProcessed", "Completed", "Completed"]);
    let list = get(&mock, &format!("{job}/batch"), &[]).await;
    let second = list.split("<id>").nth(2).unwrap().split('<').next().unwrap();
    assert_eq!(
        get(&mock, &format!("{job}/batch/{second}/request"), &[]).await,
        format!(
            "SELECT AccountId FROM AccountShare WHERE AccountId >= '{}' AND AccountId < '{}'",
            ids[0], ids[3]
        )
    );
    for (object, header) in [
        ("AccountShare", "parent=Contact"),
        ("Contact", "parent=Account"),
        ("Account", "chunkSize=250001"),
        ("Account", "chunkSize=0"),
        ("Account", "startRow=nonsense"),
        ("Account", "perhaps"),
    ] {
        let job = json!({"operation": "query", "object": object, "contentType": "CSV"});
        let refused = json(&mock, "POST", ASYNC, &[("sforce-enable-pkchunking", header)], job).await;
        assert_eq!(refused["exceptionCode"], "ClientInputError", "{header}: {refused}");
        let message = refused["exceptionMessage"].as_str().unwrap();
        assert!(message.contains("Invalid value of Sforce-Enable-PKChunking"), "{header}: {message}");
    }
    let insert = json!({"operation": "insert", "object": "Account", "contentType": "CSV"});
    let refused = json(&mock, "POST", ASYNC, &[("sforce-enable-pkchunking", "TRUE")], insert).await;
    assert_eq!(refused["exceptionCode"], "ClientInputError", "{refused}");
}

#[tokio::test]
async fn lines_of_results_end_as_their_header_says() {
    let mock = mock().await;
    let job = json!({"operation": "insert", "object": "Account", "contentType": "CSV"});
    let crlf = [("sforce-line-ending", "CRLF")];
    let (_, batch) = classic(&mock, job.clone(), &crlf, "text/csv", "Name\nAcme\n").await;
    let result = format!("{batch}/result");
    assert_eq!(get(&mock, &result, &[]).await.matches("\r\n").count(), 2);
    assert_eq!(get(&mock, &result, &[("sforce-line-ending", "lf")]).await.matches('\r').count(), 0);
    let wrong = json(&mock, "POST", ASYNC, &[("sforce-line-ending", "CR")], job).await;
    assert_eq!(wrong["exceptionMessage"], "Invalid value of Sforce-Line-Ending: CR");
}

#[tokio::test]
async fn names_of_a_job_are_found_in_its_namespace() {
    let org = json!({"packages": [{"objects": {"Lead": {"fields": {"acme__Region__c": "string"}}}}]});
    let state = mock_sfdc::fixtures::from_text("bulk", &org.to_string(), None).unwrap();
    let mock = MockSfdc::builder().state(state).start().await.unwrap();
    let token = mock.admin_token();
    let options = [("sforce-call-options", "client=Loader, defaultNamespace=acme")];
    let ask = async |method: &str, path: &str, kind: &str, headers: Headers<'_>, body: String| {
        let mut request = client().request(method.parse().unwrap(), format!("{}{path}", mock.url()));
        request = request.bearer_auth(token).header("x-sfdc-session", token).header("content-type", kind);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(body).send().await.unwrap().text().await.unwrap()
    };
    for (headers, state) in [(&options[..], "JobComplete"), (&[], "Failed")] {
        let job = json!({"object": "Lead", "operation": "insert"}).to_string();
        let job: Value =
            serde_json::from_str(&ask("POST", INGEST, "application/json", headers, job).await).unwrap();
        let path = format!("{INGEST}/{}", job["id"].as_str().unwrap());
        let csv = "LastName,Company,Region__c\nA,B,North\n".to_owned();
        ask("PUT", &format!("{path}/batches"), "text/csv", &[], csv).await;
        ask("PATCH", &path, "application/json", &[], json!({"state": "UploadComplete"}).to_string()).await;
        let done = ask("GET", &path, "", &[], String::new()).await;
        assert!(done.contains(&format!("\"state\":\"{state}\"")), "{done}");
    }
    let query =
        json!({"operation": "query", "query": "SELECT Region__c FROM Lead WHERE Region__c = 'North'"});
    let job = ask("POST", QUERY, "application/json", &options, query.to_string()).await;
    let id = serde_json::from_str::<Value>(&job).unwrap()["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{job}"))
        .to_owned();
    let rows = ask("GET", &format!("{QUERY}/{id}/results"), "", &[], String::new()).await;
    assert!(rows.ends_with("\n\"North\"\n"), "{rows}");
}

#[tokio::test]
async fn results_of_queries_are_packed_for_who_takes_them_so() {
    let mock = mock().await;
    accounts(&mock, 100).await;
    let job =
        json(&mock, "POST", QUERY, &[], json!({"operation": "query", "query": "SELECT Name FROM Account"}));
    let path = format!("{QUERY}/{}/results", job.await["id"].as_str().unwrap());
    let plain = send(&mock, "GET", &path, &[("accept-encoding", "identity")], String::new()).await;
    assert_eq!(plain.headers().get("content-encoding"), None);
    let packed = send(&mock, "GET", &path, &[], String::new()).await;
    assert_eq!(packed.text().await.unwrap(), plain.text().await.unwrap());
    let unpacking_nothing = reqwest::Client::builder().gzip(false).build().unwrap();
    let raw = unpacking_nothing.get(format!("{}{path}", mock.url())).bearer_auth(TOKEN);
    let raw = raw.header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(raw.headers()["content-encoding"], "gzip");
}

#[tokio::test]
async fn lists_of_jobs_have_pages_and_filters() {
    let mock = mock().await;
    let query = json!({"operation": "query", "object": "Account", "contentType": "CSV"});
    json(&mock, "POST", ASYNC, &[("sforce-enable-pkchunking", "TRUE")], query.clone()).await;
    for _ in 0..1_000 {
        json(&mock, "POST", ASYNC, &[], query.clone()).await;
    }
    let page =
        async |parameters: &str| json(&mock, "GET", &format!("{INGEST}{parameters}"), &[], Value::Null).await;
    let count = |page: &Value| page["records"].as_array().unwrap().len();
    let first = page("").await;
    assert_eq!((count(&first), &first["done"]), (1_000, &json!(false)));
    let next = first["nextRecordsUrl"].as_str().unwrap();
    assert!(next.starts_with("/services/data/v66.0/jobs/ingest?queryLocator="), "{next}");
    let last = json(&mock, "GET", next, &[], Value::Null).await;
    assert_eq!((count(&last), &last["done"], &last["nextRecordsUrl"]), (1, &json!(true), &Value::Null));
    for (filter, want) in [
        ("?isPkChunkingEnabled=true", 1),
        ("?isPkChunkingEnabled=false", 1_000),
        ("?isPkChunkingEnabled=TRUE&jobType=Classic&concurrencyMode=Parallel", 1),
        ("?jobType=V2Query", 0),
    ] {
        assert_eq!(count(&page(filter).await), want, "{filter}");
    }
    for wrong in ["?isPkChunkingEnabled=perhaps", "?queryLocator=!", "?concurrencyMode=Fast"] {
        assert!(page(wrong).await[0]["errorCode"].is_string(), "{wrong}");
    }
}
