//! An entry as it is kept: all its texts stand in one buffer, which the next entry takes over. What is learnt later is written
//! behind what stands there already.

use std::{ops::Range, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use mock_sfdc_org::value::DateTime;

use super::{Answered, Arrival, Departure, Entry, MOST_BODY};

/// A buffer that one large body has stretched is not handed on.
const MOST_HANDED_ON: usize = 8 * 1024;
/// Room for a small request and its answer, so that a fresh buffer need not grow.
const FRESH: usize = 1_536;

/// A text in the buffer.
type Place = Range<usize>;

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
    who: Option<Place>,
    fault: Option<Place>,
    ignored: Vec<String>,
    answer: Option<Answer>,
}

#[derive(Debug)]
struct Answer {
    status: Option<u16>,
    headers: Place,
    body: Place,
    took: Duration,
}

impl Default for Page {
    fn default() -> Self {
        Self {
            text: Vec::new(),
            seq: 0,
            within: None,
            at: DateTime::from_millis(0),
            operation: "",
            object: None,
            method: Method::GET,
            uri: 0..0,
            headers: 0..0,
            body: 0..0,
            who: None,
            fault: None,
            ignored: Vec::new(),
            answer: None,
        }
    }
}

impl Page {
    /// This page for another entry.
    pub fn rewritten(self, seq: u64, arrival: &Arrival<'_>) -> Self {
        let mut text = if self.text.capacity() > MOST_HANDED_ON { Vec::new() } else { self.text };
        text.clear();
        text.reserve(FRESH);
        Self {
            seq,
            within: arrival.within,
            at: arrival.at,
            operation: arrival.operation,
            object: arrival.object.map(|object| write(&mut text, object.as_bytes())),
            method: arrival.method.clone(),
            uri: write(&mut text, arrival.uri.as_bytes()),
            headers: write_headers(&mut text, arrival.headers),
            body: write(&mut text, kept(arrival.body)),
            text,
            ..Self::default()
        }
    }

    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// What it takes in memory, texts only.
    pub fn bytes(&self) -> usize {
        self.text.capacity()
    }

    pub fn unpacked(&mut self, body: &[u8]) {
        self.body = write(&mut self.text, kept(body));
    }

    pub fn ignored(&mut self, parameters: &[&str]) {
        self.ignored = parameters.iter().map(ToString::to_string).collect();
    }

    pub fn faulted(&mut self, fault: &str) {
        self.fault = Some(write(&mut self.text, fault.as_bytes()));
    }

    pub fn answered(&mut self, departure: &Departure<'_>) {
        self.who = departure.who.map(|who| write(&mut self.text, who.as_bytes()));
        self.answer = Some(Answer {
            status: departure.status,
            headers: write_headers(&mut self.text, departure.headers),
            body: write(&mut self.text, kept(departure.body)),
            took: departure.took,
        });
    }

    /// What stands here, for readers.
    pub fn entry(&self) -> Entry {
        let text = |place: &Place| String::from_utf8_lossy(&self.text[place.clone()]).into_owned();
        let bytes = |place: &Place| Bytes::copy_from_slice(&self.text[place.clone()]);
        let answered = |answer: &Answer| Answered {
            status: answer.status,
            headers: read_headers(&self.text[answer.headers.clone()]),
            body: bytes(&answer.body),
            took: answer.took,
        };
        Entry {
            seq: self.seq,
            within: self.within,
            at: self.at,
            operation: self.operation,
            object: self.object.as_ref().map(text),
            method: self.method.clone(),
            uri: text(&self.uri),
            headers: read_headers(&self.text[self.headers.clone()]),
            body: bytes(&self.body),
            who: self.who.as_ref().map(text),
            fault: self.fault.as_ref().map(text),
            ignored: self.ignored.clone(),
            answer: self.answer.as_ref().map(answered),
        }
    }
}

fn kept(body: &[u8]) -> &[u8] {
    &body[..body.len().min(MOST_BODY)]
}

fn write(text: &mut Vec<u8>, part: &[u8]) -> Place {
    let from = text.len();
    text.extend_from_slice(part);
    from..text.len()
}

/// A name, a line feed, a value, a line feed: neither can hold one.
fn write_headers(text: &mut Vec<u8>, headers: &HeaderMap) -> Place {
    let from = text.len();
    for (name, value) in headers {
        for part in [name.as_str().as_bytes(), b"\n", value.as_bytes(), b"\n"] {
            text.extend_from_slice(part);
        }
    }
    from..text.len()
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
