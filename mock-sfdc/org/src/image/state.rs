//! A whole state, and what a commit changed of it.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    ImageError, Kind, Piece,
    jobs::{self, BULK, JobLoader},
    object,
    row::{self, RowImage},
};
use crate::{
    access::{Access, AccessImage},
    bulk::Formats,
    id::Id,
    mail::Mail,
    name::Name,
    outbound::OutboundImage,
    rules::RulesImage,
    schema::{GlobalValueSet, Object, ObjectIx, Schema},
    settings::Settings,
    state::{Binned, Change, ChangeKind, Emptied, RECENTLY_VIEWED, Record, State, Table},
    streaming::{self, Channel, ChannelImage, Event, EventImage, StreamsImage},
    time_triggers::TimeTriggersImage,
    value::DateTime,
};

const SETTINGS: &str = "settings";
const ACCESS: &str = "access";
const RULES: &str = "rules";
const STREAMS: &str = "streams";
const LOG: &str = "log";
const SCHEMA: &str = "schema";
const VIEWS: &str = "views";
const OUTBOUND: &str = "outbound";
const TIME_TRIGGERS: &str = "timeTriggers";

/// A record, and what its deletion did, if it was deleted.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deleted: Option<Deletion>,
    #[serde(flatten)]
    row: RowImage,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Deletion {
    at: DateTime,
    with: Id,
    /// Object, record and field of each lookup that was emptied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    emptied: Vec<(Name, Id, Name)>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Counters {
    ids: u64,
    /// By field.
    auto_numbers: BTreeMap<String, u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LogImage {
    next_seq: u64,
    transactions: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChangeImage {
    at: DateTime,
    transaction: u64,
    user: Id,
    kind: ChangeKind,
    object: Name,
    id: Id,
    before: Option<RowImage>,
    after: Option<RowImage>,
    silent: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoredEvent {
    event: EventImage,
    object: Option<Name>,
    record: Option<RowImage>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SchemaImage {
    namespace: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    value_sets: Vec<GlobalValueSet>,
}

/// Numbers in keys sort as they count.
pub(super) fn numbered(number: u64) -> String {
    format!("{number:020}")
}

fn row_key(object: &Object, id: Id) -> String {
    format!("{}/{id}", object.name)
}

/// Each event with its key. Events that share a replay id are told apart by their place among all events.
fn keyed<'a>(
    channel: &'a str,
    events: impl Iterator<Item = &'a Arc<Event>> + 'a,
) -> impl Iterator<Item = (String, &'a Arc<Event>)> + 'a {
    let mut last = 0;
    events.map(move |event| {
        let replay_id = numbered(event.replay_id);
        let again = std::mem::replace(&mut last, event.replay_id) == event.replay_id;
        let key = if again {
            format!("{channel} {replay_id}.{}", numbered(event.seq))
        } else {
            format!("{channel} {replay_id}")
        };
        (key, event)
    })
}

/// Writing to memory fails for maps whose keys are no texts only, and no image has one.
pub(super) fn piece(kind: Kind, key: impl Into<String>, image: &impl Serialize) -> Piece {
    Piece { kind, key: key.into(), json: Some(serde_json::to_string(image).unwrap_or_default()) }
}

pub(super) fn gone(kind: Kind, key: impl Into<String>) -> Piece {
    Piece { kind, key: key.into(), json: None }
}

/// The whole of a state.
#[must_use]
pub fn pieces(state: &State) -> Vec<Piece> {
    let mut out = Vec::new();
    parts(state, None, &mut out);
    objects(state.schema(), &mut out);
    for object in state.schema().objects() {
        let table = state.table(object.index);
        counters(object, table, &mut out);
        out.extend(table.rows().map(|record| live(object, record)));
        out.extend(table.bin().map(|binned| in_bin(state, object, binned)));
    }
    out.extend(state.log().since(0).filter_map(|one| change(state, one)));
    out.extend((0..).zip(state.mails()).map(|(at, mail)| piece(Kind::Mail, numbered(at), mail.as_ref())));
    for channel in state.streams().channels() {
        events(state, None, channel, &mut out);
    }
    out
}

/// What differs in `after`, which a transaction with these changes has made of `before`.
#[must_use]
pub fn delta(before: &State, after: &State, changes: &[Arc<Change>]) -> Vec<Piece> {
    let mut out = Vec::new();
    parts(after, Some(before), &mut out);
    if !before.schema().is_same(after.schema()) {
        objects(after.schema(), &mut out);
        for lost in
            before.schema().objects().filter(|lost| after.schema().object(lost.name.as_str()).is_none())
        {
            out.push(gone(Kind::Object, lost.name.as_str()));
            out.push(gone(Kind::Counters, lost.name.as_str()));
        }
    }
    let mut touched: Vec<ObjectIx> = Vec::new();
    for one in changes {
        let Some(object) = after.schema().by_index(one.object) else { continue };
        if !touched.contains(&one.object) {
            touched.push(one.object);
        }
        let table = after.table(one.object);
        out.push(match (table.get(one.id), table.binned(one.id)) {
            (Some(record), _) => live(object, record),
            (None, Some(binned)) => in_bin(after, object, binned),
            (None, None) => gone(Kind::Row, row_key(object, one.id)),
        });
        out.extend(change(after, one));
    }
    // Ids are given out to records that were refused, too.
    for object in after.schema().objects() {
        let grown = before
            .schema()
            .by_index(object.index)
            .is_none_or(|_| before.table(object.index).counters() != after.table(object.index).counters());
        if grown || touched.contains(&object.index) {
            counters(object, after.table(object.index), &mut out);
        }
    }
    let known = before.mails().count();
    let mails = (0_u64..).zip(after.mails()).skip(known);
    out.extend(mails.map(|(at, mail)| piece(Kind::Mail, numbered(at), mail.as_ref())));
    for channel in after.streams().channels() {
        let old = before.streams().channel(channel.name());
        if !old.is_some_and(|old| Arc::ptr_eq(old, channel)) {
            events(after, old, channel, &mut out);
        }
    }
    out
}

fn parts(state: &State, before: Option<&State>, out: &mut Vec<Piece>) {
    if before.is_none_or(|before| !std::ptr::eq(before.settings(), state.settings())) {
        out.push(piece(Kind::Part, SETTINGS, state.settings()));
    }
    if before.is_none_or(|before| !std::ptr::eq(before.access(), state.access())) {
        out.push(piece(Kind::Part, ACCESS, &AccessImage::from(state.access())));
    }
    if before.is_none_or(|before| !std::ptr::eq(before.rules(), state.rules())) {
        out.push(piece(Kind::Part, RULES, &RulesImage::of(state)));
    }
    if before.is_none_or(|before| !std::ptr::eq(before.streams(), state.streams())) {
        out.push(piece(Kind::Part, STREAMS, &StreamsImage::from(state.streams())));
    }
    if before.is_none_or(|before| !std::ptr::eq(before.outbound(), state.outbound())) {
        out.push(piece(Kind::Part, OUTBOUND, &OutboundImage::of(state.outbound(), state.schema())));
    }
    if before.is_none_or(|before| !std::ptr::eq(before.time_triggers(), state.time_triggers())) {
        let image = TimeTriggersImage::of(state.time_triggers(), state.schema());
        out.push(piece(Kind::Part, TIME_TRIGGERS, &image));
    }
    if before.is_none_or(|before| !before.views().is_same(state.views()))
        && let Some(object) = state.schema().object(RECENTLY_VIEWED)
    {
        let views: Vec<(Id, Vec<RowImage>)> = state
            .views()
            .all()
            .map(|(user, rows)| (user, rows.values().map(|row| row::write(object, row)).collect()))
            .collect();
        out.push(piece(Kind::Part, VIEWS, &views));
    }
    jobs::jobs(state.bulk(), before.map(State::bulk), out);
    let (next_seq, transactions) = state.log().counters();
    out.push(piece(Kind::Part, LOG, &LogImage { next_seq, transactions }));
}

fn objects(schema: &Schema, out: &mut Vec<Piece>) {
    let image = SchemaImage {
        namespace: schema.namespace().map(str::to_owned),
        value_sets: schema.global_value_sets().map(|set| GlobalValueSet::clone(set)).collect(),
    };
    out.push(piece(Kind::Part, SCHEMA, &image));
    let written = object::write(schema).into_iter();
    out.extend(written.map(|(name, json)| Piece { kind: Kind::Object, key: name, json: Some(json) }));
}

fn counters(object: &Object, table: &Table, out: &mut Vec<Piece>) {
    let (ids, numbers) = table.counters();
    if ids == 0 && numbers.is_empty() {
        return;
    }
    let auto_numbers = numbers
        .iter()
        .filter_map(|(position, last)| Some((object.field_at(*position)?.name.as_str().to_owned(), *last)))
        .collect();
    out.push(piece(Kind::Counters, object.name.as_str(), &Counters { ids, auto_numbers }));
}

fn live(object: &Object, record: &Record) -> Piece {
    let stored = Stored { deleted: None, row: row::write(object, record) };
    piece(Kind::Row, row_key(object, record.id()), &stored)
}

fn in_bin(state: &State, object: &Object, binned: &Binned) -> Piece {
    let field = |emptied: &Emptied| {
        let object = state.schema().by_index(emptied.object)?;
        Some((object.name.clone(), emptied.id, object.field_at(emptied.position)?.name.clone()))
    };
    let deletion = Deletion {
        at: binned.deleted_at,
        with: binned.fell_with,
        emptied: binned.emptied.iter().filter_map(field).collect(),
    };
    let stored = Stored { deleted: Some(deletion), row: row::write(object, &binned.record) };
    piece(Kind::Row, row_key(object, binned.record.id()), &stored)
}

fn change(state: &State, change: &Change) -> Option<Piece> {
    let object = state.schema().by_index(change.object)?;
    let row =
        |record: &Option<crate::state::Shared>| record.as_ref().map(|record| row::write(object, record));
    let image = ChangeImage {
        at: change.at,
        transaction: change.transaction,
        user: change.user,
        kind: change.kind,
        object: object.name.clone(),
        id: change.id,
        before: row(&change.before),
        after: row(&change.after),
        silent: change.silent,
    };
    Some(piece(Kind::Change, numbered(change.seq), &image))
}

/// The events that a channel has gained, and those that it has let go.
fn events(state: &State, old: Option<&Arc<Channel>>, channel: &Channel, out: &mut Vec<Piece>) {
    let name = channel.name();
    out.push(piece(Kind::Channel, name.as_ref(), &ChannelImage::from(channel)));
    let first = channel.events().next().map_or(u64::MAX, |event| event.replay_id);
    let dropped = old.into_iter().flat_map(|old| old.events()).take_while(|event| event.replay_id < first);
    out.extend(keyed(name, dropped).map(|(key, _)| gone(Kind::Event, key)));
    let known = old.map_or(0, |old| old.last());
    let new = channel.events().rev().take_while(|event| event.replay_id > known).collect::<Vec<_>>();
    for (key, event) in keyed(name, new.into_iter().rev()) {
        let (object, record) = event.content.written();
        let object = object.and_then(|object| state.schema().by_index(object));
        let stored = StoredEvent {
            event: EventImage::from(event.as_ref()),
            object: object.map(|object| object.name.clone()),
            record: object.and_then(|object| Some(row::write(object, record?))),
        };
        out.push(piece(Kind::Event, key, &stored));
    }
}

impl Deletion {
    fn of(self, state: &State, record: Record) -> Binned {
        let field = |(object, id, field): &(Name, Id, Name)| {
            let object = state.schema().object(object.as_str())?;
            Some(Emptied { object: object.index, id: *id, position: object.field(field.as_str())?.0 })
        };
        Binned {
            record,
            deleted_at: self.at,
            fell_with: self.with,
            emptied: self.emptied.iter().filter_map(field).collect(),
        }
    }
}

/// Puts pieces together again, whatever order they come in.
#[derive(Debug, Default)]
pub struct Loader {
    parts: BTreeMap<String, String>,
    objects: Vec<(String, String)>,
    counters: Vec<(String, String)>,
    rows: Vec<(String, String)>,
    /// These sort by their keys as they were made.
    changes: BTreeMap<String, String>,
    mails: BTreeMap<String, String>,
    channels: Vec<(String, String)>,
    events: BTreeMap<String, String>,
    jobs: JobLoader,
}

impl Loader {
    /// One that can read what was sent to jobs.
    #[must_use]
    pub fn with(formats: Arc<dyn Formats>) -> Self {
        Self { jobs: JobLoader::with(formats), ..Self::default() }
    }

    /// Adds a piece; one that is gone takes back what was added under its key.
    pub fn add(&mut self, kind: Kind, key: String, json: String) {
        match kind {
            Kind::Part => drop(self.parts.insert(key, json)),
            Kind::Object => self.objects.push((key, json)),
            Kind::Counters => self.counters.push((key, json)),
            Kind::Row => self.rows.push((key, json)),
            Kind::Change => drop(self.changes.insert(key, json)),
            Kind::Mail => drop(self.mails.insert(key, json)),
            Kind::Channel => self.channels.push((key, json)),
            Kind::Event => drop(self.events.insert(key, json)),
            Kind::Job | Kind::Batch | Kind::Sent | Kind::Outcomes => self.jobs.add(kind, key, json),
        }
    }

    /// Whether nothing was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The state, or the piece that cannot be read.
    pub fn finish(mut self) -> Result<State, ImageError> {
        let mut objects = Vec::with_capacity(self.objects.len());
        for (key, json) in std::mem::take(&mut self.objects) {
            objects.push(read::<Object>(Kind::Object, &key, &json)?);
        }
        let settings: Settings = self.part(SETTINGS)?;
        let image: SchemaImage = self.part(SCHEMA)?;
        let schema = object::read(image.namespace.as_deref(), objects)
            .map_err(|text| problem(Kind::Object, "", text))?;
        let schema =
            image.value_sets.into_iter().fold(schema, |schema, set| schema.with_global_value_set(set));
        let mut state = State::empty(schema, settings);
        *state.access_mut() = Access::from(self.part::<AccessImage>(ACCESS)?);
        let rules = self.part::<RulesImage>(RULES)?.into_rules(state.schema(), state.settings().pod);
        *state.rules_mut() = rules.map_err(|text| problem(Kind::Part, RULES, text))?;
        let outbound: OutboundImage = self.part(OUTBOUND)?;
        *state.outbound_mut() = outbound.into_outbound(state.schema());
        let triggers: TimeTriggersImage = self.part(TIME_TRIGGERS)?;
        *state.time_triggers_mut() = triggers.into_triggers(state.schema());
        let log: LogImage = self.part(LOG)?;
        self.tables(&mut state)?;
        self.views(&mut state)?;
        self.history(&mut state, &log)?;
        let streams: StreamsImage = self.part(STREAMS)?;
        state.streams_mut().take_image(streams);
        streaming::adopt(&mut state);
        self.channels(&mut state)?;
        std::mem::take(&mut self.jobs).finish(self.parts.get(BULK), state.bulk_mut())?;
        Ok(state)
    }

    fn part<T: DeserializeOwned>(&self, name: &str) -> Result<T, ImageError> {
        let text = self.parts.get(name).ok_or_else(|| problem(Kind::Part, name, "is missing"))?;
        read(Kind::Part, name, text)
    }

    fn tables(&self, state: &mut State) -> Result<(), ImageError> {
        for (key, json) in &self.counters {
            let image: Counters = read(Kind::Counters, key, json)?;
            let object = object_named(state, Kind::Counters, key, key)?;
            let numbers = image
                .auto_numbers
                .iter()
                .filter_map(|(field, last)| Some((object.field(field)?.0, *last)))
                .collect();
            state.table_mut(object.index).set_counters(image.ids, numbers);
        }
        for (key, json) in &self.rows {
            let name = key.split_once('/').map_or(key.as_str(), |(name, _)| name);
            let object = object_named(state, Kind::Row, key, name)?;
            let stored: Stored = read(Kind::Row, key, json)?;
            let edit = row::read(&object, stored.row).map_err(|text| problem(Kind::Row, key, text))?;
            let record = edit.build();
            match stored.deleted {
                None => drop(state.table_mut(object.index).put(record)),
                Some(deletion) => {
                    let binned = deletion.of(state, record);
                    state.put_in_bin(&object, binned);
                }
            }
        }
        Ok(())
    }

    fn views(&self, state: &mut State) -> Result<(), ImageError> {
        let Some(object) = state.schema().object(RECENTLY_VIEWED).cloned() else { return Ok(()) };
        for (user, rows) in self.part::<Vec<(Id, Vec<RowImage>)>>(VIEWS)? {
            for image in rows {
                let row = row::read(&object, image).map_err(|text| problem(Kind::Part, VIEWS, text))?;
                state.views_mut().take_back(user, row.build());
            }
        }
        Ok(())
    }

    fn history(&self, state: &mut State, log: &LogImage) -> Result<(), ImageError> {
        for (key, json) in &self.changes {
            let image: ChangeImage = read(Kind::Change, key, json)?;
            // What befell an object that somebody has taken away.
            let Some(object) = state.schema().object(image.object.as_str()).cloned() else { continue };
            let row = |row: Option<RowImage>| {
                row.map(|row| row::read(&object, row).map(|edit| edit.build()))
                    .transpose()
                    .map_err(|text| problem(Kind::Change, key, text))
            };
            let change = Change {
                seq: number_of(Kind::Change, key, key)?,
                at: image.at,
                transaction: image.transaction,
                user: image.user,
                kind: image.kind,
                object: object.index,
                id: image.id,
                before: row(image.before)?,
                after: row(image.after)?,
                silent: image.silent,
            };
            state.log_mut().take_back(change);
        }
        state.log_mut().set_counters(log.next_seq, log.transactions);
        for (key, json) in &self.mails {
            state.push_mail(read::<Mail>(Kind::Mail, key, json)?);
        }
        Ok(())
    }

    fn channels(&self, state: &mut State) -> Result<(), ImageError> {
        for (name, json) in &self.channels {
            let image: ChannelImage = read(Kind::Channel, name, json)?;
            state.streams_mut().take_channel(name, &image);
        }
        for (key, json) in &self.events {
            let stored: StoredEvent = read(Kind::Event, key, json)?;
            let object =
                stored.object.map(|name| object_named(state, Kind::Event, key, name.as_str())).transpose()?;
            let record = match (&object, stored.record) {
                (Some(object), Some(row)) => {
                    let edit = row::read(object, row).map_err(|text| problem(Kind::Event, key, text))?;
                    Some(edit.build())
                }
                _ => None,
            };
            let (channel, replay_id) =
                key.rsplit_once(' ').ok_or_else(|| problem(Kind::Event, key, "names no channel"))?;
            let replay_id = replay_id.split_once('.').map_or(replay_id, |(replay_id, _)| replay_id);
            let replay_id = number_of(Kind::Event, key, replay_id)?;
            streaming::take_event(state, channel, replay_id, stored.event, object.as_ref(), record)
                .map_err(|text| problem(Kind::Event, key, text))?;
        }
        Ok(())
    }
}

pub(super) fn read<T: DeserializeOwned>(kind: Kind, key: &str, json: &str) -> Result<T, ImageError> {
    serde_json::from_str(json).map_err(|error| problem(kind, key, error.to_string()))
}

pub(super) fn problem(kind: Kind, key: &str, problem: impl Into<String>) -> ImageError {
    ImageError { kind: kind.as_str(), key: key.to_owned(), problem: problem.into() }
}

pub(super) fn number_of(kind: Kind, key: &str, text: &str) -> Result<u64, ImageError> {
    text.parse().map_err(|_| problem(kind, key, format!("{text:?} is no number")))
}

fn object_named(state: &State, kind: Kind, key: &str, name: &str) -> Result<Arc<Object>, ImageError> {
    let found = state.schema().object(name).cloned();
    found.ok_or_else(|| problem(kind, key, format!("there is no object {name}")))
}
