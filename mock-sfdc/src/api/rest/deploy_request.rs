//! `/metadata/deployRequest`: deployments over REST. An archive comes as one part of a multipart body, its options as another.

use http::StatusCode;
use mock_sfdc_org::error::Error;
use serde::Deserialize;
use serde_json::{Value, json};

use super::shape::Shaped;
use crate::{
    api::deployments::{self, Deployment, Options, allowed, deploy_result},
    call::{Answer, Call},
    reply::Reply,
};

/// The JSON of a request.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Wanted {
    deploy_options: Options,
    validated_deploy_request_id: Option<String>,
    /// `{"status": "Canceling"}`
    deploy_result: Option<Value>,
}

/// `POST /metadata/deployRequest`
pub fn start(call: &Call) -> Answer {
    allowed(call)?;
    let kind = call.header("content-type").unwrap_or_default().to_owned();
    if kind.starts_with("application/json") {
        let wanted = wanted(&call.body)?;
        let id = wanted.validated_deploy_request_id.unwrap_or_default();
        let done = deployments::start_validated(call, &id)?;
        return Ok(told(call, &done, StatusCode::CREATED, false, Some(&id)));
    }
    let boundary = kind.split("boundary=").nth(1).filter(|_| kind.starts_with("multipart/form-data"));
    let Some(boundary) = boundary else { return Err(Error::unsupported_media_type(&kind)) };
    let boundary = boundary.split(';').next().unwrap_or_default().trim().trim_matches('"');
    let parts = parts(&call.body, boundary);
    let json = parts.iter().find(|part| part.kind == "application/json");
    let archive = parts.iter().find(|part| part.kind != "application/json");
    let archive = archive.ok_or_else(|| Error::bad_archive("there is no part with a zip file"))?;
    let options = json.map(|part| wanted(part.content)).transpose()?.unwrap_or_default().deploy_options;
    let done = deployments::start(call, archive.content, options)?;
    Ok(told(call, &done, StatusCode::CREATED, false, None))
}

/// `GET /metadata/deployRequest/{id}`
pub fn get(call: &Call) -> Answer {
    allowed(call)?;
    let done = call.tenant.deployments.deployment(call.param("id"))?;
    let details = call.query("includeDetails") == Some("true");
    Ok(told(call, &done, StatusCode::OK, details, None))
}

/// `PATCH /metadata/deployRequest/{id}`: only a cancellation can be asked for, and nothing is left to cancel.
pub fn change(call: &Call) -> Answer {
    allowed(call)?;
    let done = call.tenant.deployments.deployment(call.param("id"))?;
    match wanted(&call.body)?.deploy_result {
        Some(asked) if asked["status"] == "Canceling" => Err(Error::already_done(done.id)),
        _ => Err(Error::not_emulated("changes of a deployment other than its cancellation")),
    }
}

fn wanted(json: &[u8]) -> Result<Wanted, Error> {
    let read = serde_json::from_slice::<Shaped<Wanted>>(json);
    read.map(|read| read.0).map_err(|error| Error::json(error.to_string()))
}

fn told(call: &Call, done: &Deployment, status: StatusCode, details: bool, validated: Option<&str>) -> Reply {
    let options = &done.options;
    let mut result = deploy_result(done, &call.org().snapshot(), details);
    if details {
        // Only REST has the list of all of them.
        result["details"]["allComponentMessages"] = json!([]);
    }
    let said = json!({
        "validatedDeployRequestId": validated,
        "id": done.id.to_string(),
        "url": format!("{}/services/data/{}/metadata/deployRequest/{}", call.base, call.version, done.id),
        "deployOptions": {
            "allowMissingFiles": options.allow_missing_files, "autoUpdatePackage": options.auto_update_package,
            "checkOnly": options.check_only, "ignoreWarnings": options.ignore_warnings,
            "performRetrieve": options.perform_retrieve, "purgeOnDelete": options.purge_on_delete,
            "rollbackOnError": options.rollback_on_error, "runTests": options.run_tests,
            "singlePackage": options.single_package, "testLevel": options.test_level,
        },
        "deployResult": result,
    });
    Reply::json(status, said.to_string())
}

/// A part of a multipart body.
struct Part<'a> {
    kind: String,
    content: &'a [u8],
}

fn parts<'a>(body: &'a [u8], boundary: &str) -> Vec<Part<'a>> {
    let mark = format!("--{boundary}");
    let mut found = Vec::new();
    let mut rest = body;
    while let Some(at) = find(rest, mark.as_bytes()) {
        let after = &rest[at + mark.len()..];
        let end = find(after, mark.as_bytes()).unwrap_or(after.len());
        let whole = &after[..end];
        if let Some(head) = find(whole, b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&whole[..head]).to_lowercase();
            let kind = text.lines().find_map(|line| line.strip_prefix("content-type:"));
            let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim().to_owned();
            let content = &whole[head + 4..];
            found.push(Part { kind, content: content.strip_suffix(b"\r\n").unwrap_or(content) });
        }
        rest = after;
    }
    found
}

fn find(within: &[u8], wanted: &[u8]) -> Option<usize> {
    within.windows(wanted.len()).position(|window| window == wanted)
}
