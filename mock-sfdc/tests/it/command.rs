//! The command as a shell sees it.

use std::{
    io::{BufRead, BufReader, Read},
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
pub fn announcement(child: &mut Child) -> String {
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
        (["--freeze-clock", "yesterday"], "a moment such as 2026-03-01T09:00:00Z was expected".to_owned()),
    ] {
        let mut child = command(&arguments).spawn().unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(2), "{arguments:?}");
        let mut text = String::new();
        child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        assert!(text.contains(&said), "{text}");
    }
}
