//! Requests to the Metadata API as tests write them: an operation and its arguments, archives of files.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read, Write},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mock_sfdc::MockSfdc;
use serde_json::Value;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{client, soap::element};

/// One operation, as the administrator; status and body.
pub async fn call(mock: &MockSfdc, inner: &str) -> (u16, String) {
    call_as(mock, mock.admin_token(), inner).await
}

pub async fn call_as(mock: &MockSfdc, token: &str, inner: &str) -> (u16, String) {
    let body = format!(
        r#"<?xml version="1.0" encoding="utf-8"?><env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><env:Header><SessionHeader xmlns="http://soap.sforce.com/2006/04/metadata"><sessionId>{token}</sessionId></SessionHeader></env:Header><env:Body xmlns="http://soap.sforce.com/2006/04/metadata">{inner}</env:Body></env:Envelope>"#
    );
    let request = client().post(format!("{}/services/Soap/m/66.0", mock.url()));
    let answer = request
        .header("content-type", "text/xml")
        .header("SOAPAction", "\"\"")
        .body(body)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// What stands between the tags of the answer.
pub async fn answer(mock: &MockSfdc, operation: &str, arguments: &str) -> String {
    let (status, text) = call(mock, &format!("<{operation}>{arguments}</{operation}>")).await;
    assert_eq!(status, 200, "{text}");
    let (_, rest) = text.split_once(&format!("<{operation}Response>")).unwrap();
    rest.split_once(&format!("</{operation}Response>")).unwrap().0.to_owned()
}

pub fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in files {
        zip.start_file(*path, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub fn unpacked(text: &str) -> BTreeMap<String, String> {
    let mut zip = ZipArchive::new(Cursor::new(STANDARD.decode(text).unwrap())).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut content = String::new();
        file.read_to_string(&mut content).unwrap();
        files.insert(file.name().unwrap().into_owned(), content);
    }
    files
}

/// Deploys, and answers what `checkDeployStatus` says with all details.
pub async fn deploy(mock: &MockSfdc, files: &[(&str, &str)], options: &str) -> String {
    let zip = STANDARD.encode(archive(files));
    let queued =
        answer(mock, "deploy", &format!("<ZipFile>{zip}</ZipFile><DeployOptions>{options}</DeployOptions>"))
            .await;
    let id = element(&queued, "id");
    assert_eq!(queued, format!("<result><done>false</done><id>{id}</id><state>Queued</state></result>"));
    let ask = format!("<asyncProcessId>{id}</asyncProcessId><includeDetails>true</includeDetails>");
    answer(mock, "checkDeployStatus", &ask).await
}

pub const ROLLBACK: &str = "<rollbackOnError>true</rollbackOnError><singlePackage>true</singlePackage>";

pub async fn rest(mock: &MockSfdc, path: &str) -> (u16, Value) {
    let request =
        client().get(format!("{}/services/data/v66.0{path}", mock.url())).bearer_auth(mock.admin_token());
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default())
}
