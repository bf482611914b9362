//! Deployments and retrievals of an org, as SOAP and REST show them: both faces start them and ask for them by id. A deployment
//! happens at once, in one transaction, and is told afterwards; clients poll as they do with Salesforce, and find it done.

mod archive;
mod shown;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use mock_sfdc_metadata::{Files, Manifest, Message, Retrieved, deploy, retrieve};
use mock_sfdc_org::{error::Error, id::Id, value::DateTime};
use serde::{Deserialize, Deserializer};

pub use self::{
    archive::{pack, unpack},
    shown::{deploy_result, file_properties, moment, name},
};
use crate::call::Call;

/// So many of each kind are kept; Salesforce keeps them for days.
const KEPT: usize = 200;

/// `DeployOptions`, in the words of both faces.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[allow(clippy::struct_excessive_bools, reason = "Salesforce says them one by one")]
pub struct Options {
    #[serde(deserialize_with = "or_default")]
    pub allow_missing_files: bool,
    #[serde(deserialize_with = "or_default")]
    pub auto_update_package: bool,
    #[serde(deserialize_with = "or_default")]
    pub check_only: bool,
    #[serde(deserialize_with = "or_default")]
    pub ignore_warnings: bool,
    #[serde(deserialize_with = "or_default")]
    pub perform_retrieve: bool,
    #[serde(deserialize_with = "or_default")]
    pub purge_on_delete: bool,
    #[serde(deserialize_with = "or_default")]
    pub rollback_on_error: bool,
    #[serde(deserialize_with = "or_default")]
    pub run_tests: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    pub single_package: bool,
    pub test_level: Option<String>,
}

/// Clients that say all options say null for those that they do not use.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(found: D) -> Result<T, D::Error> {
    Option::deserialize(found).map(Option::unwrap_or_default)
}

/// One deployment, done.
#[derive(Debug, Clone)]
pub struct Deployment {
    pub id: Id,
    pub user: Id,
    pub at: DateTime,
    pub options: Options,
    pub messages: Vec<Message>,
    /// Of a validation that went well: what can still be deployed.
    files: Option<Arc<Files>>,
}

/// One retrieval, done.
#[derive(Debug)]
pub struct Retrieval {
    pub id: Id,
    pub user: Id,
    pub at: DateTime,
    pub retrieved: Retrieved,
}

/// What an org keeps of both.
#[derive(Debug, Default)]
pub struct Live(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    given: u64,
    deployments: BTreeMap<Id, Arc<Deployment>>,
    retrievals: BTreeMap<Id, Arc<Retrieval>>,
}

impl Live {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self, prefix: [u8; 3], pod: [u8; 2]) -> Id {
        let mut known = self.known();
        known.given += 1;
        Id::from_number(prefix, pod, known.given)
    }

    pub fn clear(&self) {
        *self.known() = Known::default();
    }

    /// A deployment by its id; another org's is none.
    pub fn deployment(&self, id: &str) -> Result<Arc<Deployment>, Error> {
        let found = Id::parse(id).and_then(|id| self.known().deployments.get(&id).cloned());
        found.ok_or_else(|| Error::unknown_async_process(id))
    }

    /// A retrieval by its id.
    pub fn retrieval(&self, id: &str) -> Result<Arc<Retrieval>, Error> {
        let found = Id::parse(id).and_then(|id| self.known().retrievals.get(&id).cloned());
        found.ok_or_else(|| Error::unknown_async_process(id))
    }
}

/// Whether the caller may use the Metadata API at all.
pub fn allowed(call: &Call) -> Result<(), Error> {
    let viewer = call.viewer()?;
    let may = viewer.may("ModifyMetadata") || viewer.may("ModifyAllData");
    if may { Ok(()) } else { Err(Error::metadata_api_not_allowed()) }
}

/// Deploys an archive.
pub fn start(call: &Call, archive: &[u8], options: Options) -> Result<Arc<Deployment>, Error> {
    refuse(&options)?;
    begin(call, Arc::new(unpack(archive)?), options)
}

/// Deploys what a validation has found to be right.
pub fn start_validated(call: &Call, validation: &str) -> Result<Arc<Deployment>, Error> {
    let validated = call.tenant.deployments.deployment(validation)?;
    let files = validated.files.clone().ok_or_else(|| Error::unknown_async_process(validation))?;
    let options = Options { check_only: false, ..validated.options.clone() };
    begin(call, files, options)
}

/// What would change the outcome and is not emulated. There is no Apex in the org, so tests of all of it are none.
fn refuse(options: &Options) -> Result<(), Error> {
    const LEVELS: [&str; 4] = ["NoTestRun", "RunLocalTests", "RunAllTestsInOrg", "RunRelevantTests"];
    if let Some(test) = options.run_tests.iter().find(|test| !test.is_empty()) {
        return Err(Error::not_emulated(format_args!("Apex tests ({test})")));
    }
    if let Some(level) = options.test_level.as_deref().filter(|level| !LEVELS.contains(level)) {
        return Err(Error::not_emulated(format_args!("Apex tests (testLevel {level})")));
    }
    if options.perform_retrieve {
        return Err(Error::not_emulated("performRetrieve of a deployment"));
    }
    Ok(())
}

fn begin(call: &Call, files: Arc<Files>, options: Options) -> Result<Arc<Deployment>, Error> {
    let user = call.user()?;
    let messages = call.org().transact(user, |tx| {
        let savepoint = tx.savepoint();
        let mut messages = deploy(tx, &files)?;
        if options.allow_missing_files {
            messages.iter_mut().filter(|one| one.file == "package.xml").for_each(|one| one.warning = true);
        }
        let failed = messages.iter().any(Message::failed);
        if options.check_only || failed && options.rollback_on_error {
            tx.roll_back_to(savepoint);
        }
        Ok::<_, Error>(messages)
    })?;
    let pod = call.org().snapshot().settings().pod;
    let id = call.tenant.deployments.next(*b"0Af", pod);
    let good = options.check_only && !messages.iter().any(Message::failed);
    let at = call.org().clock().now();
    let done = Arc::new(Deployment { id, user, at, options, messages, files: good.then_some(files) });
    let mut known = call.tenant.deployments.known();
    known.deployments.insert(id, Arc::clone(&done));
    while known.deployments.len() > KEPT {
        known.deployments.pop_first();
    }
    drop(known);
    Ok(done)
}

/// Retrieves what a manifest names.
pub fn start_retrieval(call: &Call, manifest: &Manifest) -> Result<Arc<Retrieval>, Error> {
    let state = call.org().snapshot();
    let id = call.tenant.deployments.next(*b"09S", state.settings().pod);
    let retrieved = retrieve(&state, manifest);
    let done = Arc::new(Retrieval { id, user: call.user()?, at: call.org().clock().now(), retrieved });
    let mut known = call.tenant.deployments.known();
    known.retrievals.insert(id, Arc::clone(&done));
    while known.retrievals.len() > KEPT {
        known.retrievals.pop_first();
    }
    drop(known);
    Ok(done)
}
