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

/// The full minute at which the test begins, and moments from there.
struct Beginning(DateTime);

impl Beginning {
    fn of(mock: &MockSfdc) -> Self {
        let now = mock.clock().now().whole_minutes();
        mock.clock().freeze_at(now);
        Self(now)
    }

    fn and(&self, seconds: i64) -> DateTime {
        DateTime::from_millis(self.0.millis() + seconds * 1_000)
    }

    fn rest(&self, seconds: i64) -> String {
        self.and(seconds).to_rest()
    }

    fn span(&self, start: i64, end: i64) -> String {
        format!("start={}&end={}", self.rest(start).replace('+', "%2B"), self.and(end).to_zulu())
    }
}

const DAY: i64 = 86_400;

#[tokio::test]
async fn what_changed_and_what_went() {
    let mock = mock().await;
    let noon = Beginning::of(&mock);
    let (first, second) = (create(&mock).await, create(&mock).await);
    mock.clock().freeze_at(noon.and(330));
    let gone = client().delete(format!("{}{ACCOUNTS}/{second}", mock.url())).bearer_auth(TOKEN);
    assert_eq!(gone.send().await.unwrap().status(), 204);
    mock.clock().freeze_at(noon.and(630));
    for slash in ["", "/"] {
        let expected = format!(r#"{{"ids":["{first}"],"latestDateCovered":"{}"}}"#, noon.rest(600));
        assert_eq!(get(&mock, &format!("/updated{slash}?{}", noon.span(0, 610))).await, (200, expected));
    }
    let expected = format!(
        r#"{{"deletedRecords":[{{"id":"{second}","deletedDate":"{}"}}],"earliestDateAvailable":"{}","latestDateCovered":"{}"}}"#,
        noon.rest(330),
        noon.rest(600 - 15 * DAY),
        noon.rest(600)
    );
    assert_eq!(get(&mock, &format!("/deleted/?{}", noon.span(0, 610))).await, (200, expected));

    let held = mock.org().hold_transaction();
    mock.clock().freeze_at(noon.and(1200));
    let later = format!("/updated?{}", noon.span(600, 1200));
    let covered = |seconds| format!(r#"{{"ids":[],"latestDateCovered":"{}"}}"#, noon.rest(seconds));
    assert_eq!(get(&mock, &later).await.1, covered(600));
    drop(held);
    assert_eq!(get(&mock, &later).await.1, covered(1200));
}

#[tokio::test]
async fn spans_that_cannot_be() {
    let mock = mock().await;
    let noon = Beginning::of(&mock);
    for (path, body) in [
        (
            format!("/updated?{}", noon.span(0, 59)),
            r#"[{"message":"endDate must be at least one minute greater than startDate","errorCode":"INVALID_REPLICATION_DATE"}]"#,
        ),
        (
            format!("/deleted?{}", noon.span(-31 * DAY, 0)),
            r#"[{"message":"startDate cannot be more than 30 days ago","errorCode":"INVALID_REPLICATION_DATE"}]"#,
        ),
        (
            "/deleted?start=yesterday&end=2027-03-01T12:00:00Z".to_owned(),
            r#"[{"message":"start is a moment such as 2026-03-01T09:00:00+00:00, not \"yesterday\"","errorCode":"ILLEGAL_QUERY_PARAMETER_VALUE"}]"#,
        ),
        (
            "/updated?start=2027-03-01T12:00:00Z".to_owned(),
            r#"[{"message":"end is a moment such as 2026-03-01T09:00:00+00:00, not \"\"","errorCode":"ILLEGAL_QUERY_PARAMETER_VALUE"}]"#,
        ),
    ] {
        assert_eq!(get(&mock, &path).await, (400, body.to_owned()), "{path}");
    }
}
