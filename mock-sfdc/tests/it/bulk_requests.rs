//! Requests to the Bulk APIs that are put wrongly: refused by what is wrong with them, and nothing of them is done.

use mock_sfdc::MockSfdc;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::{TOKEN, client, mock};

const SPACE: &str = "http://www.force.com/2009/06/asyncapi/dataload";

fn one(mock: &MockSfdc, method: Method, path: &str) -> RequestBuilder {
    client()
        .request(method, format!("{}/services/async/66.0/job{path}", mock.url()))
        .header("X-SFDC-Session", TOKEN)
}

fn two(mock: &MockSfdc, method: Method, path: &str) -> RequestBuilder {
    client().request(method, format!("{}/services/data/v66.0/jobs/{path}", mock.url())).bearer_auth(TOKEN)
}

async fn told(request: RequestBuilder) -> (u16, String) {
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn open_one(mock: &MockSfdc, content: &str) -> String {
    let job = format!(
        "<jobInfo xmlns=\"{SPACE}\"><operation>insert</operation><object>Lead</object><contentType>{content}</contentType></jobInfo>"
    );
    let (status, text) =
        told(one(mock, Method::POST, "").header("content-type", "application/xml").body(job)).await;
    assert_eq!(status, 201, "{text}");
    text.split_once("<id>").unwrap().1.split_once('<').unwrap().0.to_owned()
}

async fn open_two(mock: &MockSfdc) -> String {
    let job = json!({"object": "Lead", "operation": "insert"});
    let (status, text) = told(two(mock, Method::POST, "ingest").json(&job)).await;
    assert_eq!(status, 200, "{text}");
    serde_json::from_str::<Value>(&text).unwrap()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_job_in_xml_is_one_document() {
    let mock = mock().await;
    let good =
        format!("<jobInfo xmlns=\"{SPACE}\"><operation>insert</operation><object>Lead</object></jobInfo>");
    for text in [
        format!("{good}more"),
        format!("{good}{good}"),
        format!("<!DOCTYPE jobInfo>{good}"),
        good.replace("<object>", "<x:object>").replace("</object>", "</x:object>"),
        good.replace("Lead", "Lead&lol;"),
        good.replace("</jobInfo>", ""),
    ] {
        let request = one(&mock, Method::POST, "").header("content-type", "application/xml");
        let (status, answer) = told(request.body(text.clone())).await;
        assert_eq!(status, 400, "{text}: {answer}");
        assert!(answer.contains("<exceptionCode>InvalidXML</exceptionCode>"), "{text}: {answer}");
    }
}

#[tokio::test]
async fn records_in_another_encoding_are_not_taken() {
    let mock = mock().await;
    let csv = "LastName,Company\nA,B\n";
    let xml = format!(
        "<sObjects xmlns=\"{SPACE}\"><sObject><LastName>A</LastName><Company>B</Company></sObject></sObjects>"
    );
    for (content, kind, body, status) in [
        ("CSV", "text/csv; charset=UTF-8", csv, 201),
        ("CSV", "text/csv;charset=\"utf-8\"", csv, 201),
        ("CSV", "text/csv; charset=ISO-8859-1", csv, 400),
        ("XML", "application/xml; charset=utf8", &xml, 201),
        ("XML", "application/xml; charset=windows-1252", &xml, 400),
    ] {
        let batch = format!("/{}/batch", open_one(&mock, content).await);
        let request = one(&mock, Method::POST, &batch).header("content-type", kind).body(body.to_owned());
        let (found, answer) = told(request).await;
        assert_eq!(found, status, "{kind}: {answer}");
        let said = format!("<exceptionMessage>Unsupported content type: {kind}</exceptionMessage>");
        assert_eq!(answer.contains(&said), status == 400, "{answer}");
    }
    let path = format!("ingest/{}/batches", open_two(&mock).await);
    let request = || two(&mock, Method::PUT, &path).body(csv);
    let (status, answer) = told(request().header("content-type", "text/csv; charset=latin1")).await;
    assert_eq!(status, 415, "{answer}");
    assert_eq!(told(request().header("content-type", "text/csv; charset=utf-8")).await.0, 201);
}

#[tokio::test]
async fn a_method_that_there_is_not_is_refused_in_the_apis_own_form() {
    let mock = mock().await;
    let job = format!("/{}", open_one(&mock, "CSV").await);
    for (method, path, allowed) in
        [(Method::DELETE, job.as_str(), "HEAD,GET,POST"), (Method::GET, "", "POST")]
    {
        let (status, answer) = told(one(&mock, method.clone(), path)).await;
        let said = format!(
            "<exceptionCode>InvalidUrl</exceptionCode>\n <exceptionMessage>HTTP Method &apos;{method}&apos; not allowed. Allowed are {allowed}<"
        );
        assert_eq!(status, 400, "{answer}");
        assert!(answer.contains(&said), "{answer}");
    }
}

#[tokio::test]
async fn an_operation_of_the_other_kind_of_job_is_named() {
    let mock = mock().await;
    let query = json!({"operation": "insert", "query": "SELECT Id FROM Lead"});
    let ingest = json!({"operation": "query", "object": "Lead"});
    for (path, body, word) in [("query", query, "insert"), ("ingest", ingest, "query")] {
        let (status, answer) = told(two(&mock, Method::POST, path).json(&body)).await;
        assert_eq!(status, 400);
        let said = format!("Unable to parse Job: \\\"{word}\\\" is no value of operation");
        assert!(answer.contains(&said), "{answer}");
    }
}

#[tokio::test]
async fn a_form_has_a_job_and_content_and_nothing_else() {
    let mock = mock().await;
    let part = |name: &str, text: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let job = part("job", r#"{"object":"Lead","operation":"insert"}"#);
    let content = part("content", "LastName,Company\nA,B\n");
    let kind = "multipart/form-data; boundary=b";
    let post = |body: String| {
        two(&mock, Method::POST, "ingest").header("content-type", kind).body(body + "--b--\r\n")
    };
    let (status, answer) = told(post(format!("{job}{content}{}", part("more", "LastName\n")))).await;
    assert_eq!((status, answer.contains(r#"unknown member \"more\""#)), (400, true), "{answer}");
    assert_eq!(told(post(job + &content)).await.0, 200);
}

#[tokio::test]
async fn a_parent_is_named_once() {
    let mock = mock().await;
    let batch = format!("/{}/batch", open_one(&mock, "CSV").await);
    for header in ["LastName,Company,Owner.Username,OwnerId", "LastName,Company,OwnerId,Owner.Username"] {
        let values = if header.ends_with("Id") {
            "a@b.example,0055g0000000001AAA"
        } else {
            "0055g0000000001AAA,a@b.example"
        };
        let csv = format!("{header}\nA,B,{values}\n");
        let (status, answer) =
            told(one(&mock, Method::POST, &batch).header("content-type", "text/csv").body(csv)).await;
        assert_eq!(status, 201, "{answer}");
        let id = answer.split_once("<id>").unwrap().1.split_once('<').unwrap().0.to_owned();
        let (_, rows) = told(one(&mock, Method::GET, &format!("{batch}/{id}/result"))).await;
        let said = "INVALID_FIELD:Cannot specify both an external ID reference Owner and a salesforce id, OwnerId:--";
        assert!(rows.contains(said), "{rows}");
    }
}

#[tokio::test]
async fn records_in_xml_have_the_elements_that_the_guide_gives_them() {
    let mock = mock().await;
    let lead = "<LastName>A</LastName><Company>B</Company>";
    for (records, said) in [
        (format!("<sObjects xmlns=\"{SPACE}\"><sObject>{lead}</sObject></sObjects>"), ""),
        (format!("<records><sObject>{lead}</sObject></records>"), "sObjects was expected and not records"),
        (
            format!("<sObjects><record>{lead}</record></sObjects>"),
            "sObject was expected and not sObjects/record",
        ),
        (
            format!(
                "<sObjects><sObject>{lead}<Owner><Username>a@b.example</Username></Owner></sObject></sObjects>"
            ),
            "sObject was expected and not sObjects/sObject/Owner/Username",
        ),
        (
            format!("<sObjects><sObject>more{lead}</sObject></sObjects>"),
            "the text &quot;more&quot; stands beside elements",
        ),
        (
            format!("<sObjects><sObject>{lead}</sObject>more</sObjects>"),
            "the text &quot;more&quot; stands beside elements",
        ),
    ] {
        let batch = format!("/{}/batch", open_one(&mock, "XML").await);
        let request = one(&mock, Method::POST, &batch).header("content-type", "application/xml");
        let (status, answer) = told(request.body(records.clone())).await;
        assert_eq!(status, 201, "{answer}");
        let id = answer.split_once("<id>").unwrap().1.split_once('<').unwrap().0.to_owned();
        let (_, batch) = told(one(&mock, Method::GET, &format!("{batch}/{id}"))).await;
        let state = if said.is_empty() { "<state>Completed<" } else { "<state>Failed<" };
        assert!(batch.contains(state), "{records}: {batch}");
        let message = format!("<stateMessage>InvalidBatch : Failed to parse XML. {said}");
        assert_eq!(batch.contains(&message), !said.is_empty(), "{records}: {batch}");
    }
}
