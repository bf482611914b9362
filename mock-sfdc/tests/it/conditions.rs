//! Conditional requests of rows and describes.

use mock_sfdc_org::value::DateTime;

use crate::{
    mock,
    wire::{ask, create, send},
};

#[tokio::test]
async fn an_account_is_guarded_by_its_tag() {
    let mock = mock().await;
    let row = format!("/v66.0/sobjects/Account/{}", create(&mock, "Account", r#"{"Name":"Acme"}"#).await);
    let first = send(&mock, "GET", &row, &[], "").await.headers()["etag"].to_str().unwrap().to_owned();
    let known = send(&mock, "GET", &row, &[("if-none-match", &first)], "").await;
    assert_eq!((known.status().as_u16(), known.headers()["etag"].to_str().unwrap()), (304, first.as_str()));
    assert_eq!(known.text().await.unwrap(), "");

    let plain = first.replace("-gzip", "");
    assert_ne!(plain, first);
    for (tag, status) in [(plain.as_str(), 204), (&first, 412), ("*", 204), (&plain, 412)] {
        let answer = send(&mock, "PATCH", &row, &[("if-match", tag)], r#"{"Phone":"1"}"#).await;
        // The second one is too late: the first has made another version.
        assert_eq!(answer.status().as_u16(), status, "{tag}: {}", answer.text().await.unwrap());
        mock.clock().advance(1000);
    }
    let refused = send(&mock, "DELETE", &row, &[("if-match", &first)], "").await;
    assert_eq!(
        (refused.status().as_u16(), refused.text().await.unwrap().as_str()),
        (
            412,
            r#"[{"message":"The record has another ETag than the If-Match header asks for","errorCode":"MATCH_PRECONDITION_FAILED"}]"#
        )
    );
    let now = send(&mock, "GET", &row, &[], "").await.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(send(&mock, "DELETE", &row, &[("if-match", &now)], "").await.status(), 204);
}

#[tokio::test]
async fn rows_are_guarded_by_their_date() {
    let mock = mock().await;
    mock.clock().freeze_at(DateTime::parse("2026-11-22T03:29:01Z").unwrap());
    let row =
        format!("/v66.0/sobjects/Lead/{}", create(&mock, "Lead", r#"{"LastName":"A","Company":"B"}"#).await);
    let (before, then) = ("Sun, 22 Nov 2026 03:29:00 GMT", "Sun, 22 Nov 2026 03:29:01 GMT");
    let whole = send(&mock, "GET", &row, &[], "").await;
    assert_eq!(whole.headers()["last-modified"], then);
    assert!(whole.headers().get("etag").is_none(), "accounts only");
    let patch = r#"{"Rating":"Hot"}"#;
    for (method, header, date, body, status) in [
        ("GET", "if-modified-since", then, "", 304),
        ("GET", "if-modified-since", before, "", 200),
        ("GET", "if-modified-since", "yesterday", "", 200),
        ("GET", "if-unmodified-since", before, "", 412),
        ("GET", "if-unmodified-since", then, "", 200),
        ("PATCH", "if-unmodified-since", before, patch, 412),
        ("PATCH", "if-unmodified-since", "yesterday", patch, 400),
        ("PATCH", "if-modified-since", then, patch, 412),
        ("PATCH", "if-unmodified-since", then, patch, 204),
        // Not emulated: a real org ignores them, and the write would go through unguarded.
        ("PATCH", "if-match", "\"x\"", patch, 403),
        ("DELETE", "if-unmodified-since", then, "", 403),
    ] {
        let answer = send(&mock, method, &row, &[(header, date)], body).await;
        assert_eq!(answer.status().as_u16(), status, "{method} {header}: {date}");
    }
}

#[tokio::test]
async fn describes_are_answered_once() {
    let mock = mock().await;
    for path in ["/v66.0/sobjects", "/v66.0/sobjects/Lead", "/v66.0/sobjects/Lead/describe"] {
        let first = send(&mock, "GET", path, &[], "").await;
        let date = first.headers()["last-modified"].to_str().unwrap().to_owned();
        let tag = first.headers()["etag"].to_str().unwrap().to_owned();
        assert_eq!((tag.len(), &tag[9..]), (16, "--gzip\""), "{tag}");
        for (header, value) in [("if-modified-since", &date), ("if-none-match", &tag)] {
            let again = send(&mock, "GET", path, &[(header, value)], "").await;
            assert_eq!(again.status(), 304, "{path} {header}");
            assert_eq!(again.headers()["last-modified"], date.as_str());
        }
        let older =
            send(&mock, "GET", path, &[("if-modified-since", "Sun, 22 Nov 2020 03:29:01 GMT")], "").await;
        assert_eq!(older.status(), 200);
    }
    assert_eq!(ask(&mock, "GET", "/v66.0/sobjects/Lead/describe", "").await.0, 200);
}
