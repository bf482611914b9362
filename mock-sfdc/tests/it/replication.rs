//! `/updated` and `/deleted`, byte by byte; the rules are tested in the org.

use mock_sfdc::MockSfdc;
use mock_sfdc_org::value::DateTime;

use crate::{TOKEN, client, mock};

const ACCOUNTS: &str = "/services/data/v66.0/sobjects/Account";

async fn get(mock: &MockSfdc, path: &str) -> (u16, String) {
    let answer =
        client().get(format!("{}{ACCOUNTS}{path}", mock.url())).bearer_auth(TOKEN).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn create(mock: &MockSfdc) -> String {
    let request = client().post(format!("{}{ACCOUNTS}", mock.url())).bearer_auth(TOKEN);
    let request = request.header("content-type", "application/json").body(r#"{"Name":"Acme"}"#);
    let text = request.send().await.unwrap().text().await.unwrap();
    text.split('"').nth(3).unwrap().to_owned()
}

fn set(mock: &MockSfdc, time: &str) {
    mock.clock().freeze_at(DateTime::parse(&format!("2027-03-01T{time}Z")).unwrap());
}

#[tokio::test]
async fn what_changed_and_what_went() {
    let mock = mock().await;
    set(&mock, "12:00:00");
    let (first, second) = (create(&mock).await, create(&mock).await);
    set(&mock, "12:05:30");
    let gone = client().delete(format!("{}{ACCOUNTS}/{second}", mock.url())).bearer_auth(TOKEN);
    assert_eq!(gone.send().await.unwrap().status(), 204);
    set(&mock, "12:10:30");
    let span = "start=2027-03-01T12%3A00%3A00%2B00%3A00&end=2027-03-01T12%3A10%3A10.000Z";
    for slash in ["", "/"] {
        assert_eq!(
            get(&mock, &format!("/updated{slash}?{span}")).await,
            (200, format!(r#"{{"ids":["{first}"],"latestDateCovered":"2027-03-01T12:10:00.000+0000"}}"#))
        );
    }
    assert_eq!(
        get(&mock, &format!("/deleted/?{span}")).await,
        (
            200,
            format!(
                r#"{{"deletedRecords":[{{"id":"{second}","deletedDate":"2027-03-01T12:05:30.000+0000"}}],"earliestDateAvailable":"2027-02-14T12:10:00.000+0000","latestDateCovered":"2027-03-01T12:10:00.000+0000"}}"#
            )
        )
    );
    let held = mock.org().hold_transaction();
    set(&mock, "12:20:00");
    let later = "/updated?start=2027-03-01T12:10:00Z&end=2027-03-01T12:20:00Z";
    let (_, body) = get(&mock, later).await;
    assert_eq!(body, r#"{"ids":[],"latestDateCovered":"2027-03-01T12:10:00.000+0000"}"#);
    drop(held);
    let (_, body) = get(&mock, later).await;
    assert_eq!(body, r#"{"ids":[],"latestDateCovered":"2027-03-01T12:20:00.000+0000"}"#);
}

#[tokio::test]
async fn spans_that_cannot_be() {
    let mock = mock().await;
    set(&mock, "12:00:00");
    for (path, body) in [
        (
            "/updated?start=2027-03-01T12:00:00Z&end=2027-03-01T12:00:59Z",
            r#"[{"message":"endDate must be at least one minute greater than startDate","errorCode":"INVALID_REPLICATION_DATE"}]"#,
        ),
        (
            "/deleted?start=2027-01-01T12:00:00Z&end=2027-03-01T12:00:00Z",
            r#"[{"message":"startDate cannot be more than 30 days ago","errorCode":"INVALID_REPLICATION_DATE"}]"#,
        ),
        (
            "/deleted?start=yesterday&end=2027-03-01T12:00:00Z",
            r#"[{"message":"start is a moment such as 2026-03-01T09:00:00+00:00, not \"yesterday\"","errorCode":"ILLEGAL_QUERY_PARAMETER_VALUE"}]"#,
        ),
        (
            "/updated?start=2027-03-01T12:00:00Z",
            r#"[{"message":"end is a moment such as 2026-03-01T09:00:00+00:00, not \"\"","errorCode":"ILLEGAL_QUERY_PARAMETER_VALUE"}]"#,
        ),
    ] {
        assert_eq!(get(&mock, path).await, (400, body.to_owned()), "{path}");
    }
}
