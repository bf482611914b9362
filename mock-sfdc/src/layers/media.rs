//! JSON or XML: what a client sends, and what it takes (`contract/rest.md` section 1). Handlers know JSON only; an XML body
//! becomes one on its way in, and an answer becomes XML on its way out.

use http::{HeaderValue, header};
use mock_sfdc_org::error::Error;

use crate::{api::rest::xml, call::Call, operation::Face, reply::Reply};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Xml,
}

const JSON: &str = "application/json";

/// Operations that answer with files, whatever a client says it takes.
const FILES: [&str; 4] = ["rest.sobject.get_by_key", "bulk2.", "rest.jobs", "rest.metadata"];

/// Refuses a client that takes neither format, and reads an XML body of a record.
pub fn check(call: &mut Call) -> Result<(), Error> {
    if call.operation.face != Face::Rest {
        return Ok(());
    }
    let files = FILES.iter().any(|name| call.operation.name.starts_with(name));
    if !files && wanted(call).is_none() {
        return Err(Error::not_acceptable(call.header(header::ACCEPT).unwrap_or_default()));
    }
    let of_record =
        matches!(call.operation.name, "rest.sobject.create" | "rest.sobject.update" | "rest.sobject.upsert");
    if of_record && call.header(header::CONTENT_TYPE).is_some_and(is_xml) {
        call.body = xml::read(&call.body)?.into();
        call.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
    }
    Ok(())
}

/// Writes a JSON answer as XML for a client that takes that.
pub fn encode(call: &Call, reply: &mut Reply) {
    let is_json = |kind: &HeaderValue| kind.to_str().is_ok_and(|kind| kind.starts_with(JSON));
    let wants_xml = call.operation.face == Face::Rest && wanted(call) == Some(Format::Xml);
    if !wants_xml || !reply.headers.get(header::CONTENT_TYPE).is_some_and(is_json) {
        return;
    }
    let text = xml::write(call.operation.name, &reply.body, reply.status.is_success());
    reply.body = text.into();
    reply.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml;charset=UTF-8"));
}

/// The path's suffix goes before the header; without either it is JSON.
fn wanted(call: &Call) -> Option<Format> {
    match call.uri.path().rsplit_once('.') {
        Some((_, "xml")) => Some(Format::Xml),
        Some((_, "json")) => Some(Format::Json),
        _ => call.header(header::ACCEPT).map_or(Some(Format::Json), accepted),
    }
}

/// The format of an `Accept` header: the one of the higher quality; of equal ones JSON, unless only a wildcard names it.
fn accepted(header: &str) -> Option<Format> {
    let mut best: Option<(f32, bool, Format)> = None;
    for part in header.split(',') {
        let mut pieces = part.split(';').map(str::trim);
        let kind = pieces.next().unwrap_or_default().to_ascii_lowercase();
        let quality = pieces.find_map(|piece| piece.strip_prefix("q=")?.trim().parse().ok()).unwrap_or(1.0);
        let (exact, format) = match kind.as_str() {
            JSON => (true, Format::Json),
            kind if is_xml(kind) => (true, Format::Xml),
            "*/*" | "application/*" | "*" | "" => (false, Format::Json),
            _ => continue,
        };
        let better = best.is_none_or(|(known, named, found)| {
            quality > known
                || quality.total_cmp(&known).is_eq()
                    && (exact && !named || exact == named && found == Format::Xml && format == Format::Json)
        });
        if quality > 0.0 && better {
            best = Some((quality, exact, format));
        }
    }
    best.map(|(_, _, format)| format)
}

fn is_xml(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/xml") || kind.eq_ignore_ascii_case("text/xml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_headers() {
        for (header, format) in [
            ("*/*", Some(Format::Json)),
            ("", Some(Format::Json)),
            ("application/xml", Some(Format::Xml)),
            ("text/xml;charset=UTF-8", Some(Format::Xml)),
            ("application/xml, application/json", Some(Format::Json)),
            ("application/json;q=0.5, application/xml", Some(Format::Xml)),
            ("application/xml, */*", Some(Format::Xml)),
            // A browser, and Java's own client.
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Some(Format::Xml)),
            ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", Some(Format::Json)),
            ("text/plain", None),
            ("application/json;q=0", None),
        ] {
            assert_eq!(accepted(header), format, "{header}");
        }
    }
}
