//! What came over the wire and what was answered, in order. Reports show it and verification counts in it; it is bounded,
//! and says so when it has forgotten something.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Method};
use mock_sfdc_org::value::DateTime;

/// The oldest entries go when there are more.
pub const MOST_ENTRIES: usize = 10_000;
/// What is kept of a body.
pub const MOST_BODY: usize = 64 * 1024;

/// One request and its answer.
#[derive(Debug, Clone)]
pub struct Entry {
    /// From 1, without gaps.
    pub seq: u64,
    /// The entry of the composite request that this one is a subrequest of.
    pub within: Option<u64>,
    /// By the org's clock.
    pub at: DateTime,
    pub operation: &'static str,
    pub object: Option<String>,
    pub method: Method,
    /// Path and query as they were written.
    pub uri: String,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// Who asked: the username behind the session, if there was one.
    pub who: Option<String>,
    /// What a fault did to it.
    pub fault: Option<String>,
    /// Parameters that were ignored because the server is lenient.
    pub ignored: Vec<String>,
    /// Nothing while the answer is on its way, or when the caller hung up before it.
    pub answer: Option<Answered>,
}

#[derive(Debug, Clone)]
pub struct Answered {
    /// `None`: the connection was cut.
    pub status: Option<u16>,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// By the machine's clock; for curiosity, never for assertions.
    pub took: Duration,
}

impl Entry {
    /// Whether a text stands in the path, the query or the body.
    #[must_use]
    pub fn mentions(&self, text: &str) -> bool {
        self.uri.contains(text) || String::from_utf8_lossy(&self.body).contains(text)
    }

    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.answer.as_ref()?.status
    }

    /// `  3  POST /services/data/v66.0/sobjects/Lead → 201  (rest.sobject.create, ada@example.com)`
    #[must_use]
    pub fn line(&self) -> String {
        let answer = match &self.answer {
            None => "no answer".to_owned(),
            Some(Answered { status: Some(status), .. }) => status.to_string(),
            Some(Answered { status: None, .. }) => "cut".to_owned(),
        };
        let who = self.who.as_ref().map(|who| format!(", {who}")).unwrap_or_default();
        let fault = self.fault.as_ref().map(|fault| format!(", fault: {fault}")).unwrap_or_default();
        let within = self.within.map(|seq| format!(", within {seq}")).unwrap_or_default();
        let (seq, method, uri) = (self.seq, &self.method, &self.uri);
        format!("{seq:>4}  {method} {uri} → {answer}  ({}{within}{who}{fault})", self.operation)
    }
}

/// The requests to one org.
#[derive(Debug, Default)]
pub struct Journal(Mutex<Pages>);

#[derive(Debug, Default)]
struct Pages {
    entries: VecDeque<Entry>,
    next: u64,
    forgotten: u64,
}

impl Journal {
    /// Writes a request down; its number finds it again.
    pub fn arrived(&self, mut entry: Entry) -> u64 {
        let mut pages = self.pages();
        pages.next += 1;
        entry.seq = pages.next;
        entry.body = kept(&entry.body);
        pages.entries.push_back(entry);
        if pages.entries.len() > MOST_ENTRIES {
            pages.entries.pop_front();
            pages.forgotten += 1;
        }
        pages.next
    }

    /// Adds to an entry what was learnt later.
    pub fn amend(&self, seq: u64, change: impl FnOnce(&mut Entry)) {
        let mut pages = self.pages();
        let Some(first) = pages.entries.front().map(|entry| entry.seq) else { return };
        let place = seq.checked_sub(first).and_then(|place| usize::try_from(place).ok());
        if let Some(entry) = place.and_then(|place| pages.entries.get_mut(place)) {
            change(entry);
        }
    }

    pub fn answered(&self, seq: u64, mut answer: Answered) {
        answer.body = kept(&answer.body);
        self.amend(seq, |entry| entry.answer = Some(answer));
    }

    #[must_use]
    pub fn entry(&self, seq: u64) -> Option<Entry> {
        let pages = self.pages();
        let first = pages.entries.front()?.seq;
        pages.entries.get(usize::try_from(seq.checked_sub(first)?).ok()?).cloned()
    }

    /// All entries, oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.pages().entries.iter().cloned().collect()
    }

    /// Entries behind this number.
    #[must_use]
    pub fn since(&self, seq: u64) -> Vec<Entry> {
        self.pages().entries.iter().filter(|entry| entry.seq > seq).cloned().collect()
    }

    /// The number of the newest entry.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.pages().next
    }

    /// How many entries had to go since the last clearing: what was counted before is counted no more.
    #[must_use]
    pub fn forgotten(&self) -> u64 {
        self.pages().forgotten
    }

    pub fn clear(&self) {
        let mut pages = self.pages();
        pages.entries.clear();
        pages.forgotten = 0;
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As much of a body as an entry holds.
#[must_use]
pub fn kept(body: &Bytes) -> Bytes {
    // A copy, so that a small piece does not hold a large buffer.
    if body.len() > MOST_BODY { Bytes::copy_from_slice(&body[..MOST_BODY]) } else { body.clone() }
}
