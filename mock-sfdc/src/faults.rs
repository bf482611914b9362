//! What is to go wrong: an ordered list per org. A fault waits for a request that it names, does its work, and is accounted
//! for; one that was never needed fails the test that asked for it.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use mock_sfdc_org::{
    error::{Error, ErrorCode},
    id::Id,
    nearest::nearest,
};
use serde::{Deserialize, Serialize};

use crate::{journal::Entry, which::Which};

/// What a fault does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Effect {
    /// Answers in Salesforce's own dialect; the operation does not run.
    Error {
        code: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fields: Option<Vec<String>>,
    },
    /// Answers with a bare HTTP status, as a proxy in front of Salesforce does; the operation does not run.
    Refuse { status: u16 },
    /// Waits by the org's clock, then goes on: to the next fault that fits, or to the operation.
    Delay { seconds: u32 },
    /// Waits by the machine's clock, then goes on.
    RealDelay { millis: u32 },
    /// Cuts the connection; the operation does not run.
    ResetBeforeCommit,
    /// Runs the operation, then cuts the connection: the caller cannot know.
    ResetAfterCommit,
    /// Runs the operation and cuts the connection in the middle of the answer's body.
    TruncatedBody,
    /// Ends the session that the request came with.
    ExpiredSession,
}

/// A fault as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    pub operation: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// So many requests that fit pass first.
    #[serde(default)]
    pub skip: u32,
    /// So many requests meet it.
    #[serde(default = "once")]
    pub times: u32,
    /// Every request meets it, whatever `times` says.
    #[serde(default)]
    pub always: bool,
    pub effect: Effect,
}

fn once() -> u32 {
    1
}

impl Fault {
    #[must_use]
    pub fn new(which: Which, effect: Effect) -> Self {
        let Which { operation, object, contains } = which;
        Self { operation, object, contains, skip: 0, times: 1, always: false, effect }
    }

    #[must_use]
    pub fn which(&self) -> Which {
        Which {
            operation: self.operation.clone(),
            object: self.object.clone(),
            contains: self.contains.clone(),
        }
    }

    /// Whether its names exist.
    pub fn check(&self) -> Result<(), String> {
        self.which().check()?;
        match &self.effect {
            Effect::Error { code, .. } if ErrorCode::find(code).is_none() => {
                let known = ErrorCode::ALL.iter().map(|code| code.as_str());
                let near = nearest(code, known);
                let hint = if near.is_empty() {
                    String::new()
                } else {
                    format!("; did you mean {}?", near.join(" or "))
                };
                Err(format!("mock-sfdc knows no error code {code:?}{hint}"))
            }
            Effect::Refuse { status } if !(400..600).contains(status) => {
                Err(format!("{status} is no status of a refusal; it is 400 to 599"))
            }
            _ if self.times == 0 && !self.always => Err("times: 0 would never happen".to_owned()),
            _ => Ok(()),
        }
    }
}

/// A fault in the list, with its account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pending {
    pub id: u64,
    #[serde(flatten)]
    pub fault: Fault,
    /// How many requests fitted.
    pub seen: u32,
    /// How many it was done to.
    pub used: u32,
}

impl Pending {
    fn is_left(&self) -> bool {
        self.fault.always || self.used < self.fault.times
    }

    /// Whether something that was asked for has not happened.
    #[must_use]
    pub fn is_unused(&self) -> bool {
        if self.fault.always { self.used == 0 } else { self.used < self.fault.times }
    }

    /// For a story: which fault, and how far it came.
    #[must_use]
    pub fn sentence(&self) -> String {
        let wanted =
            if self.fault.always { "always".to_owned() } else { format!("{} times", self.fault.times) };
        format!(
            "the fault {} on {} was to happen {wanted}, but happened {} times",
            self.fault.effect.name(),
            self.fault.which(),
            self.used
        )
    }
}

impl Effect {
    /// A few words.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Error { code, .. } => format!("error {code}"),
            Self::Refuse { status } => format!("refuse {status}"),
            Self::Delay { seconds } => format!("delay {seconds} s"),
            Self::RealDelay { millis } => format!("delay {millis} ms"),
            Self::ResetBeforeCommit => "reset before commit".to_owned(),
            Self::ResetAfterCommit => "reset after commit".to_owned(),
            Self::TruncatedBody => "truncated body".to_owned(),
            Self::ExpiredSession => "expired session".to_owned(),
        }
    }

    fn delays(&self) -> bool {
        matches!(self, Self::Delay { .. } | Self::RealDelay { .. })
    }
}

/// The error of a fault, with Salesforce's text for its code where none is given (`contract/errors.md` sections 3 to 5).
#[must_use]
pub fn error(code: &str, message: Option<&str>, fields: Option<&[String]>) -> Error {
    let code = ErrorCode::find(code).unwrap_or(ErrorCode::UnknownException);
    let known = match code {
        ErrorCode::InvalidSessionId => Error::session_invalid(),
        ErrorCode::RequestLimitExceeded => Error::request_limit_exceeded(),
        ErrorCode::EntityIsDeleted => Error::entity_is_deleted(),
        ErrorCode::NotFound => Error::resource_not_found(),
        ErrorCode::UnableToLockRow => Error::unable_to_lock_row(Id::from_number(*b"001", *b"00", 1)),
        ErrorCode::StorageLimitExceeded => Error::storage_limit_exceeded(),
        ErrorCode::QueryTooComplicated => Error::query_too_complicated(),
        ErrorCode::FieldCustomValidation => save_error(code, "a validation rule refused the record"),
        ErrorCode::ServerUnavailable => Error::plain(code, "Server too busy"),
        ErrorCode::QueryTimeout => Error::plain(code, "Your query request was running for too long."),
        ErrorCode::UnknownException => Error::plain(
            code,
            "An unexpected error occurred. Please include this ErrorId if you contact support: 675649159-184801 (-177293139)",
        ),
        ErrorCode::ApiDisabledForOrg => {
            Error::plain(code, "The REST API is not enabled for this Organization.")
        }
        ErrorCode::ApiCurrentlyDisabled => Error::plain(code, "API is disabled for this User"),
        ErrorCode::InvalidCrossReferenceKey => Error::invalid_cross_reference(),
        code => Error::plain(code, code.as_str()),
    };
    Error {
        message: message.map_or(known.message, str::to_owned),
        fields: fields.map(<[String]>::to_vec).or(known.fields),
        ..Error { message: String::new(), fields: None, ..known }
    }
}

fn save_error(code: ErrorCode, message: &str) -> Error {
    Error::on_fields(code, message, [] as [&str; 0])
}

/// The faults of one org.
#[derive(Debug, Default)]
pub struct Faults {
    list: Mutex<List>,
    /// Nearly always there are none, and every request asks.
    any: AtomicBool,
}

#[derive(Debug, Default)]
struct List {
    pending: Vec<Pending>,
    next: u64,
}

impl Faults {
    /// Puts a fault behind those that are there; its number.
    pub fn add(&self, fault: Fault) -> Result<u64, String> {
        fault.check()?;
        let mut list = self.list();
        list.next += 1;
        let id = list.next;
        list.pending.push(Pending { id, fault, seen: 0, used: 0 });
        self.any.store(true, Ordering::Relaxed);
        Ok(id)
    }

    /// What is to be done to this request: delays that fit and the first other one that does, in the order of the list.
    #[must_use]
    pub fn take(&self, entry: &Entry) -> Vec<Effect> {
        let mut taken = Vec::new();
        for pending in &mut self.list().pending {
            if !pending.is_left() || !pending.fault.which().is_met_by(entry) {
                continue;
            }
            pending.seen += 1;
            if pending.seen <= pending.fault.skip {
                continue;
            }
            pending.used += 1;
            taken.push(pending.fault.effect.clone());
            if !pending.fault.effect.delays() {
                break;
            }
        }
        taken
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.any.load(Ordering::Relaxed)
    }

    #[must_use]
    pub fn all(&self) -> Vec<Pending> {
        self.list().pending.clone()
    }

    #[must_use]
    pub fn unused(&self) -> Vec<Pending> {
        self.list().pending.iter().filter(|pending| pending.is_unused()).cloned().collect()
    }

    /// Takes one out; whether it was there.
    pub fn remove(&self, id: u64) -> bool {
        let mut list = self.list();
        let before = list.pending.len();
        list.pending.retain(|pending| pending.id != id);
        self.any.store(!list.pending.is_empty(), Ordering::Relaxed);
        list.pending.len() < before
    }

    pub fn clear(&self) {
        let mut list = self.list();
        list.pending.clear();
        self.any.store(false, Ordering::Relaxed);
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
