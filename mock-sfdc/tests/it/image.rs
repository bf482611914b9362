//! An org as one file: out of one server, into another, through the command line and back.

use std::{path::PathBuf, process::Command};

use mock_sfdc::MockSfdc;
use mock_sfdc_org::{clock::Clock, value::DateTime};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client;

async fn control(mock: &MockSfdc, method: &str, path: &str, body: String) -> (u16, String) {
    let url = format!("{}/orgs{path}", mock.control_url());
    let request = client().request(method.parse::<Method>().unwrap(), url);
    let answer = request.header("x-mock-token", mock.control_token()).body(body).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn create_lead(mock: &MockSfdc, token: &str, name: &str) {
    let url = format!("{}/services/data/v66.0/sobjects/Lead", mock.url());
    let lead = json!({"LastName": name, "Company": "Image"});
    assert_eq!(client().post(url).bearer_auth(token).json(&lead).send().await.unwrap().status(), 201);
}

async fn names(mock: &MockSfdc, token: &str) -> Vec<String> {
    let query = "SELECT+Name+FROM+Lead+WHERE+Company='Image'+ORDER+BY+Name";
    let url = format!("{}/services/data/v66.0/query?q={query}", mock.url());
    let answer = client().get(url).bearer_auth(token).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let found: Value = answer.json().await.unwrap();
    found["records"].as_array().unwrap().iter().map(|row| row["Name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_org_moves_from_one_server_to_another() {
    let noon = DateTime::parse("2026-03-02T12:00:00Z").unwrap();
    let one = MockSfdc::builder().clock(Clock::fixed(noon)).start().await.unwrap();
    create_lead(&one, one.admin_token(), "First").await;
    let (status, image) = control(&one, "GET", "/default/image", String::new()).await;
    assert_eq!(status, 200);

    let other = MockSfdc::start().await.unwrap();
    create_lead(&other, other.admin_token(), "Lost").await;
    assert_eq!(control(&other, "PUT", "/default/image", image.clone()).await.0, 200);
    assert_eq!(names(&other, other.admin_token()).await, ["First"], "the administrator's session goes on");
    assert_eq!(other.clock().now(), noon);
    create_lead(&other, other.admin_token(), "Second").await;
    assert_eq!(names(&other, other.admin_token()).await, ["First", "Second"]);
    assert_eq!(control(&other, "GET", "/default/image", String::new()).await.0, 200);

    // Another org of the same server keeps its identity, and gets other usernames.
    let (_, fork) = control(&other, "POST", "", json!({"name": "qa"}).to_string()).await;
    let fork: Value = serde_json::from_str(&fork).unwrap();
    let (status, told) = control(&other, "PUT", "/qa/image", image).await;
    assert_eq!(status, 200);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["organizationId"], fork["organizationId"]);
    assert!(told["users"].to_string().contains("admin@demo.example.qa"), "{told}");
    assert_eq!(names(&other, fork["accessToken"].as_str().unwrap()).await, ["First"]);
}

#[tokio::test]
async fn what_is_no_image_changes_nothing_and_says_why() {
    let mock = MockSfdc::start().await.unwrap();
    create_lead(&mock, mock.admin_token(), "Stays").await;
    let (_, image) = control(&mock, "GET", "/default/image", String::new()).await;
    let cut = &image[..image.trim_end().rfind('\n').unwrap()];
    let pieces = image.lines().count() - 1;
    for (body, said) in [
        (cut.to_owned(), format!("the export is not whole: it has {} of {pieces} pieces", pieces - 1)),
        ("{}".to_owned(), "this is no export of mock-sfdc".to_owned()),
    ] {
        let (status, text) = control(&mock, "PUT", "/default/image", body).await;
        assert_eq!(status, 400);
        assert!(text.contains(&said), "{text}");
    }
    assert_eq!(names(&mock, mock.admin_token()).await, ["Stays"]);
}

fn run(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_mock-sfdc")).args(arguments).output().unwrap();
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8(said).unwrap()).concat();
    (output.status.code(), said)
}

#[tokio::test]
async fn the_command_line_makes_data_files_of_images_and_images_of_data_files() {
    let folder = std::env::temp_dir().join(format!("mock-sfdc-image-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (image, again, data) = (file("org.jsonl"), file("again.jsonl"), file("org.sqlite"));
    {
        let mock = MockSfdc::start().await.unwrap();
        create_lead(&mock, mock.admin_token(), "Kept").await;
        std::fs::write(&image, control(&mock, "GET", "/default/image", String::new()).await.1).unwrap();
    }
    assert_eq!(run(&["import", &image, &data]), (Some(0), String::new()));
    assert_eq!(
        run(&["import", &image, &data]),
        (Some(2), format!("mock-sfdc: {data} holds an org already; --replace lets it go\n"))
    );
    assert_eq!(run(&["import", &image, &data, "--replace"]), (Some(0), String::new()));
    assert_eq!(run(&["export", &data, "--output", &again]), (Some(0), String::new()));
    let (first, second) = (sorted(&image), sorted(&again));
    assert_eq!(first.len(), second.len());
    for (one, other) in first.iter().zip(&second) {
        assert!(one == other, "{one:.300} and {other:.300}");
    }
    let (code, said) = run(&["export", &file("nothing.sqlite")]);
    assert_eq!(code, Some(2));
    assert!(said.contains("cannot read"), "{said}");

    let from_image = MockSfdc::builder().fixture(PathBuf::from(&again)).start().await.unwrap();
    assert_eq!(names(&from_image, from_image.admin_token()).await, ["Kept"]);
    let from_data = MockSfdc::builder().data(&data).start().await.unwrap();
    assert_eq!(names(&from_data, from_data.admin_token()).await, ["Kept"]);
    drop(from_data);
    std::fs::remove_dir_all(folder).unwrap();
}

/// Lines, whose order a data file does not keep. A restart shows in one: sessions of streaming know another server.
fn sorted(file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with("[\"part\",\"streams\""));
    let mut lines = lines.map(str::to_owned).collect::<Vec<_>>();
    lines.sort();
    lines
}
