//! `/job` and `/job/{id}`.

use mock_sfdc_org::{
    bulk::{self, ColumnDelimiter, ConcurrencyMode, ContentType, JobType, LineEnding, NewJob, Operation},
    error::Error,
};
use serde_json::Value;

use super::{info, named, pk_chunking};
use crate::{
    api::bulk::{content::xml, error::says_json},
    call::{Answer, Call},
};

/// What a request says of a job: names and texts.
#[derive(Debug)]
struct Said(Vec<(String, String)>);

impl Said {
    /// By the request's content type: XML, unless it is said to be JSON.
    fn read(call: &Call) -> Result<Self, Error> {
        if says_json(call) { Self::of_json(&call.body) } else { Self::of_xml(&call.body) }
    }

    fn of_json(body: &[u8]) -> Result<Self, Error> {
        let members: serde_json::Map<String, Value> =
            serde_json::from_slice(body).map_err(|error| Error::unreadable_job(&error.to_string()))?;
        let text = |(name, value)| match value {
            Value::Null => None,
            Value::String(text) => Some((name, text)),
            other => Some((name, other.to_string())),
        };
        Ok(Self(members.into_iter().filter_map(text).collect()))
    }

    fn of_xml(body: &[u8]) -> Result<Self, Error> {
        let mut members = Vec::new();
        let mut root = String::new();
        let leaf = |path: &[String], said: Option<String>| {
            root.clone_from(&path[0]);
            if let ([_, name], Some(text)) = (path, said) {
                members.push((name.clone(), text.trim().to_owned()));
            }
        };
        xml::leaves(body, leaf, |_| Ok(())).map_err(Error::invalid_xml)?;
        if root == "jobInfo" { Ok(Self(members)) } else { Err(Error::invalid_xml("jobInfo was expected")) }
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(at).1).filter(|text| !text.is_empty())
    }

    fn required(&mut self, name: &str) -> Result<String, Error> {
        self.take(name).ok_or_else(|| Error::bad_job_value(name, None))
    }

    fn word<T>(&mut self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Error> {
        let Some(text) = self.take(name) else { return Ok(None) };
        parse(&text).map(Some).ok_or_else(|| Error::bad_job_value(name, Some(&text)))
    }

    /// Whatever nobody has asked for is not understood.
    fn done(self) -> Result<(), Error> {
        match self.0.first() {
            Some((name, _)) => Err(Error::unknown_job_member(name)),
            None => Ok(()),
        }
    }
}

/// `POST /job`
pub fn create(call: &Call) -> Answer {
    let mut said = Said::read(call)?;
    let operation = said.required("operation")?;
    let operation =
        Operation::parse(&operation).ok_or_else(|| Error::bad_job_value("operation", Some(&operation)))?;
    let content = said.word("contentType", ContentType::parse)?.unwrap_or(ContentType::Xml);
    if content.is_zip() {
        return Err(Error::not_emulated(format_args!(
            "batches with binary attachments ({})",
            content.as_str()
        )));
    }
    let chunking = pk_chunking::read(call.header("sforce-enable-pkchunking"))?;
    if chunking.size.is_some() && !operation.is_query() {
        return Err(Error::client_input("Sforce-Enable-PKChunking is for queries only"));
    }
    let new = NewJob {
        kind: JobType::Classic,
        operation,
        object: said.required("object")?,
        external_id: said.take("externalIdFieldName"),
        assignment_rule: said.take("assignmentRuleId"),
        content,
        concurrency: said.word("concurrencyMode", mode)?.unwrap_or(ConcurrencyMode::Parallel),
        line_ending: line_ending(call)?.unwrap_or(LineEnding::Lf),
        delimiter: ColumnDelimiter::Comma,
        api_version: call.version.0,
        chunk_size: chunking.size,
        start_row: chunking.start,
        chunk_parent: chunking.parent,
        retries: !flag(call, "sforce-disable-batch-retry")?,
        namespace: call.default_namespace().map(str::to_owned),
        origin: call.origin(),
    };
    said.done()?;
    let id = call.org().transact_as(call.user()?, |tx| bulk::open(tx, new))?;
    let made = bulk::find(&call.org().snapshot(), id, call.org().clock().now());
    let made = made.ok_or_else(|| Error::invalid_job_id(&id.to_string()))?;
    Ok(info::new_job(&made, says_json(call)))
}

/// A header that is `TRUE` or `FALSE`, in any case.
fn flag(call: &Call, name: &str) -> Result<bool, Error> {
    match call.header(name).map(|text| text.trim().to_ascii_lowercase()).as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(text) => Err(Error::client_input(format!("Invalid value of {name}: {text}"))),
    }
}

/// JSON knows the modes by their numbers too.
fn mode(text: &str) -> Option<ConcurrencyMode> {
    match text {
        "0" => Some(ConcurrencyMode::Parallel),
        "1" => Some(ConcurrencyMode::Serial),
        text => ConcurrencyMode::parse(text),
    }
}

/// `Sforce-Line-Ending: CRLF`, of results in CSV.
pub(super) fn line_ending(call: &Call) -> Result<Option<LineEnding>, Error> {
    let Some(text) = call.header("sforce-line-ending") else { return Ok(None) };
    let known = LineEnding::parse(&text.trim().to_ascii_uppercase());
    known.map(Some).ok_or_else(|| Error::client_input(format!("Invalid value of Sforce-Line-Ending: {text}")))
}

/// `GET /job/{id}`
pub fn get(call: &Call) -> Answer {
    bulk::polled(&call.tenant.org, named(call)?.id, None);
    Ok(info::job(&*named(call)?))
}

/// `POST /job/{id}`: no batch will come any more, or the job is to end.
pub fn change(call: &Call) -> Answer {
    let found = named(call)?;
    let mut said = Said::read(call)?;
    let state = said.required("state")?;
    // The other members repeat what the job is.
    let user = call.user()?;
    match state.as_str() {
        "Closed" => call.org().transact_as(user, |tx| bulk::close(tx, found.id))?,
        "Aborted" => call.org().transact_as(user, |tx| bulk::abort(tx, found.id))?,
        other => return Err(Error::bad_job_value("state", Some(other))),
    }
    Ok(info::job(&*named(call)?))
}
