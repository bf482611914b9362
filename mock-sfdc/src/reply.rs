//! An answer on its way out. Bodies are whole, for the journal keeps them; only what may be too large for memory, results of the
//! Bulk APIs, is made while it is sent ([`Reply::long`]).

use std::{
    fmt, io,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

/// Room for the headers that an answer is given on its way out.
const HEADERS: usize = 14;

/// How the connection goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Line {
    #[default]
    Open,
    /// Closed without a byte of the answer: a fault asked for it.
    Cut,
    /// Closed in the middle of the body.
    Truncated,
}

#[derive(Debug, Clone)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// What comes behind the body.
    pub more: Option<More>,
    pub line: Line,
}

impl Reply {
    /// No body: 204, 304 and the like.
    #[must_use]
    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::with_capacity(HEADERS),
            body: Bytes::new(),
            more: None,
            line: Line::Open,
        }
    }

    /// JSON text, already written.
    #[must_use]
    pub fn json(status: StatusCode, text: impl Into<Bytes>) -> Self {
        Self::typed(status, "application/json;charset=UTF-8", text)
    }

    #[must_use]
    pub fn html(status: StatusCode, text: impl Into<Bytes>) -> Self {
        Self::typed(status, "text/html;charset=UTF-8", text)
    }

    #[must_use]
    pub fn typed(status: StatusCode, kind: &'static str, text: impl Into<Bytes>) -> Self {
        let mut reply = Self { body: text.into(), ..Self::empty(status) };
        reply.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        reply
    }

    /// An answer that is made in steps, as the line takes it. One that is short all the same is a whole one.
    pub fn long(
        status: StatusCode,
        kind: &'static str,
        steps: impl Iterator<Item = io::Result<Vec<u8>>> + Send + 'static,
    ) -> io::Result<Self> {
        let mut pieces = pieces(steps).peekable();
        let first = pieces.next().transpose()?.unwrap_or_default();
        let more = pieces.peek().is_some().then(|| More::new(pieces));
        Ok(Self { more, ..Self::typed(status, kind, first) })
    }

    /// 302 to `location`.
    #[must_use]
    pub fn redirect(location: &str) -> Self {
        Self::empty(StatusCode::FOUND).with(header::LOCATION, location)
    }

    /// Adds a header; a value that no header can hold is left out.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.append(name, value);
        }
        self
    }
}

/// What is sent at once.
const PIECE: usize = 64 * 1024;

/// The rest of a long answer. Clones share it: what one has sent the others do not send again.
#[derive(Clone)]
pub struct More(Arc<Mutex<dyn Iterator<Item = io::Result<Bytes>> + Send>>);

impl More {
    pub fn new(pieces: impl Iterator<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(pieces)))
    }

    /// The next piece of it.
    #[must_use]
    pub fn next(&self) -> Option<io::Result<Bytes>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).next()
    }
}

impl fmt::Debug for More {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("More")
    }
}

/// Steps put together until they are worth sending.
fn pieces(
    mut steps: impl Iterator<Item = io::Result<Vec<u8>>> + Send,
) -> impl Iterator<Item = io::Result<Bytes>> + Send {
    std::iter::from_fn(move || {
        let mut piece = Vec::new();
        while piece.len() < PIECE {
            match steps.next() {
                Some(Ok(step)) => piece.extend_from_slice(&step),
                Some(Err(error)) => return Some(Err(error)),
                None => break,
            }
        }
        (!piece.is_empty()).then(|| Ok(piece.into()))
    })
}
