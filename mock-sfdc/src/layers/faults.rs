//! What was asked to go wrong does so here, right around the operation: before it, or after it has committed.

use std::time::Duration;

use http::StatusCode;
use mock_sfdc_org::{error::ErrorCode, value::DateTime};

use super::session;
use crate::{
    call::{Answer, Call},
    faults::{self, Effect},
    operation::Face,
    reply::{Line, Reply},
};

/// What is left to do once the operation has run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Then {
    #[default]
    Nothing,
    Cut,
    Truncate,
}

/// What faults on the subrequests of a composite request do to the call as a whole: a subrequest has no connection of its own,
/// and nobody waits for it alone.
#[derive(Debug, Default)]
pub struct Aftermath {
    /// Delays, to be waited for before the answer goes out.
    delays: Vec<Effect>,
    /// What the call is answered with, whatever its handler says. Nothing that comes behind is done.
    pub instead: Option<Reply>,
    then: Then,
    ends_session: bool,
}

/// `Err` is the answer of a fault that stands in for the operation.
pub async fn before(call: &mut Call) -> Result<Then, Answer> {
    let mut then = Then::Nothing;
    for effect in due(call) {
        match effect {
            Effect::Delay { .. } | Effect::RealDelay { .. } => wait(call, &effect).await,
            Effect::Error { code, message, fields } => {
                let error = faults::error(&code, message.as_deref(), fields.as_deref());
                let ended = error.code == ErrorCode::InvalidSessionId && message.is_none();
                return Err(Err(if ended { session::unknown(call) } else { error }));
            }
            Effect::Refuse { status } => return Err(Ok(refusal(status))),
            Effect::ExpiredSession => {
                if let Some(session) = call.session.take() {
                    call.tenant.expire(&session);
                }
                return Err(Err(session::unknown(call)));
            }
            Effect::ResetBeforeCommit => return Err(Ok(cut())),
            Effect::ResetAfterCommit => then = Then::Cut,
            Effect::TruncatedBody => then = Then::Truncate,
        }
    }
    Ok(then)
}

/// The same for a subrequest: what stands in for its operation, if something does. The rest is left for [`settle`].
pub fn before_within(call: &Call, aftermath: &mut Aftermath) -> Option<Answer> {
    for effect in due(call) {
        match effect {
            Effect::Delay { .. } | Effect::RealDelay { .. } => aftermath.delays.push(effect),
            Effect::Error { code, message, fields } => {
                return Some(Err(faults::error(&code, message.as_deref(), fields.as_deref())));
            }
            Effect::Refuse { status } => return Some(Ok(aftermath.end_with(refusal(status)))),
            Effect::ExpiredSession => {
                aftermath.ends_session = true;
                return Some(Err(session::unknown(call)));
            }
            Effect::ResetBeforeCommit => return Some(Ok(aftermath.end_with(cut()))),
            Effect::ResetAfterCommit => aftermath.then = Then::Cut,
            Effect::TruncatedBody => aftermath.then = Then::Truncate,
        }
    }
    None
}

impl Aftermath {
    fn end_with(&mut self, reply: Reply) -> Reply {
        self.instead = Some(reply.clone());
        reply
    }
}

/// Lets faults on subrequests take effect on their call, which would be answered with `reply`.
pub async fn settle(aftermath: Aftermath, call: &Call, reply: Reply) -> Answer {
    for delay in &aftermath.delays {
        wait(call, delay).await;
    }
    if let (true, Some(session)) = (aftermath.ends_session, &call.session) {
        call.tenant.expire(session);
    }
    match aftermath.instead {
        Some(instead) => Ok(instead),
        None => after(aftermath.then, Ok(reply), call),
    }
}

async fn wait(call: &Call, delay: &Effect) {
    match delay {
        Effect::Delay { seconds } => {
            let until = call.org().clock().now().millis() + i64::from(*seconds) * 1_000;
            call.tenant.wait_until(DateTime::from_millis(until)).await;
        }
        Effect::RealDelay { millis } => tokio::time::sleep(Duration::from_millis((*millis).into())).await,
        _ => {}
    }
}

fn refusal(status: u16) -> Reply {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let text = format!("<html><body><h1>{status}</h1></body></html>");
    Reply::html(status, text)
}

fn due(call: &Call) -> Vec<Effect> {
    let tenant = &call.tenant;
    if call.operation.face == Face::Control || tenant.faults.is_empty() {
        return Vec::new();
    }
    let Some(entry) = tenant.journal.entry(call.entry) else { return Vec::new() };
    let effects = tenant.faults.take(&entry);
    if !effects.is_empty() {
        let names = effects.iter().map(Effect::name).collect::<Vec<_>>().join(", ");
        tenant.journal.faulted(call.entry, &names);
    }
    effects
}

pub fn after(then: Then, answer: Answer, call: &Call) -> Answer {
    match then {
        Then::Nothing => answer,
        Then::Cut => Ok(cut()),
        Then::Truncate => {
            let reply = answer.unwrap_or_else(|error| call.operation.face.render(&error, call));
            Ok(Reply { line: Line::Truncated, ..reply })
        }
    }
}

fn cut() -> Reply {
    Reply { line: Line::Cut, ..Reply::empty(StatusCode::OK) }
}
