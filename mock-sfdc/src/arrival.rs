//! The body of a request as it comes in: in one piece, or, where it is an upload of data, into a spool, so that no upload is ever in
//! memory as a whole.

use std::{io, sync::Arc};

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use mock_sfdc_org::bulk::Store;

use crate::spool::{Spool, Spools};

/// What has come.
#[derive(Debug, Default)]
pub struct Arrived {
    pub body: Bytes,
    /// Of an upload, in place of the body.
    pub upload: Option<io::Result<Spool>>,
    /// It was larger than the server reads.
    pub overflow: bool,
}

/// Where the bytes go.
enum Into {
    Memory(Vec<u8>),
    Spool(Spool),
}

/// Reads a body; `None` when the caller hung up in the middle of it. One that is announced as too large is refused before it comes.
pub async fn read(body: Incoming, most: usize, spools: Option<&Arc<Spools>>) -> Option<Arrived> {
    let said = usize::try_from(body.size_hint().exact().unwrap_or(0)).unwrap_or(usize::MAX);
    if said > most {
        tokio::spawn(leave(body));
        return Some(Arrived { overflow: true, ..Arrived::default() });
    }
    let mut body = Limited::new(body, most);
    let mut into = match spools {
        Some(spools) => Into::Spool(spools.spool()),
        None if body.is_end_stream() => return Some(Arrived::default()),
        None => Into::Memory(Vec::new()),
    };
    let mut failure = None;
    while let Some(frame) = body.frame().await {
        let frame = match frame {
            Ok(frame) => frame,
            Err(error) if error.is::<LengthLimitError>() => {
                return Some(Arrived { overflow: true, ..Arrived::default() });
            }
            Err(_) => return None,
        };
        let Ok(data) = frame.into_data() else { continue };
        match &mut into {
            // Nearly every body comes in one piece.
            Into::Memory(whole) if whole.is_empty() && data.len() == said => {
                return Some(Arrived { body: data, ..Arrived::default() });
            }
            Into::Memory(whole) => {
                if whole.is_empty() {
                    whole.reserve_exact(said);
                }
                whole.extend_from_slice(&data);
            }
            Into::Spool(_) if failure.is_some() => {}
            Into::Spool(spool) => failure = spool.add(&data).err(),
        }
    }
    Some(match into {
        Into::Memory(mut whole) => {
            // In memory of its own size.
            whole.shrink_to_fit();
            Arrived { body: whole.into(), ..Arrived::default() }
        }
        Into::Spool(spool) => Arrived { upload: Some(failure.map_or(Ok(spool), Err)), ..Arrived::default() },
    })
}

/// Lets a caller finish who sends on: whose bytes are not taken loses the connection, and with it the answer.
async fn leave(mut body: Incoming) {
    while let Some(Ok(_)) = body.frame().await {}
}
