//! Who calls and how: the user of the session, and the headers that change what an operation does (`contract/soap.md`
//! section 3).

use std::{convert::Infallible, sync::Arc};

use mock_sfdc_org::{
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
    Api,
    envelope::{Element, Request},
    wsdl::model,
};
use crate::call::Call;

/// Headers that change nothing here: a language of texts, a log, recent items, feeds.
const HARMLESS: [&str; 6] = [
    "DebuggingHeader",
    "DisableFeedTrackingHeader",
    "LocaleOptions",
    "MruHeader",
    "PackageVersionHeader",
    "SessionHeader",
];

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
        };
        let signature = model::operations().iter().find(|known| known.name == request.call.name);
        for header in &request.headers {
            let name = header.name.as_str();
            let bound = signature.is_none_or(|signature| signature.headers.contains(&name));
            // A header that another operation has does nothing here; one that none has is not understood.
            if bound || model::find(name).is_none_or(|known| !known.header) {
                caller.read(header)?;
            }
        }
        Ok(caller)
    }

    fn read(&mut self, header: &Element) -> Result<(), Error> {
        let refuse = || Err(Error::not_emulated(format_args!("the SOAP header {}", header.name)));
        match header.name.as_str() {
            "AllOrNoneHeader" => self.all_or_none = header.is_true("allOrNone"),
            "DuplicateRuleHeader" => {
                self.options.duplicates.allow_save = header.is_true("allowSave");
                self.options.duplicates.include_record_details = header.is_true("includeRecordDetails");
                self.options.duplicates.run_as_current_user = header.is_true("runAsCurrentUser");
            }
            "EmailHeader" => {
                self.options.mail_owner = header.is_true("triggerUserEmail");
                self.options.auto_response = header.is_true("triggerAutoResponseEmail");
            }
            "AssignmentRuleHeader" => self.options.assignment = self.assignment(header)?,
            "QueryOptions" => self.batch = batch(header)?,
            "AllowFieldTruncationHeader" => {
                self.options.truncate = header.is_true("allowFieldTruncation");
            }
            "CallOptions" if header.said("defaultNamespace").is_some() => {
                return Err(Error::not_emulated("defaultNamespace of the SOAP header CallOptions"));
            }
            "StreamingEnabledHeader" if !header.is_true("streamingEnabled") => return refuse(),
            "CallOptions" | "StreamingEnabledHeader" => {}
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
    pub fn state(&self) -> Arc<State> {
        self.call.org().snapshot()
    }

    /// The user with all that the user may do and see.
    pub fn viewer(&self) -> Result<Arc<Viewer>, Error> {
        self.call.viewer()
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

fn batch(header: &Element) -> Result<usize, Error> {
    let Some(text) = header.said("batchSize") else { return Ok(BATCH) };
    match text.parse() {
        Ok(size) if (MIN_BATCH..=MAX_BATCH).contains(&size) => Ok(size),
        _ => Err(Error::invalid_query_options(text)),
    }
}
