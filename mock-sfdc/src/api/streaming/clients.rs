//! The sessions of subscribers. They live in the face and not in the org: a fork starts without any.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use indexmap::IndexMap;
use mock_sfdc_org::{
    Org,
    id::Id,
    state::State,
    streaming::{self, Address, Event, Lost, Place, Refusal},
    value::DateTime,
};
use tokio::sync::{Notify, watch};

use super::bus::Bus;

/// A session that is away for longer is gone (`contract/streaming.md` section 1).
const AWAY: i64 = 40_000;

/// Events in one reply. What is left comes with the next connect, which then does not wait.
const MAX_EVENTS_PER_REPLY: usize = 1_000;

/// Subscriptions of one session, filters of one topic counted each.
const MAX_SUBSCRIPTIONS: usize = 200;

/// What streaming keeps per org between requests.
#[derive(Debug)]
pub struct Live {
    clients: Mutex<BTreeMap<String, Arc<Client>>>,
    /// Goes up whenever somebody who waits should look again.
    news: Arc<watch::Sender<u64>>,
    pub(crate) bus: Bus,
}

impl Live {
    /// Sessions of this org: woken when it publishes, is restored, or its clock is moved.
    #[must_use]
    pub fn of(org: &Arc<Org>) -> Self {
        let news = Arc::new(watch::Sender::new(0));
        let told = Arc::clone(&news);
        let seen = AtomicU64::new(0);
        org.on_commit(move |org, _| {
            let state = org.snapshot();
            let streams = state.streams();
            // Most commits publish nothing; nobody is woken for them.
            let mark = streams.published() ^ (streams.generation() << 48);
            if seen.swap(mark, Ordering::SeqCst) != mark {
                told.send_modify(|count| *count += 1);
            }
        });
        let told = Arc::clone(&news);
        org.clock().on_move(move |_| told.send_modify(|count| *count += 1));
        Self { clients: Mutex::default(), news, bus: Bus::default() }
    }

    /// Every subscriber loses its session: the next thing that it hears is `403::Unknown client`.
    pub fn drop_clients(&self) {
        let dropped = std::mem::take(&mut *self.clients());
        for client in dropped.values() {
            client.end(End::Lost);
        }
    }

    /// How far every subscription of every session has come.
    #[must_use]
    pub fn subscriptions(&self) -> Vec<Progress> {
        let clients = self.clients().values().cloned().collect::<Vec<_>>();
        clients.iter().flat_map(|client| client.progress()).collect()
    }

    /// How many sessions there are.
    #[must_use]
    pub fn client_count(&self) -> usize {
        self.clients().len()
    }

    pub(crate) fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// Lets a new session in, unless there are too many.
    pub(super) fn admit(&self, client: Client, state: &State, now: DateTime) -> Result<(), Refusal> {
        let most = state.streams().setup().allocations(state.settings()).clients;
        let mut clients = self.clients();
        clients.retain(|_, client| !client.is_away(now));
        if clients.len() >= most as usize {
            return Err(Refusal::TooManyClients);
        }
        clients.insert(client.id.clone(), Arc::new(client));
        Ok(())
    }

    /// The session with this id, if it is still one.
    pub(super) fn client(&self, id: &str, state: &State, now: DateTime) -> Result<Arc<Client>, Refusal> {
        let client = self.clients().get(id).cloned().ok_or(Refusal::UnknownClient)?;
        if client.is_away(now) || client.generation != state.streams().generation() {
            self.remove(&client, End::Lost);
            return Err(Refusal::UnknownClient);
        }
        Ok(client)
    }

    pub(super) fn remove(&self, client: &Client, end: End) {
        self.clients().remove(&client.id);
        client.end(end);
    }

    pub(super) fn subscribers(&self, channel: &str) -> usize {
        let clients = self.clients().values().cloned().collect::<Vec<_>>();
        clients.iter().filter(|client| client.has_channel(channel)).count()
    }

    /// The users who listen to a channel, each once.
    #[must_use]
    pub fn listeners(&self, channel: &str) -> Vec<Id> {
        let clients = self.clients().values().cloned().collect::<Vec<_>>();
        let users = clients.iter().filter(|client| client.has_channel(channel)).map(|client| client.user);
        users.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn clients(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Client>>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How far a subscription has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    pub channel: String,
    /// The replay id up to which the client has had everything.
    pub position: u64,
    /// The replay id of the last event that was handed out; 0 before the first one.
    pub delivered: u64,
    /// Its session waits for more; one that was given up without a word does not.
    pub held: bool,
}

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Disconnected,
    Lost,
}

/// One session.
#[derive(Debug)]
pub(super) struct Client {
    pub id: String,
    pub user: Id,
    /// Of `/cometd/66.0`.
    pub version: u16,
    /// The value of its `BAYEUX_BROWSER` cookie.
    pub browser: String,
    /// See [`mock_sfdc_org::streaming::Streams::generation`].
    generation: u64,
    inner: Mutex<Inner>,
    pub changed: Notify,
}

#[derive(Debug)]
struct Inner {
    /// By the text that was subscribed to.
    subscriptions: IndexMap<String, Subscription>,
    /// How many connects there were: only the last one is held.
    connects: u64,
    held: bool,
    /// When the last connect was answered.
    seen: DateTime,
    end: Option<End>,
}

#[derive(Debug)]
struct Subscription {
    address: Address,
    /// Up to where the client has had everything.
    place: Place,
    /// The last event that was handed out; 0 before the first one.
    delivered: u64,
}

/// What a connect finds.
#[derive(Debug)]
pub(super) enum Look {
    Nothing,
    /// With the subscription that each belongs to.
    Events(Vec<(String, Arc<Event>)>),
    /// A later connect has taken this one's place.
    Superseded,
    Over(End),
}

impl Client {
    pub fn new(id: String, user: Id, version: u16, browser: String, state: &State, now: DateTime) -> Self {
        let inner = Inner { subscriptions: IndexMap::new(), connects: 0, held: false, seen: now, end: None };
        let generation = state.streams().generation();
        Self { id, user, version, browser, generation, inner: Mutex::new(inner), changed: Notify::new() }
    }

    /// Begins a connect and answers its number, which is 1 for the first.
    pub fn begin_connect(&self) -> u64 {
        let mut inner = self.inner();
        inner.connects += 1;
        inner.held = true;
        // Whoever is held under an earlier number gives way.
        self.changed.notify_waiters();
        inner.connects
    }

    /// The connect is over, answered or cut.
    pub fn end_connect(&self, number: u64, now: DateTime) {
        let mut inner = self.inner();
        if inner.connects == number {
            inner.held = false;
            inner.seen = now;
        }
    }

    pub fn subscribe(&self, text: &str, address: Address, replay_id: u64) -> Result<(), Refusal> {
        let mut inner = self.inner();
        if inner.subscriptions.len() >= MAX_SUBSCRIPTIONS && !inner.subscriptions.contains_key(text) {
            return Err(Refusal::TooManySubscriptions);
        }
        let place = Place::behind(replay_id);
        inner.subscriptions.insert(text.to_owned(), Subscription { address, place, delivered: 0 });
        drop(inner);
        self.changed.notify_waiters();
        Ok(())
    }

    pub fn unsubscribe(&self, text: &str) {
        self.inner().subscriptions.shift_remove(text);
    }

    pub fn is_subscribed(&self, text: &str) -> bool {
        self.inner().subscriptions.contains_key(text)
    }

    /// What there is for the connect with this number. Events that it hands out count as delivered.
    pub fn look(&self, number: u64, state: &State, now: DateTime) -> Look {
        let mut inner = self.inner();
        if let Some(end) = inner.end {
            return Look::Over(end);
        }
        if self.generation != state.streams().generation() {
            return Look::Over(End::Lost);
        }
        if inner.connects != number {
            return Look::Superseded;
        }
        match inner.collect(state, now, self.version) {
            Ok(events) if events.is_empty() => Look::Nothing,
            Ok(events) => Look::Events(events),
            Err(Lost) => Look::Over(End::Lost),
        }
    }

    fn end(&self, end: End) {
        self.inner().end = Some(end);
        self.changed.notify_waiters();
    }

    fn is_away(&self, now: DateTime) -> bool {
        let inner = self.inner();
        !inner.held && now.millis() - inner.seen.millis() > AWAY
    }

    fn progress(&self) -> Vec<Progress> {
        let inner = self.inner();
        let progress = |one: &Subscription| Progress {
            channel: one.address.channel.clone(),
            position: one.place.complete(),
            delivered: one.delivered,
            held: inner.held,
        };
        inner.subscriptions.values().map(progress).collect()
    }

    fn has_channel(&self, channel: &str) -> bool {
        self.inner().subscriptions.values().any(|subscription| subscription.address.channel == channel)
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// New events of all subscriptions in the order in which they were published.
    fn collect(
        &mut self,
        state: &State,
        now: DateTime,
        version: u16,
    ) -> Result<Vec<(String, Arc<Event>)>, Lost> {
        let mut found = Vec::new();
        let mut places = Vec::with_capacity(self.subscriptions.len());
        for (at, subscription) in self.subscriptions.values().enumerate() {
            let Subscription { address, place, .. } = subscription;
            let (events, place) =
                streaming::pending(state, address, *place, now, version, MAX_EVENTS_PER_REPLY)?;
            found.extend(events.into_iter().map(|event| (at, event)));
            places.push(place);
        }
        found.sort_by_key(|(_, event)| event.seq);
        for (at, event) in found.iter().skip(MAX_EVENTS_PER_REPLY).rev() {
            places[*at] = places[*at].min(Place::before(event));
        }
        found.truncate(MAX_EVENTS_PER_REPLY);
        for (subscription, place) in self.subscriptions.values_mut().zip(places) {
            subscription.place = place;
        }
        for (at, event) in &found {
            self.subscriptions[*at].delivered = event.replay_id;
        }
        let name =
            |at: usize| self.subscriptions.get_index(at).map(|(text, _)| text.clone()).unwrap_or_default();
        Ok(found.into_iter().map(|(at, event)| (name(at), event)).collect())
    }
}
