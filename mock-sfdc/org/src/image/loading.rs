//! A state put together again from its pieces.

use std::{collections::BTreeMap, sync::Arc};

use serde::de::DeserializeOwned;

use super::{
    ImageError, Kind,
    jobs::{BULK, JobLoader},
    object,
    row::{self, RowImage},
    stored::{
        ACCESS, ChangeImage, Counters, Deletion, LOG, LogImage, OUTBOUND, RULES, SCHEMA, SETTINGS, STREAMS,
        SchemaImage, Stored, StoredEvent, TIME_TRIGGERS, VIEWS,
    },
};
use crate::{
    access::{Access, AccessImage},
    bulk::Formats,
    id::Id,
    mail::Mail,
    name::Name,
    outbound::OutboundImage,
    rules::RulesImage,
    schema::Object,
    settings::Settings,
    state::{Binned, Change, Emptied, RECENTLY_VIEWED, Record, State},
    streaming::{self, ChannelImage, StreamsImage},
    time_triggers::TimeTriggersImage,
};

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
