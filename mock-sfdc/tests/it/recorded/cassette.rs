//! The cassettes of `CumulusCI`, read into exchanges: each is what one of its tests said to a real org, one after the other.

use std::{collections::BTreeMap, fs, path::Path};

use regex::{Captures, Regex};
use serde_json::Value;

use super::exchange::Exchange;

/// The version that they elide.
const VERSION: &str = "50.0";

/// The exchanges of each cassette, by its file.
pub fn read(folder: &Path) -> BTreeMap<String, Vec<Exchange>> {
    let shared = folder.join("shared_cassettes");
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && path != shared {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "yaml") {
                let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                found.insert(name.clone(), cassette(&name, &path, &shared));
            }
        }
    }
    found
}

fn cassette(name: &str, file: &Path, shared: &Path) -> Vec<Exchange> {
    let whole = yaml(file);
    let interactions = whole["interactions"].as_array().into_iter().flatten();
    let exchange = |(number, one): (usize, &Value)| {
        let name = format!("{name}/{number}");
        match one["include_file"].as_str().map(|file| shared.join(file)) {
            // Of what several cassettes share, the describes are not in this collection.
            Some(file) => file.exists().then(|| exchange(name, &yaml(&file), shared)).flatten(),
            None => exchange(name, one, shared),
        }
    };
    interactions.enumerate().filter_map(exchange).collect()
}

/// One of them says a status twice, and means the second.
fn yaml(file: &Path) -> Value {
    let options = serde_saphyr::options! { duplicate_keys: serde_saphyr::DuplicateKeyPolicy::LastWins };
    serde_saphyr::from_str_with_options(&fs::read_to_string(file).unwrap(), options).unwrap()
}

/// Nothing where another host than Salesforce's was asked.
fn exchange(name: String, one: &Value, shared: &Path) -> Option<Exchange> {
    let (request, response) = (&one["request"], &one["response"]);
    let (host, path) = request["uri"].as_str()?.strip_prefix("https://")?.split_once('/')?;
    if !host.ends_with(".salesforce.com") {
        return None;
    }
    let path = versioned(&format!("/{}", path.trim_start_matches('/')));
    let body = request["body"].as_str().map(|text| dechunked(text).unwrap_or_else(|| text.to_owned()));
    let kind = body.as_deref().map(|body| match body {
        _ if path.contains("/Soap/") => "text/xml",
        _ if !path.contains("/async/") || body.starts_with("SELECT") => "application/json",
        _ if body.starts_with('<') => "application/xml",
        _ => "text/csv",
    });
    let content_type = response["headers"]["Content-Type"][0].as_str();
    Some(Exchange {
        name,
        method: request["method"].as_str()?.to_owned(),
        path,
        content_type: kind.map(ToOwned::to_owned),
        without_session: false,
        body: body.map(|body| versioned(&body)),
        status: u16::try_from(response["status"]["code"].as_u64()?).ok()?,
        headers: content_type.into_iter().map(|kind| ("content-type".to_owned(), kind.to_owned())).collect(),
        answer: versioned(&answer(&response["body"], shared)),
        file: None,
    })
}

fn versioned(text: &str) -> String {
    let rest = text.replace("<apiVersion>vxx.0", &format!("<apiVersion>{VERSION}"));
    let rest = rest.replace("/async/vxx.0", &format!("/async/{VERSION}"));
    rest.replace("vxx.0", &format!("v{VERSION}"))
}

/// A text, or a template that several answers share, with its words.
fn answer(body: &Value, shared: &Path) -> String {
    let text = body.get("string").unwrap_or(body);
    let Some(template) = text["include_template"].as_str() else {
        return text.as_str().unwrap_or_default().to_owned();
    };
    let template = fs::read_to_string(shared.join("vcr_string_templates").join(template)).unwrap();
    let place = Regex::new(r"\{(\w+)(?::([^}]*))?\}").unwrap();
    let fill = |found: &Captures<'_>| match &text["vars"][&found[1]] {
        Value::String(word) => word.clone(),
        Value::Null if &found[1] == "version" => VERSION.to_owned(),
        Value::Null => found.get(2).map_or("", |default| default.as_str()).to_owned(),
        word => word.to_string(),
    };
    place.replace_all(&template, fill).into_owned()
}

/// A body that was recorded with the lengths of its chunks.
fn dechunked(text: &str) -> Option<String> {
    let (mut rest, mut whole) = (text, String::new());
    loop {
        let (length, after) = rest.split_once("\r\n")?;
        let length = usize::from_str_radix(length, 16).ok()?;
        if length == 0 {
            return Some(whole);
        }
        whole.push_str(after.get(..length)?);
        rest = after.get(length..)?.strip_prefix("\r\n")?;
    }
}
