//! An entry as it is kept: the texts of the request stand in one buffer, those of the answer in another, each of its own size.
//! Both are written before anybody waits for them.

use std::{ops::Range, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use mock_sfdc_org::value::DateTime;

use super::{Answered, Arrival, Departure, Entry, MOST_BODY};

/// A text in the buffer, which holds no more than a request may have. Half as wide as it could be: thousands of pages are
/// kept, in memory that no core has at hand.
type Place = Range<u32>;

#[derive(Debug)]
pub(super) struct Page {
    text: Vec<u8>,
    seq: u64,
    within: Option<u64>,
    at: DateTime,
    operation: &'static str,
    object: Option<Place>,
    method: Method,
    uri: Place,
    headers: Place,
    body: Place,
    fault: Option<String>,
    ignored: Vec<String>,
    answer: Option<Answer>,
}

#[derive(Debug)]
pub(super) struct Answer {
    text: Vec<u8>,
    who: Option<Place>,
    status: Option<u16>,
    headers: Place,
    body: Place,
    took: Duration,
}

impl Answer {
    pub fn of(departure: &Departure<'_>) -> Self {
        let (who, body) = (departure.who.map_or(0, str::len), kept(departure.body));
        let mut text = Vec::with_capacity(who + size(departure.headers) + body.len());
        Self {
            who: departure.who.map(|who| write(&mut text, who.as_bytes())),
            status: departure.status,
            headers: write_headers(&mut text, departure.headers),
            body: write(&mut text, body),
            took: departure.took,
            text,
        }
    }
}

impl Page {
    /// A page that has no number yet: it gets one where it is kept.
    pub fn of(arrival: &Arrival<'_>) -> Self {
        let (object, body) = (arrival.object.map_or(0, str::len), kept(arrival.body));
        let mut text = Vec::with_capacity(object + arrival.uri.len() + size(arrival.headers) + body.len());
        Self {
            seq: 0,
            within: arrival.within,
            at: arrival.at,
            operation: arrival.operation,
            object: arrival.object.map(|object| write(&mut text, object.as_bytes())),
            method: arrival.method.clone(),
            uri: write(&mut text, arrival.uri.as_bytes()),
            headers: write_headers(&mut text, arrival.headers),
            body: write(&mut text, body),
            fault: None,
            ignored: Vec::new(),
            answer: None,
            text,
        }
    }

    pub fn number(&mut self, seq: u64) {
        self.seq = seq;
    }

    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// What it takes in memory, texts only.
    pub fn bytes(&self) -> usize {
        self.text.capacity() + self.answer.as_ref().map_or(0, |answer| answer.text.capacity())
    }

    pub fn unpacked(&mut self, body: &[u8]) {
        self.body = write(&mut self.text, kept(body));
    }

    pub fn ignored(&mut self, parameters: &[&str]) {
        self.ignored = parameters.iter().map(ToString::to_string).collect();
    }

    pub fn faulted(&mut self, fault: &str) {
        self.fault = Some(fault.to_owned());
    }

    pub fn answered(&mut self, answer: Answer) {
        self.answer = Some(answer);
    }

    /// What stands here, for readers.
    pub fn entry(&self) -> Entry {
        let text = |place: &Place| text_of(&self.text, place);
        let answered = |answer: &Answer| Answered {
            status: answer.status,
            headers: read_headers(part(&answer.text, &answer.headers)),
            body: Bytes::copy_from_slice(part(&answer.text, &answer.body)),
            took: answer.took,
        };
        let who = self.answer.as_ref().and_then(|answer| Some(text_of(&answer.text, answer.who.as_ref()?)));
        Entry {
            seq: self.seq,
            within: self.within,
            at: self.at,
            operation: self.operation,
            object: self.object.as_ref().map(text),
            method: self.method.clone(),
            uri: text(&self.uri),
            headers: read_headers(part(&self.text, &self.headers)),
            body: Bytes::copy_from_slice(part(&self.text, &self.body)),
            who,
            fault: self.fault.clone(),
            ignored: self.ignored.clone(),
            answer: self.answer.as_ref().map(answered),
        }
    }
}

fn text_of(text: &[u8], place: &Place) -> String {
    String::from_utf8_lossy(part(text, place)).into_owned()
}

fn part<'a>(text: &'a [u8], place: &Place) -> &'a [u8] {
    let offset = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
    text.get(offset(place.start)..offset(place.end)).unwrap_or_default()
}

/// Where the next text would begin.
fn end(text: &[u8]) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

fn kept(body: &[u8]) -> &[u8] {
    &body[..body.len().min(MOST_BODY)]
}

fn write(text: &mut Vec<u8>, part: &[u8]) -> Place {
    let from = end(text);
    text.extend_from_slice(part);
    from..end(text)
}

/// What [`write_headers`] takes.
fn size(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 2).sum()
}

/// A name, a line feed, a value, a line feed: neither can hold one.
fn write_headers(text: &mut Vec<u8>, headers: &HeaderMap) -> Place {
    let from = end(text);
    for (name, value) in headers {
        for part in [name.as_str().as_bytes(), b"\n", value.as_bytes(), b"\n"] {
            text.extend_from_slice(part);
        }
    }
    from..end(text)
}

fn read_headers(text: &[u8]) -> HeaderMap {
    let mut lines = text.split(|byte| *byte == b'\n');
    let mut headers = HeaderMap::new();
    while let (Some(name), Some(value)) = (lines.next(), lines.next()) {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
            headers.append(name, value);
        }
    }
    headers
}
