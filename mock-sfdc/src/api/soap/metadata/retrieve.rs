//! `retrieve`, `checkRetrieveStatus`, and the older `checkStatus`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mock_sfdc_metadata::Manifest;
use mock_sfdc_org::error::Error;
use serde_json::json;

use super::{caller, deploy::queued, elements, part};
use crate::{
    api::{
        deployments::{self, Retrieval, file_properties, moment, name, pack},
        soap::answer::{self, Elements},
    },
    call::{Answer, Call},
};

/// The folder of an archive in which stands what belongs to no package.
const FOLDER: &str = "unpackaged/";

/// `retrieve(retrieveRequest)`
pub fn retrieve(call: &Call) -> Answer {
    let caller = caller(call)?;
    // `retrieveRequest` in the WSDL, `request` with jsforce.
    let request = caller.request.call.children.first();
    let request = request.ok_or_else(|| Error::bad_envelope("retrieveRequest is missing"))?;
    for word in ["packageNames", "specificFiles", "rootTypesWithDependencies"] {
        if let Some(said) = request.said(word) {
            return Err(Error::not_emulated(format_args!("retrieving by {word} ({said})")));
        }
    }
    let mut manifest =
        request.child("unpackaged").map(|package| Manifest::of(&part(package))).unwrap_or_default();
    if manifest.version.is_none() {
        manifest.version = request.said("apiVersion").map(str::to_owned);
    }
    let done = deployments::start_retrieval(call, &manifest)?;
    Ok(answer::result(&caller, &queued(done.id)))
}

/// `checkRetrieveStatus(asyncProcessId, includeZip)`
pub fn check(call: &Call) -> Answer {
    let caller = caller(call)?;
    let request = &caller.request.call;
    let done = call.tenant.deployments.retrieval(request.said("asyncProcessId").unwrap_or_default())?;
    let state = caller.state();
    let mut out = Elements::default();
    out.flag("done", true);
    for (kind, full_name, _) in &done.retrieved.components {
        out.around("fileProperties", &elements(&file_properties(&state, kind, full_name, FOLDER)));
    }
    out.around("fileProperties", &package(&done, &name(&state, done.user)));
    out.text("id", &done.id.to_string());
    for problem in &done.retrieved.problems {
        let told = json!({"fileName": format!("{FOLDER}package.xml"), "problem": problem});
        out.around("messages", &elements(&told));
    }
    out.text("status", "Succeeded");
    out.flag("success", true);
    // Without a word the archive comes along.
    if request.said("includeZip").is_none() || request.is_true("includeZip") {
        let files = done.retrieved.files.iter();
        let bytes = pack(files.map(|(path, content)| (format!("{FOLDER}{path}"), content.as_str())))?;
        out.text("zipFile", &STANDARD.encode(bytes));
    }
    Ok(answer::result(&caller, &out))
}

/// The manifest itself, which is nobody's component.
fn package(done: &Retrieval, by: &str) -> Elements {
    let at = moment(done.at);
    let path = format!("{FOLDER}package.xml");
    elements(&json!({
        "createdById": done.user.to_string(), "createdByName": by, "createdDate": at, "fileName": path,
        "fullName": path, "id": "", "lastModifiedById": done.user.to_string(), "lastModifiedByName": by,
        "lastModifiedDate": at, "manageableState": "unmanaged", "type": "Package",
    }))
}

/// `checkStatus(asyncProcessId)`, of both kinds of process.
pub fn check_status(call: &Call) -> Answer {
    let caller = caller(call)?;
    let id = caller.request.call.said("asyncProcessId").unwrap_or_default();
    let known = call.tenant.deployments.retrieval(id).map(|done| done.id);
    let id = known.or_else(|_| call.tenant.deployments.deployment(id).map(|done| done.id))?;
    let told = json!({"done": true, "id": id.to_string(), "state": "Completed"});
    Ok(answer::result(&caller, &elements(&told)))
}
