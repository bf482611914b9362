//! How sessions begin, wait and end.

use super::*;

#[tokio::test]
async fn a_handshake_gives_a_session_and_its_cookies() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::new(&mock);
    let message =
        json!({"channel": "/meta/handshake", "id": "1", "supportedConnectionTypes": ["long-polling"]});
    let (status, headers, body) = bayeux.raw("/handshake", message.to_string()).await;
    assert_eq!(status, 200);
    let reply = serde_json::from_str::<Vec<Value>>(&body).unwrap().remove(0);
    let id = reply["clientId"].as_str().unwrap();
    assert!(
        (24..=30).contains(&id.len()) && id.bytes().all(|c| c.is_ascii_digit() || c.is_ascii_lowercase())
    );
    let cookies =
        headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect::<Vec<_>>();
    let browser = cookies[0].strip_prefix("BAYEUX_BROWSER=").unwrap().strip_suffix(";Path=/cometd/").unwrap();
    assert_eq!(cookies[1], format!("t={browser};Path=/cometd/;HttpOnly"));
    assert!(cookies[2].starts_with("sfdc-stream=!") && cookies[2].ends_with(";path=/"));
}

#[tokio::test]
async fn the_first_connect_comes_back_at_once_with_advice_and_the_next_one_is_held() {
    let mock = streaming_mock().await;
    let mut bayeux = Bayeux::new(&mock);
    bayeux.handshake().await;
    let first = bayeux.connect().await;
    assert_eq!(first[0]["advice"], json!({"interval": 0, "timeout": 110_000, "reconnect": "retry"}));
    bayeux.subscribe("/topic/Leads", json!({})).await;
    let held = bayeux.connect();
    tokio::pin!(held);
    assert!(tokio::time::timeout(Duration::from_millis(150), &mut held).await.is_err(), "was not held");
    lead(&mock, "Byron", "London");
    let replies = held.await;
    assert_eq!(names(&replies), ["Byron"]);
    assert_eq!(replies[1].get("advice"), None);
}

#[tokio::test]
async fn a_held_connect_ends_after_110_seconds_of_the_orgs_clock() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::connected(&mock).await;
    let held = bayeux.connect();
    tokio::pin!(held);
    assert!(tokio::time::timeout(Duration::from_millis(100), &mut held).await.is_err());
    mock.tenant().org.clock().advance(109_999);
    assert!(tokio::time::timeout(Duration::from_millis(100), &mut held).await.is_err(), "too early");
    mock.tenant().org.clock().advance(1);
    let replies = held.await;
    assert_eq!((replies.len(), &replies[0]["successful"]), (1, &json!(true)));
    // The session was in use all the time, so it is not away.
    assert_eq!(bayeux.subscribe("/topic/Leads", json!({})).await["successful"], true);
}

#[tokio::test]
async fn who_stays_away_for_more_than_40_seconds_is_forgotten() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::connected(&mock).await;
    mock.tenant().org.clock().advance(40_000);
    let mut message = bayeux.message("/meta/connect");
    message["advice"] = json!({"timeout": 0});
    assert_eq!(bayeux.post(json!([message])).await[0]["successful"], true);
    mock.tenant().org.clock().advance(40_001);
    let reply = bayeux.connect().await.remove(0);
    assert_eq!(
        reply.to_string(),
        r#"{"advice":{"interval":0,"reconnect":"handshake"},"channel":"/meta/connect","id":"7","error":"403::Unknown client","successful":false}"#
    );
}

#[tokio::test]
async fn a_later_connect_takes_the_place_of_a_held_one() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::connected(&mock).await;
    let held = bayeux.connect();
    tokio::pin!(held);
    assert!(tokio::time::timeout(Duration::from_millis(100), &mut held).await.is_err());
    let mut second = bayeux.message("/meta/connect");
    second["advice"] = json!({"timeout": 0});
    bayeux.post(json!([second])).await;
    assert_eq!(held.await[0]["successful"], true);
}

#[tokio::test]
async fn disconnecting_answers_the_held_connect() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::connected(&mock).await;
    let held = bayeux.connect();
    tokio::pin!(held);
    assert!(tokio::time::timeout(Duration::from_millis(100), &mut held).await.is_err());
    bayeux.post(json!([bayeux.message("/meta/disconnect")])).await;
    assert_eq!(held.await[0]["advice"], json!({"reconnect": "none", "interval": 0}));
    assert_eq!(mock.tenant().streaming.client_count(), 0);
}

#[tokio::test]
async fn a_session_belongs_to_its_user_and_to_its_browser() {
    let mock = streaming_mock().await;
    let mut bayeux = Bayeux::connected(&mock).await;
    bayeux.token = mock.tenant().admit(grace(&mock));
    let reply = bayeux.connect().await.remove(0);
    assert_eq!(error(&reply), "400::Authenticated user id does not match the session's user id.");
    bayeux.token = TOKEN.to_owned();
    bayeux.cookie.clear();
    let expected =
        format!("400::Client {} has established a session, but no BAYEUX_BROWSER cookie present", bayeux.id);
    assert_eq!(error(&bayeux.subscribe("/topic/Leads", json!({})).await), expected);
    setup(&mock, |setup| setup.cookies_required = false);
    assert_eq!(error(&bayeux.subscribe("/topic/Leads", json!({})).await), "no error");
}

#[tokio::test]
async fn a_reset_of_the_org_ends_all_sessions() {
    let mock = streaming_mock().await;
    let seed = (*mock.tenant().org.snapshot()).clone();
    let bayeux = Bayeux::connected(&mock).await;
    let held = bayeux.connect();
    tokio::pin!(held);
    assert!(tokio::time::timeout(Duration::from_millis(100), &mut held).await.is_err());
    mock.tenant().org.restore(seed);
    assert_eq!(error(&held.await[0]), "403::Unknown client");
}

#[tokio::test]
async fn no_event_is_lost_or_told_twice_while_clients_come_and_go() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::connected(&mock).await;
    bayeux.subscribe("/topic/Leads", json!({})).await;
    let mut told = Vec::new();
    let mut wanted = Vec::new();
    for round in 0..20 {
        for number in 0..round % 4 {
            let name = format!("{round}.{number}");
            lead(&mock, &name, "");
            wanted.push(name);
        }
        let mut message = bayeux.message("/meta/connect");
        message["advice"] = json!({"timeout": 0});
        let replies = bayeux.post(json!([message])).await;
        told.extend(names(&replies).into_iter().map(str::to_owned));
    }
    assert_eq!(told, wanted);
}

#[tokio::test]
async fn a_test_in_any_language_sets_streaming_up_and_drops_its_clients() {
    let mock = streaming_mock().await;
    let bayeux = Bayeux::connected(&mock).await;
    let ask = async |method: reqwest::Method, path: &str, body: Value| {
        let url = format!("{}/orgs/default/streaming{path}", mock.control_url());
        let request = client().request(method, url).header("x-mock-token", mock.control_token());
        let answer = request.body(body.to_string()).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, shown) =
        ask(reqwest::Method::PATCH, "", json!({"clients": 1, "cookiesRequired": false})).await;
    let shown = serde_json::from_str::<Value>(&shown).unwrap();
    assert_eq!(
        (status, &shown["clients"], &shown["cookiesRequired"], &shown["clientsConnected"]),
        (200, &json!(1), &json!(false), &json!(1))
    );
    let reply = Bayeux::new(&mock).handshake().await;
    assert_eq!(reply["ext"]["sfdc"]["failureReason"], "403::Organization concurrent user limit exceeded");
    let (status, text) = ask(reqwest::Method::PATCH, "", json!({"cleints": 1})).await;
    assert!(status == 400 && text.contains("cleints"), "{text}");
    assert_eq!(ask(reqwest::Method::DELETE, "/clients", json!({})).await.0, 204);
    assert_eq!(error(&bayeux.connect().await[0]), "403::Unknown client");
}
