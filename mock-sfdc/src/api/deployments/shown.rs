//! `DeployResult` and `FileProperties`, with their members in the order of the WSDL; SOAP writes them as elements, REST as JSON.

use mock_sfdc_metadata::{Message, MetadataType, listed};
use mock_sfdc_org::{id::Id, state::State, value::DateTime};
use serde_json::{Map, Value, json};

use super::Deployment;

impl Deployment {
    fn count(&self, wanted: impl Fn(&Message) -> bool) -> usize {
        self.messages.iter().filter(|one| !one.kind.is_empty() && wanted(one)).count()
    }

    /// `Succeeded`, `SucceededPartial` or `Failed`.
    #[must_use]
    pub fn status(&self) -> &'static str {
        let failed = self.messages.iter().any(Message::failed);
        let some = self.count(|one| !one.failed()) > 0;
        match (failed, self.options.rollback_on_error || !some) {
            (false, _) => "Succeeded",
            (true, true) => "Failed",
            (true, false) => "SucceededPartial",
        }
    }
}

/// A deployment as `checkDeployStatus` tells it.
#[must_use]
pub fn deploy_result(done: &Deployment, state: &State, details: bool) -> Value {
    let (errors, deployed) = (done.count(Message::failed), done.count(|one| !one.failed()));
    let status = done.status();
    let at = moment(done.at);
    let mut said = json!({
        "checkOnly": done.options.check_only,
        "completedDate": at,
        "createdBy": done.user.short(),
        "createdByName": name(state, done.user),
        "createdDate": at,
    });
    if details {
        said["details"] = self::details(done);
    }
    let rest = json!({
        "done": true,
        "id": done.id.to_string(),
        "ignoreWarnings": done.options.ignore_warnings,
        "lastModifiedDate": at,
        "numberComponentErrors": errors,
        "numberComponentsDeployed": deployed,
        "numberComponentsTotal": errors + deployed,
        "numberTestErrors": 0,
        "numberTestsCompleted": 0,
        "numberTestsTotal": 0,
        "rollbackOnError": done.options.rollback_on_error,
        "runTestsEnabled": false,
        "startDate": at,
        "status": status,
        "success": status != "Failed",
    });
    if let (Value::Object(said), Value::Object(rest)) = (&mut said, rest) {
        said.extend(rest);
    }
    said
}

fn details(done: &Deployment) -> Value {
    let (failed, good): (Vec<&Message>, Vec<&Message>) = done.messages.iter().partition(|one| one.failed());
    let shown = |list: Vec<&Message>| list.into_iter().map(|one| message(one, done.at)).collect::<Value>();
    json!({
        "componentFailures": shown(failed),
        "componentSuccesses": shown(good),
        "runTestResult": {"numFailures": 0, "numTestsRun": 0, "totalTime": 0.0},
    })
}

fn message(one: &Message, at: DateTime) -> Value {
    let mut said = Map::new();
    said.insert("changed".to_owned(), json!(one.changed));
    if one.failed() && one.line > 0 {
        said.insert("columnNumber".to_owned(), json!(1));
    }
    said.insert("componentType".to_owned(), json!(one.kind));
    said.insert("created".to_owned(), json!(one.created));
    said.insert("createdDate".to_owned(), json!(moment(at)));
    said.insert("deleted".to_owned(), json!(one.deleted));
    said.insert("fileName".to_owned(), json!(one.file));
    said.insert("fullName".to_owned(), json!(one.full_name));
    if let Some(id) = one.id {
        said.insert("id".to_owned(), json!(id.to_string()));
    }
    if one.failed() && one.line > 0 {
        said.insert("lineNumber".to_owned(), json!(one.line));
    }
    if let Some(problem) = &one.problem {
        said.insert("problem".to_owned(), json!(problem));
        said.insert("problemType".to_owned(), json!(if one.warning { "Warning" } else { "Error" }));
    }
    said.insert("success".to_owned(), json!(!one.failed()));
    Value::Object(said)
}

/// A component in a list or a retrieval.
#[must_use]
pub fn file_properties(state: &State, kind: &'static MetadataType, full_name: &str, folder: &str) -> Value {
    let about = listed(state, kind, full_name);
    json!({
        "createdById": about.created_by.to_string(),
        "createdByName": name(state, about.created_by),
        "createdDate": moment(about.created),
        "fileName": format!("{folder}{}", kind.file_of(full_name)),
        "fullName": full_name,
        "id": about.id.to_string(),
        "lastModifiedById": about.modified_by.to_string(),
        "lastModifiedByName": name(state, about.modified_by),
        "lastModifiedDate": moment(about.modified),
        "manageableState": "unmanaged",
        "type": kind.name,
    })
}

/// What a user is called.
#[must_use]
pub fn name(state: &State, user: Id) -> String {
    let found = state.find(user).and_then(|(object, row)| {
        let (position, _) = object.field("Name")?;
        row.get(position).as_text().map(str::to_owned)
    });
    found.unwrap_or_default()
}

/// `2026-01-05T09:00:00.000Z`
#[must_use]
pub fn moment(at: DateTime) -> String {
    at.to_zulu()
}
