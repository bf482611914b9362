//! Outbound messages that wait to be delivered, are, or were given up (`contract/outbound.md`). The org decides what is sent
//! and when it is tried again; whoever has a network delivers.

use std::sync::Arc;

use imbl::{OrdMap, Vector};

use crate::{
    id::Id,
    name::Name,
    schema::{ObjectIx, Schema},
    value::DateTime,
};

/// Salesforce's key prefix of notifications.
const NOTIFICATION: [u8; 3] = *b"04l";
/// What one message carries at most.
pub const MOST_IN_ONE: usize = 100;
/// The first pause; each later one is twice as long.
const FIRST_PAUSE: i64 = 30_000;
const LONGEST_PAUSE: i64 = 2 * 3_600_000;
/// After that a notification is given up.
const GIVEN_UP_AFTER: i64 = 24 * 3_600_000;
/// Notifications that are over are kept to be looked at, so many of them.
const KEPT: usize = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum DeliveryState {
    Pending,
    Delivered,
    /// Tried for 24 hours in vain.
    Dead,
}

/// One record's news for one outbound message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// `04l…`
    pub id: Id,
    /// The action's id, `04k…`.
    pub message: Id,
    pub object: ObjectIx,
    pub record: Id,
    pub queued_at: DateTime,
    pub next_attempt: DateTime,
    pub state: DeliveryState,
    pub attempts: Vector<Attempt>,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Attempt {
    pub at: DateTime,
    /// Why it failed, if it did.
    pub error: Option<String>,
}

/// All notifications of an org.
#[derive(Debug, Clone, Default)]
pub struct Outbound {
    all: OrdMap<Id, Arc<Notification>>,
    count: u64,
    pending: usize,
    /// Where messages go instead of their endpoint, by the message's name.
    endpoints: OrdMap<String, String>,
}

/// All notifications in a form that can be written down.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OutboundImage {
    count: u64,
    endpoints: OrdMap<String, String>,
    notifications: Vec<NotificationImage>,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NotificationImage {
    id: Id,
    message: Id,
    object: Name,
    record: Id,
    queued_at: DateTime,
    next_attempt: DateTime,
    state: DeliveryState,
    attempts: Vector<Attempt>,
}

impl OutboundImage {
    pub(crate) fn of(outbound: &Outbound, schema: &Schema) -> Self {
        let notifications = outbound.all.values().filter_map(|one| {
            Some(NotificationImage {
                id: one.id,
                message: one.message,
                object: schema.by_index(one.object)?.name.clone(),
                record: one.record,
                queued_at: one.queued_at,
                next_attempt: one.next_attempt,
                state: one.state,
                attempts: one.attempts.clone(),
            })
        });
        Self {
            count: outbound.count,
            endpoints: outbound.endpoints.clone(),
            notifications: notifications.collect(),
        }
    }

    pub(crate) fn into_outbound(self, schema: &Schema) -> Outbound {
        let all = self.notifications.into_iter().filter_map(|one| {
            let notification = Notification {
                id: one.id,
                message: one.message,
                object: schema.index(one.object.as_str())?,
                record: one.record,
                queued_at: one.queued_at,
                next_attempt: one.next_attempt,
                state: one.state,
                attempts: one.attempts,
            };
            Some((one.id, Arc::new(notification)))
        });
        let all: OrdMap<Id, Arc<Notification>> = all.collect();
        let pending = all.values().filter(|one| one.state == DeliveryState::Pending).count();
        Outbound { all, count: self.count, pending, endpoints: self.endpoints }
    }
}

impl Outbound {
    pub(crate) fn queue(&mut self, message: Id, object: ObjectIx, record: Id, now: DateTime, pod: [u8; 2]) {
        self.count += 1;
        let id = Id::from_number(NOTIFICATION, pod, self.count);
        let notification = Notification {
            id,
            message,
            object,
            record,
            queued_at: now,
            next_attempt: now,
            state: DeliveryState::Pending,
            attempts: Vector::new(),
        };
        self.all.insert(id, Arc::new(notification));
        self.pending += 1;
    }

    /// All that are kept, oldest first.
    pub fn notifications(&self) -> impl Iterator<Item = &Arc<Notification>> {
        self.all.values()
    }

    /// What is to be sent now, in messages of at most a hundred notifications of one action; with `all` whatever waits.
    #[must_use]
    pub fn due(&self, now: DateTime, all: bool) -> Vec<Vec<Arc<Notification>>> {
        let mut open: OrdMap<Id, usize> = OrdMap::new();
        let mut messages: Vec<Vec<Arc<Notification>>> = Vec::new();
        for one in self.waiting().filter(|one| all || one.next_attempt <= now) {
            match open.get(&one.message).copied() {
                Some(at) if messages[at].len() < MOST_IN_ONE => messages[at].push(Arc::clone(one)),
                _ => {
                    open.insert(one.message, messages.len());
                    messages.push(vec![Arc::clone(one)]);
                }
            }
        }
        messages
    }

    /// What waits, in the order in which it was queued.
    pub fn waiting(&self) -> impl Iterator<Item = &Arc<Notification>> {
        let all = (self.pending > 0).then(|| self.all.values()).into_iter().flatten();
        all.filter(|one| one.state == DeliveryState::Pending)
    }

    /// When something is to be tried next.
    #[must_use]
    pub fn next_attempt(&self) -> Option<DateTime> {
        self.waiting().map(|one| one.next_attempt).min()
    }

    /// Writes down how an attempt ended. One answer holds for the whole message.
    pub fn attempted(
        &mut self,
        ids: impl IntoIterator<Item = Id>,
        now: DateTime,
        outcome: &Result<(), String>,
    ) {
        for id in ids {
            let Some(one) = self.all.get_mut(&id) else { continue };
            let one = Arc::make_mut(one);
            if one.state != DeliveryState::Pending {
                continue;
            }
            one.attempts.push_back(Attempt { at: now, error: outcome.as_ref().err().cloned() });
            let tries = u32::try_from(one.attempts.len()).unwrap_or(u32::MAX).min(16);
            let pause = (FIRST_PAUSE << (tries - 1)).min(LONGEST_PAUSE);
            one.next_attempt = DateTime::from_millis(now.millis() + pause);
            if outcome.is_ok() {
                one.state = DeliveryState::Delivered;
            } else if one.next_attempt.millis() > one.queued_at.millis() + GIVEN_UP_AFTER {
                one.state = DeliveryState::Dead;
            }
            self.pending -= usize::from(one.state != DeliveryState::Pending);
        }
        self.forget_old();
    }

    fn forget_old(&mut self) {
        let surplus = (self.all.len() - self.pending).saturating_sub(KEPT);
        if surplus > 0 {
            let over = self.all.values().filter(|one| one.state != DeliveryState::Pending);
            let over = over.take(surplus).map(|one| one.id).collect::<Vec<_>>();
            for id in over {
                self.all.remove(&id);
            }
        }
    }

    pub fn clear(&mut self) {
        self.all = OrdMap::new();
        self.pending = 0;
    }

    /// Sends a message, by its name, elsewhere from now on; `None` back to its own endpoint.
    pub fn redirect(&mut self, message: &str, endpoint: Option<String>) {
        match endpoint {
            Some(endpoint) => self.endpoints.insert(message.to_owned(), endpoint),
            None => self.endpoints.remove(message),
        };
    }

    #[must_use]
    pub fn endpoint(&self, message: &str) -> Option<&str> {
        self.endpoints.get(message).map(String::as_str)
    }
}
