//! Conditional requests (`contract/rest.md` section 1): `ETag` with `If-Match` and `If-None-Match`, of rows for accounts only;
//! `Last-Modified` with `If-Modified-Since` and `If-Unmodified-Since`. A write is guarded within its transaction.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{StatusCode, header};
use jiff::{Timestamp, fmt::strtime};
use mock_sfdc_org::{error::Error, schema::Object, state::Record, value::DateTime};
use sha2::{Digest, Sha256};

use super::record;
use crate::{
    call::{Answer, ApiVersion, Call},
    http_date::http_date,
    reply::Reply,
};

/// What a request says of the state that it knows.
#[derive(Debug, Default)]
pub struct Conditions {
    if_match: Option<String>,
    if_none_match: Option<String>,
    modified_since: Option<DateTime>,
    unmodified_since: Option<DateTime>,
}

/// The state that there is.
#[derive(Debug)]
pub struct Version {
    tag: Option<String>,
    modified: DateTime,
}

impl Conditions {
    /// Of a request that reads: a date that is none is not there (RFC 9110, 13.1.3).
    pub fn of_read(call: &Call) -> Self {
        let date = |name: &str| call.header(name).and_then(parse);
        Self {
            modified_since: date("if-modified-since"),
            unmodified_since: date("if-unmodified-since"),
            ..Self::of_tags(call)
        }
    }

    /// Of a request that writes: a date that is none is refused.
    pub fn of_write(call: &Call) -> Result<Self, Error> {
        let date = |name: &str| match call.header(name) {
            Some(text) => parse(text).map(Some).ok_or_else(|| Error::bad_date_header(name, text)),
            None => Ok(None),
        };
        Ok(Self {
            modified_since: date("if-modified-since")?,
            unmodified_since: date("if-unmodified-since")?,
            ..Self::of_tags(call)
        })
    }

    fn of_tags(call: &Call) -> Self {
        let text = |name: &str| call.header(name).map(ToOwned::to_owned);
        Self { if_match: text("if-match"), if_none_match: text("if-none-match"), ..Self::default() }
    }

    /// Whether the state is not the one that the request relies on. A tag goes before a date.
    fn refused(&self, version: &Version) -> Result<(), Error> {
        match (&self.if_match, self.unmodified_since) {
            (Some(_), _) if version.tag.is_none() => Err(Error::not_emulated("If-Match of this object")),
            (Some(tags), _) if !lists(tags, version.tag.as_deref()) => {
                Err(Error::match_precondition_failed())
            }
            (None, Some(since)) if version.modified > since => Err(Error::modified_since(&http_date(since))),
            _ => Ok(()),
        }
    }

    /// Whether the client has this state already.
    fn known(&self, version: &Version) -> bool {
        match (&self.if_none_match, self.modified_since) {
            (Some(tags), _) if version.tag.is_some() => lists(tags, version.tag.as_deref()),
            (_, Some(since)) => version.modified <= since,
            _ => false,
        }
    }

    /// Guards a write of a record that is there.
    pub fn guard(&self, object: &Object, record: &Record) -> Result<(), Vec<Error>> {
        let tags = self.if_match.is_some() || self.if_none_match.is_some();
        if !tags && self.unmodified_since.is_none() && self.modified_since.is_none() {
            return Ok(());
        }
        let version = Version::of_row(object, record);
        self.refused(&version).map_err(|error| vec![error])?;
        match &self.if_none_match {
            Some(_) if version.tag.is_none() => {
                return Err(vec![Error::not_emulated("If-None-Match of this object")]);
            }
            Some(tags) if lists(tags, version.tag.as_deref()) => {
                return Err(vec![Error::match_precondition_failed()]);
            }
            _ => {}
        }
        match self.modified_since {
            Some(since) if version.modified <= since => {
                Err(vec![Error::not_modified_since(&http_date(since))])
            }
            _ => Ok(()),
        }
    }

    /// Guards a write where no record is.
    pub fn guard_absent(&self) -> Result<(), Vec<Error>> {
        if self.if_match.is_some() { Err(vec![Error::match_precondition_failed()]) } else { Ok(()) }
    }
}

impl Version {
    /// Of a row: accounts have a tag, all have the moment of their last change.
    pub fn of_row(object: &Object, record: &Record) -> Self {
        let changed = object.field("LastModifiedDate").or_else(|| object.field("SystemModstamp"));
        let modified = changed.and_then(|(position, _)| record.get(position).as_datetime());
        let tag = object.name.is("Account").then(|| digest(object, record));
        Self { tag, modified: modified.unwrap_or_default().whole_seconds() }
    }
}

/// What changes whenever the record does.
pub fn digest(object: &Object, record: &Record) -> String {
    let all = (0..object.fields.len()).collect::<Vec<_>>();
    let mut text = Vec::new();
    record::row(&mut text, ApiVersion::NEWEST, object, record, &all);
    digest_of(&text)
}

pub fn digest_of(text: &[u8]) -> String {
    STANDARD.encode(&Sha256::digest(text)[..20])
}

/// Answers a read: 412, 304, or what `whole` gives, with the headers that say which version it is.
pub fn answer(call: &Call, version: &Version, whole: impl FnOnce() -> Answer) -> Answer {
    let conditions = Conditions::of_read(call);
    conditions.refused(version)?;
    let reply = if conditions.known(version) { Reply::empty(StatusCode::NOT_MODIFIED) } else { whole()? };
    let tagged = match &version.tag {
        Some(tag) => reply.with(header::ETAG, &format!("\"{tag}{}\"", suffix(call, tag))),
        None => reply,
    };
    Ok(tagged.with(header::LAST_MODIFIED, &http_date(version.modified)))
}

/// What the front adds to the tag of a packed answer; recorded with one hyphen behind rows and with two behind describes.
fn suffix(call: &Call, tag: &str) -> &'static str {
    match call.header("accept-encoding") {
        Some(taken) if taken.contains("gzip") && tag.ends_with('=') => "-gzip",
        Some(taken) if taken.contains("gzip") => "--gzip",
        _ => "",
    }
}

/// When each describe was first answered as it is now. A client's next question comes later than its last answer, so a change
/// is never older than what the client has.
#[derive(Debug, Default)]
pub struct Described(Mutex<BTreeMap<String, (String, DateTime)>>);

impl Described {
    /// The version of this text at this address for this user.
    pub fn version(&self, call: &Call, text: &[u8]) -> Result<Version, Error> {
        let digest = Sha256::digest(text);
        let tag = format!("{:08x}", u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]));
        let key = format!("{} {}", call.user()?, call.uri.path());
        let now = call.org().clock().now().whole_seconds();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (seen, since) = known.entry(key).or_insert_with(|| (tag.clone(), now));
        if *seen != tag {
            *since = now.max(DateTime::from_millis(since.millis() + 1000));
            seen.clone_from(&tag);
        }
        Ok(Version { modified: *since, tag: Some(tag) })
    }
}

/// Whether a list of tags has this one. A tag stays the same whichever encoding it was sent with.
fn lists(tags: &str, tag: Option<&str>) -> bool {
    tags.split(',').map(str::trim).any(|one| {
        let plain = one.trim_start_matches("W/").trim_matches('"');
        let plain = plain.strip_suffix("-gzip").unwrap_or(plain);
        one == "*" || tag.is_some_and(|tag| plain.trim_end_matches('-') == tag)
    })
}

/// `Sun, 22 Nov 2026 03:29:01 GMT`
fn parse(text: &str) -> Option<DateTime> {
    let moment = strtime::parse("%a, %d %b %Y %H:%M:%S GMT", text.trim())
        .and_then(|parts| parts.to_datetime())
        .ok()
        .and_then(|at| at.to_zoned(jiff::tz::TimeZone::UTC).ok())
        .map(|zoned| zoned.timestamp())
        .or_else(|| {
            let with_zone = ["%a, %d %b %Y %H:%M:%S %z", "%a, %d %b %Y %H:%M:%S %:z"];
            with_zone.iter().find_map(|form| strtime::parse(form, text.trim()).ok()?.to_timestamp().ok())
        });
    moment.map(|at: Timestamp| DateTime::from_millis(at.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_dates_are_read() {
        for (tags, found) in [
            ("\"a=-gzip\"", true),
            ("\"a=\"", true),
            ("W/\"b\", \"a=\"", true),
            ("*", true),
            ("\"a\"", false),
        ] {
            assert_eq!(lists(tags, Some("a=")), found, "{tags}");
        }
        assert!(lists("\"e8178a2d--gzip\"", Some("e8178a2d")));
        let at = Some(DateTime::from_millis(1_795_318_141_000));
        assert_eq!(parse("Sun, 22 Nov 2026 03:29:01 GMT"), at);
        assert_eq!(parse("Sun, 22 Nov 2026 04:29:01 +0100"), at);
        assert_eq!(parse("Sun, 22 Nov 2026 03:29:01 +00:00"), at);
        assert_eq!(parse("2026-11-22"), None);
    }
}
