//! The engine's Salesforce client and the mock, met on the wire: each proves something about the other.

#![allow(clippy::unwrap_used, reason = "a test: a panic is the report")]

use std::sync::{Arc, Mutex};

use engine::clock::SystemClock;
use engine::connection::{Authorization, Callback, inspect};
use engine::random::Random;
use engine::salesforce::soql::{Condition, Select, quote};
use engine::salesforce::streaming::{Change, Delivery, Event, Replay, Stream, Subscription};
use engine::salesforce::{
    AutoAssign, Client, ConnectedApp, Custody, CustodyError, Deletion, ErrorKind, Fields, HttpOptions, OAuth,
    RetryClass, RetryPolicy, Session, Settings, TokenSet, Upserted, WriteOptions, http_client,
};
use futures::future::{BoxFuture, join_all};
use mock_sfdc::MockSfdc;
use mock_sfdc_org::clock::Clock;
use mock_sfdc_org::value::DateTime;
use reqwest::{Url, header::LOCATION, redirect};

/// Counts what it is given.
#[derive(Debug, Default)]
struct Memory(Mutex<Vec<TokenSet>>);

impl Custody for Memory {
    fn store<'a>(&'a self, tokens: &'a TokenSet) -> BoxFuture<'a, Result<(), CustodyError>> {
        self.0.lock().unwrap().push(tokens.clone());
        Box::pin(async { Ok(()) })
    }

    fn needs_reconnect<'a>(&'a self, reason: &'a str) -> BoxFuture<'a, Result<(), CustodyError>> {
        panic!("the connection is lost: {reason}")
    }
}

struct World {
    mock: MockSfdc,
    client: Client,
    memory: Arc<Memory>,
}

/// The demo org in May 2026, with the engine's client connected as its administrator.
async fn world() -> World {
    let mock = MockSfdc::builder()
        .clock(Clock::fixed(DateTime::from_millis(1_778_000_000_000)))
        .start()
        .await
        .unwrap();
    let oauth = oauth(&mock);
    let tokens = connect(&mock, &oauth).await;
    let memory = Arc::new(Memory::default());
    let session = Session::new(oauth, tokens, Arc::clone(&memory) as Arc<dyn Custody>);
    let settings = Settings { retry: RetryPolicy::ONCE, ..Settings::default() };
    let client = Client::new(session, Arc::new(SystemClock), Random::seeded(1), settings);
    World { mock, client, memory }
}

fn oauth(mock: &MockSfdc) -> OAuth {
    let credentials = mock.credentials();
    let app = ConnectedApp {
        login_url: mock.url().parse().unwrap(),
        client_id: credentials.client_id,
        client_secret: credentials.client_secret.into(),
        redirect_uri: "http://127.0.0.1:8090/oauth/callback".parse().unwrap(),
        scopes: vec!["api".to_owned(), "id".to_owned(), "refresh_token".to_owned()],
    };
    OAuth::new(http_client(&HttpOptions::default()).unwrap(), app)
}

/// The web server flow, with a browser that stops where the product's own page would come.
async fn connect(mock: &MockSfdc, oauth: &OAuth) -> TokenSet {
    let authorization = Authorization::begin(oauth.app(), &Random::seeded(2));
    let stops = redirect::Policy::custom(|attempt| {
        if attempt.url().path() == "/oauth/callback" { attempt.stop() } else { attempt.follow() }
    });
    let browser = reqwest::Client::builder().cookie_store(true).redirect(stops).build().unwrap();
    let page = browser.get(authorization.url.as_str()).send().await.unwrap().text().await.unwrap();
    let credentials = mock.credentials();
    let login = [
        ("startURL", hidden(&page, "startURL")),
        ("username", credentials.username),
        ("pw", credentials.password),
    ];
    let page = browser
        .post(format!("{}/login", mock.url()))
        .form(&login)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let consent = [("request", hidden(&page, "request")), ("save", "Allow".to_owned())];
    let allow = format!("{}/setup/secur/RemoteAccessAuthorizationPage.apexp", mock.url());
    let back = browser.post(allow).form(&consent).send().await.unwrap();
    let back = Url::parse(back.headers()[LOCATION].to_str().unwrap()).unwrap();
    let given =
        |name: &str| back.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let callback =
        Callback { code: given("code").map(Into::into), state: given("state"), ..Callback::default() };
    authorization.pending.complete(oauth, &callback).await.unwrap()
}

/// The value of a hidden input.
fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page
        .split_once(&format!(r#"name="{name}" value=""#))
        .unwrap_or_else(|| panic!("no {name} in {page}"));
    rest.split('"').next().unwrap().replace("&amp;", "&")
}

fn lead(name: &str) -> Fields {
    Fields::new().with("LastName", name).with("Company", "Engines")
}

async fn named(world: &World, name: &str) -> Vec<String> {
    let select = Select::from("Lead").field("Id").filter(Condition::equal("LastName", name));
    let records = world.client.query(&select.to_string()).await.unwrap();
    records.iter().map(|record| record.id().unwrap().to_owned()).collect()
}

async fn event(stream: &mut Stream) -> Event {
    match stream.next().await.unwrap() {
        Delivery::Event(event) => event,
        refused @ Delivery::SubscriptionRefused { .. } => panic!("{refused:?}"),
    }
}

/// A push topic on leads, and its channel.
async fn topic(world: &World) -> String {
    let fields = Fields::new()
        .with("Name", "Leads")
        .with("Query", "SELECT Id, LastName, Email FROM Lead")
        .with("ApiVersion", 66.0)
        .with("NotifyForFields", "All");
    world.client.create("PushTopic", &fields, &WriteOptions::default()).await.unwrap();
    "/topic/Leads".to_owned()
}

async fn follow(world: &World, channel: &str, replay: Replay) -> Stream {
    let subscription = Subscription { channel: channel.to_owned(), replay };
    Stream::open(world.client.clone(), vec![subscription]).await.unwrap()
}

#[tokio::test]
async fn an_org_is_connected_in_the_browser_and_inspected() {
    let world = world().await;
    let inspection = inspect(&world.client).await.unwrap();
    assert_eq!(inspection.edition.to_string(), "Developer Edition");
    assert_eq!(inspection.organization_name.as_deref(), Some("Demo Kitchen Supplies"));
    assert_eq!(inspection.username, "admin@demo.example");
    assert_eq!(inspection.profile.as_deref(), Some("System Administrator"));
    assert_eq!(inspection.licence.as_deref(), Some("Salesforce"));
    assert!(!inspection.is_sandbox);
    let info = world.client.user_info().await.unwrap();
    assert_eq!((info.user_id, info.organization_id), (inspection.user_id, inspection.organization_id));
    let versions = world.client.versions().await.unwrap();
    assert_eq!(versions.last().unwrap().version, world.client.version());
    assert!(world.client.limits().await.unwrap()["DailyApiRequests"].max > 0);
    assert!(world.client.usage().is_some());
    let global = world.client.describe_global().await.unwrap();
    assert!(global.object("pushtopic").unwrap().createable);
    let describe = world.client.describe("Lead").await.unwrap();
    let required: Vec<_> =
        describe.fields.iter().filter(|field| field.is_required()).map(|field| field.name.as_str()).collect();
    assert_eq!(required, ["LastName", "Company"]);
}

#[tokio::test]
async fn a_lead_lives_and_dies() {
    let World { ref client, .. } = world().await;
    let options = WriteOptions::default();
    let assigned = client
        .create("Lead", &lead("Assigned").with("LeadSource", "Partner Referral"), &options)
        .await
        .unwrap();
    let off = WriteOptions { auto_assign: AutoAssign::Off, ..WriteOptions::default() };
    let own = client.create("Lead", &lead("Own"), &off).await.unwrap();
    let owner = |id: String| async move {
        let select = Select::from("Lead").field("Owner.Name").filter(Condition::equal("Id", id));
        client.query(&select.to_string()).await.unwrap()[0].text("Owner.Name").unwrap().to_owned()
    };
    assert_eq!(owner(assigned.clone()).await, "Sam Seller", "as the assignment rule says");
    assert_eq!(owner(own).await, "Ada Admin", "without a rule whoever writes");

    client
        .update("Lead", &assigned, &Fields::new().with("Email", "A@B.example").with("Phone", "1"), &options)
        .await
        .unwrap();
    let mut cleared = Fields::new();
    cleared.clear("Phone");
    client.update("Lead", &assigned, &cleared, &options).await.unwrap();
    let found =
        client.retrieve("Lead", &assigned, &["Email", "Phone", "CreatedDate"]).await.unwrap().unwrap();
    assert_eq!(found.text("email"), Some("a@b.example"));
    assert!(found.is_null("Phone"));
    assert_eq!(found.timestamp("CreatedDate"), "2026-05-05T16:53:20Z".parse().ok());

    assert_eq!(client.delete("Lead", &assigned).await.unwrap(), Deletion::Deleted);
    assert_eq!(client.delete("Lead", &assigned).await.unwrap(), Deletion::WasDeleted);
    assert_eq!(client.retrieve("Lead", &assigned, &["Email"]).await.unwrap(), None);
    let refused = client.create("Lead", &Fields::new().with("Company", "C"), &options).await.unwrap_err();
    assert!(refused.has_code("REQUIRED_FIELD_MISSING"), "{refused}");
    assert_eq!(refused.api_errors()[0].fields, ["LastName"]);
}

#[tokio::test]
async fn an_upsert_finds_its_record_again() {
    let World { ref client, .. } = world().await;
    let field = "Referral_Rock_Referral_Id__c";
    let upsert = |name: &'static str| async move {
        client.upsert("Lead", field, "a/b ü?&'", &lead(name), &WriteOptions::default()).await.unwrap()
    };
    let first = upsert("First").await;
    assert!(first.created);
    assert_eq!(upsert("Second").await, Upserted { id: first.id.clone(), created: false });
    let found = client.retrieve("Lead", &first.id.unwrap(), &["LastName", field]).await.unwrap().unwrap();
    assert_eq!((found.text("LastName"), found.text(field)), (Some("Second"), Some("a/b ü?&'")));
}

#[tokio::test]
async fn whatever_a_person_types_is_found_and_nothing_else_is() {
    let world = world().await;
    for name in ["O'Brien", r"back\slash", r"\' OR Id != '", "100%_\"sure\"", "Zoë 🎉", "a+b&c=d#e"] {
        let id = world.client.create("Lead", &lead(name), &WriteOptions::default()).await.unwrap();
        assert_eq!(named(&world, name).await, [id], "{}", quote(name));
    }
    let starts = Select::from("Lead").filter(Condition::starts_with("LastName", "100%_"));
    assert_eq!(world.client.query(&starts.to_string()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_create_whose_answer_was_lost_is_ambiguous_and_there() {
    let world = world().await;
    world.mock.fault("rest.sobject.create").object("Lead").reset_after_commit();
    let error = world.client.create("Lead", &lead("Lost"), &WriteOptions::default()).await.unwrap_err();
    assert_eq!(error.retry_class(), RetryClass::Ambiguous, "{error}");
    assert_eq!(named(&world, "Lost").await.len(), 1, "created once, and not again");

    world.mock.fault("rest.sobject.create").object("Lead").reset_before_commit();
    let error = world.client.create("Lead", &lead("Never"), &WriteOptions::default()).await.unwrap_err();
    assert_eq!(error.retry_class(), RetryClass::Ambiguous, "from here both look the same");
    assert!(named(&world, "Never").await.is_empty());
}

#[tokio::test]
async fn a_session_that_expires_is_refreshed_once_for_all() {
    let world = world().await;
    world.mock.clock().advance(3 * 60 * 60 * 1000);
    let created = join_all((0..10).map(|n| {
        let client = world.client.clone();
        async move { client.create("Lead", &lead(&format!("Late {n}")), &WriteOptions::default()).await }
    }))
    .await;
    assert!(created.iter().all(Result::is_ok), "{created:?}");
    assert_eq!(world.memory.0.lock().unwrap().len(), 1, "one refresh");
    for n in 0..10 {
        assert_eq!(named(&world, &format!("Late {n}")).await.len(), 1);
    }
}

#[tokio::test]
async fn a_revoked_connection_works_no_more() {
    let world = world().await;
    world.client.session().revoke().await.unwrap();
    let error = world.client.limits().await.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::NeedsReconnect { .. }), "{error}");
}

#[tokio::test]
async fn what_happens_to_a_lead_is_told_in_order() {
    let world = world().await;
    let channel = topic(&world).await;
    let mut stream = follow(&world, &channel, Replay::New).await;
    let options = WriteOptions::default();
    let id = world.client.create("Lead", &lead("Told"), &options).await.unwrap();
    world.client.update("Lead", &id, &Fields::new().with("Email", "t@x.example"), &options).await.unwrap();
    world.client.delete("Lead", &id).await.unwrap();
    let mut last = 0;
    for change in [Change::Created, Change::Updated, Change::Deleted] {
        let event = event(&mut stream).await;
        assert_eq!((event.change, event.sobject.id()), (change, Some(id.as_str())));
        assert_eq!(
            event.sobject.has("LastName"),
            change != Change::Deleted,
            "a deletion carries only the Id"
        );
        assert!(event.replay_id > last, "replay ids grow");
        last = event.replay_id;
    }
    stream.close().await.unwrap();
    let mut again = follow(&world, &channel, Replay::After(last - 1)).await;
    assert_eq!(event(&mut again).await.change, Change::Deleted);
}

#[tokio::test]
async fn a_lost_streaming_session_resumes_after_the_last_event() {
    let world = world().await;
    let channel = topic(&world).await;
    let mut stream = follow(&world, &channel, Replay::New).await;
    let options = WriteOptions::default();
    world.client.create("Lead", &lead("One"), &options).await.unwrap();
    assert_eq!(event(&mut stream).await.sobject.text("LastName"), Some("One"));
    // Longer than Salesforce waits for the next connect: "403::Unknown client".
    world.mock.clock().advance(60_000);
    world.client.create("Lead", &lead("Two"), &options).await.unwrap();
    world.client.create("Lead", &lead("Three"), &options).await.unwrap();
    for name in ["Two", "Three"] {
        assert_eq!(event(&mut stream).await.sobject.text("LastName"), Some(name));
    }
}

#[tokio::test]
async fn a_token_that_expires_in_the_middle_of_a_stream_loses_nothing() {
    let world = world().await;
    let channel = topic(&world).await;
    let mut stream = follow(&world, &channel, Replay::New).await;
    let options = WriteOptions::default();
    world.client.create("Lead", &lead("One"), &options).await.unwrap();
    assert_eq!(event(&mut stream).await.sobject.text("LastName"), Some("One"));
    world.mock.clock().advance(3 * 60 * 60 * 1000);
    world.client.create("Lead", &lead("Two"), &options).await.unwrap();
    assert_eq!(event(&mut stream).await.sobject.text("LastName"), Some("Two"));
    assert_eq!(world.memory.0.lock().unwrap().len(), 1, "REST and streaming share one refresh");
}

#[tokio::test]
async fn an_expired_place_is_reported_and_the_channel_followed_from_now_on() {
    let world = world().await;
    let channel = topic(&world).await;
    let mut stream = follow(&world, &channel, Replay::New).await;
    let options = WriteOptions::default();
    world.client.create("Lead", &lead("Old"), &options).await.unwrap();
    let place = event(&mut stream).await.replay_id;
    drop(stream);
    world.client.create("Lead", &lead("Missed"), &options).await.unwrap();
    world.mock.clock().advance(25 * 60 * 60 * 1000);
    let mut stream = follow(&world, &channel, Replay::After(place)).await;
    let error = stream.next().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::ReplayExpired { channel });
    world.client.create("Lead", &lead("New"), &options).await.unwrap();
    assert_eq!(event(&mut stream).await.sobject.text("LastName"), Some("New"));
}

#[tokio::test]
async fn a_channel_that_does_not_exist_is_refused_and_the_others_go_on() {
    let world = world().await;
    let channel = topic(&world).await;
    let subscriptions = ["/topic/Nowhere", &channel]
        .map(|channel| Subscription { channel: channel.to_owned(), replay: Replay::New });
    let mut stream = Stream::open(world.client.clone(), subscriptions.to_vec()).await.unwrap();
    let Delivery::SubscriptionRefused { channel, error } = stream.next().await.unwrap() else {
        panic!("not refused")
    };
    assert_eq!(channel, "/topic/Nowhere");
    assert!(error.starts_with("400::The channel you requested to subscribe to does not exist"), "{error}");
    world.client.create("Lead", &lead("Heard"), &WriteOptions::default()).await.unwrap();
    assert_eq!(event(&mut stream).await.sobject.text("LastName"), Some("Heard"));
}
