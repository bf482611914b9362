//! Compressed bodies, both ways (`contract/rest.md` section 1). Layers within see plain bytes only.

use std::{
    io::{self, Read, Write},
    sync::Arc,
};

use bytes::Bytes;
use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};
use http::{HeaderMap, HeaderValue, header};
use mock_sfdc_org::error::{Error, Result};

use crate::{
    api::soap,
    call::Call,
    multipart::is_form,
    operation::Face,
    reply::{Line, More, Reply},
    spool::Reader,
};

/// Smaller answers would only grow.
const WORTH_IT: usize = 256;

/// Unpacks the body of a request.
pub fn decode(call: &mut Call) -> Result<()> {
    let is_soap = call.operation.face == Face::Soap;
    unpack_body(call).map_err(|error| if is_soap { soap::unpacked(error) } else { error })
}

fn unpack_body(call: &mut Call) -> Result<()> {
    if !is_packed(&call.headers)? {
        return Ok(());
    }
    let most = call.operation.most_body(is_form(&call.headers));
    if let Some(Ok(packed)) = &call.upload {
        let plain = call.server.spools.spool();
        unpack(Reader::new(&**packed), most, &mut &plain)?;
        call.upload = Some(Ok(Arc::new(plain)));
    } else if let Some(plain) = plain(&call.headers, &call.body, most)? {
        call.body = plain;
    } else {
        return Ok(());
    }
    call.tenant.journal.unpacked(call.entry, &call.head());
    Ok(())
}

/// What a packed body says; `None` for one that is plain.
pub(crate) fn plain(headers: &HeaderMap, body: &[u8], most: usize) -> Result<Option<Bytes>> {
    if !is_packed(headers)? {
        return Ok(None);
    }
    let mut plain = Vec::new();
    unpack(body, most, &mut plain)?;
    Ok(Some(plain.into()))
}

fn is_packed(headers: &HeaderMap) -> Result<bool> {
    match headers.get(header::CONTENT_ENCODING).and_then(|encoding| encoding.to_str().ok()) {
        None | Some("identity") => Ok(false),
        Some(encoding) if encoding.eq_ignore_ascii_case("gzip") => Ok(true),
        Some(encoding) => Err(Error::unsupported_media_type(&format!("with Content-Encoding {encoding}"))),
    }
}

/// A small body may hide a large one: what it unpacks to is limited as any body is.
fn unpack(packed: impl Read, most: usize, plain: &mut impl Write) -> Result<()> {
    let limit = u64::try_from(most).unwrap_or(u64::MAX);
    let mut decoder = MultiGzDecoder::new(packed).take(limit + 1);
    let size = io::copy(&mut decoder, plain)
        .map_err(|error| Error::json(format!("The request body is not valid gzip: {error}")))?;
    if size > limit {
        return Err(Error::request_too_large(most));
    }
    Ok(())
}

/// Packs the body of an answer for a caller who takes it so.
pub fn encode(call: &Call, reply: &mut Reply) {
    let taken = call.header(header::ACCEPT_ENCODING).is_some_and(accepts_gzip);
    if !taken || reply.body.len() < WORTH_IT || reply.line != Line::Open {
        return;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(reply.body.len() / 4), Compression::fast());
    // Writing to memory cannot fail; if it did, the plain body would still be right.
    if encoder.write_all(&reply.body).is_err() {
        return;
    }
    if let Some(more) = reply.more.take() {
        reply.body = std::mem::take(encoder.get_mut()).into();
        reply.more = Some(More::new(Packing { plain: more, encoder: Some(encoder) }));
    } else if let Ok(packed) = encoder.finish() {
        reply.body = packed.into();
    } else {
        return;
    }
    reply.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
}

/// A long answer, packed as it is made.
struct Packing {
    plain: More,
    /// Gone once the end is packed.
    encoder: Option<GzEncoder<Vec<u8>>>,
}

impl Iterator for Packing {
    type Item = io::Result<Bytes>;

    fn next(&mut self) -> Option<io::Result<Bytes>> {
        loop {
            let encoder = self.encoder.as_mut()?;
            let Some(piece) = self.plain.next() else {
                return self.encoder.take().map(|encoder| encoder.finish().map(Bytes::from));
            };
            if let Err(error) = piece.and_then(|piece| encoder.write_all(&piece)) {
                return Some(Err(error));
            }
            // The packer keeps some bytes to itself until there are more of them.
            if !encoder.get_ref().is_empty() {
                return Some(Ok(std::mem::take(encoder.get_mut()).into()));
            }
        }
    }
}

fn accepts_gzip(header: &str) -> bool {
    header.split(',').any(|part| {
        let mut pieces = part.split(';').map(str::trim);
        let name = pieces.next().unwrap_or_default();
        let refused = pieces
            .any(|piece| matches!(piece.replace(' ', "").as_str(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        (name.eq_ignore_ascii_case("gzip") || name == "*") && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::accepts_gzip;

    #[test]
    fn who_takes_gzip() {
        for (header, taken) in [
            ("gzip", true),
            ("deflate, GZIP;q=0.5", true),
            ("*", true),
            ("identity", false),
            ("gzip;q=0", false),
            ("gzip; q=0.0, br", false),
            ("", false),
        ] {
            assert_eq!(accepts_gzip(header), taken, "{header}");
        }
    }
}
