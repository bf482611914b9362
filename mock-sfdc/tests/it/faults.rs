//! What was asked to go wrong goes wrong, once, and is accounted for.

use mock_sfdc::{
    MockSfdc,
    faults::{Effect, Fault},
    which::Which,
};

use crate::{TOKEN, client, mock};

async fn get(mock: &MockSfdc, path: &str) -> Result<(u16, String), reqwest::Error> {
    let answer = client().get(format!("{}{path}", mock.url())).bearer_auth(TOKEN).send().await?;
    let status = answer.status().as_u16();
    Ok((status, answer.text().await?))
}

fn fault(mock: &MockSfdc, effect: Effect) {
    mock.tenant().faults.add(Fault::new(Which::operation("rest.limits"), effect)).unwrap();
}

const LIMITS: &str = "/services/data/v66.0/limits";

#[tokio::test]
async fn an_error_comes_once_in_salesforces_dialect() {
    let mock = mock().await;
    fault(&mock, Effect::Error { code: "UNABLE_TO_LOCK_ROW".to_owned(), message: None, fields: None });
    let (status, body) = get(&mock, LIMITS).await.unwrap();
    assert_eq!(status, 400);
    assert_eq!(
        body,
        r#"[{"message":"unable to obtain exclusive access to this record or 1 records: 001000000000001","errorCode":"UNABLE_TO_LOCK_ROW","fields":[]}]"#
    );
    assert!(!get(&mock, LIMITS).await.unwrap().1.contains("UNABLE_TO_LOCK_ROW"));
    assert!(mock.tenant().faults.unused().is_empty());
    let journal = mock.tenant().journal.entries();
    assert_eq!(journal[0].fault.as_deref(), Some("error UNABLE_TO_LOCK_ROW"));
    assert_eq!(journal[1].fault, None);
}

#[tokio::test]
async fn a_request_refused_for_its_own_mistake_uses_no_fault_up() {
    let mock = mock().await;
    fault(&mock, Effect::Refuse { status: 503 });
    let stranger =
        client().get(format!("{}{LIMITS}", mock.url())).bearer_auth("nobody").send().await.unwrap();
    assert_eq!(stranger.status(), 401);
    assert_eq!(mock.tenant().faults.unused().len(), 1);
    assert_eq!(get(&mock, LIMITS).await.unwrap().0, 503);
}

#[tokio::test]
async fn connections_are_cut_before_after_and_within_the_answer() {
    let mock = mock().await;
    for effect in [Effect::ResetBeforeCommit, Effect::ResetAfterCommit, Effect::TruncatedBody] {
        fault(&mock, effect.clone());
        assert!(get(&mock, LIMITS).await.is_err(), "{effect:?}");
        assert!(get(&mock, LIMITS).await.is_ok(), "{effect:?}");
    }
    let journal = mock.tenant().journal.entries();
    assert_eq!(journal.len(), 6, "nobody asked twice");
    assert_eq!(journal[0].status(), None);
}

#[tokio::test]
async fn an_expired_session_stays_expired() {
    let mock = mock().await;
    fault(&mock, Effect::ExpiredSession);
    for _ in 0..2 {
        let (status, body) = get(&mock, LIMITS).await.unwrap();
        assert_eq!((status, body.contains("INVALID_SESSION_ID")), (401, true));
    }
}

#[tokio::test]
async fn a_delay_waits_by_the_orgs_clock() {
    let mock = mock().await;
    let tenant = mock.tenant();
    tenant.org.clock().freeze();
    fault(&mock, Effect::Delay { seconds: 3_600 });
    let asked = tokio::spawn(async move { get(&mock, LIMITS).await.map(|(status, _)| status) });
    while tenant.journal.last() == 0 {
        tokio::task::yield_now().await;
    }
    tenant.org.clock().advance(3_599_000);
    tokio::task::yield_now().await;
    assert!(!asked.is_finished());
    tenant.org.clock().advance(1_000);
    assert!(asked.await.unwrap().is_ok());
}

#[tokio::test]
async fn names_that_do_not_exist_are_refused_with_the_nearest() {
    let mock = mock().await;
    let faults = &mock.tenant().faults;
    let wrong = Fault::new(Which::operation("rest.sobject.creat"), Effect::ResetBeforeCommit);
    assert!(faults.add(wrong).unwrap_err().contains("did you mean rest.sobject.create"));
    let effect = Effect::Error { code: "UNABLE_TO_LOCK_ROWS".to_owned(), message: None, fields: None };
    let wrong = Fault::new(Which::operation("rest.*"), effect);
    assert!(faults.add(wrong).unwrap_err().contains("did you mean UNABLE_TO_LOCK_ROW?"));
}
