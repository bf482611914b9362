//! TLS and the proxy: how a program that knows only Salesforce's addresses comes here.

use mock_sfdc::{Credentials, MockSfdc};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

const QUERY: &str = "/services/data/v66.0/query?q=SELECT+Id+FROM+Account+LIMIT+1";

async fn mock() -> MockSfdc {
    MockSfdc::builder().tls().proxy().start().await.unwrap()
}

/// A client that trusts the mock's authority and nobody else.
fn client(mock: &MockSfdc) -> reqwest::ClientBuilder {
    crate::client();
    let ca = reqwest::Certificate::from_pem(mock.ca_pem().unwrap().as_bytes()).unwrap();
    reqwest::Client::builder().pool_max_idle_per_host(0).tls_certs_only([ca])
}

fn through_the_proxy(mock: &MockSfdc) -> reqwest::Client {
    let proxy = reqwest::Proxy::all(mock.proxy_url().unwrap()).unwrap();
    client(mock).proxy(proxy).redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

async fn log_in(http: &reqwest::Client, at: &str, who: &Credentials) -> Value {
    let password = format!("{}{}", who.password, who.security_token);
    let form = [
        ("grant_type", "password"),
        ("client_id", &who.client_id),
        ("client_secret", &who.client_secret),
        ("username", &who.username),
        ("password", &password),
    ];
    let answer = http.post(format!("{at}/services/oauth2/token")).form(&form).send().await.unwrap();
    answer.json().await.unwrap()
}

#[tokio::test]
async fn over_tls_all_addresses_are_https() {
    let mock = mock().await;
    let url = mock.tls_url().unwrap();
    let http = client(&mock).build().unwrap();
    let tokens = log_in(&http, &url, &mock.credentials()).await;
    assert_eq!(tokens["instance_url"], url);
    assert!(tokens["id"].as_str().unwrap().starts_with(&format!("{url}/id/00D")), "{tokens}");
    let by_name = url.replace("127.0.0.1", "localhost");
    for base in [&url, &by_name] {
        let request = http.get(format!("{base}{QUERY}")).bearer_auth(mock.admin_token());
        assert_eq!(request.send().await.unwrap().status(), 200, "{base}");
    }
    let stranger = crate::client().get(format!("{url}{QUERY}")).send().await;
    assert!(stranger.unwrap_err().is_connect(), "nobody trusts the authority by himself");
}

#[tokio::test]
async fn a_program_that_knows_only_salesforce_is_led_here() {
    let mock = mock().await;
    let http = through_the_proxy(&mock);
    let who = mock.credentials();
    for host in
        ["https://login.salesforce.com", "https://demo.my.salesforce.com", "https://acme.my.salesforce.com"]
    {
        let tokens = log_in(&http, host, &who).await;
        assert_eq!(tokens["instance_url"], "https://demo.my.salesforce.com", "{host}: {tokens}");
        let id = tokens["id"].as_str().unwrap();
        assert!(id.starts_with("https://login.salesforce.com/id/00D"), "{host}: {id}");
        let token = tokens["access_token"].as_str().unwrap();
        let identity: Value = http.get(id).bearer_auth(token).send().await.unwrap().json().await.unwrap();
        assert_eq!((&identity["id"], &identity["username"]), (&json!(id), &json!(who.username)));
        assert_eq!(identity["urls"]["custom_domain"], "https://demo.my.salesforce.com");
        let found = http.get(format!("https://demo.my.salesforce.com{QUERY}")).bearer_auth(token);
        assert_eq!(found.send().await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn an_org_of_any_name_has_a_host_name() {
    let mock = MockSfdc::builder().name("my_org").tls().proxy().start().await.unwrap();
    let tokens = log_in(&through_the_proxy(&mock), "https://login.salesforce.com", &mock.credentials()).await;
    assert_eq!(tokens["instance_url"], "https://my-org.my.salesforce.com");
}

#[tokio::test]
async fn soap_says_where_the_org_is() {
    let mock = mock().await;
    let who = mock.credentials();
    let body = format!(
        r#"<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><login xmlns="urn:partner.soap.sforce.com"><username>{}</username><password>{}{}</password></login></e:Body></e:Envelope>"#,
        who.username, who.password, who.security_token
    );
    let request = through_the_proxy(&mock).post("https://login.salesforce.com/services/Soap/u/59.0");
    let request = request.header("content-type", "text/xml").header("soapaction", "login").body(body);
    let answer = request.send().await.unwrap().text().await.unwrap();
    assert!(
        answer.contains("<serverUrl>https://demo.my.salesforce.com/services/Soap/u/59.0/00D"),
        "{answer}"
    );
}

/// Another org beside the demo org, and its way in.
async fn plant(mock: &MockSfdc, name: &str, organization: Value) -> Credentials {
    let app = json!({ "name": "Sync", "clientId": "sync", "clientSecret": "secret" });
    let new = json!({ "name": name, "fixture": { "organization": organization, "connectedApps": [app] } });
    let request = crate::client().post(format!("{}/orgs", mock.control_url())).json(&new);
    let answer = request.header("x-mock-token", mock.control_token()).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let login = answer.json::<Value>().await.unwrap()["login"].take();
    let text = |key: &str| login[key].as_str().unwrap().to_owned();
    Credentials {
        username: text("username"),
        password: text("password"),
        security_token: text("securityToken"),
        client_id: "sync".to_owned(),
        client_secret: "secret".to_owned(),
    }
}

#[tokio::test]
async fn each_org_logs_in_at_its_own_hosts() {
    let mock = mock().await;
    let (sandbox, other) = (json!({ "sandbox": true }), json!({ "myDomain": "acme" }));
    let (uat, other) = (plant(&mock, "uat", sandbox).await, plant(&mock, "other", other).await);
    let demo = mock.credentials();
    let http = through_the_proxy(&mock);
    let (login, test) = ("login.", "test.");
    let (at_demo, at_uat, at_acme) = ("demo.my.", "demo--uat.sandbox.my.", "acme.my.");
    let failure = json!({ "error": "invalid_grant", "error_description": "authentication failure" });
    for (who, at, instance) in [
        (&demo, login, Some(at_demo)),
        (&demo, test, None),
        (&demo, at_acme, None),
        (&uat, test, Some(at_uat)),
        (&uat, at_uat, Some(at_uat)),
        (&uat, login, None),
        (&uat, at_demo, None),
        (&other, login, Some(at_acme)),
        (&other, at_acme, Some(at_acme)),
        (&other, at_demo, None),
    ] {
        let answer = log_in(&http, &format!("https://{at}salesforce.com"), who).await;
        match instance {
            Some(instance) => {
                let url = format!("https://{instance}salesforce.com");
                assert_eq!(answer["instance_url"], url, "{} at {at}: {answer}", who.username);
            }
            None => assert_eq!(answer, failure, "{} at {at}", who.username),
        }
    }
}

#[tokio::test]
async fn a_fork_may_be_a_sandbox() {
    let mock = mock().await;
    let request = crate::client().post(format!("{}/orgs/default/fork", mock.control_url()));
    let request = request.json(&json!({ "name": "uat", "sandbox": true }));
    let answer = request.header("x-mock-token", mock.control_token()).send().await.unwrap();
    let fork: Value = answer.json().await.unwrap();
    let username = fork["login"]["username"].as_str().unwrap().to_owned();
    let who = Credentials { username, ..mock.credentials() };
    let http = through_the_proxy(&mock);
    let tokens = log_in(&http, "https://test.salesforce.com", &who).await;
    let instance = "https://demo--uat.sandbox.my.salesforce.com";
    assert_eq!(tokens["instance_url"], instance, "{tokens}");
    let query = format!("{instance}/services/data/v66.0/query?q=SELECT+IsSandbox+FROM+Organization");
    let request = http.get(query).bearer_auth(tokens["access_token"].as_str().unwrap());
    let found: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(found["records"][0]["IsSandbox"], true, "{found}");
}

#[tokio::test]
async fn client_credentials_are_not_for_login_hosts() {
    let mock = mock().await;
    let http = through_the_proxy(&mock);
    let who = mock.credentials();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &who.client_id),
        ("client_secret", &who.client_secret),
    ];
    let ask = async |host: &str| {
        let answer = http.post(format!("https://{host}/services/oauth2/token")).form(&form).send();
        answer.await.unwrap().json::<Value>().await.unwrap()
    };
    let refusal =
        json!({ "error": "invalid_grant", "error_description": "request not supported on this domain" });
    assert_eq!(ask("login.salesforce.com").await, refusal);
    assert_eq!(ask("demo.my.salesforce.com").await["token_type"], "Bearer");
}

/// What the proxy says to a raw request, to its end.
async fn raw(mock: &MockSfdc, request: &str) -> String {
    let address = mock.proxy_url().unwrap().replace("http://", "");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn the_proxy_leads_nowhere_else() {
    let mock = mock().await;
    for (target, said) in [
        (
            "example.com:443",
            "this proxy does not lead to example.com:443, only port 443 of login.salesforce.com, ",
        ),
        ("login.salesforce.com:80", "does not lead to login.salesforce.com:80"),
        ("127.0.0.1:443", "does not lead to 127.0.0.1:443"),
        ("login.salesforce.com.evil.example:443", "does not lead to login.salesforce.com.evil.example:443"),
    ] {
        let request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\nConnection: close\r\n\r\n");
        let answer = raw(&mock, &request).await;
        assert!(answer.starts_with("HTTP/1.1 403 ") && answer.contains(said), "{target}: {answer}");
    }
    let plain = "GET http://login.salesforce.com/ HTTP/1.1\r\nHost: login.salesforce.com\r\nConnection: close\r\n\r\n";
    let answer = raw(&mock, plain).await;
    assert!(answer.starts_with("HTTP/1.1 403 ") && answer.contains("a proxy for CONNECT only"), "{answer}");
}

#[tokio::test]
async fn the_authority_is_told_over_plain_http() {
    let mock = mock().await;
    let answer = crate::client().get(format!("{}/ca.pem", mock.control_url())).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), mock.ca_pem().unwrap());
    let plain = MockSfdc::start().await.unwrap();
    let answer = crate::client().get(format!("{}/ca.pem", plain.control_url())).send().await.unwrap();
    assert_eq!(answer.status(), 404);
    assert_eq!((plain.tls_url(), plain.proxy_url(), plain.ca_pem()), (None, None, None));
}
