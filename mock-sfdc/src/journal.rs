//! What came over the wire and what was answered, in order. Reports show it and verification counts in it; it is bounded,
//! and says so when it has forgotten something.
//!
//! Every request passes here, so each thread writes into pages of its own, texts are written before these are locked, and what has
//! to go is freed after it (`journal/page.rs`). Whoever reads gets [`Entry`]s.

mod page;

use std::{
    collections::VecDeque,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Method};
use mock_sfdc_org::{striped::Striped, value::DateTime};

use self::page::{Answer, Page};

/// The oldest entries go when there are more.
pub const MOST_ENTRIES: u64 = 10_000;
/// And when they hold more bytes than this.
pub const MOST_BYTES: usize = 32 * 1024 * 1024;
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

/// A request as it arrives.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    pub within: Option<u64>,
    pub at: DateTime,
    pub operation: &'static str,
    pub object: Option<&'a str>,
    pub method: &'a Method,
    /// Path and query as they were written.
    pub uri: &'a str,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

/// An answer as it leaves.
#[derive(Debug, Clone, Copy)]
pub struct Departure<'a> {
    pub who: Option<&'a str>,
    /// `None`: the connection was cut.
    pub status: Option<u16>,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
    pub took: Duration,
}

/// The requests to one org. Numbers have no gaps, so what is forgotten is told by one number: all up to it.
#[derive(Debug, Default)]
pub struct Journal {
    pages: Striped<Pages>,
    /// Of the newest entry.
    last: AtomicU64,
    /// Entries up to this one had to go, because they held too much or because the journal was cleared.
    gone: AtomicU64,
    cleared: AtomicU64,
}

/// What came through one thread, in order.
#[derive(Debug, Default)]
struct Pages {
    kept: VecDeque<Box<Page>>,
    /// What they hold.
    bytes: usize,
    /// What they held when all threads' were last added up.
    added_up: usize,
}

impl Journal {
    /// Writes a request down; its number finds it again.
    pub fn arrived(&self, arrival: &Arrival<'_>) -> u64 {
        let mut page = Box::new(Page::of(arrival));
        let mut pages = self.pages.mine().lock();
        let seq = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let old = pages.forget(self.forgotten_up_to());
        page.number(seq);
        let much = pages.push(page);
        drop(pages);
        drop(old);
        if much {
            self.add_up();
        }
        seq
    }

    /// The body, unpacked.
    pub fn unpacked(&self, seq: u64, body: &[u8]) {
        self.amend(seq, |page| page.unpacked(body));
    }

    /// Parameters that were ignored because the server is lenient.
    pub fn ignored(&self, seq: u64, parameters: &[&str]) {
        self.amend(seq, |page| page.ignored(parameters));
    }

    /// What a fault did to it.
    pub fn faulted(&self, seq: u64, fault: &str) {
        self.amend(seq, |page| page.faulted(fault));
    }

    pub fn answered(&self, seq: u64, departure: &Departure<'_>) {
        let answer = Answer::of(departure);
        self.amend(seq, |page| page.answered(answer));
    }

    /// A request is nearly always answered by the thread that took it in.
    fn amend(&self, seq: u64, change: impl FnOnce(&mut Page)) {
        for pages in self.pages.each() {
            let mut pages = pages.lock();
            let Some(page) = pages.find(seq) else { continue };
            let before = page.bytes();
            change(page);
            let after = page.bytes();
            pages.bytes = pages.bytes - before + after;
            return;
        }
    }

    #[must_use]
    pub fn entry(&self, seq: u64) -> Option<Entry> {
        let known = seq > self.forgotten_up_to();
        known
            .then(|| self.pages.each().find_map(|pages| pages.lock().find(seq).map(|page| page.entry())))
            .flatten()
    }

    /// All entries, oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.since(0)
    }

    /// Entries behind this number.
    #[must_use]
    pub fn since(&self, seq: u64) -> Vec<Entry> {
        let all = self.pages.lock_all();
        let from = seq.max(self.forgotten_up_to());
        let pages = all.iter().flat_map(|pages| &pages.kept).filter(|page| page.seq() > from);
        let mut entries = pages.map(|page| page.entry()).collect::<Vec<_>>();
        entries.sort_unstable_by_key(|entry| entry.seq);
        entries
    }

    /// The number of the newest entry.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.last.load(Ordering::Relaxed)
    }

    /// How many entries had to go since the last clearing: what was counted before is counted no more.
    #[must_use]
    pub fn forgotten(&self) -> u64 {
        self.forgotten_up_to() - self.cleared.load(Ordering::Relaxed)
    }

    pub fn clear(&self) {
        let mut all = self.pages.lock_all();
        let last = self.last();
        self.gone.store(last, Ordering::Relaxed);
        self.cleared.store(last, Ordering::Relaxed);
        for pages in &mut all {
            **pages = Pages::default();
        }
    }

    fn forgotten_up_to(&self) -> u64 {
        self.last().saturating_sub(MOST_ENTRIES).max(self.gone.load(Ordering::Relaxed))
    }

    /// Where all threads' pages together hold too much, the oldest have to go, whosoever they are.
    fn add_up(&self) {
        let mut all = self.pages.lock_all();
        let mut bytes = all.iter().map(|pages| pages.bytes).sum::<usize>();
        while bytes > MOST_BYTES {
            let oldest =
                all.iter_mut().filter(|pages| !pages.kept.is_empty()).min_by_key(|pages| pages.kept[0].seq());
            let Some(page) = oldest.and_then(|pages| pages.take_first()) else { break };
            bytes -= page.bytes();
            self.gone.fetch_max(page.seq(), Ordering::Relaxed);
        }
        for pages in &mut all {
            pages.added_up = pages.bytes;
        }
    }
}

impl Pages {
    /// Whether it is time to add up what all threads hold.
    fn push(&mut self, page: Box<Page>) -> bool {
        self.bytes += page.bytes();
        self.kept.push_back(page);
        self.bytes > self.added_up + MOST_BODY
    }

    fn take_first(&mut self) -> Option<Box<Page>> {
        let page = self.kept.pop_front()?;
        self.bytes -= page.bytes();
        self.added_up = self.added_up.min(self.bytes);
        Some(page)
    }

    /// Takes pages out that are forgotten, for the caller to drop: two for each that comes, so that no request clears up after all.
    fn forget(&mut self, up_to: u64) -> [Option<Box<Page>>; 2] {
        std::array::from_fn(|_| {
            let is_old = self.kept.front().is_some_and(|page| page.seq() <= up_to);
            is_old.then(|| self.take_first()).flatten()
        })
    }

    /// From the end: whoever asks has just written it.
    fn find(&mut self, seq: u64) -> Option<&mut Page> {
        let pages = self.kept.iter_mut().rev().map(|page| &mut **page);
        pages.take_while(|page| page.seq() >= seq).find(|page| page.seq() == seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrive(journal: &Journal, uri: &str, body: &[u8]) -> u64 {
        let mut headers = HeaderMap::new();
        headers.append("accept", "text/plain".parse().expect("a header"));
        headers.append("accept", "*/*".parse().expect("a header"));
        journal.arrived(&Arrival {
            within: None,
            at: DateTime::from_millis(7),
            operation: "rest.query",
            object: Some("Lead"),
            method: &Method::PATCH,
            uri,
            headers: &headers,
            body,
        })
    }

    fn leave(journal: &Journal, seq: u64, body: &[u8]) {
        let headers = HeaderMap::new();
        let took = Duration::ZERO;
        journal
            .answered(seq, &Departure { who: Some("ada"), status: Some(204), headers: &headers, body, took });
    }

    #[test]
    fn an_entry_says_what_was_written_down() {
        let journal = Journal::default();
        let seq = arrive(&journal, "/a?b", b"packed");
        assert!(journal.entry(seq).expect("an entry").answer.is_none());
        journal.unpacked(seq, b"plain");
        journal.ignored(seq, &["limt", "x"]);
        journal.faulted(seq, "cut");
        leave(&journal, seq, b"done");
        let entry = journal.entry(seq).expect("an entry");
        assert_eq!((entry.seq, entry.operation, entry.object.as_deref()), (1, "rest.query", Some("Lead")));
        assert_eq!(
            (entry.method.as_str(), entry.uri.as_str(), &entry.body[..]),
            ("PATCH", "/a?b", &b"plain"[..])
        );
        assert_eq!(entry.headers.get_all("accept").iter().collect::<Vec<_>>(), ["text/plain", "*/*"]);
        assert_eq!((entry.who.as_deref(), entry.fault.as_deref()), (Some("ada"), Some("cut")));
        assert_eq!(entry.ignored, ["limt", "x"]);
        let answer = entry.answer.expect("an answer");
        assert_eq!((answer.status, &answer.body[..]), (Some(204), &b"done"[..]));
    }

    #[test]
    fn the_oldest_entries_are_forgotten_and_counted() {
        let journal = Journal::default();
        for _ in 0..=MOST_ENTRIES {
            let seq = arrive(&journal, "/long/before", b"old");
            journal.faulted(seq, "cut");
            leave(&journal, seq, b"old");
        }
        let seq = arrive(&journal, "/", b"");
        let entry = journal.entry(seq).expect("an entry");
        assert_eq!((entry.uri.as_str(), entry.body.len(), entry.who, entry.fault), ("/", 0, None, None));
        assert!(entry.answer.is_none());
        assert_eq!(
            (journal.entries().len() as u64, journal.forgotten(), journal.last()),
            (MOST_ENTRIES, 2, seq)
        );
        assert!(journal.entry(2).is_none());
    }

    #[test]
    fn threads_write_apart_and_one_answers_for_another() {
        let journal = Journal::default();
        let fill = || (0..6_000).for_each(|_| _ = arrive(&journal, "/", b""));
        std::thread::scope(|scope| (0..2).for_each(|_| drop(scope.spawn(fill))));
        let seq = arrive(&journal, "/last", b"");
        std::thread::scope(|scope| drop(scope.spawn(|| leave(&journal, seq, b"done"))));
        let numbers = journal.entries().iter().map(|entry| entry.seq).collect::<Vec<_>>();
        assert_eq!(numbers, (2_002..=12_001).collect::<Vec<_>>(), "in order, and the last ten thousand");
        assert_eq!((journal.forgotten(), journal.last()), (2_001, seq));
        assert_eq!(journal.entry(seq).expect("an entry").status(), Some(204));
        assert!(journal.entry(2_001).is_none());
        journal.clear();
        assert_eq!((journal.entries().len(), journal.forgotten(), journal.last()), (0, 0, seq));
    }

    #[test]
    fn large_bodies_push_old_entries_out_and_are_cut() {
        let journal = Journal::default();
        let large = vec![b'x'; MOST_BODY + 1];
        for _ in 0..1_000 {
            arrive(&journal, "/", &large);
        }
        let entries = journal.entries();
        assert!(entries.iter().all(|entry| entry.body.len() == MOST_BODY));
        let held = entries.len() * MOST_BODY;
        assert!((MOST_BYTES - 2 * MOST_BODY..=MOST_BYTES + MOST_BODY).contains(&held), "{held}");
        assert_eq!(journal.forgotten() + entries.len() as u64, 1_000);
    }
}
