//! `deploy`, `deployRecentValidation`, `checkDeployStatus`, `cancelDeploy`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mock_sfdc_org::{error::Error, id::Id};

use super::{caller, elements};
use crate::{
    api::{
        deployments::{self, Options, deploy_result},
        soap::{
            answer::{self, Elements},
            envelope::Element,
        },
    },
    call::{Answer, Call},
};

/// `deploy(ZipFile, DeployOptions)`
pub fn deploy(call: &Call) -> Answer {
    let caller = caller(call)?;
    let request = &caller.request.call;
    let text = request.said("ZipFile").ok_or_else(|| Error::bad_archive("ZipFile is missing"))?;
    let options = request.child("DeployOptions").map(options).transpose()?.unwrap_or_default();
    let done = deployments::start(call, &decoded(text)?, options)?;
    Ok(answer::result(&caller, &queued(done.id)))
}

/// `deployRecentValidation(validationId)`
pub fn recent_validation(call: &Call) -> Answer {
    let caller = caller(call)?;
    let validation = caller.request.call.said("validationId").unwrap_or_default();
    let done = deployments::start_validated(call, validation)?;
    let mut out = Elements::default();
    out.text("result", &done.id.to_string());
    Ok(answer::body(&caller, &out))
}

/// `checkDeployStatus(asyncProcessId, includeDetails)`
pub fn check(call: &Call) -> Answer {
    let caller = caller(call)?;
    let request = &caller.request.call;
    let done = call.tenant.deployments.deployment(request.said("asyncProcessId").unwrap_or_default())?;
    let told = deploy_result(&done, &caller.state(), request.is_true("includeDetails"));
    Ok(answer::result(&caller, &elements(&told)))
}

/// `cancelDeploy(id)`: a deployment happens at once, so there is nothing left to cancel.
pub fn cancel(call: &Call) -> Answer {
    let caller = caller(call)?;
    let id = caller.request.call.children.first().map_or("", |id| id.text.trim());
    let done = call.tenant.deployments.deployment(id)?;
    Err(Error::already_done(done.id))
}

/// What an asynchronous call answers at first.
pub(super) fn queued(id: Id) -> Elements {
    let mut out = Elements::default();
    out.flag("done", false);
    out.text("id", &id.to_string());
    out.text("state", "Queued");
    out
}

fn decoded(text: &str) -> Result<Vec<u8>, Error> {
    let bare: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(bare).map_err(|error| Error::bad_archive(&error.to_string()))
}

fn options(element: &Element) -> Result<Options, Error> {
    let mut options = Options::default();
    for child in element.children.iter().filter(|child| !child.nil) {
        let text = child.text.trim();
        let flag = matches!(text, "true" | "1");
        match child.name.as_str() {
            "allowMissingFiles" => options.allow_missing_files = flag,
            "autoUpdatePackage" => options.auto_update_package = flag,
            "checkOnly" => options.check_only = flag,
            "ignoreWarnings" => options.ignore_warnings = flag,
            "performRetrieve" => options.perform_retrieve = flag,
            "purgeOnDelete" => options.purge_on_delete = flag,
            "rollbackOnError" => options.rollback_on_error = flag,
            "runTests" => options.run_tests.push(text.to_owned()),
            "singlePackage" => options.single_package = flag,
            "testLevel" => options.test_level = Some(text.to_owned()).filter(|text| !text.is_empty()),
            other => return Err(Error::not_emulated(format_args!("the deploy option {other}"))),
        }
    }
    Ok(options)
}
