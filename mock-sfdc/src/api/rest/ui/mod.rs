//! The UI API (`/ui-api`): records, objects, lists and pages as pages look at them. A subset: layouts are those of
//! `mock_sfdc_org::layout`, and whatever a person has arranged (actions, apps, lists of one's own) is refused by name.

pub mod defaults;
pub mod favorites;
pub mod layout;
pub mod lists;
pub mod lookups;
pub mod object_info;
mod paging;
pub mod picklists;
pub mod record_ui;
pub mod records;
pub mod related;
mod selection;

use http::StatusCode;
use mock_sfdc_org::error::Error;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    call::{ApiVersion, Call},
    reply::Reply,
};

/// The first version with pages.
const UI_API: ApiVersion = ApiVersion(41);

/// A resource that a version does not have is no resource.
fn since(call: &Call, version: ApiVersion) -> Result<(), Error> {
    if call.version >= version { Ok(()) } else { Err(Error::resource_not_found()) }
}

/// Thirty-two hexadecimal digits, as all tags of pages are.
fn tag(text: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(text)[..16].iter().fold(String::with_capacity(32), |mut tag, byte| {
        // Writing to a text cannot fail.
        let _ = write!(tag, "{byte:02x}");
        tag
    })
}

/// An answer with the tag by which a page knows that it has it already.
fn tagged(mut body: Value) -> Value {
    let tag = tag(body.to_string().as_bytes());
    if let Value::Object(members) = &mut body {
        members.insert("eTag".to_owned(), json!(tag));
        members.sort_keys();
    }
    body
}

fn ok(body: &Value) -> Reply {
    Reply::json(StatusCode::OK, body.to_string())
}

/// The members of a list in a path or a parameter.
fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

/// An object with the members of another besides.
fn merged(mut body: Value, more: Value) -> Value {
    if let (Value::Object(members), Value::Object(more)) = (&mut body, more) {
        members.extend(more);
        members.sort_keys();
    }
    body
}

/// Several answers in one: each with its status, and the failed ones with their errors.
fn batch(results: impl IntoIterator<Item = Result<Value, Error>>) -> Reply {
    let (failed, results) = batch_of(results);
    ok(&json!({"hasErrors": failed, "results": results}))
}

/// Whether some of them failed, and the answers.
fn batch_of(results: impl IntoIterator<Item = Result<Value, Error>>) -> (bool, Vec<Value>) {
    let mut failed = false;
    let results = results.into_iter().map(|result| match result {
        Ok(result) => json!({"result": result, "statusCode": 200}),
        Err(error) => {
            failed = true;
            let said = json!([{"errorCode": error.code.as_str(), "message": error.message}]);
            json!({"result": said, "statusCode": error.code.http_status()})
        }
    });
    let results = results.collect();
    (failed, results)
}

/// Pages are the same on every screen here.
fn form_factor(call: &Call) -> Result<(), Error> {
    match call.query("formFactor") {
        None | Some("Large" | "Medium" | "Small") => Ok(()),
        Some(other) => Err(Error::not_emulated(format_args!("formFactor={other}"))),
    }
}
