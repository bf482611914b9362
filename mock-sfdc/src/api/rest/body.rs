//! Bodies of requests: JSON objects whose members become the values of a record, with Salesforce's own words for what does
//! not fit. Values stay text until their field is known, so no digit of a number is lost and an error knows its place.

use std::borrow::Cow;

use indexmap::IndexMap;
use mock_sfdc_org::{
    error::Error,
    save::{
        Draft, DraftError,
        coerce::{Raw, coerce},
    },
    schema::{Field, Object, Schema},
    value::Value,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    blob,
    shape::{self, Mismatch, Shaped},
};
use crate::{
    call::Call,
    header,
    multipart::{self, Part},
};

/// The members of a JSON object, unread. Hashed as fast as can be: each request with a body has some.
pub type Members<'a> = IndexMap<Cow<'a, str>, &'a RawValue, foldhash::fast::RandomState>;

/// What may come as a form of a JSON part and files, one for each record.
const COLLECTIONS: [&str; 2] = ["rest.collections.create", "rest.collections.update"];

/// Salesforce's name for a JSON body.
const JSON: &str = "application/json";

/// The body as an object; refuses bodies that are not said to be JSON, are empty, or are none.
pub fn members(call: &Call) -> Result<Members<'_>, Error> {
    members_of(json(call)?)
}

/// The body as something that has a shape; what is unknown in it is refused.
pub fn parsed<'a, T: Deserialize<'a>>(call: &'a Call) -> Result<T, Error> {
    let json = json(call)?;
    if json.is_empty() {
        return Err(Error::empty_body());
    }
    match serde_json::from_slice::<Shaped<T>>(json) {
        Ok(body) => Ok(body.0),
        Err(error) => Err(if error.is_data() { misshapen(&error) } else { syntax(json, &error) }),
    }
}

/// A JSON object within the body.
pub fn nested<'a>(call: &Call, raw: &'a RawValue) -> Result<Members<'a>, Error> {
    serde_json::from_str(raw.get()).map_err(|_| misplaced(call, raw, "sobject"))
}

/// JSON of another shape than the resource has.
fn misshapen(error: &serde_json::Error) -> Error {
    let (line, column) = (error.line(), error.column());
    let reason = reason(error);
    let named = |what: &str| reason.strip_prefix(what).and_then(|rest| rest.split('`').next());
    let what = if let Some(name) = named("unknown field `") {
        format!("Unrecognized field \"{name}\"")
    } else if let Some(name) = named("missing field `") {
        format!("Missing required field \"{name}\"")
    } else if let Some(Mismatch { wanted, token, shown }) = shape::mismatch(&reason) {
        return Error::cannot_deserialize(wanted, token, shown, line, column);
    } else {
        reason
    };
    Error::json(format!("{what} at [line:{line}, column:{column}]"))
}

/// The file that a form brings in the part of this name, into a field of the record.
pub fn file(call: &Call, object: &Object, draft: &mut Draft, part: &str, field: &str) -> Result<(), Error> {
    let parts =
        multipart::parts(call.header(header::CONTENT_TYPE).unwrap_or(""), &call.body).unwrap_or_default();
    let found = parts.into_iter().find(|known| known.name == part);
    let found = found.ok_or_else(|| Error::no_binary_part(part))?;
    blob::attach(object, draft, &Part { name: field.to_owned(), ..found })
}

/// The body, which is said to be JSON, or its part of a form that is.
fn json(call: &Call) -> Result<&[u8], Error> {
    let kind = call.header(header::CONTENT_TYPE).unwrap_or("");
    if COLLECTIONS.contains(&call.operation.name)
        && let Some(parts) = multipart::parts(kind, &call.body)
    {
        let text = parts.iter().find(|part| is_text(part)).ok_or_else(Error::multipart_without_text)?;
        return Ok(text.body);
    }
    if is_json(kind) { Ok(&call.body) } else { Err(Error::unsupported_media_type(kind)) }
}

fn members_of(json: &[u8]) -> Result<Members<'_>, Error> {
    if json.is_empty() {
        return Err(Error::empty_body());
    }
    serde_json::from_slice(json).map_err(|error| syntax(json, &error))
}

fn is_json(kind: &str) -> bool {
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(JSON))
}

/// The part of a form that is the request itself.
fn is_text(part: &Part<'_>) -> bool {
    part.file_name.is_none() && part.kind.as_deref().is_none_or(is_json)
}

/// The body as one record: JSON, or a form of a JSON part and files.
pub fn record(call: &Call, schema: &Schema, object: &Object) -> Result<Draft, Error> {
    let kind = call.header(header::CONTENT_TYPE).unwrap_or("");
    let Some(parts) = multipart::parts(kind, &call.body) else {
        return draft(call, schema, object, &members(call)?);
    };
    let text = parts.iter().find(|part| is_text(part)).ok_or_else(Error::multipart_without_text)?;
    let mut draft = draft(call, schema, object, &members_of(text.body)?)?;
    for file in parts.iter().filter(|part| !is_text(part)) {
        blob::attach(object, &mut draft, file)?;
    }
    Ok(draft)
}

/// Jackson's sentence for JSON that is none.
fn syntax(body: &[u8], error: &serde_json::Error) -> Error {
    let (line, column) = (error.line(), error.column());
    if error.is_eof() {
        return Error::json(format!("Unexpected end-of-input at [line:{line}, column:{column}]"));
    }
    if error.is_data() {
        let token = first_byte(body).map_or("END_OBJECT", token);
        return Error::cannot_deserialize("sobject", token, &shown(body), 1, 1);
    }
    let found = body
        .split(|byte| *byte == b'\n')
        .nth(line.saturating_sub(1))
        .and_then(|text| text.get(column.saturating_sub(1)))
        .map_or(' ', |byte| char::from(*byte));
    Error::json(format!(
        "Unexpected character ('{found}' (code {})): {} at [line:{line}, column:{column}]",
        u32::from(found),
        reason(error)
    ))
}

/// The parser's own reason without its place.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

fn first_byte(text: &[u8]) -> Option<u8> {
    text.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

fn token(first: u8) -> &'static str {
    match first {
        b'"' => "VALUE_STRING",
        b'{' => "START_OBJECT",
        b'[' => "START_ARRAY",
        b't' => "VALUE_TRUE",
        b'f' => "VALUE_FALSE",
        b'n' => "VALUE_NULL",
        _ => "VALUE_NUMBER_INT",
    }
}

/// What stands there, as Salesforce quotes it: a scalar whole, of the others their bracket.
fn shown(raw: &[u8]) -> String {
    match first_byte(raw) {
        Some(b'{') => "{".to_owned(),
        Some(b'[') => "[".to_owned(),
        Some(b'"') => serde_json::from_slice(raw).unwrap_or_default(),
        _ => String::from_utf8_lossy(raw).trim().to_owned(),
    }
}

/// Reads the members into a draft of `object`. The first that does not fit ends it, as a parser does.
pub fn draft(call: &Call, schema: &Schema, object: &Object, members: &Members<'_>) -> Result<Draft, Error> {
    let mut draft = Draft::default();
    for (name, raw) in members {
        if name == "attributes" {
            // An address says already what the record is.
            let said = attributes(call, raw)?.kind;
            let same = |kind: &str| schema.object(kind).is_some_and(|known| known.index == object.index);
            if let Some(other) = said.filter(|kind| !same(kind)) {
                return Err(Error::record_of_another_type(&other, object.name.as_str()));
            }
            continue;
        }
        member(call, schema, object, &mut draft, name, raw)?;
    }
    Ok(draft)
}

fn member(
    call: &Call,
    schema: &Schema,
    object: &Object,
    draft: &mut Draft,
    name: &str,
    raw: &RawValue,
) -> Result<(), Error> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'{') if object.parent_relationship(name).is_some() => {
            parent(call, schema, object, draft, name, raw)
        }
        Some(b'{' | b'[') => {
            let Some((_, field)) = object.field(name) else {
                return Err(Error::no_such_column_on(name, object.name.as_str()));
            };
            Err(misplaced(call, raw, kind_word(field.kind.as_str())))
        }
        _ => scalar(raw, |value| draft.set(object, name, value)).map_err(|error| worded(call, raw, error)),
    }
}

/// `"Account": {"Number__c": "7"}`: the parent by a field of its own. Where several objects can be meant, `attributes`
/// must say first which one is.
fn parent(
    call: &Call,
    schema: &Schema,
    object: &Object,
    draft: &mut Draft,
    name: &str,
    raw: &RawValue,
) -> Result<(), Error> {
    let inner: Members<'_> = serde_json::from_str(raw.get()).map_err(|_| misplaced(call, raw, "sobject"))?;
    let polymorphic = object.parent_relationship(name).is_some_and(|(_, field)| field.reference_to.len() > 1);
    if polymorphic && inner.get_index(0).is_none_or(|(first, _)| first != "attributes") {
        return Err(Error::json(
            "Nested object for polymorphic foreign key must have an attributes field before any other fields.",
        ));
    }
    let target = inner.get("attributes").map(|raw| attributes(call, raw)).transpose()?;
    let mut keys = inner.iter().filter(|(member, _)| *member != "attributes");
    let (Some((key, value)), None) = (keys.next(), keys.next()) else {
        return Err(Error::json(format!("{name} must be named by exactly one of its fields")));
    };
    let target = target.as_ref().and_then(|attributes| attributes.kind.as_deref());
    scalar(value, |value| draft.set_parent(schema, object, name, target, (key, value)))
        .map_err(|error| worded(call, value, error))
}

#[derive(serde::Deserialize)]
struct Attributes<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Option<Cow<'a, str>>,
}

/// What a record says of itself.
fn attributes<'a>(call: &Call, raw: &'a RawValue) -> Result<Attributes<'a>, Error> {
    let read = serde_json::from_str::<Shaped<Attributes<'a>>>(raw.get());
    read.map(|read| read.0).map_err(|_| misplaced(call, raw, "attributes"))
}

/// Hands a scalar over as what it is.
fn scalar<T>(raw: &RawValue, take: impl FnOnce(Raw<'_>) -> Result<T, DraftError>) -> Result<T, DraftError> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'"') => match serde_json::from_str::<Borrowed<'_>>(text) {
            Ok(text) => take(Raw::Text(&text.0)),
            // Half of a surrogate pair: JSON, and yet no text.
            Err(_) => Err(DraftError::Refused(Error::no_unicode(text.trim_matches('"')))),
        },
        Some(b't') => take(Raw::Bool(true)),
        Some(b'f') => take(Raw::Bool(false)),
        Some(b'n') => take(Raw::Null),
        _ => take(Raw::Number(text)),
    }
}

/// The value that a member gives a field.
pub fn value(call: &Call, field: &Field, raw: &RawValue) -> Result<Value, Error> {
    if raw.get().starts_with(['{', '[']) {
        return Err(misplaced(call, raw, kind_word(field.kind.as_str())));
    }
    scalar(raw, |value| coerce(field, value).map_err(|unfit| DraftError::of(field, unfit)))
        .map_err(|error| worded(call, raw, error))
}

#[derive(serde::Deserialize)]
struct Borrowed<'a>(#[serde(borrow)] Cow<'a, str>);

/// A value of the wrong kind, in the words of REST's parser.
fn worded(call: &Call, raw: &RawValue, error: DraftError) -> Error {
    match error {
        DraftError::Refused(error) => error,
        DraftError::Kind { wanted, .. } => misplaced(call, raw, wanted),
    }
}

/// What stands there is of another kind than `wanted`.
pub fn misplaced(call: &Call, raw: &RawValue, wanted: &str) -> Error {
    let text = raw.get().as_bytes();
    let first = first_byte(text).unwrap_or(b'n');
    let float =
        token(first) == "VALUE_NUMBER_INT" && text.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E'));
    let token = if float { "VALUE_NUMBER_FLOAT" } else { token(first) };
    let (line, column) = place(document(call, text), text);
    Error::cannot_deserialize(wanted, token, &shown(text), line, column)
}

/// The text that a value stands in: the body, or the part of a form.
fn document<'a>(call: &'a Call, value: &[u8]) -> &'a [u8] {
    let parts = multipart::parts(call.header(header::CONTENT_TYPE).unwrap_or(""), &call.body);
    let holds = |part: &Part<'_>| part.body.as_ptr_range().contains(&value.as_ptr());
    parts.and_then(|parts| parts.into_iter().find(holds)).map_or(&call.body, |part| part.body)
}

/// Where in the body a part of it begins, counted from one.
fn place(body: &[u8], part: &[u8]) -> (usize, usize) {
    let offset = (part.as_ptr() as usize).saturating_sub(body.as_ptr() as usize).min(body.len());
    let before = &body[..offset];
    let line = before.split(|byte| *byte == b'\n').count();
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    (line, column)
}

/// How the parser calls a field's kind.
fn kind_word(kind: &str) -> &str {
    match kind {
        "currency" | "percent" => "double",
        "picklist" | "textarea" | "phone" | "url" | "email" | "reference" | "id" | "combobox" => "string",
        other => other,
    }
}

/// The names after `fields=`, in the request's order, each once; an unknown one is refused.
pub fn fields_of(object: &Object, list: &str) -> Result<Vec<usize>, Error> {
    let mut found = Vec::new();
    for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let unknown = || Error::no_such_column_on(name, object.name.as_str());
        let (position, _) = object.field(name).ok_or_else(unknown)?;
        if !found.contains(&position) {
            found.push(position);
        }
    }
    Ok(found)
}
