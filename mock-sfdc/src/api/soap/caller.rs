//! Who calls and how: the user of the session, and the headers that change what an operation does (`contract/soap.md`
//! section 3).

use std::{convert::Infallible, sync::Arc};

use mock_sfdc_org::{
    Snapshot,
    access::permissions::Viewer,
    error::Error,
    id::Id,
    save::{AssignmentRuleChoice, DmlOptions},
    soql::{
        BindOptions, RunContext,
        cursor::{MAX_BATCH, MIN_BATCH},
    },
    state::{State, Transaction},
    verbs::{self, Errors},
};

use super::{
    Api, check,
    envelope::{Element, Request},
    owner_change,
    wsdl::model,
};
use crate::{api::rest::recent::Look, call::Call};

/// Headers that change nothing here: the session has been found, feeds are not tracked, and names of a namespace are the schema's
/// own matter.
const HARMLESS: [&str; 3] = ["CallOptions", "DisableFeedTrackingHeader", "SessionHeader"];

/// Rows of a page where nothing is said.
const BATCH: usize = 500;

/// A call behind its session.
#[derive(Debug)]
pub struct Caller<'a> {
    pub call: &'a Call,
    pub request: &'a Request,
    pub user: Id,
    pub(crate) api: Api,
    pub options: DmlOptions,
    pub all_or_none: bool,
    /// Rows of a page.
    pub batch: usize,
    /// Whether what is read and written counts as looked at.
    pub look: Look,
}

impl<'a> Caller<'a> {
    pub fn of(call: &'a Call) -> Result<Self, Error> {
        let request = match &call.envelope {
            Some(Ok(request)) => request,
            Some(Err(error)) => return Err(error.clone()),
            None => return Err(Error::bad_envelope("there is none")),
        };
        let mut caller = Self {
            call,
            request,
            user: call.user()?,
            api: Api::of(call),
            options: DmlOptions::default(),
            all_or_none: false,
            batch: BATCH,
            look: Look::default(),
        };
        check::arguments(request)?;
        let signature = model::operations().iter().find(|known| known.name == request.call.name);
        for header in &request.headers {
            let name = header.name.as_str();
            let bound = signature.is_none_or(|signature| signature.headers.contains(&name));
            // A header that another operation has does nothing here; one that none has is not understood.
            if bound || model::find(name).is_none_or(|known| !known.header) {
                check::header(request, header)?;
                caller.read(header)?;
            }
        }
        Ok(caller)
    }

    fn read(&mut self, header: &Element) -> Result<(), Error> {
        let refuse = || Err(Error::not_emulated(format_args!("the SOAP header {}", header.name)));
        let refuse_part =
            |part: &str| Err(Error::not_emulated(format_args!("{part} of the SOAP header {}", header.name)));
        match header.name.as_str() {
            "AllOrNoneHeader" => self.all_or_none = header.is_true("allOrNone"),
            "DuplicateRuleHeader" => {
                self.options.duplicates.allow_save = header.is_true("allowSave");
                self.options.duplicates.include_record_details = header.is_true("includeRecordDetails");
                self.options.duplicates.run_as_current_user = header.is_true("runAsCurrentUser");
            }
            "EmailHeader" if header.is_true("triggerOtherEmail") => return refuse_part("triggerOtherEmail"),
            "EmailHeader" => {
                self.options.mail_owner = header.is_true("triggerUserEmail");
                self.options.auto_response = header.is_true("triggerAutoResponseEmail");
            }
            "AssignmentRuleHeader" => self.options.assignment = self.assignment(header)?,
            "QueryOptions" => self.batch = batch(header)?,
            "AllowFieldTruncationHeader" => {
                self.options.truncate = header.is_true("allowFieldTruncation");
            }
            "MruHeader" => self.look = Look::when(header.is_true("updateMru")),
            "OwnerChangeOptions" => self.options.owner_changes = owner_change::read(header)?,
            // Only rows of an object that no org has here are deleted in another way.
            "UserTerritoryDeleteHeader" => {
                let to = header.said("transferToUserId");
                if let Some(text) = to.filter(|text| Id::parse(text).is_none()) {
                    return Err(Error::malformed_record_id(text));
                }
            }
            // Texts are English, there is no log, and a package has the one version that is installed.
            "LocaleOptions" => match header.said("language") {
                Some(language) if !language.to_ascii_lowercase().starts_with("en") => {
                    return refuse_part(&format!("the language {language}"));
                }
                _ => {}
            },
            "DebuggingHeader" if asks_for_a_log(header) => return refuse(),
            "PackageVersionHeader" if header.child("packageVersions").is_some() => return refuse(),
            "StreamingEnabledHeader" if !header.is_true("streamingEnabled") => return refuse(),
            "DebuggingHeader" | "PackageVersionHeader" | "StreamingEnabledHeader" => {}
            name if HARMLESS.contains(&name) => {}
            _ => return refuse(),
        }
        Ok(())
    }

    fn assignment(&self, header: &Element) -> Result<AssignmentRuleChoice, Error> {
        let Some(text) = header.said("assignmentRuleId") else {
            let active = header.is_true("useDefaultRule");
            return Ok(if active { AssignmentRuleChoice::Active } else { AssignmentRuleChoice::None });
        };
        let id = Id::parse(text).ok_or_else(|| Error::malformed_record_id(text))?;
        match self.state().rules().assignment_rule(id) {
            Some(_) => Ok(AssignmentRuleChoice::Rule(id)),
            None => Err(Error::invalid_assignment_rule(text)),
        }
    }

    /// The org at this moment.
    #[must_use]
    pub fn state(&self) -> Snapshot {
        self.call.org().snapshot()
    }

    /// The user with all that the user may do and see.
    pub fn viewer(&self) -> Result<Arc<Viewer>, Error> {
        self.call.viewer()
    }

    /// A read of this one record counts as a look where the request says so.
    pub fn look_at(&self, id: Id) -> Result<(), Error> {
        match self.state().object_of(id) {
            Some(object) => self.look.note_read(self.call, object, id),
            None => Ok(()),
        }
    }

    /// How a query is bound.
    #[must_use]
    pub fn binding(&self) -> BindOptions {
        BindOptions { api_version: self.call.version.0.into() }
    }

    /// As whom and when a query runs.
    #[must_use]
    pub fn context(&self, state: &State) -> RunContext {
        RunContext::for_user(state, self.user, self.call.org().clock().now())
    }

    /// Does one thing after the other; what fails leaves nothing behind, and with allOrNone nothing of all.
    pub fn each<I, T>(
        &self,
        items: &[I],
        work: impl Fn(&mut Transaction, &I) -> Result<T, Errors>,
    ) -> Vec<Result<T, Errors>> {
        let Ok(results) = self.call.org().transact_as(self.user, |tx| {
            tx.set_origin(self.call.origin());
            Ok::<_, Infallible>(verbs::each(tx, self.all_or_none, items, work))
        });
        results
    }
}

fn asks_for_a_log(header: &Element) -> bool {
    let is_some = |level: Option<&str>| level.is_some_and(|level| level != "None");
    is_some(header.said("debugLevel"))
        || header.all("categories").any(|category| is_some(category.said("level")))
}

fn batch(header: &Element) -> Result<usize, Error> {
    let Some(text) = header.said("batchSize") else { return Ok(BATCH) };
    match text.parse() {
        Ok(size) if (MIN_BATCH..=MAX_BATCH).contains(&size) => Ok(size),
        _ => Err(Error::invalid_query_options(text)),
    }
}
