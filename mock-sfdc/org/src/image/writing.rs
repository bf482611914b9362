//! A whole state as pieces, and what a commit changed of it.

use std::sync::Arc;

use serde::Serialize;

use super::{
    Kind, Piece, jobs, object,
    row::{self, RowImage},
    stored::{
        ACCESS, ChangeImage, Counters, Deletion, LOG, LogImage, OUTBOUND, RULES, SCHEMA, SETTINGS, STREAMS,
        SchemaImage, Stored, StoredEvent, TIME_TRIGGERS, VIEWS, numbered, row_key,
    },
};
use crate::{
    access::AccessImage,
    id::Id,
    outbound::OutboundImage,
    rules::RulesImage,
    schema::{GlobalValueSet, Object, ObjectIx, Schema},
    state::{Binned, Change, Emptied, RECENTLY_VIEWED, Record, State, Table},
    streaming::{Channel, ChannelImage, Event, EventImage, StreamsImage},
    time_triggers::TimeTriggersImage,
};

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
