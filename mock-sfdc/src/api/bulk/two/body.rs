//! Bodies of requests: JSON objects whose members are texts, each of which must be known.

use mock_sfdc_org::error::Error;
use serde_json::{Map, Value};

use crate::call::Call;

/// The members of a job, taken out one by one.
#[derive(Debug)]
pub struct Members(Map<String, Value>);

impl Members {
    /// The body as an object, if it is said to be JSON.
    pub fn of(call: &Call) -> Result<Self, Error> {
        let kind = call.header("content-type").unwrap_or("");
        if !kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")) {
            return Err(Error::unsupported_media_type(kind));
        }
        Self::read(&call.body)
    }

    pub fn read(text: &[u8]) -> Result<Self, Error> {
        if text.trim_ascii().is_empty() {
            return Err(Error::empty_body());
        }
        serde_json::from_slice(text).map(Self).map_err(|error| Error::unreadable_job(&error.to_string()))
    }

    /// A text; null is as good as absent.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, Error> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(Error::bad_job_value(name, Some(&other.to_string()))),
        }
    }

    pub fn required(&mut self, name: &str) -> Result<String, Error> {
        self.text(name)?.ok_or_else(|| Error::bad_job_value(name, None))
    }

    /// One of the words that a member can be.
    pub fn word<T>(&mut self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Error> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        parse(&text).map(Some).ok_or_else(|| Error::bad_job_value(name, Some(&text)))
    }

    /// Whatever nobody has asked for is not understood.
    pub fn done(self) -> Result<(), Error> {
        match self.0.keys().next() {
            Some(name) => Err(Error::unknown_job_member(name)),
            None => Ok(()),
        }
    }
}
