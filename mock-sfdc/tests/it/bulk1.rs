//! Bulk API 1.0 over the wire (`contract/bulk.md` section 1).

use mock_sfdc::MockSfdc;
use reqwest::Response;
use serde_json::Value;

use crate::{TOKEN, client, mock};

const XML: &str = "application/xml; charset=UTF-8";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
const SPACE: &str = "http://www.force.com/2009/06/asyncapi/dataload";

async fn send(mock: &MockSfdc, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
    let mut request = client()
        .request(method.parse().unwrap(), format!("{}/services/async/66.0/job{path}", mock.url()))
        .header("x-sfdc-session", TOKEN)
        .body(body.to_owned());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

async fn ask(mock: &MockSfdc, method: &str, path: &str, kind: &str, body: &str) -> (u16, String) {
    let answer = send(mock, method, path, &[("content-type", kind)], body).await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn get(mock: &MockSfdc, path: &str) -> (u16, String) {
    let answer = send(mock, "GET", path, &[], "").await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("{before} in {text}")).1;
    rest.split_once(after).unwrap_or_else(|| panic!("{after} in {text}")).0
}

fn job(operation: &str, object: &str, content: &str, more: &str) -> String {
    format!(
        "{HEAD}<jobInfo xmlns=\"{SPACE}\"><operation>{operation}</operation><object>{object}</object>{more}<contentType>{content}</contentType></jobInfo>"
    )
}

async fn open(mock: &MockSfdc, operation: &str, object: &str, content: &str, more: &str) -> String {
    let (status, text) = ask(mock, "POST", "", XML, &job(operation, object, content, more)).await;
    assert_eq!(status, 201, "{text}");
    // Made in XML, told in XML, whatever it is to hold: salesforce-bulk reads no other.
    between(&text, "<id>", "</id>").to_owned()
}

/// Adds a batch; its id.
async fn add(mock: &MockSfdc, job: &str, kind: &str, body: &str) -> String {
    let (status, text) = ask(mock, "POST", &format!("/{job}/batch"), kind, body).await;
    assert_eq!(status, 201, "{text}");
    let (before, after) = if text.starts_with('{') { ("\"id\":\"", "\"") } else { ("<id>", "</id>") };
    between(&text, before, after).to_owned()
}

async fn result(mock: &MockSfdc, job: &str, batch: &str) -> String {
    let (status, text) = get(mock, &format!("/{job}/batch/{batch}/result")).await;
    assert_eq!(status, 200, "{text}");
    text
}

#[tokio::test]
async fn jobs_and_batches_are_laid_out_as_recorded() {
    let mock = mock().await;
    let answer = send(
        &mock,
        "POST",
        "",
        &[("content-type", XML)],
        &job(
            "upsert",
            "Contact",
            "CSV",
            "<externalIdFieldName>Id</externalIdFieldName><concurrencyMode>Parallel</concurrencyMode>",
        ),
    )
    .await;
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.headers()["content-type"], "application/xml");
    let text = answer.text().await.unwrap();
    let (id, by, at) = (
        between(&text, "<id>", "</id>"),
        between(&text, "<createdById>", "<"),
        between(&text, "<createdDate>", "<"),
    );
    assert_eq!(
        text,
        format!(
            "{HEAD}<jobInfo\n   xmlns=\"{SPACE}\">\n <id>{id}</id>\n <operation>upsert</operation>\n <object>Contact</object>\n \
             <createdById>{by}</createdById>\n <createdDate>{at}</createdDate>\n <systemModstamp>{at}</systemModstamp>\n \
             <state>Open</state>\n <externalIdFieldName>Id</externalIdFieldName>\n <concurrencyMode>Parallel</concurrencyMode>\n \
             <contentType>CSV</contentType>\n <numberBatchesQueued>0</numberBatchesQueued>\n \
             <numberBatchesInProgress>0</numberBatchesInProgress>\n <numberBatchesCompleted>0</numberBatchesCompleted>\n \
             <numberBatchesFailed>0</numberBatchesFailed>\n <numberBatchesTotal>0</numberBatchesTotal>\n \
             <numberRecordsProcessed>0</numberRecordsProcessed>\n <numberRetries>0</numberRetries>\n \
             <apiVersion>66.0</apiVersion>\n <numberRecordsFailed>0</numberRecordsFailed>\n \
             <totalProcessingTime>0</totalProcessingTime>\n <apiActiveProcessingTime>0</apiActiveProcessingTime>\n \
             <apexProcessingTime>0</apexProcessingTime>\n</jobInfo>"
        )
    );
    assert!(at.contains(".000Z"), "{at}");
    assert_eq!(
        get(&mock, &format!("/{id}/batch")).await.1,
        format!("{HEAD}<batchInfoList\n   xmlns=\"{SPACE}\" />")
    );
    let batch = add(&mock, id, "text/csv", "LastName,Id\nLovelace,\n").await;
    let list = get(&mock, &format!("/{id}/batch")).await.1;
    let (made, changed) = (between(&list, "<createdDate>", "<"), between(&list, "<systemModstamp>", "<"));
    assert_eq!(
        list,
        format!(
            "{HEAD}<batchInfoList\n   xmlns=\"{SPACE}\">\n <batchInfo>\n  <id>{batch}</id>\n  <jobId>{id}</jobId>\n  \
             <state>Completed</state>\n  <createdDate>{made}</createdDate>\n  <systemModstamp>{changed}</systemModstamp>\n  \
             <numberRecordsProcessed>1</numberRecordsProcessed>\n  <numberRecordsFailed>0</numberRecordsFailed>\n  \
             <totalProcessingTime>{took}</totalProcessingTime>\n  <apiActiveProcessingTime>{took}</apiActiveProcessingTime>\n  \
             <apexProcessingTime>0</apexProcessingTime>\n </batchInfo>\n</batchInfoList>",
            took = between(&list, "<totalProcessingTime>", "<"),
        )
    );
    let closing = format!("{HEAD}<jobInfo xmlns=\"{SPACE}\"><state>Closed</state></jobInfo>");
    let (status, closed) = ask(&mock, "POST", &format!("/{id}"), XML, &closing).await;
    assert_eq!((status, between(&closed, "<state>", "<")), (200, "Closed"));
    assert_eq!(between(&closed, "<numberBatchesCompleted>", "<"), "1");
    assert_eq!(between(&get(&mock, &format!("/{id}")).await.1, "<state>", "<"), "Closed");
}

#[tokio::test]
async fn csv_comes_back_in_its_order_with_its_errors() {
    let mock = mock().await;
    let job = open(&mock, "insert", "Contact", "CSV", "").await;
    let csv = "FirstName,LastName\nAda,Lovelace\nNobody,\n";
    let batch = add(&mock, &job, "text/csv; charset=UTF-8", csv).await;
    let text = result(&mock, &job, &batch).await;
    let id = text.split('"').nth(9).unwrap();
    assert_eq!(
        text,
        format!(
            "\"Id\",\"Success\",\"Created\",\"Error\"\n\"{id}\",\"true\",\"true\",\"\"\n\
             \"\",\"false\",\"false\",\"REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --\"\n"
        )
    );
    assert_eq!(get(&mock, &format!("/{job}/batch/{batch}/request")).await.1, csv);
    let update = open(&mock, "update", "Contact", "CSV", "").await;
    let batch = add(
        &mock,
        &update,
        "text/csv",
        &format!("Id,LastName,Owner.Username\n{id},King,nobody@example.com\n{id},#N/A,\n,x,\n"),
    )
    .await;
    assert_eq!(
        result(&mock, &update, &batch).await,
        format!(
            "\"Id\",\"Success\",\"Created\",\"Error\"\n\
             \"{id}\",\"false\",\"false\",\"INVALID_FIELD:Foreign key external ID: nobody@example.com not found for field Username in entity User:--\"\n\
             \"{id}\",\"false\",\"false\",\"DUPLICATE_VALUE:Duplicate id specified: {id}:--\"\n\
             \"\",\"false\",\"false\",\"MISSING_ARGUMENT:Id not specified in an update call:--\"\n"
        )
    );
}

#[tokio::test]
async fn xml_and_json_are_read_and_answered() {
    let mock = mock().await;
    let job = open(&mock, "insert", "Contact", "XML", "").await;
    let xml = format!(
        "{HEAD}<sObjects xmlns=\"{SPACE}\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><sObject><LastName>O&apos;Hara &amp; Co</LastName><Title xsi:nil=\"true\"/></sObject><sObject><FirstName>x</FirstName></sObject></sObjects>"
    );
    let batch = add(&mock, &job, "application/xml", &xml).await;
    let text = result(&mock, &job, &batch).await;
    let id = between(&text, "<id>", "</id>");
    assert_eq!(
        text,
        format!(
            "{HEAD}<results\n   xmlns=\"{SPACE}\">\n <result>\n  <id>{id}</id>\n  <success>true</success>\n  <created>true</created>\n </result>\n \
             <result>\n  <errors>\n   <fields>LastName</fields>\n   <message>Required fields are missing: [LastName]</message>\n   \
             <statusCode>REQUIRED_FIELD_MISSING</statusCode>\n  </errors>\n  <success>false</success>\n  <created>false</created>\n </result>\n</results>"
        )
    );
    let job = open(&mock, "update", "Contact", "JSON", "").await;
    let json = format!(
        r#"[{{"Id":"{id}","Title":"Countess","HasOptedOutOfEmail":true,"Account":null}},{{"Id":"003000000000009AAA","Owner":{{"attributes":{{"type":"User"}},"Username":"x"}}}}]"#
    );
    let (_, failed) = ask(&mock, "POST", &format!("/{job}/batch"), "application/json", &json).await;
    let batch = serde_json::from_str::<Value>(&failed).unwrap()["id"].as_str().unwrap().to_owned();
    let state = get(&mock, &format!("/{job}/batch/{batch}")).await.1;
    assert!(state.contains("InvalidBatch : Field name not found : Account"), "{state}");
    assert_eq!(
        get(&mock, &format!("/{job}/batch/{batch}/result")).await,
        (400, r#"{"exceptionCode":"InvalidBatch","exceptionMessage":"Records not processed"}"#.to_owned())
    );
    let batch = add(&mock, &job, "application/json", &json.replace(r#","Account":null"#, "")).await;
    assert_eq!(
        result(&mock, &job, &batch).await,
        format!(
            r#"[{{"success":true,"created":false,"id":"{id}","errors":[]}},{{"success":false,"created":false,"id":"003000000000009AAA","errors":[{{"statusCode":"INVALID_CROSS_REFERENCE_KEY","message":"invalid cross reference id","fields":[]}}]}}]"#
        )
    );
}

#[tokio::test]
async fn queries_answer_tables_lists_and_documents() {
    let mock = mock().await;
    let job = open(&mock, "insert", "Contact", "CSV", "").await;
    add(&mock, &job, "text/csv", "FirstName,LastName,Email\nAda,Lovelace,ADA@example.com\n,King,\n").await;
    let soql = "SELECT Owner.Username, LastName, FirstName, Email FROM Contact ORDER BY LastName";
    let ask_for = async |content: &str, kind: &str, soql: &str| {
        let job = open(&mock, "query", "Contact", content, "").await;
        let batch = add(&mock, &job, kind, soql).await;
        let list = result(&mock, &job, &batch).await;
        let id = list.split(['"', '>', '<']).find(|part| part.starts_with("752")).unwrap().to_owned();
        assert_eq!(id.len(), 15);
        (list, get(&mock, &format!("/{job}/batch/{batch}/result/{id}")).await.1, id)
    };
    let (list, csv, id) = ask_for("CSV", "text/csv", soql).await;
    assert_eq!(list, format!("{HEAD}<result-list xmlns=\"{SPACE}\"><result>{id}</result></result-list>"));
    let owner = csv.lines().nth(1).unwrap().split('"').nth(1).unwrap().to_owned();
    assert_eq!(
        csv,
        format!(
            "\"Owner.Username\",\"LastName\",\"FirstName\",\"Email\"\n\"{owner}\",\"King\",\"\",\"\"\n\"{owner}\",\"Lovelace\",\"Ada\",\"ada@example.com\"\n"
        )
    );
    let nothing = ask_for("CSV", "text/csv", "SELECT Id FROM Contact WHERE LastName = 'x'").await.1;
    assert_eq!(nothing, "Records not found for this query");
    let (list, json, id) =
        ask_for("JSON", "application/json", "SELECT Id, Owner.Username, CreatedDate FROM Contact LIMIT 1")
            .await;
    assert_eq!(list, format!("[\"{id}\"]"));
    let rows: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(rows[0]["attributes"]["type"], "Contact");
    assert_eq!(rows[0]["Owner"]["Username"], owner);
    assert!(rows[0]["CreatedDate"].as_i64().unwrap() > 1_000_000_000_000, "{json}");
    let xml = ask_for("XML", "application/xml", "SELECT Id, LastName FROM Contact LIMIT 1").await.1;
    let contact = between(&xml, "<Id>", "</Id>");
    assert_eq!(
        xml,
        format!(
            "{HEAD}<queryResult xmlns=\"{SPACE}\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n <records xsi:type=\"sObject\">\n  <type>Contact</type>\n  <Id>{contact}</Id>\n  <Id>{contact}</Id>\n  <LastName>Lovelace</LastName>\n </records>\n</queryResult>"
        )
    );
}

#[tokio::test]
async fn a_query_is_divided_by_the_primary_key() {
    let mock = mock().await;
    let job = open(&mock, "insert", "Contact", "CSV", "").await;
    let rows = (0..25).map(|at| format!("Person {at:02}\n")).collect::<Vec<_>>().concat();
    add(&mock, &job, "text/csv", &format!("LastName\n{rows}")).await;
    let headers = [("content-type", XML), ("sforce-enable-pkchunking", "chunkSize=10")];
    let text = send(&mock, "POST", "", &headers, &self::job("query", "Contact", "CSV", ""))
        .await
        .text()
        .await
        .unwrap();
    let job = between(&text, "<id>", "</id>").to_owned();
    let first =
        add(&mock, &job, "text/csv", "SELECT LastName FROM Contact WHERE LastName LIKE 'Person%'").await;
    let list = get(&mock, &format!("/{job}/batch")).await.1;
    let states =
        list.split("<state>").skip(1).map(|part| part.split('<').next().unwrap()).collect::<Vec<_>>();
    assert_eq!(states, ["NotProcessed", "Completed", "Completed", "Completed"]);
    let counts = list.split("<numberRecordsProcessed>").skip(1).map(|part| part.split('<').next().unwrap());
    assert_eq!(counts.collect::<Vec<_>>(), ["0", "10", "10", "5"]);
    let ids = list.split("<id>").skip(1).map(|part| part.split('<').next().unwrap()).collect::<Vec<_>>();
    assert_eq!(ids[0], first);
    let request = get(&mock, &format!("/{job}/batch/{}/request", ids[1])).await.1;
    assert!(request.starts_with("SELECT LastName FROM Contact WHERE Id >= '003"), "{request}");
    assert!(request.ends_with("' AND LastName LIKE 'Person%'"), "{request}");
}

#[tokio::test]
async fn mistakes_are_told_in_the_dialect_of_the_request() {
    let mock = mock().await;
    let xml = |code: &str, message: &str| {
        format!(
            "{HEAD}<error\n   xmlns=\"{SPACE}\">\n <exceptionCode>{code}</exceptionCode>\n <exceptionMessage>{message}</exceptionMessage>\n</error>"
        )
    };
    let (status, text) = ask(&mock, "POST", "", XML, &job("insert", "Video__c", "CSV", "")).await;
    assert_eq!((status, text), (400, xml("InvalidJob", "Unable to find object: Video__c")));
    let json = r#"{"operation":"insert","object":"Video__c","contentType":"JSON"}"#;
    assert_eq!(
        ask(&mock, "POST", "", "application/json", json).await.1,
        r#"{"exceptionCode":"InvalidJob","exceptionMessage":"Unable to find object: Video__c"}"#
    );
    let no_key = ask(&mock, "POST", "", XML, &job("upsert", "Account", "CSV", "")).await.1;
    assert_eq!(
        no_key,
        xml("InvalidJob", "External ID was blank for Account. An External ID must be specified for upsert.")
    );
    let hard = ask(&mock, "POST", "", XML, &job("hardDelete", "Account", "CSV", "")).await.1;
    assert_eq!(
        hard,
        xml(
            "FeatureNotEnabled",
            "hardDelete operation requires special user profile permission, please contact your system administrator"
        )
    );
    let id = open(&mock, "insert", "Account", "CSV", "").await;
    let batch = format!("/{id}/batch");
    assert_eq!(
        ask(&mock, "POST", &batch, "text/cs; charset=UTF-8", "Name\nA\n").await.1,
        xml("UnsupportedContentType", "Unsupported content type: text/cs; charset=UTF-8")
    );
    assert!(ask(&mock, "POST", &batch, "text/csv", "").await.1.contains("<exceptionCode>ClientInputError<"));
    assert!(
        ask(&mock, "POST", &batch, "zip/csv", "PK")
            .await
            .1
            .contains("does not emulate batches with binary attachments")
    );
    let zip = ask(&mock, "POST", "", XML, &job("insert", "Attachment", "ZIP_CSV", "")).await.1;
    assert!(zip.contains("<exceptionCode>FeatureNotEnabled<") && zip.contains("ZIP_CSV"), "{zip}");
    let url = format!("{}/services/async/66.0/job/{id}", mock.url());
    for (name, value) in [("x-sfdc-session", "nonsense"), ("authorization", "Bearer 00D5g0000000001!token")] {
        let answer = client().get(&url).header(name, value).send().await.unwrap();
        assert_eq!(answer.status(), 400);
        assert_eq!(answer.text().await.unwrap(), xml("InvalidSessionId", "Invalid session id"));
    }
    assert_eq!(
        get(&mock, "/750000000000000AAA").await.1,
        xml("InvalidJob", "Invalid job id: 750000000000000AAA")
    );
    let aborting = format!("<jobInfo xmlns=\"{SPACE}\"><state>Aborted</state></jobInfo>");
    assert_eq!(
        between(&ask(&mock, "POST", &format!("/{id}"), XML, &aborting).await.1, "<state>", "<"),
        "Aborted"
    );
    let closed = ask(&mock, "POST", &batch, "text/csv", "Name\nA\n").await;
    assert_eq!(closed, (400, xml("InvalidJobState", "Job not in Open state: no data can be added")));
    assert!(ask(&mock, "PUT", &format!("/{id}/spec"), "text/csv", "x").await.1.contains("bulk1.job.spec"));
}

/// As a recorded org answered (its guide has no TYPEOF in bulk queries).
#[tokio::test]
async fn a_json_query_may_ask_for_parents_by_their_type() {
    let mock = mock().await;
    let job = open(&mock, "insert", "Contact", "CSV", "").await;
    add(&mock, &job, "text/csv", "LastName\nLovelace\n").await;
    let soql = "SELECT Id, TYPEOF Owner WHEN User THEN Username ELSE Id END FROM Case";
    let job = open(&mock, "insert", "Case", "CSV", "").await;
    add(&mock, &job, "text/csv", "Subject\nHelp\n").await;
    let job = open(&mock, "query", "Case", "JSON", "").await;
    let batch = add(&mock, &job, "application/json", soql).await;
    let (_, told) = get(&mock, &format!("/{job}/batch/{batch}")).await;
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&told["state"], &told["stateMessage"]), (&Value::from("Completed"), &Value::Null));
    assert!(told.as_object().unwrap().contains_key("stateMessage"));
    let list: Vec<String> = serde_json::from_str(&result(&mock, &job, &batch).await).unwrap();
    let path = format!("/{job}/batch/{batch}/result/{}", list[0]);
    let (status, text) = get(&mock, &format!("{path}?format=json")).await;
    assert_eq!(status, 200, "{text}");
    let rows: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(rows[0]["Owner"]["attributes"]["type"], "User");
    assert!(rows[0]["Owner"]["Username"].is_string(), "{text}");
    let (status, text) = get(&mock, &format!("{path}?format=csv")).await;
    assert!(status == 400 && text.contains("the result of a JSON job in the format csv"), "{status} {text}");
    // A table has no place for it.
    let job = open(&mock, "query", "Case", "CSV", "").await;
    let batch = add(&mock, &job, "text/csv", soql).await;
    let (_, told) = get(&mock, &format!("/{job}/batch/{batch}")).await;
    assert!(told.contains("TYPEOF not supported in Bulk Query"), "{told}");
}
