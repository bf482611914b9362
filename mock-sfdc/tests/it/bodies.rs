//! Bodies and heads as such: size, compression.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use crate::{TOKEN, client, mock};

fn packed(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn too_much_is_refused_before_anybody_reads_it() {
    let mock = mock().await;
    let url = format!("{}/services/data/v66.0/sobjects/Account", mock.url());
    let long = format!("{url}?x={}", "y".repeat(16_384));
    assert_eq!(client().get(long).bearer_auth(TOKEN).send().await.unwrap().status(), 414);
    let wide = client().get(&url).bearer_auth(TOKEN).header("x-wide", "y".repeat(16_384));
    assert_eq!(wide.send().await.unwrap().status(), 431);
    // What clients of a real org were told.
    let large = vec![b' '; 50 * 1024 * 1024 + 1];
    let request = client().post(&url).bearer_auth(TOKEN).header("content-type", "application/json");
    let answer = request.body(large.clone()).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.text().await.unwrap().as_str()),
        (
            400,
            r#"[{"message":"Maximum size of request reached. Maximum size of request is 52428800 bytes.","errorCode":"JSON_PARSER_ERROR"}]"#
        )
    );
    let soap =
        client().post(format!("{}/services/Soap/u/62.0", mock.url())).header("content-type", "text/xml");
    let answer = soap.body(large).send().await.unwrap();
    assert_eq!(answer.status(), 500);
    let text = answer.text().await.unwrap();
    assert!(text.contains("<faultcode>sf:EXCEEDED_MAX_SIZE_REQUEST</faultcode>"), "{text}");
}

#[tokio::test]
async fn a_small_body_that_hides_a_large_one_is_refused() {
    let mock = mock().await;
    let url = format!("{}/services/data/v66.0/sobjects/Account", mock.url());
    let bomb = packed(&vec![b' '; 50 * 1024 * 1024 + 1]);
    assert!(bomb.len() < 1024 * 1024);
    for (body, said) in
        [(bomb, "Maximum size of request is 52428800 bytes"), (b"no gzip".to_vec(), "not valid gzip")]
    {
        let request = client().post(&url).bearer_auth(TOKEN).header("content-encoding", "gzip").body(body);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 400);
        assert!(answer.text().await.unwrap().contains(said));
    }
}

#[tokio::test]
async fn the_journal_reads_packed_bodies() {
    let mock = mock().await;
    let url = format!("{}/services/data/v66.0/sobjects/Account", mock.url());
    let body = packed(br#"{"Name":"Acme"}"#);
    let request = client().post(&url).bearer_auth(TOKEN).header("content-encoding", "gzip").body(body);
    request.send().await.unwrap();
    assert_eq!(&mock.tenant().journal.entries()[0].body[..], br#"{"Name":"Acme"}"#);
}

#[tokio::test]
async fn larger_answers_are_packed_for_those_who_take_it() {
    let mock = mock().await;
    let url = format!("{}/services/data", mock.url());
    let plain = client().get(&url).header("accept-encoding", "identity").send().await.unwrap();
    assert!(plain.headers().get("content-encoding").is_none());
    let raw = reqwest::Client::builder().no_gzip().build().unwrap();
    let packed = raw.get(&url).header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let unpacked = client().get(&url).send().await.unwrap().text().await.unwrap();
    assert_eq!(unpacked, plain.text().await.unwrap());
}

#[tokio::test]
async fn what_is_nested_too_deeply_is_a_parser_error_not_a_crash() {
    let mock = mock().await;
    let url = format!("{}/services/data/v66.0/sobjects/Account", mock.url());
    for body in ["[".repeat(500_000), "{\"a\":".repeat(200_000)] {
        let request =
            client().post(&url).bearer_auth(TOKEN).header("content-type", "application/json").body(body);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 400);
        assert!(answer.text().await.unwrap().contains("JSON_PARSER_ERROR"));
    }
}
