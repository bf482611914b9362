//! What an exchange's outcome means for the stream. No waiting and no network here: decisions only.

use std::time::Duration;

use super::bayeux::{self, Message, Reconnect, Reply};
use super::event::{Delivery, Replay};
use super::stream::{Outcome, Session, Step, Stream, Trouble};
use crate::salesforce::error::{Effect, Error, ErrorKind, RetryClass};
use crate::salesforce::http::Answer;
use crate::salesforce::rest::failure;
use crate::salesforce::session::Access;

/// What Salesforce holds a connect for, unless its advice says otherwise.
const USUAL_HOLD: Duration = Duration::from_secs(110);
/// Advice beyond this is not believed.
const LONGEST_HOLD: Duration = Duration::from_mins(10);

impl Stream {
    pub(super) fn digest(&mut self, outcome: Outcome) -> Result<(), Error> {
        match outcome {
            Outcome::Paused | Outcome::Refreshed => Ok(()),
            Outcome::NoAccess(error) => {
                // A refresh that failed has not been spent.
                self.trouble.refreshed = false;
                self.lost(error, None)
            }
            Outcome::Answered { step, access, answer } => match answer.and_then(|answer| read(step, &answer))
            {
                Ok(messages) => self.take(step, &access, messages),
                // An answer that broke off may have held events: the server counts them as delivered, so a new
                // session has to ask for them again.
                Err(error) => self.lost(error, Some(access)),
            },
        }
    }

    /// Events first, in their order; then the reply to what was asked, whatever else was batched with it.
    fn take(&mut self, step: Step, access: &Access, messages: Vec<Message>) -> Result<(), Error> {
        let mut answered = None;
        for message in messages {
            match message {
                Message::Event(event) => self.ready.push_back(Ok(Delivery::Event(event))),
                Message::Strange(what) => {
                    self.ready.push_back(Err(Error::malformed(step.operation(), Effect::Read, what)));
                }
                Message::Reply(reply) if reply.channel == step.channel() => answered = Some(reply),
                Message::Reply(reply) => tracing::debug!(channel = reply.channel, "a reply nobody waits for"),
            }
        }
        let Some(reply) = answered else {
            let detail = format!("the answer holds no {} reply", step.channel());
            return self.lost(Error::malformed(step.operation(), Effect::Read, detail), Some(access.clone()));
        };
        match (step, reply.successful) {
            (Step::Subscribe(position), false) => self.subscription_failed(position, &reply, access),
            (_, false) => self.denied(streaming_error(step, step.channel(), &reply), &reply, access),
            (Step::Handshake, true) => self.shaken(reply, access),
            (Step::FirstConnect, true) => {
                self.connected(&reply);
                Ok(())
            }
            (Step::Subscribe(position), true) => {
                self.followed(position);
                Ok(())
            }
            (Step::Connect, true) => {
                self.trouble = Trouble::default();
                self.connected(&reply);
                Ok(())
            }
        }
    }

    fn shaken(&mut self, reply: Reply, access: &Access) -> Result<(), Error> {
        let Some(client_id) = reply.client_id else {
            let error =
                Error::malformed(Step::Handshake.operation(), Effect::Read, "a handshake without a clientId");
            return self.lost(error, None);
        };
        tracing::info!("streaming session opened");
        self.session =
            Some(Session { client_id, access: access.clone(), connected: false, hold: USUAL_HOLD });
        Ok(())
    }

    fn connected(&mut self, reply: &Reply) {
        if let Some(session) = &mut self.session {
            session.connected = true;
            if let Some(timeout) = reply.timeout {
                session.hold = timeout.min(LONGEST_HOLD);
            }
        }
        if !reply.interval.is_zero() {
            self.trouble.pause = Some(reply.interval.min(LONGEST_HOLD));
        }
    }

    fn followed(&mut self, position: usize) {
        let channel = self.channels.get(position).name.clone();
        tracing::info!(channel, "subscribed");
        if self.channels.followed(position) {
            let kind = ErrorKind::ReplayExpired { channel };
            self.ready.push_back(Err(Error::new(Step::Subscribe(position).operation(), Effect::Read, kind)));
        }
    }

    fn subscription_failed(&mut self, position: usize, reply: &Reply, access: &Access) -> Result<(), Error> {
        let channel = self.channels.get(position);
        if replay_is_invalid(&reply.error) && matches!(channel.replay, Replay::After(_)) {
            tracing::warn!(channel = channel.name, error = reply.error, "the place to resume at is gone");
            self.channels.expired(position);
            return Ok(());
        }
        let name = channel.name.clone();
        let error = streaming_error(Step::Subscribe(position), &name, reply);
        if error.retry_class() == RetryClass::Never && reply.reconnect != Some(Reconnect::Handshake) {
            self.channels.refused(position);
            let error = reply.error.clone();
            self.ready.push_back(Ok(Delivery::SubscriptionRefused { channel: name, error }));
            return Ok(());
        }
        self.denied(error, reply, access)
    }

    /// The server's advice counts where it offers another chance; without one the reason decides.
    fn denied(&mut self, error: Error, reply: &Reply, access: &Access) -> Result<(), Error> {
        match reply.reconnect {
            Some(Reconnect::Handshake | Reconnect::Retry) if error.retry_class() == RetryClass::Never => {
                self.end_session();
                self.pause_or_give_up(error)
            }
            _ => self.lost(error, Some(access.clone())),
        }
    }

    fn end_session(&mut self) {
        self.session = None;
        self.channels.session_lost();
    }

    /// The session is gone. Decides whether to shake hands again, when, and with which token; or says why not.
    fn lost(&mut self, error: Error, access: Option<Access>) -> Result<(), Error> {
        self.end_session();
        match (error.retry_class(), access) {
            (RetryClass::RefreshToken, Some(access)) if !self.trouble.refreshed => {
                self.trouble.refreshed = true;
                self.trouble.stale = Some(access);
                Ok(())
            }
            (RetryClass::Backoff, _) => self.pause_or_give_up(error),
            _ => self.give_up(error),
        }
    }

    /// The first time at once; then slower and slower, until the caller has to know.
    fn pause_or_give_up(&mut self, error: Error) -> Result<(), Error> {
        let failures = self.trouble.failures;
        self.trouble.failures += 1;
        if failures == 0 {
            tracing::info!(%error, "streaming session lost; shaking hands again");
            return Ok(());
        }
        match self.client.retry_delay(failures) {
            Some(delay) => {
                tracing::warn!(%error, ?delay, "streaming session lost again");
                self.trouble.pause = Some(delay);
                Ok(())
            }
            None => self.give_up(error),
        }
    }

    fn give_up(&mut self, error: Error) -> Result<(), Error> {
        self.trouble = Trouble::default();
        Err(error)
    }
}

fn read(step: Step, answer: &Answer) -> Result<Vec<Message>, Error> {
    match bayeux::read(&answer.body) {
        Some(messages) => Ok(messages),
        None if answer.status >= 300 => Err(failure(step.operation(), Effect::Read, answer)),
        None => {
            Err(Error::malformed(step.operation(), Effect::Read, "the answer is no list of Bayeux messages"))
        }
    }
}

fn streaming_error(step: Step, channel: &str, reply: &Reply) -> Error {
    let kind = ErrorKind::Streaming { channel: channel.to_owned(), error: reply.error.clone() };
    Error::new(step.operation(), Effect::Read, kind)
}

/// `400::The replayId {id} you provided was invalid.  Please provide a valid ID, …` (contract/streaming.md section 3).
fn replay_is_invalid(error: &str) -> bool {
    error.starts_with("400:") && error.contains("replayId")
}
