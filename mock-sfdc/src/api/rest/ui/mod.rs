//! The UI API (`/ui-api`): records, objects and pages as pages look at them. A subset: layouts are those of `mock_sfdc_org::layout`,
//! and whatever a person has arranged (lists, favourites, apps) is refused by name.

pub mod defaults;
pub mod layout;
pub mod object_info;
pub mod picklists;
pub mod record_ui;
pub mod records;

use http::StatusCode;
use mock_sfdc_org::error::Error;
use serde_json::{Value, json};

use super::conditions;
use crate::{call::Call, reply::Reply};

/// An answer with the tag by which a page knows that it has it already.
fn tagged(mut body: Value) -> Value {
    let tag = conditions::digest_of(body.to_string().as_bytes());
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

/// Several answers in one: each with its status, and the failed ones with their errors.
fn batch(results: impl IntoIterator<Item = Result<Value, Error>>) -> Reply {
    let mut failed = false;
    let results = results.into_iter().map(|result| match result {
        Ok(result) => json!({"result": result, "statusCode": 200}),
        Err(error) => {
            failed = true;
            let said = json!([{"errorCode": error.code.as_str(), "message": error.message}]);
            json!({"result": said, "statusCode": error.code.http_status()})
        }
    });
    let results = results.collect::<Vec<_>>();
    ok(&json!({"hasErrors": failed, "results": results}))
}

/// Pages are the same on every screen here.
fn form_factor(call: &Call) -> Result<(), Error> {
    match call.query("formFactor") {
        None | Some("Large" | "Medium" | "Small") => Ok(()),
        Some(other) => Err(Error::not_emulated(format_args!("formFactor={other}"))),
    }
}
