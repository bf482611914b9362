//! One request of a recording and what a real org answered, read from three formats into one.

use std::{fs, path::Path};

use base64::Engine as _;
use serde_json::Value;

/// What a client sent, and what it was told.
#[derive(Debug)]
pub struct Exchange {
    /// The file, and the number inside it where it holds several.
    pub name: String,
    pub method: String,
    /// With the query string, percent-encoded.
    pub path: String,
    pub content_type: Option<String>,
    /// The recorded client had no valid session on purpose.
    pub without_session: bool,
    pub body: Option<String>,
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub answer: String,
    /// The file that was answered, in base64.
    pub file: Option<String>,
}

/// The recordings of Salesforce's function runtimes: a file an exchange, in the format of `WireMock`.
pub fn wiremock(folder: &Path) -> Vec<Exchange> {
    let mut found = Vec::new();
    for library in files(folder) {
        for file in files(&library) {
            let stub: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
            let (request, response) = (&stub["request"], &stub["response"]);
            let header = |name: &str| request["headers"][name]["equalTo"].as_str();
            let path = match request["url"].as_str() {
                Some(url) => url.to_owned(),
                None => with_query(request),
            };
            let base64 = response["base64Body"].as_str().map(ToOwned::to_owned);
            found.push(Exchange {
                name: format!("{}/{}", stem(&library), stem(&file)),
                method: request["method"].as_str().unwrap().to_owned(),
                path,
                content_type: header("Content-Type").map(ToOwned::to_owned),
                without_session: stem(&file).contains("invalid-token"),
                body: request["bodyPatterns"][0]["equalToJson"].as_str().map(ToOwned::to_owned),
                status: u16::try_from(response["status"].as_u64().unwrap()).unwrap(),
                headers: headers(&response["headers"]),
                answer: base64
                    .as_deref()
                    .map_or_else(|| response["body"].as_str().unwrap_or_default().to_owned(), decoded),
                file: base64,
            });
        }
    }
    found
}

fn decoded(base64: &str) -> String {
    let bytes = base64::engine::general_purpose::STANDARD.decode(base64).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `urlPath` and `queryParameters` of a stub.
fn with_query(request: &Value) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in request["queryParameters"].as_object().into_iter().flatten() {
        query.append_pair(name, value["equalTo"].as_str().unwrap_or_default());
    }
    let (path, query) = (request["urlPath"].as_str().unwrap_or_default(), query.finish());
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The distinct interactions of restforce-db's cassettes of 2015. The version that they elide was 33.0's neighbour; any will do.
pub fn restforce(file: &Path) -> Vec<Exchange> {
    let list: Vec<Value> = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().replace("<api_version>", "v33.0");
    let exchanges = list.iter().enumerate().map(|(number, one)| Exchange {
        name: format!("restforce-db-2015/{number}"),
        method: one["method"].as_str().unwrap().to_uppercase(),
        path: text(&one["uri"]),
        content_type: one["request_headers"]["Content-Type"][0].as_str().map(ToOwned::to_owned),
        without_session: false,
        body: one["request_body"].as_str().filter(|body| !body.is_empty()).map(ToOwned::to_owned),
        status: u16::try_from(one["status"]["code"].as_u64().unwrap()).unwrap(),
        headers: headers(&one["response_headers"])
            .into_iter()
            .map(|(n, v)| (n, v.replace("<api_version>", "v33.0")))
            .collect(),
        answer: text(&one["response_body"]),
        file: None,
    });
    exchanges.collect()
}

fn headers(recorded: &Value) -> Vec<(String, String)> {
    let all = recorded.as_object().into_iter().flatten();
    let first = |value: &Value| value.as_str().or_else(|| value[0].as_str()).unwrap_or_default().to_owned();
    all.map(|(name, value)| (name.to_lowercase(), first(value))).collect()
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}
