//! The command as a shell sees it.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::client;

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mock-sfdc"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The lines of standard output up to the one that says that all is said.
fn announcement(child: &mut Child) -> String {
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines().map(Result::unwrap);
    let mut text = String::new();
    for line in lines.by_ref() {
        text.push_str(&line);
        text.push('\n');
        if line.starts_with("Ctrl-C") {
            break;
        }
    }
    text
}

/// A server in a process of its own, and the way in.
pub struct Running {
    pub child: Child,
    pub url: String,
    pub token: String,
}

/// Serves with these options, on any free port; `env` is where the way in is written.
pub fn serve(options: &[&str], env: &Path) -> Running {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mock-sfdc"))
        .args(["serve", "--port", "0", "--env-file", env.to_str().unwrap()])
        .args(options)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    announcement(&mut child);
    let lines = std::fs::read_to_string(env).unwrap();
    let value = |name: &str| {
        lines.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim_matches('\'').to_owned()
    };
    Running { child, url: value("SF_BASE_URL="), token: value("SF_ACCESS_TOKEN=") }
}

#[tokio::test]
async fn it_announces_itself_writes_the_way_in_and_stops_on_sigterm() {
    let file = std::env::temp_dir().join(format!("mock-sfdc-{}.env", std::process::id()));
    let mut child = command(&["serve", "--port", "0", "--env-file", file.to_str().unwrap()]).spawn().unwrap();
    let said = announcement(&mut child);
    let lines = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let value = |name: &str| {
        let line = lines.lines().find(|line| line.starts_with(&format!("{name}="))).unwrap();
        line.split_once('=').unwrap().1.to_owned()
    };
    assert_eq!(lines.lines().count(), 10, "{lines}");
    assert!(said.contains(&value("SF_BASE_URL")), "{said}");
    for name in [
        "SF_USERNAME",
        "SF_PASSWORD",
        "SF_SECURITY_TOKEN",
        "SF_CLIENT_ID",
        "SF_CLIENT_SECRET",
        "SF_CONTROL_TOKEN",
    ] {
        assert!(said.contains(&value(name)), "{name}: {said}");
    }
    let request = client().get(format!("{}/services/data/v66.0/limits", value("SF_BASE_URL")));
    assert_eq!(request.bearer_auth(value("SF_ACCESS_TOKEN")).send().await.unwrap().status(), 200);
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    let ended =
        tokio::time::timeout(Duration::from_secs(20), tokio::task::spawn_blocking(move || child.wait()));
    assert!(ended.await.unwrap().unwrap().unwrap().success());
}

#[tokio::test]
async fn tls_and_the_proxy_are_told_of() {
    let folder = std::env::temp_dir().join(format!("mock-sfdc-tls-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (env, ca) = (folder.join("sf.env"), folder.join("ca.pem"));
    let arguments = ["--port", "0", "--tls-port", "0", "--proxy-port", "0", "--tls-name", "salesforce"];
    let files = ["--write-ca", ca.to_str().unwrap(), "--env-file", env.to_str().unwrap()];
    let mut child = command(&arguments).args(files).spawn().unwrap();
    let said = announcement(&mut child);
    let (lines, pem) = (std::fs::read_to_string(&env).unwrap(), std::fs::read_to_string(&ca).unwrap());
    std::fs::remove_dir_all(&folder).unwrap();
    let value = |name: &str| {
        let line = lines.lines().find(|line| line.starts_with(&format!("{name}="))).unwrap();
        line.split_once('=').unwrap().1.to_owned()
    };
    assert_eq!(value("SF_CA_FILE"), ca.to_str().unwrap());
    for name in ["SF_BASE_URL_TLS", "SF_PROXY", "SF_CA_FILE"] {
        assert!(said.contains(&value(name)), "{name}: {said}");
    }
    let trusted = reqwest::Certificate::from_pem(pem.as_bytes()).unwrap();
    client();
    let http = reqwest::Client::builder().tls_certs_only([trusted]);
    let port = value("SF_BASE_URL_TLS").rsplit_once(':').unwrap().1.parse().unwrap();
    let http = http.resolve("salesforce", ([127, 0, 0, 1], port).into()).build().unwrap();
    let request = http.get(format!("https://salesforce:{port}/services/data/v66.0/limits"));
    assert_eq!(request.bearer_auth(value("SF_ACCESS_TOKEN")).send().await.unwrap().status(), 200);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn what_cannot_be_is_said_plainly_with_code_2() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for (arguments, said) in [
        (
            ["--port", port.as_str()],
            format!("mock-sfdc: port {port} is in use; --port 0 takes any that is free"),
        ),
        (["--org", "/nowhere/org.json"], "mock-sfdc: cannot read /nowhere/org.json".to_owned()),
        (
            ["--write-ca", "ca.pem"],
            "--write-ca and --tls-name want --tls-port, --proxy-port or --pubsub-port".to_owned(),
        ),
        (["--freeze-clock", "yesterday"], "a moment such as 2026-03-01T09:00:00Z was expected".to_owned()),
    ] {
        let mut child = command(&arguments).spawn().unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(2), "{arguments:?}");
        let mut text = String::new();
        child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        assert!(text.contains(&said), "{text}");
    }
}
