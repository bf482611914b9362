//! The store on a real file: what is committed survives being dropped without a close, what is not never was.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use jiff::Timestamp;

use super::*;
use crate::sync::status::Status;

fn file() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let file = std::env::temp_dir().join(format!("engine-store-{}-{number}.sqlite", std::process::id()));
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
    file
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_770_000_000 + second).unwrap()
}

fn referral(id: &str, email: &str) -> Referral {
    Referral {
        id: id.into(),
        account_id: "a".into(),
        program_id: "p".into(),
        member_id: None,
        first_name: "Ada".into(),
        last_name: "Lovelace".into(),
        email: Some(email.into()),
        phone: None,
        company: None,
        external_id: None,
        amount: None,
        note: None,
        status: Status::Pending,
        ever_qualified: false,
        origin: Origin::Product,
        custom: [("region".to_owned(), "north".to_owned())].into(),
        created_at: at(0),
        updated_at: at(0),
    }
}

async fn with_program(store: &Store) -> Tx {
    let mut tx = store.write().await.unwrap();
    for id in ["a", "b"] {
        let account = Account {
            id: id.into(),
            name: id.into(),
            created_at: at(0),
            last_entry_received: None,
            referral_update: None,
        };
        tx.add_account(&account).await.unwrap();
    }
    let program = Program {
        id: "p".into(),
        account_id: "a".into(),
        name: "P".into(),
        referral_add: None,
        created_at: at(0),
    };
    tx.add_program(&program).await.unwrap();
    tx
}

#[tokio::test]
async fn committed_survives_and_uncommitted_never_was() {
    let file = file();
    let store = Store::open(&file).await.unwrap();
    let mut tx = with_program(&store).await;
    let mut kept = referral("r1", "ada@x.test");
    tx.add_referral(&kept, "product").await.unwrap();
    tx.set_status(&mut kept, Status::Qualified, at(5), "entry-1").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.write().await.unwrap();
    tx.add_referral(&referral("r2", "b@x.test"), "product").await.unwrap();
    drop(tx);
    drop(store);

    let store = Store::open(&file).await.unwrap();
    let mut tx = store.read().await.unwrap();
    let found = tx.referrals("a", None).await.unwrap();
    assert_eq!(found, vec![kept]);
    let history: Vec<_> =
        tx.history("r1").await.unwrap().into_iter().map(|l| (l.from, l.to, l.cause)).collect();
    assert_eq!(
        history,
        [
            (None, Status::Pending, "product".to_owned()),
            (Some(Status::Pending), Status::Qualified, "entry-1".to_owned())
        ]
    );
}

#[tokio::test]
async fn starts_are_counted_across_restarts() {
    let file = file();
    for expected in 1..=3 {
        let store = Store::open(&file).await.unwrap();
        assert_eq!(store.count_start().await.unwrap(), expected);
        store.close().await;
    }
}

#[tokio::test]
async fn candidates_are_found_as_matching_compares() {
    let store = Store::open(&file()).await.unwrap();
    let mut tx = with_program(&store).await;
    let mut written = referral("r1", " Ada@X.test ");
    written.last_name = "MÜLLER  Ray".into();
    tx.add_referral(&written, "product").await.unwrap();
    for (email, last_name, found) in [
        (Some("ada@x.TEST"), None, 1),
        (None, Some("müller ray"), 1),
        (Some("other@x.test"), Some("Muller"), 0),
        (None, None, 0),
    ] {
        let candidates = tx.referrals_for_matching("a", email, last_name).await.unwrap();
        assert_eq!(candidates.len(), found, "{email:?} {last_name:?}");
    }
    written.email = Some("new@x.test".into());
    tx.update_referral(&written).await.unwrap();
    assert_eq!(tx.referrals_for_matching("a", Some("NEW@x.test"), None).await.unwrap(), vec![written]);
}

fn connection(account: &str) -> ConnectionRow {
    ConnectionRow {
        account_id: account.into(),
        org_id: "00D000000000001AAA".into(),
        org_name: "Org".into(),
        edition: "Developer Edition".into(),
        is_sandbox: false,
        user_id: "005".into(),
        username: "u@x.test".into(),
        login_url: "http://127.0.0.1".into(),
        instance_url: "http://127.0.0.1".into(),
        secret: vec![1, 2],
        problem: None,
        connected_at: at(0),
        last_contact: None,
        missing_permissions: vec!["View Event Log Files".into()],
    }
}

#[tokio::test]
async fn an_org_is_held_by_one_account_until_it_lets_go() {
    let store = Store::open(&file()).await.unwrap();
    let mut tx = with_program(&store).await;
    tx.connect(&connection("a")).await.unwrap();
    tx.connect(&connection("a")).await.unwrap();
    assert!(matches!(tx.connect(&connection("b")).await, Err(StoreError::Taken { .. })));
    assert_eq!(tx.holder_of_org("00D000000000001AAA").await.unwrap().as_deref(), Some("a"));
    tx.disconnect("a").await.unwrap();
    tx.connect(&connection("b")).await.unwrap();
}

#[tokio::test]
async fn an_event_is_noted_once_and_an_authorization_taken_once() {
    let store = Store::open(&file()).await.unwrap();
    let mut tx = with_program(&store).await;
    assert!(tx.note_event("a", "/topic/T", "7", "e1", at(1)).await.unwrap());
    assert!(!tx.note_event("a", "/topic/T", "7", "e2", at(2)).await.unwrap());
    assert!(tx.note_event("a", "/topic/U", "7", "e3", at(2)).await.unwrap());
    let authorization = Authorization {
        state: "s".into(),
        account_id: "a".into(),
        login_url: "http://127.0.0.1".into(),
        secret: vec![3],
        expires_at: at(600),
    };
    tx.begin_authorization(&authorization).await.unwrap();
    assert_eq!(tx.take_authorization("s").await.unwrap(), Some(authorization));
    assert_eq!(tx.take_authorization("s").await.unwrap(), None);
}

#[tokio::test]
async fn what_was_being_sent_at_a_crash_is_ambiguous() {
    let file = file();
    let store = Store::open(&file).await.unwrap();
    let mut tx = with_program(&store).await;
    tx.add_referral(&referral("r1", "a@x.test"), "product").await.unwrap();
    let mut item = OutboxItem {
        id: "o1".into(),
        account_id: "a".into(),
        kind: "referral_add".into(),
        referral_id: "r1".into(),
        state: OutboxState::Pending,
        attempts: 0,
        due_at: at(10),
        outcome: None,
        created_at: at(0),
        updated_at: at(0),
    };
    tx.enqueue(&item).await.unwrap();
    assert_eq!(tx.next_outbox("a", at(9)).await.unwrap(), None);
    assert_eq!(tx.next_due("a").await.unwrap(), Some(at(10)));
    item.state = OutboxState::Sending;
    tx.update_outbox(&item).await.unwrap();
    tx.commit().await.unwrap();
    drop(store);

    let store = Store::open(&file).await.unwrap();
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.sending_becomes_ambiguous().await.unwrap(), 1);
    assert_eq!(tx.next_outbox("a", at(20)).await.unwrap().unwrap().state, OutboxState::Ambiguous);
}
