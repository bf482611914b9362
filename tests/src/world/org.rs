//! The org of one scenario: an in-process mock on a port of its own, and its administrator.

use mock_sfdc_org::clock::Clock;

use super::salesforce::Salesforce;
use crate::failure::{Failure, Outcome};
use crate::story::Line;

/// One entry of an assignment rule as a feature writes it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Empty: the entry fits always.
    pub field: String,
    pub operator: String,
    pub value: String,
    /// `User "Dora Day"` or `Queue "Inbound"`.
    pub owner: String,
}

/// An assignment rule as a feature writes it.
#[derive(Debug, Clone)]
pub struct Rule {
    pub name: String,
    pub object: String,
    pub active: bool,
    pub entries: Vec<Entry>,
}

/// What is to go wrong once.
#[derive(Debug, Clone, Copy)]
pub enum Fault<'a> {
    /// An error in Salesforce's dialect, by its code.
    Error(&'a str),
    /// The work is done and the answer is lost.
    AnswerLost,
    /// The request is lost before any work is done.
    RequestLost,
}

/// The org and who administers it.
#[derive(Debug)]
pub struct OrgUnderTest {
    pub clock: Clock,
    pub admin: Salesforce,
}

fn missing(what: &str) -> Failure {
    Failure::new(format!("the mock cannot do this yet: {what}"))
}

impl OrgUnderTest {
    pub async fn start(_clock: Clock) -> Result<Self, Failure> {
        Err(missing("start"))
    }

    #[must_use]
    pub fn url(&self) -> String {
        String::new()
    }

    /// The administrator's username and password.
    #[must_use]
    pub fn credentials(&self) -> (String, String) {
        (String::new(), String::new())
    }

    /// A new session of the administrator, by username and password.
    pub async fn login(&self) -> Result<Salesforce, Failure> {
        Err(missing("log in"))
    }

    pub fn set_edition(&mut self, _edition: &str) -> Outcome {
        Err(missing("change its edition"))
    }

    pub fn add_queue(&mut self, _name: &str, _object: &str) -> Outcome {
        Err(missing("add a queue"))
    }

    pub fn add_assignment_rule(&mut self, _rule: &Rule) -> Outcome {
        Err(missing("add an assignment rule"))
    }

    pub fn next_create(&mut self, _object: &str, _fault: Fault<'_>) -> Outcome {
        Err(missing("fail on purpose"))
    }

    pub fn forget_streaming_sessions(&mut self) -> Outcome {
        Err(missing("forget streaming sessions"))
    }

    /// Ends every session but the administrator's.
    pub fn end_sessions_of_others(&mut self) -> Outcome {
        Err(missing("end sessions"))
    }

    /// Requests and changes since it was last asked.
    pub fn story(&mut self) -> Vec<Line> {
        Vec::new()
    }

    /// What was promised and did not happen: faults that nobody ran into.
    pub fn leftovers(&self) -> Outcome {
        Ok(())
    }
}
