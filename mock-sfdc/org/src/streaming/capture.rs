//! Change Data Capture: the change events of a commit (`contract/streaming.md` section 6). What a bulk job or a cascade does is
//! told too; only a purge is not.

use std::sync::Arc;

use super::{
    change_event::{ChangeEvent, ChangeEventHeader, ChangeType, ChangedField},
    event::{Content, Draft},
    event_channel::ChannelKind,
    event_schema::EventSchema,
    selection::Selections,
    uuid,
};
use crate::{
    id::Id,
    schema::{Object, ObjectIx},
    state::{Change, ChangeKind, Record, Shared, State},
    value::Value,
};

/// Commit numbers of real orgs have twelve or thirteen digits.
const FIRST_COMMIT: u64 = 1_000_000_000_000;

/// What the events of one transaction have in common.
struct Commit<'a> {
    origin: &'a str,
    key: String,
    number: u64,
}

/// An event, and the records that it tells of as they were left: several where the transaction changed them alike.
pub(super) struct Occurrence {
    pub event: ChangeEvent,
    /// None of a gap: its values cannot be told.
    pub records: Vec<Shared>,
}

/// Publishes the change events of a commit. `origin` is the API that was asked, as headers name it.
pub(super) fn on_commit(state: &mut State, changes: &[Arc<Change>], origin: &str) {
    let Some(first) = changes.first() else { return };
    if state.streams().event_channels().is_empty() {
        return;
    }
    let organization = state.settings().organization_id;
    let commit = Commit {
        origin,
        key: uuid::uuid(organization, "transaction", first.transaction),
        number: FIRST_COMMIT + first.seq,
    };
    let most = state.streams().setup().overflow_after;
    let mut told: Vec<Occurrence> = Vec::new();
    let mut overflown: Vec<(Arc<Object>, &Change)> = Vec::new();
    let mut count = 0;
    for change in changes {
        let Some(object) = captured(state, change.object) else { continue };
        let Some(kind) = kind_of(change) else { continue };
        count += 1;
        if count > most {
            if !overflown.iter().any(|(known, _)| known.index == object.index) {
                overflown.push((object, change));
            }
            continue;
        }
        let Some(schema) = super::schema_of(state, &object) else { continue };
        let gap = state.streams().setup().gaps;
        let Some(event) = event(&schema, change, kind, gap, &commit) else { continue };
        let record = change.after.as_ref().or(change.before.as_ref()).filter(|_| !gap).cloned();
        match told.iter_mut().find(|earlier| says_the_same(&earlier.event, &event)) {
            Some(earlier) => {
                Arc::make_mut(&mut earlier.event.header).record_ids.extend(&event.header.record_ids);
                earlier.records.extend(record);
            }
            None => told.push(Occurrence { event, records: record.into_iter().collect() }),
        }
    }
    for (object, change) in overflown {
        let Some(schema) = super::schema_of(state, &object) else { continue };
        told.push(Occurrence { event: overflow(&schema, change, &commit), records: Vec::new() });
    }
    let mut selections = Selections::default();
    for (sequence, mut occurrence) in (1..).zip(told) {
        Arc::make_mut(&mut occurrence.event.header).sequence_number = sequence;
        publish(state, &mut selections, &occurrence);
    }
}

/// The object, if any channel has its changes.
fn captured(state: &State, index: ObjectIx) -> Option<Arc<Object>> {
    let object = state.schema().by_index(index)?;
    state.streams().event_channels().selecting(ChannelKind::Data, object).next()?;
    Some(Arc::clone(object))
}

/// To the channel of its object, and to all that have selected it.
fn publish(state: &mut State, selections: &mut Selections, occurrence: &Occurrence) {
    let at = occurrence.event.header.commit_timestamp;
    for selection in selections.of(state, &occurrence.event.schema).iter() {
        let events = selection.events(state, occurrence);
        let drafts = events.into_iter().map(|event| Draft { at, content: Content::Change(event) });
        state.streams_mut().publish_as_one(&selection.channel, drafts);
    }
}

fn kind_of(change: &Change) -> Option<ChangeType> {
    match change.kind {
        ChangeKind::Created => Some(ChangeType::Create),
        ChangeKind::Updated => Some(ChangeType::Update),
        // Born and gone in one transaction: nobody ever saw it.
        ChangeKind::Deleted => change.before.is_some().then_some(ChangeType::Delete),
        ChangeKind::Undeleted => Some(ChangeType::Undelete),
        ChangeKind::Purged => None,
    }
}

impl Commit<'_> {
    fn header(&self, object: &Object, change: &Change, kind: ChangeType, origin: bool) -> ChangeEventHeader {
        ChangeEventHeader {
            entity_name: object.name.as_str().to_owned(),
            record_ids: vec![change.id],
            change_type: kind,
            change_origin: if origin { self.origin.to_owned() } else { String::new() },
            transaction_key: self.key.clone(),
            sequence_number: 0,
            commit_timestamp: change.at.whole_seconds(),
            commit_number: self.number,
            commit_user: change.user,
        }
    }
}

/// The event of one change; none where it changed nothing that events carry.
fn event(
    schema: &Arc<EventSchema>,
    change: &Change,
    kind: ChangeType,
    gap: bool,
    commit: &Commit<'_>,
) -> Option<ChangeEvent> {
    let changed = match (kind, &change.before, &change.after) {
        (ChangeType::Update, Some(before), Some(after)) => changed_fields(schema, change, before, after),
        _ => Vec::new(),
    };
    if kind == ChangeType::Update && changed.is_empty() {
        return None;
    }
    let header = commit.header(&schema.object, change, if gap { kind.gap() } else { kind }, !gap);
    let record = if gap || kind == ChangeType::Delete { None } else { change.after.clone() };
    let changed = if gap { Vec::new() } else { changed };
    Some(ChangeEvent {
        schema: Arc::clone(schema),
        header: Arc::new(header),
        record,
        changed: changed.into(),
    })
}

/// More than can be told one by one: the reader is to look for itself.
fn overflow(schema: &Arc<EventSchema>, change: &Change, commit: &Commit<'_>) -> ChangeEvent {
    let mut header = commit.header(&schema.object, change, ChangeType::GapOverflow, true);
    header.record_ids = Id::parse("000000000000000").into_iter().collect();
    ChangeEvent {
        schema: Arc::clone(schema),
        header: Arc::new(header),
        record: None,
        changed: Arc::default(),
    }
}

/// Both versions compared, field by field and part by part.
fn changed_fields(
    schema: &EventSchema,
    change: &Change,
    before: &Record,
    after: &Record,
) -> Vec<ChangedField> {
    let mut changed = Vec::new();
    for (at, field) in schema.fields.iter().enumerate() {
        let differs = |position: usize| before.get(position) != after.get(position);
        let mut note = |part: Option<usize>, position: usize| {
            changed.push(ChangedField { field: at, part, nulled: after.get(position).is_null() });
        };
        for (part, place) in field.parts.iter().enumerate().filter(|(_, part)| differs(part.position)) {
            note(Some(part), place.position);
        }
        let stamp =
            field.name == "LastModifiedDate" && is_stamped_again(field.position, change, before, after);
        if field.parts.is_empty() && (differs(field.position) || stamp) {
            note(None, field.position);
        }
    }
    changed
}

/// Two saves in one second of the org's clock leave the same stamp, and it is told all the same.
fn is_stamped_again(position: usize, change: &Change, before: &Record, after: &Record) -> bool {
    let now = Value::DateTime(change.at.whole_seconds());
    *before.get(position) == now && *after.get(position) == now
}

/// Several records that the transaction changed alike share an event.
fn says_the_same(one: &ChangeEvent, other: &ChangeEvent) -> bool {
    let (this, that) = (&one.header, &other.header);
    let mergeable = matches!(this.change_type, ChangeType::Update | ChangeType::Delete);
    mergeable
        && this.change_type == that.change_type
        && this.entity_name == that.entity_name
        && one.changed == other.changed
        && one.changed.iter().all(|changed| {
            let Some(field) = one.schema.fields.get(changed.field) else { return false };
            let part = changed.part.and_then(|part| field.parts.get(part));
            let position = part.map_or(field.position, |part| part.position);
            let value =
                |event: &ChangeEvent| event.record.as_ref().map(|record| record.get(position).clone());
            value(one) == value(other)
        })
}
