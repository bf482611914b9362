//! An answer's body on its way out. One of known length that ends early breaks the connection off there; a long one goes out piece by
//! piece, and each is made when the line has taken the one before it.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::Response;
use hyper::body::{Body, Frame, SizeHint};

use crate::reply::{Line, More, Reply};

/// The connection is to be closed without an answer, or before the end of it.
#[derive(Debug, thiserror::Error)]
#[error("the connection is cut")]
pub struct Cut;

#[derive(Debug)]
pub struct Sent {
    data: Bytes,
    more: Option<More>,
    /// What was promised and has not gone out yet; unknown of what is made on the way.
    left: Option<u64>,
    /// Whether the connection breaks off behind the data.
    breaks: bool,
}

#[must_use]
pub fn response(reply: Reply, head_only: bool) -> Response<Sent> {
    let (body, more) = if head_only { (Bytes::new(), None) } else { (reply.body, reply.more) };
    let left = more.is_none().then(|| length(&body));
    let breaks = reply.line == Line::Truncated && !body.is_empty();
    let sent = if breaks {
        Sent { data: body.slice(..body.len() / 2), more: None, left, breaks }
    } else {
        Sent { data: body, more, left, breaks }
    };
    let mut response = Response::new(sent);
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    response
}

fn length(data: &Bytes) -> u64 {
    u64::try_from(data.len()).unwrap_or(u64::MAX)
}

impl Sent {
    fn next(&mut self) -> Option<Result<Bytes, Cut>> {
        if !self.data.is_empty() {
            return Some(Ok(std::mem::take(&mut self.data)));
        }
        if std::mem::take(&mut self.breaks) {
            return Some(Err(Cut));
        }
        let next = self.more.as_ref()?.next()?;
        Some(next.map_err(|error| {
            tracing::error!(%error, "an answer cannot be finished");
            Cut
        }))
    }
}

impl Body for Sent {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        let next = self.next();
        if let (Some(Ok(data)), Some(left)) = (&next, &mut self.left) {
            *left -= length(data);
        }
        Poll::Ready(next.map(|data| data.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}
