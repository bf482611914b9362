//! Files: base64 in JSON, forms, and the bytes back.

use mock_sfdc::MockSfdc;
use reqwest::Response;

use crate::{
    TOKEN, client, mock,
    wire::{ask, create, query, send},
};

async fn form(mock: &MockSfdc, method: &str, path: &str, body: &[u8]) -> Response {
    let request = client().request(method.parse().unwrap(), format!("{}/services/data{path}", mock.url()));
    let kind = "multipart/form-data; boundary=\"boundary_string\"";
    request.bearer_auth(TOKEN).header("content-type", kind).body(body.to_vec()).send().await.unwrap()
}

/// As the REST guide shows it.
fn parts(json: &str, field: &str, file: &[u8]) -> Vec<u8> {
    let mut body = format!(
        "--boundary_string\r\nContent-Disposition: form-data; name=\"entity_document\";\r\nContent-Type: application/json\r\n\r\n\
         {json}\r\n--boundary_string\r\nContent-Type: application/pdf\r\n\
         Content-Disposition: form-data; name=\"{field}\"; filename=\"Brochure.pdf\"\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--boundary_string--");
    body
}

#[tokio::test]
async fn a_version_gives_back_its_bytes() {
    let mock = mock().await;
    // The request that was recorded.
    let id = create(
        &mock,
        "ContentVersion",
        r#"{"Title": "File for testing", "PathOnClient": "file.bin", "VersionData": "BAgVFiNC"}"#,
    )
    .await;
    let data = format!("/services/data/v66.0/sobjects/ContentVersion/{id}/VersionData");
    let found = query(
        &mock,
        "SELECT VersionData, ContentSize, Checksum, ContentDocument.ContentSize FROM ContentVersion",
    )
    .await;
    // As md5sum says it of these six bytes.
    let checksum = "dfb48ab7e2eb037158cb7e466d43831e";
    assert!(
        found.contains(&format!(r#""VersionData":"{data}","ContentSize":6,"Checksum":"{checksum}""#)),
        "{found}"
    );

    let answer =
        send(&mock, "GET", data.trim_start_matches("/services/data"), &[("accept", "*/*")], "").await;
    assert_eq!(answer.headers()["content-type"], "application/octetstream");
    assert!(answer.headers().get("vary").is_none());
    assert_eq!(answer.bytes().await.unwrap().as_ref(), [4, 8, 21, 22, 35, 66]);

    let row = format!("/v66.0/sobjects/ContentVersion/{id}");
    assert_eq!(ask(&mock, "PATCH", &row, r#"{"VersionData":"BAgV"}"#).await.0, 204);
    let found = query(&mock, "SELECT ContentSize, ContentDocument.ContentSize FROM ContentVersion").await;
    assert_eq!(found.matches(r#""ContentSize":3"#).count(), 2, "{found}");
}

#[tokio::test]
async fn a_form_brings_a_record_and_its_file() {
    let mock = mock().await;
    let account = create(&mock, "Account", r#"{"Name":"Acme"}"#).await;
    let bytes = b"%PDF-1.4\r\n--boundary\x00\xff\r\n";
    let json = format!(r#"{{"Name":"Brochure.pdf","ParentId":"{account}"}}"#);
    let answer = form(&mock, "POST", "/v66.0/sobjects/Attachment/", &parts(&json, "Body", bytes)).await;
    assert_eq!(answer.status(), 201);
    let text = answer.text().await.unwrap();
    let row = format!("/v66.0/sobjects/Attachment/{}", text.split('"').nth(3).unwrap());
    let body = send(&mock, "GET", &format!("{row}/Body"), &[], "").await.bytes().await.unwrap();
    assert_eq!(body.as_ref(), bytes);

    let answer = form(&mock, "PATCH", &row, &parts(r#"{"Name":"New"}"#, "Body", b"new")).await;
    assert_eq!(answer.status(), 204);
    let (_, text) = ask(&mock, "GET", &format!("{row}?fields=Name,BodyLength"), "").await;
    assert!(text.ends_with(r#""Name":"New","BodyLength":3}"#), "{text}");
}

#[tokio::test]
async fn forms_that_are_none() {
    let mock = mock().await;
    let only_a_file = "--boundary_string\r\nContent-Disposition: form-data; name=\"Body\"; filename=\"f\"\r\n\r\nx\r\n--boundary_string--";
    for (object, body, said) in [
        (
            "Document",
            only_a_file.as_bytes().to_vec(),
            r#"[{"message":"Multipart message must include a non-binary part","errorCode":"INVALID_MULTIPART_REQUEST"}]"#,
        ),
        (
            "Account",
            parts(r#"{"Name":"A"}"#, "Body", b"x"),
            r#"[{"message":"Multipart message has a binary part Body which is no binary field of Account","errorCode":"INVALID_MULTIPART_REQUEST"}]"#,
        ),
        (
            "Attachment",
            parts(r#"{"Nome":"A"}"#, "Body", b"x"),
            r#"[{"message":"No such column 'Nome' on sobject of type Attachment","errorCode":"INVALID_FIELD"}]"#,
        ),
        (
            "Attachment",
            parts(r#"{"Name":["A"]}"#, "Body", b"x"),
            r#"[{"message":"Cannot deserialize instance of string from START_ARRAY value [ or request may be missing a required field at [line:1, column:9]","errorCode":"JSON_PARSER_ERROR"}]"#,
        ),
    ] {
        let answer = form(&mock, "POST", &format!("/v66.0/sobjects/{object}"), &body).await;
        assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (400, said));
    }
}

#[tokio::test]
async fn files_that_are_not_there() {
    let mock = mock().await;
    let id = create(&mock, "ContentVersion", r#"{"PathOnClient":"f","VersionData":"BAgV"}"#).await;
    for (path, status) in [
        (format!("ContentVersion/{id}/Title"), 404),
        (format!("ContentVersion/{}/VersionData", id.replace("AAA", "AAB")), 400),
        (format!("ContentVersion/{}9/VersionData", &id[..14]), 404),
    ] {
        let (found, text) = ask(&mock, "GET", &format!("/v66.0/sobjects/{path}"), "").await;
        assert_eq!(found, status, "{path}: {text}");
    }
}

#[tokio::test]
async fn a_document_has_a_largest_size() {
    let mock = mock().await;
    let folder = query(&mock, "SELECT Id FROM User LIMIT 1").await;
    let folder = folder.split("\"Id\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let json = format!(r#"{{"Name":"Big","FolderId":"{folder}"}}"#);
    let most = 5 * 1024 * 1024;
    for (size, status) in [(most, 201), (most + 1, 400)] {
        let answer =
            form(&mock, "POST", "/v66.0/sobjects/Document", &parts(&json, "Body", &vec![b'x'; size])).await;
        let (found, text) = (answer.status().as_u16(), answer.text().await.unwrap());
        assert_eq!(found, status, "{text}");
        assert_eq!(text.contains("MAXIMUM_SIZE_OF_DOCUMENT"), status == 400, "{text}");
    }
}

#[tokio::test]
async fn a_collection_brings_a_file_for_each_record() {
    let mock = mock().await;
    let account = create(&mock, "Account", r#"{"Name":"Acme"}"#).await;
    let record = |name: &str, part: &str| {
        format!(
            r#"{{"attributes":{{"type":"Attachment","binaryPartName":"{part}","binaryPartNameAlias":"Body"}},"Name":"{name}","ParentId":"{account}"}}"#
        )
    };
    let form_of = |records: &[String]| {
        let json = format!(r#"{{"allOrNone":false,"records":[{}]}}"#, records.join(","));
        let file = |name: &str, text: &str| {
            format!(
                "--boundary_string\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}.txt\"\r\n\
                 Content-Type: text/plain\r\n\r\n{text}\r\n"
            )
        };
        let head = format!(
            "--boundary_string\r\nContent-Disposition: form-data; name=\"collection\"\r\n\
             Content-Type: application/json\r\n\r\n{json}\r\n"
        );
        format!("{head}{}{}--boundary_string--\r\n", file("one", "first"), file("two", "second!"))
    };
    let body = form_of(&[record("A", "two"), record("B", "one"), record("C", "three")]);
    let answer = form(&mock, "POST", "/v66.0/composite/sobjects", body.as_bytes()).await;
    let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
    assert_eq!(status, 200, "{text}");
    let results: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    for (result, file) in results.iter().zip(["second!", "first"]) {
        let path = format!("/v66.0/sobjects/Attachment/{}/Body", result["id"].as_str().unwrap());
        assert_eq!(ask(&mock, "GET", &path, "").await, (200, file.to_owned()));
    }
    assert_eq!(results[2]["errors"][0]["statusCode"], "INVALID_MULTIPART_REQUEST", "{text}");
    let id = results[0]["id"].as_str().unwrap();
    let change = record("A", "one")
        .replace("\"Name\"", &format!(r#""id":"{id}","Name""#))
        .replace(&format!(r#","ParentId":"{account}""#), "");
    let answer = form(&mock, "PATCH", "/v66.0/composite/sobjects", form_of(&[change]).as_bytes()).await;
    let text = answer.text().await.unwrap();
    assert!(text.contains(r#""success":true"#), "{text}");
    let path = format!("/v66.0/sobjects/Attachment/{id}/Body");
    assert_eq!(ask(&mock, "GET", &path, "").await, (200, "first".to_owned()));
}

#[tokio::test]
async fn a_form_may_be_larger_than_a_text() {
    let mock = mock().await;
    let body = parts(r#"{"PathOnClient":"big.bin"}"#, "VersionData", &vec![b'x'; 52 * 1024 * 1024]);
    let answer = form(&mock, "POST", "/v66.0/sobjects/ContentVersion", &body).await;
    assert_eq!(answer.status(), 201);
    let found = query(&mock, "SELECT ContentSize FROM ContentVersion").await;
    assert!(found.contains(r#""ContentSize":54525952"#), "{found}");
}
