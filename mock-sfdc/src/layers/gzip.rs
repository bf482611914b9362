//! Compressed bodies, both ways (`contract/rest.md` section 1). Layers within see plain bytes only.

use std::io::{Read, Write};

use bytes::Bytes;
use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};
use http::{HeaderMap, HeaderValue, header};
use mock_sfdc_org::error::{Error, Result};

use crate::{
    call::Call,
    multipart::is_form,
    reply::{Line, Reply},
};

/// Smaller answers would only grow.
const WORTH_IT: usize = 256;

/// Unpacks the body of a request.
pub fn decode(call: &mut Call) -> Result<()> {
    if let Some(plain) = plain(&call.headers, &call.body, call.operation.most_body(is_form(&call.headers)))? {
        call.tenant.journal.unpacked(call.entry, &plain);
        call.body = plain;
    }
    Ok(())
}

/// What a packed body says; `None` for one that is plain. A small one may hide a large one: what it unpacks to is limited
/// as any body is.
pub(crate) fn plain(headers: &HeaderMap, body: &[u8], most: usize) -> Result<Option<Bytes>> {
    let encoding = match headers.get(header::CONTENT_ENCODING).and_then(|encoding| encoding.to_str().ok()) {
        None | Some("identity") => return Ok(None),
        Some(encoding) => encoding,
    };
    if !encoding.eq_ignore_ascii_case("gzip") {
        return Err(Error::unsupported_media_type(&format!("with Content-Encoding {encoding}")));
    }
    let mut plain = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX) + 1;
    MultiGzDecoder::new(body)
        .take(limit)
        .read_to_end(&mut plain)
        .map_err(|error| Error::json(format!("The request body is not valid gzip: {error}")))?;
    if plain.len() > most {
        return Err(Error::request_too_large(most));
    }
    Ok(Some(plain.into()))
}

/// Packs the body of an answer for a caller who takes it so.
pub fn encode(call: &Call, reply: &mut Reply) {
    let taken = call.header("accept-encoding").is_some_and(accepts_gzip);
    if !taken || reply.body.len() < WORTH_IT || reply.line != Line::Open {
        return;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(reply.body.len() / 4), Compression::fast());
    // Writing to memory cannot fail; if it did, the plain body would still be right.
    if encoder.write_all(&reply.body).is_ok()
        && let Ok(packed) = encoder.finish()
    {
        reply.body = packed.into();
        reply.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
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
