//! Who calls and how: the session of the `SessionHeader`, and the headers that change what an operation does
//! (`contract/soap.md` section 3).

use std::sync::{Arc, atomic::Ordering};

use mock_sfdc_org::{
    access,
    error::Error,
    id::Id,
    save::{AssignmentRuleChoice, DmlOptions},
    state::Transaction,
    verbs::Errors,
};

use super::{
    Api,
    envelope::{Element, Request},
};
use crate::{call::Call, orgs::Tenant};

/// Headers that change nothing here: a language of texts, a log, recent items, feeds, who the client is.
const HARMLESS: [&str; 8] = [
    "CallOptions",
    "DebuggingHeader",
    "DisableFeedTrackingHeader",
    "LocaleOptions",
    "MruHeader",
    "PackageVersionHeader",
    "QueryOptions",
    "SessionHeader",
];

/// A call behind its session.
#[derive(Debug)]
pub struct Caller<'a> {
    pub tenant: Arc<Tenant>,
    pub user: Id,
    pub api: Api,
    pub request: &'a Request,
    pub options: DmlOptions,
    pub all_or_none: bool,
}

impl<'a> Caller<'a> {
    pub fn of(call: &Call, api: Api, request: &'a Request) -> Result<Self, Error> {
        let token = request.header("SessionHeader").and_then(|header| header.said("sessionId"));
        let token = token.ok_or_else(Error::soap_session_invalid)?;
        let tenant = call.server.orgs.mentioned_in(token).ok_or_else(Error::soap_session_invalid)?;
        let session = tenant.session(token).ok_or_else(Error::soap_session_invalid)?;
        let state = tenant.org.snapshot();
        access::session_allowed(&state, &session)?;
        let limit = state.settings().daily_api_requests;
        if tenant.requests.fetch_add(1, Ordering::Relaxed) + 1 > limit {
            return Err(Error::request_limit_exceeded());
        }
        let mut caller = Self {
            tenant,
            user: session.user,
            api,
            request,
            options: DmlOptions::default(),
            all_or_none: false,
        };
        for header in &request.headers {
            caller.read(header)?;
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
            "AllowFieldTruncationHeader" if header.is_true("allowFieldTruncation") => return refuse(),
            "StreamingEnabledHeader" if !header.is_true("streamingEnabled") => return refuse(),
            "AllowFieldTruncationHeader" | "StreamingEnabledHeader" => {}
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
        match self.tenant.org.snapshot().rules().assignment_rule(id) {
            Some(_) => Ok(AssignmentRuleChoice::Rule(id)),
            None => Err(Error::invalid_assignment_rule(text)),
        }
    }

    /// Does one thing after the other; what fails leaves nothing behind, and with allOrNone nothing of all.
    pub fn each<I, T>(
        &self,
        items: &[I],
        work: impl Fn(&mut Transaction, &I) -> Result<T, Errors>,
    ) -> Vec<Result<T, Errors>> {
        self.tenant.in_transaction(self.user, |tx| {
            tx.set_enforcing(true);
            let start = tx.savepoint();
            let mut results = Vec::with_capacity(items.len());
            for item in items {
                let before = tx.savepoint();
                let result = work(tx, item);
                if result.is_err() {
                    tx.roll_back_to(before);
                }
                results.push(result);
            }
            if self.all_or_none && results.iter().any(Result::is_err) {
                tx.roll_back_to(start);
                for result in results.iter_mut().filter(|result| result.is_ok()) {
                    *result = Err(vec![Error::rolled_back()]);
                }
            }
            results
        })
    }
}
