//! `serve --data`: what was acknowledged is there after a kill.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use mock_sfdc::MockSfdc;
use serde_json::{Value, json};

use crate::{
    client,
    command::{self, Running},
};

/// A folder that is gone after the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("mock-sfdc-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn serve(data: &Path, env: &Path) -> Running {
    command::serve(&["--data", data.to_str().unwrap()], env)
}

async fn post(url: &str, token: &str, body: &Value) -> Option<String> {
    let request = client().post(format!("{url}/services/data/v66.0/sobjects/Lead")).bearer_auth(token);
    let request = request.header("content-type", "application/json").body(body.to_string());
    let answer = request.send().await.ok()?;
    let body: Value = serde_json::from_str(&answer.text().await.ok()?).ok()?;
    Some(body["id"].as_str()?.to_owned())
}

async fn query(url: &str, token: &str, soql: &str) -> Value {
    let request = client().get(format!("{url}/services/data/v66.0/query")).query(&[("q", soql)]);
    let text = request.bearer_auth(token).send().await.unwrap().text().await.unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Four clients create leads until the process is killed, which happens once so many were acknowledged.
async fn load(running: &mut Running, until: usize) -> BTreeSet<String> {
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    let count = Arc::new(AtomicUsize::new(0));
    let (enough, killing) = tokio::sync::oneshot::channel::<()>();
    let enough = Arc::new(Mutex::new(Some(enough)));
    let clients = (0..4).map(|client| {
        let (url, token) = (running.url.clone(), running.token.clone());
        let (acknowledged, count, enough) = (acknowledged.clone(), count.clone(), enough.clone());
        tokio::spawn(async move {
            for number in 0.. {
                let body = json!({"LastName": format!("L{client}-{number}"), "Company": "Acme"});
                let Some(id) = post(&url, &token, &body).await else { return };
                acknowledged.lock().unwrap().insert(id);
                if count.fetch_add(1, Ordering::SeqCst) + 1 == until {
                    let _ = enough.lock().unwrap().take().unwrap().send(());
                }
            }
        })
    });
    let clients = clients.collect::<Vec<_>>();
    killing.await.unwrap();
    running.child.kill().unwrap();
    running.child.wait().unwrap();
    for client in clients {
        client.await.unwrap();
    }

    acknowledged.lock().unwrap().clone()
}

#[tokio::test]
async fn what_was_acknowledged_outlives_a_kill() {
    let folder = Folder::new("data");
    let (data, env) = (folder.file("org.sqlite"), folder.file("mock.env"));
    let mut acknowledged = BTreeSet::new();
    let mut first_token = None;
    for _ in 0..3 {
        let mut running = serve(&data, &env);
        first_token.get_or_insert_with(|| running.token.clone());
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos();
        let until = 1 + usize::try_from(nanos % 80).unwrap();
        let new = load(&mut running, until).await;
        assert!(new.len() >= until);
        assert!(acknowledged.is_disjoint(&new), "an id was given twice");
        acknowledged.extend(new);
    }
    let mut running = serve(&data, &env);
    // A session of the first process is good still.
    let token = first_token.unwrap();
    let soql = "SELECT Id, LastName, Company, CreatedById FROM Lead WHERE Company = 'Acme'";
    let found = query(&running.url, &token, soql).await;
    let rows = found["records"].as_array().unwrap();
    let ids = rows.iter().map(|row| row["Id"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>();
    let lost = acknowledged.difference(&ids).collect::<Vec<_>>();
    assert!(lost.is_empty(), "acknowledged and gone: {lost:?}");
    for row in rows {
        assert!(row["LastName"].is_string() && row["CreatedById"].is_string(), "half a record: {row}");
    }
    running.child.kill().unwrap();
    running.child.wait().unwrap();
}

#[tokio::test]
async fn a_reset_goes_back_to_the_fixture_and_is_kept_too() {
    let folder = Folder::new("reset");
    let data = folder.file("org.sqlite");
    let mock = MockSfdc::builder().data(&data).start().await.unwrap();
    let leads = query(&mock.url(), mock.admin_token(), "SELECT Id FROM Lead").await["totalSize"].clone();
    let body = json!({"LastName": "More", "Company": "Acme"});
    assert!(post(&mock.url(), mock.admin_token(), &body).await.is_some());
    mock.clock().advance(3_600_000);
    let then = mock.clock().now();
    drop(mock);
    let again = open(&data).await;
    let more = query(&again.url(), again.admin_token(), "SELECT Id FROM Lead").await["totalSize"].clone();
    assert_eq!(more.as_u64(), leads.as_u64().map(|leads| leads + 1));
    assert!(again.clock().now() >= then, "the clock goes on as it was set");
    again.reset();
    assert_eq!(query(&again.url(), again.admin_token(), "SELECT Id FROM Lead").await["totalSize"], leads);
    drop(again);
    let last = open(&data).await;
    assert_eq!(query(&last.url(), last.admin_token(), "SELECT Id FROM Lead").await["totalSize"], leads);
}

/// The process before may take a moment to let go of the file.
async fn open(data: &Path) -> MockSfdc {
    for _ in 0..200 {
        match MockSfdc::builder().data(data).start().await {
            Ok(mock) => return mock,
            Err(error) => assert!(error.to_string().ends_with("is in use by another process"), "{error}"),
        }
        tokio::task::yield_now().await;
    }
    panic!("the file is never let go")
}

#[tokio::test]
async fn a_file_that_is_none_of_ours_is_left_alone() {
    let folder = Folder::new("foreign");
    let text = folder.file("text.sqlite");
    std::fs::write(&text, "this is no database, and long enough to be looked at as one").unwrap();
    let error = MockSfdc::builder().data(&text).start().await.unwrap_err().to_string();
    assert!(error.contains("text.sqlite"), "{error}");
    assert!(std::fs::read_to_string(&text).unwrap().starts_with("this is no database"));
    let used = folder.file("used.sqlite");
    let _mock = MockSfdc::builder().data(&used).start().await.unwrap();
    let error = MockSfdc::builder().data(&used).start().await.unwrap_err().to_string();
    assert!(error.ends_with("is in use by another process"), "{error}");
}
