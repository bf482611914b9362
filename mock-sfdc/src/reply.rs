//! An answer on its way out. Bodies are whole: the journal keeps them, and nothing that Salesforce answers here is a stream.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

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
    pub line: Line,
}

impl Reply {
    /// No body: 204, 304 and the like.
    #[must_use]
    pub fn empty(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::new(), body: Bytes::new(), line: Line::Open }
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
