//! `/composite/sobjects`: up to 200 records created, updated, upserted or deleted in one call, each with a result of its own.

use std::{collections::BTreeSet, convert::Infallible, sync::Arc};

use http::StatusCode;
use mock_sfdc_org::{
    error::Error,
    id::Id,
    save::{Draft, ExternalKey},
    schema::{FieldType, Object, Schema},
    state::{State, Transaction},
    value::{Value, shown},
    verbs::{self, Errors},
};
use serde_json::value::RawValue;

use super::{
    COLLECTIONS, COLLECTIONS_UPSERT,
    records::{self, Collection, Record},
    results::{self, Row},
    since,
};
use crate::{
    api::rest::{body, external_id, options, recent::Look, sobject},
    call::{Answer, Call},
    reply::Reply,
};

/// `POST`
pub fn create(call: &Call) -> Answer {
    since(call, COLLECTIONS)?;
    let collection = Collection::read(call)?;
    let options = options::dml(call)?;
    let viewer = call.viewer()?;
    let drafts: Vec<Result<(Arc<Object>, Draft), Error>> =
        collection.records.iter().map(|record| drafted(call, viewer.schema(), record)).collect();
    let look = Look::of(call)?;
    let saved = each(call, collection.all_or_none, drafts, |tx, drafted| {
        let (object, draft) = drafted.map_err(|error| vec![error])?;
        let id = verbs::create(tx, &object, draft, &options)?;
        look.note(tx, &object, id);
        Ok(id)
    })?;
    Ok(answer(call, saved.into_iter().map(|result| Row::of(result, None))))
}

fn drafted(
    call: &Call,
    schema: &Schema,
    record: &Result<Record<'_>, Error>,
) -> Result<(Arc<Object>, Draft), Error> {
    let record = record.as_ref().map_err(Clone::clone)?;
    let object = record.object(schema)?;
    let draft = record.draft(call, schema, &object)?;
    Ok((object, draft))
}

/// `PATCH`: each record says its `id`.
pub fn update(call: &Call) -> Answer {
    since(call, COLLECTIONS)?;
    let collection = Collection::read(call)?;
    let options = options::dml(call)?;
    let viewer = call.viewer()?;
    let changes: Vec<Result<Change, Error>> =
        collection.records.into_iter().map(|record| Change::read(call, viewer.schema(), record?)).collect();
    let asked: Vec<Option<Id>> =
        changes.iter().map(|change| change.as_ref().ok().map(|change| change.id)).collect();
    let look = Look::of(call)?;
    let saved = each(call, collection.all_or_none, changes, |tx, change| {
        let Change { object, id, draft } = change.map_err(|error| vec![error])?;
        let id = verbs::update(tx, &object, id, draft, &options)?;
        look.note(tx, &object, id);
        Ok(id)
    })?;
    Ok(answer(call, saved.into_iter().zip(asked).map(|(result, asked)| Row::of(result, asked))))
}

/// Other values for a record.
struct Change {
    object: Arc<Object>,
    id: Id,
    draft: Draft,
}

impl Change {
    fn read(call: &Call, schema: &Schema, mut record: Record<'_>) -> Result<Self, Error> {
        let object = record.object(schema)?;
        let id = record.take("Id").and_then(text).ok_or_else(Error::missing_update_id)?;
        let id = of_object(&object, &id)?;
        let draft = record.draft(call, schema, &object)?;
        Ok(Self { object, id, draft })
    }
}

/// The text of a JSON string that is not empty.
fn text(raw: &RawValue) -> Option<String> {
    serde_json::from_str(raw.get()).ok().filter(|text: &String| !text.is_empty())
}

fn of_object(object: &Object, text: &str) -> Result<Id, Error> {
    let id = Id::parse(text).filter(|id| id.prefix() == object.record_prefix);
    id.ok_or_else(|| Error::malformed_reference(&format!("{} ID", object.label), "Id", text))
}

/// `PATCH /{object}/{field}`: each record says the field that identifies it.
pub fn upsert(call: &Call) -> Answer {
    since(call, COLLECTIONS_UPSERT)?;
    let object = sobject::named(call)?;
    let position = external_id::key_field(&object, call.param("field"))?;
    let collection = Collection::read(call)?;
    let options = options::dml(call)?;
    let viewer = call.viewer()?;
    let mut taken = BTreeSet::new();
    let upserts: Vec<Result<Upsert, Error>> = collection
        .records
        .into_iter()
        .map(|record| Upsert::read(call, viewer.schema(), &object, position, record?))
        .map(|upsert| upsert.and_then(|upsert| upsert.unless_taken(&mut taken)))
        .collect();
    let found: Vec<Option<Found>> = {
        let state = call.org().snapshot();
        upserts.iter().map(|upsert| upsert.as_ref().ok().map(|upsert| upsert.found(&state))).collect()
    };
    let look = Look::of(call)?;
    let saved = each(call, collection.all_or_none, upserts, |tx, upsert| {
        let Upsert { object, key, draft } = upsert.map_err(|error| vec![error])?;
        let (id, created) = match key {
            Some(key) => verbs::upsert(tx, key, draft, &options).map(|done| (done.id, done.created))?,
            None => (verbs::create(tx, &object, draft, &options)?, true),
        };
        look.note(tx, &object, id);
        Ok((id, created))
    })?;
    let rows = saved.into_iter().zip(found).map(|(result, found)| {
        // A record that could not be read would have created nothing.
        let would_create = matches!(found, Some(Found::Nothing));
        let created = result.as_ref().map_or(would_create, |(_, created)| *created);
        let asked = if let Some(Found::One(id)) = found { Some(id) } else { None };
        Row { created: Some(created), ..Row::of(result.map(|(id, _)| id), asked) }
    });
    Ok(answer(call, rows))
}

/// A record to be updated where there is one with the key, else created; without a key it is new.
struct Upsert {
    object: Arc<Object>,
    key: Option<ExternalKey>,
    draft: Draft,
}

/// What there is with the key of an upsert.
enum Found {
    Nothing,
    One(Id),
    Several,
}

impl Upsert {
    fn read(
        call: &Call,
        schema: &Schema,
        object: &Arc<Object>,
        position: usize,
        mut record: Record<'_>,
    ) -> Result<Self, Error> {
        let said = record.object(schema)?;
        if said.index != object.index {
            return Err(Error::record_of_another_type(said.name.as_str(), object.name.as_str()));
        }
        let field = &object.fields[position];
        let value = match record.take(field.name.as_str()) {
            None => Value::Null,
            Some(raw) if field.kind == FieldType::Id => match text(raw) {
                None => Value::Null,
                Some(id) => of_object(object, &id)?.into(),
            },
            Some(raw) => body::value(call, field, raw)?,
        };
        if value.is_null() && field.kind != FieldType::Id {
            return Err(Error::missing_external_id(field.name.as_str()));
        }
        let draft = body::draft(call, schema, object, &record.members)?;
        let key = ExternalKey { object: Arc::clone(object), position, value };
        Ok(Self { object: Arc::clone(object), key: Some(key).filter(|key| !key.value.is_null()), draft })
    }

    /// A key that stands in the list twice is meant once: the first one has it.
    fn unless_taken(self, taken: &mut BTreeSet<String>) -> Result<Self, Error> {
        let Some(key) = &self.key else { return Ok(self) };
        let text = shown(&key.value);
        let sensitive = self.object.field_at(key.position).is_some_and(|field| field.case_sensitive);
        let same = if sensitive { text.clone() } else { text.to_lowercase() };
        if taken.insert(same) { Ok(self) } else { Err(Error::duplicate_external_id_in_list(&text)) }
    }

    fn found(&self, state: &State) -> Found {
        let Some(key) = &self.key else { return Found::Nothing };
        match external_id::with_key(state, key).as_slice() {
            [] => Found::Nothing,
            [one] => Found::One(one.id()),
            _ => Found::Several,
        }
    }
}

/// `DELETE ?ids=&allOrNone=`
pub fn delete(call: &Call) -> Answer {
    since(call, COLLECTIONS)?;
    let ids: Vec<&str> = listed(call.query("ids").unwrap_or_default()).collect();
    if ids.is_empty() {
        return Err(Error::missing_parameter("ids"));
    }
    let most = records::most(call);
    if ids.len() > most {
        return Err(Error::too_many_records(most));
    }
    let all_or_none = match call.query("allOrNone") {
        None | Some("false") => false,
        Some("true") => true,
        Some(other) => return Err(Error::illegal_flag("allOrNone", other)),
    };
    let state = call.org().snapshot();
    let doomed: Vec<Result<(Arc<Object>, Id), Error>> = ids
        .iter()
        .map(|text| {
            let id = Id::parse(text).ok_or_else(|| Error::malformed_id(text))?;
            let object = state.object_of(id).cloned().ok_or_else(|| Error::malformed_id(text))?;
            Ok((object, id))
        })
        .collect();
    let kinds = doomed.iter().flatten().map(|(object, _)| object.name.as_str());
    records::check_chunks(kinds)?;
    let asked: Vec<Option<Id>> =
        doomed.iter().map(|doomed| doomed.as_ref().ok().map(|(_, id)| *id)).collect();
    let gone = each(call, all_or_none, doomed, |tx, doomed| {
        let (object, id) = doomed.map_err(|error| vec![error])?;
        verbs::delete(tx, &object, id).map(|()| id)
    })?;
    Ok(answer(call, gone.into_iter().zip(asked).map(|(result, asked)| Row::of(result, asked))))
}

/// `a, b,,c`
pub(super) fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

/// One transaction for all: each stands for itself unless they are to stand or fall together.
fn each<I, T>(
    call: &Call,
    all_or_none: bool,
    items: impl IntoIterator<Item = I>,
    work: impl FnMut(&mut Transaction, I) -> Result<T, Errors>,
) -> Result<Vec<Result<T, Errors>>, Error> {
    let done =
        call.transact(call.user()?, |tx| Ok::<_, Infallible>(verbs::each(tx, all_or_none, items, work)));
    Ok(done.unwrap_or_else(|never| match never {}))
}

fn answer(call: &Call, rows: impl Iterator<Item = Row>) -> Reply {
    Reply::json(StatusCode::OK, results::rows(&call.org().snapshot(), &rows.collect::<Vec<_>>()))
}
